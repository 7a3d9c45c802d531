"""How an archive changes: series of each modality by day, and the findings of each device from audit to audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from tagwise.auditing.history import History

DAYS = 56
"""Days up to the newest Study Date that are shown: eight weeks, as `time/series-drop` compares."""

RUNS = 60
"""Audits that are shown."""

MOST_ROWS = 12
"""Modalities with most series, and devices with most findings, that are shown."""


@dataclass(frozen=True, slots=True)
class ModalityTrend:
    """Series of a modality on each of the last days, by Study Date; days without any have 0."""

    Modality: str
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeviceTrend:
    """Findings of a model with one software version, oldest audit first: when, instances, findings."""

    Manufacturer: str | None
    ManufacturerModelName: str | None
    SoftwareVersions: str | None
    runs: tuple[tuple[datetime, int, int], ...]

    @property
    def label(self) -> str:
        """One line."""
        name = " ".join(part for part in (self.Manufacturer, self.ManufacturerModelName) if part) or "unknown device"
        return f"{name}, software {self.SoftwareVersions}" if self.SoftwareVersions else name

    @property
    def rates(self) -> tuple[float, ...]:
        """Findings per 1,000 instances, one for each audit."""
        return tuple(1000 * findings / instances if instances else 0.0 for _, instances, findings in self.runs)


@dataclass(frozen=True, slots=True)
class Trends:
    """Both. `days` are those of each modality; devices are only there where a history is kept."""

    days: tuple[date, ...] = ()
    modalities: tuple[ModalityTrend, ...] = ()
    devices: tuple[DeviceTrend, ...] = ()


def series_by_day(db: duckdb.DuckDBPyConnection) -> Trends:
    """Count series by modality and day on the `facets` of an audit."""
    rows = db.execute(
        f"""
        WITH counted AS (
          SELECT Modality, TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d')::DATE AS day,
            COUNT(DISTINCT SeriesInstanceUID) AS series
          FROM facets WHERE LENGTH(REPLACE(StudyDate, '.', '')) = 8 AND Modality IS NOT NULL GROUP BY ALL
        )
        SELECT Modality, day, series FROM counted
        WHERE day <= CURRENT_DATE AND day > (SELECT MAX(day) FROM counted WHERE day <= CURRENT_DATE) - {DAYS}
        """
    ).fetchall()
    if not rows:
        return Trends()
    last = max(day for _, day, _ in rows)
    days = tuple(last - timedelta(days=back) for back in reversed(range(DAYS)))
    found: dict[str, dict[date, int]] = {}
    for modality, day, number in rows:
        found.setdefault(modality, {})[day] = number
    most = sorted(found, key=lambda one: (-sum(found[one].values()), one))[:MOST_ROWS]
    return Trends(days, tuple(ModalityTrend(one, tuple(found[one].get(day, 0) for day in days)) for one in most))


def rates(history: History, source: str) -> tuple[DeviceTrend, ...]:
    """Findings of each model and software version in the last recorded runs of a source, the worst of the last first.

    Args:
        source: As `History.called` says it.

    Raises:
        HistoryError: The history cannot be read.
    """
    rows = history.query(
        f"""
        SELECT d.Manufacturer, d.ManufacturerModelName, d.SoftwareVersions, runs.started,
          SUM(d.instances)::BIGINT, SUM(d.findings)::BIGINT
        FROM devices AS d JOIN (SELECT run, started FROM runs WHERE source = ? ORDER BY run DESC LIMIT {RUNS}) AS runs
          ON d.run = runs.run
        GROUP BY ALL ORDER BY MAX(runs.run)
        """,
        [source],
    )
    found: dict[tuple[str | None, str | None, str | None], list[tuple[datetime, int, int]]] = {}
    for maker, model, software, started, instances, number in rows:
        found.setdefault((maker, model, software), []).append((started.replace(tzinfo=UTC), instances, number))
    made = [DeviceTrend(*device, tuple(runs)) for device, runs in found.items() if any(run[2] for run in runs)]
    return tuple(sorted(made, key=lambda one: (-one.runs[-1][2], one.label))[:MOST_ROWS])
