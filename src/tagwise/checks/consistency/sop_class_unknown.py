"""Objects of a SOP class that few systems know: private, retired, or no class at all.

## What it finds
SOP Class UIDs in the archive, one finding per class, that are

- registered by DICOM but not as a storage class, or not registered although they begin with DICOM's root: medium. No
  receiver has a presentation context for them;
- private, under a root of a vendor: low;
- retired: low. They were right when they were written.

A missing SOP Class UID is reported by `identity/uid-missing`.

## Why it matters
An object travels in an association only if both sides name its class. A class that the receiver does not know is
refused; most senders then report one failed object in a study that looks complete. So these objects stay behind at
each migration, often unnoticed until a raw data set or a report is wanted again. Cloud stores keep a list of classes,
too.

## How to confirm
1. `tagwise show UID` names the class, if it has a name.
2. Ask the destination's conformance statement, or try: `storescu` with one object, and read the result of the
   presentation context.
3. List the devices that wrote it.

## How to fix
1. Add the class to the accepted classes of archive, router and destination. Most take private classes when they are
   listed by UID.
2. Before a migration, decide for each class: take it along, convert it with the vendor's tool, or leave it and write
   down that it was left.
3. A UID that is no storage class is a writer's fault: report it with an example. Correct stored objects only if the
   content shows beyond doubt what they are.

## Not a problem when
- Only the vendor's own workstation reads the private objects, and it still does.
- The class is newer than the UIDs that this version of tagwise knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks.consistency._classes import class_name
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import modules, uids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _storage_classes() -> dict[str, bool]:
    """Storage classes that have a name, and whether each is retired."""
    named = {
        uid: known.retired
        for uid, known in uids.by_uid().items()
        if known.kind == "SOP Class" and "Storage" in known.name and "Commitment" not in known.name
    }
    return {**dict.fromkeys(modules.iod_of_sop_class(), False), **named}


def _quoted(retired: bool) -> str:
    return ", ".join(f"'{uid}'" for uid, is_retired in _storage_classes().items() if is_retired is retired)


_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
}


def _class(uid: str) -> list[dict[str, str]]:
    return [{"SOPClassUID": uid}]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("SOPClassUID",),
    reads=("SOPClassUID", "SeriesInstanceUID"),
    sql=f"""
SELECT
  SOPClassUID,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  SUM(instances) AS instances,
  MAX(CASE WHEN SOPClassUID LIKE '1.2.840.10008.%' THEN 0 ELSE 1 END) AS private,
  MAX(CASE WHEN SOPClassUID IN ({_quoted(retired=True)}) THEN 1 ELSE 0 END) AS retired,
  MIN(SeriesInstanceUID) AS example_SeriesInstanceUID
FROM facets
WHERE SOPClassUID IS NOT NULL
  AND SOPClassUID NOT IN ({_quoted(retired=False)})
GROUP BY SOPClassUID
ORDER BY SOPClassUID
""",
    references=("PS3.4 B.5", "PS3.6 A", "PS3.4 I.4"),
    sources=(),
    since="0.1.0",
    fires=(
        Example(
            "the transfer syntax in the place of the class",
            [{**_CT, "SOPClassUID": "1.2.840.10008.1.2.1"}],
            _class("1.2.840.10008.1.2.1"),
        ),
        Example(
            "a class that DICOM never registered",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.99"}],
            _class("1.2.840.10008.5.1.4.1.1.2.99"),
        ),
        Example(
            "private objects of two series make one finding, a minor fault",
            [
                {**_CT, "SOPClassUID": "1.3.12.2.1107.5.9.1"},
                {"SOPClassUID": "1.3.12.2.1107.5.9.1", "SeriesInstanceUID": "1.2.826.0.1.1.2"},
            ],
            _class("1.3.12.2.1107.5.9.1"),
        ),
        Example(
            "a retired class, a minor fault",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6"}],
            _class("1.2.840.10008.5.1.4.1.1.6"),
        ),
    ),
    silent=(
        Example("a CT image", [_CT]),
        Example("a label map segmentation, which is new", [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.7"}]),
        Example("a hanging protocol", [{"SOPClassUID": "1.2.840.10008.5.1.4.38.1"}]),
        Example("no class, which uid-missing reports", [{**_CT, "SOPClassUID": ""}]),
    ),
)
def sop_class_unknown(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say which of the three it is."""
    uid = str(row["SOPClassUID"])
    where = f"series: {row['series']}, instances: {row['instances']}"
    if int(row["private"] or 0):
        return Problem(f"private SOP class {uid} ({where})", Severity.LOW)
    if int(row["retired"] or 0):
        return Problem(f"retired SOP class: {class_name(uid)} ({where})", Severity.LOW)
    return Problem(f"{uid} is no storage SOP class ({where})")
