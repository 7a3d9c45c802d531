"""The page of a VR: its rule, and the attributes that have it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.pages.naming import only
from tagwise.standard import dictionary, modules, vrs

if TYPE_CHECKING:
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.vrs import ValueRepresentation

_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class VrPage:
    """Everything there is to say about one VR.

    `current` and `retired` count its attributes, those included where the standard leaves a choice (`choices`).
    `examples` are the attributes that most lists of attributes in the standard have.
    """

    rule: ValueRepresentation
    current: int
    retired: int
    choices: tuple[str, ...]
    examples: tuple[Attribute, ...]
    edition: str
    dictionary_edition: str

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"vr:{self.rule.vr}"


def vr(name: str) -> VrPage:
    """The page of the VR with these two letters or this name.

    >>> page = vr("UI")
    >>> page.rule.name, page.rule.extent, page.examples[0].keyword
    ('Unique Identifier', 'at most 64 bytes', 'ReferencedSOPClassUID')

    Args:
        name: In any case.

    Raises:
        UnknownName: There is no such VR; `.nearest` lists close ones.
        StandardDataError: The tables of the standard are damaged.
    """
    found = only("vr", name)
    having = dictionary.with_vr(found)
    current = [keyword for keyword, _, retired in having if not retired]
    placed = Counter(modules.placed_keywords())
    frequent = sorted((keyword for keyword in current if keyword), key=lambda keyword: -placed[keyword])
    return VrPage(
        rule=vrs.by_vr()[found],
        current=len(current),
        retired=len(having) - len(current),
        choices=tuple(sorted({written for _, written, _ in having if written != found})),
        examples=tuple(dictionary.by_keyword()[keyword] for keyword in frequent[:_EXAMPLES]),
        edition=vrs.edition(),
        dictionary_edition=dictionary.edition(),
    )
