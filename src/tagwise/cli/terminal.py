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
    from tagwise.pages.layout import Ink

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    click.echo(render(_width(), Ink(on=colour)), color=colour)


def print_json(document: dict[str, Any]) -> None:
    """Print a structure as indented JSON."""
    import json

    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _width() -> int:
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _PIPED_WIDTH
