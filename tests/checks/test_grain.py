"""A source that keeps one value for many objects is never an all-clear: it is found, or not checkable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.checks import archive

from tagwise.checks import Check, registry
from tagwise.checks.grain import finer, home, missing, needed
from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row = dict[str, Any]

KEYS = {Level.SERIES: "SeriesInstanceUID", Level.STUDY: "StudyInstanceUID", Level.PATIENT: "PatientID"}
"""What names the entity that has one value."""

OF_OBJECTS = [check for check in registry().values() if check.relation not in {"links", "vanished", "unreadable"}]
"""Only the index of a scan has the other relations: elsewhere these are not checkable whatever they need."""

EXACT = {column.keyword: Level.INSTANCE for column in scan_columns()}

PLANTED = {
    "PatientID": "P-9",
    "PatientName": "Other^Person",
    "PatientBirthDate": "19991231",
    "PatientSex": "U",
    "IssuerOfPatientID": "WEST",
    "PatientAge": "009Y",
    "PatientIdentityRemoved": "YES",
    "StudyDate": "20191301",
    "StudyTime": "259999",
    "AccessionNumber": "A-9-longer-than-sixteen",
    "StudyDescription": "Foot",
    "StudyID": "7-longer-than-sixteen",
    "Modality": "XX",
    "SeriesNumber": "77",
    "SeriesDate": "20100101",
    "SeriesDescription": "F\u00fc\u00dfe",
    "FrameOfReferenceUID": "1.2.3.04",
    "BodyPartExamined": "FOOT",
    "Laterality": "R",
    "Manufacturer": "ACME, IMAGING",
    "StudyInstanceUID": "1.2.826.0.1.9",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
    "TransferSyntaxUID": "1.2.840.10008.1.2.2",
    "Rows": "64",
    "PixelSpacing": "9\\9",
    "PhotometricInterpretation": "RGB",
    "BitsStored": "99",
    "RescaleSlope": "7",
}
"""An attribute, and a value that disagrees with the others of a sound archive, or is wrong by itself, or both."""

NOT_A_FAULT = {"StudyTime", "SeriesDescription"}
"""Values that no check minds in one object."""


def sound() -> list[Row]:
    """Two patients with two studies of two series of three CT images."""
    rows = []
    for patient, study, series, number in (
        (p, t, e, n) for p in (1, 2) for t in (1, 2) for e in (1, 2) for n in range(3)
    ):
        prefix = f"1.2.826.0.1.{patient}.{study}"
        rows.append(
            {
                "PatientID": f"P-{patient}",
                "IssuerOfPatientID": "EAST",
                "PatientName": f"{'Alpha' if patient == 1 else 'Beta'}^One",
                "PatientBirthDate": f"197{patient}0{patient}1{patient}",
                "PatientSex": "M",
                "PatientAge": "048Y",
                "StudyInstanceUID": prefix,
                "StudyDate": f"2020010{study}",
                "StudyTime": "101500",
                "StudyID": "7",
                "AccessionNumber": f"A-{patient}-{study}",
                "StudyDescription": "Chest",
                "SeriesInstanceUID": f"{prefix}.{series}",
                "SeriesNumber": str(series),
                "SeriesDate": f"2020010{study}",
                "Modality": "CT",
                "BodyPartExamined": "CHEST",
                "Laterality": "L",
                "FrameOfReferenceUID": f"{prefix}.7",
                "Manufacturer": "ACME Imaging",
                "SpecificCharacterSet": "ISO_IR 100",
                "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
                "SOPInstanceUID": f"{prefix}.{series}.{number + 1}",
                "TransferSyntaxUID": "1.2.840.10008.1.2.1",
                "InstanceNumber": str(number + 1),
                "ImageType": "ORIGINAL\\PRIMARY\\AXIAL",
                "Rows": "512",
                "Columns": "512",
                "BitsAllocated": "16",
                "BitsStored": "12",
                "HighBit": "11",
                "PixelRepresentation": "0",
                "SamplesPerPixel": "1",
                "PhotometricInterpretation": "MONOCHROME2",
                "PixelSpacing": "0.5\\0.5",
                "RescaleSlope": "1",
                "RescaleIntercept": "-1024",
                "SliceThickness": "5",
                "ImagePositionPatient": f"0\\0\\{5 * number}",
                "ImageOrientationPatient": "1\\0\\0\\0\\1\\0",
            }
        )
    return rows


def coarse(rows: Sequence[Mapping[str, Any]], keyword: str, level: Level, kept: int) -> list[Row]:
    """The rows as a source has them that keeps one value of an attribute: of the first or the last object it got."""
    values: dict[Any, list[Any]] = {}
    for row in rows:
        values.setdefault(row.get(KEYS[level]), []).append(row.get(keyword))
    # What has no key belongs to no entity: it is as it was.
    return [
        {**row, keyword: values[row[KEYS[level]]][kept]} if row.get(KEYS[level]) is not None else dict(row)
        for row in rows
    ]


def coarser(check: Check) -> Iterator[tuple[str, Level]]:
    """Every attribute with every level at which a source may have it and the check would still answer as a whole."""
    for keyword in check.reads:
        for level, key in KEYS.items():
            if keyword not in {key, "SOPInstanceUID"} and not missing(
                check, {**EXACT, keyword: level}, among=check.reads
            ):
                yield keyword, level


@pytest.mark.slow
@pytest.mark.parametrize("check", OF_OBJECTS, ids=lambda check: check.name)
def test_faults_of_the_examples_are_found_or_not_checkable(check: Check) -> None:
    """Whatever one attribute is kept for, a check that answers finds what it finds in the objects themselves."""
    for example in check.fires:
        for keyword, level in coarser(check):
            found = []
            for kept in (0, -1):
                rows = coarse(example.instances, keyword, level, kept)
                found.append(archive.result(check, archive.archive(rows, example.references, check), example.settings))
            judged = not finer(needed(check)[keyword], home(keyword))
            assert any(found) if judged else all(found), f"{keyword} once per {level}: silent in {example.says!r}"


@pytest.mark.parametrize("keyword", PLANTED)
def test_planted_disagreement_is_found_or_not_checkable(keyword: str) -> None:
    """One object, series or study says something else: every check that tells it does so, or is not checkable.

    A check of patients compares studies: whether objects of one study agree is for checks of studies to tell, and those
    need every object. So it is asked about a whole study that says something else.
    """
    reading = [check for check in OF_OBJECTS if keyword in check.reads]
    silent = tally(reading, sound())
    told = False
    for objects in (1, 3, 6):
        rows = sound()
        for row in rows[:objects]:
            row[keyword] = PLANTED[keyword]
        true = tally(reading, rows)
        fired = [
            check
            for check in reading
            if true[check.name] > silent[check.name] and (objects == 6 or check.level is not Level.PATIENT)
        ]
        told = told or bool(fired)
        for level, key in KEYS.items():
            asked = [check for check in fired if keyword != key and (keyword, level) in coarser(check)]
            kept = [tally(asked, coarse(rows, keyword, level, place)) for place in (0, -1)] if asked else []
            for check in asked:
                found = [one[check.name] > silent[check.name] for one in kept]
                judged = not finer(needed(check)[keyword], home(keyword))
                assert any(found) if judged else all(found), f"{check.name}: {keyword} once per {level} is an all-clear"
    assert told or keyword in NOT_A_FAULT, "nothing to tell: plant another value"


def tally(checks: Sequence[Check], rows: Sequence[Row]) -> dict[str, int]:
    """How many findings each check has on the rows."""
    return {check.name: len(archive.result(check, archive.archive(rows, check=check))) for check in checks}


@pytest.mark.parametrize(
    ("name", "keyword", "level"),
    [
        ("patient/demographics-differ-in-study", "PatientName", Level.INSTANCE),
        ("identity/series-uid-reused", "Modality", Level.INSTANCE),
        ("consistency/laterality-differs", "Laterality", Level.INSTANCE),  # compared under another name
        ("patient/id-of-two-persons", "PatientName", Level.STUDY),
        ("study/accession-number-in-several-studies", "AccessionNumber", Level.STUDY),
        ("patient/sex-invalid", "PatientSex", Level.PATIENT),
        ("consistency/modality-unknown", "Modality", Level.SERIES),
    ],
)
def test_grain_that_a_check_needs(name: str, keyword: str, level: Level) -> None:
    """What is compared inside a subject must be true below it, what is judged by itself where the standard has it."""
    assert needed(registry()[name])[keyword] is level


@pytest.mark.parametrize("check", [one for one in OF_OBJECTS if one.spares], ids=lambda check: check.name)
def test_what_a_check_spares_makes_no_finding_by_its_absence(check: Check) -> None:
    """Without what a check spares, or with one value of it for many objects, nothing is found that is not there."""
    assert set(check.spares) <= set(check.reads)
    for example in check.silent:
        for keyword in check.spares:
            rows = [{name: value for name, value in row.items() if name != keyword} for row in example.instances]
            ways = [
                rows,
                *(coarse(example.instances, keyword, level, 0) for level, key in KEYS.items() if key != keyword),
            ]
            for way in ways:
                assert not archive.result(check, archive.archive(way, check=check), example.settings), (
                    keyword,
                    example.says,
                )


@pytest.mark.parametrize("check", registry().values(), ids=lambda check: check.name)
def test_grain_of_a_check_file_is_about_what_it_reads(check: Check) -> None:
    """A grain that is given names attributes of `reads`, and says something else than what follows from the SQL."""
    assert set(check.grain) <= set(check.reads)
