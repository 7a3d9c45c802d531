"""The IOD of a report does not allow a content item there.

## What it finds
In Basic Text, Enhanced, Comprehensive and Comprehensive 3D reports, key object selections, reports of computer-aided
detection (mammography, chest, colon) and of radiation dose (X-ray, radiopharmaceutical): value types that the IOD does
not have, such as a measurement in a Basic Text report; relationships between value types that its table does not list;
references to other items where only items by value are allowed, and references to items that are not there. Other
reports are not judged.

## Why it matters
Receivers choose by SOP class what they can render. A report that claims a simpler class than it is loses the items
that the class does not know.

## How to confirm
`dsrdump FILE` of DCMTK prints the tree. Compare with the table of relationships of the IOD in PS3.3 A.35.

## How to fix
Have the writing program claim the SOP class that fits: Enhanced for measurements and coordinates, Comprehensive for
references between items, Comprehensive 3D for coordinates in space.

## Not a problem when
- A later edition allows the relationship.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Source
from tagwise.checks.iod import _content, _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_TEXT = Given("TextValue", "UT", "no findings")
_NUMBER = Given("MeasuredValueSequence", "SQ")
_CLASSES = "1.2.840.10008.5.1.4.1.1.88."
_KEY_OBJECTS, _MAMMOGRAPHY, _DOSE = _CLASSES + "59", _CLASSES + "50", _CLASSES + "67"


def _finding(*place: int) -> list[Given]:
    """A measurement that is inferred from the item at this place."""
    refers = [
        Given("RelationshipType", "CS", "INFERRED FROM"),
        Given("ReferencedContentItemIdentifier", "UL", place),
    ]
    return _samples.item("NUM", Given("ContentSequence", "SQ", items=[refers]), _NUMBER)


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=(
        *("PS3.3 A.35.1", "PS3.3 A.35.2", "PS3.3 A.35.3", "PS3.3 A.35.4", "PS3.3 A.35.5", "PS3.3 A.35.6"),
        *("PS3.3 A.35.8", "PS3.3 A.35.10", "PS3.3 A.35.13", "PS3.3 A.35.14", "PS3.3 C.17.3"),
    ),
    sources=(Source("https://github.com/DCMTK/dcmtk/tree/master/dcmsr/libsrc", "2026-11-23"),),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a measurement in a Basic Text report",
            _samples.report(_samples.item("NUM", Given("MeasuredValueSequence", "SQ"))),
            ["ContentSequence"],
        ),
        ObjectExample(
            "a text selected from a container",
            _samples.report(_samples.item("TEXT", _TEXT, relationship="SELECTED FROM")),
            ["ContentSequence"],
        ),
        ObjectExample(
            "a measurement in a key object selection",
            _samples.report(_samples.item("NUM", _NUMBER), sop_class=_KEY_OBJECTS),
            ["ContentSequence"],
        ),
        ObjectExample(
            "a dose that is inferred from another item by reference",
            _samples.report(_finding(1, 2), _samples.item("TEXT", _TEXT), sop_class=_DOSE),
            ["ContentSequence[1].ContentSequence"],
        ),
        ObjectExample(
            "a finding that is inferred from an item that is not there",
            _samples.report(_finding(1, 3), _samples.item("TEXT", _TEXT), sop_class=_MAMMOGRAPHY),
            ["ContentSequence[1].ContentSequence"],
        ),
        ObjectExample(
            "a name in the acquisition context of a report on the colon",
            _samples.report(
                _samples.item(
                    "IMAGE",
                    Given(
                        "ContentSequence",
                        "SQ",
                        items=[
                            _samples.item("PNAME", Given("PersonName", "PN", "Doe"), relationship="HAS ACQ CONTEXT")
                        ],
                    ),
                ),
                sop_class=_CLASSES + "69",
            ),
            ["ContentSequence[1].ContentSequence"],
        ),
    ),
    silent=(
        ObjectExample("a text in a container", _samples.report(_samples.item("TEXT", _TEXT))),
        ObjectExample(
            "a measurement in an Enhanced report",
            _samples.report(
                _samples.item("NUM", Given("MeasuredValueSequence", "SQ")), sop_class="1.2.840.10008.5.1.4.1.1.88.22"
            ),
        ),
        ObjectExample(
            "a key image with its text",
            _samples.report(_samples.item("TEXT", _TEXT), _samples.item("IMAGE"), sop_class=_KEY_OBJECTS),
        ),
        ObjectExample(
            "a finding that is inferred from another item",
            _samples.report(_finding(1, 2), _samples.item("TEXT", _TEXT), sop_class=_MAMMOGRAPHY),
        ),
        ObjectExample(
            "containers of a dose report",
            _samples.report(_samples.item("CONTAINER"), _samples.item("NUM", _NUMBER), sop_class=_DOSE),
        ),
        ObjectExample(
            "a relationship of no standard, which the check of values reports",
            _samples.report(_samples.item("TEXT", _TEXT, relationship="SEE ALSO"), sop_class=_KEY_OBJECTS),
        ),
    ),
)
def content_item_not_allowed(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the item and what is not allowed."""
    found = _walk.examined(parsed)
    for item in found.items if found else ():
        why = _content.forbidden(item, found.iod if found else "", parsed.root)
        if why:
            yield Fault(f"item {item.number} {why}", item.sequence, item.start)
