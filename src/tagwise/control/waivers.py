"""Findings that somebody has accepted, with a reason, and perhaps until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - part of a public dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tagwise.control.selection import attributes_of

if TYPE_CHECKING:
    from tagwise.findings import Finding


@dataclass(frozen=True, slots=True)
class Waiver:
    """What is accepted, and why. Every condition that is not None must hold.

    `check` is the name of a check or a folder. `uid`, `path` and `device` are patterns with `*` and `?`: of any UID of
    the subject, of the path of the file, of the device in one line. `attribute` is a keyword, or a tag as (GGGG,EEEE).
    `until` is the last day on which the waiver holds.
    """

    check: str
    reason: str
    uid: str | None = None
    path: str | None = None
    attribute: str | None = None
    device: str | None = None
    until: date | None = None

    @property
    def described(self) -> str:
        """What it takes away, in one line."""
        parts = [
            f"{name} {value}"
            for name, value in (
                ("uid", self.uid),
                ("path", self.path),
                ("attribute", self.attribute),
                ("device", self.device),
            )
            if value is not None
        ]
        return ", ".join([self.check, *parts])

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of those that are accepted."""
        if self.check not in (finding.check, finding.check.partition("/")[0]):
            return False
        subject = finding.subject
        if self.uid is not None and not any(
            fnmatchcase(value, self.uid) for keyword, value in subject.items() if keyword.endswith("UID")
        ):
            return False
        if self.path is not None and not fnmatchcase(subject.get("file_path", ""), self.path):
            return False
        if self.attribute is not None and self.attribute not in attributes_of(finding):
            return False
        if self.device is None:
            return True
        return finding.device is not None and fnmatchcase(finding.device.label, self.device)
