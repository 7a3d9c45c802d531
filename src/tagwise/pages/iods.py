"""The page of an IOD: its modules by information entity, and the SOP classes that use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.pages.naming import only
from tagwise.standard import iods, modules, uids

if TYPE_CHECKING:
    from tagwise.standard.modules import Usage
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
