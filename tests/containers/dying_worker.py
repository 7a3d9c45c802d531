"""A process that reads containers and dies on one of them."""

from __future__ import annotations

import os

from tagwise.scanning.containers import worker
from tagwise.scanning.containers.reading import ContainerReader

_begin = ContainerReader.begin


def _dies(reader: ContainerReader, path: str) -> None:
    if path.endswith("a.zip"):
        os._exit(9)
    _begin(reader, path)


def main() -> None:
    ContainerReader.begin = _dies  # type: ignore[method-assign] - this process only
    worker.main()
