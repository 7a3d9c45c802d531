"""What DuckDB and the operating system say about an index, in words that help: what, where, and what to do."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

import duckdb

from tagwise.errors import ArchiveIndexError, IndexDamaged, IndexLocked, IndexNotWritable
from tagwise.scanning.walk import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what DuckDB raises about the file at `path` into an ArchiveIndexError with a hint.

    Raises:
        ArchiveIndexError: DuckDB or the operating system failed.
        KeyboardInterrupt: Ctrl-C met DuckDB in the middle of a statement.
    """
    try:
        yield
    except RuntimeError as error:
        raise_if_interrupted(error)
        raise
    except duckdb.Error as error:
        raise_if_interrupted(error)
        raise _as_index_error(path, error) from error
    except OSError as error:
        raise _not_opened(path, error) from error


def raise_if_interrupted(error: Exception) -> None:
    """Say Ctrl-C as Python does: inside a statement DuckDB turns it into a RuntimeError of its own.

    Raises:
        KeyboardInterrupt: That is what the error stands for.
    """
    if isinstance(error, duckdb.InterruptException | RuntimeError) and "interrupted" in str(error).lower():
        raise KeyboardInterrupt from error


def in_use(path: Path, holder: str) -> IndexLocked:
    """The error to raise where another scan or audit holds the index."""
    return IndexLocked(
        f"index {str(path)!r} is in use by {holder}",
        hint="Wait until that scan or audit has ended, or copy the index and audit the copy.",
    )


def _cannot_grow(path: Path, why: str) -> IndexNotWritable:
    return IndexNotWritable(
        f"index {str(path)!r} cannot grow: {why}",
        hint="Free space on its disk and run the same command again: it continues after the last committed rows.",
    )


def _not_opened(path: Path, error: OSError) -> IndexNotWritable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _cannot_grow(path, reason_of(error))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return IndexNotWritable(f"index {str(path)!r} cannot be created: its folder does not exist")
    return IndexNotWritable(f"index {str(path)!r} cannot be opened: {reason_of(error)}")


def _as_index_error(path: Path, error: duckdb.Error) -> ArchiveIndexError:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    lowered = text.lower()
    if "could not set lock" in lowered or "already open" in lowered:
        holder = text[text.find("(PID") :].partition(")")[0] + ")" if "(PID" in text else ""
        return in_use(path, f"another process {holder}".rstrip())
    if "already attached" in lowered:
        return in_use(path, "this process")
    full = ("no space left", "disk quota", "file too large", "could not write", "failed to offload", "max_temp_dir")
    if any(sign in lowered for sign in full):
        return _cannot_grow(path, text)
    if isinstance(error, duckdb.OutOfMemoryException):
        return ArchiveIndexError(
            f"index {str(path)!r} needs more memory than it may have: {text}",
            hint="The index is not damaged: run the same command again where there is more memory.",
        )
    if "permission denied" in lowered or "read-only file system" in lowered:
        return IndexNotWritable(f"index {str(path)!r} cannot be opened: permission denied")
    return IndexDamaged(
        f"index {str(path)!r} cannot be read: {text}",
        hint="Move the file away and scan again; the DICOM files themselves are untouched.",
    )
