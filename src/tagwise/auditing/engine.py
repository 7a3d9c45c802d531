"""Runs checks on the relations of an archive: counts every finding, keeps some of each check, names the device."""

from __future__ import annotations

import itertools
import logging
import time
import traceback
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import duckdb

from tagwise.auditing import frugal
from tagwise.auditing.facets import DEVICE_COLUMNS, make_on_demand
from tagwise.auditing.padding import trimmed_value
from tagwise.auditing.recording import Unrecorded
from tagwise.auditing.result import CheckRun, DeviceCount, NotCheckable
from tagwise.auditing.screening import screened
from tagwise.checks import Problem
from tagwise.checks.patient_values import shown
from tagwise.checks.sql import FACET_COLUMNS, with_settings
from tagwise.control.selection import EVERYTHING, Selection
from tagwise.errors import EngineUnreachable, HistoryError
from tagwise.findings import Basis, Confidence, Device, EvidenceValue, Finding, Level, Severity, Status
from tagwise.scanning.index_errors import raise_if_interrupted
from tagwise.sources import answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tagwise.checks import Check, Relation, Setting
    from tagwise.control import Ruling
    from tagwise.settings import AuditSettings

logger = logging.getLogger(__name__)

CRASHED = "engine/check-crashed"
UNFINISHED = "engine/scan-unfinished"

_PAGE = 10_000


class _Tally:
    """What one check found: every finding counted, some of each severity kept."""

    def __init__(self) -> None:
        self.kept: dict[Severity, list[Finding]] = {severity: [] for severity in reversed(Severity)}
        self.aside: list[Finding] = []
        self.total, self.devices = Counter[Severity](), Counter[tuple[Device, Severity]]()

    def take(self, finding: Finding, limit: int) -> None:
        """Count a finding, and keep it while there are fewer than `limit` of its severity, or set aside."""
        if finding.status is not Status.NEW:
            if len(self.aside) < limit:
                self.aside.append(finding)
            return
        self.total[finding.severity] += 1
        if finding.device is not None:
            self.devices[finding.device, finding.severity] += 1
        if len(self.kept[finding.severity]) < limit:
            self.kept[finding.severity].append(finding)


class Engine:
    """One audit: `run` each check, then read the tallies."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        grain: Mapping[str, Level],
        settings: AuditSettings,
        ruling: Ruling,
        selection: Selection = EVERYTHING,
        *,
        lacks: Mapping[Relation, str] | None = None,
        blind: Mapping[str, str] | None = None,
        recorder: Unrecorded | None = None,
    ) -> None:
        self._recorder = recorder or Unrecorded()
        self._db, self._grain, self._settings, self._lacks, self._blind = db, grain, settings, lacks or {}, blind or {}
        self._selection, self._ruling = selection, ruling
        self.findings: list[Finding] = []
        self.set_aside: list[Finding] = []
        self.runs: list[CheckRun] = []
        self.not_checkable: list[NotCheckable] = []
        self.crashed: list[str] = []
        self.total: Counter[Severity] = Counter()
        self._by_device: defaultdict[Device, Counter[str]] = defaultdict(Counter)
        self._severities: defaultdict[Device, Counter[Severity]] = defaultdict(Counter)
        self._made: set[Relation] = set()

    def run(self, check: Check) -> None:
        """Run one check. A check that this source cannot answer is noted; one that crashes becomes a finding."""
        if not self._answerable(check):
            return
        started = time.monotonic()
        try:
            tally = frugal.tried_twice(self._db, check.name, lambda: self._judged(check))
        except (HistoryError, EngineUnreachable):  # no further check would have an answer
            raise
        except Exception as error:  # noqa: BLE001 - a check that crashes is a finding, never a lost report
            raise_if_interrupted(error)
            self._recorder.abandon()
            self._crash(check, error)
            return
        self._add(check, tally, time.monotonic() - started)

    def _judged(self, check: Check) -> _Tally:
        """The findings of one check, of which none counts unless the check comes to its end."""
        tally = _Tally()
        try:
            for finding in self._ruled(check):
                tally.take(finding, self._settings.limit)
        except duckdb.OutOfMemoryException:
            self._recorder.abandon()  # a second try begins with the history as it was before the first
            raise
        return tally

    def _add(self, check: Check, tally: _Tally, seconds: float) -> None:
        """Add what a check found to the whole."""
        # Worst first: a limit must not hide a severe finding behind many others.
        self.set_aside += tally.aside
        self.findings += [finding for same in tally.kept.values() for finding in same][: self._settings.limit]
        self.total += tally.total
        for (device, severity), number in tally.devices.items():
            self._by_device[device][check.name] += number
            self._severities[device][severity] += number
        self.runs.append(CheckRun(check.name, tally.total.total(), seconds))

    def _ruled(self, check: Check) -> Iterator[Finding]:
        """The findings that are wanted, each with its status."""
        self._recorder.begin(check.name)
        for found in self._findings(check):
            is_wanted = self._selection.keeps(found)
            finding = self._recorder.met(self._ruling.rule(found) if is_wanted else found, is_wanted=is_wanted)
            if is_wanted:
                yield finding
        self._recorder.end()

    def _answerable(self, check: Check) -> bool:
        """Whether the check runs; what the source lacks for an answer, or for the whole of it, is noted."""
        lacking = answers.lacking(check, self._grain, self._lacks, self._blind) or self._refused(check)
        if reason := lacking or answers.in_part(check, self._grain):
            self.not_checkable.append(NotCheckable(check.name, reason))
        return not lacking

    def _refused(self, check: Check) -> str:  # noqa: ARG002 - for engines with other SQL
        """Why this engine cannot answer a check, in words for a report; "" where it can."""
        return ""

    def devices(self, written: Mapping[Device, int]) -> tuple[DeviceCount, ...]:
        """Devices that have findings, the worst first, with how many instances of the archive each has `written`."""
        counts = [
            DeviceCount(device, written.get(device, 0), dict(checks), dict(self._severities[device]))
            for device, checks in self._by_device.items()
        ]

        def worst_first(count: DeviceCount) -> tuple[int, int, int, str]:
            high, medium, low = (-count.severities.get(s, 0) for s in (Severity.HIGH, Severity.MEDIUM, Severity.LOW))
            return high, medium, low, count.device.label

        return tuple(sorted(counts, key=worst_first))

    def written(self) -> dict[Device, int]:
        """How many instances of the archive each device wrote."""
        return {
            Device(*row[:-1]): row[-1]
            for row in self._db.execute(
                f"SELECT {', '.join(DEVICE_COLUMNS)}, SUM(instances)::BIGINT FROM facets GROUP BY ALL"
            ).fetchall()
        }

    def note_unfinished(self, source: str, why: bool | str) -> None:
        """Say in every report that the source is incomplete, so that nobody takes the rest for an all-clear."""
        if isinstance(why, str):
            title = "The source did not give all of its objects"
            self._note(UNFINISHED, title, Severity.MEDIUM, {"index": source}, why)
            return
        message = "objects may be missing from this audit; run the same scan again, it goes on where it stopped"
        self._note(UNFINISHED, "The last scan did not finish", Severity.MEDIUM, {"index": source}, message)

    def _crash(self, check: Check, error: Exception) -> None:
        logger.error("check %s crashed:\n%s", check.name, self._described(error))
        self.crashed.append(check.name)
        message = f"{check.name} stopped with {type(error).__name__}; its findings are not in this report"
        if isinstance(error, duckdb.OutOfMemoryException):
            message += f": {frugal.ADVICE}"
        self._note(CRASHED, "A check could not finish", Severity.HIGH, {"check": check.name}, message)

    def _described(self, error: Exception) -> str:
        """Where it happened; what it says only where values may be shown, because it may quote some."""
        if self._settings.show_values:
            return "".join(traceback.format_exception(error))
        where = "".join(traceback.format_tb(error.__traceback__))
        return f"Traceback (most recent call last):\n{where}{type(error).__name__} (its text with --show-values)"

    def _note(self, name: str, title: str, severity: Severity, subject: Mapping[str, str], message: str) -> None:
        """Add a finding of the engine itself: certain, and about the audit rather than about an object."""
        finding = Finding(name, title, severity, Confidence.HIGH, Basis.PRACTICE, Level.ARCHIVE, subject, message)
        self.total[severity] += 1
        self.findings.append(finding)
        self.runs.append(CheckRun(name, 1, 0.0))

    def _findings(self, check: Check) -> Iterator[Finding]:
        self._find(check, with_settings(check.sql, self._values(check)))
        columns = [row[0] for row in self._db.execute("DESCRIBE found").fetchall()]
        self._db.execute(_with_devices(columns, self._counted(check)))
        while rows := self._db.fetchmany(_PAGE):
            for row in rows:
                yield self._finding(check, dict(zip(columns, row[: len(columns)], strict=True)), row[len(columns) :])

    def _find(self, check: Check, sql: str) -> None:
        """Make the table `found` of the rows of a check; a table keeps their order (rowid) when devices join."""
        if check.relation not in self._made:
            make_on_demand(self._db, self._grain, check.relation)
            self._made.add(check.relation)
        self._db.execute(f"CREATE OR REPLACE TEMP TABLE found AS {screened(self._db, check, sql)}")

    def _counted(self, check: Check) -> str:
        """A statement that counts the objects of the rows of `found` by device, "" where rows are about no objects."""
        return counted(check, self._filled(check), self._grain)

    def _filled(self, check: Check) -> list[tuple[str, ...]]:
        """The sets of subject columns that rows of `found` have values in: a row may leave some NULL."""
        if not check.subject:
            return []
        marks = ", ".join(f"{key} IS NOT NULL" for key in check.subject)
        kinds = self._db.execute(f"SELECT DISTINCT {marks} FROM found").fetchall()
        return [tuple(itertools.compress(check.subject, kind)) for kind in kinds]

    def _values(self, check: Check) -> dict[str, Setting]:
        values = {**check.settings, **self._settings.checks.get(check.name, {})}
        if "max_instances" in values and self._settings.max_instances is not None:
            values["max_instances"] = self._settings.max_instances
        return values

    def _finding(self, check: Check, row: dict[str, EvidenceValue], device: tuple[EvidenceValue, ...]) -> Finding:
        problem = check.explain(row)
        if isinstance(problem, str):
            problem = Problem(problem)
        number, *names = device
        return Finding(
            check=check.name,
            title=check.title,
            severity=self._selection.severity(check, problem.severity or check.severity),
            confidence=check.confidence,
            basis=check.basis,
            level=check.level,
            subject={column: str(row[column]) for column in check.subject if row[column] is not None},
            message=problem.message,
            evidence={
                column: shown(column, value, show_values=self._settings.show_values)
                for column, value in row.items()
                if column not in check.subject and value is not None
            },
            device=Device(*(None if name is None else str(name) for name in names)) if number else None,
            devices=int(number or 0),
        )


def _with_devices(columns: list[str], counted: str) -> str:
    """The rows of `found` in order, each with how many devices wrote its objects, and the one that wrote most.

    Args:
        counted: As `counted` gives it.
    """
    listed = ", ".join(f"found.{column}" for column in columns)
    if not counted:
        return f"SELECT {listed}, 0, {', '.join(['NULL'] * len(DEVICE_COLUMNS))} FROM found ORDER BY rowid"
    best = ", ".join(f"device.best.device.{name}" for name in DEVICE_COLUMNS)
    return f"""
        WITH counted AS ({counted}),
        device AS (
          SELECT place, COUNT(*) AS number, MAX({{'weight': weight, 'device': device}}) AS best
          FROM counted GROUP BY place
        )
        SELECT {listed}, COALESCE(device.number, 0), {best}
        FROM found LEFT JOIN device ON device.place = found.rowid ORDER BY found.rowid
    """


def counted(check: Check, filled: Iterable[tuple[str, ...]], grain: Mapping[str, Level], place: str = "rowid") -> str:
    """The statement that counts objects for each row of `found` (`place`) and `device` (`weight`); "" without subject.

    Args:
        filled: Which subject columns of `check` have values, for each kind of row that is there.
        place: The column of `found` that numbers its rows.
    """
    objects = " UNION ALL ".join(_objects_of(check, keys, grain, place) for keys in filled if keys)
    return (
        f"SELECT place, device, SUM(weight) AS weight FROM ({objects}) AS o GROUP BY place, device" if objects else ""
    )


def identified_by(check: Check, keys: tuple[str, ...]) -> Relation:
    """The smallest relation that has these subject columns of a check."""
    if check.relation == "unreadable":
        return "unreadable"
    return "facets" if all(key in FACET_COLUMNS for key in keys) else "instances"


def _objects_of(check: Check, keys: tuple[str, ...], grain: Mapping[str, Level], place: str) -> str:
    """The objects of those rows of `found` whose subject is `keys`."""
    relation = identified_by(check, keys)
    weight = "o.instances" if relation == "facets" else "1"
    packed = ", ".join(f"'{name}': {_device_column(name, relation, grain)}" for name in DEVICE_COLUMNS)
    same = [f"o.{key} = found.{key}" for key in keys]
    empty = [f"found.{key} IS NULL" for key in check.subject if key not in keys]
    return (
        f"SELECT found.{place} AS place, {{{packed}}} AS device, {weight} AS weight"
        f" FROM found JOIN {relation} AS o ON {' AND '.join([*same, *empty])}"
    )


def _device_column(name: str, relation: Relation, grain: Mapping[str, Level]) -> str:
    """The value as in facets, so that a device has one spelling: trimmed, and NULL where the source lacks it."""
    if name not in grain:
        return "NULL::VARCHAR"
    return trimmed_value(f"o.{name}") if relation == "unreadable" else f"o.{name}"
