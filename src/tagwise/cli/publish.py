"""`tagwise publish`: copy an index into a database that others can query."""

from __future__ import annotations

import click


@click.command("publish")
@click.argument("index", metavar="INDEX")
@click.argument("url", metavar="URL")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the summary.")
def command(index: str, url: str, form: str) -> None:
    r"""Copy INDEX, which `tagwise scan` wrote, into the PostgreSQL database at URL.

    The tables instances, referenced_objects and tagwise_index are replaced in one transaction: who reads them
    meanwhile sees the old ones, and a copy that stops leaves them as they were. They hold patient data: give SELECT
    to those who may see it. Take the password from PGPASSWORD or .pgpass rather than from the URL.

    Exit status: 0 when all was copied, 2 when it was not.

    \b
    tagwise publish archive.duckdb postgresql://user@host/archive
    tagwise audit postgresql://user@host/archive
    """
    import msgspec

    from tagwise.sources.publishing import publish

    done = publish(index, url)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(done)).decode())
    else:
        click.echo(f"{done.rows['instances']:,} rows of objects are in {done.database}")
        click.echo(f"Next: tagwise audit '{done.database}'")
