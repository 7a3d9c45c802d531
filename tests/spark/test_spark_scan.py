"""A scan on Spark writes the rows that a scan into an index writes, and an audit of both says the same.

Few objects in `make test`, hundreds and all files that pydicom ships in `make test-slow`.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from bench.archive import make
from tests.conftest import PYDICOM_DATA

import tagwise
from tagwise.errors import EngineFailed
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import REFERENCE_COLUMNS, attach
from tagwise.scanning.parquet_folder import ParquetFolder
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyspark.sql import SparkSession

    from tagwise.auditing import AuditResult

pytestmark = pytest.mark.timeout(600)

_COLUMNS = ["file_path", "file_size", "file_modified", "header_digest", "read_error"]
COLUMNS = ", ".join(f'"{name}"' for name in [*_COLUMNS, *(column.keyword for column in scan_columns())])


def of_index(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows, references and rows of vanished files of an index."""
    with duckdb.connect() as db:
        attach(db, path, "a")
        rows = db.execute(f"SELECT {COLUMNS} FROM a.instances WHERE vanished IS NULL ORDER BY 1").fetchall()
        references = f"SELECT {', '.join(REFERENCE_COLUMNS)} FROM a.referenced_objects ORDER BY ALL"
        gone = db.execute(f"SELECT {COLUMNS} FROM a.instances WHERE vanished IS NOT NULL ORDER BY 1").fetchall()
        return rows, db.execute(references).fetchall(), gone


def of_folder(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The same of a folder."""
    with duckdb.connect() as db:
        ParquetFolder(path).attach(db)
        rows = db.execute(f"SELECT {COLUMNS} FROM kept_rows ORDER BY 1").fetchall()
        references = f"SELECT {', '.join(REFERENCE_COLUMNS)} FROM kept_references ORDER BY ALL"
        gone = db.execute(f"SELECT {COLUMNS} FROM gone_rows ORDER BY 1").fetchall()
        return rows, db.execute(references).fetchall(), gone


def told(result: AuditResult) -> dict[str, object]:
    """What an audit says, without where and when."""
    return {
        "findings": result.findings,
        "counts": result.counts,
        "total": result.total,
        "runs": [(run.check, run.findings) for run in result.runs],
        "devices": result.devices,
        "unreadable": result.unreadable,
        "not_checkable": result.not_checkable,
        "crashed": result.crashed,
    }


def _few(folder: Path) -> Path:
    """60 objects of several vendors, one of them twice, and what cannot be read."""
    make(folder, 60)
    first = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    (folder / "twice").write_bytes(first.read_bytes())
    (folder / "cut").write_bytes(first.read_bytes()[:200])
    (folder / "empty").touch()
    return folder


def _many(folder: Path) -> Path:
    """600 objects of several vendors."""
    make(folder, 600)
    return folder


@pytest.fixture(
    scope="session",
    ids=["few", "many", "pydicom"],
    params=[
        (_few, 60),
        pytest.param((_many, 200), marks=pytest.mark.slow),
        pytest.param((lambda _: PYDICOM_DATA, 200), marks=pytest.mark.slow),
    ],
)
def both(
    request: pytest.FixtureRequest, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """An index, and a folder that Spark wrote, of the same files."""
    from tagwise.scanning.spark.scan import scan

    made, least = request.param
    source = made(tmp_path_factory.mktemp("source"))
    place = tmp_path_factory.mktemp("both")
    # On Spark no file is looked into (docs/spark.md); a file that could be has the same row in both then.
    here = tagwise.scan(source, index=place / "index.duckdb", settings=ScanSettings(containers=False))
    there = scan(spark, source, folder=place / "folder")
    assert (there.files, there.objects, there.unreadable) == (here.files, here.objects, here.unreadable)
    assert there.files > least
    assert len(of_folder(place / "folder")[0]) > least
    return place / "index.duckdb", place / "folder"


def test_rows_and_references_are_those_of_an_index(both: tuple[Path, Path]) -> None:
    """Every column of every row is equal, and so is every reference."""
    index, folder = map(lambda read, path: read(path), (of_index, of_folder), both)
    assert folder == index


def test_audit_of_the_folder_says_what_the_audit_of_the_index_says(both: tuple[Path, Path]) -> None:
    """Findings, counts and devices are equal, row by row."""
    index, folder = (tagwise.audit(path) for path in both)
    assert told(folder) == told(index)
    assert folder.findings
    assert not folder.not_checkable


@pytest.mark.slow
def test_second_scan_reads_what_is_new_and_knows_what_is_gone(
    spark: SparkSession, archive: Callable[..., Path], tmp_path: Path
) -> None:
    """After files came, changed, went and came back, the folder holds what the index holds."""
    from tagwise.scanning.spark.scan import scan

    folder, index = tmp_path / "folder", tmp_path / "index.duckdb"
    source = archive({}, {}, {"Modality": "MR"}, {})
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: ((source / "IM0000").unlink(), archive({})),
        lambda: shutil.copy(source / "IM0002", source / "IM0001"),
        lambda: shutil.copy(source / "IM0002", source / "IM0000"),
        lambda: [(source / name).unlink() for name in ("IM0001", "IM0003")],
        lambda: None,
    ]
    for step in steps:
        step()
        here = tagwise.scan(source, index=index)
        there = scan(spark, source, folder=folder)
        for name in ("files", "new", "changed", "unchanged", "vanished", "objects"):
            assert getattr(there, name) == getattr(here, name), name
        assert of_folder(folder) == of_index(index)
    assert told(tagwise.audit(folder)) == told(tagwise.audit(index))


def test_a_file_that_is_damaged_is_a_row(spark: SparkSession, archive: Callable[..., Path], tmp_path: Path) -> None:
    """What cannot be read has its reason, as in an index."""
    from tagwise.scanning.spark.scan import scan

    source = archive({}, {})
    (source / "cut").write_bytes((source / "IM0000").read_bytes()[:200])
    (source / "empty").write_bytes(b"")
    (source / "link").symlink_to("nowhere")
    summary = scan(spark, source, folder=tmp_path / "folder")
    tagwise.scan(source, index=tmp_path / "index.duckdb")
    assert sum(summary.unreadable.values()) == 3
    assert of_folder(tmp_path / "folder") == of_index(tmp_path / "index.duckdb")


def test_audit_on_spark_says_what_the_audit_of_the_index_says(spark: SparkSession, both: tuple[Path, Path]) -> None:
    """Findings, counts and devices are equal, row by row, and no check stops."""
    index, folder = both
    result = tagwise.audit(folder, spark=spark)
    assert told(result) == told(tagwise.audit(index))
    assert not result.crashed
    assert result.findings


def test_an_answer_too_large_for_the_driver_says_what_to_set(spark: SparkSession, both: tuple[Path, Path]) -> None:
    """The message names what was asked and the limit, the hint how to raise it; nothing of Java is shown."""
    configured = spark.sparkContext._jsc.sc().conf()
    configured.set("spark.driver.maxResultSize", "100")
    try:
        with pytest.raises(EngineFailed, match=r"gave up on .* bigger than spark\.driver\.maxResultSize") as caught:
            tagwise.audit(both[1], spark=spark)
    finally:
        configured.remove("spark.driver.maxResultSize")
    assert "spark.driver.maxResultSize=4g" in (caught.value.hint or "")
    assert len(str(caught.value).splitlines()) == 1
