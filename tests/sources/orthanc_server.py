"""An Orthanc of one's own on loopback, with its DICOMweb plugin, filled through its REST interface."""

from __future__ import annotations

import base64
import http.client
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

PROGRAM = shutil.which("Orthanc") or "/usr/sbin/Orthanc"
DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
USER, PASSWORD = "reader", "s3cret-word"  # the login of a server that lives as long as a test
MISSING = (
    "" if Path(PROGRAM).exists() and DICOMWEB.exists() else "needs Orthanc: apt-get install orthanc orthanc-dicomweb"
)
"""Why tests with Orthanc are left out; "" where it is installed."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OrthancServer:
    """Runs while the `with` lasts, and keeps everything in `folder`.

    Args:
        further: Settings of Orthanc besides those that the tests need.
    """

    def __init__(self, folder: Path, further: dict[str, Any] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/dicom-web"
        self._folder = folder
        self._settings = {
            "Name": "tagwise",
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "Plugins": [str(DICOMWEB)],
            "HttpPort": self.port,
            "DicomServerEnabled": False,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": True,
            "RegisteredUsers": {USER: PASSWORD},
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            "SaveJobs": False,
            **(further or {}),
        }

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "orthanc.json"
        settings.write_text(json.dumps(self._settings))
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen([PROGRAM, str(settings)], stdout=self._log, stderr=self._log)
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of an answer of the REST interface."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            connection.request(method, path, body, {"Authorization": f"Basic {login}"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def store(self, content: bytes) -> bool:
        """Store one object; whether it is kept: Orthanc refuses what it cannot read, and what it has already."""
        status, body = self.ask("POST", "/instances", content)
        return status == 200 and json.loads(body)["Status"] == "Success"

    def _wait(self) -> None:
        for _ in range(300):
            if self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text(errors="replace")[-2000:])
            try:
                if self.ask("GET", "/system")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("Orthanc does not answer after 30 s")
