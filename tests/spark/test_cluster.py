"""A scan on a standalone cluster keeps every row once, also where an executor is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from bench.archive import make
from tests.spark.cluster import cluster
from tests.spark.conftest import need_spark
from tests.spark.test_spark_scan import of_folder, of_index, told

import tagwise

if TYPE_CHECKING:
    from pathlib import Path

    from tests.spark.cluster import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

_FILES = 4_000


def test_an_executor_that_is_killed_costs_no_row_and_doubles_none(tmp_path: Path) -> None:
    """Two workers read; kill -9 meets an executor while tasks run; the folder is that of an undisturbed scan."""
    need_spark()
    source, folder, index = tmp_path / "source", tmp_path / "folder", tmp_path / "index.duckdb"
    source.mkdir()
    make(source, _FILES)
    tagwise.scan(source, index=index)
    with cluster(tmp_path) as running:
        command = [sys.executable, "-m", "tagwise", "scan", str(source), "--index", str(folder)]
        command += ["--engine", "spark", "--master", running.master]
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
        scan = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        killed = _kill_one(running, scan, folder)
        printed, _ = scan.communicate(timeout=600)
        assert scan.returncode == 0, printed
        assert killed
    assert of_folder(folder) == of_index(index)
    assert len(of_folder(folder)[0]) == sum(path.is_file() for path in source.rglob("*"))
    assert told(tagwise.audit(folder)) == told(tagwise.audit(index))


def _kill_one(running: Cluster, scan: subprocess.Popen[str], folder: Path) -> bool:
    """Kill an executor once a task has begun to write and before the round is whole."""
    late = time.monotonic() + 300
    while time.monotonic() < late and scan.poll() is None:
        begun = list((folder / ".work" / "round").rglob("*.parquet"))
        executors = running.executors()
        if begun and executors:
            os.kill(executors[0], signal.SIGKILL)
            return not (folder / "round=00001").exists()
        time.sleep(0.02)
    return False
