"""The section of an attribute page on the IODs that have it, and how strongly each asks for it: as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.pages.layout import INDENT, columns, wrap
from tagwise.standard import dictionary, iods, modules, reach, uids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink
    from tagwise.standard.reach import IodUse

_SHOWN = 10
_WIDE = 78
RULE = "module usage M, type 1, top level"
"""What has to hold for an IOD to count as one that requires the attribute."""

_WELL_KNOWN = (
    *("ct-image", "mr-image", "computed-radiography-image", "digital-x-ray-image", "ultrasound-image"),
    *("ultrasound-multi-frame-image", "enhanced-ct-image", "enhanced-mr-image", "positron-emission-tomography-image"),
    *("nuclear-medicine-image", "x-ray-angiographic-image", "secondary-capture-image", "segmentation", "rt-dose"),
    *("grayscale-softcopy-presentation-state", "comprehensive-sr", "encapsulated-pdf", "rt-structure-set", "rt-plan"),
)
"""IODs of which archives hold much: of IODs that ask the same they are shown first."""


class UsageSection(NamedTuple):
    """The IODs that have an attribute, those that ask most first; `counts` by need, over `iods` IODs of `edition`."""

    edition: str
    iods: int
    counts: Mapping[str, int]
    uses: tuple[IodUse, ...]


def of(keyword: str) -> UsageSection:
    """How strongly each IOD asks for an attribute.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    found = reach.iod_uses(keyword)
    counts = {need: sum(use.need == need for use in found) for need in reach.NEEDS}
    return UsageSection(modules.edition(), len(modules.iod_names()), counts, tuple(sorted(found, key=_order)))


def _order(use: IodUse) -> tuple[int, bool, int, str]:
    known = _WELL_KNOWN.index(use.iod) if use.iod in _WELL_KNOWN else len(_WELL_KNOWN)
    return reach.NEEDS.index(use.need), bool(use.place.path), known, use.name


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """How many IODs ask what, and the IODs: the first ones, or all where a depth is asked for."""
    section = shown.usage
    yield ink("IODs that have it", "bold")
    if not section.uses:
        yield from wrap(f"None of {section.iods} in DICOM {section.edition}: {why_none(shown)}.", width, INDENT)
        return
    yield from wrap(summary(section), width, INDENT)
    yield ""
    few = shown.depth == "top"
    yield from _table([row for use in section.uses[: _SHOWN if few else None] for row in _rows(use)], width, ink)
    if few and len(section.uses) > _SHOWN:
        more = f"… and {len(section.uses) - _SHOWN} more:"
        yield f"{INDENT}{more} tagwise show {shown.keyword} --section usage --depth all"
    yield ""
    key = "Use: M the module is always there, C under a condition, U as the device likes. Type: as in the module."
    yield from (ink(line, "dim") for line in wrap(key, width, INDENT))


def why_none(shown: AttributePage) -> str:
    """Why no IOD has the attribute, as the end of a sentence."""
    return shown.no_modules or "only modules of services use it, for which PS3.4 says what is required"


def summary(section: UsageSection) -> str:
    """The counts in one sentence that names the rule.

    >>> summary(of("SOPInstanceUID")).partition(";")[0]
    'Required with a value in 174 of 175 IODs (module usage M, type 1, top level'
    """
    counts = section.counts
    parts = [f"Required with a value in {counts['required']} of {section.iods} IODs ({RULE}; DICOM {section.edition})"]
    parts += [f"present but may be empty in {counts['present']} (M, type 2)"] if counts["present"] else []
    parts += [f"under a condition or inside a sequence in {counts['conditional']}"] if counts["conditional"] else []
    parts += [f"optional in {counts['optional']}"] if counts["optional"] else []
    without = section.iods - len(section.uses)
    parts += [f"not in {without}"] if without else []
    return "; ".join(parts) + "."


def _table(rows: list[tuple[str, str, str, str]], width: int, ink: Ink) -> Iterator[str]:
    """Use, type, UID and name in columns; the name below where there is little room beside the UID."""
    if width >= _WIDE:
        table = list(columns([("Use", "Type", "SOP class", ""), *rows], width, INDENT))
        yield ink(table[0], "dim")
        yield from table[1:]
        return
    yield ink(f"{INDENT}Use  Type  SOP class", "dim")
    for usage, kind, uid, name in rows:
        yield f"{INDENT}{usage:<3}  {kind:<4}  {uid}"
        yield from wrap(name, width, INDENT * 4)


def _rows(use: IodUse) -> Iterator[tuple[str, str, str, str]]:
    """An IOD by its SOP classes; where it is inside sequences stands after the last one."""
    found = sop_classes(use) or [(f"{use.name} IOD", "(no storage SOP class)")]
    for number, (name, uid) in enumerate(found, 1):
        where = f", in {_place(use)}" if use.place.path and number == len(found) else ""
        first = (use.usage, use.place.type or "-") if number == 1 else ("", "")
        yield (*first, uid, f"{name}{where}")


def sop_classes(use: IodUse) -> list[tuple[str, str]]:
    """Name and UID of the SOP classes that store such objects, none where objects of the IOD are not stored."""
    return [(uids.name(uid), uid) for uid in iods.sop_classes_of(use.iod)]


def _place(use: IodUse) -> str:
    if use.functional_group:
        return f"{' > '.join(use.place.path[1:])} (functional group)"
    return " > ".join(use.place.path)


def document(shown: AttributePage) -> dict[str, Any]:
    """`usage`: `edition`, `rule`, `iods`, `counts` by need, `used_by` (as `as_json` lists it)."""
    section = shown.usage
    return {
        "usage": {
            "edition": section.edition,
            "rule": RULE,
            "iods": section.iods,
            "counts": dict(section.counts),
            "used_by": [_use_document(use) for use in section.uses],
        }
    }


def _use_document(use: IodUse) -> dict[str, Any]:
    attributes = dictionary.by_keyword()
    path = zip(use.place.path, use.place.types, strict=True)
    return {
        "iod": use.iod,
        "name": use.name,
        "need": use.need,
        "usage": use.usage,
        "type": use.place.type,
        "module": use.module,
        "path": [{"keyword": one, "tag": attributes[one].tag, "type": kind} for one, kind in path],
        "functional_group": use.functional_group,
        "more_modules": use.more,
        "sop_classes": [{"uid": uid, "name": name} for name, uid in sop_classes(use)],
    }
