"""`tagwise check FILE --fix OUT`: where corrected copies go, and how they get there whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tagwise.atomic import neighbour
from tagwise.errors import CopyNotWritten, UsageError
from tagwise.scanning.containers.member import INSIDE
from tagwise.scanning.containers.whole import is_container

if TYPE_CHECKING:
    from collections.abc import Iterable


class Copies:
    """The place of the copies: a file for one object, a folder for several. Nothing is overwritten unless `force`.

    Raises:
        UsageError: OUT is one of the sources, or inside of one, or a file where a folder is needed.
    """

    def __init__(self, out: str, sources: Iterable[str], *, force: bool) -> None:
        self._out, self._force = out, force
        self._sources = tuple(sources)
        folders = any(os.path.isdir(source) or is_container(source) for source in self._sources)  # noqa: PTH112 - paths are text from the command line
        self._is_folder = folders or len(self._sources) > 1 or os.path.isdir(out)  # noqa: PTH112 - as above
        self._written: set[str] = set()
        self._refuse_input()
        if self._is_folder and os.path.lexists(out) and not os.path.isdir(out):  # noqa: PTH112 - as above
            raise UsageError(f"{out!r} is a file", hint="Several copies need a folder")

    def _refuse_input(self) -> None:
        out = os.path.realpath(self._out)
        for source in self._sources:
            if source == "-":
                continue
            real = os.path.realpath(source)
            if out == real or out.startswith(real.rstrip(os.sep) + os.sep):
                raise UsageError(
                    f"{self._out!r} is {'the input' if out == real else f'inside the input {source!r}'}",
                    hint="Nothing is corrected in place: name a file or folder outside of the input",
                )

    def path_of(self, source: str, path: str) -> str:
        """Where the copy of a file goes that was found under a source."""
        if not self._is_folder:
            return self._out
        if source == "-":
            return os.path.join(self._out, "stdin.dcm")  # noqa: PTH118 - as above
        if INSIDE in path and not os.path.lexists(path):
            return self._of_member(source, path)
        below = os.path.relpath(path, source) if path != source else os.path.basename(path)  # noqa: PTH119 - as above
        return os.path.join(self._out, below)  # noqa: PTH118 - as above

    def _of_member(self, source: str, path: str) -> str:
        """A place below OUT, whatever the name of the member: a container may come from anybody."""
        container, _, name = path.partition(INSIDE)
        below = os.path.basename(container) if source in (container, path) else os.path.relpath(container, source)  # noqa: PTH119 - as above
        steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".")]
        safe = [step.replace(".", "%2E") if not step.strip(".") else step for step in steps]
        return os.path.join(self._out, below, *safe)  # noqa: PTH118 - as above

    def write(self, path: str, content: bytes) -> None:
        """Write one copy whole or not at all.

        Raises:
            CopyNotWritten: There is such a file already, or it cannot be written; what was there is untouched.
        """
        if path in self._written or (os.path.lexists(path) and not self._force):
            hint = "Two inputs have one name" if path in self._written else "--force replaces it"
            raise CopyNotWritten(f"the copy {path!r} is there already", hint=hint)
        if any(os.path.realpath(path) == os.path.realpath(source) for source in self._sources):
            raise CopyNotWritten(f"the copy {path!r} would replace an input")
        try:
            if self._is_folder:
                os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - as above
            with neighbour(path, overwrite=self._force) as file:
                file.write(content)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise CopyNotWritten(
                f"cannot write the copy {path!r}: {why}", hint="The folder must exist, be writable and have space left"
            ) from error
        self._written.add(path)
