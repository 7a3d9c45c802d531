"""The check of objects as one HTML file that loads nothing and runs no code but its own, whatever the objects say.

It keeps counts of everything and a bounded number of findings and files, so that a million objects can be checked.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from tagwise import __version__
from tagwise.atomic import not_written, replacing
from tagwise.checks import markdown
from tagwise.checks.objects import object_registry
from tagwise.control.ruling import SetAside
from tagwise.findings import Severity, severities_in_words
from tagwise.reporting.charts import Bar, fair_shares, segments
from tagwise.reporting.html_page import anchor, environment
from tagwise.standard import editions
from tagwise.validation.reports import Tally, place_words
from tagwise.validation.result import CRASHED

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from markupsafe import Markup

    from tagwise.checks.objects import ObjectCheck
    from tagwise.findings import EvidenceValue, Finding
    from tagwise.validation.reports import Extra
    from tagwise.validation.result import CheckResult

MOST_FINDINGS = 5000
"""The most findings on one page, so that it stays a few MB; every check keeps a fair share, its worst first."""

MOST_OF_CHECK = 1000
"""The most findings of one check on one page."""

MOST_FILES = 200
"""The most files in the table of files, the worst first, and the most whose repair or preflight is told."""

OPEN_ROWS = 20
"""Findings of a check that are shown at once; the others are one click away."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding in the table of its check; `where` is the path of the element with its tag and byte."""

    anchor: str
    finding: Finding
    file: str
    where: str
    evidence: Mapping[str, EvidenceValue]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one check, and its page where the registry knows it."""

    anchor: str
    key: str
    check: str
    title: str
    severity: Severity
    total: int
    files: int
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    not_listed: int
    entry: ObjectCheck | None
    sections: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in the table of files, with its numbers by severity and its checks."""

    name: str
    severities: Mapping[Severity, int]
    checks: tuple[tuple[str, str, int], ...]
    complete: bool


class HtmlReport:
    """Collects results for one page.

    Args:
        sources: What was asked to be checked, for the heading.
        shows_values: Whether evidence may hold patient values, of which the report then warns.

    `aside` says what was set aside and why, as far as the ruling knows; it is given once everything is checked.
    """

    def __init__(self, sources: Iterable[str], *, shows_values: bool = False) -> None:
        self._sources, self._shows_values = tuple(sources), shows_values
        # Below one folder the names of files say enough without it.
        self._inside = f"{self._sources[0].rstrip('/')}/" if len(self._sources) == 1 else ""
        self._started = datetime.now(UTC).astimezone()
        self.aside = SetAside()
        self._tally = Tally()
        self._numbers: defaultdict[str, Counter[Severity]] = defaultdict(Counter)
        self._in_files: Counter[str] = Counter()
        self._listed: defaultdict[str, list[tuple[int, int, Finding]]] = defaultdict(list)
        self._worst: list[tuple[tuple[int, ...], int, CheckResult]] = []
        self._told: list[tuple[str, list[str]]] = []
        self._number = count(0, -1)
        self._faulty = self._incomplete = self._asked = self._aside = 0

    def add(self, result: CheckResult, extra: Iterable[Extra] = ()) -> None:
        """Take one result, with what else was asked of its object."""
        extra = list(extra)
        self._tally.add(result, extra)
        self._incomplete += not result.complete
        self._aside += len(result.set_aside)
        for check in {finding.check for finding in result.findings}:
            self._in_files[check] += 1
        for finding in result.findings:
            self._numbers[finding.check][finding.severity] += 1
            _keep(self._listed[finding.check], (finding.severity.rank, next(self._number), finding), MOST_OF_CHECK)
        if result.findings:
            self._faulty += 1
            total = result.total()
            weight = tuple(total.get(severity, 0) for severity in (Severity.HIGH, Severity.MEDIUM, Severity.LOW))
            _keep(self._worst, (weight, next(self._number), result), MOST_FILES)
        lines = [line for one in extra for line in one.lines(_plain, _NEVER_WRAPPED)]
        if lines:
            self._asked += 1
            if len(self._told) < MOST_FILES:
                self._told.append((result.source.removeprefix(self._inside), lines))

    def render(self) -> str:
        """The page, which works without its script; that adds filters."""
        groups = self._groups()
        files = [
            _file(result, self._inside) for _, _, result in sorted(self._worst, key=lambda one: one[:2], reverse=True)
        ]
        return (
            environment(__package__ or "")
            .get_template("check.html")
            .render(
                sources=self._sources,
                started=self._started,
                tool=f"tagwise {__version__}",
                edition=editions.described().removeprefix("DICOM "),
                shows_values=self._shows_values,
                objects=self._tally.objects,
                faulty=self._faulty,
                incomplete=self._incomplete,
                not_counted=self._aside,
                extras=sorted(self._tally.extras.items()),
                total=self._tally.severities,
                number=self._tally.severities.total(),
                verdict=markdown.to_html(self._tally.verdict()),
                crashed=self._numbers[CRASHED].total() if CRASHED in self._numbers else 0,
                groups=groups,
                listed=sum(group.total - group.not_listed for group in groups),
                bars=_bars(groups, self._numbers),
                files=files,
                told=self._told,
                asked=self._asked,
                aside=tuple(self.aside.sentences()),
            )
        )

    def _groups(self) -> list[Group]:
        """The checks that fired, the worst first and the more frequent first among equals."""
        worst = {name: max(numbers, key=lambda one: one.rank) for name, numbers in self._numbers.items()}
        names = sorted(worst, key=lambda name: (-worst[name].rank, -self._numbers[name].total(), name))
        shares = fair_shares([len(self._listed[name]) for name in names], MOST_FINDINGS)
        return [
            self._group(name, str(key), worst[name], share)
            for key, (name, share) in enumerate(zip(names, shares, strict=True))
        ]

    def _group(self, name: str, key: str, severity: Severity, share: int) -> Group:
        entry = object_registry().get(name)
        found = [finding for _, _, finding in sorted(self._listed[name], key=lambda one: one[:2], reverse=True)]
        rows = tuple(_rows(found[:share], self._inside))
        total = self._numbers[name].total()
        texts = entry.sections() if entry else {}
        # One row more is shown rather than hidden behind a line of its own.
        shown = len(rows) if len(rows) <= OPEN_ROWS + 1 else OPEN_ROWS
        return Group(
            anchor=anchor("check", name),
            key=key,
            check=name,
            title=found[0].title,
            severity=severity,
            total=total,
            files=self._in_files[name],
            rows=rows[:shown],
            more=rows[shown:],
            not_listed=total - len(rows),
            entry=entry,
            sections=tuple((heading, markdown.to_html(text)) for heading, text in texts.items()),
        )


_NEVER_WRAPPED = 1_000_000


def _plain(text: str, *_styles: str) -> str:
    return text


def _keep(heap: list[Any], one: tuple[Any, int, object], most: int) -> None:
    """Add to the worst; of equals the first ones stay, because their number is the higher one."""
    if len(heap) < most:
        heapq.heappush(heap, one)
    else:
        heapq.heappushpop(heap, one)


def _rows(findings: Iterable[Finding], inside: str) -> Iterator[Row]:
    """One row per finding, with an id that no other row has."""
    used: Counter[str] = Counter()
    for finding in findings:
        file = finding.subject.get("file_path") or finding.subject.get("object", "")
        place = finding.place
        at = "" if place is None or place.offset is None else str(place.offset)
        name = anchor("finding", finding.check, file, place.attribute if place else "", at)
        used[name] += 1
        unique = name if used[name] == 1 else f"{name}-{used[name]}"
        shown = {column: value for column, value in finding.evidence.items() if value is not None}
        yield Row(unique, finding, file.removeprefix(inside), place_words(finding), shown)


def _file(result: CheckResult, inside: str) -> FileRow:
    checks = Counter(finding.check for finding in result.findings)
    named = tuple((name, anchor("check", name), number) for name, number in checks.most_common())
    return FileRow(result.source.removeprefix(inside), result.total(), named, result.complete)


def _bars(groups: Iterable[Group], numbers: Mapping[str, Counter[Severity]]) -> list[Bar]:
    """Findings by check."""
    groups = list(groups)
    most = max((group.total for group in groups), default=0)
    bars = []
    for group in groups:
        graded = numbers[group.check]
        pieces = {severity.value: graded[severity] for severity in (Severity.HIGH, Severity.MEDIUM, Severity.LOW)}
        words = severities_in_words(graded)
        bars.append(Bar(group.check, group.title, group.anchor, group.key, group.total, words, segments(pieces, most)))
    return bars


@contextmanager
def writing(
    path: str | os.PathLike[str], sources: Iterable[str], *, shows_values: bool = False
) -> Iterator[HtmlReport]:
    """A report that is written whole when the block ends without an exception, readable by its owner only.

    Raises:
        ReportNotWritten: The file cannot be written, which is told before the first object is checked, or at the end;
            what was there before is untouched.
    """
    with replacing(path) as stream:
        report = HtmlReport(sources, shows_values=shows_values)
        yield report
        page = report.render()
        try:
            stream.write(page)
        except OSError as error:
            raise not_written(path, error) from error
