"""Every check names what its examples say, and nothing else."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING

import pytest
from tests.checks import archive

from tagwise.checks import Check, Example, Problem, registry
from tagwise.checks.sql import standalone

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = list(registry().values())
PATIENT_KEYWORDS = (
    "PatientID", "PatientName", "PatientBirthDate", "IssuerOfPatientID", "StudyDate", "AccessionNumber",
)  # fmt: skip


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(check, example, id=f"{check.name}: {example.says}")
        for check in CHECKS
        for example in getattr(check, kind)
    ]


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_fires(check: Check, example: Example) -> None:
    """The check names exactly the subjects that the example expects, each once."""
    rows = archive.run(check, example)
    named = [archive.subject(check, row) for row in rows]
    assert all(named), "a row without a subject"
    assert sorted(map(_key, named)) == sorted(map(_key, example.expect))
    assert len(set(map(_key, named))) == len(named)


@pytest.mark.parametrize(("check", "example"), _examples("silent"))
def test_stays_silent(check: Check, example: Example) -> None:
    """The check names nothing."""
    assert archive.run(check, example) == []
    assert not example.expect


@pytest.mark.parametrize(("check", "example"), [*_examples("fires"), *_examples("silent")])
def test_statement_on_its_page_gives_the_same_rows(check: Check, example: Example) -> None:
    """The statement that needs only `instances` finds what the audit finds; settings are the defaults there."""
    if example.settings:
        return
    connection = archive.archive(example.instances, example.references, check)
    shown = connection.execute(standalone(check)).fetchall()
    assert shown == [tuple(row.values()) for row in archive.result(check, connection)]


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_explanation_is_one_sentence_without_patient_values(check: Check, example: Example) -> None:
    """The message names numbers and UIDs; values that identify a patient stay out, and so do unfilled numbers."""
    for row in archive.run(check, example):
        told = check.explain(row)
        message = told.message if isinstance(told, Problem) else told
        assert message
        assert "\n" not in message
        assert not message.endswith(".")
        assert "None" not in message
        values = {str(row[word]) for row in example.instances for word in PATIENT_KEYWORDS if row.get(word)}
        for value in values:
            for part in {value, *re.split(r"[\^= ]", value)} - {""}:
                assert not re.search(rf"(?<![\w.]){re.escape(part)}(?![\w.])", message), f"{part!r} in {message!r}"


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_severity_is_never_above_the_check(check: Check, example: Example) -> None:
    """A row may be less severe than the check, never more."""
    for row in archive.run(check, example):
        told = check.explain(row)
        if isinstance(told, Problem) and told.severity is not None:
            assert told.severity.rank < check.severity.rank


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_full_severity_is_reached(check: Check) -> None:
    """Some example shows the severity that the page announces."""
    told = [check.explain(row) for example in check.fires for row in archive.run(check, example)]
    assert any(isinstance(one, str) or one.severity is None for one in told)


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_order_of_objects_does_not_matter(check: Check, example: Example) -> None:
    """The same rows in the same order come out, whatever the order of the objects is."""
    rows = [{"file_path": f"/archive/{number}.dcm", **row} for number, row in enumerate(example.instances)]
    shuffled = random.Random(7).sample(rows, len(rows))  # noqa: S311
    first, second = (
        archive.result(check, archive.archive(order, example.references, check), example.settings)
        for order in (rows, shuffled)
    )
    assert first == second


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_empty_archive(check: Check) -> None:
    """An archive without objects has no findings."""
    assert archive.result(check, archive.archive([], check=check)) == []


_SIX = "\\".join
_ODD = [
    *("0", "-1", "-2147483648", "2147483647", "-9223372036854775808", "9" * 40, "1e308", "nan", "inf", "-0.0"),
    *("x", ".", "\\", "\\\\\\", "'", '"', "%", "\n", "\ufffd", "M\u00c3\u00bcller", "*" * 5000),
    *(_SIX([value] * 6) for value in ("1e308", "nan", "inf", "1,5", "0")),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_odd_values_stop_no_check(check: Check) -> None:
    """Whatever stands in the attributes, a check has an answer, and every finding a sentence."""
    sound = [dict(example.instances[0]) for example in check.fires]
    rows = [
        {**row, keyword: value, "SOPInstanceUID": f"1.2.826.{number}", "SeriesInstanceUID": "1.2.826.0.1.1.1"}
        for number, (row, keyword, value) in enumerate(itertools.product(sound[:1], check.reads, _ODD))
    ]
    pairs = [{**rows[0], **dict.fromkeys(check.reads, value)} for value in _ODD for _ in range(2)]
    for some in (rows, pairs):
        for row in archive.result(check, archive.archive(some, check=check)):
            told = check.explain(row)
            assert told.message if isinstance(told, Problem) else told


def test_good_archive_has_no_findings() -> None:
    """A CT with localizer, volume, dose report, key images and a PET of a second patient are in order."""
    rows = list(_good_archive())
    connection = archive.archive(rows)
    assert {check.name: archive.result(check, connection) for check in CHECKS} == {check.name: [] for check in CHECKS}


def _good_archive() -> Iterator[dict[str, str | int]]:
    classes = {
        "CT": "1.2.840.10008.5.1.4.1.1.2",
        "SR": "1.2.840.10008.5.1.4.1.1.88.67",
        "KO": "1.2.840.10008.5.1.4.1.1.88.59",
        "PT": "1.2.840.10008.5.1.4.1.1.128",
    }
    plan = [(1, 1, "CT", 2), (1, 2, "CT", 120), (1, 3, "SR", 1), (1, 4, "KO", 1), (2, 1, "CT", 80), (2, 2, "PT", 80)]
    for study, series, modality, size in plan:
        uid = f"1.2.826.0.1.3680043.9.{study}"
        geometry = {"FrameOfReferenceUID": f"{uid}.0", "Rows": "512", "Columns": "512"} if size > 1 else {}
        for number in range(1, size + 1):
            instance = f"{uid}.{series}.{number}"
            yield {
                "MediaStorageSOPClassUID": classes[modality],
                "MediaStorageSOPInstanceUID": instance,
                "TransferSyntaxUID": "1.2.840.10008.1.2.1",
                "SOPClassUID": classes[modality],
                "SOPInstanceUID": instance,
                "StudyInstanceUID": uid,
                "SeriesInstanceUID": f"{uid}.{series}",
                "StudyDate": "20240131",
                "Modality": modality,
                "SeriesNumber": str(series),
                "InstanceNumber": str(number),
                "Manufacturer": "ACME",
                "ManufacturerModelName": "Scan 1",
                "DeviceSerialNumber": "100",
                "PatientID": f"PID{study}",
                "PatientName": "Doe^Jane",
                "PatientWeight": "71",
                **geometry,
                **(_slice(2.5 * number) if size > 1 else {}),
            }


def _slice(place: float) -> dict[str, str | int]:
    return {
        "ImagePositionPatient": f"-250\\-250\\{place:g}",
        "ImageOrientationPatient": "1\\0\\0\\0\\1\\0",
        "PixelSpacing": "0.9\\0.9",
        "SliceThickness": "2.5",
        "RescaleSlope": "1",
        "RescaleIntercept": "-1024",
    }


def _key(named: object) -> str:
    assert isinstance(named, dict)
    return repr(sorted(named.items()))
