"""What a check reports about DICOM data. Findings are data: nothing here reads, writes or raises."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Severity(StrEnum):
    """How much harm a finding does; members compare by harm, not by spelling.

    HIGH is data loss or patient safety, MEDIUM disturbs the workflow, LOW is cosmetic.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high."""
        return ("low", "medium", "high").index(self.value)

    def reaches(self, threshold: Severity) -> bool:
        """Whether this severity is the threshold or worse.

        >>> Severity.HIGH.reaches(Severity.MEDIUM)
        True
        """
        return self.rank >= threshold.rank


WORST_FIRST = tuple(sorted(Severity, key=lambda severity: -severity.rank))


def severities_in_words(numbers: Mapping[Severity, int]) -> str:
    """Findings by severity, worst first, zeros left out.

    >>> severities_in_words({Severity.LOW: 1200, Severity.HIGH: 2})
    '2 high, 1,200 low'
    """
    return ", ".join(f"{numbers[severity]:,} {severity}" for severity in WORST_FIRST if numbers.get(severity))


class Confidence(StrEnum):
    """How sure a finding is: HIGH a fact, MEDIUM rarely wrong, LOW worth a look."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Basis(StrEnum):
    """Who says so: the DICOM STANDARD, a VENDOR's documentation, or PRACTICE."""

    STANDARD = "standard"
    VENDOR = "vendor"
    PRACTICE = "practice"


class Level(StrEnum):
    """What the subject of a finding is, in the words of PS3.4 C.6; a device is the equipment of PS3.3 C.7.5.1."""

    PATIENT = "patient"
    STUDY = "study"
    SERIES = "series"
    INSTANCE = "instance"
    FILE = "file"
    DEVICE = "device"
    ARCHIVE = "archive"


class Status(StrEnum):
    """Whether a finding counts: NEW ones do; KNOWN ones are in the baseline, WAIVED ones accepted with a reason.

    In a history (docs/nightly.md) KNOWN ones were met by the audit before too, and GONE ones were met once, not now.
    """

    NEW = "new"
    KNOWN = "known"
    WAIVED = "waived"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Device:
    """The equipment that wrote the objects of a finding (PS3.3 C.7.5.1); None where the objects do not say."""

    Manufacturer: str | None = None
    ManufacturerModelName: str | None = None
    SoftwareVersions: str | None = None
    StationName: str | None = None
    DeviceSerialNumber: str | None = None

    @property
    def label(self) -> str:
        """One line for a table.

        >>> Device("GE MEDICAL SYSTEMS", "Optima CT660", "12.3", "CT01").label
        'GE MEDICAL SYSTEMS Optima CT660, software 12.3, station CT01'
        >>> Device().label
        'unknown device'
        """
        name = " ".join(part for part in (self.Manufacturer, self.ManufacturerModelName) if part)
        parts = [name or "unknown device"]
        if self.SoftwareVersions:
            parts.append(f"software {self.SoftwareVersions}")
        if self.StationName:
            parts.append(f"station {self.StationName}")
        elif self.DeviceSerialNumber:
            parts.append(f"serial {self.DeviceSerialNumber}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in one object a finding is.

    `attribute` is the path, items counted from 1: `RequestAttributesSequence[1].ScheduledProcedureStepID`; "" for the
    object as a whole. `tag` is written as the standard does. `offset` is the byte at which the element starts, counted
    from the beginning of the file, or of the inflated data set.
    """

    attribute: str = ""
    tag: str | None = None
    offset: int | None = None


EvidenceValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place, found by one check.

    `subject` maps keywords to UIDs (`{"SeriesInstanceUID": "1.2.3"}`), or to what names a device
    (`{"StationName": "CT1"}`), or `file_path` to a path.
    `evidence` holds counts, and values that are not patient data unless the reader asked for them.
    `place` says where in the object, for findings about one object.
    `devices` is how many different devices wrote the objects concerned; `device` is the one that wrote most of them.
    `status` says whether the finding counts, `reason` why it was waived.
    `first_seen` is when an audit met it for the first time (UTC), where a history is kept.
    """

    check: str
    title: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    level: Level
    subject: Mapping[str, str]
    message: str
    evidence: Mapping[str, EvidenceValue] = field(default_factory=dict)
    device: Device | None = None
    devices: int = 0
    place: Place | None = None
    status: Status = Status.NEW
    reason: str = ""
    first_seen: datetime | None = None

    @property
    def page(self) -> str:
        """The command that opens the page of the check."""
        return f"tagwise show {self.check}"
