"""What the checks on text share: the attributes that they look at, and a pattern."""

from __future__ import annotations

TEXTS = ("PatientName", "StudyDescription", "SeriesDescription", "InstitutionName")
"""Text under Specific Character Set that is the same in many instances."""

LOOKS_LIKE_UTF8 = "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf][\u0080-\u00bf]"
"""Bytes of UTF-8 that were read as Latin-1: a letter with an accent followed by signs that no word has there."""
