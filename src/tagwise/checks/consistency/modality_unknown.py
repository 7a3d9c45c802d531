"""Modality is missing, retired or no term that software knows.

## What it finds
- Series with objects that have no Modality: medium severity.
- Values of Modality that are no defined term of PS3.3 C.7.3.1.1.1, one finding per value: medium. Lower case and
  private words are among them.
- Retired terms (DS, DF, CF, DD, CD, EC, ST and others), one finding per value: low. Old archives are full of them,
  rightly so.

Objects of classes that have no series, such as hanging protocols and color palettes, need no Modality.

## Why it matters
Everything in a department chooses by Modality: worklists, routing, hanging protocols, prefetching, statistics, cloud
search. An object without one appears in no list, and some viewers stop loading the whole study. An unknown word is
worse to find, because the object is there until somebody filters.

## How to confirm
1. List the devices of the series: Manufacturer, model, station. A capture card, a converter or an import station is
   the usual writer.
2. Read SOP Class UID. For most classes it says what the Modality should be; see
   `consistency/modality-sop-class-mismatch`.
3. Query the archive by the value as it stands, and look at what comes back.

## How to fix
1. Set the value in the writer's configuration. OT is for what fits nowhere else.
2. In the archive, take the value that the SOP class asks for, with the archive's own tools.
3. Let the router refuse or correct objects without Modality at the door.

## Not a problem when
- The term is newer than this check's list, which follows PS3.3 2026b.
- A retired term stands in objects of its own time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

TERMS = (
    *("ANN", "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CFM", "CR", "CT", "CTPROTOCOL", "DG", "DMS", "DOC", "DX"),
    *("ECG", "EEG", "EMG", "EOG", "EPS", "ES", "FID", "GM", "HC", "HD", "IO", "IOL", "IVOCT", "IVUS", "KER", "KO"),
    *("LEN", "LS", "M3D", "MG", "MR", "NM", "OAM", "OCT", "OP", "OPM", "OPT", "OPTBSV", "OPTENF", "OPV", "OSS"),
    *("OT", "PA", "PLAN", "POS", "PR", "PT", "PX", "REG", "RESP", "RF", "RG", "RTDOSE", "RTIMAGE", "RTINTENT"),
    *("RTPLAN", "RTRAD", "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SEG", "SM", "SMR", "SR", "SRF", "STAIN"),
    *("TEXTUREMAP", "TG", "US", "VA", "XA", "XAPROTOCOL", "XC"),
)
"""The defined terms of Modality (PS3.3 C.7.3.1.1.1)."""

RETIRED = (
    *("AS", "CD", "CF", "CP", "CS", "DD", "DF", "DM", "DS", "EC", "FA", "FS", "LP", "MA", "MS", "OPR", "ST", "VF"),
)
"""Terms that were defined once."""

_NO_SERIES = ("38.1", "39.1", "43.1", "44.1", "45.1", "1.1.200.1", "1.1.200.3", "1.1.200.7", "1.1.200.8", "1.1.201.1")
"""Classes of the non-patient IODs, without the root: palettes, protocols, templates, approvals, inventories."""


def _quoted(words: tuple[str, ...], before: str = "") -> str:
    return ", ".join(f"'{before}{word}'" for word in words)


_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("Modality", "SeriesInstanceUID"),
    reads=("Modality", "SeriesInstanceUID", "SOPClassUID"),
    sql=f"""
SELECT
  Modality,
  CASE WHEN Modality IS NULL THEN SeriesInstanceUID END AS SeriesInstanceUID,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  SUM(instances) AS instances,
  MAX(CASE WHEN Modality IN ({_quoted(RETIRED)}) THEN 1 ELSE 0 END) AS retired,
  MIN(SeriesInstanceUID) AS example_SeriesInstanceUID
FROM facets
WHERE SeriesInstanceUID IS NOT NULL
  AND (SOPClassUID IS NULL OR SOPClassUID NOT IN ({_quoted(_NO_SERIES, "1.2.840.10008.5.1.4.")}))
  AND (Modality IS NULL OR Modality NOT IN ({_quoted(TERMS)}))
GROUP BY Modality, CASE WHEN Modality IS NULL THEN SeriesInstanceUID END
ORDER BY Modality, CASE WHEN Modality IS NULL THEN SeriesInstanceUID END
""",
    references=("PS3.3 C.7.3.1.1.1",),
    sources=(),
    since="0.1.0",
    aliases=("consistency/modality-missing-or-unknown",),
    fires=(
        Example("an object without Modality", [{**_CT, "Modality": ""}], [_THE_SERIES]),
        Example(
            "two series of a private word make one finding",
            [
                {**_CT, "Modality": "FUSION"},
                {**_CT, "Modality": "FUSION", "SeriesInstanceUID": "1.2.826.0.1.1.2"},
            ],
            [{"Modality": "FUSION"}],
        ),
        Example("lower case", [{**_CT, "Modality": "ct"}], [{"Modality": "ct"}]),
        Example("a retired term, a minor fault", [{**_CT, "Modality": "DF"}], [{"Modality": "DF"}]),
    ),
    silent=(
        Example("a CT", [_CT]),
        Example("a term with a pad character", [{**_CT, "Modality": "US "}]),
        Example("a newer term", [{**_CT, "Modality": "DMS"}]),
        Example(
            "a hanging protocol has no series and no Modality",
            [{"SOPClassUID": "1.2.840.10008.5.1.4.38.1", "SOPInstanceUID": "1.2.826.0.7"}],
        ),
    ),
)
def modality_unknown(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether it is missing, unknown or retired."""
    if row["Modality"] is None:
        return Problem(f"no Modality in {row['instances']} instances of this series")
    where = f"series: {row['series']}, instances: {row['instances']}"
    if int(row["retired"] or 0):
        return Problem(f"Modality {str(row['Modality'])!r} is retired ({where})", Severity.LOW)
    return Problem(f"Modality {str(row['Modality'])!r} is no defined term ({where})")
