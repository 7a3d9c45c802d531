"""What the checks on the length of native pixel data share: how many bytes an image needs (PS3.3 C.7.6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.checks.writing import Given

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject

IMAGE = (
    Given("SamplesPerPixel", "US", 1),
    Given("PhotometricInterpretation", "CS", "MONOCHROME2"),
    Given("Rows", "US", 2),
    Given("Columns", "US", 2),
    Given("BitsAllocated", "US", 16),
)
"""An image of eight bytes, for examples."""

BITS = (
    Given("SamplesPerPixel", "US", 1),
    Given("PhotometricInterpretation", "CS", "MONOCHROME2"),
    Given("Rows", "US", 3),
    Given("Columns", "US", 3),
    Given("BitsAllocated", "US", 1),
)
"""An image of nine bits, for examples."""

_SUBSAMPLED = {"YBR_FULL_422": 2, "YBR_PARTIAL_422": 2, "YBR_PARTIAL_420": 1.5}
"""Samples that are stored for a pixel where chrominance is subsampled (PS3.3 C.7.6.3.1.2)."""


class Expected(NamedTuple):
    """Bytes of the whole image and of one frame."""

    whole: int
    frame: int


def expected_bytes(parsed: ParsedObject) -> Expected | None:
    """How long native pixel data must be; None where it is compressed or a number is missing."""
    if parsed.fragments is not None or (parsed.declared is not None and parsed.declared.pixels != "native"):
        return None
    root = parsed.root
    rows, columns, bits = (root.number_of(tag) for tag in (0x00280010, 0x00280011, 0x00280100))
    samples = root.number_of(0x00280002) or 1
    frames = root.number_of(0x00280008) if root.has_value(0x00280008) else 1
    if not rows or not columns or not bits or not frames or frames < 0:
        return None
    stored = _SUBSAMPLED.get(root.text(0x00280004) or "", samples)
    frame = int(rows * columns * stored) * bits
    return Expected((frame * frames + 7) // 8, (frame + 7) // 8)
