"""One run on its way into the history: every finding is compared with what was known, then all is written at once."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tagwise.control import baseline
from tagwise.control.selection import ENGINE
from tagwise.findings import Severity, Status
from tagwise.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.auditing.history import History, Run
    from tagwise.auditing.result import AuditResult
    from tagwise.findings import Device, Finding
    from tagwise.settings import HistorySettings

_COLUMNS = ("fingerprint", "place", "check_name", "severity", "subject", "device", "status", "first_seen", "is_new")
_MET = """
CREATE OR REPLACE TEMP TABLE met (
  fingerprint VARCHAR, place INTEGER, check_name VARCHAR, severity VARCHAR, subject VARCHAR, device VARCHAR,
  status VARCHAR, first_seen TIMESTAMP, is_new BOOLEAN
)
"""
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Since:
    """What a run is beside the one before it.

    `previous` is when that one started, None for the first. `gone` counts what it had and this one has not, by check,
    and `new`, `known` and `waived` what this one has. `behind` is how far the clock stood before the last time written
    down, None where it went on.
    """

    path: str
    previous: datetime | None
    run: int | None
    new_only: bool
    new: int = 0
    known: int = 0
    waived: int = 0
    gone: Mapping[str, int] = field(default_factory=dict)
    behind: datetime | None = None

    def sentences(self) -> Iterable[str]:
        """What a report says, a sentence each."""
        if self.previous is None:
            yield "First audit in this history: every finding is new"
        else:
            known = ", not listed" if self.new_only and self.known else ""
            yield f"Since {_day(self.previous)}: {self.new:,} new, {self.known:,} known{known}"
        total = sum(self.gone.values())
        if total and self.previous is not None:
            named = ", ".join(f"{number:,} x {check}" for check, number in sorted(self.gone.items()))
            yield f"{total:,} gone since {_day(self.previous)}: {named}"
        if self.behind is not None:
            yield (
                f"The clock went back: an earlier audit is dated {_minute(self.behind)}."
                " Last seen is never set before first seen"
            )
        if self.run is None:
            yield "Not recorded: compared only"


def _day(moment: datetime) -> str:
    return moment.astimezone().date().isoformat()


def _minute(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="minutes")


class Unrecorded:
    """What an audit without a history does with its findings: nothing."""

    def begin(self, check: str) -> None:
        """A check begins."""

    def met(self, finding: Finding, *, is_wanted: bool) -> Finding:  # noqa: ARG002 - as Recorder
        """The finding as it is."""
        return finding

    def end(self) -> None:
        """The check ran to its end."""

    def abandon(self) -> None:
        """The check crashed."""


class Recorder(Unrecorded):
    """Compares the findings of one run with the history, check by check, and writes the run at its end.

    Memory holds what is known of one check, and a batch of rows.

    Args:
        source: The source, as `History.called` says it.
        wanted: Whether the run is written down, and whether a finding that the last run had too is ruled known.
    """

    def __init__(self, history: History, source: str, wanted: HistorySettings, *, started: datetime) -> None:
        self._history, self._source = history, source
        self._records, self._new_only, self._receivers = wanted.records, wanted.new_only, wanted.receivers
        self.previous: Run | None = history.last(source)
        self._started = started
        newest = history.query("SELECT MAX(last_seen) FROM findings WHERE source = ?", [source])[0][0]
        before = [
            moment
            for moment in (newest and newest.replace(tzinfo=UTC), self.previous and self.previous.started)
            if moment and moment > started
        ]
        self.behind: datetime | None = max(before, default=None)
        history.query(_MET)
        self._known: dict[tuple[str, int], tuple[datetime, str]] = {}
        self._places: Counter[str] = Counter()
        self._rows: list[tuple[Any, ...]] = []
        self._check = ""
        self._ended: list[str] = []
        self._number: Counter[Status] = Counter()
        self._severities: Counter[Severity] = Counter()
        self._devices: Counter[Device] = Counter()
        self._before: tuple[Counter[Any], ...] = ()

    def begin(self, check: str) -> None:
        """Look up what is known of a check."""
        self._check, self._rows, self._places = check, [], Counter()
        rows = self._history.query(
            "SELECT fingerprint, place, first_seen, status FROM findings WHERE source = ? AND check_name = ?",
            [self._source, check],
        )
        self._known = {(row[0], row[1]): (row[2].replace(tzinfo=UTC), row[3]) for row in rows}
        self._before = (self._number.copy(), self._severities.copy(), self._devices.copy())

    def met(self, finding: Finding, *, is_wanted: bool) -> Finding:
        """The finding with the day on which it was met first, and known where it was met last time too.

        One that is not wanted leaves the history as it is: it is neither new nor gone.
        """
        if finding.check.startswith(f"{ENGINE}/"):
            return finding
        key = baseline.key(finding)
        fingerprint = baseline.fingerprint(finding)
        self._places[fingerprint] += 1
        number = self._places[fingerprint]
        first_seen, before = self._known.get((fingerprint, number), (self._started, ""))
        if not is_wanted:
            if before not in ("", Status.GONE):
                self._add(fingerprint, number, finding, key, Status(before), first_seen, is_new=False)
            return finding
        is_new = finding.status is Status.NEW and before not in (Status.NEW, Status.KNOWN)
        status = finding.status if is_new or finding.status is Status.WAIVED else Status.KNOWN
        self._add(fingerprint, number, finding, key, status, first_seen, is_new=is_new)
        self._number[status] += 1
        if status is not Status.WAIVED:
            self._severities[finding.severity] += 1
            if finding.device is not None:
                self._devices[finding.device] += 1
        ruled = status if self._new_only and finding.status is Status.NEW else finding.status
        return replace(finding, status=ruled, first_seen=first_seen)

    def _add(
        self,
        fingerprint: str,
        number: int,
        finding: Finding,
        key: baseline.Key,
        status: Status,
        first_seen: datetime,
        *,
        is_new: bool,
    ) -> None:
        device = encodable(finding.device.label) if finding.device else ""
        subject = encodable(json.dumps(dict(key[1])))
        plain = first_seen.astimezone(UTC).replace(tzinfo=None)
        severity = finding.severity.value
        self._rows.append((fingerprint, number, finding.check, severity, subject, device, status.value, plain, is_new))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        batch = pa.table(dict(zip(_COLUMNS, map(list, columns), strict=True)))
        self._history.db.register("met_batch", batch)
        self._history.query("INSERT INTO met SELECT * FROM met_batch")
        self._history.db.unregister("met_batch")
        self._rows = []

    def end(self) -> None:
        """The check ran to its end: what it has not met again is gone."""
        self._flush()
        self._ended.append(self._check)

    def abandon(self) -> None:
        """The check crashed: what it met is forgotten, and what it had met before stays as it is."""
        self._rows = []
        self._history.query("DELETE FROM met WHERE check_name = ?", [self._check])
        self._number, self._severities, self._devices = self._before

    def _gone(self) -> dict[str, int]:
        """How many findings of checks that ran were not met again, by check."""
        return dict(
            self._history.query(
                """
                SELECT check_name, count(*) FROM findings AS f
                WHERE source = ? AND status <> 'gone' AND list_contains(?, check_name) AND NOT EXISTS (
                  SELECT 1 FROM met WHERE met.fingerprint = f.fingerprint AND met.place = f.place)
                GROUP BY check_name ORDER BY check_name
                """,
                [self._source, self._ended],
            )
        )

    def finish(self, result: AuditResult, written: Mapping[Device, int], *, unfinished: bool) -> Since:
        """Write the run and say what it is beside the one before.

        Args:
            written: How many instances each device wrote.
            unfinished: Whether objects may be missing from the source: then nothing is gone.

        Raises:
            HistoryError: The history cannot be written; it is as it was before.
        """
        if unfinished:
            self._ended = []
        gone = self._gone()
        number = self._number
        run = self._write(result, written, sum(gone.values()), unfinished=unfinished) if self._records else None
        return Since(
            path=str(self._history.path),
            previous=self.previous.started if self.previous else None,
            run=run,
            new_only=self._new_only,
            new=number[Status.NEW],
            known=number[Status.KNOWN],
            waived=number[Status.WAIVED],
            gone=gone,
            behind=self.behind,
        )

    def _write(self, result: AuditResult, written: Mapping[Device, int], gone: int, *, unfinished: bool) -> int:
        now = self._started.astimezone(UTC).replace(tzinfo=None)
        with self._history.writing() as db:
            run = int(db.execute("SELECT COALESCE(MAX(run), 0) + 1 FROM runs").fetchall()[0][0])
            same = "f.source = ? AND f.fingerprint = met.fingerprint AND f.place = met.place"
            db.execute(
                f"""
                UPDATE findings AS f SET
                  last_seen = GREATEST(f.last_seen, f.first_seen, ?), last_run = ?, status = met.status,
                  severity = met.severity, device = met.device,
                  new_run = CASE WHEN met.is_new THEN ? ELSE f.new_run END
                FROM met WHERE {same}
                """,
                [now, run, run, self._source],
            )
            db.execute(
                f"""
                INSERT INTO findings
                SELECT ?, fingerprint, place, check_name, severity, subject, device, status, first_seen, first_seen,
                  ?, CASE WHEN is_new THEN ? ELSE 0 END
                FROM met WHERE NOT EXISTS (SELECT 1 FROM findings AS f WHERE {same})
                """,
                [self._source, run, run, self._source],
            )
            db.execute(
                """
                UPDATE findings SET status = 'gone'
                WHERE source = ? AND status <> 'gone' AND last_run < ? AND list_contains(?, check_name)
                """,
                [self._source, run, self._ended],
            )
            counts, severities = result.counts, self._severities
            row = [run, self._source, now, result.seconds, result.tool, not result.crashed and not unfinished]
            row += [counts.instances, counts.series, counts.studies, counts.unreadable]
            row += [severities[severity] for severity in (Severity.HIGH, Severity.MEDIUM, Severity.LOW)]
            row += [self._number[status] for status in (Status.NEW, Status.KNOWN, Status.WAIVED)]
            row += [gone, self.behind is not None]
            db.execute(f"INSERT INTO runs VALUES ({', '.join('?' * len(row))})", row)
            told = [(run, self._source, name, None) for name in self._receivers]
            if told:
                db.executemany("INSERT INTO alerts VALUES (?, ?, ?, ?)", told)
            rates = [
                (
                    run,
                    one.Manufacturer,
                    one.ManufacturerModelName,
                    one.SoftwareVersions,
                    one.StationName,
                    one.DeviceSerialNumber,
                    instances,
                    self._devices[one],
                )
                for one, instances in written.items()
            ]
            if rates:
                db.executemany("INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rates)
        return run
