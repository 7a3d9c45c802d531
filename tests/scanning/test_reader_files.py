"""The header reader on files: what is read, what is not a file, what goes wrong in the operating system."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

import pytest
from tests.scanning.strategies import PATIENT, UID, column, dicom_files, element, identification, part10, shipped

from tagwise.scanning.elements import UNDEFINED
from tagwise.scanning.reader import FileHeader, HeaderReader

READER = HeaderReader([column("SOPInstanceUID"), column("PatientID")])


class _Reads:
    """Counts what `os.pread` is asked for and what it returns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[int, int]] = []
        real = os.pread

        def pread(fd: int, count: int, offset: int) -> bytes:
            data = real(fd, count, offset)
            self.calls.append((offset, len(data)))
            return data

        monkeypatch.setattr(os, "pread", pread)

    @property
    def amount(self) -> int:
        return sum(count for _, count in self.calls)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("name", sorted(dicom_files())[::7])
def test_a_file_gives_the_row_of_its_bytes(tmp_path: Path, name: str) -> None:
    """Reading through a file descriptor changes nothing, and size and time are those of the file."""
    path = tmp_path / "object"
    path.write_bytes(shipped()[name])
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    reader = HeaderReader(identification())
    header = reader.read_file(str(path))
    assert (*header[:3], header.references) == reader.read_bytes(shipped()[name])
    assert (header.file_size, header.modified) == (len(shipped()[name]), 1_700_000_000_123_456_789)


def test_one_read_is_enough_for_a_usual_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pixel data of a CT image are never touched."""
    path = tmp_path / "ct"
    path.write_bytes(shipped()["test_files/CT_small.dcm"])
    reads = _Reads(monkeypatch)
    assert HeaderReader(identification()).explain_file(str(path)).read_error is None
    assert reads.calls == [(0, 8192)]


@pytest.mark.parametrize("undefined", [False, True])
def test_a_large_private_value_before_a_wanted_one_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undefined: bool
) -> None:
    """A hundred megabytes are stepped over, also as a fragment of a value of undefined length."""
    size = 100 * 1024 * 1024
    head = element(0x00091010, "OB", b"", length=UNDEFINED if undefined else size)
    tail = b""
    if undefined:
        head += b"\xfe\xff\x00\xe0" + size.to_bytes(4, "little")
        tail = b"\xfe\xff\xdd\xe0\0\0\0\0"
    start = part10(UID + head)
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(start)
        file.seek(len(start) + size)
        file.write(tail + PATIENT)
    reads = _Reads(monkeypatch)
    header = READER.read_file(str(path))
    assert (header.values, header.read_error) == (("1.2.3.4", "P1"), None)
    assert reads.amount < 20_000


def test_what_is_not_a_regular_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipes without a writer, devices without an end and sockets do not stop a scan."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    listener = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    listener.bind("socket")
    before = _open_files()
    reasons = {
        name: READER.read_file(str(name)).read_error for name in (fifo, tmp_path, "/dev/null", "/dev/zero", "socket")
    }
    assert _open_files() == before
    listener.close()
    assert reasons[fifo] == "file unavailable: it is not a regular file but a named pipe"
    assert reasons[tmp_path] == "file unavailable: it is not a regular file but a folder"
    assert (
        reasons["/dev/null"]
        == reasons["/dev/zero"]
        == "file unavailable: it is not a regular file but a character device"
    )
    assert (reasons["socket"] or "").startswith("file unavailable: ")


@pytest.mark.parametrize("path", ["/no/such/file", "/", "a\0b", "\ud8ff", b"\xff\xfe", "x" * 5000])
def test_a_path_that_cannot_be_opened(path: str | bytes) -> None:
    """Vanished files and impossible names are rows."""
    header = READER.read_file(path)
    assert header.values == (None, None)
    assert (header.read_error or "").startswith("file unavailable: ")
    assert (header.header_digest, header.file_size, header.modified) == (None, None, None)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is in words; root may read everything, so the operating system is asked to refuse."""

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "x").touch()
    monkeypatch.setattr(os, "open", refuse)
    assert READER.read_file(str(tmp_path / "x")).read_error == "file unavailable: Permission denied"


def test_an_input_error_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken disk is a row with what was read before, and the file is closed."""
    path = tmp_path / "object"
    path.write_bytes(part10(UID + element(0x00091010, "OB", bytes(70_000)) + PATIENT))
    real = os.pread

    def broken(fd: int, count: int, offset: int) -> bytes:
        if offset > 8000:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(fd, count, offset)

    monkeypatch.setattr(os, "pread", broken)
    before = _open_files()
    header = READER.explain_file(str(path))
    assert _open_files() == before
    assert header.values == ("1.2.3.4", None)
    assert (header.read_error or "").startswith("file unavailable: Input/output error at byte 70")
    assert header.file_size == path.stat().st_size


@pytest.mark.parametrize(("keep", "patient"), [(140, None), (188, None), (189, None), (250, None)])
def test_a_file_that_shrinks_is_truncated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: int, patient: str | None
) -> None:
    """Also where it now ends between two elements, which would be well otherwise."""
    path = tmp_path / "object"
    path.write_bytes(part10(UID + element(0x00091010, "OB", bytes(100)) + PATIENT))
    real = os.fstat

    def shrink(fd: int) -> os.stat_result:
        status = real(fd)
        os.truncate(path, keep)
        return status

    monkeypatch.setattr(os, "fstat", shrink)
    header = READER.explain_file(str(path))
    assert (header.read_error or "").startswith("truncated: ")
    assert header.values[1] == patient
    assert stat.S_ISREG(path.stat().st_mode)


def test_an_empty_file(tmp_path: Path) -> None:
    """It has a size and a time, and its own reason."""
    path = tmp_path / "empty"
    path.touch()
    assert READER.read_file(os.fsencode(path)) == FileHeader(
        (None, None), None, "empty file: the file has no bytes", 0, path.stat().st_mtime_ns
    )


def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    """Paths are bytes for the operating system."""
    path = os.fsencode(tmp_path) + b"/\xff\xfe\x80.dcm"
    with open(path, "wb") as file:  # noqa: PTH123 -- a path of pathlib is text
        file.write(part10(UID + PATIENT))
    assert READER.read_file(path).values == READER.read_file(os.fsdecode(path)).values == ("1.2.3.4", "P1")


def test_files_are_closed(tmp_path: Path) -> None:
    """No descriptor is left, whatever the object is."""
    before = _open_files()
    for name, data in list(shipped().items())[::5]:
        path = tmp_path / name.replace("/", "_")
        path.write_bytes(data[:1500])
        READER.read_file(str(path))
    assert _open_files() == before


def test_what_is_no_regular_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening ends a pipe's writer, rewinds a tape, starts a watchdog."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    for path in (tmp_path / "pipe", Path(os.devnull)):
        assert str(READER.read_file(str(path)).read_error).startswith("file unavailable: it is not")
