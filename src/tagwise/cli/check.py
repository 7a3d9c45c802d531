"""`tagwise check`: say what is wrong with objects, one by one, and where in them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from tagwise.cli.copies import Copies
from tagwise.cli.terminal import FORMAT, ink_at_hand, terminal_width
from tagwise.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.validation import CheckResult
    from tagwise.validation.reports import Extra

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
@FORMAT
def command(
    *,
    sources: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    limit: int,
    out: str | None,
    targets: tuple[str, ...],
    force: bool,
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
    tagwise check image.dcm --fix corrected.dcm
    tagwise check image.dcm --target azure-v2 --target oie
    curl -s https://pacs.example/instance | tagwise check -
    """
    from tagwise.findings import Severity
    from tagwise.validation import reports

    if force and out is None:
        raise UsageError("--force belongs to --fix", hint="Name the copy with --fix OUT")
    chosen = _Chosen(_words(select), _words(ignore), show_values=show_values)
    copies = None if out is None else Copies(out, sources, force=force)
    tally = reports.Tally()
    threshold = Severity(fail_on)
    code = 0
    ink = ink_at_hand()
    width = max(terminal_width(), 60)
    for result, extra in _results(sources, chosen, copies, targets):
        if form == "json":
            click.echo((",\n" if tally.objects else reports.json_head()) + reports.json_object(result, extra), nl=False)
        else:
            for line in reports.lines(result, ink, width, limit, extra):
                click.echo(line, color=ink.on)
        tally.add(result, extra)
        code = max(code, result.exit_code(threshold), *(one.exit_code(threshold) for one in extra))
    if form == "json":
        click.echo((reports.json_head() if not tally.objects else "") + reports.json_tail(tally))
    else:
        click.echo(tally.verdict())
    raise SystemExit(code)


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


class _Chosen(NamedTuple):
    """What the options select."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    show_values: bool


def _results(
    sources: tuple[str, ...], chosen: _Chosen, copies: Copies | None, targets: tuple[str, ...]
) -> Iterator[tuple[CheckResult, list[Extra]]]:
    """Each object with its findings, and what else was asked of it. With --fix it is the copy that is reported."""
    for source in sources:
        for path in _files(source):
            content = sys.stdin.buffer.read() if source == "-" else path
            extra: list[Extra] = []
            result, content = _checked(content, source, path, chosen, copies, extra)
            if targets:
                from tagwise.validation.outcomes import Judged
                from tagwise.validation.targets import preflight

                extra += [Judged(preflight(content, target)) for target in dict.fromkeys(targets)]
            yield result, extra


def _checked(
    content: str | bytes, source: str, path: str, chosen: _Chosen, copies: Copies | None, extra: list[Extra]
) -> tuple[CheckResult, str | bytes]:
    """The result of the object, or of its copy; and the bytes that were checked, where they are in memory."""
    if copies is None:
        from tagwise.validation import check

        return check(content, **chosen._asdict()), content
    from tagwise.validation.fixing import fix
    from tagwise.validation.outcomes import Repaired

    fixed = fix(content, **chosen._asdict())
    written = ""
    if fixed.changes:
        written = copies.path_of(source, path)
        copies.write(written, fixed.content)
    extra.append(Repaired(fixed, written))
    return fixed.result, fixed.content if fixed.changes else content


def _files(source: str) -> Iterator[str]:
    """The file, or the files of the folder in the order of their names."""
    if not os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
        yield source
        return
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - as above
