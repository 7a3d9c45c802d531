"""What a source on the command line holds: one object, those of a folder, or the members of a container."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import SourceMissing
from tagwise.scanning.containers import whole
from tagwise.scanning.containers.member import INSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.errors import ReadError

_NAMED = 5
"""Members that a message names where one is not there."""


class Held(NamedTuple):
    """An object by its path, and its bytes, or why they cannot be had, where it is in a container."""

    path: str
    content: bytes | ReadError | None


def objects(source: str) -> Iterator[Held]:
    """The objects of a file, folder, container or path of a member, folders in the order of names.

    Raises:
        SourceMissing: The path of a member names none.
    """
    if os.path.isdir(source):  # noqa: PTH112 - paths are text from the command line and stay so
        for path in files(source):
            yield from objects_of(path)
    elif is_member(source):
        yield Held(source, member(source))
    else:
        yield from objects_of(source)


def is_member(path: str) -> bool:
    """Whether a path leads into a container; a file of that very name comes first."""
    return INSIDE in path and not os.path.lexists(path) and whole.is_container(path.partition(INSIDE)[0])


def member(path: str) -> bytes | ReadError:
    """The bytes of a member, or why they cannot be had. The container is gone through up to it.

    Raises:
        SourceMissing: The container has no such member.
    """
    container, _, name = path.partition(INSIDE)
    names: list[str] = []
    for one in whole.members(container, name):
        if one.name == name or not one.name:
            return one.content
        if len(names) < _NAMED:
            names.append(one.name)
    raise SourceMissing(
        f"there is no member {name!r} in {container!r}", hint=f"It has, for example: {', '.join(names) or 'nothing'}"
    )


def objects_of(path: str) -> Iterator[Held]:
    """The one object of a file, or the members of a container."""
    if not whole.is_container(path):
        yield Held(path, None)
        return
    for one in whole.members(path):
        yield Held(path + INSIDE + one.name if one.name else path, one.content)


def files(source: str) -> Iterator[str]:
    """The files of the folder and below it, in the order of their names."""
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)  # noqa: PTH118 - paths are text from the command line and stay so
