"""The page of a module: its attributes with their types, and the IODs that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tagwise.pages import definition_section
from tagwise.pages.naming import only
from tagwise.standard import dictionary, modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.pages.definition_section import DescriptionSection
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.modules import Depth, Usage
    from tagwise.standard.text.records import Description


class ModuleAttribute(NamedTuple):
    """An attribute of a module with its type and, for a sequence, the attributes inside as deep as was asked for.

    `inside` counts all attributes directly inside, listed or not.
    """

    attribute: Attribute
    type: str
    inside: int
    items: tuple[ModuleAttribute, ...]


@dataclass(frozen=True, slots=True)
class ModulePage:
    """Everything there is to say about one module.

    `attributes` goes down to `depth`; `counts` has the number of attributes for every rule of depth.
    `note` says why there are none, or what is missing.
    """

    module: str
    name: str
    edition: str
    depth: Depth
    counts: Mapping[Depth, int]
    attributes: tuple[ModuleAttribute, ...]
    iods: tuple[Usage, ...]
    note: str

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"module:{self.module}"

    @property
    def description(self) -> Description | None:
        """What PS3.3 says it is for, if a text of the standard is at hand; `str()` of it is plain text."""
        return self.description_section.description

    @property
    def description_section(self) -> DescriptionSection:
        """The description, or why there is none and how to get it; read when it is asked for.

        Raises:
            BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
            StandardTextDamaged: The text was changed.
        """
        return definition_section.of_thing("module", self.name)


def module(name: str, *, depth: Depth = "top") -> ModulePage:
    """The page of the module with this name or slug.

    >>> page = module("General Series")
    >>> page.module, page.attributes[0].attribute.keyword, page.attributes[0].type
    ('general-series', 'SeriesDate', '3')

    Args:
        name: In any case; spaces and punctuation do not matter.
        depth: How deep the attributes inside sequences are listed.

    Raises:
        UnknownName: There is no such module; `.nearest` lists close ones.
        StandardDataError: The tables of the standard are damaged.
    """
    found = only("module", name)
    listed = modules.items(found)
    return ModulePage(
        module=found,
        name=modules.names()[found],
        edition=modules.edition(),
        depth=depth,
        counts=_counts(found),
        attributes=tuple(_attributes(found, (), modules.DEEPEST[depth])),
        iods=modules.usages(found),
        note="" if listed else "its attributes are newer than the source of our module tables knows",
    )


def _attributes(module: str, path: tuple[str, ...], levels: int) -> Iterator[ModuleAttribute]:
    attributes = dictionary.by_keyword()
    for item in modules.items(module, path):
        inner = (*path, item.keyword)
        inside = len(modules.items(module, inner)) if item.items != modules.NO_LIST else 0
        items = tuple(_attributes(module, inner, levels - 1)) if inside and levels else ()
        yield ModuleAttribute(attributes[item.keyword], item.type, inside, items)


def _counts(module: str) -> Mapping[Depth, int]:
    """How many attributes the module has by each rule of depth: places, so one in two sequences counts twice."""
    sizes = modules.sizes(module)
    return {depth: sum(sizes[: deepest + 1]) for depth, deepest in modules.DEEPEST.items()}
