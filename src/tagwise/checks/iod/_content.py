"""What a content item of a structured report needs, by its value type, and which items an IOD allows.

PS3.3 C.17.3 and C.18 say the first, tables A.35.1-2, A.35.2-2, A.35.3-2 and A.35.13-2 the second. The tree of modules
lays all value types over each other, so the rules stand here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import DataSet

_NAMED = ("TEXT", "NUM", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME")
_VALUES = {
    "TEXT": ("TextValue",),
    "CODE": ("ConceptCodeSequence",),
    "DATETIME": ("DateTime",),
    "DATE": ("Date",),
    "TIME": ("Time",),
    "PNAME": ("PersonName",),
    "UIDREF": ("UID",),
    "COMPOSITE": ("ReferencedSOPSequence",),
    "IMAGE": ("ReferencedSOPSequence",),
    "WAVEFORM": ("ReferencedSOPSequence",),
    "SCOORD": ("GraphicType", "GraphicData"),
    "SCOORD3D": ("GraphicType", "GraphicData", "ReferencedFrameOfReferenceUID"),
    "TCOORD": ("TemporalRangeType",),
    "CONTAINER": ("ContinuityOfContent",),
    "TABLE": ("TabulatedValuesSequence",),
}
_PLAIN = frozenset(["TEXT", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME"])
_REFERRED = frozenset(["COMPOSITE", "IMAGE", "WAVEFORM"])
_BASIC = _PLAIN | _REFERRED
_ENHANCED = _BASIC | {"NUM", "SCOORD", "TCOORD"}
_SPATIAL = _ENHANCED | {"SCOORD3D"}
_CONTAINER = frozenset(["CONTAINER"])
_MEASURED = _PLAIN | {"NUM"}
_SOURCES = frozenset(["TEXT", "CODE", "NUM"])
_WORDS = frozenset(["TEXT", "CODE"])

Row = tuple[str, "frozenset[str] | None", "frozenset[str]"]
"""A relationship, the value types it may start from (None: each), and those it may lead to."""


class Allowed(NamedTuple):
    """The content constraints of an IOD: value types, relationships, and whether items may be referred to."""

    types: frozenset[str]
    rows: tuple[Row, ...]
    by_reference: bool


def _allowed(types: frozenset[str], *, by_reference: bool) -> Allowed:
    values = types & _MEASURED
    deep = types | _CONTAINER if by_reference else types
    holders = _CONTAINER | (_SOURCES if by_reference else frozenset())
    rows: tuple[Row, ...] = (
        ("CONTAINS", _CONTAINER, types | _CONTAINER),
        ("HAS OBS CONTEXT", holders, values | {"COMPOSITE"}),
        (
            "HAS ACQ CONTEXT",
            _CONTAINER | _REFERRED | (types & {"NUM"}),
            values | (_CONTAINER if by_reference else frozenset()),
        ),
        ("HAS CONCEPT MOD", None, _WORDS),
        ("HAS PROPERTIES", types & _SOURCES, deep),
        ("HAS PROPERTIES", frozenset(["PNAME"]), _PLAIN),
        ("INFERRED FROM", types & _SOURCES, deep),
        ("SELECTED FROM", frozenset(["SCOORD"]), frozenset(["IMAGE"])),
        ("SELECTED FROM", frozenset(["TCOORD"]), frozenset(["SCOORD", "SCOORD3D", "IMAGE", "WAVEFORM"])),
    )
    return Allowed(types | _CONTAINER, rows, by_reference)


ALLOWED = {
    "basic-text-sr": _allowed(_BASIC, by_reference=False),
    "enhanced-sr": _allowed(_ENHANCED, by_reference=False),
    "comprehensive-sr": _allowed(_ENHANCED, by_reference=True),
    "comprehensive-3d-sr": _allowed(_SPATIAL, by_reference=True),
}
"""Content constraints by IOD."""


@cache
def _tag(keyword: str) -> int:
    return dictionary.by_keyword()[keyword].number


_VALUE_TYPE, _RELATIONSHIP, _REFERRED_ITEM = 0x0040A040, 0x0040A010, 0x0040DB73
_TIMES = ("ReferencedSamplePositions", "ReferencedTimeOffsets", "ReferencedDateTime")
_MEASURED_VALUE, _CONTENT = 0x0040A300, 0x0040A730


def value_type(item: DataSet) -> str:
    """The value type of a content item, "" where it has none."""
    return item.text(_VALUE_TYPE) or ""


def lacks(item: DataSet, *, is_root: bool) -> Iterator[tuple[int, str]]:
    """The attributes that a content item needs and does not have, each with the reason."""
    kind = value_type(item)
    if not is_root and not item.has_value(_RELATIONSHIP):
        yield _RELATIONSHIP, "each content item below the first needs it"
    if item.tags.get(_REFERRED_ITEM) is not None:
        return
    if _CONTENT in item.tags and not _has(item, _CONTENT):
        yield _CONTENT, "it has content items, or is left out"
    if not kind:
        yield _VALUE_TYPE, "each content item that is not a reference needs it"
    needed = list(_VALUES.get(kind, ()))
    if kind in _NAMED or is_root:
        needed.insert(0, "ConceptNameCodeSequence")
    for keyword in needed:
        tag = _tag(keyword)
        if not _has(item, tag):
            yield tag, f"a content item of value type {kind} needs it" if kind else "the first content item needs it"
    if kind == "NUM" and _MEASURED_VALUE not in item.tags:
        yield _MEASURED_VALUE, "a content item of value type NUM needs it, if only without items"
    if kind == "TCOORD" and not any(_has(item, _tag(keyword)) for keyword in _TIMES):
        yield _tag(_TIMES[0]), "a content item of value type TCOORD needs it, time offsets or date and time"


def _has(item: DataSet, tag: int) -> bool:
    element = item.tags.get(tag)
    if element is not None and element.items is not None:
        return bool(element.items)
    return element is not None and (
        element.raw is None or bool(element.raw.strip(b" \0")) or element.vr in ("FL", "UL")
    )


def forbidden(item: DataSet, iod: str) -> str | None:
    """Why an IOD does not allow a content item below the first, None where it does or where we have no rules for it."""
    rules = ALLOWED.get(iod)
    if rules is None or item.sequence is None:
        return None
    kind, relationship = value_type(item), item.text(_RELATIONSHIP) or ""
    source = value_type(item.sequence.inside)
    if item.tags.get(_REFERRED_ITEM) is not None:
        return None if rules.by_reference else "refers to another item, which this IOD does not allow"
    if kind and kind in _VALUES.keys() | {"NUM"} and kind not in rules.types:
        return f"has value type {kind}, which this IOD does not allow"
    if not (kind and relationship and source) or source not in rules.types:
        return None
    ours = [row for row in rules.rows if row[0] == relationship]
    if ours and not any((row[1] is None or source in row[1]) and kind in row[2] for row in ours):
        return f"is {kind}, and {source} {relationship} {kind} is not allowed in this IOD"
    return None
