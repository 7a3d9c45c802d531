"""What the DICOM listener of Mirth Connect and Open Integration Engine accepts: on pages of UIDs, and as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import oie
from tagwise.pages.layout import INDENT, columns, fact, wrap
from tagwise.standard import uids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.oie import Accepted
    from tagwise.pages.layout import Ink

NAME = "Mirth Connect and Open Integration Engine"
_NEGOTIATION = (
    "The listener decides when the association is negotiated: the sender sees a rejected presentation context."
)
_DEFAULT = "This is the default of the DICOM Listener."


class ListenerSection(NamedTuple):
    """Whether the listener takes a SOP class or transfer syntax by default, and the code that says so."""

    accepts: bool
    source: Source


def of(uid: str) -> ListenerSection:
    """Whether the listener takes this SOP class or transfer syntax.

    >>> of("1.2.840.10008.1.2.4.50").accepts, of("1.2.840.10008.1.2.4.201").accepts
    (True, False)

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return ListenerSection(oie.accepts(uid), oie.source())


def lines(uid: str, width: int, ink: Ink) -> Iterator[str]:
    """Yes or no, what follows from it, and the source with its date."""
    found = of(uid)
    yield ink(NAME, "bold")
    says = "yes, unless it is set up otherwise" if found.accepts else "no, unless it is set up otherwise"
    yield from fact("Accepts", says, width, ink)
    if not found.accepts:
        yield from fact("So", "the association is made without it; the sender cannot send such objects", width, ink)
    yield from _origin(found.source, width, ink)


def _origin(source: Source, width: int, ink: Ink) -> Iterator[str]:
    yield from (ink(line, "dim") for line in wrap(f"From the code of its listener, {source.when}:", width, INDENT))
    yield ink(f"{INDENT}{source.url}", "dim")


def document(uid: str) -> dict[str, Any]:
    """`oie_listener`: `accepts`, `source` (`url`, `dated`, `taken`)."""
    found = of(uid)
    return {"oie_listener": {"accepts": found.accepts, "source": _source_document(found.source)}}


def list_text(width: int, *, ink: Ink) -> str:
    """Everything that the listener accepts, SOP classes first, as lines joined to one text."""
    return "\n".join(line.rstrip() for line in _list_lines(width, ink))


def _list_lines(width: int, ink: Ink) -> Iterator[str]:
    yield from (ink(line, "bold") for line in wrap(f"What the DICOM listener of {NAME} accepts", width))
    for kind, heading in (("SOP class", "SOP classes"), ("transfer syntax", "Transfer syntaxes")):
        found = [one for one in oie.accepted() if one.kind == kind]
        yield ""
        yield ink(f"{heading} ({len(found)})", "bold")
        yield from columns(((one.uid or "-", _named(one)) for one in found), width, INDENT)
    yield ""
    yield from wrap(_DEFAULT, width)
    yield from _origin(oie.source(), width, ink)


def _named(one: Accepted) -> str:
    name = uids.by_uid()[one.uid].name if one.uid in uids.by_uid() else one.name_in_source
    return f"{name} ({one.says})" if one.says else name


def list_document() -> dict[str, Any]:
    """`kind` ("oie"), `source`, `rows` (list of `kind`, `uid`, `keyword`, `name`, `name_in_source`, `says`)."""
    rows = [{**one._asdict(), "name": _named(one._replace(says=""))} for one in oie.accepted()]
    return {"kind": "oie", "source": _source_document(oie.source()), "rows": rows}


def _source_document(source: Source) -> dict[str, str]:
    return {"url": source.url, "dated": source.dated, "taken": source.taken}
