"""Text contains control characters that its VR does not allow, such as a line break.

## What it finds
Studies with objects whose Patient's Name, Study Description, Series Description or Institution Name contains a control
character other than ESC, which switches character sets. These value representations (PN, LO) allow none: they are one
line each.

In one object all text is looked at: ESC is allowed everywhere, TAB, LF, FF and CR in text of several lines (ST, LT, UT)
only. NULs at the end are padding: see `value/padding-wrong`.

## Why it matters
A line break ends a row in a CSV export, a segment in an HL7 message and a header in an HTTP request: what follows is
lost or read as something else. Cloud stores refuse the value. In a worklist two lines look like two entries.

## How to confirm
1. `dcmdump +P SeriesDescription +P StudyDescription +P PatientName FILE | xxd`: 0d 0a is a line break, 09 a tab, 00 a
   character that pads or ends text in C programs.
2. See where the text comes from: a form in which somebody pressed Enter, a protocol name, a copied report.

## How to fix
1. Correct the writer, or the protocol name on the device.
2. Let exports and HL7 interfaces replace control characters by a space, whatever the source promises.
3. Stored objects: replace them with the archive's own tools, in all objects of the study alike.

## Not a problem when
- The text is never exported, and no receiver validates it.
- A private attribute holds data of a program in a text VR, and only that program reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.encoding._texts import TEXTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "SeriesDescription": "thorax", "PatientName": "Doe^Jane"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_CONTROL = "[\\x00-\\x1A\\x1C-\\x1F\\x7F]"


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", *TEXTS),
    spares=("InstitutionName",),
    grain={"PatientName": Level.PATIENT},
    sql=f"""
SELECT
  StudyInstanceUID,
  SUM(instances) AS instances,
  SUM(CASE WHEN REGEXP_MATCHES(PatientName, '{_CONTROL}') THEN instances ELSE 0 END) AS in_the_name
FROM facets
WHERE StudyInstanceUID IS NOT NULL
  AND REGEXP_MATCHES(CONCAT_WS(' ', {", ".join(TEXTS)}), '{_CONTROL}')
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.5 6.2", "PS3.5 6.1.3"),
    sources=(Source("https://github.com/fo-dicom/fo-dicom/issues/1043", "2026-11-23"),),
    since="0.1.0",
    aliases=("encoding/control-characters", "value/control-character"),
    fires=(
        Example("a line break in a name", [{**_CT, "PatientName": "Doe\r\n^Jane"}], [_THE_STUDY]),
        Example("a tab in a description, a minor fault", [{**_CT, "SeriesDescription": "thorax\tp.a."}], [_THE_STUDY]),
    ),
    silent=(
        Example("plain text", [_CT]),
        Example("NUL as padding", [{**_CT, "SeriesDescription": "thorax\x00\x00"}]),
        Example("an escape sequence that was not decoded", [{**_CT, "PatientName": "Yamada=\x1b$B;3"}]),
        Example("accents", [{**_CT, "SeriesDescription": "t\u00eate"}]),
    ),
)
def control_character(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether a name is concerned."""
    named = int(row["in_the_name"] or 0)
    where = "Patient's Name" if named else "a description"
    return Problem(f"control characters in {where} (instances: {row['instances']})", None if named else Severity.LOW)


_IN_LINE = re.compile(rb"[\x00-\x1a\x1c-\x1f\x7f]")
_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_NAMES = {0: "NUL", 9: "TAB", 10: "LF", 13: "CR", 127: "DEL"}


@object_form(
    control_character,
    target="values",
    vrs=("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"),
    fires=(
        ObjectExample(
            "a line end in a description", [Given("StudyDescription", "LO", "head\r\nand neck")], ["StudyDescription"]
        ),
        ObjectExample("a NUL inside", [Given("PatientID", "LO", "12\0034")], ["PatientID"]),
        ObjectExample(
            "a vertical tab in a text of several lines", [Given("ImageComments", "LT", "a\x0bb")], ["ImageComments"]
        ),
    ),
    silent=(
        ObjectExample("line ends in a text of several lines", [Given("ImageComments", "LT", "one\r\ntwo\tthree")]),
        ObjectExample("a NUL for padding, which padding-wrong finds", [Given("PatientID", "LO", "123\0")]),
        ObjectExample("plain text", [Given("StudyDescription", "LO", "head and neck")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """List the characters by their usual names."""
    pattern = _IN_TEXT if element.vr in ("LT", "ST", "UT") else _IN_LINE
    found = sorted({match[0] for match in pattern.findall((element.raw or b"").rstrip(b" \0"))})
    if not found:
        return None
    listed = ", ".join(_NAMES.get(byte, f"{byte:02X}H") for byte in found)
    return f"{element.name} has control characters that VR {element.vr} does not allow: {listed}"
