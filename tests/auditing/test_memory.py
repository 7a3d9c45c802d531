"""An audit keeps to the memory that its settings give DuckDB, and cleans up what it had to put on disk."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tagwise.auditing import audit
from tagwise.auditing.engine import Engine
from tagwise.scanning.index import ArchiveIndex
from tagwise.settings import AuditSettings

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from tagwise.checks import Check

_ROWS = 600_000  # their table alone is far above the limit: half of it sometimes just fitted
_LIMIT_MB = 96


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series of 300 images, of which every tenth is a copy of the one before it."""
    path = tmp_path_factory.mktemp("memory") / "index.duckdb"
    uid = "'1.2.826.0.1.3680043.10.1340.20260102101530.' ||"
    with ArchiveIndex(path) as made:
        made.query(
            f"""
            INSERT INTO instances BY NAME
            SELECT
              '/archive/' || i AS file_path, 1000000 AS file_size, md5((i - i % 10 // 9)::VARCHAR) AS header_digest,
              '1.2.840.10008.5.1.4.1.1.2' AS SOPClassUID, '1.2.840.10008.1.2.1' AS TransferSyntaxUID,
              {uid} '1.' || (i - i % 10 // 9) AS SOPInstanceUID, {uid} '2.' || (i // 300) AS SeriesInstanceUID,
              {uid} '3.' || (i // 900) AS StudyInstanceUID, 'CT' AS Modality, '512' AS "Rows", '512' AS "Columns",
              (i % 300)::VARCHAR AS InstanceNumber, '0\\0\\' || (i % 300) AS ImagePositionPatient,
              '1\\0\\0\\0\\1\\0' AS ImageOrientationPatient
            FROM range({_ROWS}) AS one(i)
            """
        )
    return path


def test_memory_stays_below_its_limit_and_spilled_files_go(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit goes to the temporary folder, is gone afterwards, and the findings are the same."""
    used, spilled = [], []
    run = Engine.run

    def watched(engine: Engine, check: Check) -> None:
        run(engine, check)
        db: duckdb.DuckDBPyConnection = engine._db
        used.append(db.execute("SELECT SUM(memory_usage_bytes) FROM duckdb_memory()").fetchall()[0][0])
        spilled.extend(file for file in tmp_path.rglob("*") if file.is_file())

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Engine, "run", watched)
    small = audit(index, settings=AuditSettings(memory_limit=f"{_LIMIT_MB}MB"))
    assert max(used) <= _LIMIT_MB * 1_000_000
    assert spilled, "nothing was spilled: the limit was not reached, so this test shows nothing"
    assert list(tmp_path.iterdir()) == []
    assert not small.crashed
    monkeypatch.undo()
    large = audit(index)
    assert [(run.check, run.findings) for run in small.runs] == [(run.check, run.findings) for run in large.runs]
    assert small.findings == large.findings
    assert {run.check for run in small.runs if run.findings} >= {"identity/object-stored-twice"}
