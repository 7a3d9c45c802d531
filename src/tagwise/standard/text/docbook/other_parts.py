"""What is taken from the other parts: facts to compare with our tables, and the names of context groups.

PS3.4: SOP classes of table B.5-1. PS3.6: the registry of attributes and of UIDs. PS3.15: the attributes of table E.1-1.
PS3.16: numbers and names of context groups, which definitions refer to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tagwise.standard import deidentification, dictionary, uids
from tagwise.standard.text import records
from tagwise.standard.text.docbook import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tagwise.standard.text.docbook.outline import Outline
    from tagwise.standard.text.nodes import Node

_TAG = re.compile(r"\(([0-9A-Fa-fxX]{4}),([0-9A-Fa-fxX]{4})\)")
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_ATTRIBUTES = ("table_6-1", "table_7-1", "table_8-1", "table_9-1")
_GROUP = re.compile(r"sect_CID_(\d+[a-z]?)")


def rows(outline: Outline, tables: Iterable[str]) -> Iterator[list[str]]:
    """The rows of some tables, as the texts of their cells.

    Raises:
        StandardFilesWrong: The file is damaged.
    """
    wanted, found = frozenset(tables), []

    def end(node: Node) -> None:
        if node.name == "table" and node.children:
            found.append(node)

    reading.stream(outline.path, lambda node: node.name == "table" and node.attributes.get("id") in wanted, end)
    for table in found:
        for body in table.nodes("tbody"):
            yield from ([cell.text().replace("\u200b", "") for cell in row.nodes("td")] for row in body.nodes("tr"))


def part04(outline: Outline) -> dict[str, Any]:
    """`sop_classes`: how many storage SOP classes, and which of them our table of UIDs lacks."""
    listed = {row[1]: row[0] for row in rows(outline, ["table_B.5-1"]) if len(row) > 1 and _UID.fullmatch(row[1])}
    return {"sop_classes": _compared(listed, lambda uid: uid in uids.by_uid())}


def part06(outline: Outline) -> dict[str, Any]:
    """`attributes` and `uids`: how many are registered, and which of them our tables lack."""
    listed = {}
    for row in rows(outline, _ATTRIBUTES):
        found = _TAG.fullmatch(row[0]) if len(row) > 4 else None
        if found:
            listed[row[0].upper().replace("X", "x")] = row[2] or row[1]
    registered = {row[0]: row[1] for row in rows(outline, ["table_A-1"]) if len(row) > 1 and _UID.fullmatch(row[0])}
    known = {tag for tag, _, _, _ in dictionary.listed()}
    return {
        "attributes": _compared(listed, lambda tag: tag in known),
        "uids": _compared(registered, lambda uid: uid in uids.by_uid()),
    }


def part15(outline: Outline) -> dict[str, Any]:
    """`deidentification`: how many rows table E.1-1 has, which our table lacks, and which ask another basic action."""
    listed, differing = {}, {}
    for row in rows(outline, ["table_E.1-1"]):
        if len(row) > 4 and _TAG.fullmatch(row[1]):
            tag = row[1].upper().replace("X", "x")
            listed[tag] = row[0]
            ours = deidentification.of_tag(tag)
            if ours is not None and ours.basic != row[4]:
                differing[tag] = f"{row[0]}: {row[4]}, here {ours.basic}"
    compared = _compared(listed, lambda tag: deidentification.of_tag(tag) is not None)
    return {"deidentification": {**compared, "differing": differing}}


def _compared(listed: dict[str, str], known: Callable[[str], bool]) -> dict[str, Any]:
    return {"count": len(listed), "lacking": {key: name for key, name in listed.items() if not known(key)}}


def part16(outline: Outline) -> dict[str, records.Section]:
    """The context groups by label, each with its name and address."""
    found = {}
    for name, target in outline.targets.items():
        group = _GROUP.fullmatch(name)
        if group:
            label = f"CID {group[1]}"
            title = target.title.removeprefix(label).strip()
            found[label] = records.Section(label, title, f"{outline.base}{target.page}#{name}", ())
    return found
