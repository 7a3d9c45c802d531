"""An object in the archive cannot be read.

## What it finds
Files whose header the scan could not read to its end. The scan does not read pixels; `encoding/pixel-data-incomplete`
finds native images that end inside them. Each file gives a finding with the reason:

- truncated, or damaged encoding: high severity. The file starts as a DICOM object and ends or breaks inside an
  element;
- limit exceeded, or file unavailable: medium. The object may be sound, but nobody looked inside: a value or a nesting
  beyond the limits of the scan, or a file that the operating system does not hand out.

Files that are empty, and files that are not DICOM at all, make one finding for each of the two kinds, with the number
of files; its subject is the first path. Empty files are of medium severity, because an object may have been lost
there; files that are not DICOM are of low severity.

## Why it matters
The database of an archive lists an object long after its file is damaged, and nobody knows until a prior is opened or
a migration stops. The longer it takes, the more copies of the original are gone: the modality deletes after days, the
backup after weeks.

## How to confirm
1. Read it with another program: `dcmftest FILE`, then `dcmdump FILE`. Both stop where the scan stopped.
2. Compare the size with the archive's record (Orthanc and dcm4chee keep size and digest for every file) and with the
   neighbours in the series.
3. A size that is a multiple of 4,096 or 65,536 points to a write that did not finish; zeros from one offset to the
   end, to a file system or a storage fault. Look at the storage's log for that day.
4. For files that are unavailable, try again as the user that runs the archive.

## How to fix
1. Do not delete or re-index anything yet: a new index forgets that the object existed.
2. Fetch the object again, from the second copy, the backup, another archive that received it or the modality: C-MOVE
   with the UIDs of the archive's database.
3. Ask for storage commitment of the whole study afterwards, and scan it again.
4. If many files of one day or one volume are concerned, stop writing to that volume and call the storage's vendor.
5. If the archive accepted a truncated object, it answered success before the file was complete. Have its receiver
   write to a temporary name, flush and rename.

## Not a problem when
- Thumbnails, logs, DICOMDIR exports, JSON and README files lie beside the objects. They are counted once, with low
  severity; scan a narrower path to be rid of them.
- The scan ran while objects were arriving. Scan the folder again when the archive is quiet.
- An object exceeds the limits of the scan and other programs read it. A single header value may have 64 KiB; tell us
  about an object that needs more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given, part10
from tagwise.errors import EmptyFile, FileUnavailable, LimitExceeded, NotDicom
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParseProblem

_NO_OBJECT = (NotDicom.reason, EmptyFile.reason)
_PERHAPS_SOUND = (LimitExceeded.reason, FileUnavailable.reason)


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.FILE,
    relation="unreadable",
    subject=("file_path",),
    reads=("SOPInstanceUID", "SeriesInstanceUID"),
    sql=f"""
SELECT
  file_path,
  read_error,
  1 AS files,
  file_size AS bytes,
  SeriesInstanceUID AS found_SeriesInstanceUID,
  SOPInstanceUID AS found_SOPInstanceUID
FROM unreadable
WHERE read_error NOT LIKE '{NotDicom.reason}%' AND read_error NOT LIKE '{EmptyFile.reason}%'
UNION ALL
SELECT MIN(file_path), '{NotDicom.reason}', COUNT(*), SUM(file_size), NULL, NULL
FROM unreadable
WHERE read_error LIKE '{NotDicom.reason}%'
HAVING COUNT(*) > 0
UNION ALL
SELECT MIN(file_path), '{EmptyFile.reason}', COUNT(*), SUM(file_size), NULL, NULL
FROM unreadable
WHERE read_error LIKE '{EmptyFile.reason}%'
HAVING COUNT(*) > 0
ORDER BY file_path
""",
    references=("PS3.10 7.1", "PS3.5 7.1"),
    sources=(
        Source("https://github.com/dcm4che/dcm4che/issues/123", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4che/issues/1236", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4754", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("encoding/truncated-object",),
    fires=(
        Example(
            "an object that ends inside an element",
            [
                {
                    "file_path": "/archive/a.dcm",
                    "read_error": "truncated: element (7FE0,0010) at 1254 needs 524288 bytes",
                }
            ],
            [{"file_path": "/archive/a.dcm"}],
        ),
        Example(
            "two damaged objects make two findings",
            [
                {"file_path": "/archive/a.dcm", "read_error": "damaged encoding: deflate stream broken at 812"},
                {"file_path": "/archive/b.dcm", "read_error": "damaged encoding: deflate stream broken at 93"},
            ],
            [{"file_path": "/archive/a.dcm"}, {"file_path": "/archive/b.dcm"}],
        ),
        Example(
            "a file without permission, less severe",
            [{"file_path": "/archive/c.dcm", "read_error": "file unavailable: permission denied"}],
            [{"file_path": "/archive/c.dcm"}],
        ),
        Example(
            "an element beyond the limits of the scan, less severe",
            [{"file_path": "/archive/d.dcm", "read_error": "limit exceeded: sequences nested 65 deep"}],
            [{"file_path": "/archive/d.dcm"}],
        ),
        Example(
            "files that are not DICOM make one finding, empty files another",
            [
                {"file_path": "/archive/log.txt", "read_error": "not DICOM: no DICM prefix"},
                {"file_path": "/archive/thumb.jpg", "read_error": "not DICOM: no DICM prefix"},
                {"file_path": "/archive/0.dcm", "read_error": "empty file: no bytes", "file_size": 0},
                {"file_path": "/archive/1.dcm", "read_error": "empty file: no bytes", "file_size": 0},
            ],
            [{"file_path": "/archive/log.txt"}, {"file_path": "/archive/0.dcm"}],
        ),
    ),
    silent=(
        Example("a readable object", [{"SOPInstanceUID": "1.2.826.0.1.1.1.1", "file_path": "/archive/a.dcm"}]),
        Example(
            "two readable objects, one without a series",
            [
                {"SOPInstanceUID": "1.2.826.0.1.1.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"},
                {"SOPInstanceUID": "1.2.826.2"},
            ],
        ),
    ),
)
def unreadable_object(row: Mapping[str, EvidenceValue]) -> Problem:
    """Repeat the reason of the reader; how bad it is follows from it."""
    error = str(row["read_error"])
    files = int(row["files"] or 0)
    if error in _NO_OBJECT:
        kind, severity = ("not DICOM", Severity.LOW) if error == NotDicom.reason else ("empty", Severity.MEDIUM)
        return Problem(f"{files} file{' is' if files == 1 else 's are'} {kind}, this is the first", severity)
    return Problem(f"the object cannot be read: {error}", Severity.MEDIUM if error.startswith(_PERHAPS_SOUND) else None)


_DATA = [Given("Modality", "CS", "OT"), Given("PatientID", "LO", "1234")]
_SEVERITIES = {
    "not-dicom": Severity.LOW,
    "empty": Severity.MEDIUM,
    "unavailable": Severity.MEDIUM,
    "limit": Severity.MEDIUM,
}


@object_form(
    unreadable_object,
    target="problems",
    problems=("damaged", "empty", "limit", "not-dicom", "truncated", "unavailable"),
    fires=(
        ObjectExample("a file that ends inside an element", content=part10(_DATA)[:-2], expect=["PatientID"]),
        ObjectExample("a file that ends behind its file meta information", content=part10(b""), expect=[""]),
        ObjectExample("zeros in the middle", content=part10(_DATA) + bytes(70000) + b"end", expect=[""]),
        ObjectExample("an empty file, less severe", content=b"", expect=[""]),
        ObjectExample("a file that is not DICOM, a minor fault", content=b"%PDF-1.7 a report", expect=[""]),
    ),
    silent=(
        ObjectExample("a whole object", _DATA),
        ObjectExample("an object without a preamble, which preamble-missing finds", content=part10(_DATA)[132:]),
    ),
)
def of_one_object(problem: ParseProblem) -> Fault:
    """Repeat what the parser met; what is no object, or may be sound, is less severe."""
    return Fault(problem.message, severity=_SEVERITIES.get(problem.kind))
