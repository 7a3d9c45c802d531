"""Which texts of the standard are at hand, and which one is read: an imported edition, else the package.

TAGWISE_STANDARD_TEXT may say `off`, `imported` or `package`: pages that are published must not hold NEMA's text.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.errors import BadSetting, StandardTextDamaged, StandardTextNotKept
from tagwise.standard.text import folder, records, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagwise.standard.text.records import Definition, Description, Section
    from tagwise.standard.text.store import Store

SETTING = "TAGWISE_STANDARD_TEXT"
_SETTINGS = ("", "auto", "off", "imported", "package")
_IMPORTED = "imported.text"
_PACKAGE = "package.text"
_REVISION = 2  # raise it when the same sources would be compiled into other records

waiting: list[Callable[[str], None]] = []
"""Whoever wants to be told, in a sentence, why a call takes seconds: the package is compiled on its first use."""


class Text:
    """A text that can be read: definitions by tag, sections by label, descriptions by slug."""

    def __init__(self, kind: str, path: str, read: Store) -> None:
        self.kind = kind
        self.path = path
        self._read = read

    @property
    def facts(self) -> dict[str, Any]:
        """`edition`, `source`, `definitions`, `sections`, and what else its maker knew."""
        return self._read.facts

    @property
    def edition(self) -> str:
        """The edition, as `2020a`."""
        return str(self.facts["edition"])

    @property
    def source(self) -> str:
        """The package with its version, or the title of the files."""
        return str(self.facts["source"])

    def __repr__(self) -> str:
        """Which text it is."""
        return f"<Text {self.kind} {self.edition}>"

    def definition(self, tag: str) -> Definition | None:
        """What the text says of the attribute with this tag; None if no table of it has the attribute."""
        found = self._read.get(tag)
        return records.unpack_definition(tag, self.edition, self.source, found) if found else None

    def tags(self) -> Iterator[str]:
        """The tags of all attributes that have a definition, in their order."""
        return self._read.keys("(")

    def definitions(self) -> Iterator[Definition]:
        """Every definition, in the order of tags."""
        for tag in self.tags():
            found = self.definition(tag)
            if found:
                yield found

    def section(self, label: str) -> Section | None:
        """A section by its label, as `C.7.3.1.1.1` or `CID 29`; None if the text does not have it."""
        found = self._read.get(f"section {label}")
        return records.unpack_section(found) if found else None

    def labels(self) -> list[str]:
        """The labels of all sections."""
        return [key.partition(" ")[2] for key in self._read.keys("section ")]

    def description(self, kind: str, name: str) -> Description | None:
        """What the `module`, `macro` or `iod` with this name is for; None if the text does not say."""
        found = self._read.get(f"{kind} {records.slug(name)}")
        if not found:
            return None
        one = records.unpack_section(found)
        return records.Description(one.title, one.label, one.url, one.blocks, self.edition, self.source)


class Shelf(NamedTuple):
    """The text that is read, None if there is none; and sentences on what is wrong with texts that are there."""

    text: Text | None
    problems: tuple[str, ...] = ()


def setting() -> str:
    """What TAGWISE_STANDARD_TEXT says.

    Raises:
        BadSetting: It says something else than `auto`, `off`, `imported` or `package`.
    """
    said = os.environ.get(SETTING, "").strip().lower()
    if said not in _SETTINGS:
        raise BadSetting(f"{SETTING} is {said!r}", hint=f"It may be {', '.join(_SETTINGS[1:])}")
    return said or "auto"


def imported_path() -> str:
    """The file of the imported edition, there or not.

    Raises:
        StandardTextNotKept: The user has no home folder.
    """
    return os.path.join(folder.cache(), _IMPORTED)  # noqa: PTH118 - without pathlib


def shelf() -> Shelf:
    """The text to read, by the setting: an imported edition wins over the package.

    Raises:
        BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
    """
    wanted = setting()
    problems: list[str] = []
    sources: list[Callable[[], Text | None]] = []
    if wanted in ("auto", "imported"):
        sources.append(imported)
    if wanted in ("auto", "package"):
        sources.append(lambda: packaged(problems))
    for source in sources:
        try:
            found = source()
        except StandardTextDamaged as error:
            problems.append(f"{error}. {error.hint}" if error.hint else str(error))
            continue
        if found is not None and found.facts["definitions"]:
            return Shelf(found, tuple(problems))
    return Shelf(None, tuple(problems))


def standard_texts() -> tuple[Text, ...]:
    """All texts at hand that can be read, the imported one first, whatever TAGWISE_STANDARD_TEXT says."""
    found = []
    for source in (imported, packaged):
        with suppress(StandardTextDamaged):
            text = source()
            if text is not None:
                found.append(text)
    return tuple(found)


def import_standard(given: str | os.PathLike[str]) -> Text:
    """Read the DocBook files of one edition of the standard in a folder, and keep their text for pages.

    The folder holds part03.xml, part04.xml, part06.xml, part15.xml and part16.xml as NEMA publishes them, or some of
    them, at least part03.xml or part06.xml. The text is kept compiled in the user's cache and wins over the package.

    >>> import_standard("2024b/docbook")  # doctest: +SKIP
    <Text imported 2024b>

    Raises:
        StandardFilesWrong: The folder lacks the files, or they are damaged, foreign or of several editions.
        StandardTextNotKept: The cache cannot be written. An earlier import is untouched in both cases.
    """
    from tagwise.standard.text.docbook import importing  # noqa: PLC0415 - expat is needed here only

    made = store.encoded(importing.compiled(given))
    try:
        path = imported_path()
        store.write(path, made)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StandardTextNotKept(
            f"the text cannot be kept in the cache: {why}", hint=f"{folder.VARIABLE} names another folder"
        ) from error
    return Text("imported", path, _opened(path))


def forget_standard() -> bool:
    """Remove the imported edition; whether there was one.

    Raises:
        StandardTextNotKept: It cannot be removed.
    """
    try:
        os.unlink(imported_path())  # noqa: PTH108 - without pathlib
    except (FileNotFoundError, NotADirectoryError, StandardTextNotKept):
        return False
    except OSError as error:
        raise StandardTextNotKept(f"the imported text cannot be removed: {error.strerror}") from error
    return True


def imported() -> Text | None:
    """The imported edition, None if there is none.

    Raises:
        StandardTextDamaged: Its file cannot be read.
    """
    try:
        path = imported_path()
        return Text("imported", path, _opened(path))
    except (FileNotFoundError, NotADirectoryError, StandardTextNotKept):
        return None
    except OSError as error:
        raise StandardTextDamaged(f"the imported text {path} cannot be read: {error.strerror}", hint=_AGAIN) from error
    except StandardTextDamaged as error:
        error.hint = _AGAIN
        raise


_AGAIN = "Import it again with tagwise standard import DIR, or remove it with tagwise standard forget"


def packaged(problems: list[str] | None = None) -> Text | None:
    """The text of the installed package, None if it is not installed. Compiled and kept on first use.

    Args:
        problems: Gets a sentence where the compiled text cannot be kept.

    Raises:
        StandardTextDamaged: The package is there, but its files cannot be used.
    """
    path = _package_path()
    if path is not None:
        try:
            found = _opened(path)
            if _is_current(found):
                return Text("package", path, found)
        except (OSError, StandardTextDamaged):
            pass  # not there yet, or not whole: it is made again
    return _compiled_package(path, [] if problems is None else problems)


def _package_path() -> str | None:
    try:
        return os.path.join(folder.cache(), _PACKAGE)  # noqa: PTH118 - without pathlib
    except StandardTextNotKept:
        return None


def _is_current(found: Store) -> bool:
    """Whether the package that was compiled is still installed in this Python, unchanged.

    Environments share the cache. The package of another one will do where this one has files of the same sizes.
    """
    if found.facts.get("made") != _made_by():
        return False
    here = found.facts.get("prefix") == sys.prefix
    return all(
        _unchanged(path, size, changed) if here else _unchanged(f"{sys.prefix}/standard/{_name(path)}", size, None)
        for path, size, changed in found.facts["stamp"]
    )


def _unchanged(path: str, size: int, changed: int | None) -> bool:
    try:
        seen = os.stat(path)  # noqa: PTH116 - without pathlib
    except OSError:
        return False
    return seen.st_size == size and changed in (None, seen.st_mtime_ns)


def _name(path: str) -> str:
    return os.path.basename(path)  # noqa: PTH119 - without pathlib


def _made_by() -> list[Any]:
    """What the records depend on besides the package: this code, and our tables of modules and IODs."""
    from tagwise import __version__  # noqa: PLC0415 - a room does not need the whole package before this
    from tagwise.standard import modules  # noqa: PLC0415 - read where a text is looked for

    return [__version__, _REVISION, modules.edition()]


def _compiled_package(path: str | None, problems: list[str]) -> Text | None:
    """The text of the installed package, compiled now, and kept in the file if that can be written."""
    from importlib.util import find_spec  # noqa: PLC0415 - only where nothing is compiled yet

    from tagwise.standard.text import package  # noqa: PLC0415 - as above

    if find_spec(package.IMPORT_NAME) is None:
        return None
    files = package.installed_files()
    if len(files) < len(package.FILES):
        missing = ", ".join(name for name in package.FILES if name not in files)
        raise StandardTextDamaged(
            f"the package {package.NAME} is installed without {missing}",
            hint=f"Install it again: pip install --force-reinstall {package.NAME}==0.1.0",
        )
    made = _in_memory(tuple(sorted(files.items())), tuple(tuple(one) for one in package.stamp(files)))
    where = path or str(files[package.FILES[0]])
    if path is not None:
        try:
            store.write(path, made)
        except OSError as error:
            problems.append(
                f"The compiled text cannot be kept as {path!r} ({error.strerror}), so that every start takes seconds. "
                f"{folder.VARIABLE} names another folder"
            )
    return Text("package", where, store.Store(where, io.BytesIO(made)))


@lru_cache(maxsize=1)
def _in_memory(files: tuple[tuple[str, Path], ...], stamp: tuple[tuple[Any, ...], ...]) -> bytes:
    """The package compiled; once in a process, where it cannot be kept."""
    from tagwise.standard.text import package  # noqa: PLC0415 - only where nothing is compiled yet

    for tell in dict.fromkeys(waiting):
        tell("Reading the text of the standard for the first time; this takes some seconds.")
    made = package.compiled(dict(files), package.installed_version())
    made.facts.update(made=_made_by(), prefix=sys.prefix, stamp=[list(one) for one in stamp])
    return store.encoded(made)


@lru_cache(maxsize=4)
def _store(path: str, _size: int, _changed: int) -> Store:
    return store.opened(path)


def _opened(path: str) -> Store:
    """The store in a file, read again only when the file has changed."""
    seen = os.stat(path)  # noqa: PTH116 - without pathlib
    return _store(path, seen.st_size, seen.st_mtime_ns)
