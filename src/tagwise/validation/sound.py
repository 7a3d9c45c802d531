"""Values that are sound at a glance: one regular expression for each VR, so that few values meet every check.

A value that matches is one that no check of its VR has anything to say about; a property test holds that. What does not
match need not be wrong: it is looked at by each check.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE = rb"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
_TIME = rb"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\.\d{1,6})?"
# Printable ASCII without backslash, no blank at either end but one of padding.
_LINE = rb"[!-\[\]-~](?:[ -\[\]-~]{0,%d}[!-\[\]-~])? ?"
# Possessive: nothing that was taken is given back, as contours of thousands of decimals would pay for.
_DECIMAL = rb"-?\d{1,6}+(?:\.\d{1,7}+)?+ ?+"

_SOUND = {
    "AE": _LINE % 12,
    "AS": rb"\d{3}[DWMY]",
    "CS": rb"[A-Z0-9](?:[A-Z0-9_ ]{0,13}[A-Z0-9])? ?(?:\\[A-Z0-9_](?:[A-Z0-9_ ]{0,13}[A-Z0-9])? ?){0,9}",
    "DA": _DATE,
    "DS": _DECIMAL + rb"(?:\\" + _DECIMAL + rb")*+",
    "DT": _DATE + rb"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\.\d{6})? ?",
    "IS": rb"-?\d{1,8}+ ?+(?:\\-?\d{1,8}+ ?+)*+",
    "LO": _LINE % 61,
    "SH": _LINE % 13,
    "TM": _TIME + rb" ?",
    "UI": rb"(?=[^\0]{1,64}\0?\Z)(?:1\.[0-3](?:\.(?:0|[1-9]\d*))+|2\.25\.(?:[12]\d{0,38}|[3-9]\d{0,37}))\0?",
}

SOUND: dict[str, Callable[[bytes], object]] = {
    vr: re.compile(pattern, re.DOTALL).fullmatch for vr, pattern in _SOUND.items()
}
"""VR to a function that tells whether a value is sound at a glance; VRs that are not in it have no such pattern."""
