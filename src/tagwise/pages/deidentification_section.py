"""The section of an attribute page about de-identification (PS3.15 annex E): as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.pages.layout import columns, wrap
from tagwise.standard import deidentification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink

_INDENT = "  "


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """What the basic profile asks, and every option that asks something else."""
    yield ink("De-identification", "bold")
    found = shown.deidentification
    table = f"PS3.15 table E.1-1 (DICOM {deidentification.edition()})"
    if found is None:
        yield from wrap(f"{table} does not name it: the basic profile and its options leave it.", width, _INDENT)
        return
    rows = [("Basic profile", found.basic, found.meaning)]
    rows += [(option.name, option.action, deidentification.MEANINGS[option.action]) for option in found.options]
    yield from _rows(rows, width)
    origin = f"{table}, row {found.tag}" if found.tag != shown.tag else table
    yield from (ink(line, "dim") for line in wrap(origin, width, _INDENT))


def _rows(rows: list[tuple[str, str, str]], width: int) -> Iterator[str]:
    """Who asks, which code, what it means; the longest names leave too little room beside them."""
    if max(len(name) for name, _, _ in rows) <= width // 3:
        yield from columns(rows, width, _INDENT)
        return
    for name, code, meaning in rows:
        yield f"{_INDENT}{name}"
        yield from columns([(code, meaning)], width, _INDENT * 3)


def document(shown: AttributePage) -> dict[str, Any]:
    """`deidentification`: `table`, `edition`, `row` (tag or pattern), `basic`, `meaning`, `options`; null if not named.

    An option has `option`, `name`, `action`, `meaning`.
    """
    found = shown.deidentification
    return {
        "deidentification": {
            "table": "PS3.15 table E.1-1",
            "edition": deidentification.edition(),
            "row": found.tag if found else None,
            "basic": found.basic if found else None,
            "meaning": found.meaning if found else None,
            "options": [
                {
                    "option": option.key,
                    "name": option.name,
                    "action": option.action,
                    "meaning": deidentification.MEANINGS[option.action],
                }
                for option in (found.options if found else ())
            ],
        }
    }
