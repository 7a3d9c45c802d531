"""Images in a lossy transfer syntax do not say that they were compressed with loss.

## What it finds
Images whose transfer syntax always loses detail (JPEG baseline and extended, MPEG, HEVC) and whose Lossy Image
Compression is not 01, counted per series and transfer syntax. Syntaxes that may hold either, such as JPEG 2000 and
near-lossless JPEG-LS, are not judged: only the stream inside tells.

The severity is low for secondary captures, ultrasound, endoscopy, photographs and other images of visible light, which
are acquired that way and are known to be; elsewhere it is medium.

## Why it matters
In several countries a reader has to be told that an image was compressed with loss. Once such an image is decompressed
and stored again, nothing in it says any more that detail was lost: it passes for an original, and may be compressed
once more.

## How to confirm
1. `dcmdump +P TransferSyntaxUID +P LossyImageCompression +P LossyImageCompressionRatio +P LossyImageCompressionMethod
   FILE`.
2. Find out who compressed: the device, the router or the archive. Compare with the copy one step earlier.

## How to fix
1. Correct the component that compresses: it must set Lossy Image Compression to 01, add ratio and method, and, unless
   the device acquired the image so, make a derived image with a new SOP Instance UID.
2. In stored images add 01. The value must never go back to 00, not even after decompression.

## Not a problem when
- All systems in the department show the transfer syntax or ignore the flag, and images never leave it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._syntaxes import LOSSY, LOSSY_UIDS
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import transfer_syntaxes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CR = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.4.51",
    "Rows": "2048",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "TransferSyntaxUID": "1.2.840.10008.1.2.4.51"}
_BASELINE = {**_CR, "TransferSyntaxUID": "1.2.840.10008.1.2.4.50"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID", "TransferSyntaxUID"),
    reads=("SeriesInstanceUID", "SOPClassUID", "TransferSyntaxUID", "LossyImageCompression", "Rows"),
    sql=f"""
SELECT
  SeriesInstanceUID,
  TransferSyntaxUID,
  SUM(instances) AS instances,
  SUM(CASE WHEN LossyImageCompression IS NULL THEN 0 ELSE instances END) AS with_another_value,
  MAX(CASE
    WHEN SOPClassUID IN ('1.2.840.10008.5.1.4.1.1.3', '1.2.840.10008.5.1.4.1.1.3.1')
      OR SOPClassUID IN ('1.2.840.10008.5.1.4.1.1.6', '1.2.840.10008.5.1.4.1.1.7')
      OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.6.%'
      OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.7.%'
      OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.77.%'
    THEN 0 ELSE 1
  END) AS radiological
FROM images
WHERE TransferSyntaxUID IN ({LOSSY})
  AND (LossyImageCompression IS NULL OR LossyImageCompression <> '01')
GROUP BY SeriesInstanceUID, TransferSyntaxUID
ORDER BY SeriesInstanceUID, TransferSyntaxUID
""",
    references=("PS3.3 C.7.6.1.1.5", "PS3.3 C.7.6.1", "PS3.5 A.4"),
    sources=(
        Source("https://github.com/imi-bigpicture/wsidicomizer/issues/120", "2026-11-23"),
        Source("https://github.com/DCMTK/dcmtk/pull/33", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("a radiograph in JPEG extended without the flag", [_CR], [_THE_SERIES]),
        Example("a radiograph that says 00", [{**_CR, "LossyImageCompression": "00"}], [_THE_SERIES]),
        Example(
            "an ultrasound image without the flag, a minor fault",
            [{**_BASELINE, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "TransferSyntaxUID": "1.2.840.10008.1.2.4.50"}],
        ),
    ),
    silent=(
        Example("a radiograph with the flag", [{**_CR, "LossyImageCompression": "01"}]),
        Example("a lossless JPEG image", [{**_CR, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70"}]),
        Example("a JPEG 2000 image, which may be lossless", [{**_CR, "TransferSyntaxUID": "1.2.840.10008.1.2.4.91"}]),
        Example(
            "a lossy image that was decompressed and says so",
            [{**_CR, "TransferSyntaxUID": "1.2.840.10008.1.2.1", "LossyImageCompression": "01"}],
        ),
    ),
)
def lossy_flag_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the codec; images of visible light and captures are a lesser fault."""
    codec = transfer_syntaxes.by_uid()[str(row["TransferSyntaxUID"])].codec
    what = "a value other than 01" if int(row["with_another_value"] or 0) else "no value"
    message = f"{row['instances']} images in lossy {codec} with {what} in Lossy Image Compression"
    return Problem(message, None if int(row["radiological"] or 0) else Severity.LOW)


_SOP_CLASS, _FLAG, _ROWS = 0x00080016, 0x00282110, 0x00280010
_CLASSES = "1.2.840.10008.5.1.4.1.1."
_VISIBLE = tuple(_CLASSES + end for end in ("3", "3.1", "6", "7"))
_VISIBLE_UNDER = tuple(_CLASSES + end for end in ("6.", "7.", "77."))
_BASELINE_SYNTAX = "1.2.840.10008.1.2.4.50"


def _image(sop_class: str, *flag: str) -> list[Given]:
    return [
        Given("SOPClassUID", "UI", _CLASSES + sop_class),
        *(Given("LossyImageCompression", "CS", value) for value in flag),
        Given("Rows", "US", 2),
    ]


@object_form(
    lossy_flag_missing,
    target="object",
    reads=("SOPClassUID", "LossyImageCompression"),
    fires=(
        ObjectExample("a radiograph in JPEG without the flag", _image("1"), [""], _BASELINE_SYNTAX),
        ObjectExample("a radiograph that says 00", _image("1", "00"), ["LossyImageCompression"], _BASELINE_SYNTAX),
        ObjectExample("an ultrasound image, a minor fault", _image("6.1"), [""], _BASELINE_SYNTAX),
    ),
    silent=(
        ObjectExample("a radiograph with the flag", _image("1", "01"), syntax=_BASELINE_SYNTAX),
        ObjectExample("a lossless image", _image("1")),
        ObjectExample("no image", _image("1")[:-1], syntax=_BASELINE_SYNTAX),
    ),
)
def of_one_object(parsed: ParsedObject) -> Fault | None:
    """Name the codec, and the value that is not 01."""
    if parsed.syntax not in LOSSY_UIDS or _ROWS not in parsed.root.tags:
        return None
    at = parsed.root.tags.get(_FLAG)
    value = at.stripped() if at is not None else ""
    if value == "01":
        return None
    sop_class = parsed.root.text(_SOP_CLASS) or ""
    visible = sop_class in _VISIBLE or sop_class.startswith(_VISIBLE_UNDER)
    codec = transfer_syntaxes.by_uid()[parsed.syntax].codec
    says = f"{'has no value' if not value else 'is not 01'}, but the pixels are in lossy {codec}"
    return Fault(f"LossyImageCompression {says}", at, severity=Severity.LOW if visible else None)
