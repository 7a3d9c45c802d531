"""Which modalities acquire images of a patient, and which make objects from others or from paper."""

from __future__ import annotations

DERIVED = (
    "ANN", "DOC", "FID", "KO", "M3D", "OT", "PLAN", "PR", "REG", "RTDOSE", "RTPLAN", "RTRECORD", "RTSTRUCT", "RWV",
    "SC", "SEG", "SR",
)  # fmt: skip
"""Modalities of objects that are made from others or on paper; several systems may write into one such series."""


def listed(terms: tuple[str, ...]) -> str:
    """Terms as SQL.

    >>> listed(("CT", "MR"))
    "'CT', 'MR'"
    """
    return ", ".join(f"'{term}'" for term in terms)


NOT_ACQUIRED = listed(DERIVED)
"""The derived modalities as SQL, for `Modality NOT IN (...)`."""
