"""How results travel from a checking process: as arrays, without what the receiver knows, the path and its subject."""

from __future__ import annotations

from typing import Any

import msgspec

from tagwise.control.selection import Selection
from tagwise.findings import Basis, Confidence, Device, Finding, Level, Place, Severity
from tagwise.validation.result import CheckResult


class Hello(msgspec.Struct, array_like=True):
    """What a checking process has to know first."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    grades: tuple[tuple[str, str], ...]
    show_values: bool


class SentFinding(msgspec.Struct, array_like=True):
    """A finding."""

    check: str
    title: str
    severity: str
    confidence: str
    basis: str
    message: str
    evidence: dict[str, Any]
    place: tuple[str, str | None, int | None] | None


class SentResult(msgspec.Struct, array_like=True):
    """A result."""

    complete: bool
    elements: int
    uid: str | None
    syntax: str | None
    findings: list[SentFinding]
    device: tuple[str | None, ...] | None


def hello(selection: Selection, *, show_values: bool) -> bytes:
    """The first message."""
    grades = tuple((name, grade.value) for name, grade in selection.grades)
    return msgspec.msgpack.encode(Hello(selection.select, selection.ignore, grades, show_values))


def selection_of(first: Hello) -> Selection:
    """The selection in the first message."""
    return Selection(first.select, first.ignore, tuple((name, Severity(grade)) for name, grade in first.grades))


def sent(result: CheckResult) -> SentResult:
    """A result, ready to travel."""
    findings = [
        SentFinding(
            *(one.check, one.title, one.severity.value, one.confidence.value, one.basis.value, one.message),
            dict(one.evidence),
            (one.place.attribute, one.place.tag, one.place.offset) if one.place else None,
        )
        for one in result.findings
    ]
    named = result.findings[0].device if result.findings else None
    device = None if named is None else tuple(getattr(named, name) for name in Device.__slots__)
    return SentResult(
        result.complete, result.elements, result.SOPInstanceUID, result.TransferSyntaxUID, findings, device
    )


def results(answer: bytes, paths: list[str]) -> list[CheckResult]:
    """The results of the first of these paths."""
    return [
        _result(path, one)
        for path, one in zip(paths, msgspec.msgpack.decode(answer, type=list[SentResult]), strict=False)
    ]


def _result(path: str, one: SentResult) -> CheckResult:
    subject = {"file_path": path} | ({"SOPInstanceUID": one.uid} if one.uid else {})
    device = None if one.device is None else Device(*one.device)
    findings = tuple(
        Finding(
            *(told.check, told.title, Severity(told.severity), Confidence(told.confidence), Basis(told.basis)),
            *(Level.INSTANCE, subject, told.message),
            evidence=told.evidence,
            place=Place(*told.place) if told.place else None,
            device=device,
            devices=int(device is not None),
        )
        for told in one.findings
    )
    return CheckResult(path, findings, one.complete, one.elements, one.uid, one.syntax)
