"""`tagwise list`: everything of one kind."""

from __future__ import annotations

import click

from tagwise.cli.terminal import FORMAT, print_json, print_text


@click.command("list")
@click.argument("kind", type=click.Choice(["checks", "cloud"]), metavar="KIND")
@click.option("--service", default="", metavar="KEY", help="Of cloud, one service: aws, azure-v1, azure-v2 or google.")
@FORMAT
def command(*, kind: str, service: str, form: str) -> None:
    r"""List everything of one KIND: checks, or cloud (what cloud services do with attributes).

    \b
    tagwise list checks
    tagwise list checks --format json
    tagwise list cloud
    tagwise list cloud --service azure-v2
    """
    if kind == "cloud":
        _cloud(service, form)
        return
    if service:
        raise click.UsageError("--service belongs to the kind cloud")
    from tagwise import pages

    shown = pages.list_checks()
    if form == "json":
        from tagwise.pages import as_json

        print_json(as_json.check_list(shown))
    else:
        from tagwise.pages import text

        print_text(lambda width, ink: text.checks(shown, width, ink))


def _cloud(service: str, form: str) -> None:
    from tagwise.pages import cloud_list

    if form == "json":
        print_json(cloud_list.document(service))
    else:
        print_text(lambda width, ink: cloud_list.text(service, width, ink=ink))
