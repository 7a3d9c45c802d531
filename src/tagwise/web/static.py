"""The style, scripts and pictures of the pages: a few files in the folder `assets`, each named by its content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
"""The media type by the ending of a file."""


@cache
def files() -> Mapping[str, bytes]:
    """Every file of the folder, by name: nothing else can be asked for."""
    folder = resources.files("tagwise.web").joinpath("assets")
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in TYPES}


@cache
def fingerprint(name: str) -> str:
    """A short text that changes with the content of a file.

    Raises:
        KeyError: There is no such file.
    """
    return hashlib.blake2b(files()[name], digest_size=6).hexdigest()


def address(name: str) -> str:
    """The address of a file with its fingerprint: a browser that has it never asks again.

    >>> address("tagwise.css").partition("=")[0]
    '/static/tagwise.css?v'

    Raises:
        KeyError: There is no such file.
    """
    return f"/static/{name}?v={fingerprint(name)}"
