"""Makes an index of synthetic rows inside DuckDB: a hospital's archive with every column that checks read, and faults.

Usage: python bench/rows.py INDEX [ROWS]

A study is one of seven kinds, from a chest X-ray with two rows to a CT with four hundred; the kinds are drawn in the
proportions of `KINDS`. One series in twenty has one of the faults of `_FAULTS`. The rows depend on nothing but their
number, so two machines make the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tagwise.scanning.index import ArchiveIndex

ROOT = "1.2.826.0.1.3680043.10.1340"
_CLASS = "1.2.840.10008.5.1.4.1.1."
_EXPLICIT, _RLE, _JPEG, _J2K = (f"1.2.840.10008.1.2{end}" for end in (".1", ".5", ".4.50", ".4.90"))

KINDS = {"CT": 34, "MR": 30, "DX": 20, "US": 8, "MG": 2, "PT": 3, "RT": 3}
"""Studies of each kind in a hundred."""

_AXIAL, _SCOUT = "ORIGINAL\\PRIMARY\\AXIAL", "ORIGINAL\\PRIMARY\\LOCALIZER"
_CT, _MR, _PT, _US, _DX, _MG = (_CLASS + end for end in ("2", "4", "128", "6.1", "1.1", "1.2"))
_KO, _DOSE, _PR, _SEG = (_CLASS + end for end in ("88.59", "88.67", "11.1", "66.4"))
_RTDOSE, _RTSTRUCT, _RTPLAN = (_CLASS + end for end in ("481.2", "481.3", "481.5"))

_SERIES = [
    # kind, number, modality, class, objects, description, image type, matrix, layers at one position, transfer syntax
    ("CT", 1, "CT", _CT, 3, "Scout", _SCOUT, 888, 1, _EXPLICIT),
    ("CT", 2, "CT", _CT, 340, "Thorax 1.0 B70f", _AXIAL, 512, 1, _EXPLICIT),
    ("CT", 3, "CT", _CT, 90, "Thorax 5.0 B30f", _AXIAL, 512, 1, _J2K),
    ("CT", 4, "SR", _DOSE, 1, "Dose report", None, None, 1, _EXPLICIT),
    ("CT", 5, "KO", _KO, 1, "Key images", None, None, 1, _EXPLICIT),
    ("MR", 1, "MR", _MR, 9, "Localizer", _SCOUT, 256, 1, _EXPLICIT),
    ("MR", 2, "MR", _MR, 48, "t1 se tra", "ORIGINAL\\PRIMARY\\M\\ND", 320, 1, _EXPLICIT),
    ("MR", 3, "MR", _MR, 48, "t2 tse tra", "ORIGINAL\\PRIMARY\\M\\ND\\NORM", 384, 1, _EXPLICIT),
    ("MR", 4, "MR", _MR, 144, "ep2d diff", "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE", 128, 3, _EXPLICIT),
    ("MR", 5, "MR", _MR, 80, "pd t2 dual echo", "ORIGINAL\\PRIMARY\\M\\ND", 256, 2, _EXPLICIT),
    ("MR", 6, "MR", _MR, 200, "cine trufi", "ORIGINAL\\PRIMARY\\M\\RETRO", 208, 25, _EXPLICIT),
    ("MR", 7, "PR", _PR, 1, "Annotations", None, None, 1, _EXPLICIT),
    ("DX", 1, "DX", _DX, 1, "pa", "ORIGINAL\\PRIMARY", 2500, 1, _EXPLICIT),
    ("DX", 2, "DX", _DX, 1, "lat", "ORIGINAL\\PRIMARY", 2500, 1, _EXPLICIT),
    ("US", 1, "US", _US, 30, "Abdomen", "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001", 768, 1, _JPEG),
    ("MG", 1, "MG", _MG, 1, "R CC", "ORIGINAL\\PRIMARY", 3328, 1, _EXPLICIT),
    ("MG", 2, "MG", _MG, 1, "L CC", "ORIGINAL\\PRIMARY", 3328, 1, _EXPLICIT),
    ("PT", 1, "CT", _CT, 300, "CT WB 3.0", _AXIAL, 512, 1, _EXPLICIT),
    ("PT", 2, "PT", _PT, 300, "WB AC", "ORIGINAL\\PRIMARY", 200, 1, _EXPLICIT),
    ("PT", 3, "SEG", _SEG, 1, "Lesions", "DERIVED\\PRIMARY", 200, 1, _EXPLICIT),
    ("RT", 1, "CT", _CT, 160, "Planning 2.0", _AXIAL, 512, 1, _EXPLICIT),
    ("RT", 2, "RTSTRUCT", _RTSTRUCT, 1, "Contours", None, None, 1, _EXPLICIT),
    ("RT", 3, "RTPLAN", _RTPLAN, 1, "Plan", None, None, 1, _EXPLICIT),
    ("RT", 4, "RTDOSE", _RTDOSE, 1, "Dose", None, 200, 1, _EXPLICIT),
]
_SERIES_COLUMNS = "kind, number, modality, class, objects, described, type, matrix, layers, syntax"

_FAULTS = (
    "series reused", "stored twice", "gap", "no frame", "leading zero", "padded", "no patient", "number twice", "comma",
    "no rescale", "meta", "cut", "no position", "two series", "side", "date", "long", "accession", "unreadable", "gone",
    "description", "sex", "matrix", "placeholder", "one position", "echo", "rescale", "age", "series date", "no number",
    "root", "burned", "birth", "spelling", "photometric", "folder", "other content", "orientation", "lossy",
)  # fmt: skip
_ONE_IN = 20
"""Series for one with a fault."""

# Names of the inner query: i is the object within the series, k its place in the stack, half whether it is in the
# second half of its series.
_VALUES = {
    "MediaStorageSOPClassUID": "CASE WHEN fault = 'meta' THEN '1.2.840.10008.5.1.4.1.1.7' ELSE class END",
    "MediaStorageSOPInstanceUID": "instance",
    "TransferSyntaxUID": f"CASE WHEN fault = 'lossy' AND half THEN '{_JPEG}' ELSE syntax END",
    "ImplementationVersionName": "'WRITER_' || device % 5",
    "SpecificCharacterSet": "CASE WHEN device % 4 = 0 THEN 'ISO_IR 192' ELSE 'ISO_IR 100' END",
    "ImageType": "type",
    "SOPClassUID": "class",
    "SOPInstanceUID": "instance",
    "StudyDate": "CASE WHEN fault = 'date' THEN '2026-1-2' ELSE day END",
    "SeriesDate": "CASE WHEN fault = 'series date' THEN '20190301' ELSE day END",
    "AcquisitionDate": "CASE WHEN matrix IS NOT NULL THEN day END",
    "StudyTime": "clock",
    "AcquisitionTime": "CASE WHEN matrix IS NOT NULL THEN left(clock, 4) || lpad((i % 60)::VARCHAR, 2, '0') || '.'"
    " || lpad(((series * 7919 + i * 37) % 1000000)::VARCHAR, 6, '0') END",
    "AccessionNumber": "CASE WHEN fault = 'accession' THEN '2026-RADIOLOGY-' || study"
    " ELSE 'A' || (10000000 + study) END",
    "Modality": "modality",
    "Manufacturer": "CASE WHEN fault = 'spelling' THEN upper(maker) ELSE maker END",
    "InstitutionName": "'St. Example Hospital'",
    "StationName": "kind || lpad((device % 20)::VARCHAR, 2, '0')",
    "StudyDescription": "CASE WHEN fault = 'description' THEN 'Other' ELSE kind || ' study ' || study % 50 END",
    "SeriesDescription": "described",
    "ManufacturerModelName": "kind || ' model ' || device % 5",
    "PatientName": "'Family' || patient % 9973 || '^Given' || patient % 389",
    "PatientID": "CASE WHEN fault <> 'no patient' THEN lpad(patient::VARCHAR, 8, '0') END",
    "IssuerOfPatientID": "'HOSPITAL'",
    "PatientBirthDate": "CASE WHEN fault = 'birth' THEN '20990101' ELSE born END",
    "PatientSex": "CASE WHEN fault = 'sex' THEN 'male' WHEN patient % 2 = 0 THEN 'F' ELSE 'M' END",
    "PatientAge": "CASE WHEN fault = 'age' THEN '001Y' ELSE"
    " lpad((left(day, 4)::INTEGER - left(born, 4)::INTEGER - (right(day, 4) < right(born, 4))::INTEGER)"
    "::VARCHAR, 3, '0')"
    " || 'Y' END",
    "PatientWeight": "CASE WHEN modality IN ('MR', 'PT') THEN (50 + patient % 50)::VARCHAR END",
    "PatientIdentityRemoved": "CASE WHEN study % 500 = 0 THEN CASE WHEN half THEN 'NO' ELSE 'YES' END END",
    "BodyPartExamined": "CASE WHEN matrix IS NOT NULL THEN"
    " CASE kind WHEN 'MG' THEN 'BREAST' WHEN 'MR' THEN 'HEAD' ELSE 'CHEST' END END",
    "SliceThickness": "CASE WHEN stacked THEN thick::VARCHAR END",
    "KVP": "CASE WHEN modality IN ('CT', 'DX', 'MG') THEN '120' END",
    "EchoTime": "CASE WHEN modality = 'MR' THEN CASE WHEN number = 5 THEN 12 + 70 * (i % 2) ELSE 12 END::VARCHAR END",
    "EchoNumbers": "CASE WHEN modality = 'MR' THEN"
    " CASE WHEN number = 5 AND fault <> 'echo' THEN 1 + i % 2 ELSE 1 END::VARCHAR END",
    "DeviceSerialNumber": "(100000 + device)::VARCHAR",
    "SoftwareVersions": "'syngo.' || kind || '.' || device % 3",
    "TriggerTime": "CASE WHEN layers = 25 THEN (i % 25 * 33.5)::VARCHAR END",
    "ImagerPixelSpacing": "CASE WHEN modality IN ('DX', 'MG') THEN '0.139\\0.139' END",
    "ViewPosition": "CASE modality WHEN 'MG' THEN 'CC' WHEN 'DX' THEN CASE number WHEN 1 THEN 'PA' ELSE 'LL' END END",
    "StudyInstanceUID": "study_uid",
    "SeriesInstanceUID": "CASE WHEN fault = 'series reused' THEN earlier_series ELSE series_uid END",
    "StudyID": "study::VARCHAR",
    "SeriesNumber": "number::VARCHAR",
    "AcquisitionNumber": "CASE WHEN matrix IS NOT NULL THEN"
    " (CASE WHEN layers = 3 THEN 1 + i % 3 ELSE 1 END)::VARCHAR END",
    "InstanceNumber": "CASE WHEN fault = 'no number' THEN NULL WHEN fault = 'number twice' THEN 1 + i // 2"
    " ELSE 1 + i + (fault = 'gap' AND half)::INTEGER * 5 END::VARCHAR",
    "ImagePositionPatient": "CASE WHEN stacked AND NOT (fault = 'no position' AND half) THEN"
    " CASE WHEN fault = 'comma' THEN '-249,5' ELSE '-249.51171875' END || '\\-' || (200.51171875 + series % 97)"
    " || '\\' ||"
    " CASE WHEN fault = 'one position' THEN 5.0"
    " ELSE (k + (fault = 'gap' AND half)::INTEGER * 5) * thick - series % 300 END END",
    "ImageOrientationPatient": "CASE WHEN stacked THEN"
    " CASE WHEN fault = 'orientation' AND half THEN '1\\0\\0\\0\\0\\-1' ELSE '1\\0\\0\\0\\1\\0' END END",
    "FrameOfReferenceUID": "CASE WHEN stacked AND fault <> 'no frame' THEN frame_uid END",
    "Laterality": "CASE WHEN fault = 'side' THEN CASE WHEN half THEN 'L' ELSE 'R' END END",
    "ImageLaterality": "CASE WHEN modality = 'MG' THEN CASE number WHEN 1 THEN 'R' ELSE 'L' END END",
    "TemporalPositionIdentifier": "CASE WHEN layers = 25 THEN (1 + i % 25)::VARCHAR END",
    "ConcatenationUID": "CASE WHEN modality = 'SEG' THEN series_uid || '.9' END",
    "InConcatenationNumber": "CASE WHEN modality = 'SEG' THEN '1' END",
    "InConcatenationTotalNumber": "CASE WHEN modality = 'SEG' THEN '1' END",
    "SamplesPerPixel": "CASE WHEN matrix IS NOT NULL THEN CASE modality WHEN 'US' THEN '3' ELSE '1' END END",
    "PhotometricInterpretation": "CASE WHEN matrix IS NOT NULL THEN CASE WHEN fault = 'photometric' THEN 'RGB'"
    " WHEN modality = 'US' THEN 'YBR_FULL_422' WHEN modality = 'MG' THEN 'MONOCHROME1' ELSE 'MONOCHROME2' END END",
    "NumberOfFrames": "CASE WHEN modality = 'US' AND i % 5 = 0 THEN '40'"
    " WHEN modality IN ('SEG', 'RTDOSE') THEN '90' END",
    "Rows": "CASE WHEN fault = 'matrix' AND half THEN 64 ELSE matrix END::VARCHAR",
    "Columns": "matrix::VARCHAR",
    "PixelSpacing": "CASE WHEN stacked THEN '0.9765625\\0.9765625' END",
    "BitsAllocated": "CASE WHEN matrix IS NOT NULL THEN CASE WHEN modality = 'US' THEN '8' ELSE '16' END END",
    "BitsStored": "CASE WHEN matrix IS NOT NULL THEN CASE WHEN modality = 'US' THEN '8' ELSE '12' END END",
    "HighBit": "CASE WHEN matrix IS NOT NULL THEN CASE WHEN modality = 'US' THEN '7' ELSE '11' END END",
    "PixelRepresentation": "CASE WHEN matrix IS NOT NULL THEN '0' END",
    "BurnedInAnnotation": "CASE WHEN fault = 'burned' THEN 'YES' WHEN modality IN ('US', 'DX') THEN 'NO' END",
    "RescaleIntercept": "CASE WHEN modality IN ('CT', 'PT') AND fault <> 'no rescale' THEN '-1024' END",
    "RescaleSlope": "CASE WHEN modality = 'PT' THEN (1 + i % 97 / 100.0)::VARCHAR"
    " WHEN modality = 'CT' AND fault <> 'no rescale' THEN"
    " CASE WHEN fault = 'rescale' AND half THEN '2' ELSE '1' END END",
    "LossyImageCompression": "CASE WHEN modality = 'US' THEN '01' WHEN matrix IS NOT NULL THEN '00' END",
}

_ROWS = """
SELECT
  '/archive/store/' || left(day, 4) || '/' || study_uid || '/' || CASE
    WHEN fault = 'folder' AND i = 0 THEN earlier_series ELSE series_uid
  END || '/' || instance || copied || '.dcm' AS file_path,
  CASE WHEN fault = 'cut' AND half THEN 4096 ELSE 3000 + coalesce(matrix * matrix * 2, 2000) * CASE
    WHEN modality = 'US' THEN 2 WHEN modality IN ('SEG', 'RTDOSE') THEN 90 ELSE 1
  END END AS file_size,
  1767225600000000000 + series * 1000000000 + i AS file_modified,
  CASE WHEN fault <> 'unreadable' THEN
    md5(CASE WHEN copied = '' OR fault = 'other content' THEN instance || copied ELSE instance END)
  END AS header_digest,
  CASE WHEN fault = 'unreadable' AND half THEN 'truncated: the data set ends within an element' END AS read_error,
  CASE WHEN fault = 'gone' AND half THEN TIMESTAMP '2026-01-03 00:00:00' END AS vanished,
  {values}
FROM (
  SELECT *,
    CASE fault
      WHEN 'leading zero' THEN series_uid || '.0' || (1 + i)
      WHEN 'long' THEN series_uid || '.20260102101530000001.' || (100 + i)
      WHEN 'placeholder' THEN '1.2.3.4'
      WHEN 'root' THEN '3.' || series || '.' || i
      WHEN 'two series' THEN earlier_series || '.' || (1 + i)
      WHEN 'padded' THEN series_uid || '.' || (1 + i) || ' '
      WHEN 'stored twice' THEN series_uid || '.' || (1 + i // 2)
      WHEN 'other content' THEN series_uid || '.' || (1 + i // 2)
      ELSE series_uid || '.' || (1 + i)
    END AS instance,
    CASE
      WHEN fault = 'placeholder' OR fault IN ('stored twice', 'other content') AND i % 2 = 1 THEN '-copy' || i ELSE ''
    END AS copied
  FROM (
    SELECT *, i // layers AS k, i >= objects / 2 AS half FROM made_series, unnest(range(objects)) AS one(i)
    WHERE made_series.series >= {first} AND made_series.series < {last}
  )
)
"""

_STUDIES = """
CREATE OR REPLACE TEMP TABLE made_series AS
WITH studies AS (
  SELECT study, study // 3 AS patient, list_extract({kinds}, (1 + study * 37 % 100)::BIGINT) AS kind
  FROM range({studies}) AS one(study)
),
placed AS (
  SELECT *, study * 10 + number AS series, study * 7 % 40 AS device,
    strftime(DATE '2024-01-01' + (study * 13 % 900)::INTEGER, '%Y%m%d') AS day,
    lpad((7 + study % 12)::VARCHAR, 2, '0') || lpad((study % 60)::VARCHAR, 2, '0') || '30.' || (100000 + study % 900000)
      AS clock,
    1940 + patient % 60 || lpad((1 + patient % 12)::VARCHAR, 2, '0') || '17' AS born,
    '{root}.' || (1 + study * 7 % 40) || '.' AS root
  FROM studies JOIN plan USING (kind)
)
SELECT * EXCLUDE (objects),
  list_extract(
    ['GE MEDICAL SYSTEMS', 'Siemens Healthineers', 'Philips Medical Systems', 'Canon'], (1 + device % 4)::BIGINT
  ) AS maker,
  CASE WHEN objects > 9 THEN objects * (60 + series * 31 % 80) // 100 // layers * layers ELSE objects END AS objects,
  modality IN ('CT', 'MR', 'PT') AS stacked,
  CASE modality WHEN 'CT' THEN 1.25 ELSE 3.0 END AS thick,
  CASE WHEN hash(series) % {one_in} = 0 THEN
    list_extract({faults}, (1 + hash(series) // {one_in} % {number_of_faults})::BIGINT)
  ELSE '' END AS fault,
  root || '1.' || day || '101530.' || (1000000 + study) AS study_uid,
  root || '2.' || day || '101530.' || (1000000 + study) || '.' || number AS series_uid,
  root || '2.' || day || '101530.' || (1000000 + study) || '.' || greatest(1, number - 1) AS earlier_series,
  root || '3.' || day || '101530.' || (1000000 + study) AS frame_uid
FROM placed ORDER BY series
"""

_REFERENCES = """
INSERT INTO referenced_objects BY NAME
SELECT
  instances.file_path,
  CASE refers.modality WHEN 'RTSTRUCT' THEN 'ReferencedFrameOfReferenceSequence'
    WHEN 'SEG' THEN 'ReferencedSeriesSequence' WHEN 'PR' THEN 'ReferencedSeriesSequence'
    ELSE 'CurrentRequestedProcedureEvidenceSequence' END AS sequence,
  to_class AS ReferencedSOPClassUID,
  to_series || '.' || (1 + i) AS ReferencedSOPInstanceUID,
  to_series AS SeriesInstanceUID,
  CASE WHEN refers.modality IN ('KO', 'SR') THEN refers.study_uid END AS StudyInstanceUID,
  CASE WHEN refers.modality = 'RTSTRUCT' THEN refers.frame_uid END AS FrameOfReferenceUID
FROM instances
JOIN (
  SELECT refers.series_uid, refers.study_uid, refers.frame_uid, refers.modality,
    named.series_uid AS to_series, named.class AS to_class,
    -- One object in three hundred refers to more than there is.
    CASE WHEN refers.modality IN ('RTSTRUCT', 'SEG') THEN named.objects ELSE least(named.objects, 12) END
      + (refers.series % 300 = 0)::INTEGER AS objects
  FROM made_series AS refers JOIN made_series AS named ON named.study = refers.study
  WHERE refers.modality IN ('RTSTRUCT', 'SEG', 'PR', 'KO', 'SR') AND named.stacked
    AND (refers.modality IN ('RTSTRUCT', 'SEG') OR named.number = 2)
) AS refers ON refers.series_uid = instances.SeriesInstanceUID, unnest(range(refers.objects)) AS one(i)
"""


def _text(values: list[str]) -> str:
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def _sql(value: str | int | None) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def make(path: Path, rows: int) -> None:
    """An index with as many rows, to a study, as a scan would have written it."""
    drawn = [kind for kind, times in KINDS.items() for _ in range(times)]
    plan = ", ".join(f"({', '.join(map(_sql, series))})" for series in _SERIES)
    with ArchiveIndex(path, memory_limit="2GB") as index:
        index.query(f"CREATE TEMP TABLE plan AS SELECT * FROM (VALUES {plan}) AS given({_SERIES_COLUMNS})")
        index.query(
            _STUDIES.format(
                kinds=_text(drawn), studies=rows // 250 + 10, root=ROOT, one_in=_ONE_IN,
                faults=_text(list(_FAULTS)), number_of_faults=len(_FAULTS),
            )
        )  # fmt: skip
        held = {column.keyword for column in index.columns}
        values = ",\n  ".join(f'{sql} AS "{keyword}"' for keyword, sql in _VALUES.items() if keyword in held)
        first, written, step = 0, 0, 40_000
        while written < rows:
            # The last part is as long as is still wanted, so that a study is cut at most once.
            found = index.query(
                "SELECT max(series) FROM (SELECT series, sum(objects) OVER (ORDER BY series) AS objects"
                f" FROM made_series WHERE series >= {first} AND series < {first + step})"
                f" WHERE objects <= {rows - written}"
            )[0][0]
            if found is None:
                break
            select = _ROWS.format(values=values, first=first, last=found + 1)
            index.query(f"INSERT INTO instances BY NAME {select}")
            first, before = found + 1, written
            written = index.query("SELECT count(*) FROM instances")[0][0]
            if written == before:
                break
        index.query(_REFERENCES)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
