"""Writes a report whole or not at all, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from tagwise.errors import ReportNotWritten


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Replace the file with the text as UTF-8, mode 0600; readers see the old file or the new one, never a part.

    Raises:
        ReportNotWritten: The file cannot be written; the old file, if there was one, is untouched.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            raise ReportNotWritten(
                f"cannot write the report {str(target)!r}: it exists and is not a file",
                hint="Name a file; its folder must exist.",
            )
        _replace(target, text)
    except (OSError, ValueError) as error:  # ValueError: a NUL or a surrogate in the path
        why = getattr(error, "strerror", None) or str(error)
        raise ReportNotWritten(
            f"cannot write the report {str(target)!r}: {why}",
            hint="The folder must exist, be writable and have space left.",
        ) from error


def _replace(target: Path, text: str) -> None:
    """Write a neighbour of the target, then rename it over the target (atomic within one file system)."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)  # noqa: PTH105 - the pair of mkstemp
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108 - the pair of mkstemp
        raise
