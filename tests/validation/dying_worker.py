"""A checking process that one file ends, as a fault in a library would."""

from __future__ import annotations

import os
from typing import Any

from tagwise.validation import worker

_judged = worker.judged


def _deadly(path: str, *args: Any, **options: Any) -> Any:
    if path.endswith("07.dcm"):
        os._exit(9)
    return _judged(path, *args, **options)


def main() -> None:
    """Serve until the file comes."""
    worker.judged = _deadly  # type: ignore[assignment] # a stand-in for one process
    worker.main()
