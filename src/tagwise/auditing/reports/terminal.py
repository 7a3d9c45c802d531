"""The audit report for a person at a terminal, and for the log of a nightly job: the same words, plain when piped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tagwise.auditing.reports.columns import Cell, Column, lay_out
from tagwise.auditing.reports.summary import (
    day_first_seen,
    device_in_words,
    groups,
    seconds_in_words,
    total_findings,
    verdict,
)
from tagwise.findings import WORST_FIRST, Severity, severities_in_words
from tagwise.printable import printable
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tagwise.auditing.reports.summary import CheckGroup
    from tagwise.auditing.result import AuditResult, DeviceCount
    from tagwise.findings import Finding

_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}
_WIDE = 136
"""From here on subject, message and device stand beside each other: 8 + 64 (a UID) + two readable columns."""

_NARROW = 24
"""What severity, findings and the gaps of the overview take."""

_READABLE = 24
"""A column of text that is narrower breaks after every second word."""


def render(result: AuditResult, console: Console, limit: int) -> None:
    """Print the report.

    Args:
        limit: The most findings of one check, devices and unreadable objects that are printed; the rest is counted.
    """
    report = _Report(result, console, limit)
    report.headline()
    report.overview()
    for group in groups(result):
        report.group(group)
    report.devices()
    report.unreadable()
    report.not_checkable()
    report.set_aside()
    report.crashed()
    report.verdict()


class _Report:
    """Prints the parts of one report in order."""

    def __init__(self, result: AuditResult, console: Console, limit: int) -> None:
        self._result = result
        self._console = console
        self._limit = limit

    def headline(self) -> None:
        """What was audited, what was found, and by which tool and edition."""
        result, counts = self._result, self._result.counts
        title = self._text(f"Audit of {result.source}", style="bold")
        self._print(title)
        self._print(self._text("=" * min(title.cell_len, self._console.width), style="dim"))
        self._wrap(
            ", ".join(
                [
                    quantity(counts.instances, "instance"),
                    quantity(counts.series, "series"),
                    quantity(counts.studies, "study"),
                    quantity(counts.patients, "patient"),
                    quantity(counts.unreadable, "unreadable object"),
                ]
            )
        )
        found = quantity(total_findings(result), "finding")
        by_severity = severities_in_words(result.total)
        self._wrap(f"{found}: {by_severity}" if by_severity else found, style="bold")
        started = result.started.isoformat(sep=" ", timespec="minutes")
        took = seconds_in_words(result.seconds)
        self._wrap(f"{result.tool}, DICOM edition {result.edition}, started {started}, took {took}", style="dim")
        if result.since is not None:
            for sentence in result.since.sentences():
                self._wrap(f"{sentence}.")
        if result.shows_patient_values:
            self._wrap("This report may contain patient values. Handle it like the images.", style="bold")

    def overview(self) -> None:
        """Findings by check, where there is more than one check."""
        found = groups(self._result)
        if len(found) < 2:
            return
        self._heading("Findings by check")
        beside = self._console.width - _NARROW - max(len(group.check) for group in found) >= _READABLE
        columns = (Column("severity"), Column("findings", right=True), Column("check", flexible=not beside))
        self._table(
            (*columns, Column("title", flexible=True)) if beside else columns,
            [
                [
                    self._severity(group.severity),
                    self._cell(f"{group.total:,}"),
                    *self._named(group, beside=beside),
                ]
                for group in found
            ],
        )

    def _named(self, group: CheckGroup, *, beside: bool) -> list[Cell]:
        """The name of a check and its title, beside each other or, where names are long, below one another."""
        name, title = self._whole(group.check), self._cell(group.title)
        return [name, title] if beside else [[*name, *title]]

    def group(self, group: CheckGroup) -> None:
        """The findings of one check under its name, title and page."""
        self._print(Text(""))
        name = Text.assemble(
            (f"{group.severity.value.upper()}  ", _STYLES[group.severity]), self._text(group.check, style="bold")
        )
        self._print(name)
        number = quantity(group.total, "finding")
        self._wrap(f"{group.title} ({number})")
        if group.page:
            self._print(Text.assemble(("page: ", "dim"), self._text(group.page)))
        listed = group.findings[: self._limit]
        if listed:
            self._findings(listed)
        self._more(group.total - len(listed), "finding")

    def _findings(self, findings: Sequence[Finding]) -> None:
        """One row per finding: in columns where there is room, else below one another."""
        keywords = ", ".join(dict.fromkeys(keyword for finding in findings for keyword in finding.subject))
        longest = max(len(value) for finding in findings for value in (*finding.subject.values(), ""))
        columns: tuple[Column, ...]
        if self._console.width >= _WIDE and longest <= 72:
            columns = (
                Column("severity"),
                Column(f"subject ({keywords})"),
                Column("what", flexible=True),
                Column("device", flexible=True),
            )
            rows = [
                [
                    self._severity(finding.severity),
                    self._subject(finding),
                    [self._text(finding.message), *self._first_seen(finding)],
                    self._cell(device_in_words(finding) or "-"),
                ]
                for finding in findings
            ]
        else:
            columns = (Column("severity"), Column(f"subject ({keywords}), what, device", flexible=True))
            rows = [[self._severity(finding.severity), self._stacked(finding)] for finding in findings]
        self._table(columns, rows)

    def _stacked(self, finding: Finding) -> Cell:
        """Subject, message and device below one another."""
        device = device_in_words(finding)
        return [
            *self._subject(finding),
            self._text(finding.message),
            *([self._text(device, style="dim")] if device else []),
            *self._first_seen(finding),
        ]

    def _first_seen(self, finding: Finding) -> Cell:
        """The day on which an audit met it first, where a history knows."""
        return [self._text(f"first seen {day_first_seen(finding)}", style="dim")] if finding.first_seen else []

    def _subject(self, finding: Finding) -> Cell:
        """Each UID or path on a line that is never broken, with its keyword where there is more than one."""
        lines = []
        for keyword, value in finding.subject.items():
            if len(finding.subject) > 1:
                lines.append(self._text(keyword, style="dim"))
            lines += self._whole(value)
        return lines

    def devices(self) -> None:
        """What was found in the objects of each device."""
        found = [row for row in self._result.devices if any(row.findings.values())]
        if not found:
            return
        self._heading("By device, to hand to the vendor")
        columns = (
            *(Column(heading, right=True) for heading in ("instances", *WORST_FIRST)),
            Column("device and its checks", flexible=True),
        )
        self._table(columns, [self._device(row) for row in found[: self._limit]])
        self._more(len(found) - self._limit, "device")

    def _device(self, row: DeviceCount) -> list[Cell]:
        """Numbers first: they line up, and the names may be long."""
        checks = [self._text(f"{number:,} x {check}", style="dim") for check, number in row.findings.items() if number]
        numbers = [row.instances, *(row.severities.get(severity, 0) for severity in WORST_FIRST)]
        return [*(self._cell(f"{number:,}") for number in numbers), [self._text(row.device.label), *checks]]

    def unreadable(self) -> None:
        """Where unreadable objects are and why they cannot be read."""
        number = max(self._result.counts.unreadable, len(self._result.unreadable))
        if not number:
            return
        self._heading(f"Unreadable objects ({number:,})")
        listed = self._result.unreadable[: self._limit]
        for row in listed:
            self._print(Text.assemble("  ", *self._whole(row.file_path)))
            self._wrap(row.read_error, style="dim", indent=4)
        self._more(number - len(listed), "unreadable object")

    def not_checkable(self) -> None:
        """What this source cannot answer: silence there is no all-clear."""
        if not self._result.not_checkable:
            return
        self._heading("Not checkable in this source")
        rows = [[self._whole(row.check), self._cell(row.reason)] for row in self._result.not_checkable]
        self._table((Column("check"), Column("reason", flexible=True)), rows)

    def set_aside(self) -> None:
        """What does not count, and every waiver: nobody should take silence for an all-clear."""
        told = list(self._result.aside.sentences())
        if not told:
            return
        self._heading("Not counted")
        for sentence in told:
            self._wrap(sentence, indent=2)

    def crashed(self) -> None:
        """Checks that gave no answer because they crashed."""
        if not self._result.crashed:
            return
        self._print(Text(""))
        self._print(self._text("CHECKS CRASHED: THE AUDIT IS NOT COMPLETE", style="bold red reverse"))
        for check in self._result.crashed:
            self._print(Text.assemble("  ", *self._whole(check)))

    def verdict(self) -> None:
        """The last line."""
        self._print(Text(""))
        self._wrap(verdict(self._result), style="bold")

    def _heading(self, text: str) -> None:
        """A heading that logs show too."""
        self._print(Text(""))
        self._print(self._text(text, style="bold"))
        self._print(self._text("-" * len(text), style="dim"))

    def _table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """A table without lines around its cells."""
        for line in lay_out(columns, rows, self._console):
            self._print(line)

    def _more(self, number: int, noun: str) -> None:
        """How many are not printed; they are in the other reports."""
        if number > 0:
            self._wrap(f"… and {quantity(number, f'more {noun}')}", indent=2)

    def _severity(self, severity: Severity) -> Cell:
        """A severity in its word and colour."""
        return [Text(severity.value, style=_STYLES[severity])]

    def _cell(self, text: str) -> Cell:
        """A cell of text that may be wrapped."""
        return [self._text(text)]

    def _whole(self, text: str) -> Cell:
        """A cell that is never broken, so that it can be copied."""
        line = self._text(text)
        line.no_wrap = True
        return [line]

    def _text(self, text: str, style: str = "") -> Text:
        """Text that can neither control the terminal nor fail to be encoded; rich finds no markup in a Text."""
        encoding = self._console.encoding
        shown = printable(text)
        if not encoding.startswith("utf"):
            shown = shown.replace("…", "...").encode(encoding, "backslashreplace").decode(encoding)
        return Text(shown, style=style)

    def _wrap(self, text: str, style: str = "", indent: int = 0) -> None:
        """Print a sentence, broken at spaces."""
        for line in self._text(text, style).wrap(self._console, self._console.width - indent, overflow="fold"):
            line.rstrip()
            self._print(Text.assemble(" " * indent, line))

    def _print(self, line: Text) -> None:
        """Print one line as it is: what is longer than the console is left to the terminal to wrap, never cut."""
        self._console.print(line, soft_wrap=True, highlight=False)
