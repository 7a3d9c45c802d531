"""Every kind of damage is found by the check that must, in every kind of object, and repaired where that is claimed."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.mutations.encoding import ENCODING
from tests.mutations.kinds import EVERY, Mutation
from tests.mutations.modules import MODULES
from tests.mutations.sound import sound
from tests.mutations.values import ADDED, VALUES

import tagwise
from tagwise.checks.objects import object_registry
from tagwise.findings import Severity
from tagwise.validation import parsing
from tagwise.validation.rewriting import Body

MUTATIONS: list[Mutation] = [*ENCODING, *VALUES, *ADDED, *MODULES]
REPAIRED = {name for name, check in object_registry().items() if check.repair is not None}


def _worse(findings: object) -> set[str]:
    return {one.check for one in findings if one.severity.reaches(Severity.MEDIUM)}  # type: ignore[attr-defined] # a tuple


def _names(findings: object) -> set[str]:
    return {one.check for one in findings}  # type: ignore[attr-defined] # a tuple of findings


def _pixels(content: bytes) -> bytes:
    return Body(content, parsing.parse_bytes(content)).pixels()


@pytest.mark.parametrize("kind", EVERY)
def test_undamaged_objects_are_sound(kind: str) -> None:
    """What is damaged has no finding of medium severity or worse before, and nothing to repair."""
    content = sound(kind).content()
    assert _worse(tagwise.check(content).findings) == set()
    assert tagwise.fix(content).content == content


def test_names_are_unique() -> None:
    """A table of mutations can be read by their names."""
    assert [name for name, number in Counter(one.name for one in MUTATIONS).items() if number > 1] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_damage_is_found(mutation: Mutation) -> None:
    """The check that must find it does, in each kind of object, and no other cries out that has no reason to."""
    missed, unexpected = [], []
    for kind in mutation.of:
        findings = tagwise.check(mutation.content(sound(kind))).findings
        if mutation.check not in _names(findings):
            missed.append((kind, _names(findings)))
        unexpected += [(kind, name) for name in _worse(findings) - {mutation.check} - mutation.brings]
    assert missed == []
    assert unexpected == []


@pytest.mark.parametrize("mutation", [one for one in MUTATIONS if one.check in REPAIRED], ids=str)
def test_damage_is_repaired(mutation: Mutation) -> None:
    """What has a repair no longer fires, pixel data is the same, and a second repair finds nothing to do."""
    for kind in mutation.of:
        content = mutation.content(sound(kind))
        fixed = tagwise.fix(content)
        assert (mutation.check in _names(fixed.remaining)) == bool(mutation.undecided), kind
        assert _worse(fixed.remaining) <= _worse(tagwise.check(content).findings), kind
        again = tagwise.fix(fixed.content)
        assert (again.changes, again.content) == ((), fixed.content), kind
        if not mutation.undecided:
            assert _pixels(fixed.content) == _pixels(content), kind
