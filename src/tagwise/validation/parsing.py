"""Parses one whole object: preamble, file meta information, command set, data set. Bad data never raises.

Where the object and its declarations disagree, the bytes win: they are read as they are, and the disagreement becomes a
problem. Does not import pydicom.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib
from typing import TYPE_CHECKING

from tagwise.errors import EmptyFile, FileUnavailable, LimitExceeded, NotSupported, ReadError
from tagwise.scanning.elements import BIG, LITTLE, LONG_VRS, SHORT_VRS, is_implicit
from tagwise.scanning.reader import DEFLATED, FILE_TYPES, OPEN_FLAGS
from tagwise.scanning.window import BytesWindow, FileWindow, InflatedWindow
from tagwise.standard import tags, transfer_syntaxes, uids
from tagwise.validation import wording
from tagwise.validation.contents import described, is_container
from tagwise.validation.footing import FORMS
from tagwise.validation.objects import ParsedObject, ParseProblem
from tagwise.validation.walking import Walk

if TYPE_CHECKING:
    from tagwise.scanning.elements import ByteOrder
    from tagwise.scanning.window import Window

_CHUNK = 16 * 1024
"""Bytes of one read: the whole header of most images."""

_META_FIRST, _META_LAST = 0x00020000, 0x0002FFFF
_COMMAND_LAST = 0x0000FFFF
_FOREVER = 1 << 62
_LOOKED_FOR_A_BREAK = 64 * 1024 * 1024
"""Bytes that are inflated behind elements that make no sense, to see whether the stream is why."""

_META_START = b"DICM\x02\0\0\0UL\x04\0"
"""The prefix with the group length behind it: nothing else begins like this."""

_SYNTAX = 0x00020010


def parse_file(path: str | os.PathLike[str]) -> ParsedObject:
    """Parse a file. One that cannot be opened or read is an object with a problem, and nothing else."""
    parsed = ParsedObject()
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError) as error:
        return _unavailable(parsed, error)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            file_type = FILE_TYPES.get(stat.S_IFMT(status.st_mode), "something else")
            return _unavailable(parsed, FileUnavailable(f"it is not a regular file but {file_type}"))
        return _parse(_PlainWindow(descriptor, status.st_size, _CHUNK), parsed)
    except (OSError, ReadError) as error:
        return _unavailable(parsed, error)
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def unread(error: ReadError) -> ParsedObject:
    """An object that somebody else could not read, with the reason as its only problem."""
    parsed = ParsedObject()
    kind = {NotSupported: "limit", LimitExceeded: "limit", FileUnavailable: "unavailable", EmptyFile: "empty"}
    parsed.problems.append(
        ParseProblem(kind.get(type(error), "damaged"), f"the object cannot be read: {error.detail}", 0)
    )
    return parsed


def parse_bytes(content: bytes) -> ParsedObject:
    """Parse an object in memory."""
    return _parse(BytesWindow(content, _CHUNK), ParsedObject())


def parse_data_set(content: bytes, *, syntax: str | None = None, meta_length: int = 0) -> ParsedObject:
    """Parse a data set in Explicit VR Little Endian that tagwise wrote itself, from an object in memory.

    Args:
        syntax: The transfer syntax that the object declares, for checks on pixel data.
        meta_length: Bytes of file meta elements in front of the data set.
    """
    parsed = ParsedObject()
    window = BytesWindow(content, _CHUNK)
    _without_digest(window)
    parsed.size = len(content)
    parsed.is_part10 = False
    _declare(parsed, syntax)
    parsed.meta_end = parsed.data_start = meta_length
    if meta_length:
        Walk(window, parsed, parsed.meta, LITTLE, implicit=False, first=_META_FIRST, last=_META_LAST).run(0)
    walk = Walk(window, parsed, parsed.root, LITTLE, implicit=False)
    walk.run(meta_length)
    parsed.complete = not walk.stopped
    return parsed


def _unavailable(parsed: ParsedObject, error: Exception) -> ParsedObject:
    if isinstance(error, ReadError):
        detail = error.detail
    else:
        detail = getattr(error, "strerror", None) or "its name cannot be a path"
    parsed.problems.append(ParseProblem("unavailable", f"the file cannot be read: {detail}", 0))
    return parsed


class _PlainWindow(FileWindow):
    """A window on a file without its text, which only a scan needs."""

    __slots__ = ()

    def _hold(self, base: int, data: bytes) -> None:
        self.base = base
        self.data = data


def _without_digest(window: Window) -> None:
    """Leave out the header digest, which only a scan needs."""
    window.leave_out(0, _FOREVER)


def _parse(window: BytesWindow | FileWindow, parsed: ParsedObject) -> ParsedObject:
    _without_digest(window)
    parsed.size = window.size
    window.ready(0, 132)
    head = window.data[:_CHUNK]
    if not head:
        _tell(parsed, "empty", "the file has no bytes: it was made but never written, or its content was lost", 0)
        return parsed
    at = _start(parsed, head, window.size)
    if at is None:
        return parsed
    at = _meta(window, parsed, at)
    _data_set(window, parsed, at)
    return parsed


def _start(parsed: ParsedObject, head: bytes, size: int) -> int | None:
    """Where the first element stands; None where this is no DICOM object."""
    if head[128:132] == b"DICM":
        parsed.has_prefix = True
        return 132
    if head[:4] == b"DICM":
        parsed.has_prefix = True
        _tell(
            parsed, "preamble", "the prefix DICM stands at byte 0: the 128 bytes of preamble before it are missing", 0
        )
        return 4
    if _begins_object(head, size):
        _tell(
            parsed, "preamble", "there is no preamble and no DICM prefix, the object starts with its first element", 0
        )
        return 0
    at = head.find(_META_START)
    if at > 0 and not is_container(head):
        parsed.has_prefix = True
        told = f"the prefix DICM stands at byte {at:,}, not at byte 128: {_in_front(head, at)}"
        _tell(parsed, "preamble", told, 0)
        return at + 4
    what = described(head)
    told = f"this is no DICOM object{f' but {what}' if what else ''}"
    _tell(parsed, "not-dicom", f"{told}: no DICM prefix at byte 128, and no element at byte 0", 0)
    return None


def _in_front(head: bytes, at: int) -> str:
    """Why the prefix is not at its place, with what stands in front of the object."""
    if at < 128:
        return f"{128 - at} bytes of the preamble are missing"
    what = described(head)
    return f"{at - 128:,} bytes that are not of the object stand in front of it{f', {what}' if what else ''}"


def _begins_object(head: bytes, size: int) -> bool:
    """Whether the bytes start with an element of a group that an object can start with, and which fits."""
    order = {b"\2\0": LITTLE, b"\4\0": LITTLE, b"\x08\0": LITTLE, b"\0\4": BIG, b"\0\x08": BIG, b"\0\0": LITTLE}.get(
        head[:2]
    )
    if order is None or len(head) < 12:
        return False
    group, number, code, length = order.explicit(head, 0)
    if code in SHORT_VRS:
        return 8 + length <= size
    if code in LONG_VRS:
        return 12 + order.length(head, 8)[0] <= size
    length = order.implicit(head, 0)[2]
    return (
        8 + length <= size and tags.by_number()[group << 16 | number] is not tags.UNKNOWN and bool(group or length == 4)
    )


def _meta(window: BytesWindow | FileWindow, parsed: ParsedObject, at: int) -> int:
    """Read the file meta information (PS3.10 7.1); return where it ends."""
    parsed.meta_start = at
    position = window.ready(at, 8)
    data = window.data[position : position + 8]
    order = LITTLE
    if data[:2] == b"\0\2" and len(data) == 8:
        order = BIG
        _tell(
            parsed,
            "meta-encoding",
            f"the file meta information at byte {at:,} is in big endian, which it never may be",
            at,
        )
    if data[:2] in (b"\2\0", b"\0\2"):
        implicit = is_implicit(data, 0)
        if implicit:
            _tell(
                parsed,
                "meta-encoding",
                f"the file meta information at byte {at:,} is in implicit VR, which it never may be",
                at,
            )
        parsed.meta.big_endian = order is BIG
        walk = Walk(window, parsed, parsed.meta, order, implicit=implicit, first=_META_FIRST, last=_META_LAST)
        at = walk.run(at)
        if walk.stopped:
            return -1
    parsed.meta_end = at
    _declare(parsed, parsed.meta.text(_SYNTAX))
    return at


def _declare(parsed: ParsedObject, syntax: str | None) -> None:
    parsed.syntax = syntax or None
    declared = transfer_syntaxes.by_uid().get(syntax) if syntax else None
    parsed.declared = declared if declared is not None and declared.vr else None


def _data_set(window: BytesWindow | FileWindow, parsed: ParsedObject, at: int) -> None:
    """Read the data set from the offset `at` on, in the encoding that its bytes show."""
    if at < 0:
        return
    parsed.data_start = at
    data_window: BytesWindow | FileWindow | InflatedWindow = window
    if window.size < at + 8 and (window.size <= at or parsed.has_prefix or parsed.meta.elements):
        if parsed.has_prefix or parsed.meta.elements:
            told = f"the file ends at byte {window.size:,}, in or behind its file meta information, without a data set"
            _tell(parsed, "truncated", f"{told}: {wording.FETCH}", at)
        return
    deflate_at = _deflate_start(window, parsed, at)
    if deflate_at is not None:
        data_window, at = InflatedWindow(window.load, deflate_at, _CHUNK), 0
        _without_digest(data_window)
    at = _command(data_window, parsed, at)
    position = data_window.ready(at, 12)
    first = data_window.data[position : position + 12]
    order, implicit = _encoding(parsed, first, at)
    parsed.explicit, parsed.big_endian = not implicit, order is BIG
    parsed.root.start, parsed.root.big_endian = at, order is BIG
    walk = Walk(data_window, parsed, parsed.root, order, implicit=implicit)
    walk.run(at)
    parsed.complete = not walk.stopped
    if walk.stopped and isinstance(data_window, InflatedWindow):
        _blame_stream(parsed, data_window)


def _blame_stream(parsed: ParsedObject, window: InflatedWindow) -> None:
    """Elements that make no sense in a stream that breaks later are an effect of the break, and no fault of theirs."""
    last = parsed.problems[-1]
    if last.kind == "damaged":
        window.reach(last.offset + _LOOKED_FOR_A_BREAK)
        if window.broken is not None or window.cut:
            why = window.broken.detail if window.broken is not None else "the deflate stream has no end"
            told = f"{why}, and {last.message[0].lower()}{last.message[1:]}"
            parsed.problems[-1] = last._replace(kind="deflate", message=told)


def _command(window: Window, parsed: ParsedObject, at: int) -> int:
    """Read a command set, which stands before the data set of a message and never in a file (PS3.7 6.3)."""
    position = window.ready(at, 8)
    head = window.data[position : position + 8]
    if head[:2] == b"\0\0" and len(head) == 8 and any(head[2:]):
        parsed.command.start = at
        at = Walk(
            window, parsed, parsed.command, LITTLE, implicit=is_implicit(head, 0), first=0, last=_COMMAND_LAST
        ).run(at)
    return at


def _encoding(parsed: ParsedObject, first: bytes, at: int) -> tuple[ByteOrder, bool]:
    """Byte order and whether VRs are missing, as the first element shows; what is declared otherwise is told."""
    declared = parsed.declared
    order = BIG if declared is not None and declared.byte_order == "big" else LITTLE
    if len(first) < 8:
        return order, declared is not None and declared.vr == "implicit"
    implicit = is_implicit(first, 0)
    other = LITTLE if order is BIG else BIG
    if not _tag_fits(first, order) and _tag_fits(first, other):
        order = other
        if declared is not None:
            found = "big" if order is BIG else "little"
            says = f"the transfer syntax {_name(parsed)} is {declared.byte_order} endian"
            _tell(parsed, "byte-order", f"the data set at byte {at:,} is in {found} endian, but {says}", at)
    if declared is not None and implicit != (declared.vr == "implicit"):
        found = "implicit" if implicit else "explicit"
        says = f"the transfer syntax {_name(parsed)} is {declared.vr} VR"
        _tell(parsed, "vr-encoding", f"the data set at byte {at:,} is in {found} VR, but {says}", at)
    return order, implicit


def _tag_fits(first: bytes, order: ByteOrder) -> bool:
    """Whether the dictionary knows the first tag when it is read in this byte order."""
    group, number, _ = order.implicit(first, 0)
    return tags.by_number()[group << 16 | number] is not tags.UNKNOWN


def _name(parsed: ParsedObject) -> str:
    if parsed.syntax is None:
        return "(none is declared)"
    entry = uids.by_uid().get(parsed.syntax)
    return entry.name if entry else parsed.syntax[:70]


def _deflate_start(window: BytesWindow | FileWindow, parsed: ParsedObject, at: int) -> int | None:
    """Where the deflate stream starts, None where the data set is not deflated; a difference is told."""
    position = window.ready(at, 256)
    head = window.data[position : position + 4096]
    if parsed.syntax not in DEFLATED:
        if not _looks_encoded(head, window.size - at) and _inflates(head):
            _tell(
                parsed,
                "deflate",
                f"the data set at byte {at:,} is deflated, but the transfer syntax {_name(parsed)} is not",
                at,
            )
            return at
        return None
    if _inflates(head):
        return at
    if head[:1] == b"\x78" and _inflates(head[2:]):
        _tell(parsed, "deflate", f"the data set at byte {at:,} starts with a zlib header, which DICOM leaves out", at)
        return at + 2
    if _looks_encoded(head, window.size - at):
        _tell(
            parsed,
            "deflate",
            f"the data set at byte {at:,} is not deflated, but the transfer syntax {_name(parsed)} is",
            at,
        )
        return None
    return at  # a stream that is broken from its first byte on: the walk says so


def _inflates(head: bytes) -> bool:
    """Whether the bytes are a deflate stream whose content starts as a data set does."""
    try:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, 64)
    except zlib.error:
        return False
    return len(content) >= 8 and _looks_encoded(content, _FOREVER)


def _looks_encoded(head: bytes, size: int) -> bool:
    """Whether the bytes start with an element in any of the usual encodings."""
    if len(head) < 8:
        return False
    if head[4:6] in FORMS:
        return True
    for order in (LITTLE, BIG):
        group, number, length = order.implicit(head, 0)
        if tags.by_number()[group << 16 | number] is not tags.UNKNOWN and 8 + length <= size:
            return True
    return False


def _tell(parsed: ParsedObject, kind: str, message: str, offset: int) -> None:
    parsed.problems.append(ParseProblem(kind, message, offset))
