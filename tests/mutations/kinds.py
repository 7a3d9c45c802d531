"""A mutation: one kind of damage, the objects it is done to, and the check that must find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mutations.sound import MAKERS, Sound

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = tuple(MAKERS)
IMAGES = ("CT", "MR", "US", "MG", "PT", "CR", "SC", "enhanced CT")
"""Objects with native pixel data of 8 or 16 bits."""


@dataclass(frozen=True)
class Mutation:
    """One kind of damage.

    `damage` gives the bytes of the damaged object, or an object to be written. `check` must fire, and no check of
    medium or high severity besides it and those of `brings`. `undecided` says why its repair, where it has one, can do
    nothing here.
    """

    name: str
    check: str
    damage: Callable[[Sound], Sound | bytes]
    of: tuple[str, ...] = EVERY
    brings: frozenset[str] = frozenset()
    undecided: str = ""

    def __str__(self) -> str:
        return self.name

    def content(self, sound: Sound) -> bytes:
        """The bytes of an object after the damage."""
        damaged = self.damage(sound)
        return damaged.content() if isinstance(damaged, Sound) else damaged


class Mutations(list[Mutation]):
    """The mutations of one area, in the order of their file."""

    def add(
        self, name: str, check: str, *, of: tuple[str, ...] = EVERY, brings: tuple[str, ...] = (), undecided: str = ""
    ) -> Callable[[Callable[[Sound], Sound | bytes]], Callable[[Sound], Sound | bytes]]:
        """Make a mutation of the function below."""

        def add(damage: Callable[[Sound], Sound | bytes]) -> Callable[[Sound], Sound | bytes]:
            self.append(Mutation(name, check, damage, of, frozenset(brings), undecided))
            return damage

        return add

    def value(self, name: str, check: str, keyword: str, value: str | bytes, **more: object) -> None:
        """A mutation that gives an attribute another value, written exactly as given; text is padded."""
        self.add(name, check, **more)(lambda sound: sound.value(keyword, value))  # type: ignore[arg-type] # those of add
