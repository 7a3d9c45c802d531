"""Realistic results of audits to render, and the checks they name; no real patient, device or archive is in them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tagwise.auditing.reports import summary
from tagwise.auditing.result import AuditResult, CheckRun, Counts, DeviceCount, NotCheckable, UnreadableObject
from tagwise.checks import Check, Source
from tagwise.findings import Basis, Confidence, Device, Finding, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

ROOT = "1.2.826.0.1.3680043.8.498."
LONG_UID = ROOT + "98765432109876543210987654321098765432"

GE = Device("GE MEDICAL SYSTEMS", "Optima CT660", "gmp_vct.42", "CT01")
SIEMENS = Device("SIEMENS", "MAGNETOM Vida", "syngo MR XA50", "MRC45678")
PHILIPS = Device("Philips Medical Systems", "Ingenia", "5.7.1\\5.7.1.2", None, "41234")
FUJI = Device("富士フイルム株式会社", "FDR Go PLUS", "V13.1", "ポータブル1")
UNKNOWN = Device()

_DOC = """
## What it finds
{title}. The finding names the `{keyword}` concerned.

## Why it matters
Archives and viewers key on `{keyword}`, so unlike objects are shown as one,
and half of an examination can be read under another name.

## How to confirm
Take two objects and compare:

- Instance Creation Date and Time, to see
  whether they were made together,
- `DeviceSerialNumber`.

## How to fix
1. Report the device and its software version to the vendor.
2. Correct at the router: `if a < b && c > d`.

## Not a problem when
- A study was split on purpose.
"""


def _check(name: str, title: str, severity: Severity, keyword: str, basis: Basis = Basis.STANDARD) -> Check:
    """A check with a page and SQL, as the registry would hold it."""
    return Check(
        name=name,
        title=title,
        doc=_DOC.format(title=title, keyword=keyword),
        severity=severity,
        confidence=Confidence.HIGH,
        basis=basis,
        level=Level.SERIES,
        relation="facets",
        subject=(keyword,),
        reads=("SeriesInstanceUID", "Modality"),
        sql=f"SELECT {keyword}, COUNT(*) AS objects\nFROM facets\nGROUP BY {keyword}\nHAVING COUNT(*) > 1 AND 1 < 2",
        explain=lambda _: "",
        references=("PS3.3 C.7.3.1", "PS3.5 9"),
        sources=(Source("https://example.org/issues/272", "2026-11-23"),),
        since="0.1.0",
        fires=(),
        silent=(),
    )


SERIES = _check(
    "identity/series-uid-reused",
    "One Series Instance UID is used for more than one series",
    Severity.HIGH,
    "SeriesInstanceUID",
)
PATIENT = _check(
    "identity/study-in-two-patients",
    "One study belongs to more than one patient",
    Severity.HIGH,
    "StudyInstanceUID",
)
CHARSET = _check(
    "encoding/character-set-missing",
    "Text outside ASCII without Specific Character Set",
    Severity.MEDIUM,
    "SOPInstanceUID",
)
PADDING = _check(
    "encoding/uid-padded-with-space",
    "A UID is padded with a space instead of NUL",
    Severity.LOW,
    "SOPInstanceUID",
    Basis.PRACTICE,
)
PATHS = _check(
    "consistency/file-meta-mismatch",
    "The file meta information names another object than the data set",
    Severity.MEDIUM,
    "file_path",
)
CHECKS = {check.name: check for check in sorted((SERIES, PATIENT, CHARSET, PADDING, PATHS), key=lambda c: c.name)}


def finding(check: Check = SERIES, uid: str = LONG_UID, **facts: object) -> Finding:
    """A finding of a check; `facts` replace what it says otherwise."""
    made = Finding(
        check=check.name,
        title=check.title,
        severity=check.severity,
        confidence=check.confidence,
        basis=check.basis,
        level=check.level,
        subject={check.subject[0]: uid},
        message="2 studies, 2 patients and 2 modalities use this series UID",
        evidence={"studies": 2, "patients": 2, "instances": 1204, "first_Modality": "CT", "last_Modality": "MR"},
        device=GE,
        devices=1,
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def result(*findings: Finding, **facts: object) -> AuditResult:
    """An audit with these findings; totals, runs and devices follow from them; `facts` replace what it says."""
    worst_first = sorted(findings, key=lambda found: -found.severity.rank)
    made = AuditResult(
        tool="tagwise 0.1.0",
        edition="2026d",
        source="archive/pacs-2026",
        started=datetime(2026, 11, 23, 2, 15, 7, tzinfo=UTC),
        seconds=12.34,
        counts=Counts(instances=1204334, series=9876, studies=3210, patients=2987, unreadable=0),
        total=Counter(found.severity for found in findings),
        findings=tuple(worst_first),
        runs=tuple(CheckRun(name, number, 0.25) for name, number in _by_check(findings).items()),
        devices=_devices(findings),
        unreadable=(),
        limit=1000,
        settings={"max_instances": 5000},
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def _by_check(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings each check has."""
    numbers = Counter(found.check for found in findings)
    return {name: numbers[name] for name in CHECKS}


def _devices(findings: Iterable[Finding]) -> tuple[DeviceCount, ...]:
    """One row per device of the findings."""
    found: dict[Device, list[Finding]] = {}
    for one in findings:
        if one.device:
            found.setdefault(one.device, []).append(one)
    return tuple(
        DeviceCount(
            device,
            1200 + 7 * place,
            {name: number for name, number in _by_check(theirs).items() if number},
            Counter(one.severity for one in theirs),
        )
        for place, (device, theirs) in enumerate(found.items())
    )


def clean() -> AuditResult:
    """Nothing found."""
    return result()


def few() -> AuditResult:
    """A morning after a nightly audit: several checks and devices, unreadable objects, a check not answered."""
    return result(
        finding(),
        finding(uid=ROOT + "22", severity=Severity.MEDIUM, message="2 series numbers use this series UID"),
        finding(PATIENT, ROOT + "31", message="2 patients have this study", device=SIEMENS, devices=3),
        finding(CHARSET, ROOT + "41.7", message="3 values have bytes above 127", device=FUJI, evidence={"values": 3}),
        finding(CHARSET, ROOT + "41.8", message="1 value has bytes above 127", device=None, devices=0, evidence={}),
        finding(PADDING, ROOT + "51", message="SOPInstanceUID ends in a space", device=PHILIPS),
        finding(PADDING, ROOT + "52", message="SOPInstanceUID ends in a space", device=UNKNOWN),
        finding(
            PATHS,
            "2026/11/22/a folder with a rather long name/another one below it, also long/IMG0001.dcm",
            level=Level.FILE,
            message="(0002,0003) differs from (0008,0018)",
            device=GE,
        ),
        counts=Counts(instances=1204334, series=9876, studies=3210, patients=2987, unreadable=4),
        unreadable=(
            UnreadableObject("2026/11/22/IMG0007.dcm", 132, "truncated: the object ends at byte 132 in (0008,0018)"),
            UnreadableObject("2026/11/22/notes.txt", 12, "not DICOM: no DICM prefix and no data set"),
            UnreadableObject("2026/11/22/IMG0008.dcm", 0, "empty file: 0 bytes"),
            UnreadableObject("2026/11/22/IMG0009.dcm", None, "file unavailable: permission denied"),
        ),
        not_checkable=(NotCheckable("consistency/modality-mixed", "needs Modality per instance, has it per series"),),
    )


def crashed() -> AuditResult:
    """A check crashed; its finding has no page in the registry."""
    crash = finding(
        check=replace(SERIES, name="engine/check-crashed", title="A check crashed", subject=("check",)),
        uid=SERIES.name,
        level=Level.ARCHIVE,
        message="ZeroDivisionError: division by zero",
        evidence={},
        device=None,
        devices=0,
    )
    total = {**few().total, Severity.HIGH: few().total[Severity.HIGH] + 1}
    return replace(few(), findings=(crash, *few().findings), total=total, crashed=(SERIES.name,))


def many(number: int = 2000) -> AuditResult:
    """A neglected archive: many findings and devices, of which only some are listed."""
    rng = random.Random(272)  # noqa: S311 - the same sample every time
    devices = [Device(f"Vendor {i % 7}", f"Model {i}", f"{i}.{i % 3}", f"ST{i:03}") for i in range(40)]
    made = [
        finding(
            rng.choice((SERIES, PATIENT, CHARSET, CHARSET, PADDING, PADDING, PADDING)),
            f"{ROOT}{rng.randrange(10**37, 10**38)}",
            device=rng.choice(devices),
            devices=rng.choice((1, 1, 1, 2)),
        )
        for _ in range(number)
    ]
    audited = result(*made)
    runs = tuple(replace(run, findings=run.findings + 44210 * (run.check == PADDING.name)) for run in audited.runs)
    total = {**audited.total, Severity.LOW: audited.total[Severity.LOW] + 44210}
    unreadable = tuple(UnreadableObject(f"dump/{i:06}.dcm", i, "truncated: at byte 132") for i in range(3000))
    counts = replace(audited.counts, unreadable=45000)
    return replace(audited, runs=runs, total=total, unreadable=unreadable, counts=counts)


HOSTILE = (
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x00\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066"
)
"""What a file may hold or be called: HTML, a terminal that is cleared and renamed, text that runs backwards."""

MARKUP = "[bold red]not bold[/] :smile: {{ 7 * 7 }} {% raw %} `code` \udce9 \ud800 \x9b31m"
"""Markup of rich, emoji codes, template syntax, a path with a byte that is no UTF-8, a C1 control."""


def hostile() -> AuditResult:
    """Every text that comes from objects is an attack."""
    device = Device(HOSTILE, MARKUP, "1\n2", "\tst")
    bad = finding(
        uid=HOSTILE, message=HOSTILE + MARKUP, title=MARKUP, device=device, evidence={"last_Modality": HOSTILE}
    )
    number = finding(uid=MARKUP, evidence={"ratio": float("nan"), "most": float("inf"), "text": MARKUP, "none": None})
    unknown = finding(replace(SERIES, name="other/" + HOSTILE), uid="1.2", device=replace(device, StationName=None))
    return result(
        bad,
        number,
        unknown,
        source=HOSTILE + MARKUP,
        counts=Counts(instances=3, series=2, studies=1, patients=1, unreadable=1),
        unreadable=(UnreadableObject(HOSTILE + MARKUP, 7, "truncated: " + HOSTILE),),
        not_checkable=(NotCheckable("consistency/" + MARKUP, HOSTILE),),
        crashed=("identity/" + MARKUP,),
    )


def use_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reports know the checks of this file only, so that their snapshots do not change with a page."""
    monkeypatch.setattr(summary, "registry", lambda: CHECKS)
