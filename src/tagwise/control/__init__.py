"""Which checks run, how severe their findings are, and which findings count: the same for one object and an archive."""

from __future__ import annotations

from tagwise.control.profiles import Control, load
from tagwise.control.ruling import Ruling, SetAside, WaiverUse
from tagwise.control.selection import EVERYTHING, Selection

__all__ = ["EVERYTHING", "Control", "Ruling", "Selection", "SetAside", "WaiverUse", "load"]
