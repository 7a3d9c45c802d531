"""Printing pages: as wide as the terminal, coloured only on one, and never in colour where NO_COLOR is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tagwise.pages.screen import ink_at_hand, terminal_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.pages.layout import Ink

__all__ = ["FORMAT", "ink_at_hand", "print_json", "print_text", "terminal_width"]

FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)


def print_text(render: Callable[[int, Ink], str]) -> None:
    """Print what `render` makes for the width and the colours at hand."""
    ink = ink_at_hand()
    click.echo(render(terminal_width(), ink), color=ink.on)


def print_json(document: dict[str, Any]) -> None:
    """Print a structure as indented JSON."""
    import json

    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
