"""`tagwise list`: everything of one kind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click

from tagwise.cli.terminal import FORMAT, ink_at_hand, print_json, print_text, terminal_width

if TYPE_CHECKING:
    from tagwise.pages.listings import ListKind

_KINDS = (
    "attributes",
    "modules",
    "iods",
    "sop-classes",
    "transfer-syntaxes",
    "uids",
    "vrs",
    "checks",
    "cloud",
    "limits",
    "oie",
    "coverage",
    "private",
    "mirth",
)
_OF_PRACTICE = ("cloud", "limits", "oie", "coverage")


@click.command("list")
@click.argument("kind", type=click.Choice(_KINDS), metavar="KIND")
@click.argument("creator", default="", metavar="[CREATOR]")
@click.option("--retired/--current", default=None, help="Only retired ones, or only current ones.")
@click.option("--vr", default="", metavar="VR", help="Only attributes, or private elements, with this VR.")
@click.option(
    "--module", default="", metavar="MODULE", help="Only attributes at the top level of this module, with type."
)
@click.option(
    "--service", default="", metavar="KEY", help="Of cloud and limits, one service: aws, azure-v1, azure-v2 or google."
)
@click.option(
    "--status", default="", metavar="WORD", help="Of cloud, only what is required, queryable, promoted and so on there."
)
@FORMAT
def command(
    *, kind: str, creator: str, retired: bool | None, vr: str, module: str, service: str, status: str, form: str
) -> None:
    r"""List everything of one KIND.

    KIND is attributes, modules, iods, sop-classes, transfer-syntaxes, uids, vrs, checks, cloud (what cloud services
    do with attributes), limits (of cloud services, side by side), oie (what the DICOM listener of Mirth Connect and
    Open Integration Engine accepts), mirth (examples for Mirth Connect by attribute), coverage (for how many attributes
    each section of a page has content), or private: the private creators, or the elements of [CREATOR] or of all that
    start so.

    \b
    tagwise list checks
    tagwise list attributes --vr UI --current
    tagwise list attributes --module general-series
    tagwise list transfer-syntaxes --format json
    tagwise list cloud --service azure-v2 --status queryable
    tagwise list limits
    tagwise list private GEMS_IDEN_01
    """
    if service and kind not in ("cloud", "limits"):
        raise click.UsageError("--service belongs to the kinds cloud and limits")
    if status and kind != "cloud":
        raise click.UsageError("--status belongs to the kind cloud")
    if kind in _OF_PRACTICE:
        if creator or vr or module or retired is not None:
            raise click.UsageError(f"a list of {kind} has no filters but its own: see tagwise list --help")
        _of_practice(kind, service, status, form)
        return
    if kind == "checks" and not (creator or vr or module) and retired is None:
        _list_checks(form)
        return
    from tagwise.pages import listings

    filters = listings.Filters(retired=retired, vr=vr, module=module, creator=creator)
    shown = listings.listing(cast("ListKind", kind), filters)
    people = form == "text" and sys.stdout.isatty()
    width = terminal_width() if people else 0
    for line in listings.json_lines(shown) if form == "json" else listings.lines(shown, ink_at_hand(), width):
        sys.stdout.write(f"{line}\n")
    if people:
        click.echo(f"\n{listings.footer(shown)}")


def _list_checks(form: str) -> None:
    """Checks have titles that are worth a line of their own, and their grades come from the registry."""
    from tagwise import pages

    shown = pages.list_checks()
    if form == "json":
        from tagwise.pages import as_json

        print_json(as_json.check_list(shown))
    else:
        from tagwise.pages import text

        print_text(lambda width, ink: text.checks(shown, width, ink))


def _of_practice(kind: str, service: str, status: str, form: str) -> None:
    """Lists that are pages of their own, not rows of one table."""
    from tagwise.pages import cloud_list, coverage, limits_list, listener_section

    if form == "json":
        documents = {
            "cloud": lambda: cloud_list.document(service, status),
            "limits": lambda: limits_list.document(service),
            "oie": listener_section.list_document,
            "coverage": coverage.document,
        }
        print_json(documents[kind]())
        return
    texts = {
        "cloud": lambda width, ink: cloud_list.text(service, width, status=status, ink=ink),
        "limits": lambda width, ink: limits_list.text(service, width, ink=ink),
        "oie": lambda width, ink: listener_section.list_text(width, ink=ink),
        "coverage": lambda width, ink: coverage.text(width, ink=ink),
    }
    print_text(texts[kind])
