"""What an IOD is made of: its modules, and the SOP classes that use it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.errors import UnknownName
from tagwise.standard import modules, tables
from tagwise.standard.modules import Usage
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _usages() -> Mapping[str, tuple[Usage, ...]]:
    named = modules.iod_names()
    found: dict[str, list[Usage]] = {}
    for iod, ie, module, usage in tables.rows("iod_modules.tsv", ("iod", "ie", "module", "usage")):
        found.setdefault(iod, []).append(Usage(iod, named[iod], ie, module, usage))
    return {iod: tuple(usages) for iod, usages in found.items()}


def modules_of(iod: str) -> tuple[Usage, ...]:
    """The modules of an IOD in the order of the standard, by information entity.

    >>> [use.module for use in modules_of("ct-image")][:2]
    ['patient', 'clinical-trial-subject']

    Raises:
        UnknownName: There is no such IOD.
        StandardDataError: A table is missing or damaged.
    """
    if iod not in modules.iod_names():
        raise UnknownName(iod, closest(iod, modules.iod_names(), 5))
    return _usages().get(iod, ())


def sop_classes_of(iod: str) -> tuple[str, ...]:
    """The UIDs of the storage SOP classes whose instances follow the IOD.

    >>> sop_classes_of("ct-image")
    ('1.2.840.10008.5.1.4.1.1.2',)

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    return tuple(uid for uid, followed in modules.iod_of_sop_class().items() if followed == iod)
