"""The native reader: the rows of the Python reader or none, whatever the bytes are, and no byte beyond the object."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import real_files
from tests.scanning.strategies import (
    DATA,
    ITEM_CLOSE,
    ITEM_OPEN,
    PATIENT,
    SEQUENCE,
    SEQUENCE_CLOSE,
    UID,
    column,
    damaged,
    dicom_files,
    element,
    mark,
    part10,
    shipped,
    some,
    wide,
)

import tagwise
from tagwise.errors import BadSetting
from tagwise.scanning import kernel
from tagwise.scanning.batch import BatchReader
from tagwise.scanning.reader import HeaderReader
from tagwise.settings import ScanSettings

pytestmark = pytest.mark.skipif(kernel.reader_name() == "python", reason="the native reader was not compiled")

NATIVE = Path(kernel.__file__).parent / "native"
READERS = [HeaderReader(some()), HeaderReader(wide())]
MUCH = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def same(data: bytes) -> int:
    """How many readers take the object natively; each gives the row of the Python reader."""
    plain = 0
    for reader in READERS:
        assert reader.read_bytes(data) == reader.explain_bytes(data)
        assert reader.kernel is not None
        plain += reader.kernel.read_bytes(data) is not None
    return plain


def test_every_shipped_file_gives_the_same_row() -> None:
    """And most of them are plain, so that the comparison means something."""
    assert sum(same(data) for data in shipped().values()) > len(shipped())


@MUCH
@given(damaged(tuple(dicom_files())))
def test_a_damaged_object_gives_the_same_row(given_object: tuple[str, bytes]) -> None:
    """What is broken is left to the Python reader; what is not, is equal."""
    same(given_object[1])


_ELEMENTS = st.lists(
    st.one_of(
        st.builds(
            element,
            st.sampled_from([one.tag for one in some() if one.tag >> 16 != 2] + [0x00091001, 0x00291010]),
            st.sampled_from(
                [
                    "AE",
                    "CS",
                    "DA",
                    "DS",
                    "IS",
                    "LO",
                    "PN",
                    "SH",
                    "UI",
                    "UC",
                    "UN",
                    "OB",
                    "OW",
                    "SQ",
                    "US",
                    "SS",
                    "UL",
                    "SL",
                    "AT",
                    "SV",
                    "UV",
                    "FD",
                    "QQ",
                ]
            ),
            st.binary(max_size=12),
            implicit=st.booleans(),
        ),
        st.sampled_from([SEQUENCE, ITEM_OPEN, ITEM_CLOSE, SEQUENCE_CLOSE, UID, PATIENT, mark(0xFFFEE000, 16)]),
        st.sampled_from([element(0x00291010, "OB", bytes(65_540)), element(0x00091002, "UN", bytes(65_535))]),
        st.sampled_from(["ISO_IR 192", "ISO_IR 100", "ISO_IR 6 ", "ISO_IR 13", "\\ISO 2022 IR 87", ""]).map(
            lambda term: element(0x00080005, "CS", term.encode())
        ),
    ),
    max_size=12,
).map(b"".join)


@MUCH
@given(_ELEMENTS, st.sampled_from(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.3"]))
def test_any_elements_give_the_same_row(data_set: bytes, syntax: str) -> None:
    """In any order, with any VR, nested or not."""
    same(part10(data_set, syntax))


@pytest.mark.parametrize(
    ("term", "value", "plain"),
    [
        ("ISO_IR 192", "Müller^日本".encode(), 2),
        ("ISO_IR 192", b"M\xfcller", 0),
        ("ISO_IR 192", b"\xed\xa0\x80", 0),
        ("ISO_IR 192", b"\xf4\x90\x80\x80", 0),
        ("ISO_IR 192", b"\xe0\x9f\x80", 0),
        ("ISO_IR 192", b"\xf0\x9f\x98\x80", 2),
        ("ISO_IR 100", b"M\xfcller", 2),
        ("", b"M\xfcller", 2),
        ("ISO_IR 13", b"\xd4\xcf", 0),
        ("ISO_IR 100", b"\x1b(Ba", 0),
    ],
)
def test_character_sets(term: str, value: bytes, plain: int) -> None:
    """The three commonest are native; text that does not fit them, and escape sequences, are Python's."""
    assert same(part10(element(0x00080005, "CS", term.encode()) + UID + element(0x00100010, "PN", value))) == plain


@pytest.mark.parametrize("size", [0, 1, 100, 127, 128, 129, 255, 256, 257, 1000, 65_534, 65_535, 65_536, 200_000])
def test_the_digest_is_blake2b(size: int) -> None:
    """Around the ends of its blocks, and with a value that is left out of it."""
    data = part10(UID + element(0x00091001, "OB", os.urandom(size)) + PATIENT)
    assert same(data) == 2


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize("size", [16_000, 65_535, 65_536, 300_000])
def test_a_header_longer_than_a_read(tmp_path: Path, size: int, implicit: bool) -> None:
    """What is skipped is not read, and the digest does not depend on how the file is read."""
    value = bytes(range(256)) * (size // 256 + 1)
    far = element(0x00091001, "UN", value[:size], implicit=implicit) + element(
        0x00091002, "UN", value[:9000], implicit=implicit
    )
    patient = element(0x00100020, "LO", b"P1", implicit=implicit)
    pixels = element(0x7FE00010, "OW", bytes(100), implicit=implicit)
    data = part10(element(0x00080018, "UI", b"1.2\0", implicit=implicit) + far * 3 + patient + pixels)
    path = tmp_path / "object"
    path.write_bytes(data)
    reader = HeaderReader([column("PatientID")])
    assert reader.kernel is not None
    assert reader.kernel.read_file(os.fsencode(path)) is not None
    assert reader.read_file(str(path)) == reader.explain_file(str(path))
    assert reader.read_file(str(path)).header_digest == reader.explain_bytes(data).header_digest


def test_a_batch_gives_the_rows_of_single_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same index with either reader, and with threads or without."""
    folders = {path.parent for path in real_files()}
    rows = []
    for name, mode, in_flight in (("a", "off", 1), ("b", "required", 1), ("c", "required", 9), ("d", "off", 9)):
        monkeypatch.setenv(kernel.VARIABLE, mode)
        monkeypatch.setattr(BatchReader, "_adapt", lambda reader, *_: setattr(reader, "_at_once", reader._in_flight))
        summary = tagwise.scan(*folders, index=tmp_path / name, settings=ScanSettings(jobs=1, in_flight=in_flight))
        assert summary.reader == ("python" if mode == "off" else "native")
        with duckdb.connect(str(tmp_path / name), read_only=True) as db:
            rows.append(
                [
                    db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
                    for table in ("instances", "referenced_objects")
                ]
            )
    assert rows[0] == rows[1] == rows[2] == rows[3]


def test_the_variable_chooses_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off is Python, required refuses to go on without the kernel, and nonsense is named."""
    monkeypatch.setenv(kernel.VARIABLE, "off")
    assert kernel.reader_name() == "python"
    monkeypatch.setenv(kernel.VARIABLE, "maybe")
    with pytest.raises(BadSetting, match="'maybe'"):
        kernel.reader_name()
    monkeypatch.setitem(sys.modules, "tagwise.scanning._kernel", None)
    monkeypatch.setenv(kernel.VARIABLE, "required")
    with pytest.raises(BadSetting, match="TAGWISE_KERNEL requires"):
        tagwise.scan(tmp_path, index=tmp_path / "index.duckdb")
    assert not (tmp_path / "index.duckdb").exists()
    monkeypatch.setenv(kernel.VARIABLE, "auto")
    assert kernel.reader_name() == "python"


@pytest.mark.parametrize("arguments", [(), ([], [], [], []), ([("A", 1, "")], [], [], []), ([], [], [(8, 7)], [])])
def test_a_wrong_plan_is_refused(arguments: tuple[list[object], ...]) -> None:
    """The compiled module checks what it is called with."""
    with pytest.raises((TypeError, ValueError)):
        import_module("tagwise.scanning._kernel").Kernel(*arguments)


@pytest.mark.parametrize("reads", [(), ("-DFIRST_READ=160", "-DFURTHER_READ=16")])
def test_no_byte_beyond_the_object_is_touched(tmp_path: Path, reads: tuple[str, ...]) -> None:
    """Under the sanitizers of address and undefined behaviour, on damaged objects in memory and in files alike."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not here")
    program = tmp_path / "fuzz"
    sources = [str(NATIVE / f"{name}.c") for name in ("header", "values", "rows", "blake2b")]
    checks = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    fuzzer = str(Path(__file__).with_name("fuzz_kernel.c"))
    compiled = subprocess.run(
        ["gcc", *checks, *reads, f"-I{NATIVE}", fuzzer, *sources, "-o", program],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "cannot find" in compiled.stderr:
        pytest.skip("the sanitizers are not here")
    assert not compiled.returncode, compiled.stderr
    files = sorted((DATA / "test_files").glob("*.dcm"))[::6]
    done = subprocess.run([program, "100", "1", *files], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    plain, _, total, _ = done.stdout.split()
    assert int(total) == 100 * len(files)
    assert int(plain) > int(total) // 4
