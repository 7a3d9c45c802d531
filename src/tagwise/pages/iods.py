"""The page of an IOD: its modules by information entity, and the SOP classes that use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.pages import definition_section
from tagwise.pages.naming import only
from tagwise.standard import iods, modules, uids

if TYPE_CHECKING:
    from tagwise.pages.definition_section import DescriptionSection
    from tagwise.standard.modules import Usage
    from tagwise.standard.text.records import Description
    from tagwise.standard.uids import Uid


@dataclass(frozen=True, slots=True)
class IodPage:
    """Everything there is to say about one IOD: `modules` in the order of the standard, so entities stay together."""

    iod: str
    name: str
    edition: str
    modules: tuple[Usage, ...]
    sop_classes: tuple[Uid, ...]

    @property
    def words(self) -> str:
        """What finds this page and no other."""
        return f"iod:{self.iod}"

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
        return definition_section.of_thing("iod", self.name)


def iod(name: str) -> IodPage:
    """The page of the IOD with this name or slug.

    >>> page = iod("CT Image")
    >>> page.iod, page.modules[0].module, page.modules[0].usage, page.sop_classes[0].name
    ('ct-image', 'patient', 'M', 'CT Image Storage')

    Args:
        name: In any case; spaces and punctuation do not matter.

    Raises:
        UnknownName: There is no such IOD; `.nearest` lists close ones.
        StandardDataError: The tables of the standard are damaged.
    """
    found = only("iod", name)
    return IodPage(
        iod=found,
        name=modules.iod_names()[found],
        edition=modules.edition(),
        modules=iods.modules_of(found),
        sop_classes=tuple(uids.by_uid()[uid] for uid in iods.sop_classes_of(found)),
    )
