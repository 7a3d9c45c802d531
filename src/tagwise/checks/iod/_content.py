"""What a content item of a structured report needs, by its value type, and whether its IOD allows it.

PS3.3 C.17.3 and C.18 say the first, the tables in `_relations` the second. The tree of modules lays all value types
over each other, so the rules stand here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.checks.iod import _relations
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.iod._relations import Allowed
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


def forbidden(item: DataSet, iod: str, root: DataSet) -> str | None:
    """Why an IOD does not allow a content item below the first, None where it does or where we have no rules for it."""
    rules = _relations.allowed(iod)
    if rules is None or item.sequence is None:
        return None
    if item.tags.get(_REFERRED_ITEM) is None:
        kind = value_type(item)
        if kind in _VALUES.keys() | {"NUM"} and kind not in rules.types:
            return f"has value type {kind}, which this IOD does not allow"
        unfit = _unfit(rules, item, kind, is_reference=False)
        return f"is {kind}, and {unfit} is not allowed in this IOD" if unfit else None
    target = _referred(item, root) if rules.by_reference else item
    if target is None:
        return "refers to an item that is not there"
    if not rules.by_reference:
        return "refers to another item, which this IOD does not allow"
    unfit = _unfit(rules, item, value_type(target), is_reference=True)
    return f"refers to another item, and {unfit} by reference is not allowed in this IOD" if unfit else None


def _unfit(rules: Allowed, item: DataSet, kind: str, *, is_reference: bool) -> str:
    """The relationship of an item to the one around it where the IOD has no row for it, else ""."""
    relationship = item.text(_RELATIONSHIP) or ""
    source = value_type(item.sequence.inside) if item.sequence is not None else ""
    if not kind or source not in rules.types or relationship not in _relations.RELATIONSHIPS:
        return ""
    fits = any(
        name == relationship and (not start or source in start) and kind in end and (far or not is_reference)
        for name, start, end, far in rules.rows
    )
    return "" if fits else f"{source} {relationship} {kind}"


def _referred(item: DataSet, root: DataSet) -> DataSet | None:
    """The item that an item refers to: 1 for the first, then places in its content and so on (PS3.3 C.17.3.2.5)."""
    element = item.tags[_REFERRED_ITEM]
    raw, order = element.raw or b"", "big" if root.big_endian else "little"
    steps = [int.from_bytes(raw[at : at + 4], order) for at in range(0, len(raw) - len(raw) % 4, 4)]  # type: ignore[arg-type] # one of two words
    if not steps or steps[0] != 1:
        return None
    found = root
    for step in steps[1:]:
        content = found.tags.get(_CONTENT)
        items = content.items if content is not None and content.items else []
        if not 1 <= step <= len(items):
            return None
        found = items[step - 1]
    return found
