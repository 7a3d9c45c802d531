"""The file meta information names another instance or SOP class than the data set.

## What it finds
Objects whose Media Storage SOP Instance UID differs from SOP Instance UID, or whose Media Storage SOP Class UID
differs from SOP Class UID, counted per series. Padding does not count. An object that lacks one of the two is not
compared.

The device of the finding is the one that made the images. The file meta information is made by whatever program
wrote the file last, often another one: Implementation Version Name in the evidence names it.

PS3.10 section 7.1 defines both pairs as the same thing written twice.

## Why it matters
Some software believes the file meta information, because it comes first, and some the data set. A sender proposes and
announces the one, the receiver stores under the other; storage commitment then asks for an instance that the archive
does not have, and the source never deletes or always re-sends. Media readers find objects that the DICOMDIR does not
list.

## How to confirm
1. `dcmdump -Un +P MediaStorageSOPInstanceUID +P SOPInstanceUID +P MediaStorageSOPClassUID +P SOPClassUID FILE`.
2. Read Implementation Version Name and Source Application Entity Title: they name the program that wrote the file
   last, and where it came from.
3. Look for the media storage UID in the archive. If an object with this SOP Instance UID exists, the file is its
   changed copy.

## How to fix
1. First make sure that the data set was meant to change. If a tool replaced UIDs and left out the file meta
   information, correct the tool. De-identified objects otherwise still carry the original UID, which leads back to
   the patient: treat them as identified.
2. The data set is what counts. Files that an archive manages are corrected by sending them out and in again, or with
   the archive's own tools, because it keeps their size and digest. For files of your own, rewrite the file meta
   information, for example with pydicom: `ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID`, the same for
   the class, then `ds.save_as(new_path, enforce_file_format=True)`; compare before you replace the original.
3. Ask for storage commitment again, with the UID of the data set.

## Not a problem when
- The archive writes new file meta information on every send and export, and nothing else reads its files. Then only
  the finding disappears with the next migration, not a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.repairs import NewValue, padded
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.checks.repairs import Repair
    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CT = {
    "MediaStorageSOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "MediaStorageSOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "file_path"),
    reads=(
        "MediaStorageSOPClassUID",
        "MediaStorageSOPInstanceUID",
        "SOPClassUID",
        "SOPInstanceUID",
        "SeriesInstanceUID",
        "ImplementationVersionName",
    ),
    sql="""
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(file_path) END AS file_path,
  COUNT(*) AS objects,
  SUM(CASE WHEN MediaStorageSOPInstanceUID <> SOPInstanceUID THEN 1 ELSE 0 END) AS instances_differ,
  SUM(CASE WHEN MediaStorageSOPClassUID <> SOPClassUID THEN 1 ELSE 0 END) AS classes_differ,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(file_path) AS example_file_path,
  MIN(ImplementationVersionName) AS writer_ImplementationVersionName
FROM instances
WHERE MediaStorageSOPInstanceUID <> SOPInstanceUID
  OR MediaStorageSOPClassUID <> SOPClassUID
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.10 7.1", "PS3.3 C.12.1"),
    sources=(Source("https://github.com/fo-dicom/fo-dicom/issues/612", "2026-11-23"),),
    since="0.1.0",
    about=("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "SOPClassUID", "SOPInstanceUID"),
    fires=(
        Example(
            "the data set got a new UID, the file meta information did not",
            [{**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2"}],
            [_THE_SERIES],
        ),
        Example(
            "the file meta information names another class",
            [{**_CT, "MediaStorageSOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}],
            [_THE_SERIES],
        ),
        Example(
            "files without a series make one finding, named by the first",
            [
                {
                    "MediaStorageSOPInstanceUID": "1.2.826.0.7",
                    "SOPInstanceUID": "1.2.826.0.8",
                    "file_path": "/archive/a.dcm",
                },
                {
                    "MediaStorageSOPInstanceUID": "1.2.826.0.7",
                    "SOPInstanceUID": "1.2.826.0.9",
                    "file_path": "/archive/b.dcm",
                },
            ],
            [{"file_path": "/archive/a.dcm"}],
        ),
    ),
    silent=(
        Example("both agree", [_CT]),
        Example("they differ by padding only", [{**_CT, "MediaStorageSOPInstanceUID": "1.2.826.0.1.1.1.1 "}]),
        Example(
            "an object without file meta information",
            [{k: v for k, v in _CT.items() if not k.startswith("MediaStorage")}],
        ),
    ),
)
def meta_dataset_mismatch(row: Mapping[str, EvidenceValue]) -> str:
    """Count objects whose instance UID differs and objects whose class differs."""
    counts = {
        "instances_differ": "Media Storage SOP Instance UID",
        "classes_differ": "Media Storage SOP Class UID",
    }
    parts = [f"{name} differs (objects: {row[column]})" for column, name in counts.items() if int(row[column] or 0)]
    return f"{' and '.join(parts)}, for example in {row['example_SOPInstanceUID']}"


_SAME = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("SOPInstanceUID", "UI", "1.2.826.0.1.1")]
_PAIRS = ((0x00020002, 0x00080016, "Class"), (0x00020003, 0x00080018, "Instance"))


def _repair(parsed: ParsedObject) -> Iterator[Repair]:
    """Copy the UIDs of the data set: they are the object's, the file meta information repeats them."""
    for meta_tag, tag, word in _PAIRS:
        first, second = parsed.meta.get(meta_tag), parsed.root.get(tag)
        if first is not None and second is not None and first.stripped() != second.stripped() != "":
            raw = padded(second.stripped().encode("latin-1"), "UI")
            yield NewValue(first, raw, f"another SOP {word} UID", "that of the data set")


@object_form(
    meta_dataset_mismatch,
    target="object",
    reads=("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "SOPClassUID", "SOPInstanceUID"),
    repair=_repair,
    fires=(
        ObjectExample(
            "the data set has a UID of its own",
            [_SAME[0], Given("SOPInstanceUID", "UI", "1.2.826.0.1.2")],
            ["SOPInstanceUID"],
        ),
        ObjectExample(
            "the data set has another class",
            [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.2"), _SAME[1]],
            ["SOPClassUID"],
        ),
    ),
    silent=(
        ObjectExample("both agree", _SAME),
        ObjectExample("a data set without these UIDs", [Given("Modality", "CS", "OT")]),
    ),
)
def of_one_object(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each pair that differs."""
    for meta_tag, tag, word in _PAIRS:
        first, second = parsed.meta.text(meta_tag), parsed.root.text(tag)
        if first and second and first != second:
            message = f"SOP {word} UID is {second[:70]}, the file meta information says {first[:70]}"
            yield Fault(message, parsed.root.get(tag))
