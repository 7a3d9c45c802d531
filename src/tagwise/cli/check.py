"""`tagwise check`: say what is wrong with objects, one by one, and where in them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from tagwise.cli.controlling import Session, Wanted, control_options
from tagwise.cli.copies import Copies
from tagwise.cli.terminal import ink_at_hand, terminal_width
from tagwise.errors import UsageError
from tagwise.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.control import Selection
    from tagwise.findings import Finding
    from tagwise.validation import CheckResult
    from tagwise.validation.reports import Extra

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
@click.option(
    "--fix",
    "out",
    metavar="OUT",
    help="Write a corrected copy: to the file OUT, or into the folder OUT for several files. Never in place.",
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(["aws", "azure-v1", "azure-v2", "google", "oie"]),
    help="Say what this destination would do with each object: accept, alter or refuse it. Repeatable.",
)
@click.option("--force", is_flag=True, help="With --fix: replace copies that are there already.")
@click.option("--show-values", is_flag=True, help="Show patient values in the evidence, in JSON.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes that check, where FILE is a folder.")
@control_options
def command(
    *,
    sources: tuple[str, ...],
    limit: int,
    out: str | None,
    targets: tuple[str, ...],
    force: bool,
    show_values: bool,
    jobs: int | None,
    wanted: Wanted,
) -> None:
    r"""Check objects: each FILE, every file of a folder, or standard input where FILE is `-`.

    Each finding says what is wrong, in which attribute at which byte, and names its page (`tagwise show NAME`). Files
    that are no DICOM objects are findings too.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a check or the command could not finish.

    \b
    tagwise check image.dcm
    tagwise check /import/today --fail-on high
    tagwise check image.dcm --select value,encoding --ignore low,PatientName
    tagwise check image.dcm --fix corrected.dcm
    tagwise check image.dcm --target azure-v2 --target oie
    tagwise check /import/today --baseline known.json --junit report.xml
    curl -s https://pacs.example/instance | tagwise check -
    """
    from tagwise.validation import reports

    if force and out is None:
        raise UsageError("--force belongs to --fix", hint="Name the copy with --fix OUT")
    session = Session(wanted)
    copies = None if out is None else Copies(out, sources, force=force)
    wanted_targets = tuple(dict.fromkeys(targets))
    waived = session.ruling.waives if session.ruling.has_waivers else None
    asked = _Asked(session.selection, copies, wanted_targets, waived, show_values=show_values, jobs=jobs)
    tally = reports.Tally()
    code = 0
    ink = ink_at_hand()
    width = max(terminal_width(), 60)
    if session.form == "json":
        click.echo(reports.json_head(), nl=False)
    with session.outputs("tagwise check") as outputs:
        for found, extra in _results(sources, asked):
            result = found.ruled(session.ruling)
            if session.form == "json":
                click.echo((",\n" if tally.objects else "") + reports.json_object(result, extra), nl=False)
            elif session.form == "text":
                for line in reports.lines(result, ink, width, limit, extra):
                    click.echo(line, color=ink.on)
            source = result.source
            outputs.case(source, "tagwise check", result.findings, result.set_aside, artifact=source, file=source)
            tally.add(result, extra)
            worst = [one.exit_code(session.threshold) for one in extra]
            code = max(code, result.exit_code(session.threshold), *worst)
    aside = session.ruling.summary()
    if session.form == "json":
        click.echo(reports.json_tail(tally, aside))
    elif session.form in ("text", "github"):
        for line in aside.sentences():
            click.echo(printable(line))
        click.echo(tally.verdict())
    raise SystemExit(session.finish(code))


class _Asked(NamedTuple):
    """What is to be done with every object."""

    selection: Selection
    copies: Copies | None
    targets: tuple[str, ...]
    waived: Callable[[Finding], bool] | None
    show_values: bool
    jobs: int | None


def _results(sources: tuple[str, ...], asked: _Asked) -> Iterator[tuple[CheckResult, list[Extra]]]:
    """Each object with its findings, and what else was asked of it. With --fix it is the copy that is reported.

    The order is that of the sources, and of the names in folders.
    """
    from tagwise.validation import judged

    for source in sources:
        if asked.copies or asked.targets:
            for path in _paths(source):
                content = sys.stdin.buffer.read() if source == "-" else path
                yield _more_than_checked(content, source, path, asked)
        elif source == "-":
            yield judged(sys.stdin.buffer.read(), asked.selection, show_values=asked.show_values), []
        elif os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
            yield from ((result, []) for result in _folder(source, asked))
        else:
            yield judged(source, asked.selection, show_values=asked.show_values), []


def _folder(folder: str, asked: _Asked) -> Iterator[CheckResult]:
    from tagwise.validation.several import check_files

    yield from check_files(_files(folder), asked.selection, show_values=asked.show_values, jobs=asked.jobs)


def _more_than_checked(content: str | bytes, source: str, path: str, asked: _Asked) -> tuple[CheckResult, list[Extra]]:
    """The result of the object, or of its copy, with its repairs and the verdicts of destinations."""
    from tagwise.validation import judged
    from tagwise.validation.fixing import fixed_by
    from tagwise.validation.outcomes import Judged, Repaired
    from tagwise.validation.targets import preflight

    extra: list[Extra] = []
    if asked.copies is None:
        result = judged(content, asked.selection, show_values=asked.show_values)
    else:
        fixed = fixed_by(content, asked.selection, show_values=asked.show_values, waived=asked.waived)
        written = ""
        if fixed.changes:
            written = asked.copies.path_of(source, path)
            asked.copies.write(written, fixed.content)
            content = fixed.content
        extra.append(Repaired(fixed, written))
        result = fixed.result
    extra += [Judged(preflight(content, target)) for target in asked.targets]
    return result, extra


def _paths(source: str) -> Iterator[str]:
    if source != "-" and os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
        yield from _files(source)
    else:
        yield source


def _files(source: str) -> Iterator[str]:
    """The files of the folder and below it, in the order of their names."""
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - paths are text from the command line and stay so
