"""Reads the header of one DICOM object into a row: damaged, truncated or no DICOM at all, it is a row in any case.

Only the bytes up to the last wanted attribute are read. The rules of PS3.5 and PS3.10 are followed as far as the
object follows them, and beyond that pydicom's `dcmread(force=True)` is the model; where this reader is stricter, or
knows more, the docstrings say so. It does not import pydicom.

Plain objects are read by the kernel (`native/`), where it was compiled; it gives the rows that this module would give.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import BadSetting, EmptyFile, FileUnavailable, NotDicom, ReadError, Truncated
from tagwise.scanning.elements import BIG, LITTLE, LONG_VRS, SHORT_VRS, UNDEFINED, Found, Walk, is_implicit
from tagwise.scanning.kernel import kernel
from tagwise.scanning.references import references, refers
from tagwise.scanning.values import COLUMN_VRS, PADS, value_text
from tagwise.scanning.window import WINDOW, BytesWindow, FileWindow, InflatedWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagwise.scanning.columns import Column
    from tagwise.scanning.elements import ByteOrder
    from tagwise.scanning.references import Reference
    from tagwise.scanning.window import Window

CHARACTER_SET = 0x00080005
TRANSFER_SYNTAX = 0x00020010
SOP_CLASS = 0x00080016

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

OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
"""How a file is opened that may be a pipe or a device: without waiting for it."""

FILE_TYPES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a character device",
    stat.S_IFBLK: "a block device",
}


class Header(NamedTuple):
    """The row of one object in memory.

    `values` has one text per column, in the order of the columns: None where the attribute is absent, "" where it is
    empty. What was read before an error is kept. `header_digest` is None where there is a `read_error`. `references`
    are the objects that it refers to, for classes that are made of references.
    """

    values: tuple[str | None, ...]
    header_digest: str | None
    read_error: str | None
    references: tuple[Reference, ...] = ()


class FileHeader(NamedTuple):
    """The row of one file: a `Header`, its size in bytes and `st_mtime_ns`, both None where it cannot be opened."""

    values: tuple[str | None, ...]
    header_digest: str | None
    read_error: str | None
    file_size: int | None
    modified: int | None
    references: tuple[Reference, ...] = ()


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
            if column.vr.encode() not in COLUMN_VRS or not 0x00020000 <= column.tag < 0x7FE00000:
                raise BadSetting(f"{column.keyword} cannot be a column: its VR is {column.vr}")
        if len(set(tags)) < len(tags):
            raise BadSetting("an attribute is a column twice")
        self._window = max(window, 256)
        self._names = {column.tag: column.keyword for column in columns}
        self._own_vrs = [column.vr.encode() for column in columns]
        self._own_pads = [PADS.get(vr) for vr in self._own_vrs]
        always = list(dict.fromkeys((*tags, TRANSFER_SYNTAX, CHARACTER_SET, *IDENTIFYING)))
        self._meta = {tag: index for index, tag in enumerate(always) if tag >> 16 == 2}
        self._data_set = {tag: index for index, tag in enumerate(always) if tag >> 16 != 2}
        self._last = max(self._data_set)
        self._count = len(always)
        self._identifying = [always.index(tag) for tag in IDENTIFYING]
        self._transfer_syntax = always.index(TRANSFER_SYNTAX)
        self._sop_class = always.index(SOP_CLASS)
        self._character_set = always.index(CHARACTER_SET)
        self._in_meta = [tag >> 16 == 2 for tag in tags]
        self.kernel = kernel(columns, {tag: place for place, tag in enumerate(always)})
        self._nothing: tuple[str | None, ...] = (None,) * len(columns)

    def read_bytes(self, data: bytes) -> Header:
        """The header of an object that is in memory."""
        plain = self.kernel and self.kernel.read_bytes(data)
        return Header(plain[0], plain[1], None) if plain else self.explain_bytes(data)

    def explain_bytes(self, data: bytes) -> Header:
        """As `read_bytes`, without the kernel: it knows all objects, and what is wrong with them."""
        if not data:
            return Header(self._nothing, None, str(EmptyFile("the object has no bytes")))
        return self._read(BytesWindow(data, self._window))

    def read_file(self, path: str | bytes) -> FileHeader:
        """The header of a file; whatever is wrong with the file or in it is its `read_error`."""
        try:
            plain = self.kernel and self.kernel.read_file(os.fsencode(path))
        except ValueError:  # as below, where it is said
            plain = None
        if plain:
            values, digest, size, modified = plain
            return FileHeader(values, digest, None, size, modified)
        return self.explain_file(path)

    def explain_file(self, path: str | bytes) -> FileHeader:
        """As `read_file`, without the kernel."""
        try:
            # Opening is not harmless: it ends a pipe's writer, rewinds a tape, starts a watchdog.
            _require_regular(os.stat(path))  # noqa: PTH116 - takes bytes and str alike
            fd = os.open(path, OPEN_FLAGS)
        except (FileUnavailable, OSError, ValueError) as error:  # ValueError: a NUL, or what no file name can have
            return self._unavailable(error)
        try:
            status = os.fstat(fd)
            _require_regular(status)  # it may have been replaced a moment ago
            size = status.st_size
            if not size:
                error_text = str(EmptyFile("the file has no bytes"))
                return FileHeader(self._nothing, None, error_text, 0, status.st_mtime_ns)
            header = self._read(FileWindow(fd, size, self._window))
            return FileHeader(*header[:3], size, status.st_mtime_ns, header.references)
        except (FileUnavailable, OSError) as error:
            return self._unavailable(error)
        finally:
            os.close(fd)

    def _unavailable(self, error: FileUnavailable | OSError | ValueError) -> FileHeader:
        if not isinstance(error, FileUnavailable):
            error = FileUnavailable((isinstance(error, OSError) and error.strerror) or str(error))
        return FileHeader(self._nothing, None, str(error), None, None)

    def _read(self, window: BytesWindow | FileWindow) -> Header:
        """Values, digest, error and references."""
        found = Found([None] * self._count, [b""] * self._count)
        order = LITTLE
        digest = None
        failure: ReadError | None = None
        referred: tuple[Reference, ...] = ()
        prefixed = True
        try:
            window.ready(0, 256)
            prefixed = window.data[128:132] == b"DICM"
            if not prefixed and not _is_plausible_start(window.data, window.size):
                raise NotDicom("there is no DICM prefix, and no element of group 0002, 0004 or 0008 at the start")
            start = self._read_meta(window, found, 132 if prefixed else 0)
            syntax = found.texts[self._transfer_syntax]
            if syntax is not None:
                syntax = syntax.rstrip("\0 ")
            data_set, start = self._data_set_window(window, found, start, deflated=syntax in DEFLATED)
            order, implicit = _encoding(data_set, start, syntax)
            data_set.start_digest(start)
            walk = Walk(data_set, order, implicit, self._data_set, self._names, found, after=0, last=self._last)
            digest = data_set.finish_digest(walk.run(start))
            sop_class = found.texts[self._sop_class]
            if refers(sop_class):
                again = data_set.again()
                referred = references(again, start, order, implicit=implicit, report=".88." in str(sop_class))
        except ReadError as error:
            failure = error
        if not prefixed and not self._is_identified(found):
            if not isinstance(failure, NotDicom | FileUnavailable):
                failure = NotDicom("there is no DICM prefix, and no attribute that identifies an object")
            return Header(self._nothing, None, str(failure))
        return Header(self._values(found, order), digest, None if failure is None else str(failure), referred)

    def _read_meta(self, window: BytesWindow | FileWindow, found: Found, at: int) -> int:
        """Read the file meta information, by its group number and not its length, and return where it ends.

        PS3.10 7.1 says Explicit VR Little Endian; some write it in implicit VR (pydicom issue 503).
        """
        if window.size <= at:
            raise Truncated("there is nothing after the DICM prefix", offset=at)
        implicit = is_implicit(window.data, at)
        walk = Walk(window, LITTLE, implicit, self._meta, self._names, found, after=0x0001FFFF, last=0x0002FFFF)
        return walk.run(at)

    def _data_set_window(
        self, window: BytesWindow | FileWindow, found: Found, at: int, *, deflated: bool
    ) -> tuple[BytesWindow | FileWindow | InflatedWindow, int]:
        """The window on the data set and where it starts there: behind a command set, if there is one (PS3.7 6.3)."""
        data_set: BytesWindow | FileWindow | InflatedWindow = window
        if deflated:
            data_set, at = InflatedWindow(window.load, at, self._window), 0
        position = data_set.ready(at, 8)
        if data_set.data[position : position + 2] == b"\0\0" and any(data_set.data[position + 2 : position + 8]):
            implicit = is_implicit(data_set.data, position)
            at = Walk(data_set, LITTLE, implicit, {}, self._names, found, after=0, last=0x0000FFFF).run(at)
        return data_set, at

    def _is_identified(self, found: Found) -> bool:
        return any((found.texts[index] or "").strip("\0 ") for index in self._identifying)

    def _values(self, found: Found, order: ByteOrder) -> tuple[str | None, ...]:
        """One text per column."""
        terms = found.texts[self._character_set] or ""
        values: list[str | None] = []
        append = values.append
        # The first two branches are `value_text` for nearly every value, without the call: half the time of this loop.
        for raw, vr, own_vr, own_pad in zip(found.texts, found.vrs, self._own_vrs, self._own_pads):  # noqa: B905 -- hidden columns follow
            if raw is None:
                append(None)
            elif (vr == own_vr or not vr) and own_pad is not None and raw.isascii() and "\x1b" not in raw:
                append(raw[:-1] if raw[-1:] == own_pad and not len(raw) & 1 else raw)
            elif self._in_meta[len(values)]:  # PS3.10 7.1: little endian, and no character set of the data set
                append(value_text(raw, vr, own_vr, terms="", sign="<"))
            else:
                append(value_text(raw, vr, own_vr, terms=terms, sign=order.sign))
        return tuple(values)


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        file_type = FILE_TYPES.get(stat.S_IFMT(status.st_mode), "something else")
        raise FileUnavailable(f"it is not a regular file but {file_type}")


def _is_plausible_start(data: bytes, size: int) -> bool:
    """Tell whether an object without the DICM prefix starts with an element of group 0002, 0004 or 0008 that fits.

    0002 is file meta information without a preamble, 0004 a DICOMDIR, 0008 a bare data set.
    """
    order = {b"\x02\0": LITTLE, b"\x04\0": LITTLE, b"\x08\0": LITTLE, b"\0\x04": BIG, b"\0\x08": BIG}.get(data[:2])
    if order is None or len(data) < 12:
        return False
    _, _, vr, length = order.explicit(data, 0)
    if vr in SHORT_VRS:
        return 8 + length <= size
    length = order.length(data, 8)[0] if vr in LONG_VRS else order.implicit(data, 0)[2]
    return length == UNDEFINED or 8 + length <= size


def _encoding(window: Window, at: int, syntax: str | None) -> tuple[ByteOrder, bool]:
    """Byte order, and whether the data set is in implicit VR: as its first element shows, whatever is declared.

    Without a transfer syntax the byte order is guessed as pydicom does: a group of more than 0x0400 is one of less
    than 0x0100 read the wrong way round.
    """
    position = window.ready(at, 8)
    data = window.data
    order = BIG if syntax == EXPLICIT_BIG_ENDIAN else LITTLE
    if syntax is None and len(data) - position >= 8:
        group, _, vr, _ = LITTLE.explicit(data, position)
        if group >= 0x0400 and (vr in SHORT_VRS or vr in LONG_VRS):
            order = BIG
    return order, is_implicit(data, position)
