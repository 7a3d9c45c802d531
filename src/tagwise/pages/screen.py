"""What the terminal at hand can show: its width and colours. Without click, so that `show` starts fast."""

from __future__ import annotations

import os
import sys

from tagwise.pages.layout import Ink

_PIPED_WIDTH = 80


def ink_at_hand() -> Ink:
    """Colour on a terminal that has it, where the user wants it."""
    return Ink(on=sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def tell_waiting(sentence: str) -> None:
    """Say on a terminal why nothing happens yet."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{sentence}\n")


def terminal_width() -> int:
    """The columns of the terminal, 80 where there is none."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _PIPED_WIDTH
