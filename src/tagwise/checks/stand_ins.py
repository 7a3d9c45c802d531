"""Values that stand for nothing: words that are written where there is no Patient ID, days where none is known."""

from __future__ import annotations

PATIENT_IDS = (
    "UNKNOWN", "UNKNOWN ID", "UNK", "NONE", "NULL", "NIL", "N/A", "NA", "NO ID", "NOID", "NO_ID", "W/I", "WALK-IN",
    "ANONYMOUS", "ANONYMIZED", "ANONYMISED", "ANON", "DEIDENTIFIED", "REMOVED", "TEST", "PATIENT", "XXX", "XXXX", "?",
)  # fmt: skip
"""What is written as Patient ID where there is none, in capitals."""

BIRTH_DATES = ("00000000", "00010101", "11111111", "17530101", "18000101", "18581117", "19000101", "99991231")
"""What systems write as birth date when they do not know it."""


def listed(words: tuple[str, ...]) -> str:
    """Words as the list of an SQL condition.

    >>> listed(("A", "B"))
    "'A', 'B'"
    """
    return ", ".join(f"'{word}'" for word in words)
