"""Words that choose checks and findings: names, folders, severities, bases and attributes, in one spelling for all.

Words of one kind are alternatives, and each kind that is named must hold: `value,encoding,high` is what is high among
the findings of two folders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

from tagwise.checks import about as about_check
from tagwise.checks import registry
from tagwise.checks.objects import ObjectCheck, object_registry
from tagwise.errors import UsageError
from tagwise.findings import Basis, Severity
from tagwise.standard import dictionary
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.checks import Check
    from tagwise.findings import Finding

Kind = Literal["check", "severity", "basis", "attribute"]
Word = tuple[Kind, str]

ENGINE = "engine"
"""The folder of findings about tagwise itself. No word takes them away: they say that something is missing."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which checks run and which findings are wanted. Nothing selected means all; what is ignored is never wanted.

    `grades` maps names of checks and folders to the severity that replaces their own; the name of a check wins over
    its folder.

    Raises:
        UsageError: A word names nothing.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    grades: tuple[tuple[str, Severity], ...] = ()
    _wanted: Mapping[Kind, frozenset[str]] = field(init=False, repr=False, compare=False)
    _unwanted: Mapping[Kind, frozenset[str]] = field(init=False, repr=False, compare=False)
    _grades: Mapping[str, Severity] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_wanted", _by_kind(map(parse, self.select)))
        object.__setattr__(self, "_unwanted", _by_kind(map(parse, self.ignore)))
        object.__setattr__(self, "_grades", {check_or_folder(word): grade for word, grade in self.grades})

    def runs(self, check: Check | ObjectCheck) -> bool:
        """Whether the check could have a finding that is wanted, as far as its name, folder and basis tell."""
        told: tuple[tuple[Kind, tuple[str, ...]], ...] = (
            ("check", (check.name, check.folder)),
            ("basis", (check.basis.value,)),
        )
        for kind, found in told:
            wanted = self._wanted.get(kind)
            if wanted and wanted.isdisjoint(found):
                return False
            if not self._unwanted.get(kind, frozenset()).isdisjoint(found):
                return False
        if isinstance(check, ObjectCheck):
            return True  # each finding has an attribute of its own
        about, attributes = _about(check.name), self._wanted.get("attribute")
        return not (attributes and attributes.isdisjoint(about)) and about.isdisjoint(
            self._unwanted.get("attribute", ())
        )

    def severity(self, check: Check | ObjectCheck, own: Severity) -> Severity:
        """The severity of a finding of the check: its own, unless it is graded anew."""
        if not self._grades:
            return own
        return self._grades.get(check.name) or self._grades.get(check.folder) or own

    def keeps(self, finding: Finding) -> bool:
        """Whether the finding is of a severity that is wanted and about an attribute that is."""
        wanted, unwanted = self._wanted, self._unwanted
        if finding.check.startswith(f"{ENGINE}/"):
            return True
        graded = wanted.get("severity")
        if (graded and finding.severity not in graded) or finding.severity in unwanted.get("severity", ()):
            return False
        attributes, without = wanted.get("attribute"), unwanted.get("attribute")
        if not attributes and not without:
            return True
        concerned = attributes_of(finding)
        return not (attributes and attributes.isdisjoint(concerned)) and not (
            without and not without.isdisjoint(concerned)
        )


def attributes_of(finding: Finding) -> frozenset[str]:
    """The attributes of a finding: those on its path in an object, else those that its check is about.

    An attribute of a sequence is also about the sequence.
    """
    place = finding.place
    if place is not None:
        return frozenset(part.partition("[")[0] for part in place.attribute.split("."))
    return _about(finding.check)


@cache
def _about(name: str) -> frozenset[str]:
    check = registry().get(name)
    if check is None:
        return frozenset()
    return frozenset(check.about or about_check.attributes(check.title, check.reads, check.subject))


@cache
def parse(word: str) -> Word:
    """What a word means.

    >>> parse("value/"), parse("high"), parse("basis:vendor"), parse("0010,0010")
    (('check', 'value'), ('severity', 'high'), ('basis', 'vendor'), ('attribute', 'PatientName'))

    Raises:
        UsageError: It names nothing: a typing error would silently switch everything off.
    """
    if word in tuple(Severity):
        return "severity", word
    kind, colon, rest = word.partition(":")
    if colon and kind == "basis" and rest in tuple(Basis):
        return "basis", rest
    name = names().get(word.strip("/"))
    if name:
        return "check", name
    keyword = attribute(word)
    if keyword:
        return "attribute", keyword
    near = nearest(word)
    raise UsageError(
        f"{word!r} is no check, folder of checks, severity, basis or attribute",
        hint=f"Did you mean {', '.join(near)}?" if near else "`tagwise list checks` lists all checks",
    )


def check_or_folder(word: str) -> str:
    """The name of a check, by its name or an earlier one, or of a folder of checks.

    Raises:
        UsageError: There is no such check or folder.
    """
    name = names().get(word.strip("/"))
    if name is None:
        near = nearest(word)
        raise UsageError(
            f"{word!r} is no check or folder of checks",
            hint=f"Did you mean {', '.join(near)}?" if near else "`tagwise list checks` lists all checks",
        )
    return name


def attribute(word: str) -> str | None:
    """The keyword of an attribute in any spelling, the tag of a private element; None where it is neither."""
    if "/" in word or not word:
        return None
    found = dictionary.lookup(word)
    if found is not None:
        return found.keyword
    digits = dictionary.tag_digits(word)
    return f"({digits[:4]},{digits[4:]})" if digits else None


def nearest(word: str) -> tuple[str, ...]:
    """Up to three words like this one."""
    if word.startswith("basis:"):
        return tuple(f"basis:{basis}" for basis in Basis)
    choices = {*names(), *Severity, *(f"basis:{basis}" for basis in Basis)}
    return closest(word, choices, 3) or (closest(word, dictionary.by_keyword(), 3) if "/" not in word else ())


@cache
def names() -> Mapping[str, str]:
    """Every name of a check or folder to the one it has now."""
    found: dict[str, str] = {}
    checks: tuple[Check | ObjectCheck, ...] = (*registry().values(), *object_registry().values())
    for check in checks:
        found[check.folder] = check.folder
        found[check.name] = check.name
        found.update(dict.fromkeys(check.aliases, check.name))
    return found


def _by_kind(words: Iterable[Word]) -> Mapping[Kind, frozenset[str]]:
    kinds: dict[Kind, set[str]] = {}
    for kind, value in words:
        kinds.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in kinds.items()}


EVERYTHING = Selection()
