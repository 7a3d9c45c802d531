"""The native part of the header reader: plain objects at the speed of the disk, all others left to `reader`.

It is C, and optional: without it the same rows come from Python, slower. TAGWISE_KERNEL says which one reads.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from tagwise.errors import BadSetting
from tagwise.scanning.elements import LONG_VRS, SHORT_VRS
from tagwise.scanning.references import REFERRING
from tagwise.scanning.values import NUMBER_CODES, PADS, TEXT_VRS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagwise.scanning.columns import Column

VARIABLE = "TAGWISE_KERNEL"

NativeColumn = tuple[bytes, bytes, bytes]
"""Text as Arrow holds it: validity bits, offsets of 32 bits, UTF-8."""


class Kernel(Protocol):
    """What the compiled module offers. All of it is None, or 0 in `plain`, where an object is not plain."""

    def read_bytes(self, data: bytes) -> tuple[tuple[str | None, ...], str, int, int] | None:
        """Values and digest of an object in memory."""

    def read_file(self, path: bytes) -> tuple[tuple[str | None, ...], str, int, int] | None:
        """Values, digest, size in bytes and time of change in nanoseconds."""

    def read_files(
        self, paths: tuple[bytes, ...], seconds: float, most: int
    ) -> tuple[bytes, bytes, bytes, list[NativeColumn]]:
        """Rows of files, until the seconds are over or there are more than `most` bytes of text, but at least one.

        Returns:
            One byte per file that was looked at (1: it has a row), sizes and times of the rows in 64 bits each, and
            by column the digests and the values.
        """


def kernel(columns: Sequence[Column], wanted: Mapping[int, int]) -> Kernel | None:
    """The kernel for these columns, or None where Python reads.

    Args:
        wanted: Tag to place of all attributes that are looked for, the columns first.

    Raises:
        BadSetting: TAGWISE_KERNEL has a value that it cannot have, or requires a kernel that is not there.
    """
    mode = os.environ.get(VARIABLE) or "auto"
    if mode not in {"auto", "off", "required"}:
        raise BadSetting(f"{VARIABLE} is {mode!r}", hint="It may be auto, off or required.")
    if mode == "off":
        return None
    try:
        compiled = import_module("tagwise.scanning._kernel")  # it is there only where a compiler was
    except ImportError as error:
        if mode == "required":
            hint = "Install tagwise where a C compiler and Python's headers are, or unset the variable."
            raise BadSetting(
                f"{VARIABLE} requires the compiled reader, which is not here: {error}", hint=hint
            ) from error
        return None
    rules = {vr: _rule(vr) for vr in sorted(SHORT_VRS | LONG_VRS)}
    made: Kernel = compiled.Kernel(
        [(vr.decode(), *rule) for vr, rule in rules.items()],
        [(*rules[column.vr.encode()], column.tag >> 16 == 2) for column in columns],
        list(wanted.items()),
        [start.encode() for start in REFERRING],
    )
    return made


def reader_name() -> str:
    """Which reader a scan has: `native` or `python`.

    Raises:
        BadSetting: As `kernel`.
    """
    wanted = {0x00020010: 0, 0x00080005: 1, 0x00080016: 2}
    return "python" if kernel((), wanted) is None else "native"


_SHORT, _LONG, _SEQUENCE, _NUL_PAD, _SPACE_PAD, _CHARSET, _NUMBER = (1 << bit for bit in range(7))
"""The flags of `vr_kind` in native/header.h."""


def _rule(vr: bytes) -> tuple[int, str]:
    kind = (_SHORT if vr in SHORT_VRS else _LONG) | (_SEQUENCE if vr == b"SQ" else 0)
    if vr in NUMBER_CODES:
        return kind | _NUMBER, "T" if vr == b"AT" else NUMBER_CODES[vr]
    pad = {None: 0, "\0": _NUL_PAD, " ": _SPACE_PAD}[PADS.get(vr)]
    return kind | pad | (_CHARSET if vr in TEXT_VRS else 0), ""
