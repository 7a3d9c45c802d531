"""`tagwise check`: say what is wrong with objects, one by one, and where in them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tagwise.cli.controlling import Session, Wanted, control_options
from tagwise.cli.terminal import ink_at_hand, terminal_width
from tagwise.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.control import Selection
    from tagwise.validation import CheckResult

_LISTED = 5
"""Findings of one check on one object that a terminal shows."""


@click.command("check")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_LISTED,
    show_default=True,
    help="List at most N findings of a check.",
    metavar="N",
)
@click.option("--show-values", is_flag=True, help="Show patient values in the evidence, in JSON.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes that check, where FILE is a folder.")
@control_options
def command(*, sources: tuple[str, ...], limit: int, show_values: bool, jobs: int | None, wanted: Wanted) -> None:
    r"""Check objects: each FILE, every file of a folder, or standard input where FILE is `-`.

    Each finding says what is wrong, in which attribute at which byte, and names its page (`tagwise show NAME`). Files
    that are no DICOM objects are findings too.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a check or the command could not finish.

    \b
    tagwise check image.dcm
    tagwise check /import/today --fail-on high
    tagwise check image.dcm --select value,encoding --ignore low,PatientName
    tagwise check /import/today --baseline known.json --junit report.xml
    curl -s https://pacs.example/instance | tagwise check -
    """
    from tagwise.validation import reports

    session = Session(wanted)
    tally = reports.Tally()
    code = 0
    ink = ink_at_hand()
    width = max(terminal_width(), 60)
    if session.form == "json":
        click.echo(reports.json_head(), nl=False)
    with session.outputs("tagwise check") as outputs:
        for found in _results(sources, session.selection, show_values=show_values, jobs=jobs):
            result = found.ruled(session.ruling)
            if session.form == "json":
                click.echo((",\n" if tally.objects else "") + reports.json_object(result), nl=False)
            elif session.form == "text":
                for line in reports.lines(result, ink, width, limit):
                    click.echo(line, color=ink.on)
            source = result.source
            outputs.case(source, "tagwise check", result.findings, result.set_aside, artifact=source, file=source)
            tally.add(result)
            code = max(code, result.exit_code(session.threshold))
    aside = session.ruling.summary()
    if session.form == "json":
        click.echo(reports.json_tail(tally, aside))
    elif session.form in ("text", "github"):
        for line in aside.sentences():
            click.echo(printable(line))
        click.echo(tally.verdict())
    raise SystemExit(session.finish(code))


def _results(
    sources: tuple[str, ...], selection: Selection, *, show_values: bool, jobs: int | None
) -> Iterator[CheckResult]:
    """The result of every object, in the order of the sources and the names in folders."""
    from tagwise.validation import judged

    for source in sources:
        if source == "-":
            yield judged(sys.stdin.buffer.read(), selection, show_values=show_values)
        elif os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
            yield from _folder(source, selection, show_values=show_values, jobs=jobs)
        else:
            yield judged(source, selection, show_values=show_values)


def _folder(folder: str, selection: Selection, *, show_values: bool, jobs: int | None) -> Iterator[CheckResult]:
    from tagwise.validation.several import check_files

    yield from check_files(_files(folder), selection, show_values=show_values, jobs=jobs)


def _files(source: str) -> Iterator[str]:
    """The files of the folder and below it, in the order of their names."""
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - paths are text from the command line and stay so
