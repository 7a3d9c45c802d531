"""One file with a compiled text: written whole, opened in a millisecond, each record read alone.

    line 1    what the file is, with the version of its format
    records   JSON, one after the other
    index     one JSON line with facts of the text, then key, offset, length and checksum of each record
    footer    offset, length and checksum of the index, always as long

A file that was cut, or changed anywhere that is read, is noticed.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from tagwise.errors import StandardTextDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MAGIC = b"tagwise text of the standard, format 1\n"
_FOOTER = "%012d %012d %08x\n"
_FOOTER_LENGTH = len(_FOOTER % (0, 0, 0))
_ONE_READER = threading.Lock()  # a server reads from several threads; seek and read belong together


class Store:
    """A compiled text. Records are parsed when they are asked for.

    Raises:
        StandardTextDamaged: The file is not one of this format, or was cut or changed.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name = name
        self._file = file
        if file.read(len(_MAGIC)) != _MAGIC:
            raise self.damaged("it is of another format")
        try:
            file.seek(-_FOOTER_LENGTH, os.SEEK_END)
            footer = file.read()
            start, length, checksum = footer.split()
            if not footer.endswith(b"\n"):
                raise ValueError("cut")  # noqa: TRY301 - one sentence for every way in which the end is wrong
            index = self._piece(int(start), int(length), int(checksum, 16)).decode("utf-8")
            facts, _, rest = index.partition("\n")
            self._index = f"\n{rest}"
            self.facts: dict[str, Any] = json.loads(facts)
        except (ValueError, OSError) as error:  # OSError: it is shorter than a footer
            raise self.damaged("its end is missing or was changed") from error

    def __del__(self) -> None:
        """Close the file: a store stays open as long as anybody reads it."""
        self._file.close()

    def damaged(self, problem: str) -> StandardTextDamaged:
        """The error for a file that cannot be used."""
        return StandardTextDamaged(f"the text of the standard in {self._name} cannot be used: {problem}")

    def get(self, key: str) -> Any:
        """The record with this key, None if there is none.

        Raises:
            StandardTextDamaged: The record was changed.
        """
        found = self._index.find(f"\n{key}\t")
        if found < 0:
            return None
        _, start, length, checksum = self._index[found + 1 : self._index.find("\n", found + 1)].split("\t")
        try:
            return json.loads(self._piece(int(start), int(length), int(checksum, 16)))
        except ValueError as error:
            raise self.damaged(f"the record {key} was changed") from error

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that start so."""
        return (line.partition("\t")[0] for line in self._index.split("\n") if line.startswith(prefix))

    def _piece(self, start: int, length: int, checksum: int) -> bytes:
        with _ONE_READER:
            self._file.seek(start)
            piece = self._file.read(length)
        if len(piece) != length or zlib.crc32(piece) != checksum:
            raise ValueError("wrong checksum")
        return piece


class Compiled(NamedTuple):
    """A text ready to be kept: its facts, and a record by key."""

    facts: dict[str, Any]
    records: Mapping[str, Any]


def opened(path: str) -> Store:
    """The store in a file.

    Raises:
        OSError: The file cannot be read.
        StandardTextDamaged: It is not a store, or was cut or changed.
    """
    file = open(path, "rb")  # noqa: SIM115, PTH123 - read as long as the store lives; without pathlib
    try:
        return Store(path, file)
    except BaseException:
        file.close()
        raise


def encoded(compiled: Compiled) -> bytes:
    """The file of a compiled text."""
    return b"".join(_encoded(compiled))


def _encoded(compiled: Compiled) -> Iterable[bytes]:
    yield _MAGIC
    position, lines = len(_MAGIC), [json.dumps(compiled.facts, ensure_ascii=False)]
    for key, record in compiled.records.items():
        piece = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(f"{key}\t{position}\t{len(piece)}\t{zlib.crc32(piece):08x}")
        position += len(piece)
        yield piece
    index = ("\n".join(lines) + "\n").encode()
    yield index
    yield (_FOOTER % (position, len(index), zlib.crc32(index))).encode()


def write(path: str, content: bytes) -> None:
    """Put the content in place of the file, whole or not at all; only its owner may read it.

    Two processes may do this at once: each replaces the file by a whole one.

    Raises:
        OSError: The folder cannot be made or written.
    """
    from tagwise.atomic import neighbour  # noqa: PLC0415 - takes longer to load than a definition to read

    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120 - without pathlib
    with neighbour(path) as file:
        file.write(content)
