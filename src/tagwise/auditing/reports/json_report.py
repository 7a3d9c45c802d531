"""The audit report for programs: one JSON object, described in docs/audit-json.md and audit.schema.json."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tagwise.auditing.reports.summary import groups, has_page, total_findings
from tagwise.findings import WORST_FIRST
from tagwise.printable import encodable, escape_hidden_in_json

if TYPE_CHECKING:
    from tagwise.auditing.result import AuditResult, DeviceCount
    from tagwise.auditing.trends import Trends
    from tagwise.findings import Device, Finding, Severity

SCHEMA_VERSION = 1
"""Rises when a member is removed or changes its meaning; new members do not raise it."""

JsonObject = dict[str, Any]


def to_dict(result: AuditResult) -> JsonObject:
    r"""Return the audit as plain dictionaries, lists, strings, numbers and None, ready for any JSON writer.

    Members, in this order:
        schema_version: 1.
        tool, edition: Version of tagwise; edition of the DICOM standard that it used.
        source, started, seconds: What was audited, when (ISO 8601 with offset), and how long it took.
        counts: `instances`, `series`, `studies`, `patients`, `unreadable`, and `findings` by severity.
        findings: Worst first. Each has `check`, `title`, `severity`, `confidence`, `basis`, `level`, `subject`
            (keyword to UID, or `file_path`), `message`, `evidence`, `device` (None or five attributes), `devices`
            (how many) and `page` (a command; None where the check has no page).
        not_listed: How many findings are counted but not listed, because of `limit`.
        limit: The most findings listed of one check; None for all.
        runs: Each check that ran: `check`, `findings` (all), `listed`, `seconds`.
        devices: Each device with `instances` and its findings by check and by severity.
        unreadable: Each object that could not be read: `file_path`, `file_size`, `read_error`.
        not_checkable: Checks that this source cannot answer, or only in part: `check`, `reason`.
        crashed: Checks that crashed; the audit is complete only when this is empty.
        settings: The settings of the checks.
        set_aside: What does not count: `known`, `waived`, `gone` (None without a baseline), `waivers`, and `findings`
            as above with `status` and `reason`.
        shows_patient_values: Whether evidence and messages may hold patient values.
        history: What this run is beside the one before: `file`, `run`, `previous`, `new_only`, `new`, `known`,
            `waived`, `gone`, `gone_by_check`, `clock_went_back`; None without a history. Findings then have
            `first_seen`.
        trends: `days`, `modalities` with `series` of each of these days by Study Date, and `devices` with `runs`
            (`started`, `instances`, `findings`) of each audit in the history.

    Lone surrogates are spelled out (a byte of a path that is no UTF-8 as `\xe9`); numbers that JSON lacks are None.
    """
    counts = result.counts
    started = result.started if result.started.tzinfo else result.started.astimezone()
    return _plain_object(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": result.tool,
            "edition": result.edition,
            "source": result.source,
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(result.seconds, 3),
            "counts": {
                "instances": counts.instances,
                "series": counts.series,
                "studies": counts.studies,
                "patients": counts.patients,
                "unreadable": counts.unreadable,
                "findings": _by_severity(result.total),
            },
            "findings": [_finding(finding) for finding in result.findings],
            "not_listed": total_findings(result) - len(result.findings),
            "limit": result.limit,
            "runs": _runs(result),
            "devices": [_device_count(row) for row in result.devices],
            "unreadable": [
                {"file_path": row.file_path, "file_size": row.file_size, "read_error": row.read_error}
                for row in result.unreadable
            ],
            "not_checkable": [{"check": row.check, "reason": row.reason} for row in result.not_checkable],
            "crashed": result.crashed,
            "settings": result.settings,
            "set_aside": _set_aside(result),
            "shows_patient_values": result.shows_patient_values,
            "history": _history(result),
            "trends": _trends(result.trends),
        }
    )


def dumps(result: AuditResult) -> str:
    """Return the audit as indented JSON that ends in a line feed and is safe to print on a terminal."""
    document = json.dumps(to_dict(result), ensure_ascii=False, allow_nan=False, indent=2)
    return escape_hidden_in_json(document) + "\n"


def _by_severity(numbers: Mapping[Severity, int]) -> JsonObject:
    """All severities, worst first, zeros included."""
    return {severity.value: numbers.get(severity, 0) for severity in WORST_FIRST}


def _finding(finding: Finding) -> JsonObject:
    """One finding."""
    return {
        "check": finding.check,
        "title": finding.title,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "basis": finding.basis.value,
        "level": finding.level.value,
        "subject": finding.subject,
        "message": finding.message,
        "evidence": finding.evidence,
        "device": _device(finding.device) if finding.device else None,
        "devices": finding.devices,
        "page": finding.page if has_page(finding.check) else None,
        **({"first_seen": finding.first_seen.isoformat(timespec="seconds")} if finding.first_seen else {}),
    }


def _trends(trends: Trends) -> JsonObject:
    """Series by day and modality, findings by device and audit."""
    return {
        "days": [day.isoformat() for day in trends.days],
        "modalities": [{"Modality": one.Modality, "series": one.series} for one in trends.modalities],
        "devices": [
            {
                "Manufacturer": one.Manufacturer,
                "ManufacturerModelName": one.ManufacturerModelName,
                "SoftwareVersions": one.SoftwareVersions,
                "runs": [
                    {"started": started.isoformat(timespec="seconds"), "instances": instances, "findings": findings}
                    for started, instances, findings in one.runs
                ],
            }
            for one in trends.devices
        ],
    }


def _history(result: AuditResult) -> JsonObject | None:
    """What the run is beside the one before."""
    since = result.since
    if since is None:
        return None
    return {
        "file": since.path,
        "run": since.run,
        "previous": since.previous.isoformat(timespec="seconds") if since.previous else None,
        "new_only": since.new_only,
        "new": since.new,
        "known": since.known,
        "waived": since.waived,
        "gone": sum(since.gone.values()),
        "gone_by_check": since.gone,
        "clock_went_back": since.behind is not None,
    }


def _set_aside(result: AuditResult) -> JsonObject:
    """Findings that do not count, and why."""
    aside = result.aside
    return {
        **aside.to_dict(),
        "findings": [
            _finding(finding) | {"status": finding.status.value, "reason": finding.reason}
            for finding in result.set_aside
        ],
    }


def _runs(result: AuditResult) -> list[JsonObject]:
    """Each check that ran, with how many of its findings are listed."""
    listed = {group.check: len(group.findings) for group in groups(result)}
    return [
        {
            "check": run.check,
            "findings": run.findings,
            "listed": listed.get(run.check, 0),
            "seconds": round(run.seconds, 3),
        }
        for run in result.runs
    ]


def _device(device: Device) -> JsonObject:
    """The attributes of a device by keyword."""
    return {
        "Manufacturer": device.Manufacturer,
        "ManufacturerModelName": device.ManufacturerModelName,
        "SoftwareVersions": device.SoftwareVersions,
        "StationName": device.StationName,
        "DeviceSerialNumber": device.DeviceSerialNumber,
    }


def _device_count(row: DeviceCount) -> JsonObject:
    """One device with what was found in its objects."""
    return {
        "device": _device(row.device),
        "instances": row.instances,
        "findings_by_check": row.findings,
        "findings": _by_severity(row.severities),
    }


def _plain_object(value: Mapping[str, object]) -> JsonObject:
    """Return a JSON object of the mapping."""
    return {encodable(str(key)): _plain(inner) for key, inner in value.items()}


def _plain(value: object) -> object:
    """Return the value in types that every JSON reader takes; what JSON cannot say becomes None or text."""
    if isinstance(value, str):
        return encodable(str(value))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return _plain_object(value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return encodable(str(value))
