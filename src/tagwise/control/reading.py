"""A TOML file whose errors name the file, the line and the key, and the word that was probably meant."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tagwise.errors import BadControl, UsageError
from tagwise.standard import dictionary
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_LARGEST = 1 << 24

T = TypeVar("T")


def nearest_words(word: str, choices: Iterable[str]) -> str:
    """A hint that names the closest of the choices, or all of them where none is near."""
    near = closest(word, choices, 3)
    return f"Did you mean {', '.join(near)}?" if near else f"There is {', '.join(sorted(choices))}."


def nearest_attributes(word: str) -> str:
    """A hint that names the closest attributes, "" where none is near."""
    near = closest(word, dictionary.by_keyword(), 3)
    return f"Did you mean {', '.join(near)}?" if near else ""


class Document:
    """A TOML file as text, to find lines, and as tables."""

    def __init__(self, path: Path, text: str, content: dict[str, Any]) -> None:
        self.path, self.text = path, text
        self._content = content

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file.

        Raises:
            BadControl: It cannot be read, or is not TOML.
        """
        try:
            if path.exists() and (not path.is_file() or path.stat().st_size > _LARGEST):
                raise BadControl(f"{str(path)!r} cannot be read: it is no file, or larger than 16 MB")
            text = path.read_text("utf-8")
            return cls(path, text, tomllib.loads(text))
        except OSError as error:
            raise BadControl(f"{str(path)!r} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise BadControl(f"{str(path)!r} is not UTF-8 text, as TOML has to be") from error
        except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; so is a NUL in the path
            raise BadControl(f"{str(path)!r} is not TOML: {str(error) or 'nested too deep'}") from error

    def top(self, keys: Iterable[str]) -> Table:
        """The file as one table, which may have these keys only."""
        table = Table(self, "", self._content)
        table.only(keys)
        return table

    def line(self, where: str, key: str, number: int = 1) -> int | None:
        """The line of a key, or of a table; None where it is written in a way that is not looked for.

        Args:
            where: The table that has the key, "" for the top.
            number: Which of several tables of this name.
        """
        name = re.escape(key)
        pattern = re.compile(rf"""^\s*(?:["']?{name}["']?\s*(?:=|\.)|\[.*["'.\[ ]?{name}["']?\s*\])""")
        own = {_plain(where)} if not key or where else {""}
        section, met, fallback = "", 0, None
        for place, line in enumerate(self.text.splitlines(), 1):
            header = re.match(r"\s*\[+(.+?)\]+\s*(?:#.*)?$", line)
            if header:
                section = _plain(header[1])
                met += section in own
                if not key and section in own and met == number:
                    return place
            if key and pattern.match(line):
                if section in own and (met == number or not where):
                    return place
                if header and section == _plain(f"{where}.{key}" if where else key):
                    return place
                fallback = fallback or (place if section.startswith(_plain(where)) else None)
        return fallback


def _plain(header: str) -> str:
    return re.sub(r"""["'\s]""", "", header)


class Table:
    """One table of a file. What is asked of it is there and of its type, or the error says where it is not."""

    def __init__(self, document: Document, name: str, content: dict[str, Any], number: int = 1) -> None:
        self._document, self._name, self._content, self._number = document, name, content, number

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def wrong(self, key: str, what: str, hint: str = "") -> BadControl:
        """An error at a key of this table, "" for the table as a whole."""
        line = self._document.line(self._name, key, self._number)
        place = f"{self._document.path}, line {line}" if line else str(self._document.path)
        named = ".".join(filter(None, [self._name, key]))
        return BadControl(f"{place}: {f'{named}: ' if named else ''}{what}", hint=hint)

    def only(self, keys: Iterable[str]) -> None:
        """Refuse keys other than these."""
        allowed = tuple(keys)
        for key in self._content:
            if key not in allowed:
                raise self.wrong(key, "there is no such key here", nearest_words(key, allowed))

    def value(self, key: str) -> Any:
        """What stands there."""
        return self._content[key]

    def text(self, key: str) -> str | None:
        """A text, None where the key is absent."""
        value = self._content.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, f"{value!r} is not a text", f'Write {key} = "…".')
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty where the key is absent."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, "it is not a list of texts", f'Write {key} = ["…", "…"].')
        return value

    def day(self, key: str) -> date | None:
        """A date, None where the key is absent."""
        value = self._content.get(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                raise self.wrong(key, f"{value!r} is no date", f"Write {key} = 2027-03-31.") from None
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        raise self.wrong(key, f"{value!r} is no date", f"Write {key} = 2027-03-31.")

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._content[key]
        if not isinstance(value, dict):
            raise self.wrong(key, "it is not a table", f"Write [{'.'.join(filter(None, [self._name, key]))}].")
        return Table(self._document, ".".join(filter(None, [self._name, key])), value)

    def each_table(self) -> dict[str, Table]:
        """All that this table holds, each of which has to be a table."""
        return {key: self.table(key) for key in self}

    def tables(self, key: str) -> list[Table]:
        """A list of tables, empty where the key is absent."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, "it is not a list of tables", f"Write [[{key}]].")
        return [Table(self._document, key, one, number) for number, one in enumerate(value, 1)]

    def asked(self, key: str, judge: Callable[[str], T], word: str) -> T:
        """What `judge` makes of a word that stands at this key."""
        try:
            return judge(word)
        except BadControl:
            raise
        except UsageError as error:
            raise self.wrong(key, str(error), error.hint) from error
