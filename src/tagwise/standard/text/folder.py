"""The user's folder for compiled texts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "TAGWISE_CACHE"


def cache() -> Path:
    """The folder that TAGWISE_CACHE names, else `tagwise` in the user's folder for caches. It may not exist yet.

    Raises:
        RuntimeError: The user has no home folder.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tagwise"
    if os.name == "nt" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"]) / "tagwise" / "Cache"
    xdg = os.environ.get("XDG_CACHE_HOME", "")  # an address that is not absolute is to be ignored, says its definition
    return (Path(xdg) if xdg.startswith("/") else Path.home() / ".cache") / "tagwise"
