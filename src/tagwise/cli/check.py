"""`tagwise check`: say what is wrong with objects, one by one, and where in them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tagwise.cli.terminal import FORMAT, ink_at_hand, terminal_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.findings import Severity
    from tagwise.validation import CheckResult

_LISTED = 5
"""Findings of one check on one object that a terminal shows."""


@click.command("check")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--select",
    multiple=True,
    metavar="WORDS",
    help="Only these: names of checks, folders of them, severities, attributes. Several with commas, or repeated.",
)
@click.option("--ignore", multiple=True, metavar="WORDS", help="All but these; the same words.")
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high"]),
    default="medium",
    show_default=True,
    help="Exit with 1 where a finding is at least this severe.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_LISTED,
    show_default=True,
    help="List at most N findings of a check.",
    metavar="N",
)
@click.option("--show-values", is_flag=True, help="Show patient values in the evidence, in JSON.")
@FORMAT
def command(
    *,
    sources: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    limit: int,
    show_values: bool,
    form: str,
) -> None:
    r"""Check objects: each FILE, every file of a folder, or standard input where FILE is `-`.

    Each finding says what is wrong, in which attribute at which byte, and names its page (`tagwise show NAME`). Files
    that are no DICOM objects are findings too.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a check or the command could not finish.

    \b
    tagwise check image.dcm
    tagwise check /import/today --fail-on high
    tagwise check image.dcm --select value,encoding --ignore low,PatientName
    curl -s https://pacs.example/instance | tagwise check -
    """
    from tagwise.findings import Severity
    from tagwise.validation import reports

    results = _results(sources, _words(select), _words(ignore), show_values=show_values)
    tally = reports.Tally()
    threshold = Severity(fail_on)
    code = 0
    ink = ink_at_hand()
    width = max(terminal_width(), 60)
    if form == "json":
        click.echo(reports.json_head(), nl=False)
    for result in results:
        if form == "json":
            click.echo((",\n" if tally.objects else "") + reports.json_object(result), nl=False)
        else:
            for line in reports.lines(result, ink, width, limit):
                click.echo(line, color=ink.on)
        tally.add(result)
        code = _worse(code, result, threshold)
    click.echo(reports.json_tail(tally) if form == "json" else tally.verdict())
    raise SystemExit(code)


def _worse(code: int, result: CheckResult, threshold: Severity) -> int:
    return max(code, result.exit_code(threshold))


def _words(options: Iterable[str]) -> tuple[str, ...]:
    """The words of an option, which separates them with commas; a tag has a comma of its own."""
    found = []
    for option in options:
        words = option.replace("(", "").replace(")", "")
        pieces = [words] if _is_tag(words) else words.split(",")
        found += [piece.strip() for piece in pieces if piece.strip()]
    return tuple(found)


def _is_tag(words: str) -> bool:
    left, comma, right = words.partition(",")
    return bool(comma) and len(left.strip()) == 4 == len(right.strip()) and "/" not in words and not words.isalpha()


def _results(
    sources: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...], *, show_values: bool
) -> Iterator[CheckResult]:
    from tagwise.validation import check

    for source in sources:
        if source == "-":
            content = sys.stdin.buffer.read()
            yield check(content, select=select, ignore=ignore, show_values=show_values)
            continue
        for path in _files(source):
            yield check(path, select=select, ignore=ignore, show_values=show_values)


def _files(source: str) -> Iterator[str]:
    """The file, or the files of the folder in the order of their names."""
    if not os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
        yield source
        return
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - as above
