"""Every kind of source that an audit can read, and which one a SOURCE on the command line is."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, cast

from tagwise.errors import UnknownName
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from tagwise.sources import Kind, Source

_MODULES = (
    "files_index",
    "parquet_folder",
    "bigquery",
    "idc_index",
    "azure_sql",
    "healthimaging",
    "rows_file",
    "postgresql",
    "orthanc",
    "dcm4chee",
    "qido",
)
"""The modules of this package that have a KIND, in the order in which they are asked whether a SOURCE is theirs."""


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    found = [cast("Kind", importlib.import_module(f"tagwise.sources.{name}").KIND) for name in _MODULES]
    return {kind.name: kind for kind in found}


def kind(name: str) -> Kind:
    """The kind with this name.

    Raises:
        UnknownName: There is none; `.nearest` has close ones.
    """
    try:
        return kinds()[name.casefold()]
    except KeyError:
        raise UnknownName(name, nearest=tuple(closest(name.casefold(), kinds(), 3))) from None


def opened(source: str) -> Source | None:
    """The source that a SOURCE names; None where no kind claims it, as a folder."""
    return next((kind.opened(source) for kind in kinds().values() if kind.claims(source)), None)
