"""The `tagwise` program, also as `python -m tagwise`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line. `tagwise show NAME` alone is answered without loading click, which takes long."""
    words = sys.argv[1:]
    if len(words) == 2 and words[0] == "show" and not words[1].startswith("-") and sys.stdout and sys.stderr:
        _show(words[1])
    from tagwise.cli import main as command_line  # noqa: PLC0415 - click is what the short way does without

    command_line(prog_name="tagwise")


def _show(name: str) -> None:
    """Print a page and end; return where anything is wrong, so that the command line says what, in its own way."""
    gc.disable()  # the process ends with the page: looking for garbage would cost a tenth of its time
    from tagwise.errors import TagwiseError  # noqa: PLC0415 - nothing is loaded before it is known to be needed
    from tagwise.pages import screen, show, text  # noqa: PLC0415 - as above
    from tagwise.standard.text import library  # noqa: PLC0415 - as above

    library.waiting.append(screen.tell_waiting)
    try:
        page = text.page(show(name, depth="top"), screen.terminal_width(), screen.ink_at_hand())
        page.encode(sys.stdout.encoding or "utf-8")
    except (TagwiseError, UnicodeError, KeyboardInterrupt):
        gc.enable()
        return
    try:
        sys.stdout.write(f"{page}\n")
        sys.stdout.flush()
    except OSError:
        return
    raise SystemExit(0)


if __name__ == "__main__":
    main()
