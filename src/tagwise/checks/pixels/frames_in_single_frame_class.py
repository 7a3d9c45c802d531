"""An image of a class for one frame says that it has several, or none.

## What it finds
Series with images whose Number of Frames is greater than one although their SOP class holds one frame: CT, MR and PET
images, computed radiography, digital X-ray, mammography, single-frame ultrasound, secondary capture, endoscopy and
photography. Medium severity. Images of any class whose Number of Frames is 0 or no number are reported as well.

## Why it matters
Such an object is usually a volume that a converter wrote into the class it knew. The class has no place for the
position of each frame, so viewers show the first one only, or play the volume as a clip with one millimetre between
slices, or stop. An archive that checks lengths may refuse it.

## How to confirm
1. `dcmdump +P SOPClassUID +P NumberOfFrames +P FrameIncrementPointer +P PixelData FILE`: does the length fit?
2. Find the writer in Manufacturer, Software Versions and Implementation Version Name.

## How to fix
1. Let the writer use the multi-frame class: Enhanced CT or MR, Multi-frame Secondary Capture, Ultrasound Multi-frame.
2. For stored objects convert the volume into single slices or into the enhanced class, from the source data if they
   exist; positions cannot be guessed.

## Not a problem when
- A vendor's own workstation writes and reads such objects, and nobody else does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.checks.consistency._classes import class_name
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_ROOT = "1.2.840.10008.5.1.4.1.1."
SINGLE = tuple(
    _ROOT + end
    for end in (
        *("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1"),
        *("2", "4", "128", "6.1", "7", "77.1.1", "77.1.2", "77.1.3", "77.1.4"),
    )
)
"""Classes whose IOD has no multi-frame module (PS3.3 A)."""

_CT = {
    "SOPClassUID": f"{_ROOT}2",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "NumberOfFrames": "120",
    "Rows": "512",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "SOPClassUID": f"{_ROOT}2"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID", "SOPClassUID"),
    reads=("SeriesInstanceUID", "SOPClassUID", "NumberOfFrames", "Rows"),
    sql=f"""
SELECT
  SeriesInstanceUID,
  SOPClassUID,
  SUM(instances) AS instances,
  MAX(TRY_CAST(NumberOfFrames AS BIGINT)) AS most_frames
FROM images
WHERE NumberOfFrames IS NOT NULL
  AND (
    COALESCE(TRY_CAST(NumberOfFrames AS BIGINT), 0) < 1
    OR (TRY_CAST(NumberOfFrames AS BIGINT) > 1 AND SOPClassUID IN ({", ".join(f"'{uid}'" for uid in SINGLE)}))
  )
GROUP BY SeriesInstanceUID, SOPClassUID
ORDER BY SeriesInstanceUID, SOPClassUID
""",
    references=("PS3.3 C.7.6.6", "PS3.3 A"),
    sources=(),
    since="0.1.0",
    aliases=("pixels/frames-invalid",),
    fires=(
        Example("a CT image of 120 frames", [_CT], [_THE_SERIES]),
        Example(
            "a clip of no frames",
            [{**_CT, "SOPClassUID": f"{_ROOT}3.1", "NumberOfFrames": "0"}],
            [{**_THE_SERIES, "SOPClassUID": f"{_ROOT}3.1"}],
        ),
    ),
    silent=(
        Example("a CT image without the attribute", [{**_CT, "NumberOfFrames": ""}]),
        Example("a CT image of one frame", [{**_CT, "NumberOfFrames": "1"}]),
        Example("an ultrasound clip", [{**_CT, "SOPClassUID": f"{_ROOT}3.1"}]),
        Example("an enhanced CT", [{**_CT, "SOPClassUID": f"{_ROOT}2.1"}]),
        Example("a multi-frame secondary capture", [{**_CT, "SOPClassUID": f"{_ROOT}7.4"}]),
        Example("a private class", [{**_CT, "SOPClassUID": "1.3.12.2.1107.5.9.1"}]),
    ),
)
def frames_in_single_frame_class(row: Mapping[str, EvidenceValue]) -> str:
    """Name the class and the greatest number."""
    name, images = class_name(str(row["SOPClassUID"])), f"images: {row['instances']}"
    if int(row["most_frames"] or 0) < 1:
        return f"{name} whose Number of Frames is 0 or no number ({images})"
    return f"{name} holds one frame, but Number of Frames is up to {row['most_frames']} ({images})"


_SOP_CLASS, _FRAMES = 0x00080016, 0x00280008


def _image(sop_class: str, frames: str) -> list[Given]:
    return [Given("SOPClassUID", "UI", _ROOT + sop_class), Given("NumberOfFrames", "IS", frames)]


@object_form(
    frames_in_single_frame_class,
    target="object",
    reads=("SOPClassUID", "NumberOfFrames"),
    fires=(
        ObjectExample("a CT image of 120 frames", _image("2", "120"), ["NumberOfFrames"]),
        ObjectExample("a clip of no frames", _image("3.1", "0"), ["NumberOfFrames"]),
        ObjectExample("less than no frames", _image("7.4", "-1"), ["NumberOfFrames"]),
    ),
    silent=(
        ObjectExample("a CT image of one frame", _image("2", "1")),
        ObjectExample("a CT image without a number", _image("2", "")),
        ObjectExample("an enhanced CT", _image("2.1", "120")),
        ObjectExample("no whole number, which a check of values reports", _image("2", "many")),
    ),
)
def of_one_object(parsed: ParsedObject) -> Fault | None:
    """Name the class and the number."""
    at = parsed.root.tags.get(_FRAMES)
    if at is None or not (text := at.stripped()).removeprefix("-").isdigit():
        return None
    sop_class = parsed.root.text(_SOP_CLASS) or ""
    if text[0] == "-" or not text.strip("0"):
        return Fault(f"{at.label} is {text[:20]}", at)
    if sop_class in SINGLE and text.strip("0") != "1":
        return Fault(f"{at.label} is {text[:20]}, but {class_name(sop_class)} holds one frame", at)
    return None
