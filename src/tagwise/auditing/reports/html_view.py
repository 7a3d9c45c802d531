"""What the template of the HTML report shows: anchors, rows, bars of charts. The template escapes the texts."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tagwise.auditing.reports.summary import device_in_words, groups
from tagwise.checks import markdown
from tagwise.checks.sql import standalone
from tagwise.findings import WORST_FIRST, severities_in_words
from tagwise.printable import printable
from tagwise.quantities import quantity
from tagwise.reporting.charts import Bar, Spark, columns, fair_shares, segments
from tagwise.reporting.html_page import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagwise.auditing.reports.summary import CheckGroup
    from tagwise.auditing.result import AuditResult, DeviceCount
    from tagwise.auditing.trends import DeviceTrend, ModalityTrend
    from tagwise.checks import Check
    from tagwise.findings import Finding

MOST_FINDINGS = 5000
"""The most findings on one page, so that it stays a few MB; every check keeps a fair share, its worst first."""

MOST_OBJECTS = 1000
"""The most unreadable objects on one page."""

MOST_BARS = 12
"""The most devices in the chart; the table below it has all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding in the table; `check` and `device` are the keys that the filters compare."""

    anchor: str
    finding: Finding
    check: str
    check_anchor: str
    device: str
    device_words: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The text of one check, shared by all its findings."""

    anchor: str
    key: str
    group: CheckGroup
    sections: tuple[tuple[str, Markup], ...]
    sql: Markup
    listed: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device of the table that is handed to vendors; `note` is the same as text to copy."""

    key: str
    row: DeviceCount
    checks: tuple[tuple[str, str, int], ...]
    note: Markup


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is not already in the result."""

    rows: tuple[Row, ...]
    pages: tuple[CheckPage, ...]
    by_check: tuple[Bar, ...]
    by_device: tuple[Bar, ...]
    devices: tuple[DeviceRow, ...]
    device_names: tuple[tuple[str, str], ...]
    modality_trends: tuple[Spark, ...]
    device_trends: tuple[Spark, ...]
    series_table: tuple[tuple[str, tuple[int, ...]], ...]


def view(result: AuditResult) -> View:
    """Prepare the audit for the template."""
    found = groups(result)
    shares = fair_shares([len(group.findings) for group in found], MOST_FINDINGS)
    listed = [finding for group, share in zip(found, shares, strict=True) for finding in group.findings[:share]]
    labels = dict.fromkeys(
        [row.device.label for row in result.devices] + [finding.device.label for finding in listed if finding.device]
    )
    keys = {label: str(number) for number, label in enumerate(labels)}
    checks = {group.check: str(number) for number, group in enumerate(found)}
    devices = tuple(_device_row(row, keys) for row in result.devices if any(row.findings.values()))
    return View(
        rows=tuple(_rows(sorted(listed, key=lambda finding: -finding.severity.rank), checks, keys)),
        pages=tuple(_page(group, checks[group.check], share) for group, share in zip(found, shares, strict=True)),
        by_check=tuple(_check_bars(found, checks)),
        by_device=tuple(_device_bars([device.row for device in devices], keys)),
        devices=devices,
        device_names=tuple((keys[label], label) for label in sorted(labels, key=str.casefold)),
        modality_trends=tuple(_modality_spark(one) for one in result.trends.modalities),
        device_trends=tuple(_device_spark(one) for one in result.trends.devices),
        series_table=tuple(
            (day.isoformat(), tuple(one.series[place] for one in result.trends.modalities))
            for place, day in reversed(tuple(enumerate(result.trends.days)))
        ),
    )


def _modality_spark(trend: ModalityTrend) -> Spark:
    """Series of a modality by day; the words compare the newest day with its weekday."""
    numbers = trend.series
    usual = median(numbers[-8::-7]) if len(numbers) > 7 else 0
    words = f"{sum(numbers[-7:]):,} in the last 7 days, {sum(numbers[-14:-7]):,} in the 7 before; "
    words += f"median of this weekday before: {usual:,.0f}; busiest day: {max(numbers):,}"
    return Spark(trend.Modality, f"{numbers[-1]:,}", words, columns(numbers))


def _device_spark(trend: DeviceTrend) -> Spark:
    """Findings per 1,000 instances of a device by audit."""
    started, instances, found = trend.runs[-1]
    words = f"{quantity(found, 'finding')} in {quantity(instances, 'instance')} on {started.astimezone().date()}"
    if len(trend.runs) > 1:
        words += f"; {trend.rates[0]:,.1f} on {trend.runs[0][0].astimezone().date()}"
    return Spark(trend.label, f"{trend.rates[-1]:,.1f}", words, columns(trend.rates))


def check_anchor(check: str) -> str:
    """The id of the text of a check, the same in every report."""
    return anchor("check", check)


def finding_anchor(finding: Finding) -> str:
    """The id of a finding, the same in every report that has it, so that a ticket can point to it."""
    return anchor("finding", finding.check, *(text for pair in finding.subject.items() for text in pair))


def _rows(findings: Iterable[Finding], checks: Mapping[str, str], devices: Mapping[str, str]) -> Iterable[Row]:
    """One row per finding, with an id that no other row has."""
    used: dict[str, int] = {}
    for finding in findings:
        anchor = finding_anchor(finding)
        used[anchor] = used.get(anchor, 0) + 1
        yield Row(
            anchor=anchor if used[anchor] == 1 else f"{anchor}-{used[anchor]}",
            finding=finding,
            check=checks[finding.check],
            check_anchor=check_anchor(finding.check),
            device=devices[finding.device.label] if finding.device else "",
            device_words=device_in_words(finding),
        )


def _page(group: CheckGroup, key: str, listed: int) -> CheckPage:
    """The text and SQL of a check; both empty where the registry does not know it."""
    texts = group.entry.sections() if group.entry else {}
    sections = tuple((heading, markdown.to_html(text)) for heading, text in texts.items())
    sql = _code(group.entry) if group.entry else Markup("")
    return CheckPage(check_anchor(group.check), key, group, sections, sql, listed)


def _code(entry: Check) -> Markup:
    """The SQL of a check, line by line."""
    return Markup("\n").join(escape(printable(line)) for line in standalone(entry).splitlines())


def _check_bars(found: Sequence[CheckGroup], keys: Mapping[str, str]) -> Iterable[Bar]:
    """Findings by check; what is counted but not listed has no known severity and its own kind of bar."""
    most = max((group.total for group in found), default=0)
    for group in found:
        words = severities_in_words(group.severities)
        if group.not_listed:
            words = ", ".join(filter(None, [words, f"{group.not_listed:,} not listed"]))
        numbers = {severity.value: number for severity, number in group.severities.items()}
        numbers["unlisted"] = group.not_listed
        yield Bar(
            group.check,
            group.title,
            check_anchor(group.check),
            keys[group.check],
            group.total,
            words,
            segments(numbers, most),
        )


def _device_bars(devices: Sequence[DeviceCount], keys: Mapping[str, str]) -> Iterable[Bar]:
    """Findings by device, the worst first."""
    listed = sorted(devices, key=_weight, reverse=True)[:MOST_BARS]
    most = max((sum(row.severities.values()) for row in listed), default=0)
    for row in listed:
        numbers = {severity.value: row.severities.get(severity, 0) for severity in WORST_FIRST}
        words = severities_in_words(row.severities)
        label = row.device.label
        yield Bar(label, "", "", keys[label], sum(numbers.values()), words, segments(numbers, most))


def _weight(row: DeviceCount) -> tuple[int, ...]:
    """High findings count before medium ones, and those before low ones."""
    return tuple(row.severities.get(severity, 0) for severity in WORST_FIRST)


def _device_row(row: DeviceCount, keys: Mapping[str, str]) -> DeviceRow:
    """A device with its checks, and the note for its vendor."""
    checks = tuple((check, check_anchor(check), number) for check, number in row.findings.items() if number)
    note = [row.device.label, f"{quantity(row.instances, 'instance')}; findings: {severities_in_words(row.severities)}"]
    note += [f"- {check}: {number:,}" for check, _, number in checks]
    return DeviceRow(keys[row.device.label], row, checks, Markup("\n").join(escape(printable(line)) for line in note))
