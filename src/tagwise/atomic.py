"""Writes files whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

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
            raise not_written(path, error) from error


@contextmanager
def neighbour(path: str, mode: str = "wb", *, overwrite: bool = True, **how: Any) -> Iterator[IO[Any]]:
    """A file beside the path, mode 0600, that takes its name when the block ends without an exception.

    Readers see the old file or the new one, never a part: renaming is atomic within one file system.

    Args:
        overwrite: Whether a file that is there gives way; else that is FileExistsError.
        how: As for `open`.

    Raises:
        OSError: The file cannot be made, written or named; what was there is untouched.
    """
    folder, name = os.path.split(path)
    descriptor, part = tempfile.mkstemp(dir=folder or os.curdir, prefix=f".{name[:40]}.", suffix=".part")
    try:
        with open(descriptor, mode, **how) as file:  # noqa: PTH123 - a descriptor, not a path
            yield file
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            os.replace(part, path)  # noqa: PTH105 - the pair of mkstemp
        else:
            os.link(part, path)  # fails where somebody else made the file meanwhile
            os.unlink(part)  # noqa: PTH108 - the pair of mkstemp
    except BaseException:
        with suppress(OSError):
            os.unlink(part)  # noqa: PTH108 - the pair of mkstemp
        raise


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """A text file that takes the place of the one at the path when the block ends without an exception.

    Raises:
        ReportNotWritten: The file cannot be written, now or at the end; the old file, if there was one, is untouched.
    """
    target = Path(path)
    raised: BaseException | None = None  # in the block, which is the caller's to explain
    try:
        if target.exists() and not target.is_file():
            raise ReportNotWritten(
                f"cannot write the report {str(target)!r}: it exists and is not a file",
                hint="Name a file; its folder must exist.",
            )
        with neighbour(str(target), "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            try:
                yield cast("TextIO", file)
            except BaseException as error:
                raised = error
                raise
    except (OSError, ValueError) as error:  # ValueError: a NUL or a surrogate in the path
        if error is raised:
            raise
        raise not_written(target, error) from error


def not_written(path: str | os.PathLike[str], error: Exception) -> ReportNotWritten:
    """The error that says which report could not be written, why, and what to do."""
    why = getattr(error, "strerror", None) or str(error)
    return ReportNotWritten(
        f"cannot write the report {os.fspath(path)!r}: {why}",
        hint="The folder must exist, be writable and have space left.",
    )
