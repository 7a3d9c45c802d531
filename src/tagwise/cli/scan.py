"""`tagwise scan`: read the headers of all objects below some paths into an index."""

from __future__ import annotations

import contextlib
import shlex
import sys
from typing import TYPE_CHECKING

import click

from tagwise.cli.engines import ENGINE, MASTER
from tagwise.cli.engines import session as spark_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.scanning.run import ScanSummary


@contextlib.contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int | None], None] | None]:
    """A progress bar with rate and remaining time on standard error, None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Task as RichTask
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files per second, over the last moments."""

        def render(self, task: RichTask) -> Text:
            return Text(f"{task.speed:,.0f} files/s" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def tell(phase: str, done: int, total: int | None) -> None:
            if phase not in tasks:
                tasks[phase] = bar.add_task("Listing files" if phase == "listing" else "Reading headers", total=total)
            bar.update(bar.task_ids[tasks[phase]], completed=done, total=total)

        yield tell


def described(summary: ScanSummary) -> str:
    """What a scan did, in a few lines for people."""
    from tagwise.printable import printable

    directories = f", and {summary.directories:,} DICOMDIR files" if summary.directories else ""
    readable = f"{summary.objects:,} objects can be read{directories}"
    lines = [f"{summary.files:,} files in {summary.seconds:.1f} s: {readable}."]
    details = [
        f"{number:,} {word}"
        for number, word in (
            (summary.new, "new"),
            (summary.changed, "changed"),
            (summary.unchanged, "unchanged and not read again"),
            (summary.vanished, "vanished since the last scan"),
        )
        if number
    ]
    if details:
        lines.append("Files: " + ", ".join(details) + ".")
    if summary.unreadable:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in summary.unreadable.items())
        lines.append(f"{sum(summary.unreadable.values()):,} cannot be read: {reasons}. The audit lists them.")
    lines.append(f"Index: {printable(summary.index)}")
    return "\n".join(lines)


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--index", "-i", required=True, metavar="FILE", help="Index to make or to bring up to date.")
@ENGINE
@MASTER
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Reading processes.  [default: one per processor]")
@click.option(
    "--in-flight",
    type=click.IntRange(min=1),
    help="Files read at the same time at most, where storage is slow.  [default: 64]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the summary.")
def command(
    *,
    paths: tuple[str, ...],
    index: str,
    engine: str,
    master: str | None,
    jobs: int | None,
    in_flight: int | None,
    form: str,
) -> None:
    r"""Read the headers of all DICOM objects below PATH... into an index.

    Every file is looked at, whatever its name or ending. One that cannot be read becomes a row with its reason.
    A second scan reads only new and changed files and marks those that are gone. Stop it at any moment: the same
    command goes on.

    Plain objects are read by a compiled reader, where there is one. The environment variable TAGWISE_KERNEL says
    otherwise: off, or required. The rows are the same.

    The index holds patient data as it stands in the headers. Only its owner can read it (mode 0600).

    With --engine spark a cluster reads, and FILE is a folder of Parquet that all its nodes see (docs/spark.md).

    Exit status: 0 when the scan finished, 2 when it could not.

    \b
    tagwise scan /archive --index archive.duckdb
    tagwise audit archive.duckdb
    """
    from tagwise.printable import printable
    from tagwise.scanning.run import scan
    from tagwise.settings import ScanSettings

    if engine == "spark" and jobs:
        raise click.UsageError("--jobs is for this machine; with --engine spark the cluster says how many tasks run.")
    usual = ScanSettings()
    try:
        with spark_session(engine, master, "tagwise scan") as spark, progress_shown() as progress:
            settings = ScanSettings(jobs=jobs or usual.jobs, in_flight=in_flight or usual.in_flight)
            if spark is None:
                summary = scan(*paths, index=index, settings=settings, progress=progress)
            else:
                from tagwise.scanning.spark import scan as on_spark

                summary = on_spark.scan(spark, *paths, folder=index, settings=settings, progress=progress)
    except KeyboardInterrupt:
        click.echo(f"Stopped. What was read is in {printable(index)}; the same command goes on from there.", err=True)
        raise
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(summary)).decode())
    else:
        click.echo(described(summary))
        click.echo(f"Next: tagwise audit {printable(shlex.quote(index))}")
