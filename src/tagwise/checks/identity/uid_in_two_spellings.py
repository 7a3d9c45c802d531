"""Two UIDs are the same but for leading zeros, letter case or stray characters.

## What it finds
Study, Series or Frame of Reference UIDs that become equal when leading zeros of their components are removed, letters
are made small, and everything else but digits, letters and dots is dropped: `1.2.826.01.5` and `1.2.826.1.5`.

Spaces and NULs around a UID are removed before; a UID that occurs with and without them is reported by
`identity/uid-padded`. At least one of two spellings breaks the rules and is reported by `identity/uid-malformed` as
well. Here the point is that the archive holds both.

## Why it matters
Some system on the way repaired the value, and it did so for a part of the objects only. The archive now has two
studies, or two series, where there was one. Prior search, reports and references reach one half.

## How to confirm
1. Compare patient, date and Accession Number of the two UIDs in the evidence. If they agree, it is one study.
2. Find the route of each half: Implementation Version Name and Source Application Entity Title in the file meta
   information. The system that repairs is on one of the two routes.

## How to fix
1. Stop the repair, or let it map every bad UID to a new valid one in all objects, references included.
2. Bring the two halves together under one valid UID with the archive's own tools, and note both old values.
3. Ask the vendor of the device that wrote the malformed UID for an update.

## Not a problem when
- Patient and date differ: then two devices invented almost the same UID, and both should get new ones some day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.1.9",
}
_KEYWORDS = ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
_ROWS = "\n  UNION ALL\n".join(
    f"  SELECT '{keyword}' AS attribute, {keyword} AS uid, SUM(instances) AS objects FROM facets GROUP BY {keyword}"
    for keyword in _KEYWORDS
)
_SUBJECT = "\n".join(
    f"  CASE WHEN attribute = '{keyword}' THEN MIN(uid) END AS {keyword},\n"
    f"  CASE WHEN attribute = '{keyword}' THEN MAX(uid) END AS last_{keyword},"
    for keyword in _KEYWORDS
)


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="facets",
    subject=_KEYWORDS,
    reads=_KEYWORDS,
    spares=("FrameOfReferenceUID",),
    grain={"FrameOfReferenceUID": Level.SERIES},
    sql=f"""
WITH uids AS (
{_ROWS}
),
normal AS (
  SELECT
    attribute,
    uid,
    objects,
    REGEXP_REPLACE(
      REGEXP_REPLACE(LOWER(uid), '[^0-9a-z.]', '', 'g'), '(^|[.])0+([0-9])', '\\1\\2', 'g'
    ) AS spelling
  FROM uids
  WHERE uid IS NOT NULL
)
SELECT
{_SUBJECT}
  attribute,
  COUNT(*) AS spellings,
  SUM(objects) AS objects
FROM normal
GROUP BY attribute, spelling
HAVING COUNT(*) > 1
ORDER BY attribute, spelling
""",
    references=("PS3.5 9.1",),
    sources=(Source("https://github.com/fo-dicom/fo-dicom/issues/859", "2026-11-23"),),
    since="0.1.0",
    aliases=("identity/uid-equal-after-trim-or-case",),
    fires=(
        Example(
            "a study with and without a leading zero in one component",
            [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.01.1"}],
            [{"StudyInstanceUID": "1.2.826.0.01.1"}],
        ),
        Example(
            "a series whose UID is a digest in small and in capital letters",
            [{**_CT, "SeriesInstanceUID": "05fa52"}, {**_CT, "SeriesInstanceUID": "05FA52"}],
            [{"SeriesInstanceUID": "05FA52"}],
        ),
        Example(
            "a series with a space in the middle of its UID",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1. 1.1"}],
            [{"SeriesInstanceUID": "1.2.826.0.1. 1.1"}],
        ),
    ),
    silent=(
        Example("two studies", [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.2"}]),
        Example("components that are zero", [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.10"}]),
        Example(
            "a study UID with padding, which uid-padded reports", [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.1 "}]
        ),
        Example("one malformed UID without a twin", [{**_CT, "StudyInstanceUID": "1.2.826.0.01.1"}]),
        Example("zeros inside a number", [_CT, {**_CT, "StudyInstanceUID": "1.2.8026.0.1.1"}]),
    ),
)
def uid_in_two_spellings(row: Mapping[str, EvidenceValue]) -> str:
    """Show two of the spellings."""
    attribute = str(row["attribute"])
    first, last = str(row[attribute]), str(row[f"last_{attribute}"])
    more = "" if row["spellings"] == 2 else f", {row['spellings']} spellings in all"
    return f"{attribute} occurs as {first!r} and as {last!r}{more}"
