"""Checks that a source cannot answer although it has every column: what they look for is lost on the way.

A number that an export has parsed is always a number, so silence of the check for malformed numbers says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.sources import Source

WITHOUT_FILES: Mapping[str, str] = {
    "encoding/pixel-data-incomplete": "needs the size of each file, which this source lacks",
    "identity/object-stored-twice": "needs size and digest of each file, which this source lacks",
    "identity/sop-uid-different-content": "needs size and digest of each file, which this source lacks",
    "storage/file-in-wrong-folder": "needs the path of each file, which this source lacks",
}
"""What only files tell."""

PARSED_NUMBERS: Mapping[str, str] = {
    "encoding/number-malformed": "needs numbers as text; here they are parsed, and malformed ones are lost",
}
"""What cannot be seen where DS and IS are numbers."""

PARSED_DATES: Mapping[str, str] = {
    "time/study-date-malformed": "needs dates as text; here they are parsed, and malformed ones are lost",
}
"""What cannot be seen where DA is a date."""

TRIMMED: Mapping[str, str] = {
    "identity/uid-padded": "needs the padding of each value, which is removed here",
}
"""What cannot be seen where padding is gone."""


def blind_spots(source: Source) -> Mapping[str, str]:
    """Names of checks to which a source is blind, and why, in words for a report; most sources have none."""
    found: Mapping[str, str] = getattr(source, "blind", {})
    return found
