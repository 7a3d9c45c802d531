"""The page of a private creator: the elements that people have found in its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.standard import private, tables

if TYPE_CHECKING:
    from tagwise.standard.private import PrivateElement


@dataclass(frozen=True, slots=True)
class PrivatePage:
    """The private elements of one creator. No standard says so: vendors may change a block with any release."""

    creator: str
    elements: tuple[PrivateElement, ...]
    sources: str

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"private:{self.creator}"


def private_creator(name: str) -> PrivatePage:
    """The page of the private creator with this name.

    >>> private_creator("GEMS_IDEN_01").elements[1].name
    'Full fidelity'

    Args:
        name: As it stands in the object; case and blanks at the ends do not matter.

    Raises:
        UnknownName: No elements of such a creator are known; `.nearest` lists close ones.
        StandardDataError: The table is damaged.
    """
    found = private.elements(name)
    return PrivatePage(found[0].creator, found, tables.facts(private.FILE)["sources"])
