"""Objects in archives and compressed files have the rows that they have as files of their own."""

from __future__ import annotations

import os
import random
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from pydicom.dataset import Dataset
from tests.conftest import dicom_bytes
from tests.containers.made import errors, gzipped, plain_files, rows, scanned, tarred, zipped

from tagwise.scanning.columns import scan_columns
from tagwise.scanning.containers import content, inside, reading
from tagwise.scanning.containers.reading import ContainerReader
from tagwise.scanning.reader import HeaderReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "archive"
    made.mkdir()
    return made


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.duckdb"


PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "deflated.zip": zipped,
    "pax.tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar.tgz": lambda files: gzipped(tarred(files, tarfile.USTAR_FORMAT)),
}


def test_members_have_the_rows_of_files(folder: Path, index: Path, tmp_path: Path) -> None:
    """All columns are equal, digest, size and errors too; only the path says where the object is."""
    files = plain_files()
    for name, packed in PACKERS.items():
        (folder / name).write_bytes(packed(files))
    plain = tmp_path / "plain"
    for name, content_ in files.items():
        (plain / name).parent.mkdir(parents=True, exist_ok=True)
        (plain / name).write_bytes(content_)
    scanned(plain, tmp_path / "plain.duckdb")
    expected = {path.removeprefix(f"{plain}/"): row for path, row in rows(tmp_path / "plain.duckdb").items()}
    summary = scanned(folder, index)
    found = rows(index)
    assert len(expected) > 100
    for name in PACKERS:
        start = f"{folder}/{name}!/"
        within = {path.removeprefix(start): row for path, row in found.items() if path.startswith(start)}
        assert _with_one_word(within) == _with_one_word(expected), name
    assert (summary.files, summary.containers, summary.members) == (len(PACKERS), len(PACKERS), len(found))
    unreadable = sum(row[-1] is None for row in rows(index, "header_digest").values())
    assert summary.objects + summary.directories + unreadable == len(found)
    assert sum(summary.unreadable.values()) == unreadable > 0


def _with_one_word(found: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Errors call a file a file and a member a member."""
    return {
        path: tuple(one.replace("the member", "the file") if isinstance(one, str) else one for one in row)
        for path, row in found.items()
    }


def test_references_of_members_are_those_of_files(folder: Path, index: Path, tmp_path: Path) -> None:
    """A report in a compressed archive refers to what it refers to."""
    report = {"KO": _key_object(padding=100), "LARGE": _key_object(padding=60_000)}
    (folder / "a.tgz").write_bytes(gzipped(tarred({"large": bytes(range(256)) * 200, **report})))
    (folder / "b.zip").write_bytes(zipped(report))
    for name, one in report.items():
        (folder / name).write_bytes(one)
    scanned(folder, index)
    with duckdb.connect(str(index), read_only=True) as db:
        sql = "SELECT split_part(file_path, '/', -1), count(*), count(DISTINCT file_path) FROM {} GROUP BY 1"
        assert sorted(db.execute(sql.format("referenced_objects")).fetchall()) == [("KO", 6, 3), ("LARGE", 6, 3)]


def _key_object(padding: int) -> bytes:
    """A key object that refers to two images, behind other values of so many bytes."""
    images = [Dataset(), Dataset()]
    for number, image in enumerate(images):
        image.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        image.ReferencedSOPInstanceUID = f"1.2.3.{number}"
    series, study = Dataset(), Dataset()
    series.SeriesInstanceUID, series.ReferencedSOPSequence = "1.2.4", images
    study.StudyInstanceUID, study.ReferencedSeriesSequence = "1.2.5", [series]
    text = ["x" * 10_000] * (padding // 10_000) or ["x"]
    items = [Dataset() for _ in text]
    for item, value in zip(items, text, strict=True):
        item.TextValue = value
    return dicom_bytes(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.88.59",
        AcquisitionContextSequence=items,
        CurrentRequestedProcedureEvidenceSequence=[study],
    )


def test_a_gzip_file_is_one_object(folder: Path, index: Path) -> None:
    """It is named by its file without the ending, and has the size that it has unpacked."""
    one = dicom_bytes()
    (folder / "IM1.dcm.gz").write_bytes(gzipped(one))
    (folder / "IM2").write_bytes(gzipped(one[:500]) + gzipped(one[500:]))
    scanned(folder, index)
    found = rows(index, "file_size, read_error, SOPInstanceUID")
    assert found == {
        f"{folder}/IM1.dcm.gz!/IM1.dcm": (len(one), None, "1.2.826.0.1.3680043.10.1.1.1"),
        f"{folder}/IM2!/IM2": (len(one) - 500, None, "1.2.826.0.1.3680043.10.1.1.1"),
    }


def test_containers_in_containers_are_read_one_level_deep(folder: Path, index: Path) -> None:
    """An archive in an archive is looked into, whatever they are; a third level is a row with its reason."""
    inner = {"a/IM": dicom_bytes()}
    for pack, end in ((zipped, "zip"), (tarred, "tar")):
        (folder / f"outer.{end}").write_bytes(
            pack(
                {
                    "in.zip": zipped(inner),
                    "in.tar": tarred(inner),
                    "in.tgz": gzipped(tarred(inner)),
                    "in.gz": gzipped(inner["a/IM"]),
                    "deep.zip": zipped({"deeper.zip": zipped(inner)}),
                    "last": inner["a/IM"],
                }
            )
        )
    (folder / "outer.tgz").write_bytes(gzipped((folder / "outer.tar").read_bytes()))
    scanned(folder, index)
    found = errors(index, folder)
    for end in ("zip", "tar", "tgz"):
        names = ("in.zip!/a/IM", "in.tar!/a/IM", "in.tgz!/a/IM", "in.gz!/in", "last")
        expected = {f"outer.{end}!/{name}": None for name in names}
        expected[f"outer.{end}!/deep.zip!/deeper.zip"] = "limit exceeded"
        assert {name: error for name, error in found.items() if f".{end}!" in name[:10]} == expected


def test_names_are_text_and_nothing_else(folder: Path, index: Path, tmp_path: Path) -> None:
    """Names that lead out, that are no UTF-8, that occur twice or hold a separator: each is a row of its own."""
    one = dicom_bytes()
    names = ("../../out", "/etc/passwd", "a!/b", "twice", "twice", "Bild-ä", "nul\0behind", "C:\\x")
    with pytest.warns(UserWarning, match="Duplicate"):
        (folder / "a.zip").write_bytes(_zip_of([(name, one) for name in names]))
    (folder / "b.tar").write_bytes(tarred({"x" * 10: one}).replace(b"x" * 10, b"\xff\xfe" + b"x" * 8))
    before = set(tmp_path.rglob("*"))
    scanned(folder, index)
    assert set(tmp_path.rglob("*")) == {*before, index}
    found = {name.partition("!/")[2] for name in errors(index, folder)}
    assert {"../../out", "/etc/passwd", "a%21/b", "twice", "twice!2", "Bild-ä", "C:\\x"} < found
    assert len(found) == len(names) + 1


def _zip_of(members: list[tuple[str, bytes]]) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, one in members:
            archive.writestr(name, one)
    return buffer.getvalue()


def test_a_folder_like_a_member_is_no_member(folder: Path, index: Path) -> None:
    """A file in a folder whose name ends in an exclamation mark has a path that no member can have."""
    (folder / "x.zip!").mkdir()
    (folder / "x.zip!" / "IM").write_bytes(dicom_bytes())
    (folder / "x.zip").write_bytes(zipped({"IM": dicom_bytes()}))
    summary = scanned(folder, index)
    assert (summary.objects, len(rows(index))) == (2, 2)
    assert (scanned(folder, index).unchanged, len(rows(index, where="vanished IS NULL"))) == (2, 2)


def test_what_cannot_be_had_says_why(folder: Path, index: Path) -> None:
    """Encrypted and unknown members, no DICOM, nothing at all: a row each, and the good one beside them is read."""
    one = dicom_bytes()
    packed = bytearray(zipped({"locked": one, "bzip": one, "good": one, "text": b"hello " * 99, "none": b""}))
    at = packed.find(b"PK\1\2")
    packed[at + 8] |= 1
    at = packed.find(b"PK\1\2", at + 4)
    packed[at + 10] = 12
    (folder / "a.zip").write_bytes(packed)
    (folder / "cut.zip").write_bytes(packed[:-30])
    (folder / "cut.tar").write_bytes(tarred({"a": one, "b": one})[: len(one) + 2000])
    (folder / "bad.tar").write_bytes(tarred({"a": one})[:1536] + b"x" * 1024)
    (folder / "cut.gz").write_bytes(gzipped(one)[:300])
    scanned(folder, index)
    assert errors(index, folder) == {
        "a.zip!/locked": "not supported",
        "a.zip!/bzip": "not supported",
        "a.zip!/good": None,
        "a.zip!/text": "not DICOM",
        "a.zip!/none": "empty file",
        "cut.zip": "truncated",
        "cut.tar!/a": None,
        "cut.tar!/b": "truncated",
        "cut.tar": "truncated",
        "bad.tar!/a": None,
        "bad.tar": "damaged encoding",
        "cut.gz!/cut": "truncated",
    }


def test_a_bomb_ends_early(folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What inflates to far more than a container may is stopped, and the container says so."""
    monkeypatch.setattr(content, "FREE", 1 << 20)
    monkeypatch.setattr(content, "RATIO", 10)
    monkeypatch.setattr(inside, "MAX_MEMBERS", 20)
    (folder / "bomb.tgz").write_bytes(
        gzipped(tarred({"a": dicom_bytes(), "zeros": bytes(30 << 20), "b": dicom_bytes()}))
    )
    (folder / "many.zip").write_bytes(zipped({f"{number}": b"x" for number in range(100)}))
    scanned(folder, index)
    found = rows(index, "read_error")
    assert "inflates to more than" in found[f"{folder}/bomb.tgz"][0]
    assert found[f"{folder}/bomb.tgz!/a"] == (None,)
    assert "more than 20 members" in found[f"{folder}/many.zip"][0]
    assert len(found) == 3 + 20 + 1


def test_only_changed_containers_are_read_again(folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unchanged one costs a look at size and time; of a changed one all rows are new, and gone members marked."""
    one = dicom_bytes()
    (folder / "same.zip").write_bytes(zipped({"a": one, "b": b"text"}))
    (folder / "other.tar").write_bytes(tarred({"a": one, "b": one}))
    (folder / "gone.gz").write_bytes(gzipped(one))
    first = scanned(folder, index)
    assert (first.new, first.objects, first.members, first.unreadable) == (3, 4, 5, {"not DICOM": 1})
    begun: list[str] = []
    begin = ContainerReader.begin
    monkeypatch.setattr(ContainerReader, "begin", lambda self, path: (begun.append(path), begin(self, path))[1])
    (folder / "other.tar").write_bytes(tarred({"b": one, "c": dicom_bytes(StationName="NEW")}))
    os.utime(folder / "other.tar", ns=(1, 1))
    kept = (folder / "gone.gz").rename(folder.parent / "kept.gz")
    second = scanned(folder, index)
    assert begun == [f"{folder}/other.tar"]
    assert (second.new, second.changed, second.unchanged, second.vanished) == (0, 1, 1, 2)
    assert (second.files, second.objects, second.members) == (2, 3, 4)
    gone = set(rows(index, "1", "vanished IS NOT NULL"))
    assert gone == {f"{folder}/other.tar!/a", f"{folder}/gone.gz!/gone"}
    kept.rename(folder / "gone.gz")
    third = scanned(folder, index)
    assert (third.new + third.changed, third.objects, third.vanished) == (1, 4, 0)
    assert set(rows(index, "1", "vanished IS NOT NULL")) == {f"{folder}/other.tar!/a"}


def test_a_container_may_become_an_object_and_back(folder: Path, index: Path) -> None:
    """The rows are always those of what is there now."""
    one, path = dicom_bytes(), folder / "x"
    for number, (file, expected) in enumerate(((zipped({"a": one}), "x!/a"), (one, "x"), (zipped({"b": one}), "x!/b"))):
        path.write_bytes(file)
        os.utime(path, ns=(number, number))
        assert (scanned(folder, index).objects, errors(index, folder)) == (1, {expected: None})


def test_a_container_is_a_path_to_scan(folder: Path, index: Path) -> None:
    """It may be named itself, and what leaves it is marked."""
    path = folder / "x.zip"
    path.write_bytes(zipped({"a": dicom_bytes(), "b": dicom_bytes()}))
    assert scanned(path, index).objects == 2
    path.write_bytes(zipped({"a": dicom_bytes()}))
    os.utime(path, ns=(1, 1))
    assert (scanned(path, index).objects, scanned(path, index).unchanged) == (1, 1)
    assert set(rows(index, "1", "vanished IS NOT NULL")) == {f"{path}!/b"}


def test_containers_can_be_left_alone_and_looked_into_later(folder: Path, index: Path) -> None:
    """Without containers each is a file that is not DICOM, and says what it is; the next scan may look into it."""
    (folder / "x.zip").write_bytes(zipped({"a": dicom_bytes()}))
    summary = scanned(folder, index, containers=False)
    assert (summary.objects, summary.containers, summary.unreadable) == (0, 0, {"not DICOM": 1})
    assert rows(index, "read_error") == {f"{folder}/x.zip": ("not DICOM: a ZIP archive, not looked into",)}
    summary = scanned(folder, index)
    assert (summary.objects, summary.unchanged, summary.unreadable) == (1, 1, {})
    assert errors(index, folder) == {"x.zip!/a": None}


def test_several_processes_give_the_same_rows(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of their own, as for large containers; a container of many rows comes in several answers."""
    for number in range(5):
        (folder / f"{number}.zip").write_bytes(zipped({f"{place}": dicom_bytes() for place in range(50)}))
    scanned(folder, tmp_path / "1.duckdb")
    monkeypatch.setattr("tagwise.scanning.containers.scan._FEW_BYTES", 0)
    summary = scanned(folder, tmp_path / "2.duckdb", jobs=2, batch=100)
    assert summary.objects == 250
    assert rows(tmp_path / "1.duckdb") == rows(tmp_path / "2.duckdb")


def test_a_killed_process_costs_the_rest_of_one_container(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that dies leaves a row about its container; the others are read, and the next scan tries again."""
    (folder / "a.zip").write_bytes(zipped({"a": dicom_bytes()}))
    (folder / "b.zip").write_bytes(zipped({"b": dicom_bytes()}))
    monkeypatch.setattr("tagwise.scanning.containers.scan._FEW_BYTES", 0)
    with monkeypatch.context() as patch:
        patch.setattr("tagwise.scanning.containers.pool._WORKER", "tests.containers.dying_worker")
        summary = scanned(folder, tmp_path / "index.duckdb", jobs=2)
    assert summary.unreadable == {"damaged encoding": 1}
    assert errors(tmp_path / "index.duckdb", folder) == {"a.zip": "damaged encoding", "b.zip!/b": None}
    assert (scanned(folder, tmp_path / "index.duckdb").objects, summary.objects) == (2, 1)
    assert errors(tmp_path / "index.duckdb", folder) == {"a.zip!/a": None, "b.zip!/b": None}


def test_a_scan_killed_between_rows_of_a_container_reads_it_again(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written stays, nothing is doubled, and the container is done when it is done."""
    (folder / "a.tar").write_bytes(tarred({f"{number}": dicom_bytes() for number in range(9)}))
    monkeypatch.setattr(reading, "_MOST_ROWS", 2)
    more, calls = ContainerReader.more, []

    def killed(reader: ContainerReader) -> reading.MemberRows:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return more(reader)

    with monkeypatch.context() as patch:
        patch.setattr(ContainerReader, "more", killed)
        with pytest.raises(KeyboardInterrupt):
            scanned(folder, index)
    assert len(rows(index)) == 1 + 6
    summary = scanned(folder, index)
    assert (summary.objects, len(rows(index)), summary.unchanged, summary.vanished) == (9, 9, 1, 0)


@pytest.mark.parametrize("name", PACKERS)
def test_no_cut_or_changed_container_goes_without_a_row(name: str, folder: Path) -> None:
    """Cut anywhere, or with any byte changed, a container gives rows, ends, and raises nothing."""
    whole = PACKERS[name]({"a/IM1": dicom_bytes(), "b": b"text", "c": gzipped(dicom_bytes())})
    chance = random.Random(7)  # noqa: S311 - the same bytes each time
    reader = ContainerReader(scan_columns())
    path = folder / "x"
    cuts = [whole[:at] for at in range(1, len(whole), max(1, len(whole) // 60))]
    changed = [_changed(whole, chance) for _ in range(60)]
    for data in cuts + changed:
        path.write_bytes(data)
        reader.begin(str(path))
        answer = reader.more()
        assert answer.finished
        if data in cuts and magic_of(data):
            assert answer.names
            # A TAR archive that ends between two members is one whose writer left out the end.
            assert any(answer.errors) or (name.endswith(".tar") and not len(data) % 512)


def magic_of(data: bytes) -> bool:
    from tagwise.scanning.containers.magic import kind_of

    return bool(kind_of(data))


def _changed(data: bytes, chance: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(chance.choice((1, 1, 4))):
        copy[chance.randrange(len(copy))] = chance.choice((0, 0xFF, chance.randrange(256)))
    return bytes(copy)


def test_the_kernel_never_takes_a_part_for_the_whole() -> None:
    """At whatever byte the first bytes of an object end, its row is that of the whole object."""
    columns = scan_columns()
    kernel = HeaderReader(columns).kernel
    if kernel is None:
        pytest.skip("the native reader was not compiled")
    taken = 0
    for whole in (dicom_bytes(), dicom_bytes(ImageComments="x" * 300, Rows=2)):
        expected = kernel.read_bytes(whole)
        for end in range(140, len(whole)):
            part = kernel.read_bytes(whole[:end])
            if part and kernel.read_bytes(whole[:end] + reading._BARRIER) == part:
                assert part == expected
                taken += 1
    assert taken >= 0
