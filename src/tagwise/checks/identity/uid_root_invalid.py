"""A UID begins with numbers that nobody can own.

## What it finds
Well-formed UIDs whose first numbers are no legal beginning of an ISO object identifier, or that misuse the root for
UUIDs:

- the first number is not 0, 1 or 2;
- the first is 0 and the second is above 39, or the first is 1 and the second above 3: below 1 there are the standards
  of ISO, registration authorities, countries and organizations, and nothing else;
- the UID begins with `2.25.`, but what follows is not one number below 2 to the power of 128: a suffix was appended
  to a UUID, or random digits fill the place.

Letters, empty components and leading zeros belong to `identity/uid-malformed`, dummies like `1.2.3.4` to
`identity/uid-placeholder`. SOP Instance UIDs are counted per series.

## Why it matters
A UID is unique because each owner of a root gives out numbers below it only once. An invented root has no owner: two
inventors may meet, and then two objects share a UID. Under `2.25.`, the UUID makes the UID unique; a suffix is unique
only if its writer counts well, and tools that turn the UID back into a UUID fail.

Nothing refuses such a UID today, so the finding is of low severity.

## How to confirm
1. Take the first two or three numbers of the UID and ask its writer who registered them.
2. For `2.25.`, count the dots after it: there should be none. Old versions of pydicom and many scripts wrote up to
   59 random digits.
3. Count the studies that have the root. One study is an accident, hundreds are a device or a converter.

## How to fix
- New objects: a registered root with a persistent counter, or `2.25.` and a fresh UUID as a decimal number for each
  study, series and instance (PS3.5 Annex B).
- Stored objects keep their UIDs as long as these are unique. To replace them breaks more references than it saves.

## Not a problem when
- The suffixes of a UUID are given out by one program that never repeats them.
- The objects were made for a test and stay there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.identity._uids import CT, CT_SERIES, GROUPED, KEYWORDS, SUBJECTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_FORM = re.compile(r"\d+(?:\.\d+){2,}")
_OWNED = re.compile(r"1\.[0-3]\.|2\.|0\.[1-3]?\d\.")
_UUID = "2.25.329800735698586629295641978511506172918"


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="uids",
    subject=KEYWORDS,
    reads=KEYWORDS,
    spares=("FrameOfReferenceUID",),
    sql=f"""
WITH judged AS (
  SELECT
    attribute, uid, StudyInstanceUID, SeriesInstanceUID, FrameOfReferenceUID, SOPClassUID, objects,
    CASE
      WHEN uid NOT LIKE '0.%' AND uid NOT LIKE '1.%' AND uid NOT LIKE '2.%' THEN 1
      WHEN uid LIKE '1.%' THEN CASE WHEN SUBSTRING(uid, 3, 2) IN ('0.', '1.', '2.', '3.') THEN 0 ELSE 1 END
      WHEN uid LIKE '2.%' OR uid LIKE '0._.%' THEN 0
      WHEN uid LIKE '0.__.%' AND SUBSTRING(uid, 3, 2) <= '39' THEN 0
      ELSE 1
    END AS unowned_roots,
    CASE
      WHEN uid NOT LIKE '2.25.%' THEN 0
      WHEN uid LIKE '2.25.%.%' OR LENGTH(uid) > 44 THEN 1
      WHEN LENGTH(uid) = 44 AND SUBSTRING(uid, 6, 39) > '340282366920938463463374607431768211455' THEN 1
      ELSE 0
    END AS broken_uuids
  FROM uids
  WHERE TRANSLATE(uid, '0123456789.', '') = ''
    AND uid LIKE '%.%.%'
    AND uid NOT LIKE '%..%' AND uid NOT LIKE '.%' AND uid NOT LIKE '%.'
)
SELECT
  {SUBJECTS},
  SUM(unowned_roots) AS unowned_roots,
  SUM(broken_uuids) AS broken_uuids
FROM judged
WHERE unowned_roots + broken_uuids > 0
{GROUPED}
""",
    references=("PS3.5 9", "PS3.5 B.2"),
    sources=(
        Source("https://github.com/pydicom/pydicom/issues/788", "2026-11-23"),
        Source("https://github.com/dcmjs-org/dcmjs/issues/61", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/uid-invalid-root", "identity/uid-2-25-malformed"),
    fires=(
        Example(
            "a first number of 5",
            [{**CT, "StudyInstanceUID": "5.2.826.0.1.1"}],
            [{"StudyInstanceUID": "5.2.826.0.1.1"}],
        ),
        Example(
            "a second number of 40", [{**CT, "StudyInstanceUID": "0.40.826.1"}], [{"StudyInstanceUID": "0.40.826.1"}]
        ),
        Example(
            "a second number of 5 after 1",
            [{**CT, "StudyInstanceUID": "1.5.826.1"}],
            [{"StudyInstanceUID": "1.5.826.1"}],
        ),
        Example(
            "a second number of 276",
            [{**CT, "SeriesInstanceUID": "1.276.0.7230.1"}],
            [{"SeriesInstanceUID": "1.276.0.7230.1"}],
        ),
        Example(
            "a series number appended to a UUID",
            [{**CT, "SeriesInstanceUID": f"{_UUID}.1"}],
            [{"SeriesInstanceUID": f"{_UUID}.1"}],
        ),
        Example("more digits than a UUID has", [{**CT, "SOPInstanceUID": f"{_UUID}1234567890"}], [CT_SERIES]),
        Example(
            "a number just above the greatest UUID",
            [{**CT, "StudyInstanceUID": "2.25.340282366920938463463374607431768211456"}],
            [{"StudyInstanceUID": "2.25.340282366920938463463374607431768211456"}],
        ),
    ),
    silent=(
        Example("UIDs under a registered root", [CT]),
        Example("a UUID", [{**CT, "StudyInstanceUID": _UUID}]),
        Example("the greatest UUID", [{**CT, "StudyInstanceUID": "2.25.340282366920938463463374607431768211455"}]),
        Example("a short UUID with leading zeros", [{**CT, "StudyInstanceUID": "2.25.17"}]),
        Example("a second number of 39", [{**CT, "StudyInstanceUID": "0.39.826.1"}]),
        Example("a root under 2 with a great second number", [{**CT, "StudyInstanceUID": "2.999.1.2"}]),
        Example(
            "a digest in the place of a UID, which uid-malformed reports", [{**CT, "StudyInstanceUID": "5.fa.2.b5"}]
        ),
        Example(
            "a date in the place of a UID, which uid-placeholder reports", [{**CT, "StudyInstanceUID": "20240131"}]
        ),
    ),
)
def uid_root_invalid(row: Mapping[str, EvidenceValue]) -> str:
    """Tell an invented root from a misused UUID."""
    attribute = str(row["attribute"])
    kind = "has a root that cannot be registered" if int(row["unowned_roots"] or 0) else "is not one UUID after 2.25"
    if attribute == "SOPInstanceUID":
        example = str(row["example_SOPInstanceUID"])
        return f"SOPInstanceUID {kind}, for example {example!r} (objects of this series: {row['objects']})"
    return f"{attribute} {str(row[attribute])!r} {kind} (objects: {row['objects']})"


@object_form(
    uid_root_invalid,
    target="values",
    vrs=("UI",),
    fires=(
        ObjectExample("a first number of 9", [Given("SOPInstanceUID", "UI", "9.8.7.6")], ["SOPInstanceUID"]),
        ObjectExample(
            "a second number of 5 after 1, in a reference",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("ReferencedSOPInstanceUID", "UI", "1.5.52.1")]])],
            ["ReferencedImageSequence[1].ReferencedSOPInstanceUID"],
        ),
        ObjectExample("a suffix after a UUID", [Given("SOPInstanceUID", "UI", f"{_UUID}.1")], ["SOPInstanceUID"]),
    ),
    silent=(
        ObjectExample("a registered root", [Given("SOPInstanceUID", "UI", "1.2.826.0.1")]),
        ObjectExample("a UUID", [Given("SOPInstanceUID", "UI", _UUID)]),
        ObjectExample("a root below 2", [Given("SOPInstanceUID", "UI", "2.16.840.1")]),
        ObjectExample("letters, which uid-malformed reports", [Given("SOPInstanceUID", "UI", "9.x.1")]),
        ObjectExample("one number, which uid-placeholder reports", [Given("SOPInstanceUID", "UI", "20260314")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Tell an invented root from a misused UUID."""
    for value in element.strings():
        if not _FORM.fullmatch(value):
            continue
        if not _OWNED.match(value):
            return f"{element.label} has a root that cannot be registered"
        if value.startswith("2.25.") and ("." in value[5:] or int(value[5:]) >> 128):
            return f"{element.label} is not one UUID after 2.25"
    return None
