"""How severe a finding is: what the words of the examples promise, and the cases that decide about a night's sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checks import archive

from tagwise.checks import Check, Example, Problem, registry
from tagwise.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {", a minor fault": Severity.LOW, ", less severe": Severity.MEDIUM}
EXAMPLES = [(check, example) for check in registry().values() for example in check.fires]

WORST = [
    ("identity/series-uid-reused", "two studies share one series UID", Severity.HIGH),
    ("identity/series-uid-reused", "two patients share one series UID", Severity.HIGH),
    ("identity/series-uid-reused", "a CT and an MR share one series UID", Severity.HIGH),
    ("identity/series-uid-reused", "two scanners share one series UID", Severity.MEDIUM),
    ("identity/series-uid-reused", "two series numbers under one series UID", Severity.MEDIUM),
    ("identity/study-uid-in-several-patients", "two Patient IDs in one study", Severity.HIGH),
    ("identity/sop-uid-different-content", "one UID, two patients", Severity.HIGH),
    ("identity/sop-uid-different-content", "one UID, two patients, the second copy compressed", Severity.HIGH),
    ("identity/sop-uid-different-content", "one UID, an image and a clip of two frames", Severity.HIGH),
    ("identity/sop-uid-different-content", "one UID, headers differ elsewhere", Severity.MEDIUM),
    ("patient/id-missing", "a study without a Patient ID", Severity.HIGH),
    ("patient/id-missing", "two people with the ID UNKNOWN", Severity.HIGH),
    ("patient/id-of-two-persons", "two names and two birth dates under one ID", Severity.HIGH),
    ("patient/demographics-differ-in-study", "two names and two birth dates in one study", Severity.HIGH),
    ("study/accession-number-of-two-patients", "one number, two people", Severity.HIGH),
    ("consistency/laterality-differs", "an image with Laterality L and Image Laterality R", Severity.HIGH),
    ("consistency/sop-class-mixed-in-series", "single-frame and enhanced CT in one series", Severity.MEDIUM),
    ("consistency/frame-of-reference-differs", "a CT series with two frames of reference", Severity.MEDIUM),
]


def _severities(check: Check, example: Example) -> set[Severity]:
    told = [check.explain(row) for row in archive.run(check, example)]
    return {(isinstance(one, Problem) and one.severity) or check.severity for one in told}


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=lambda value: getattr(value, "says", None))
def test_severity_is_what_the_example_says(check: Check, example: Example) -> None:
    """An example that calls itself a minor fault is low, one that is less severe is medium."""
    promised = [severity for words, severity in WORDS.items() if example.says.endswith(words)]
    assert len(promised) <= 1
    if promised:
        assert _severities(check, example) == set(promised)


@pytest.mark.parametrize(("name", "says", "severity"), WORST)
def test_severity_of_the_cases_that_matter(name: str, says: str, severity: Severity) -> None:
    """What can show one person's images under another name is high; what only disturbs is not."""
    check = registry()[name]
    (example,) = (example for example in check.fires if example.says == says)
    assert _severities(check, example) == {severity}


@pytest.mark.parametrize(
    ("second", "severity"),
    [
        ({"PatientName": "DOE^JANE^^^"}, Severity.MEDIUM),
        ({"PatientName": ""}, Severity.HIGH),
        ({"PatientBirthDate": ""}, Severity.HIGH),
        ({"PatientName": "Doe^Janet"}, Severity.HIGH),
        ({"PatientBirthDate": "19710101"}, Severity.HIGH),
    ],
)
def test_two_patient_ids_are_one_person_only_if_everything_says_so(
    second: Mapping[str, str], severity: Severity
) -> None:
    """A missing name or birth date is no proof that two IDs belong to one person."""
    first = {
        "StudyInstanceUID": "1.2.826.0.1.1",
        "PatientID": "1",
        "PatientName": "Doe^Jane",
        "PatientBirthDate": "19700101",
    }
    example = Example("two IDs", [first, {**first, "PatientID": "2", **second}])
    assert _severities(registry()["identity/study-uid-in-several-patients"], example) == {severity}
