"""tagwise reports what dicom-validator reports, and every difference has a class with who is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest

pytest.importorskip("dicom_validator")

from dicom_validator.spec_reader.edition_reader import EditionReader
from dicom_validator.validator.iod_validator import IODValidator
from tests.oracles import dicomvalidator, edition

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def _codes(dataset: Dataset) -> set[tuple[str, str]]:
    validator = IODValidator(dataset, edition.info(), error_handler=dicomvalidator.Silent())
    return dicomvalidator.errors_of(validator.validate())


@pytest.mark.slow
def test_the_edition_finds_what_is_put_into_an_object() -> None:
    """A type 1 attribute, an enumerated value, a foreign attribute and a condition are judged by what was made."""
    name = Path(pydicom.__file__).parent / "data" / "test_files" / "CT_small.dcm"
    before = _codes(pydicom.dcmread(name))
    dataset = pydicom.dcmread(name)
    del dataset.Rows
    dataset.PatientSex = "X"
    dataset.BeamName = "1"
    dataset.PatientIdentityRemoved = "YES"
    assert _codes(dataset) - before >= {
        ("TagMissing", "Rows"),
        ("TagMissing", "DeidentificationMethod"),
        ("EnumValueNotAllowed", "PatientSex"),
        ("TagUnexpected", "BeamName"),
    }


@pytest.mark.slow
def test_dicom_validator_takes_the_edition_as_its_own(tmp_path: Path) -> None:
    """Its reader finds the edition, fetches nothing, and does not make it anew."""
    edition.write(tmp_path)
    reader = EditionReader(tmp_path)
    reader.retrieve = lambda _: pytest.fail("it wanted the list of editions")  # type: ignore[method-assign] # a guard
    made = (tmp_path / edition.EDITION / "json" / "iod_info.json").stat().st_mtime_ns
    info = reader.dicom_info_for_edition(edition.EDITION)
    assert len(info.iods) > 100
    assert (tmp_path / edition.EDITION / "json" / "iod_info.json").stat().st_mtime_ns == made
    assert json.loads(json.dumps(info.iods)) == edition.info().iods


@pytest.mark.slow
def test_nearly_all_errors_in_real_files_are_reported() -> None:
    """At least 90 of 100 are reported at the attribute or with its module, and the rest has a class."""
    found = dicomvalidator.compared()
    assert found.files > 150
    assert found.errors > 1000
    assert (found.same.total() + found.module.total()) / found.errors >= 0.9
    assert [one for one in found.alone if dicomvalidator.of(one) is None] == []
