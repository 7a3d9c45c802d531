"""A DICOMDIR that is scanned itself is a work list: what it names is read, and nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.conftest import PYDICOM_DATA, dicom_bytes
from tests.containers.made import errors, rows, scanned

if TYPE_CHECKING:
    from pathlib import Path

_MEDIUM = PYDICOM_DATA / "test_files" / "dicomdirtests"
_ID = b"77654033\\CR1\\6154"


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """A folder with a DICOMDIR, the 31 files that it names, and others."""
    folder = tmp_path / "cd"
    shutil.copytree(_MEDIUM, folder)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in ("77654033", "98892001", "98892003"):
            shutil.rmtree(path)
        elif path.is_file() and path.name != "DICOMDIR":
            path.unlink()
    (folder / "VIEWER.EXE").write_bytes(b"MZ" + bytes(500))
    (folder / "77654033" / "EXTRA").write_bytes(dicom_bytes())
    return folder


def test_the_files_that_it_names_are_read(medium: Path, tmp_path: Path) -> None:
    """They have the rows that a scan of the folder gives them; the others are counted."""
    summary = scanned(medium / "DICOMDIR", tmp_path / "i.duckdb")
    assert scanned(medium, tmp_path / "all.duckdb").not_named == 0
    named, everything = rows(tmp_path / "i.duckdb"), rows(tmp_path / "all.duckdb")
    assert set(named) == {path for path, row in everything.items() if not path.endswith(("VIEWER.EXE", "EXTRA"))}
    assert all(everything[path] == row for path, row in named.items())
    assert (summary.objects, summary.directories, summary.not_named) == (31, 1, 2)
    again = scanned(medium / "DICOMDIR", tmp_path / "i.duckdb")
    assert (again.unchanged, again.new, again.vanished, again.not_named) == (32, 0, 0, 2)


def test_names_are_found_as_file_systems_spell_them(medium: Path, tmp_path: Path) -> None:
    """In lower case, with the version that ISO 9660 gives, with a dot at the end."""
    (medium / "77654033" / "CR1" / "6154").rename(medium / "77654033" / "CR1" / "6154.;1")
    (medium / "77654033" / "CR1").rename(medium / "77654033" / "cr1")
    (medium / "77654033" / "CR2").rename(medium / "77654033" / "Cr2.")
    assert scanned(medium / "DICOMDIR", tmp_path / "i.duckdb").objects == 31


def test_what_is_missing_or_elsewhere_is_a_row(medium: Path, tmp_path: Path) -> None:
    """A file that is not there, one named outside of the folder, one behind a link that leads out: none is read."""
    secret = tmp_path / "secret"
    secret.write_bytes(dicom_bytes())
    (medium / "77654033" / "CR2" / "6247").unlink()
    linked = medium / "77654033" / "CR3" / "6278"
    linked.unlink()
    linked.symlink_to(secret)
    content = (medium / "DICOMDIR").read_bytes()
    assert _ID in content
    (medium / "DICOMDIR").write_bytes(content.replace(_ID, b"..\\secret".ljust(len(_ID)), 1))
    summary = scanned(medium / "DICOMDIR", tmp_path / "i.duckdb")
    found = {path: why for path, (why,) in rows(tmp_path / "i.duckdb", "read_error").items() if why}
    assert {path.removeprefix(f"{medium}/"): why.partition(": ")[2] for path, why in found.items()} == {
        "77654033/CR2/6247": "named by the DICOMDIR, not there",
        "..\\secret": "named by the DICOMDIR, but not within its folder; it was not read",
        "77654033/CR3/6278!": "named by the DICOMDIR, but a link leads out of its folder; it was not read",
    }
    assert (summary.objects, summary.unreadable, summary.not_named) == (28, {"file unavailable": 3}, 4)


@pytest.mark.parametrize("end", [140, 400, 700, 1500, 3000])
def test_a_damaged_one_says_so(end: int, medium: Path, tmp_path: Path) -> None:
    """What it names before the damage is read, and its own row has the reason."""
    content = (medium / "DICOMDIR").read_bytes()
    (medium / "DICOMDIR").write_bytes(content[:end])
    scanned(medium / "DICOMDIR", tmp_path / "i.duckdb")
    assert (errors(tmp_path / "i.duckdb", medium)["DICOMDIR"] or "").startswith(("truncated", "damaged"))


def test_with_its_folder_it_is_a_file_like_others(medium: Path, tmp_path: Path) -> None:
    """Where the folder is scanned too, every file is read once, named or not."""
    from tagwise import scan

    summary = scan(medium, medium / "DICOMDIR", index=tmp_path / "i.duckdb")
    assert (summary.files, summary.not_named) == (34, 0)


def test_another_file_is_no_work_list(medium: Path, tmp_path: Path) -> None:
    """Any file may be scanned by its own path, as before."""
    (medium / "short").write_bytes(b"x")
    for name in ("77654033/EXTRA", "short", "VIEWER.EXE"):
        assert (
            scanned(medium / name, tmp_path / "i.duckdb").files,
            scanned(medium / name, tmp_path / "i.duckdb").not_named,
        ) == (1, 0)
