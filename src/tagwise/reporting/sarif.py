"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html.

Rules stand behind the results, because only then it is known which are needed. The order of keys means nothing in JSON.
"""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tagwise import __version__
from tagwise.checks import registry
from tagwise.checks.objects import object_registry
from tagwise.control import baseline
from tagwise.control.selection import ENGINE
from tagwise.findings import Severity, Status
from tagwise.printable import encodable, escape_hidden_in_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from tagwise.findings import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PAGES = "http://127.0.0.1:8440/"
"""Where `tagwise serve` has the pages of checks, unless a site of one's own is named."""

_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_STATES = {Status.NEW: "new", Status.KNOWN: "unchanged", Status.WAIVED: "unchanged", Status.GONE: "absent"}


class SarifWriter:
    """Writes one run as SARIF: `add` findings, then `end`.

    Args:
        stream: Takes the text.
        pages: The address below which the pages of checks are.
        compared: Whether there is a baseline, so that each result says if it is new.
    """

    def __init__(self, stream: TextIO, *, pages: str = PAGES, compared: bool = False) -> None:
        self._stream, self._pages, self._compared = stream, pages.rstrip("/"), compared
        self._rules: dict[str, Finding] = {}
        self._places: dict[str, int] = {}
        self._number = 0
        self._failed = False
        stream.write(f'{{\n"$schema": "{SCHEMA}",\n"version": "2.1.0",\n"runs": [{{"results": [')

    def add(self, findings: Iterable[Finding], artifact: str) -> None:
        """Write results.

        Args:
            artifact: The file or the archive that was looked at.
        """
        for finding in findings:
            self._rules.setdefault(finding.check, finding)
            self._places.setdefault(finding.check, len(self._places))
            self._failed |= finding.check.startswith(f"{ENGINE}/")
            self._stream.write((",\n" if self._number else "\n") + _dumps(self._result(finding, artifact)))
            self._number += 1

    def end(self) -> None:
        """Write the rules that were needed, and whether the run was complete."""
        driver = {
            "name": "tagwise",
            "version": __version__,
            "semanticVersion": __version__,
            "rules": [self._rule(finding) for finding in self._rules.values()],
        }
        rest = {
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": not self._failed}],
            "columnKind": "unicodeCodePoints",
        }
        self._stream.write(f"],\n{_dumps(rest)[1:]}]\n}}\n")

    def _result(self, finding: Finding, artifact: str) -> dict[str, Any]:
        place = finding.place
        properties: dict[str, Any] = {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "basis": finding.basis,
            "subject": {name: encodable(value) for name, value in finding.subject.items()},
            "evidence": {name: _plain(value) for name, value in finding.evidence.items()},
        }
        if place is not None and place.tag:
            properties["tag"] = place.tag
        if finding.first_seen is not None:
            properties["firstSeen"] = finding.first_seen.isoformat(timespec="seconds")
        if finding.device is not None:
            properties["device"] = encodable(finding.device.label)
        result: dict[str, Any] = {
            "ruleId": finding.check,
            "ruleIndex": self._places[finding.check],
            "level": _LEVELS[finding.severity],
            "message": {"text": encodable(finding.message)},
            "locations": [_location(finding, artifact)],
            "partialFingerprints": {"tagwise/v1": baseline.fingerprint(finding)},
            "properties": properties,
        }
        if self._compared:
            result["baselineState"] = _STATES[finding.status]
        if finding.status is Status.WAIVED:
            justified = {"kind": "external", "status": "accepted", "justification": encodable(finding.reason)}
            result["suppressions"] = [justified]
        return result

    def _rule(self, finding: Finding) -> dict[str, Any]:
        """The facts and the page of a check; findings of tagwise about itself have a title only."""
        rule: dict[str, Any] = {"id": finding.check, "shortDescription": {"text": f"{finding.title}."}}
        check = registry().get(finding.check) or object_registry().get(finding.check)
        if check is None:
            return rule
        sections = check.sections()
        return rule | {
            "fullDescription": {"text": sections.get("What it finds", check.title)},
            "help": {"text": check.doc, "markdown": check.doc},
            "helpUri": f"{self._pages}/checks/{check.name}",
            "defaultConfiguration": {"level": _LEVELS[check.severity]},
            "properties": {
                "tags": [check.folder, check.basis.value],
                "precision": check.confidence.value,
                "problem.severity": _LEVELS[check.severity].replace("note", "recommendation"),
            },
        }


def _location(finding: Finding, artifact: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(finding.subject.get("file_path", artifact))}}
    place = finding.place
    if place is not None and place.offset is not None:
        physical["region"] = {"byteOffset": place.offset}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place is not None and place.attribute:
        location["logicalLocations"] = [{"fullyQualifiedName": encodable(place.attribute), "kind": "member"}]
    elif place is None:
        named = (f"{name}={value}" for name, value in finding.subject.items() if name != "file_path")
        logical = [{"fullyQualifiedName": encodable(name), "kind": "object"} for name in named]
        if logical:
            location["logicalLocations"] = logical
    return location


def uri(path: str) -> str:
    """A path as a URI reference: relative where the path is.

    >>> uri("a b/ü.dcm"), uri("/archive/1")
    ('a%20b/%C3%BC.dcm', 'file:///archive/1')
    """
    escaped = quote(os.fsencode(path))
    if PurePath(path).is_absolute():
        return f"file://{escaped}"
    return escaped.replace(":", "%3A") or "."


def _plain(value: object) -> object:
    return encodable(value) if isinstance(value, str) else value


def _dumps(document: dict[str, Any]) -> str:
    return escape_hidden_in_json(json.dumps(document, ensure_ascii=False))
