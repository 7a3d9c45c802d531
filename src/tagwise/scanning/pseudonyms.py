"""Pseudonyms: keyed hashes (HMAC-SHA-256) in the place of what leads to a patient, before a row reaches the disk.

Who has the key can tell whether a guessed value is the one behind a pseudonym; who has not cannot even try. Equal
values have equal pseudonyms, so checks that compare find what they find in the clear.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from tagwise.errors import KeyRefused
from tagwise.printable import printable
from tagwise.scanning.treatments import REFERENCED_UIDS, STANDARD_ROOT, Kept, Treatment, has_two_parts, treatment

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_BYTES = 16
"""Of a hash: 128 bits. Among 10^9 values the chance that any two share them is about 10^-21."""

_PATH_BYTES = 12
"""Of a hash of one component of a path: files of one folder only must not share it."""

_LEAST_KEY = 32
_MOST_KEY = 4096
_FINGERPRINT = b"tagwise key fingerprint"
_MAKE_KEY = "Make one: (umask 077; openssl rand -hex 32 > KEYFILE). Keep it as long as the index."
_MOST_FOLDERS = 10_000
_FILE_COLUMNS = frozenset({"file_size", "file_modified", "read_error"})
_FILE_FACTS = {"file_path": Kept.UID, "header_digest": Kept.UID}
"""Columns that are no attributes and lead to an object as its UIDs do."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What an index holds of patients.

    Args:
        pseudonyms: The key, or None where values are not replaced.
        patient_values: Whether the attributes that describe patients, orders and institutions are there at all.
    """

    pseudonyms: Pseudonyms | None = None
    patient_values: bool = True

    @classmethod
    def wanted(cls, key_file: str | None, *, patient_values: bool) -> Self:
        """Privacy as settings ask for it.

        Raises:
            KeyRefused: The key file is missing, open to others, or too short.
        """
        return cls(None if key_file is None else Pseudonyms(read_key(key_file)), patient_values)

    @property
    def mode(self) -> str:
        """What the index says about itself."""
        return mode(pseudonyms=self.pseudonyms is not None, patient_values=self.patient_values)

    @property
    def is_clear(self) -> bool:
        """Whether rows are written as they were read."""
        return self.pseudonyms is None and self.patient_values

    def path(self, path: str) -> str:
        """A path as it may be written."""
        return path if self.pseudonyms is None else self.pseudonyms.path(path)

    def seal(self, path: str) -> str | None:
        """What this scan alone can read a path from again; None where the path itself is written."""
        return None if self.pseudonyms is None else self.pseudonyms.seal(path)

    def unseal(self, sealed: str) -> str:
        """The path of a file to read, from `seal`, or from itself where it was written."""
        return sealed if self.pseudonyms is None else self.pseudonyms.unseal(sealed)

    def rows(self, rows: pa.Table) -> pa.Table:
        """Rows of `instances` as they may be written."""
        if self.is_clear:
            return rows
        for place, name in enumerate(rows.column_names):
            change = self._change(name)
            if change is not None:
                rows = rows.set_column(place, name, _each(rows.column(place), change))
        return rows

    def references(self, rows: pa.Table) -> pa.Table:
        """Rows of `referenced_objects` as they may be written."""
        if self.pseudonyms is None:
            return rows
        for place, name in enumerate(rows.column_names):
            if name in REFERENCED_UIDS or name == "file_path":
                change = self.pseudonyms.path if name == "file_path" else self.pseudonyms.uid
                rows = rows.set_column(place, name, _each(rows.column(place), change))
        return rows

    def _change(self, name: str) -> Callable[[str], str | None] | None:
        """What becomes of the values of a column; None where they stay."""
        keyed = self.pseudonyms
        if name in _FILE_COLUMNS:
            return None
        if name == "header_digest" and keyed is None:
            # Without a key, a digest would let anybody who has most of a header find the rest by trying.
            return _nothing
        kept = _FILE_FACTS.get(name) or treatment(name).kept
        if kept is Kept.NOTHING or (kept in {Kept.TEXT, Kept.NAME} and not (keyed and self.patient_values)):
            return _nothing
        if kept is Kept.AS_IS or keyed is None:
            return None
        changes = {"file_path": keyed.path, "header_digest": keyed.digest}
        return changes.get(name) or (keyed.uid if kept is Kept.UID else keyed.of(name, treatment(name)))


CLEAR = Privacy()
"""Every value as it stands in the object."""


def mode(*, pseudonyms: bool, patient_values: bool) -> str:
    """The words for what an index holds.

    >>> mode(pseudonyms=True, patient_values=True), mode(pseudonyms=False, patient_values=True)
    ('pseudonyms', 'clear')
    """
    words = ["pseudonyms"] if pseudonyms else []
    words += [] if patient_values else ["no patient values"]
    return ", ".join(words) or "clear"


class Pseudonyms:
    """Makes pseudonyms with one key. Nothing here shows the key, nor does `repr`."""

    __slots__ = ("_folders", "_key", "_session")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._session = secrets.token_bytes(32)
        self._folders: dict[str, str] = {}

    @property
    def fingerprint(self) -> str:
        """What tells that a later scan has the same key: a keyed hash of a constant, 32 hexadecimal digits."""
        return self._hash(_FINGERPRINT, "").hex()

    def of(self, keyword: str, how: Treatment) -> Callable[[str], str]:
        """What makes the pseudonym of a value of this attribute."""
        one = self._name if how.kept is Kept.NAME else self._text
        return lambda value: one(keyword, how, value)

    def uid(self, value: str) -> str:
        """The pseudonym of a UID: one below 2.25 (PS3.5 B.2), the same in every attribute."""
        uid = value.strip(" \0")
        if not uid or uid.startswith(STANDARD_ROOT):
            return uid
        return f"2.25.{int.from_bytes(self._hash(b'uid', uid))}"

    def digest(self, value: str) -> str:
        """The pseudonym of a header digest."""
        return self._hash(b"header_digest", value).hex()

    def path(self, shown: str) -> str:
        """The pseudonym of a path, component by component: what lies below one folder stays below one folder."""
        scheme = _SCHEME.match(shown)
        head = scheme[0] if scheme else ""
        folder, slash, name = shown[len(head) :].rpartition("/")
        return f"{head}{self._folder(folder)}{slash}{self._component(name)}"

    def _folder(self, folder: str) -> str:
        known = self._folders.get(folder)
        if known is None:
            if len(self._folders) >= _MOST_FOLDERS:
                self._folders.clear()
            known = self._folders[folder] = "/".join(map(self._component, folder.split("/")))
        return known

    def seal(self, shown: str) -> str:
        """The path such that only this object can read it again: the list of files lies on the disk during a scan."""
        plain = shown.encode()
        nonce = self._hash(b"path", shown)
        return (nonce + self._hidden(nonce, plain)).hex()

    def unseal(self, sealed: str) -> str:
        """The path that was sealed."""
        both = bytes.fromhex(sealed)
        return self._hidden(both[:_BYTES], both[_BYTES:]).decode()

    def _hidden(self, nonce: bytes, text: bytes) -> bytes:
        """XOR with a stream that no two paths share: SHAKE256 of a key that lives as long as the scan, and a nonce."""
        stream = hashlib.shake_256(self._session + nonce).digest(len(text))
        return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))

    def _component(self, name: str) -> str:
        if not name or name in {".", ".."}:
            return name
        container = name.endswith("!")  # what follows is inside this file
        mark = urlsafe_b64encode(
            self._hash(b"path component", name.removesuffix("!") if container else name)[:_PATH_BYTES]
        )
        return mark.decode() + ("!" if container else "")

    def _text(self, keyword: str, how: Treatment, value: str) -> str:
        text = value.strip(" \0")
        heart = how.heart(text)
        if not heart or how.stays(text):  # nothing but separators, or a word that names nobody
            return text
        letters = self._letters(keyword, heart)
        if keyword == "PatientBirthDate":
            return letters + ("0101" if heart.endswith("0101") else "")
        return letters if heart == text else self._spelled(keyword, letters, text)

    def _name(self, keyword: str, how: Treatment, value: str) -> str:
        """The pseudonym of a name: of its first group, and after an equals sign of the whole, if it has further ones.

        A caret in the middle says that there is one in the name, with something on both sides.
        """
        text = value.strip(" \0")
        whole = how.heart(text)
        if not whole:
            return text
        group = whole.partition("=")[0].rstrip("^ ")
        made = self._parted(self._letters(keyword, group), group) if group else ""
        if "=" in whole:
            made += "=" + self._parted(self._letters(keyword + "=", whole), whole)
        return made if whole == text else self._spelled(keyword, made, text)

    @staticmethod
    def _parted(letters: str, name: str) -> str:
        half = len(letters) // 2
        return f"{letters[:half]}^{letters[half:]}" if has_two_parts(name) else letters

    def _letters(self, keyword: str, heart: str) -> str:
        """26 capitals and digits from 2 to 7, which survive whatever SQL of a check does to a value."""
        return b32encode(self._hash(keyword.encode(), heart)).decode().rstrip("=")

    def _spelled(self, keyword: str, letters: str, text: str) -> str:
        """Another spelling of the same value: some letters small, so that it differs, and is equal in capitals."""
        bits = int.from_bytes(self._hash(b"spelling " + keyword.encode(), text))
        return "".join(
            letter.lower() if bits >> place & 1 else letter for place, letter in enumerate(letters)
        )  # about 20 letters: one of a million pairs of spellings is taken for one

    def _hash(self, domain: bytes, text: str) -> bytes:
        return hmac.digest(self._key, domain + b"\0" + text.encode(), "sha256")[:_BYTES]


_SCHEME = re.compile(r"[a-z0-9+.-]+://")
"""What the paths of objects in stores begin with, and `file:` URIs."""


def _nothing(_: str) -> None:
    return None


def _each(column: pa.ChunkedArray, change: Callable[[str], str | None]) -> pa.Array:
    """The column with each of its values changed; those of patients, studies and series are asked for once."""
    if change is _nothing:
        return pa.nulls(len(column), pa.string())
    encoded = column.combine_chunks().dictionary_encode()
    made = pa.array([None if value is None else change(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return made.take(encoded.indices)


def read_key(path: str) -> bytes:
    """The key in a file: its bytes without white space at the ends.

    Raises:
        KeyRefused: There is no such file, others may read it, or it is too short to be a key.
    """
    name = printable(path)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        raise KeyRefused(f"the key file '{name}' cannot be read: {why}", hint=_MAKE_KEY) from error
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise KeyRefused(f"the key file '{name}' is not a regular file", hint=_MAKE_KEY)
        if status.st_mode & 0o077:
            allowed = stat.S_IMODE(status.st_mode)
            raise KeyRefused(
                f"the key file '{name}' can be used by others: its mode is {allowed:04o}",
                hint=f"chmod 600 {name}. Whoever has read it can undo the pseudonyms by guessing: then make another.",
            )
        key = file.read(_MOST_KEY + 1).strip()
    if not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise KeyRefused(
            f"the key file '{name}' has {len(key)} bytes, but a key has {_LEAST_KEY} to {_MOST_KEY}", hint=_MAKE_KEY
        )
    return key
