"""The user's folder for compiled texts. Paths are plain text here: `tagwise show` does without pathlib."""

from __future__ import annotations

import os
import sys

from tagwise.errors import StandardTextNotKept

VARIABLE = "TAGWISE_CACHE"


def cache() -> str:
    """The folder that TAGWISE_CACHE names, else `tagwise` in the user's folder for caches. It may not exist yet.

    Raises:
        StandardTextNotKept: The user has no home folder.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return os.path.abspath(os.path.expanduser(given))  # noqa: PTH100, PTH111 - without pathlib
    if sys.platform == "darwin":
        return _home("Library", "Caches", "tagwise")
    if os.name == "nt" and os.environ.get("LOCALAPPDATA"):
        return os.path.join(os.environ["LOCALAPPDATA"], "tagwise", "Cache")  # noqa: PTH118 - without pathlib
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    if xdg.startswith("/"):  # its definition asks to ignore a relative one
        return f"{xdg}/tagwise"
    return _home(".cache", "tagwise")


def _home(*names: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - without pathlib
    if home == "~":
        raise StandardTextNotKept("there is no home folder for a cache", hint=f"{VARIABLE} names another folder")
    return os.path.join(home, *names)  # noqa: PTH118 - without pathlib
