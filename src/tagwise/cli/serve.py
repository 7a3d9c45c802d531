"""`tagwise serve`: the pages in a browser."""

from __future__ import annotations

import click

_PORT = 8440


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 lets other machines in, who need no password.",
)
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="The path before all addresses, where a reverse proxy puts this server below one, as /tagwise.",
)
@click.option("--open", "opened", is_flag=True, help="Open the front page in the browser of this machine.")
def command(*, port: int, host: str, root_path: str, opened: bool) -> None:
    r"""Serve all pages, search and JSON over HTTP until Ctrl-C.

    Only this machine can reach them unless --host says otherwise. The pages hold no patient data, and nothing can be
    changed through them. No page asks another machine for anything.

    \b
    tagwise serve --open
    tagwise serve --port 0
    tagwise serve --host 0.0.0.0 --port 8080
    tagwise serve --root-path /tagwise
    """
    from tagwise.web.serving import bind, serve

    bound = bind(host, port)
    url = f"{bound.url}{root_path}/"

    def ready() -> None:
        click.echo(f"tagwise is at {url} (Ctrl-C ends it)")
        if not bound.loopback:
            warning = "Other machines can reach it, without a password and without encryption."
            click.echo(f"tagwise: warning: {warning}", err=True)
        if opened:
            click.launch(url)

    serve(bound, root_path=root_path, ready=ready)
