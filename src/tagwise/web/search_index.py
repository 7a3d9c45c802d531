"""The index of the search as a script, for sites without a server: `assets/static-search.js` searches in it."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING

from tagwise.pages.word_index import index
from tagwise.web import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.pages.naming import Kind
    from tagwise.pages.word_index import Entry

_LETTERS: Mapping[Kind, str] = {
    "attribute": "a",
    "check": "c",
    "iod": "i",
    "module": "m",
    "sop-class": "s",
    "transfer-syntax": "t",
    "uid": "u",
    "vr": "v",
}
_ROOT = "1.2.840.10008."
_NOT_IN_KEYWORDS = re.compile(r"[^A-Za-z0-9]")


@cache
def script() -> str:
    """Everything that can be found, best first, as one assignment: columns with a line for each entry.

    `kinds` has one letter for each entry, a capital one for what is retired. What can be derived is left out: brackets
    and comma of tags, the root of DICOM UIDs, keywords that are names without blanks.
    """
    entries = index().entries
    columns = {
        "folders": {letter: [kind, addresses.FOLDERS[kind]] for kind, letter in _LETTERS.items()},
        "kinds": "".join(_LETTERS[one.kind].upper() if one.retired else _LETTERS[one.kind] for one in entries),
        "labels": "\n".join(_label(one) for one in entries),
        "names": "\n".join(one.name for one in entries),
        "keywords": "\n".join(_keyword(one) for one in entries),
    }
    return f"window.tagwiseIndex = {json.dumps(columns, ensure_ascii=False, separators=(',', ':'))};\n"


def fingerprint() -> str:
    """A short text that changes with the index: a browser that has it never asks again."""
    return hashlib.blake2b(script().encode(), digest_size=6).hexdigest()


def _label(entry: Entry) -> str:
    if entry.kind == "attribute":
        return entry.label[1:5] + entry.label[6:10]
    return entry.label[len(_ROOT) - 1 :] if entry.label.startswith(_ROOT) else entry.label


def _keyword(entry: Entry) -> str:
    """The keyword of an attribute where it is not the name without blanks; `-` for none."""
    if entry.kind != "attribute":
        return ""
    if entry.words == entry.label:
        return "-"
    derived = _NOT_IN_KEYWORDS.sub("", entry.name.replace("'s", ""))
    return "" if derived == entry.words else entry.words
