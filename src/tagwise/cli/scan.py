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


_PHASES = {"listing": "Listing files", "reading": "Reading headers", "members": "Reading members of containers"}


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
                tasks[phase] = bar.add_task(_PHASES[phase], total=total)
            bar.update(bar.task_ids[tasks[phase]], completed=done, total=total)

        yield tell


_HELD = {
    "pseudonyms": "pseudonyms in the place of what leads to a patient; dates and devices are in the clear",
    "no patient values": "no patient values; UIDs, paths, dates and devices are in the clear",
    "pseudonyms, no patient values": (
        "no patient values, and pseudonyms of UIDs and paths; dates and devices are in the clear"
    ),
}
"""The modes of `scanning.pseudonyms`, for people."""


def described(summary: ScanSummary) -> str:
    """What a scan did, in a few lines for people."""
    from tagwise.printable import printable
    from tagwise.quantities import quantity

    directories = f", and {quantity(summary.directories, 'DICOMDIR file')}" if summary.directories else ""
    readable = f"{quantity(summary.objects, 'object')} can be read{directories}"
    held = ""
    if summary.containers:
        held = f" ({quantity(summary.containers, 'container')} with {quantity(summary.members, 'member')})"
    lines = [f"{quantity(summary.files, 'file')}{held} in {summary.seconds:.1f} s: {readable}."]
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
    if summary.not_named:
        beside = quantity(summary.not_named, "file")
        lines.append(f"Not read, since the DICOMDIR does not name them: {beside} beside it.")
    lines.append(f"Index: {printable(summary.index)}")
    if summary.privacy != "clear":
        lines.append(f"It holds {_HELD[summary.privacy]}.")
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
@click.option("--no-containers", is_flag=True, help="Do not look into ZIP, TAR, gzip, JSON and XML files.")
@click.option(
    "--pseudonyms",
    metavar="KEYFILE",
    help="Store keyed hashes in the place of what leads to a patient: names, IDs, UIDs, free texts, paths.",
)
@click.option(
    "--no-patient-values",
    is_flag=True,
    help="Leave out what describes patients, orders and institutions.",
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
    no_containers: bool,
    pseudonyms: str | None,
    no_patient_values: bool,
    form: str,
) -> None:
    r"""Read the headers of all DICOM objects below PATH... into an index.

    Every file is looked at, whatever its name or ending. One that cannot be read becomes a row with its reason.
    A second scan reads only new and changed files and marks those that are gone. Stop it at any moment: the same
    command goes on.

    ZIP and TAR archives, gzip files and metadata in the DICOM JSON and XML models are found by their first bytes; each
    member is a row (FILE.zip!/NAME). --no-containers leaves them as files that are not DICOM.

    A PATH that is itself a DICOMDIR is a work list: the files that it names are read, wherever they lie in its folder.

    Plain objects are read by a compiled reader, where there is one. The environment variable TAGWISE_KERNEL says
    otherwise: off, or required. The rows are the same.

    PATH may be a bucket, or a prefix in it: s3://bucket/prefix, az://container, gs://bucket. Only headers are
    transferred. Credentials come from the environment, a profile, or the machine (docs/object-stores.md).

    The index holds patient data as it stands in the headers. Only its owner can read it (mode 0600). With
    --pseudonyms it holds none in the clear but dates, so that it may leave the hospital; checks that need the text of
    a value then say that they cannot answer, and containers are not looked into. Every scan into such an index needs
    the same key file.

    With --engine spark a cluster reads, and FILE is a folder of Parquet that all its nodes see (docs/spark.md).

    Exit status: 0 when the scan finished, 2 when it could not.

    \b
    tagwise scan /archive --index archive.duckdb
    tagwise scan s3://bucket/2024 --index archive.duckdb
    tagwise audit archive.duckdb
    (umask 077; openssl rand -hex 32 > archive.key)
    tagwise scan /archive --index outside.duckdb --pseudonyms archive.key
    """
    from tagwise.printable import printable
    from tagwise.scanning.run import scan
    from tagwise.settings import ScanSettings

    if engine == "spark" and jobs:
        raise click.UsageError("--jobs is for this machine; with --engine spark the cluster says how many tasks run.")
    usual = ScanSettings()
    try:
        with spark_session(engine, master, "tagwise scan") as spark, progress_shown() as progress:
            settings = ScanSettings(
                jobs=jobs or usual.jobs,
                in_flight=in_flight or usual.in_flight,
                containers=not no_containers,
                pseudonyms=pseudonyms,
                patient_values=not no_patient_values,
            )
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
