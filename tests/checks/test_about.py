"""What a check is about: stated or taken from its title, and never an attribute that it does not read."""

from __future__ import annotations

import pytest

from tagwise.checks import about, named, registry
from tagwise.pages import catalogue

ABOUT_NO_ATTRIBUTE = {"encoding/unreadable-object"}
"""Checks of whole files."""


@pytest.mark.parametrize(
    ("title", "reads", "subject", "expected"),
    [
        ("Modality does not fit the SOP class", "SeriesInstanceUID SOPClassUID Modality", "", "SOPClassUID Modality"),
        ("Two modalities share a series", "SeriesInstanceUID Modality Rows", "SeriesInstanceUID", "Rows"),
        ("Images share Instance Numbers", "InstanceNumber SOPInstanceUID", "", "InstanceNumber"),
        ("A Media Storage SOP Class UID differs", "MediaStorageSOPClassUID SOPClassUID", "", "MediaStorageSOPClassUID"),
        ("A UID is padded", "StudyInstanceUID Modality SOPInstanceUID", "", "StudyInstanceUID SOPInstanceUID"),
        ("A file is too small", "SeriesInstanceUID TransferSyntaxUID Rows Columns", "", "Rows Columns"),
        ("A series is too big", "SeriesInstanceUID Modality", "SeriesInstanceUID", "SeriesInstanceUID"),
        ("An object cannot be read", "SOPInstanceUID SeriesInstanceUID", "file_path", ""),
        ("PixelSpacing is zero", "PixelSpacing Rows", "", "PixelSpacing"),
    ],
)
def test_what_a_title_is_about(title: str, reads: str, subject: str, expected: str) -> None:
    assert about.attributes(title, reads.split(), subject.split()) == tuple(expected.split())


def test_a_check_is_about_what_it_reads() -> None:
    for known in catalogue.checks():
        assert known.about <= set(named(known.name).reads), known.name
        if known.name in registry():
            assert known.about or known.name in ABOUT_NO_ATTRIBUTE, f"{known.name}: state `about` in its decorator"


def test_grouping_by_the_series_is_not_being_about_it() -> None:
    own = {known.name for known in catalogue.reading("SeriesInstanceUID") if "SeriesInstanceUID" in known.about}
    assert "identity/series-uid-reused" in own
    assert own.isdisjoint(
        {"consistency/instance-number-duplicate", "encoding/pixel-data-incomplete", "consistency/study-date-differs"}
    )
