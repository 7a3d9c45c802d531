"""The section of an attribute page with code for pydicom: as text and as JSON (`pydicom`: `code`, `notes`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.pages.mirth_section import code_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """Code that reads and sets the attribute, never wrapped, then what to know about it."""
    yield ink("pydicom", "bold")
    yield from code_lines(shown.pydicom, width)


def document(shown: AttributePage) -> dict[str, Any]:
    """`pydicom`: the code and its notes."""
    return {"pydicom": {"code": shown.pydicom.code, "notes": list(shown.pydicom.notes)}}
