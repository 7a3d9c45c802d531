"""Settings of a scan and of an audit: frozen, passed as arguments, never global."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagwise.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Mapping


_UNITS = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_LEAST_MEMORY = 64e6
"""Bytes; with less DuckDB cannot even open an index of some size."""


def usable_processors() -> int:
    """How many processors this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How a scan works.

    Raises:
        BadSetting: `jobs`, `in_flight`, `stall_seconds`, `chunk` or `batch` is below 1.
    """

    jobs: int = field(default_factory=usable_processors)
    """Reading processes. 1 reads in the calling process."""

    in_flight: int = 64
    """Files that are read at the same time at most, by all processes together: so many only where storage is slow."""

    stall_seconds: float = 120.0
    """A reader that answers nothing for this long is replaced, and the file it hung on becomes a read error."""

    chunk: int = 256
    """Files that a reading process gets at a time: enough to hide the hand-over, few enough to lose little."""

    batch: int = 10_000
    """Rows that are written to the index in one transaction; a killed scan loses these, or those of two seconds."""

    containers: bool = True
    """Whether ZIP and TAR archives, gzip data and metadata as JSON and XML are looked into (docs/containers.md)."""

    memory_limit: str = "128MB"
    """What DuckDB may use for the index; beyond it spills to disk beside the index."""

    pseudonyms: str | None = None
    """A file with a key: what leads to a patient is stored as keyed hashes only (docs/privacy.md)."""

    patient_values: bool = True
    """Whether attributes that describe patients, orders and institutions are stored at all."""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise BadSetting(f"jobs is {self.jobs}, but at least 1 process has to read")
        if self.in_flight < 1:
            raise BadSetting(f"in_flight is {self.in_flight}, but at least 1 file has to be read")
        if self.chunk < 1 or self.batch < 1:
            raise BadSetting(f"chunk is {self.chunk} and batch {self.batch}, but each needs at least 1 file")
        if not self.stall_seconds >= 1:
            raise BadSetting(f"stall_seconds is {self.stall_seconds}, but a reader needs at least 1 second")


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """What an audit does with the history of an archive's findings (docs/nightly.md).

    Raises:
        BadSetting: `keep_days` is below 1.
    """

    path: str | None = None
    """The history file; None means beside the index."""

    records: bool = True
    """Whether the run is written down; else it is only compared with the last one that was."""

    new_only: bool = False
    """Whether findings that the last recorded audit met too are known, so that only others count."""

    receivers: tuple[str, ...] = ()
    """Who will be told of what is new: written down with the run, so that nobody is forgotten if the process dies."""

    keep_days: int = 400
    """Runs, and findings that are gone, are forgotten after so many days: a year, and a month to look back at it."""

    def __post_init__(self) -> None:
        if self.keep_days < 1:
            raise BadSetting(f"keep_days is {self.keep_days}, but a history keeps at least 1 day")


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What an audit reports, and what it may use.

    Raises:
        BadSetting: A number is below 1, or `memory_limit` is no size, or one with which nothing can be audited.
    """

    max_instances: int | None = None
    """Fixed limit of instances per series. None learns it for each modality and device."""

    limit: int = 1000
    """Findings of one check that are kept in full. All are counted."""

    show_values: bool = False
    """Whether evidence may hold patient values (names, identifiers, dates, descriptions)."""

    memory_limit: str = "2GB"
    """What DuckDB may use; beyond it spills to a temporary folder, which is removed afterwards.

    Ten million objects then peak at 2.2 GB for the whole process. Groups by text hold their values in memory: with too
    little, checks of many copies stop, and that is a finding.
    """

    checks: Mapping[str, Mapping[str, int | float | str | None]] = field(default_factory=dict)
    """Settings by the name of a check, in place of its own; `max_instances` above goes before them."""

    def __post_init__(self) -> None:
        if self.max_instances is not None and self.max_instances < 1:
            raise BadSetting(f"max_instances is {self.max_instances}, but a series has at least 1 instance")
        if self.limit < 1:
            raise BadSetting(f"limit is {self.limit}, but at least 1 finding of a check has to be kept")
        size = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *([KMGT])i?B", self.memory_limit, re.IGNORECASE)
        if not size:
            raise BadSetting(f"memory is {self.memory_limit!r}, but has to be a number and a unit, as 4GB or 800MB")
        if float(size[1]) * _UNITS[size[2].upper()] < _LEAST_MEMORY:
            raise BadSetting(f"memory is {self.memory_limit}, but an audit needs at least 64MB")
