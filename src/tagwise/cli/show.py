"""`tagwise show`: the page of whatever a name is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text

if TYPE_CHECKING:
    from tagwise.standard.modules import Depth


def _complete_name(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from tagwise.pages.completing import names

    return names(incomplete)


@click.command("show")
@click.argument("name", nargs=-1, required=True, metavar="NAME", shell_complete=_complete_name)
@click.option(
    "--depth",
    type=click.Choice(["top", "first", "all"]),
    help="List modules that use an attribute at top level, also in a first-level sequence, or at any depth; list the"
    " attributes of a module as deep.  [default: top; all in JSON]",
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="SECTION",
    help="Only this section of the page, as identity or modules; may be repeated. A wrong one lists what there is.",
)
@click.option(
    "--dialect",
    metavar="NAME",
    help="The SQL of a check in this dialect, as postgres or bigquery; its page lists them, and which are tested.",
)
@FORMAT
def command(
    *, name: tuple[str, ...], depth: Depth | None, sections: tuple[str, ...], dialect: str | None, form: str
) -> None:
    r"""Show the page of NAME: an attribute, by keyword, name or tag; a module, IOD, SOP class, transfer syntax or other
    UID; a VR; a check; a private creator.

    Case does not matter. A tag may be spelled in any usual way. A keyword, name or tag of an attribute always means the
    attribute. Where a name means several other things, they are listed with the words that choose one: a kind
    (attribute, module, iod, sop-class, transfer-syntax, uid, vr, check, private), a colon and the name.

    \b
    tagwise show SeriesInstanceUID
    tagwise show patient name
    tagwise show 0020,000e
    tagwise show 60xx,3000 --depth all
    tagwise show UI
    tagwise show CT Image Storage
    tagwise show 1.2.840.10008.1.2.4.50
    tagwise show module:ct-image
    tagwise show iod:ct-image --section modules
    tagwise show private:GEMS_IDEN_01
    tagwise show identity/series-uid-reused --format json
    """  # noqa: D205 - click takes the first sentence for its list of commands
    from tagwise.pages.lookup import show
    from tagwise.pages.screen import tell_waiting
    from tagwise.standard.text import library

    library.waiting.append(tell_waiting)
    page = show(" ".join(name), depth=depth or ("all" if form == "json" else "top"))
    if dialect is not None:
        from tagwise.pages.checks import CheckPage, in_dialect

        if not isinstance(page, CheckPage):
            raise click.UsageError("--dialect is for the page of a check.")
        page = in_dialect(page, dialect)
    if form == "json":
        from tagwise.pages import as_json

        print_json(as_json.page(page, sections))
    else:
        from tagwise.pages import text

        print_text(lambda width, ink: text.page(page, width, ink, sections))
