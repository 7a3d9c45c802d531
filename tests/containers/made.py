"""Containers that tests make from the files that pydicom ships, and what a scan says about them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import duckdb
from tests.conftest import PYDICOM_DATA, real_files

import tagwise
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagwise.scanning.run import ScanSummary

ONE = ScanSettings(jobs=1)


def plain_files() -> dict[str, bytes]:
    """Real files by a short name, without those that hold others."""
    found = {str(path.relative_to(PYDICOM_DATA)): path for path in real_files()}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if not name.endswith((".json", ".xml", ".gz")) and path.stat().st_size < 200_000
    }


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def scanned(folder: Path, index: Path, **settings: Any) -> ScanSummary:
    return tagwise.scan(folder, index=index, settings=ScanSettings(**{"jobs": 1, **settings}))


def rows(index: Path, columns: str = "* EXCLUDE file_modified", where: str = "true") -> dict[str, tuple[Any, ...]]:
    """The rows of an index by their path."""
    with duckdb.connect(str(index), read_only=True) as db:
        sql = f"SELECT file_path, {columns.replace('*', '* EXCLUDE file_path', 1)} FROM instances WHERE {where}"
        sql = sql.replace("* EXCLUDE file_path EXCLUDE file_modified", "* EXCLUDE (file_path, file_modified)")
        return {path: tuple(values) for path, *values in db.execute(sql).fetchall()}


def errors(index: Path, folder: Path) -> dict[str, str | None]:
    """Reason by path below the folder, of what is there."""
    start = f"{folder}/"
    found = rows(index, "read_error", "vanished IS NULL")
    return {path.removeprefix(start): error and error.partition(":")[0] for path, (error,) in found.items()}
