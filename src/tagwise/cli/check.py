"""`tagwise check`: say what is wrong with objects, one by one, and where in them."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tagwise.cli.controlling import Session, Wanted, control_options
from tagwise.cli.copies import Copies
from tagwise.cli.terminal import ink_at_hand, terminal_width
from tagwise.errors import UsageError
from tagwise.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tagwise.control import Selection
    from tagwise.control.ruling import SetAside
    from tagwise.findings import Finding
    from tagwise.validation import CheckResult
    from tagwise.validation.reports import Extra, Tally
    from tagwise.validation.within import Held

_LISTED = 5
"""Findings of one check on one object that a terminal shows."""


@click.command("check")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
@click.option("--html", "html_file", metavar="FILE", help="Also write a report as one HTML file.")
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
@click.option("--show-values", is_flag=True, help="Show patient values in the evidence, in JSON and HTML.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes that check, where FILE is a folder.")
@control_options
def command(
    *,
    sources: tuple[str, ...],
    html_file: str | None,
    limit: int,
    out: str | None,
    targets: tuple[str, ...],
    force: bool,
    show_values: bool,
    jobs: int | None,
    wanted: Wanted,
) -> None:
    r"""Check objects: each FILE, every file of a folder, every member of a ZIP or TAR archive, or standard input (`-`).

    Each finding says what is wrong, in which attribute at which byte, and names its page (`tagwise show NAME`). Files
    that are no DICOM objects are findings too.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a check or the command could not finish.

    \b
    tagwise check image.dcm
    tagwise check /import/today --fail-on high
    tagwise check image.dcm --select value,encoding --ignore low,PatientName
    tagwise check /import/today --html report.html
    tagwise check image.dcm --fix corrected.dcm
    tagwise check image.dcm --target azure-v2 --target oie
    tagwise check study.zip
    tagwise check 'study.zip!/CT/IM1' --fix corrected.dcm
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
    if session.form == "json":
        click.echo(reports.json_head(), nl=False)
    with ExitStack() as stack:
        outputs = stack.enter_context(session.outputs("tagwise check"))
        page = stack.enter_context(_page(html_file, sources, show_values=show_values))
        for found, extra in _results(sources, asked):
            result = found.ruled(session.ruling)
            _show(result, extra, session.form, limit, is_first=not tally.objects)
            source = result.source
            outputs.case(source, "tagwise check", result.findings, result.set_aside, artifact=source, file=source)
            tally.add(result, extra)
            if page is not None:
                page.add(result, extra)
            worst = [one.exit_code(session.threshold) for one in extra]
            code = max(code, result.exit_code(session.threshold), *worst)
        aside = session.ruling.summary()
        if page is not None:
            page.aside = aside
    _conclude(tally, aside, session.form, html_file)
    raise SystemExit(session.finish(code))


def _show(result: CheckResult, extra: list[Extra], form: str, limit: int, *, is_first: bool) -> None:
    """Print one object as text or JSON."""
    from tagwise.validation import reports

    if form == "json":
        click.echo(("" if is_first else ",\n") + reports.json_object(result, extra), nl=False)
    elif form == "text":
        ink = ink_at_hand()
        for line in reports.lines(result, ink, max(terminal_width(), 60), limit, extra):
            click.echo(line, color=ink.on)


def _conclude(tally: Tally, aside: SetAside, form: str, html_file: str | None) -> None:
    """Print what all objects come to."""
    from tagwise.validation import reports

    if form == "json":
        click.echo(reports.json_tail(tally, aside))
    elif form in ("text", "github"):
        for line in aside.sentences():
            click.echo(printable(line))
        click.echo(tally.verdict())
    if html_file and form == "text":
        click.echo(f"Report: {html_file}")


def _page(path: str | None, sources: tuple[str, ...], *, show_values: bool) -> AbstractContextManager[Any]:
    """The HTML report, None where none is wanted."""
    if path is None:
        return nullcontext()
    from tagwise.validation import html_report

    return html_report.writing(path, sources, shows_values=show_values)


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
    from tagwise.validation import within
    from tagwise.validation.several import check_folder

    for source in sources:
        if source == "-":
            yield _one(within.Held("-", sys.stdin.buffer.read()), source, asked)
        elif os.path.isdir(source) and not (asked.copies or asked.targets):  # noqa: PTH112 - paths are text from the command line and stay so
            checked = check_folder(source, asked.selection, show_values=asked.show_values, jobs=asked.jobs)
            yield from ((result, []) for result in checked)
        else:
            for held in within.objects(source):
                yield _one(held, source, asked)


def _one(held: Held, source: str, asked: _Asked) -> tuple[CheckResult, list[Extra]]:
    """The result of one object, with what else was asked of it where that can be done."""
    from tagwise.errors import ReadError
    from tagwise.validation import judged

    content = held.path if held.content is None else held.content
    path = None if held.content is None or source == "-" else held.path
    if isinstance(content, ReadError) or not (asked.copies or asked.targets):
        return judged(content, asked.selection, show_values=asked.show_values, path=path), []
    copy = asked.copies.path_of(source, held.path) if asked.copies else None
    return _more_than_checked(content, path, asked, copy)


def _more_than_checked(
    content: str | bytes, path: str | None, asked: _Asked, copy: str | None
) -> tuple[CheckResult, list[Extra]]:
    """The result of the object, or of its copy, with its repairs and the verdicts of destinations."""
    from tagwise.validation import judged
    from tagwise.validation.fixing import fixed_by
    from tagwise.validation.outcomes import Judged, Repaired
    from tagwise.validation.targets import preflight

    extra: list[Extra] = []
    if asked.copies is None or copy is None:
        result = judged(content, asked.selection, show_values=asked.show_values, path=path)
    else:
        fixed = fixed_by(content, asked.selection, show_values=asked.show_values, waived=asked.waived, path=path)
        written = ""
        if fixed.changes:
            written = copy
            asked.copies.write(written, fixed.content)
            content = fixed.content
        extra.append(Repaired(fixed, written))
        result = fixed.result
    extra += [Judged(preflight(content, target)) for target in asked.targets]
    return result, extra
