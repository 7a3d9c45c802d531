"""Images that others are related to in space have no Frame of Reference UID.

## What it finds
Series with CT, MR or PET images, single-frame or enhanced, RT doses or segmentations of a volume that lack a Frame of
Reference UID. For CT, MR and PET the attribute is required, and the severity is medium; RT doses and segmentations
need it as soon as they are laid over images, and have low severity.

## Why it matters
The Frame of Reference UID is what says that the coordinates of two series can be compared. Without it viewers draw no
reference lines, fuse nothing and reject segmentations; planning systems refuse to import the images. Tools that copy
the missing value into their results make these useless too.

## How to confirm
1. `dcmdump +P FrameOfReferenceUID +P PositionReferenceIndicator FILE`: is the element absent, or empty?
2. Compare with the scanner's own copy. If it is there, a converter or a de-identification tool on the way removes it.
3. All series of a device without it: the device does not write it. Its conformance statement says so or is wrong.

## How to fix
1. Correct the tool: PS3.15 Annex E lets a tool replace the value, the same new value for the same old one, not drop it.
2. Fetch the images again from the scanner or the first archive.
3. If nobody has the value any more, give all series of one positioning the same new UID, and only those. Where that is
   not known, each series gets its own: a shared value that is wrong is worse than none.

## Not a problem when
- The images are phantoms, or are only ever looked at one by one.
- A dose was calculated for a point and not for a volume.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.consistency._classes import class_name
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_ROOT = "1.2.840.10008.5.1.4.1.1."
_REQUIRED = tuple(_ROOT + end for end in ("2", "2.1", "2.2", "4", "4.1", "4.3", "4.4", "128", "128.1", "130"))
"""CT, MR and PET images: the Frame of Reference module is mandatory (PS3.3 A.3.3, A.4.3, A.21.3)."""

_LAID_OVER = tuple(_ROOT + end for end in ("481.2", "66.4"))
"""RT Dose and Segmentation."""


def _listed(uids: tuple[str, ...]) -> str:
    return ", ".join(f"'{uid}'" for uid in uids)


_CT = {
    "SOPClassUID": f"{_ROOT}2",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "FrameOfReferenceUID"),
    sql=f"""
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  MAX(CASE WHEN SOPClassUID IN ({_listed(_REQUIRED)}) THEN 1 ELSE 0 END) AS required,
  MIN(SOPClassUID) AS its_SOPClassUID
FROM facets
WHERE FrameOfReferenceUID IS NULL
  AND SeriesInstanceUID IS NOT NULL
  AND SOPClassUID IN ({_listed(_REQUIRED + _LAID_OVER)})
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.4.1", "PS3.3 A.3.3", "PS3.3 A.4.3", "PS3.3 A.21.3", "PS3.15 E"),
    sources=(Source("https://github.com/qurit/rt-utils/issues/29", "2026-11-23"),),
    since="0.1.0",
    fires=(
        Example("a CT without it", [_CT, _CT], [_THE_SERIES]),
        Example(
            "one slice of a series without it", [_CT, {**_CT, "FrameOfReferenceUID": "1.2.826.0.1.9"}], [_THE_SERIES]
        ),
        Example("an RT dose without it, a minor fault", [{**_CT, "SOPClassUID": f"{_ROOT}481.2"}], [_THE_SERIES]),
    ),
    silent=(
        Example("a CT with it", [{**_CT, "FrameOfReferenceUID": "1.2.826.0.1.9"}]),
        Example("an ultrasound image", [{**_CT, "SOPClassUID": f"{_ROOT}6.1"}]),
        Example("an X-ray image", [{**_CT, "SOPClassUID": f"{_ROOT}1.1"}]),
        Example("a dose report", [{**_CT, "SOPClassUID": f"{_ROOT}88.67"}]),
        Example("a structure set has it in a sequence", [{**_CT, "SOPClassUID": f"{_ROOT}481.3"}]),
    ),
)
def frame_of_reference_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the class and count the instances."""
    severity = None if int(row["required"] or 0) else Severity.LOW
    name = class_name(str(row["its_SOPClassUID"]))
    return Problem(f"{name} without Frame of Reference UID (instances: {row['instances']})", severity)
