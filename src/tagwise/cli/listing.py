"""`tagwise list`: everything of one kind."""

from __future__ import annotations

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text


@click.command("list")
@click.argument("kind", type=click.Choice(["checks"]), metavar="KIND")
@FORMAT
def command(*, kind: str, form: str) -> None:  # noqa: ARG001 - more kinds follow
    r"""List everything of one KIND: checks.

    \b
    tagwise list checks
    tagwise list checks --format json
    """
    from tagwise import pages

    shown = pages.list_checks()
    if form == "json":
        from tagwise.pages import as_json

        print_json(as_json.check_list(shown))
    else:
        from tagwise.pages import text

        print_text(lambda width, ink: text.checks(shown, width, ink))
