"""Numbers with their nouns, as every sentence of tagwise writes them."""

from __future__ import annotations

_SAME = ("series", "species")
_ENDING_IN_ES = ("s", "x", "ch", "sh")


def quantity(number: float | str | None, noun: str) -> str:
    """A count with its noun in the singular or plural; None counts as zero.

    >>> quantity(1, "birth date"), quantity(1204, "finding"), quantity(None, "study"), quantity(3, "series")
    ('1 birth date', '1,204 findings', '0 studies', '3 series')
    >>> quantity(2, "SOP class"), quantity(2, "day")
    ('2 SOP classes', '2 days')
    """
    counted = int(number or 0)
    return f"{counted:,} {noun if counted == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith(_SAME):
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(_ENDING_IN_ES) else f"{noun}s"
