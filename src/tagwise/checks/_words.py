"""Words that the sentences of checks share."""

from __future__ import annotations


def numbered(count: object, noun: str) -> str:
    """A count with its noun.

    >>> numbered(1, "birth date"), numbered(2, "birth date"), numbered(None, "study"), numbered(3, "series")
    ('1 birth date', '2 birth dates', '0 studies', '3 series')
    """
    number = int(str(count or 0))
    if number == 1 or noun == "series":
        return f"{number} {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
