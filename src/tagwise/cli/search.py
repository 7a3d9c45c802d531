"""`tagwise search`: what a few words can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text

if TYPE_CHECKING:
    from tagwise.pages.naming import Kind

_KINDS = ("attribute", "module", "iod", "sop-class", "transfer-syntax", "uid", "vr", "check")


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="WORDS")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The most hits to list.")
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only this kind; may be repeated.")
@FORMAT
def command(*, words: tuple[str, ...], limit: int, kinds: tuple[str, ...], form: str) -> None:
    r"""Search attributes, modules, IODs, UIDs, VRs and checks for WORDS.

    Words may come in any order, and only their beginnings are needed. A keyword, a name, the beginning of a tag or of
    a UID do as well. Words with typing errors are tried when nothing else is found. The best hit comes first; its
    first column is what `tagwise show` takes.

    Exit status: 0 with hits, 2 without.

    \b
    tagwise search series uid
    tagwise search pat nam --kind attribute
    tagwise search 0020,00
    tagwise search jpeg lossless --format json
    """
    from tagwise.pages.searching import search

    query = " ".join(words)
    hits = search(query, limit=limit, kinds=cast("tuple[Kind, ...]", kinds))
    if form == "json":
        print_json({"kind": "hits", "query": query, "hits": [hit._asdict() for hit in hits]})
    elif hits:
        from tagwise.pages import text

        print_text(lambda width, ink: text.hits(hits, width, ink))
    if not hits:
        from tagwise.errors import UnknownName

        raise UnknownName(query if len(query) <= 200 else query[:200] + "…")
