"""A standalone cluster of Spark on loopback: a master and workers, ended with the block."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Cluster:
    """Its address, and the processes of its workers."""

    master: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executors(self) -> list[int]:
        """Process numbers of the executors, which workers start."""
        found = []
        for worker in self.workers:
            children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
            tasks = Path(f"/proc/{worker.pid}/task").glob("*/children") if children.exists() else []
            found += [int(number) for task in tasks for number in task.read_text().split()]
        return found


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def cluster(place: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and workers of one core each."""
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_DAEMON_MEMORY": "256m",
    }
    port = free_port()
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (place / f"{name}.log").open("wb") as log:
            command = [str(program), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        running.append(process)
        return process

    try:
        start("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        _wait_for(port)
        made = Cluster(f"spark://127.0.0.1:{port}")
        for number in range(workers):
            folder = str(place / f"worker{number}")
            options = [
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                folder,
            ]
            made.workers.append(start(f"worker{number}", "worker.Worker", *options, made.master))
        yield made
    finally:
        for process in reversed(running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


def _wait_for(port: int, seconds: float = 120) -> None:
    late = time.monotonic() + seconds
    while time.monotonic() < late:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"no master on port {port}")
