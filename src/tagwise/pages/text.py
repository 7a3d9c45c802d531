"""Pages as text for a terminal of 60 to 100 columns. Plain text is the same without the colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import views
from tagwise.pages.layout import Ink, titled, wrap
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagwise.pages.checks import CheckPage
    from tagwise.pages.lookup import Page
    from tagwise.pages.searching import Hit

PLAIN = Ink(on=False)
NARROWEST, WIDEST = 60, 100
_SHOWN = 34  # characters: most keywords are shorter


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
    return "\n".join([*lines, "", f"{quantity(len(listed), 'check')}. Open one with tagwise show NAME."])


def hits(found: Iterable[Hit], width: int = 80, ink: Ink = PLAIN) -> str:
    """Hits as two lines each where they do not fit in one: what `show` takes, and what it is."""
    lines = []
    for hit in found:
        name = hit.name + ("  (retired)" if hit.retired else "")
        what = f"{hit.label}  {name}" if hit.kind == "attribute" else name
        line = f"{hit.show:{_SHOWN}}  {what}"
        if len(line) <= width and len(hit.show) <= _SHOWN:
            lines.append(f"{ink(hit.show.ljust(_SHOWN), 'bold')}  {what}")
        else:
            lines.append(ink(hit.show, "bold"))
            start = _SHOWN + 2 if _SHOWN + 2 + len(what) <= width else 4
            lines.extend(wrap(what, width, " " * start))
    return "\n".join(lines)
