"""Printing pages: as wide as the terminal, coloured only on one, and never in colour where NO_COLOR is set."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.pages.layout import Ink

_PIPED_WIDTH = 80

FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)


def print_text(render: Callable[[int, Ink], str]) -> None:
    """Print what `render` makes for the width and the colours at hand."""
    ink = ink_at_hand()
    click.echo(render(terminal_width(), ink), color=ink.on)


def ink_at_hand() -> Ink:
    """Colour on a terminal that has it, where the user wants it."""
    from tagwise.pages.layout import Ink

    return Ink(on=sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def print_json(document: dict[str, Any]) -> None:
    """Print a structure as indented JSON."""
    import json

    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def terminal_width() -> int:
    """The columns of the terminal, 80 where there is none."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _PIPED_WIDTH
