"""`tagwise sources`: what an audit can read, and what each of them can and cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.layout import Ink
    from tagwise.sources import Kind


@click.command("sources")
@click.argument("name", metavar="[NAME]", required=False)
@FORMAT
def command(*, name: str | None, form: str) -> None:
    r"""List what `tagwise audit` can read, or say what the source NAME can and cannot tell.

    A database of a PACS keeps one value where its objects may have several. Checks that need more than a source has
    are not checkable there, and say why.

    \b
    tagwise sources
    tagwise sources parquet
    """
    from tagwise.sources.answers import document
    from tagwise.sources.kinds import kind, kinds

    shown = [kind(name)] if name else list(kinds().values())
    if form == "json":
        print_json(document(shown[0]) if name else {"kind": "sources", "sources": [document(one) for one in shown]})
    elif name:
        print_text(lambda width, ink: "\n".join(_page(shown[0], width, ink)))
    else:
        print_text(lambda width, _: "\n".join(_listed(shown, width)))


def _listed(shown: list[Kind], width: int) -> Iterator[str]:
    from tagwise.pages.layout import columns

    yield from columns([(one.name, one.title) for one in shown], width, "")
    yield ""
    yield "What one can tell: tagwise sources NAME"


def _page(shown: Kind, width: int, ink: Ink) -> Iterator[str]:
    from tagwise.pages.layout import columns, wrap
    from tagwise.quantities import quantity
    from tagwise.sources.answers import IN_PART, answers

    yield ink(shown.name, "bold")
    yield from wrap(shown.title, width)
    yield ""
    yield from (f"  tagwise audit {one}" for one in shown.spelled)
    yield ""
    for sentence in (*shown.tells, f"Tried {shown.tried}."):
        yield from wrap(sentence, width, "  - ", "    ")
    if shown.grain:
        yield ""
        yield ink("Columns, by what each value is true for", "bold")
        for level in dict.fromkeys(shown.grain.values()):
            held = sorted(keyword for keyword, one in shown.grain.items() if one is level)
            yield from wrap(f"{level.value}  {', '.join(held)}", width, "  ", "    ")
        found = answers(shown)
        said = [(one.check, one.reason) for one in found if one.reason]
        partial = sum(reason.startswith(IN_PART) for _, reason in said)
        whole = len(found) - len(said)
        yield ""
        yield ink(f"Of {quantity(len(found), 'check')} {whole} have a whole answer, {partial} one in part", "bold")
        yield from columns(said, width)
    else:
        yield ""
        yield from wrap("Which checks it answers depends on its columns: the audit says so for each.", width)
    if shown.query:
        yield ""
        yield ink("SQL that makes the export", "bold")
        yield from shown.query.splitlines()
    if shown.facts:
        yield ""
        yield from (f"  {url} ({checked})" for url, checked in shown.facts)
