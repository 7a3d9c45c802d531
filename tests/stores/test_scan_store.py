"""A scan of a bucket gives the rows of the same files in a folder, from a part of their bytes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.conftest import dicom_bytes, real_files
from tests.stores.s3_server import BUCKET

import tagwise
from tagwise.scanning.stores import window
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stores.s3_server import S3Server

ROOT = f"s3://{BUCKET}"
ONE = ScanSettings(jobs=1)


def rows(index: Path, start: str, columns: str = "* EXCLUDE (file_path, file_modified)") -> list[tuple[object, ...]]:
    """The rows by their paths below `start`, with what says file or object made the same."""
    with duckdb.connect(str(index), read_only=True) as db:
        return db.execute(
            f"SELECT substr(file_path, {len(start) + 2}) AS path, {columns} FROM instances ORDER BY path"
        ).fetchall()


def test_rows_are_those_of_the_same_files_in_a_folder(server: S3Server, tmp_path: Path) -> None:
    """Every real file, damaged ones too, has the row that it has in a folder, but for its time."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number, path in enumerate(real_files()):
        shutil.copy(path, folder / f"{number:03} {path.name}")
    server.put_folder(folder)
    here, there = tmp_path / "here.duckdb", tmp_path / "there.duckdb"
    tagwise.scan(folder, index=here, settings=ONE)
    summary = tagwise.scan(ROOT, index=there, settings=ONE)
    assert summary.roots == (ROOT,)
    assert summary.objects > 150
    expected = rows(here, str(folder))
    found = rows(there, ROOT)
    assert [row[0] for row in found] == [row[0] for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert [str(value).replace("the object", "the file") for value in one] == [str(value) for value in other]
