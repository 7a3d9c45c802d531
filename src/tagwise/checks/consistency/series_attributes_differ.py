"""Objects of one series disagree about what the standard has once for each series.

## What it finds
Series whose objects have two or more values of Series Time, Series Description, Operators' Name, Protocol Name, Patient
Position, Position Reference Indicator, Station Name or Software Versions. The finding names the attributes. These
belong to the series, to its frame of reference or to the equipment that made it, so the standard has one value of each
for all objects.

Empty values are not compared. Times are compared to the second, and the old form with colons counts as the same time.
Position Reference Indicator is compared only where all objects of the series share a frame of reference.

The severity is medium where Patient Position differs and low in all other cases. Other attributes of a series have
checks of their own: `identity/series-uid-reused` (study, patient, modality, number, device),
`consistency/body-part-differs`, `consistency/laterality-differs`, `consistency/frame-of-reference-differs` and
`time/series-date-outside-study`.

## Why it matters
An archive, a cloud store and a worklist keep one value for the series: that of the object that came first, or last. A
query finds the series under one value in one system and under the other in the next. Two Patient Positions mean that
the patient was turned in between or that a part of the series is from elsewhere; radiotherapy and labels of
orientation depend on it. Different station or software often shows that another program added objects to the series.

## How to confirm
1. List the attribute by object: `dcmdump +P SeriesTime +P StationName +sd FOLDER`, with the attributes that the finding
   names.
2. A value of its own in every object: the device writes the time of the image, or a counter in the description.
3. Two groups: compare Image Type, Instance Creation Date and Implementation Version Name. Derived images that a
   workstation put into the acquired series are the usual case.

## How to fix
1. Ask the maker of the device for one value in each series (PS3.3 A.1.2.3 and C.7.3.1); the time of an image belongs
   into Acquisition or Content Time.
2. Let workstations begin a series of their own for what they derive.
3. Patient Position: find out how the patient lay before anybody plans or measures on the series, then give the other
   part a series of its own.
4. Leave other stored objects as they are, unless a rule or a cloud import trips over them.

## Not a problem when
- A device of many years' standing writes the time of each image into Series Time, and nothing sorts by it.
- The operator changed during a long examination, and both names are wanted: Operators' Name takes several values, in
  every object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._constant import any_differing, listed
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_COMPARED = {
    "SeriesTime": "SUBSTRING(REPLACE(SeriesTime, ':', ''), 1, 6)",
    "SeriesDescription": "SeriesDescription",
    "OperatorsName": "OperatorsName",
    "ProtocolName": "ProtocolName",
    "PatientPosition": "PatientPosition",
    "PositionReferenceIndicator": "PositionReferenceIndicator",
    "StationName": "StationName",
    "SoftwareVersions": "SoftwareVersions",
}
_CT = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.3",
    "SeriesTime": "101530",
    "SeriesDescription": "Thorax 1.0",
    "OperatorsName": "Smith^Ann",
    "ProtocolName": "Thorax",
    "PatientPosition": "HFS",
    "PositionReferenceIndicator": "XY",
    "StationName": "CT01",
    "SoftwareVersions": "VA50",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "FrameOfReferenceUID", *_COMPARED),
    spares=tuple(_COMPARED),
    about=tuple(_COMPARED),
    sql=any_differing(
        "SeriesInstanceUID",
        _COMPARED,
        unless={"PositionReferenceIndicator": "MIN(FrameOfReferenceUID) <> MAX(FrameOfReferenceUID)"},
    ),
    references=("PS3.3 A.1.2.3", "PS3.3 C.7.3.1", "PS3.3 C.7.4.1", "PS3.3 C.7.5.1"),
    sources=(
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("a patient who was turned", [_CT, {**_CT, "PatientPosition": "FFS"}], [_THE_SERIES]),
        Example("the time of each image, a minor fault", [_CT, {**_CT, "SeriesTime": "101531"}], [_THE_SERIES]),
        Example(
            "a workstation that adds images, a minor fault",
            [_CT, {**_CT, "StationName": "WS2", "SoftwareVersions": "3.1"}],
            [_THE_SERIES],
        ),
        Example("a counter in the description, a minor fault", [_CT, {**_CT, "SeriesDescription": "2"}], [_THE_SERIES]),
        Example("two operators, a minor fault", [_CT, {**_CT, "OperatorsName": "Doe^Jo"}], [_THE_SERIES]),
        Example("two protocols, a minor fault", [_CT, {**_CT, "ProtocolName": "Head"}], [_THE_SERIES]),
        Example("two marks, a minor fault", [_CT, {**_CT, "PositionReferenceIndicator": "SN"}], [_THE_SERIES]),
    ),
    silent=(
        Example("one value of each", [_CT, _CT]),
        Example("an object without them", [_CT, {"SeriesInstanceUID": "1.2.826.0.1.1.1"}]),
        Example("a time with fractions, and one in the old form", [_CT, {**_CT, "SeriesTime": "10:15:30.5"}]),
        Example(
            "two frames of reference with a mark each",
            [_CT, {**_CT, "FrameOfReferenceUID": "1.2.826.0.1.4", "PositionReferenceIndicator": "SN"}],
        ),
        Example(
            "two series",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "SeriesTime": "1020", "PatientPosition": "FFS"}],
        ),
    ),
)
def series_attributes_differ(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the attributes; values stay out, because names of persons are among them."""
    message = f"more than one value of {listed(_COMPARED, row)} in {row['instances']} objects of one series"
    return Problem(message, None if row["patient_position_differs"] else Severity.LOW)
