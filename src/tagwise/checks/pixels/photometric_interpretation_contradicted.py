"""Photometric Interpretation does not fit the number of samples or the transfer syntax.

## What it finds
Series with images in which Photometric Interpretation

- names one sample per pixel (MONOCHROME1, MONOCHROME2, PALETTE COLOR) while Samples per Pixel is not 1, or names three
  (RGB and the YBR forms) while it is not 3: medium severity;
- is YBR_ICT, YBR_RCT or YBR_PARTIAL_420 in an uncompressed transfer syntax, where these cannot occur: the image was
  decompressed, and the attribute was forgotten. Medium;
- is YBR_FULL in JPEG Baseline or Extended, where PS3.5 table 8.2.1-1 has YBR_FULL_422 or RGB for Baseline, also where
  the codec keeps the chrominance of every pixel: low. For Extended this is inferred: colours are coded as in Baseline;
- is no term of the standard: low. In one object `iod/value-not-defined-term` says so.

YBR_FULL_422 in uncompressed images is legal (PS3.3 C.7.6.3.1.2) and is not reported;
`encoding/pixel-data-incomplete` leaves it out too.

## Why it matters
The attribute tells a viewer how numbers become colours. If it is wrong, the image comes out green and purple, or
sheared, or not at all, and software that converts colours "back" destroys pixels that were right.

## How to confirm
1. `dcmdump +P PhotometricInterpretation +P SamplesPerPixel +P PlanarConfiguration +P TransferSyntaxUID FILE`.
2. Open the image in two viewers. Colours that differ between them point to this attribute.
3. Ask the source for the compressed original and compare its value.

## How to fix
1. Correct the component that decompresses. After JPEG or JPEG 2000 decoding with colour conversion the value is RGB.
2. Take the image again from the compressed original: it is easier than to find out what the numbers mean.
3. Change the attribute in stored images only where the colours were seen to be right after the change.

## Not a problem when
- YBR_FULL stands in JPEG images that every viewer in use shows in the right colours. DCMTK and older fo-dicom write it.
- The retired values HSV, ARGB and CMYK stand in images of their time, which nobody opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._syntaxes import NATIVE
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_ONE = "'MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'"
_THREE = "'RGB', 'HSV', 'YBR_FULL', 'YBR_FULL_422', 'YBR_PARTIAL_422', 'YBR_PARTIAL_420', 'YBR_ICT', 'YBR_RCT', 'XYB'"
_FOUR = "'ARGB', 'CMYK'"
_JPEG_DCT = "'1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51'"
"""JPEG Baseline, whose colours PS3.5 table 8.2.1-1 calls YBR_FULL_422 or RGB, and Extended, which codes them alike."""

_US = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
    "PhotometricInterpretation": "RGB",
    "SamplesPerPixel": "3",
    "Rows": "600",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "TransferSyntaxUID", "PhotometricInterpretation", "SamplesPerPixel", "Rows"),
    sql=f"""
WITH judged AS (
  SELECT
    SeriesInstanceUID,
    PhotometricInterpretation,
    SamplesPerPixel,
    instances,
    CASE
      WHEN PhotometricInterpretation IN ({_ONE}) AND SamplesPerPixel <> '1' THEN 1
      WHEN PhotometricInterpretation IN ({_THREE}) AND SamplesPerPixel <> '3' THEN 1
      WHEN PhotometricInterpretation IN ({_FOUR}) AND SamplesPerPixel <> '4' THEN 1
      ELSE 0
    END AS samples_differ,
    CASE
      WHEN PhotometricInterpretation IN ('YBR_ICT', 'YBR_RCT', 'YBR_PARTIAL_420')
        AND TransferSyntaxUID IN ({NATIVE})
      THEN 1 ELSE 0
    END AS left_over,
    CASE
      WHEN PhotometricInterpretation = 'YBR_FULL' AND TransferSyntaxUID IN ({_JPEG_DCT}) THEN 1 ELSE 0
    END AS not_subsampled,
    CASE WHEN PhotometricInterpretation IN ({_ONE}, {_THREE}, {_FOUR}) THEN 0 ELSE 1 END AS unknown
  FROM images
  WHERE SeriesInstanceUID IS NOT NULL AND PhotometricInterpretation IS NOT NULL
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  MAX(samples_differ) AS samples_differ,
  MAX(left_over) AS left_over,
  MAX(not_subsampled) AS not_subsampled,
  MIN(PhotometricInterpretation) AS its_PhotometricInterpretation,
  MIN(SamplesPerPixel) AS its_SamplesPerPixel
FROM judged
WHERE samples_differ + left_over + not_subsampled + unknown > 0
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.3.1.2", "PS3.5 8.2"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/4382", "2026-11-23"),
        Source("https://github.com/pydicom/pylibjpeg-libjpeg/issues/29", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/1456", "2026-11-23"),
        Source("https://github.com/DraconPern/fmjpeg2koj/issues/8", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("pixels/photometric-inconsistent",),
    fires=(
        Example("RGB with one sample", [{**_US, "SamplesPerPixel": "1"}], [_THE_SERIES]),
        Example("gray with three samples", [{**_US, "PhotometricInterpretation": "MONOCHROME2"}], [_THE_SERIES]),
        Example(
            "an uncompressed image with the colours of JPEG 2000",
            [{**_US, "PhotometricInterpretation": "YBR_RCT"}],
            [_THE_SERIES],
        ),
        Example(
            "YBR_FULL in JPEG Baseline, a minor fault",
            [
                {**_US, "PhotometricInterpretation": "YBR_FULL", "TransferSyntaxUID": "1.2.840.10008.1.2.4.50"},
            ],
            [_THE_SERIES],
        ),
        Example("a word of its own, a minor fault", [{**_US, "PhotometricInterpretation": "BGR"}], [_THE_SERIES]),
    ),
    silent=(
        Example("RGB with three samples", [_US]),
        Example("gray with one", [{**_US, "PhotometricInterpretation": "MONOCHROME1", "SamplesPerPixel": "1"}]),
        Example("a palette", [{**_US, "PhotometricInterpretation": "PALETTE COLOR", "SamplesPerPixel": "1"}]),
        Example("uncompressed YBR_FULL_422", [{**_US, "PhotometricInterpretation": "YBR_FULL_422"}]),
        Example(
            "YBR_FULL_422 in JPEG Baseline",
            [{**_US, "PhotometricInterpretation": "YBR_FULL_422", "TransferSyntaxUID": "1.2.840.10008.1.2.4.50"}],
        ),
        Example(
            "YBR_FULL in RLE",
            [{**_US, "PhotometricInterpretation": "YBR_FULL", "TransferSyntaxUID": "1.2.840.10008.1.2.5"}],
        ),
        Example(
            "YBR_RCT in JPEG 2000",
            [{**_US, "PhotometricInterpretation": "YBR_RCT", "TransferSyntaxUID": "1.2.840.10008.1.2.4.90"}],
        ),
        Example("no value", [{**_US, "PhotometricInterpretation": ""}]),
    ),
)
def photometric_interpretation_contradicted(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say what contradicts it."""
    term, images = row["its_PhotometricInterpretation"], f"images: {row['instances']}"
    if int(row["samples_differ"] or 0):
        samples = row["its_SamplesPerPixel"]
        return Problem(f"Photometric Interpretation {term} with {samples} samples per pixel ({images})")
    if int(row["left_over"] or 0):
        return Problem(f"Photometric Interpretation {term} in an uncompressed transfer syntax ({images})")
    if int(row["not_subsampled"] or 0):
        message = f"Photometric Interpretation YBR_FULL in lossy JPEG, which has YBR_FULL_422 or RGB ({images})"
        return Problem(message, Severity.LOW)
    return Problem(f"Photometric Interpretation {str(term)!r} is no term of the standard ({images})", Severity.LOW)


_INTERPRETATION, _SAMPLES, _ROWS = 0x00280004, 0x00280002, 0x00280010
_NUMBER = {
    term: number
    for number, terms in ((1, _ONE), (3, _THREE), (4, _FOUR))
    for term in terms.replace("'", "").split(", ")
}
_OF_CODECS = frozenset(["YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"])


def _image(term: str, samples: int) -> list[Given]:
    return [
        Given("SamplesPerPixel", "US", samples),
        Given("PhotometricInterpretation", "CS", term),
        Given("Rows", "US", 2),
    ]


@object_form(
    photometric_interpretation_contradicted,
    target="object",
    reads=("PhotometricInterpretation", "SamplesPerPixel"),
    fires=(
        ObjectExample("RGB with one sample", _image("RGB", 1), ["PhotometricInterpretation"]),
        ObjectExample("gray with three samples", _image("MONOCHROME2", 3), ["PhotometricInterpretation"]),
        ObjectExample(
            "an uncompressed image with the colours of JPEG 2000", _image("YBR_RCT", 3), ["PhotometricInterpretation"]
        ),
        ObjectExample(
            "YBR_FULL in JPEG Baseline, a minor fault",
            _image("YBR_FULL", 3),
            ["PhotometricInterpretation"],
            "1.2.840.10008.1.2.4.50",
        ),
    ),
    silent=(
        ObjectExample("RGB with three samples", _image("RGB", 3)),
        ObjectExample("a palette", _image("PALETTE COLOR", 1)),
        ObjectExample("uncompressed YBR_FULL_422", _image("YBR_FULL_422", 3)),
        ObjectExample("a word of its own, which the check of terms reports", _image("BGR", 3)),
        ObjectExample("no image", _image("YBR_RCT", 3)[:2]),
    ),
)
def of_one_object(parsed: ParsedObject) -> Fault | None:
    """Say what contradicts it."""
    tags = parsed.root.tags
    at = tags.get(_INTERPRETATION)
    if at is None:
        return None
    term, samples = at.stripped(), parsed.root.number_of(_SAMPLES)
    needed = _NUMBER.get(term)
    if needed is not None and samples is not None and samples != needed:
        return Fault(f"{at.label} is {term}, which has {needed} per pixel, but SamplesPerPixel is {samples}", at)
    if term in _OF_CODECS and _ROWS in tags and parsed.fragments is None and f"'{parsed.syntax}'" in NATIVE:
        return Fault(f"{at.label} is {term}, which is found in compressed pixels only, and these are not", at)
    if term == "YBR_FULL" and _ROWS in tags and f"'{parsed.syntax}'" in _JPEG_DCT:
        return Fault(f"{at.label} is YBR_FULL, but lossy JPEG has YBR_FULL_422 or RGB", at, severity=Severity.LOW)
    return None
