"""Lists of everything of one kind: rows that come one by one, so that the first is printed before the last is made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from tagwise.errors import UnknownName, UsageError
from tagwise.knowledge import mirth
from tagwise.pages import catalogue
from tagwise.pages.layout import wrap
from tagwise.pages.naming import only
from tagwise.standard import dictionary, iods, modules, private, tables, transfer_syntaxes, uids, vrs
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagwise.pages.layout import Ink

ListKind = Literal[
    "attributes", "modules", "iods", "sop-classes", "transfer-syntaxes", "uids", "vrs", "checks", "private", "mirth"
]
"""What can be listed; `private` lists creators, or the elements of one, `mirth` the attributes that have an example."""

LIST_KINDS: tuple[ListKind, ...] = (
    *("attributes", "modules", "iods", "sop-classes", "transfer-syntaxes", "uids", "vrs", "checks", "private", "mirth"),
)
Row = dict[str, str | int | bool]


class Filters(NamedTuple):
    """What to leave out: `retired` True keeps retired ones only, False current ones only."""

    retired: bool | None = None
    vr: str = ""
    module: str = ""
    creator: str = ""


class Column(NamedTuple):
    """A column of the text: the key of the row, its heading and its width. The last one takes what is left."""

    key: str
    heading: str
    width: int


class Listing(NamedTuple):
    """A list: its kind, its columns for text, its rows, and what they are called in the singular."""

    kind: ListKind
    noun: str
    edition: str
    columns: tuple[Column, ...]
    rows: Iterator[Row]


_KEPT: Mapping[str, tuple[ListKind, ...]] = {
    "retired": ("attributes", "sop-classes", "transfer-syntaxes", "uids"),
    "vr": ("attributes", "private"),
    "module": ("attributes",),
    "creator": ("private",),
}


def listing(kind: ListKind, filters: Filters = Filters()) -> Listing:  # noqa: B008 - named tuples do not change
    """Everything of one kind, in the order of tags, UIDs or names.

    >>> [row["keyword"] for row in listing("attributes", Filters(module="frame-of-reference")).rows]
    ['FrameOfReferenceUID', 'PositionReferenceIndicator']

    Raises:
        UsageError: A filter does not fit the kind.
        UnknownName: There is no such VR, module or creator.
        StandardDataError: A table is missing or damaged.
    """
    for name, value in filters._asdict().items():
        if value not in (None, "") and kind not in _KEPT[name]:
            raise UsageError(f"a list of {kind} cannot be filtered by {name}", hint=f"{name}: {', '.join(_KEPT[name])}")
    if filters.vr:
        filters = filters._replace(vr=only("vr", filters.vr))
    return _LISTINGS[kind](filters)


def _attributes(filters: Filters) -> Listing:
    types = _types(filters.module) if filters.module else None
    columns = (
        Column("tag", "Tag", 11),
        *((Column("type", "Type", 4),) if types is not None else ()),
        Column("vr", "VR", 8),
        Column("status", "", 1),
        Column("keyword", "Keyword (R: retired)", 0),
    )
    return Listing("attributes", "attribute", dictionary.edition(), columns, _attribute_rows(filters, types))


def _types(module: str) -> Mapping[str, str]:
    """The type of each attribute at the top level of a module."""
    return {item.keyword: item.type for item in modules.items(only("module", module))}


def _attribute_rows(filters: Filters, types: Mapping[str, str] | None) -> Iterator[Row]:
    for one in dictionary.all_attributes():
        fits_vr = not filters.vr or filters.vr in one.vr.split(" or ")
        if (
            not fits_vr
            or filters.retired not in (None, one.retired)
            or (types is not None and one.keyword not in types)
        ):
            continue
        row: Row = {"tag": one.tag, "keyword": one.keyword, "name": one.name, "vr": one.vr, "vm": one.vm}
        if types is not None:
            row["type"] = types[one.keyword]
        yield {**row, "retired": one.retired}


def _modules(_: Filters) -> Listing:
    columns = (Column("iods", "IODs", 4), Column("name", "Module", 0))
    rows: Iterator[Row] = (
        {"module": module, "name": name, "iods": len({use.iod for use in modules.usages(module)})}
        for module, name in modules.names().items()
    )
    return Listing("modules", "module", modules.edition(), columns, rows)


def _iods(_: Filters) -> Listing:
    columns = (Column("modules", "Modules", 7), Column("sop_classes", "SOP classes", 11), Column("name", "IOD", 0))
    rows: Iterator[Row] = (
        {
            "iod": iod,
            "name": name,
            "modules": len(iods.modules_of(iod)),
            "sop_classes": len(iods.sop_classes_of(iod)),
        }
        for iod, name in modules.iod_names().items()
    )
    return Listing("iods", "IOD", modules.edition(), columns, rows)


_UID_COLUMNS = (Column("uid", "UID", 31), Column("status", "", 1), Column("name", "Name (R: retired)", 0))


def _uid_rows(filters: Filters, kind: str) -> Iterator[Row]:
    for one in uids.by_uid().values():
        if kind in one.kind and filters.retired in (None, one.retired):
            yield {"uid": one.uid, "keyword": one.keyword, "name": one.name, "type": one.kind, "retired": one.retired}


def _uids(filters: Filters) -> Listing:
    return Listing("uids", "UID", tables.facts(uids.FILE)["edition"], _UID_COLUMNS, _uid_rows(filters, ""))


def _sop_classes(filters: Filters) -> Listing:
    followed = modules.iod_of_sop_class()
    rows: Iterator[Row] = ({**row, "iod": followed.get(str(row["uid"]), "")} for row in _uid_rows(filters, "SOP Class"))
    return Listing("sop-classes", "SOP class", tables.facts(uids.FILE)["edition"], _UID_COLUMNS, rows)


def _transfer_syntaxes(filters: Filters) -> Listing:
    encodings = transfer_syntaxes.by_uid()
    rows: Iterator[Row] = (
        {**row, **{key: value for key, value in encodings[str(row["uid"])]._asdict().items() if key != "uid"}}
        for row in _uid_rows(filters, "Transfer Syntax")
    )
    columns = (
        *(Column("uid", "UID", 25), Column("loss", "Loss", 12)),
        *(Column("status", "", 1), Column("name", "Name (R: retired)", 0)),
    )
    edition = tables.facts(uids.FILE)["edition"]
    return Listing("transfer-syntaxes", "transfer syntax", edition, columns, rows)


def _vrs(_: Filters) -> Listing:
    columns = (Column("vr", "VR", 2), Column("extent", "Length", 33), Column("name", "Name", 0))
    rows: Iterator[Row] = (
        {"vr": vr, "name": rule.name, "kind": rule.kind, "extent": rule.extent, "padding": rule.padding}
        for vr, rule in vrs.by_vr().items()
    )
    return Listing("vrs", "VR", vrs.edition(), columns, rows)


def _checks(_: Filters) -> Listing:
    columns = (Column("severity", "Severity", 8), Column("name", "Check", 0))
    rows: Iterator[Row] = (
        {"name": check.name, "title": check.title, "severity": check.severity} for check in catalogue.checks()
    )
    return Listing("checks", "check", "", columns, rows)


def _private(filters: Filters) -> Listing:
    edition = tables.facts(private.FILE)["edition"]
    if not filters.creator and not filters.vr:
        rows: Iterator[Row] = (
            {"creator": creator, "elements": len(private.elements(creator))} for creator in private.creators()
        )
        columns = (Column("elements", "Elements", 8), Column("creator", "Creator", 0))
        return Listing("private", "creator", edition, columns, rows)
    wanted = _creators(filters.creator) if filters.creator else private.creators()
    found = (
        one for creator in wanted for one in private.elements(creator) if filters.vr in ("", *one.vr.split(" or "))
    )
    columns = (
        *(Column("tag", "Tag", 11), Column("vr", "VR", 8), Column("vm", "VM", 5)),
        *(
            (Column("name", "Name", 0),)
            if len(wanted) == 1
            else (Column("name", "Name", 26), Column("creator", "Creator", 0))
        ),
    )
    return Listing("private", "element", edition, columns, (one._asdict() for one in found))


def _mirth(_: Filters) -> Listing:
    columns = (Column("keyword", "Attribute", 32), Column("goal", "Goal", 17), Column("title", "Example", 0))
    return Listing("mirth", "example", "", columns, (one._asdict() for one in mirth.listed()))


def _creators(name: str) -> tuple[str, ...]:
    """The creator with this name, or all creators whose name starts so.

    Raises:
        UnknownName: There is none.
    """
    if private.known(name):
        return (private.elements(name)[0].creator,)
    starting = tuple(one for one in private.creators() if one.lower().startswith(name.strip().lower()))
    if not starting:
        raise UnknownName(name[:200], closest(name, private.creators(), 5))
    return starting


_LISTINGS = {
    "attributes": _attributes,
    "modules": _modules,
    "iods": _iods,
    "sop-classes": _sop_classes,
    "transfer-syntaxes": _transfer_syntaxes,
    "uids": _uids,
    "vrs": _vrs,
    "checks": _checks,
    "private": _private,
    "mirth": _mirth,
}


def lines(shown: Listing, ink: Ink, width: int = 0) -> Iterator[str]:
    """A list as aligned lines, with a heading, each made when it is asked for.

    Columns have fixed widths, so that nothing waits for the longest cell. A longer cell pushes the rest of its line.

    Args:
        width: The last column wraps there; 0 leaves every row in one line, as other programs want it.
    """
    yield ink(_row(shown.columns, {column.key: column.heading for column in shown.columns}, 0)[0], "dim")
    for row in shown.rows:
        yield from _row(shown.columns, {**row, "status": "R" if row.get("retired") else ""}, width)


def _row(columns: Sequence[Column], row: Mapping[str, object], width: int) -> list[str]:
    cells = [str(row[column.key]).replace(" or ", "/").ljust(column.width) for column in columns[:-1]]
    start = "  ".join([*cells, ""])
    last = str(row[columns[-1].key])
    if width and len(start) + len(last) > width:
        return wrap(last, width, start)
    return [(start + last).rstrip()]


def json_lines(shown: Listing) -> Iterator[str]:
    """A list as JSON, one row in a line, each made when it is asked for."""
    yield f'{{"kind": {json.dumps(shown.kind)}, "edition": {json.dumps(shown.edition)}, "rows": ['
    before = ""
    for row in shown.rows:
        if before:
            yield f"{before},"
        before = json.dumps(row, ensure_ascii=False)
    yield f"{before}\n]}}" if before else "]}"


def footer(shown: Listing) -> str:
    """How to go on from a list."""
    return f"tagwise {'list private CREATOR lists elements' if shown.noun == 'creator' else 'show NAME opens a page'}."
