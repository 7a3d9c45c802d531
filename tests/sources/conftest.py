"""Servers that tests start: PostgreSQL and Orthanc on loopback, in folders of their own, ended with the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "s3cret-of-the-tests"  # noqa: S105 - of a server that lives as long as the tests


def free_port() -> int:
    """A port on loopback that nobody listens at."""
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


class Postgres:
    """A server; `url` names its database `archive`, `run` asks it something as superuser."""

    def __init__(self, folder: Path, programs: Path, port: int) -> None:
        self.folder, self.port, self._programs = folder, port, programs

    def url(self, database: str = "archive", *, user: str = "reader", password: str = PASSWORD) -> str:
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str, database: str = "archive") -> str:
        command = [
            self._programs / "psql",
            "-h",
            self.folder,
            "-p",
            str(self.port),
            "-d",
            database,
            "-v",
            "ON_ERROR_STOP=1",
        ]
        return self._as_server([*map(str, command), "-qAt", "-U", "postgres"], sql)

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder} -c fsync=off"
        )
        command = [self._programs / "pg_ctl", "-D", self.folder / "data", "-o", options, "-l", self.folder / "log"]
        self._as_server([*map(str, command), "-w", "-t", "60", "start"])

    def stop(self) -> None:
        self._as_server([str(self._programs / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop"])

    def _as_server(self, command: list[str], text: str = "") -> str:
        return as_other_user(command, "postgres", text)


def as_other_user(command: list[str], name: str, text: str = "") -> str:
    """Run a program that refuses to be root; without root it runs as we are."""
    other = {"user": name, "group": pwd.getpwnam(name).pw_gid} if os.geteuid() == 0 else {}
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, cwd="/", timeout=100, **other
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of its own, with a database `archive` and a user `reader` who has a password."""
    pytest.importorskip("adbc_driver_postgresql", reason="the extra postgres is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="tagwise-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Postgres(folder, programs, free_port())
    server._as_server(
        [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-E", "UTF8", "--locale=C", "-N"]
    )
    (folder / "data" / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    server.start()
    try:
        server.run(f"CREATE USER reader PASSWORD '{PASSWORD}'; CREATE USER stranger PASSWORD '{PASSWORD}'", "postgres")
        server.run("CREATE DATABASE archive OWNER reader", "postgres")
        yield server
    finally:
        with contextlib.suppress(AssertionError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Orthanc:
    """An Orthanc that takes objects over its REST interface."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, configuration: str) -> None:
        (self.folder / "orthanc.json").write_text(configuration)
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(["Orthanc", str(self.folder / "orthanc.json")], stdout=log, stderr=log)
        import httpx

        for _ in range(600):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{self.port}/system", timeout=5).is_success:
                    return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.1)
        raise AssertionError("Orthanc does not answer")

    def store(self, files: list[Path]) -> None:
        import httpx

        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60) as client:
            for file in files:
                answer = client.post("/instances", content=file.read_bytes())
                assert answer.is_success, f"{file}: {answer.text}"

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None
