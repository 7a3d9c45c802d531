"""`tagwise site`: all pages as files."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.web.site import SiteSummary


@contextlib.contextmanager
def _progress_shown() -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar with the remaining time on standard error, None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Writing pages", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def described(summary: SiteSummary) -> str:
    """What an export did, in a few lines for people."""
    from tagwise.printable import printable

    size = f"{summary.files:,} files, {summary.bytes / 1e6:,.0f} MB"
    lines = [f"{summary.pages:,} pages in {summary.seconds:.1f} s: {size}."]
    if summary.standard_text:
        lines.append(f"Pages quote {printable(summary.standard_text)}, which is NEMA's: set TAGWISE_STANDARD_TEXT=off")
        lines.append("for a site that is published.")
    lines.append(f"Open {printable(summary.folder)}/index.html")
    return "\n".join(lines)


@click.command("site")
@click.argument("folder", metavar="DIR")
@click.option("--base-url", default="", metavar="URL", help="Where the site will be: adds a site map.")
@click.option("--no-json", is_flag=True, help="Leave the JSON twins of the pages out.")
@click.option("--jobs", "-j", type=click.IntRange(min=1, max=64), help="Processes.  [default: one per processor]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the summary.")
def command(folder: str, *, base_url: str, no_json: bool, jobs: int | None, form: str) -> None:
    r"""Write every page as a file into DIR, for any web server, or to open from a disk.

    Links are relative: the site works in any folder of any server. Search works without a server. The same version of
    tagwise writes the same files.

    DIR is new, empty, or an older site, which is replaced when the new one is complete. It is written beside DIR
    first. Stopped at any moment, what was there is still there.

    Where a text of the standard is at hand, pages quote it. It is NEMA's: for a site that is published set
    TAGWISE_STANDARD_TEXT=off.

    Exit status: 0 when the site is written, 2 when it could not.

    \b
    tagwise site /srv/www/dicom
    tagwise site public --base-url https://example.org/dicom/ --no-json
    """
    from tagwise.web.site import write_site

    try:
        with _progress_shown() as progress:
            summary = write_site(folder, base_url=base_url, twins=not no_json, jobs=jobs, progress=progress)
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing was changed.", err=True)
        raise
    if form == "json":
        import json

        click.echo(json.dumps(summary._asdict(), indent=2))
    else:
        click.echo(described(summary))
