"""Reads the header of one DICOM object into a row: damaged, truncated or no DICOM at all, it is a row in any case.

Only the bytes up to the last wanted attribute are read. The rules of PS3.5 and PS3.10 are followed as far as the
object follows them, and beyond that pydicom's `dcmread(force=True)` is the model; where this reader is stricter, or
knows more, the docstrings say so. It does not import pydicom.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import BadSetting, EmptyFile, FileUnavailable, NotDicom, ReadError, Truncated
from tagwise.scanning.elements import BIG, LITTLE, LONG_VRS, SHORT_VRS, UNDEFINED, Found, Walk, is_implicit
from tagwise.scanning.values import KINDS, Kind, value_text
from tagwise.scanning.window import WINDOW, BytesWindow, FileWindow, InflatedWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagwise.scanning.columns import Column

CHARACTER_SET = 0x00080005
TRANSFER_SYNTAX = 0x00020010

IDENTIFYING = (
    0x00020002,  # Media Storage SOP Class UID
    0x00020003,  # Media Storage SOP Instance UID
    0x00080016,  # SOP Class UID
    0x00080018,  # SOP Instance UID
    0x00080060,  # Modality
    0x00100020,  # Patient ID
    0x0020000D,  # Study Instance UID
    0x0020000E,  # Series Instance UID
)
"""Always looked for: without the DICM prefix, an object that has none of them is not DICOM."""

EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
"""Deflated Explicit VR Little Endian, and the two JPIP referenced syntaxes that are deflated too (PS3.5 A.5, A.7)."""

_OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_FILE_TYPES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a character device",
    stat.S_IFBLK: "a block device",
}


class Header(NamedTuple):
    """The row of one object in memory.

    `values` has one text per column, in the order of the columns: None where the attribute is absent, "" where it is
    empty. What was read before an error is kept. `header_digest` is None where there is a `read_error`.
    """

    values: tuple[str | None, ...]
    header_digest: str | None
    read_error: str | None


class FileHeader(NamedTuple):
    """The row of one file: a `Header`, its size in bytes and `st_mtime_ns`, both None where it cannot be opened."""

    values: tuple[str | None, ...]
    header_digest: str | None
    read_error: str | None
    file_size: int | None
    modified: int | None


class _Reading:
    """What is known of one object while it is read."""

    __slots__ = ("data_set", "meta", "sign")

    def __init__(self, meta_count: int, data_set_count: int) -> None:
        self.meta = Found([None] * meta_count, [b""] * meta_count)
        self.data_set = Found([None] * data_set_count, [b""] * data_set_count)
        self.sign = "<"


class HeaderReader:
    """Reads the attributes `columns` of any number of objects. It keeps nothing between two objects.

    The header digest is BLAKE2b with 16 bytes over the data set, inflated where it is deflated and without file meta
    information, from its first element to the end of the last one before the stop: the first element whose tag is
    greater than those of all columns and of IDENTIFYING. Of an element or item of defined length, at any depth, whose
    value has more than 65,535 bytes only tag, VR and length count. So the digest depends on the object and on the
    greatest tag of the columns, and on nothing else.

    Args:
        columns: Attributes with text or numbers; sequences and bulk data have no column.
        window: Bytes that are read at a time.

    Raises:
        BadSetting: A column occurs twice, or cannot become text.
    """

    def __init__(self, columns: Sequence[Column], *, window: int = WINDOW) -> None:
        tags = [column.tag for column in columns]
        for column in columns:
            if KINDS.get(column.vr.encode(), Kind.NONE) == Kind.NONE or not 0x00020000 <= column.tag < 0x7FE00000:
                raise BadSetting(f"{column.keyword} cannot be a column: its VR is {column.vr}")
        if len(set(tags)) < len(tags):
            raise BadSetting("an attribute is a column twice")
        self._window = max(window, 256)
        self._names = {column.tag: column.keyword for column in columns}
        always = dict.fromkeys((*tags, TRANSFER_SYNTAX, CHARACTER_SET, *IDENTIFYING))
        meta = [tag for tag in always if tag >> 16 == 2]
        data_set = [tag for tag in always if tag >> 16 != 2]
        self._meta = {tag: index for index, tag in enumerate(meta)}
        self._data_set = {tag: index for index, tag in enumerate(data_set)}
        self._last = max(data_set)
        self._plan = [
            (tag >> 16 == 2, (self._meta if tag >> 16 == 2 else self._data_set)[tag], column.vr.encode())
            for tag, column in zip(tags, columns, strict=True)
        ]

    def read_bytes(self, data: bytes) -> Header:
        """The header of an object that is in memory."""
        if not data:
            return Header((None,) * len(self._plan), None, str(EmptyFile("the object has no bytes")))
        return Header(*self._read(BytesWindow(data, self._window)))

    def read_file(self, path: str | bytes) -> FileHeader:
        """The header of a file; whatever is wrong with the file or in it is its `read_error`."""
        try:
            fd = os.open(path, _OPEN_FLAGS)
        except OSError as error:
            return self._unavailable(error.strerror or str(error))
        except ValueError as error:  # a NUL, or characters that no file name can have
            return self._unavailable(str(error))
        try:
            status = os.fstat(fd)
            size = status.st_size
            if not stat.S_ISREG(status.st_mode):
                file_type = _FILE_TYPES.get(stat.S_IFMT(status.st_mode), "something else")
                return self._unavailable(f"it is not a regular file but {file_type}")
            if not size:
                error_text = str(EmptyFile("the file has no bytes"))
                return FileHeader((None,) * len(self._plan), None, error_text, 0, status.st_mtime_ns)
            return FileHeader(*self._read(FileWindow(fd, size, self._window)), size, status.st_mtime_ns)
        except OSError as error:
            return self._unavailable(error.strerror or str(error))
        finally:
            os.close(fd)

    def _unavailable(self, reason: str) -> FileHeader:
        return FileHeader((None,) * len(self._plan), None, str(FileUnavailable(reason)), None, None)

    def _read(self, window: BytesWindow | FileWindow) -> tuple[tuple[str | None, ...], str | None, str | None]:
        """Values, digest and error."""
        reading = _Reading(len(self._meta), len(self._data_set))
        digest = error_text = None
        prefixed = True
        try:
            window.ready(0, 256)
            prefixed = window.data[128:132] == b"DICM"
            digest = self._walk(window, reading, 132 if prefixed else 0)
        except ReadError as error:
            error_text = str(error)
        if not prefixed and not self._is_identified(reading):
            ...
        return self._values(reading), digest, error_text
