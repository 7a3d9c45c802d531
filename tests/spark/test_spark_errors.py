"""What is missing, unreachable or in use is said in a sentence and in bounded time; nothing is half written."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from tests.spark.cluster import free_port

from tagwise.errors import (
    BadSetting,
    EngineMissing,
    EngineUnreachable,
    IndexDamaged,
    IndexForeign,
    IndexLocked,
    IndexTooNew,
)  # fmt: skip
from tagwise.scanning.parquet_folder import ParquetFolder, writing
from tagwise.scanning.spark import session

if TYPE_CHECKING:
    from pathlib import Path


def _java(folder: Path, says: str) -> str:
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{says}\n")
    program.chmod(0o755)
    return str(folder)


def test_java_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineMissing, match="no Java on PATH") as raised:
        session.require_java()
    assert "17" in raised.value.hint


def test_java_that_is_too_old_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", _java(tmp_path, "echo 'openjdk version \"11.0.2\" 2019' >&2"))
    with pytest.raises(EngineMissing, match="is Java 11"):
        session.require_java()


def test_java_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", _java(tmp_path, "exit 1"))
    with pytest.raises(EngineMissing, match="does not run"):
        session.require_java()


def test_pyspark_that_is_missing_is_said_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match="PySpark is not installed") as raised, session.session(None, "test"):
        pass
    assert raised.value.hint == "pip install 'tagwise[spark]'"


@pytest.mark.parametrize("master", ["mars", "spark:/x", "http://127.0.0.1"])
def test_a_master_that_is_none_is_refused(master: str) -> None:
    with pytest.raises(BadSetting, match="no master of Spark"):
        session.master_of(master)


def test_a_master_where_nobody_listens_is_told_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(EngineUnreachable, match="no master of Spark answers"):
        session._require_master(f"spark://127.0.0.1:{free_port()}")
    assert time.monotonic() - started < 60


def test_a_folder_of_somebody_else_is_refused_and_not_changed(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("x")
    with pytest.raises(IndexForeign, match="no scan on a cluster wrote them"), writing(tmp_path, []):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.duckdb").write_text("x")
    with pytest.raises(IndexForeign, match="writes a folder"), writing(tmp_path / "index.duckdb", []):
        pass


def test_two_scans_at_once_are_refused(tmp_path: Path) -> None:
    with (
        writing(tmp_path / "folder", []),
        pytest.raises(IndexLocked, match="in use by another scan"),
        writing(tmp_path / "folder", []),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "error"), [("{", IndexDamaged), ("{}", IndexDamaged), ("[]", IndexDamaged), ('{"format": 9}', IndexTooNew)]
)
def test_a_manifest_that_is_damaged_or_new_is_said(tmp_path: Path, text: str, error: type[Exception]) -> None:
    (tmp_path / "tagwise.json").write_text(text)
    with pytest.raises(error):
        ParquetFolder(tmp_path)


def test_a_round_that_is_not_named_does_not_count(tmp_path: Path) -> None:
    """A driver that dies between two steps leaves files that nobody reads."""
    with writing(tmp_path / "folder", []) as folder:
        (folder.work / "round").mkdir()
        folder.add_round(folder.work / "round")
    (tmp_path / "folder" / "round=00002").mkdir()
    assert ParquetFolder(tmp_path / "folder").manifest.rounds == ["round=00001"]
    assert json.loads((tmp_path / "folder" / "tagwise.json").read_text())["rounds"] == ["round=00001"]
