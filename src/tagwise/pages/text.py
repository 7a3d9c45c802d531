"""Pages as text for a terminal of 60 to 100 columns. Plain text is the same without the colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import views
from tagwise.pages.layout import Ink, counted, titled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagwise.pages.checks import CheckPage
    from tagwise.pages.lookup import Page

PLAIN = Ink(on=False)
NARROWEST, WIDEST = 60, 100


def fitting(width: int) -> int:
    """The width to write for: text of a page neither breaks into shreds nor runs across a wide screen."""
    return min(max(width, NARROWEST), WIDEST)


def page(shown: Page, width: int = 80, ink: Ink = PLAIN, sections: Sequence[str] = ()) -> str:
    """A page, or some sections of it, as lines joined to one text.

    Raises:
        UnknownName: The page has no such section.
    """
    return "\n".join(line.rstrip() for line in views.text_lines(shown, fitting(width), ink, sections))


def checks(shown: Iterable[CheckPage], width: int = 80, ink: Ink = PLAIN) -> str:
    """The list of checks: a line for each, by folder."""
    listed = list(shown)
    lines = [line for one in listed for line in titled(one.severity.value, one.name, one.title, fitting(width), ink)]
    return "\n".join([*lines, "", f"{counted(len(listed), 'check')}. Open one with tagwise show NAME."])
