"""Writes a report whole or not at all, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tagwise.errors import ReportNotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Replace the file with the text as UTF-8, mode 0600; readers see the old file or the new one, never a part.

    Raises:
        ReportNotWritten: The file cannot be written; the old file, if there was one, is untouched.
    """
    with replacing(path) as file:
        try:
            file.write(text)
        except OSError as error:
            raise _not_written(Path(path), error) from error


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """A text file that takes the place of the one at the path when the block ends without an exception.

    Raises:
        ReportNotWritten: The file cannot be written, now or at the end; the old file, if there was one, is untouched.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            raise ReportNotWritten(
                f"cannot write the report {str(target)!r}: it exists and is not a file",
                hint="Name a file; its folder must exist.",
            )
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
    except (OSError, ValueError) as error:  # ValueError: a NUL or a surrogate in the path
        raise _not_written(target, error) from error
    try:
        # A neighbour of the target is written, then renamed over it (atomic within one file system).
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123 - a descriptor, not a path
            yield file
            try:
                file.flush()
                os.fsync(file.fileno())
            except OSError as error:
                raise _not_written(target, error) from error
        try:
            os.replace(name, target)  # noqa: PTH105 - the pair of mkstemp
        except OSError as error:
            raise _not_written(target, error) from error
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108 - the pair of mkstemp
        raise


def _not_written(target: Path, error: Exception) -> ReportNotWritten:
    why = getattr(error, "strerror", None) or str(error)
    return ReportNotWritten(
        f"cannot write the report {str(target)!r}: {why}",
        hint="The folder must exist, be writable and have space left.",
    )
