"""One UID identifies things of two levels, such as a study and a series.

## What it finds
A value that the archive uses both as one and as another of Study Instance UID, Series Instance UID, SOP Instance UID
and Frame of Reference UID, in one object or in different objects.

A UID identifies one thing. Study, series and instance UIDs that are equal therefore break the rule of PS3.5 section 9
and have medium severity. A Frame of Reference UID that equals one other UID has low severity: a frame of reference
may exist in one series only, and a device that copies the series UID into it harms nobody until a second series
shares it.

## Why it matters
Software that looks up an object by UID alone gets something of the wrong level: a series where it expects an image, a
study where it expects a series. Some stores refuse the object, others file it where nothing finds it. Tools that
replace UIDs, for de-identification or for a copy, may map the value at one level only and break the references of the
other.

## How to confirm
1. Take one object that the finding names and read all four: `dcmdump -Un +P StudyInstanceUID +P SeriesInstanceUID +P
   SOPInstanceUID +P FrameOfReferenceUID FILE`. Equal values in one object mean that its writer made one UID for all.
2. If they differ in that object, search the archive for the value at the other level and compare the writers. A
   counter that starts anew after each restart gives such pairs.

## How to fix
1. Ask the vendor for one new UID per study, series, instance and frame of reference.
2. For stored objects, replace the UID of the lower level: the instance's where instance and series are equal, the
   series' where series and study are equal. Update the references, and keep the list of old and new UIDs.
3. Where only the Frame of Reference UID is concerned, change nothing in stored objects: a new value would separate
   series that were registered to each other.

## Not a problem when
- A converter or capture device makes studies of one image and copies one UID to all levels, and the archive takes it.
- The Frame of Reference UID equals the series UID of the only series that uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check, uids
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CT = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.1.9",
}
_LEVELS = {
    "StudyInstanceUID": "a study",
    "SeriesInstanceUID": "a series",
    "SOPInstanceUID": "an instance",
    "FrameOfReferenceUID": "a frame of reference",
}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="uids",
    subject=("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"),
    reads=uids.ATTRIBUTES,
    spares=("FrameOfReferenceUID", "SOPClassUID"),
    sql="""
WITH used AS (
  SELECT uid, attribute, SUM(objects) AS objects
  FROM uids
  WHERE attribute IN ('StudyInstanceUID', 'SeriesInstanceUID', 'FrameOfReferenceUID')
    OR attribute = 'SOPInstanceUID' AND uid IN (
      SELECT uid FROM uids WHERE attribute IN ('StudyInstanceUID', 'SeriesInstanceUID', 'FrameOfReferenceUID')
    )
  GROUP BY uid, attribute
)
SELECT
  MAX(CASE WHEN attribute = 'StudyInstanceUID' THEN uid END) AS StudyInstanceUID,
  MAX(CASE WHEN attribute = 'SeriesInstanceUID' THEN uid END) AS SeriesInstanceUID,
  MAX(CASE WHEN attribute = 'SOPInstanceUID' THEN uid END) AS SOPInstanceUID,
  MAX(CASE WHEN attribute = 'FrameOfReferenceUID' THEN uid END) AS FrameOfReferenceUID,
  COUNT(*) AS levels,
  MAX(objects) AS objects
FROM used
WHERE uid IS NOT NULL
GROUP BY uid
HAVING COUNT(*) > 1
ORDER BY uid
""",
    references=("PS3.5 9", "PS3.3 C.7.2.1", "PS3.3 C.7.3.1", "PS3.3 C.12.1", "PS3.3 C.7.4.1"),
    sources=(Source("https://github.com/microsoft/dicom-server/pull/3257", "2026-11-23"),),
    since="0.1.0",
    aliases=("identity/uid-levels-equal",),
    about=("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"),
    fires=(
        Example(
            "study and series of one object are equal",
            [{**_CT, "SeriesInstanceUID": "1.2.826.0.1.1"}],
            [{"StudyInstanceUID": "1.2.826.0.1.1", "SeriesInstanceUID": "1.2.826.0.1.1"}],
        ),
        Example(
            "series and instance of one object are equal",
            [{**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "SOPInstanceUID": "1.2.826.0.1.1.1"}],
        ),
        Example(
            "the series of one object is the study of another",
            [
                _CT,
                {
                    "SOPInstanceUID": "1.2.826.0.1.2",
                    "StudyInstanceUID": "1.2.826.0.1.1.1",
                    "SeriesInstanceUID": "1.2.826.0.3",
                },
            ],
            [{"StudyInstanceUID": "1.2.826.0.1.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
        Example(
            "the frame of reference equals the series, a minor fault",
            [{**_CT, "FrameOfReferenceUID": "1.2.826.0.1.1.1"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "FrameOfReferenceUID": "1.2.826.0.1.1.1"}],
        ),
    ),
    silent=(
        Example("four different UIDs", [_CT]),
        Example("two copies of one object", [_CT, _CT]),
        Example(
            "two series share a frame of reference, as they should after one positioning",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "SOPInstanceUID": "1.2.826.0.1.1.2.1"}],
        ),
        Example(
            "an object without a frame of reference", [{k: v for k, v in _CT.items() if k != "FrameOfReferenceUID"}]
        ),
    ),
)
def uid_used_at_two_levels(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the levels; a frame of reference and one other level is a lesser fault than two levels of the hierarchy."""
    levels = {keyword: words for keyword, words in _LEVELS.items() if row[keyword] is not None}
    uid = next(row[keyword] for keyword in levels)
    words = list(levels.values())
    hierarchy = [keyword for keyword in levels if keyword != "FrameOfReferenceUID"]
    message = f"{uid} identifies {', '.join(words[:-1])} and {words[-1]}"
    return Problem(message, None if len(hierarchy) > 1 else Severity.LOW)


_TAGS = dict(zip((0x0020000D, 0x0020000E, 0x00080018, 0x00200052), _LEVELS.values(), strict=True))
_STUDY = Given("StudyInstanceUID", "UI", "1.2.826.0.1")


@object_form(
    uid_used_at_two_levels,
    target="object",
    reads=("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"),
    fires=(
        ObjectExample(
            "one UID for study and series",
            [_STUDY, Given("SeriesInstanceUID", "UI", "1.2.826.0.1")],
            ["SeriesInstanceUID"],
        ),
        ObjectExample(
            "one UID for study and frame of reference, a minor fault",
            [_STUDY, Given("FrameOfReferenceUID", "UI", "1.2.826.0.1")],
            ["FrameOfReferenceUID"],
        ),
    ),
    silent=(
        ObjectExample("two UIDs", [_STUDY, Given("SeriesInstanceUID", "UI", "1.2.826.0.2")]),
        ObjectExample("empty UIDs", [Given("StudyInstanceUID", "UI", ""), Given("SeriesInstanceUID", "UI", "")]),
    ),
)
def of_one_object(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each level whose UID an upper one has."""
    used: dict[str, str] = {}
    for tag, level in _TAGS.items():
        uid = parsed.root.text(tag)
        if uid and uid in used:
            severity = Severity.LOW if level == _LEVELS["FrameOfReferenceUID"] else None
            at = parsed.root.tags[tag]
            yield Fault(f"{at.label} is the UID of {used[uid]} too", at, severity=severity)
        elif uid:
            used[uid] = level
