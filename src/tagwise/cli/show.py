"""`tagwise show`: the page of whatever a name is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text

if TYPE_CHECKING:
    from tagwise.standard.modules import Depth


@click.command("show")
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@click.option(
    "--depth",
    type=click.Choice(["top", "first", "all"]),
    help="List modules that use an attribute at top level, also in a first-level sequence, or at any depth."
    "  [default: top; all in JSON]",
)
@FORMAT
def command(*, name: tuple[str, ...], depth: Depth | None, form: str) -> None:
    r"""Show the page of NAME: an attribute, by keyword, name or tag, or a check.

    Case does not matter. A tag may be spelled in any usual way.

    \b
    tagwise show SeriesInstanceUID
    tagwise show patient name
    tagwise show 0020,000e
    tagwise show 60xx,3000 --depth all
    tagwise show identity/series-uid-reused --format json
    """
    from tagwise import pages

    page = pages.show(" ".join(name), depth=depth or ("all" if form == "json" else "top"))
    if form == "json":
        from tagwise.pages import as_json

        print_json(as_json.page(page))
    else:
        from tagwise.pages import text

        print_text(lambda width, ink: text.page(page, width, ink))
