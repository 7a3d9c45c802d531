"""A file is smaller than the pixels that its header announces.

## What it finds
Images in a native (uncompressed) transfer syntax whose file has fewer bytes than rows times columns times samples
times bits times frames come to, counted per series. The scan reads headers only, so this is arithmetic: such a file
cannot hold its Pixel Data, which is cut off or missing.

Compressed, deflated and subsampled (YBR 422, 420) images are not judged, because their length does not follow from
the header. A file that lacks fewer bytes than its header is long is not noticed either.

## Why it matters
Everything about such an object looks right: the database lists it, the header reads, the series has its number of
images. Only who opens it sees a grey block or an error, often years later, when the modality and the backup have lost
their copies.

## How to confirm
1. `dcmdump +P PixelData FILE`: is the element missing, or does it claim more bytes than the file has left?
2. Compare the size of the file with the archive's record and with its neighbours in the series, which usually have
   the same size to within a few hundred bytes.
3. A size that is a multiple of 4,096, or the same time of writing in all files concerned, points to a full volume or
   a transfer that was cut. No Pixel Data at all, in files of a few kB, points to a tool that strips it.

## How to fix
1. Do not delete or re-index anything yet: the damaged file is the only record of what is missing.
2. Fetch the objects again from the modality, the second copy, the backup or another archive that received them, by
   their UIDs, and ask for storage commitment afterwards.
3. Find where the bytes were lost: free space and log of the volume on that day, the receiver (it should write to a
   temporary name, flush and rename before it answers success), the copy job.
4. If the pixels are gone for good, say so in the archive: reject the objects (IHE IOCM, "Rejected for Quality
   Reasons") so that nobody takes the series for complete.

## Not a problem when
- The folder holds headers on purpose: an export without pixels, test data, a metadata cache.
- The header announces more than the image has, as some converters write Number of Frames, and every viewer copes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.checks.encoding._pixels import BITS, IMAGE, expected_bytes
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CT: dict[str, str | int] = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
    "PhotometricInterpretation": "MONOCHROME2",
    "SamplesPerPixel": "1",
    "Rows": "512",
    "Columns": "512",
    "BitsAllocated": "16",
    "file_size": 526000,
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


def _number(column: str) -> str:
    """A column as a number, NULL where its text is none: a cast that fails would stop the check."""
    is_number = f"TRANSLATE({column}, '0123456789', '') = '' AND LENGTH({column}) < 10"
    return f"CASE WHEN {is_number} THEN CAST({column} AS DOUBLE) END"


# Numbers are read for each shape of a series, and for single objects only where the smallest file is too small.
_NUMBERS = f"""
    {_number('"Rows"')} AS height,
    {_number('"Columns"')} AS width,
    {_number("SamplesPerPixel")} AS samples,
    {_number("BitsAllocated")} AS bits,
    {_number("COALESCE(NumberOfFrames, '1')")} AS frames""".lstrip()
_NATIVE = """TransferSyntaxUID IN ('1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2')
    AND (PhotometricInterpretation IS NULL OR PhotometricInterpretation NOT LIKE 'YBR%42%')"""


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "file_path"),
    reads=(
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "TransferSyntaxUID",
        "PhotometricInterpretation",
        "SamplesPerPixel",
        "NumberOfFrames",
        "Rows",
        "Columns",
        "BitsAllocated",
    ),
    sql=f"""
WITH shapes AS (
  SELECT
    SeriesInstanceUID, "Rows", "Columns", SamplesPerPixel, BitsAllocated, NumberOfFrames, MIN(file_size) AS smallest
  FROM instances
  WHERE {_NATIVE}
  GROUP BY SeriesInstanceUID, "Rows", "Columns", SamplesPerPixel, BitsAllocated, NumberOfFrames
),
measured AS (
  SELECT COALESCE(SeriesInstanceUID, '') AS series, smallest, {_NUMBERS}
  FROM shapes
),
numbers AS (
  SELECT SeriesInstanceUID, SOPInstanceUID, file_path, file_size, {_NUMBERS}
  FROM instances
  WHERE {_NATIVE}
    AND COALESCE(SeriesInstanceUID, '') IN (
      SELECT series FROM measured WHERE smallest < height * width * samples * bits * frames / 8
    )
)
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(file_path) END AS file_path,
  COUNT(*) AS objects,
  CAST(MAX(height * width * samples * bits * frames / 8 - file_size) AS BIGINT) AS bytes_missing_at_least,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(file_path) AS example_file_path
FROM numbers
WHERE file_size < height * width * samples * bits * frames / 8
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.5 8.1", "PS3.3 C.7.6.3", "PS3.5 A"),
    sources=(),
    since="0.1.0",
    aliases=("encoding/pixel-length-mismatch", "encoding/pixel-data-missing"),
    fires=(
        Example(
            "a CT image whose file ends in the middle of the pixels", [{**_CT, "file_size": 262144}], [_THE_SERIES]
        ),
        Example(
            "a clip of 100 frames in a file that has room for 50",
            [{**_CT, "NumberOfFrames": "100", "file_size": 26214400}],
            [_THE_SERIES],
        ),
        Example(
            "two images without a series make one finding, named by the first",
            [
                {**_CT, "SeriesInstanceUID": "", "file_size": 1200, "file_path": "/archive/a.dcm"},
                {**_CT, "SeriesInstanceUID": "", "file_size": 1200, "file_path": "/archive/b.dcm"},
            ],
            [{"file_path": "/archive/a.dcm"}],
        ),
    ),
    silent=(
        Example("a whole image", [_CT]),
        Example("a compressed image", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70", "file_size": 210000}]),
        Example("a deflated image", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.1.99", "file_size": 210000}]),
        Example(
            "a color image that stores two bytes for each pixel",
            [
                {
                    **_CT,
                    "PhotometricInterpretation": "YBR_FULL_422",
                    "SamplesPerPixel": "3",
                    "BitsAllocated": "8",
                }
            ],
        ),
        Example("a segmentation of one bit", [{**_CT, "BitsAllocated": "1", "file_size": 34000}]),
        Example("a report", [{"SOPInstanceUID": "1.2.826.7", "SeriesInstanceUID": "1.2.826.0.1.1.2"}]),
        Example("numbers that are none", [{**_CT, "NumberOfFrames": "many", "Rows": "512\\512", "file_size": 10}]),
    ),
)
def pixel_data_incomplete(row: Mapping[str, EvidenceValue]) -> str:
    """Count the files, say how much is missing at least, and name one."""
    objects = int(row["objects"] or 0)
    noun = "1 file is" if objects == 1 else f"{objects} files are"
    missing = f"{int(row['bytes_missing_at_least'] or 0):,}"
    example = row["example_file_path"]
    return f"{noun} too small for the pixels announced, up to {missing} bytes are missing, for example in {example}"


_PIXEL_DATA = 0x7FE00010


@object_form(
    pixel_data_incomplete,
    target="object",
    reads=(
        "Rows",
        "Columns",
        "SamplesPerPixel",
        "BitsAllocated",
        "NumberOfFrames",
        "PhotometricInterpretation",
        "PixelData",
    ),
    fires=(
        ObjectExample("six bytes for an image of eight", [*IMAGE, Given("PixelData", "OW", bytes(6))], ["PixelData"]),
        ObjectExample(
            "a file that ends inside the pixels",
            content=part10([*IMAGE, Given("PixelData", "OW", bytes(8))])[:-3],
            expect=["PixelData"],
        ),
        ObjectExample("no pixels at all", IMAGE, [""]),
    ),
    silent=(
        ObjectExample("as many bytes as the image needs", [*IMAGE, Given("PixelData", "OW", bytes(8))]),
        ObjectExample("an image of nine bits in two bytes", [*BITS, Given("PixelData", "OB", bytes(2))]),
        ObjectExample("an object without an image", [Given("Modality", "CS", "SR")]),
        ObjectExample("pixels of 32 bit numbers", [*IMAGE, Given("FloatPixelData", "OF", bytes(16))]),
        ObjectExample("pixels behind a URL", [*IMAGE, Given("PixelDataProviderURL", "UR", "https://pacs.example/1")]),
    ),
)
def of_one_object(parsed: ParsedObject) -> Fault | None:
    """Give both numbers."""
    expected = expected_bytes(parsed)
    if expected is None:
        return None
    pixels = parsed.root.get(_PIXEL_DATA)
    if pixels is None:
        elsewhere = any(parsed.root.get(tag) for tag in (0x7FE00008, 0x7FE00009, 0x00287FE0))
        return (
            None
            if elsewhere or not parsed.complete
            else Fault(f"PixelData is missing, the image needs {expected.whole:,} bytes")
        )
    there = min(pixels.length, max(parsed.size - pixels.start, 0)) if not parsed.complete else pixels.length
    if there >= expected.whole:
        return None
    return Fault(f"PixelData has {there:,} bytes, the image needs {expected.whole:,}", pixels)
