"""XML of NEMA as a stream of small trees, read defensively. Every error names file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from tagwise.errors import StandardFilesWrong
from tagwise.standard.text.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCBOOK = "http://docbook.org/ns/docbook"
_ID = "http://www.w3.org/XML/1998/namespace}id"
_DEEPEST = 150  # levels of elements; the standard has about 30
_LARGEST = 300_000_000  # bytes; the largest part has 40 million
_CHUNK = 1 << 20
_HINT = "Get the file again: the folder docbook of an edition at https://dicom.nema.org/medical/dicom/"


def wrong(path: Path, line: int, problem: str) -> StandardFilesWrong:
    """The error for a file that cannot be imported."""
    return StandardFilesWrong(f"{path}, line {line}: {problem}", hint=_HINT)


def stream(
    path: Path,
    begin: Callable[[Node], bool],
    end: Callable[[Node], None],
) -> None:
    """Read a file; the tree of an element is built only where it is wanted.

    Args:
        path: The file.
        begin: Gets every element that no tree holds yet, without its content; true if its tree is wanted.
        end: Gets every element that `begin` got: with its content if that was wanted, else without.

    Raises:
        StandardFilesWrong: The file cannot be read, is not XML, is cut, or declares a document type or entities.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise wrong(path, 1, f"it is larger than {_LARGEST // 1_000_000} MB, which no part of the standard is")
        _Stream(path, begin, end).read()
    except OSError as error:
        raise StandardFilesWrong(
            f"{path} cannot be read: {error.strerror}", hint="Give a folder you may read"
        ) from error


class _Stream:
    def __init__(self, path: Path, begin: Callable[[Node], bool], end: Callable[[Node], None]) -> None:
        self._path, self._begin, self._end = path, begin, end
        self._open: list[Node] = []
        self._wanted = 0  # how many open elements belong to a tree that is being built
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def read(self) -> None:
        """Read the whole file."""
        try:
            with self._path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    self._parser.Parse(chunk)
            self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only
        except expat.ExpatError as error:
            raise wrong(
                self._path, error.lineno, f"it is no well-formed XML ({expat.ErrorString(error.code)})"
            ) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if not self._open and name != f"{DOCBOOK}}}book":
            raise wrong(self._path, line, f"it is no DocBook 5 book, it starts with {name.rpartition('}')[2]!r}")
        if len(self._open) > _DEEPEST:
            raise wrong(self._path, line, f"elements are nested in more than {_DEEPEST} levels")
        given = {"id" if key == _ID else key.rpartition("}")[2]: value for key, value in attributes.items()}
        node = Node(name.rpartition("}")[2], given, line)
        if self._wanted:
            self._open[-1].children.append(node)
            self._wanted += 1
        elif self._begin(node):
            self._wanted = 1
        self._open.append(node)

    def _finish(self, _name: str) -> None:
        node = self._open.pop()
        self._wanted = max(self._wanted - 1, 0)
        if not self._wanted:
            self._end(node)

    def _text(self, text: str) -> None:
        if self._wanted:
            self._open[-1].children.append(text)

    def _refuse(self, *_: object) -> None:
        raise wrong(
            self._path, self._parser.CurrentLineNumber, "it declares a document type, which files of NEMA do not"
        )
