"""What a destination would do with one object, by the same facts as the pages: accept, alter or refuse it.

Nothing is asked of a live service. Where no fact is listed for an attribute, the default of the service holds, and the
answer says so; what is our conclusion is marked.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

from tagwise.errors import UsageError
from tagwise.findings import Severity
from tagwise.knowledge import cloud, oie, target_rules
from tagwise.standard import dictionary, uids
from tagwise.validation import check, parsing
from tagwise.validation.rewriting import PIXEL_DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.limits import Limit
    from tagwise.knowledge.target_rules import Rule
    from tagwise.validation.objects import Element, ParsedObject
    from tagwise.validation.result import CheckResult

Verdict = Literal["accepted", "altered", "refused", "unclear"]

_SOP_CLASS = 0x00080016
_BITS_ALLOCATED = 0x00280100
_LISTENER = "the DICOM listener of Mirth Connect and Open Integration Engine"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens to the object, or that cannot be seen in it.

    `effect` is refused, altered or note. `attribute` is the keyword concerned, "" for the object as a whole. `inferred`
    says that no source states it; `disagrees` what another source says otherwise. The main source comes first.
    """

    effect: str
    attribute: str
    message: str
    sources: tuple[Source, ...]
    inferred: bool = False
    disagrees: str = ""


@dataclass(frozen=True, slots=True)
class Preflight:
    """The verdict of one destination: `unclear` where the object cannot be parsed to its end, else the worst effect."""

    target: str
    name: str
    verdict: Verdict
    effects: tuple[Effect, ...]

    def exit_code(self, fail_on: Severity) -> int:
        """1 where the verdict reaches `fail_on`: refused and unclear count as high, altered as medium."""
        graded = {"refused": Severity.HIGH, "unclear": Severity.HIGH, "altered": Severity.MEDIUM}.get(self.verdict)
        return int(graded is not None and graded.reaches(fail_on))


def preflight(source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO, target: str) -> Preflight:
    """Say what a destination would do with an object.

    Args:
        source: A path, the bytes of a file, or an open binary file.
        target: `aws`, `azure-v1`, `azure-v2`, `google` or `oie`.

    Raises:
        UsageError: There is no such target, or the source is none of these.
        SourceMissing: There is no such file, or it is a folder.
    """
    if target not in target_rules.TARGETS:
        raise UsageError(f"there is no target {target!r}", hint=f"The targets are {', '.join(target_rules.TARGETS)}")
    given: Any = source
    if not isinstance(given, str | os.PathLike | bytes | bytearray | memoryview):
        if not hasattr(given, "read"):
            raise UsageError(f"a {type(given).__name__} cannot be sent", hint="Give a path, bytes or a binary file")
        given = given.read()
    result = check(given)
    parsed = parsing.parse_bytes(bytes(given)) if isinstance(given, bytes | bytearray | memoryview) else None
    parsed = parsing.parse_file(given) if parsed is None else parsed
    name = _LISTENER if target == "oie" else next(one.name for one in cloud.services() if one.key == target)
    if not parsed.complete:
        why = parsed.problems[-1].message if parsed.problems else "the object cannot be parsed to its end"
        return Preflight(target, name, "unclear", (Effect("note", "", why, ()),))
    preamble = _preamble(given) if parsed.meta_start == 132 else bytes(128)
    effects = tuple(_listener(parsed) if target == "oie" else _service(target, parsed, result, preamble))
    worst = max((target_rules.EFFECTS.index(one.effect) for one in effects), default=0)
    verdicts: tuple[Verdict, ...] = ("accepted", "altered", "refused")
    return Preflight(target, name, verdicts[worst], effects)


def _preamble(source: str | os.PathLike[str] | bytes) -> bytes:
    if not isinstance(source, str | os.PathLike):
        return bytes(source[:128])
    with open(source, "rb") as file:  # noqa: PTH123 - a path may hold bytes that pathlib would have to decode
        return file.read(128)


def _listener(parsed: ParsedObject) -> Iterator[Effect]:
    """The listener refuses what it was not told to accept when the association is negotiated."""
    accepted = oie.accepted()
    source = (oie.source(),)
    sop_class = parsed.root.text(_SOP_CLASS) or parsed.meta.text(0x00020002) or ""
    if not oie.accepts(sop_class):
        number = sum(one.kind == "SOP class" for one in accepted)
        what = f"{_named(sop_class)} is not among them" if sop_class else "the object does not name its own"
        yield Effect("refused", "SOPClassUID", f"accepts {number} SOP classes unless told otherwise; {what}", source)
    if not oie.accepts(parsed.syntax or ""):
        number = sum(one.kind == "transfer syntax" for one in accepted)
        what = f"{_named(parsed.syntax)} is not among them" if parsed.syntax else "the object does not name its own"
        told = f"accepts {number} transfer syntaxes unless told otherwise; {what}, so the sender has to convert it"
        yield Effect("refused", "TransferSyntaxUID", told, source)
    told = "whether the channel behind the listener takes, changes or drops the object cannot be seen here"
    yield Effect("note", "", told, ())


def _named(uid: str) -> str:
    entry = uids.by_uid().get(uid)
    return f"{entry.name} ({uid})" if entry else uid[:70]


def _service(target: str, parsed: ParsedObject, result: CheckResult, preamble: bytes) -> Iterator[Effect]:
    preflight_of = _Service(target, parsed, result, preamble)
    for rule in target_rules.rules_of(target):
        yield from preflight_of.effects(rule)
    service = next(one for one in cloud.services() if one.key == target)
    yield Effect("note", "", f"attributes that no fact is listed for: {service.says}", service.sources)


class _Service:
    """One object before one cloud service."""

    def __init__(self, target: str, parsed: ParsedObject, result: CheckResult, preamble: bytes) -> None:
        self._target = cast("cloud.ServiceKey", target)
        self._parsed, self._result, self._preamble = parsed, result, preamble
        self._rules = target_rules.rules_of(target)
        self._keys = {one.keyword for one in cloud.listed_facts() if one.service == target and one.word == "queryable"}

    def effects(self, rule: Rule) -> Iterator[Effect]:
        """What one rule finds."""
        judges: dict[str, Callable[[Rule], Iterator[Effect]]] = {
            "check": self._check,
            "implicit-vr": self._implicit,
            "invalid": self._invalid,
            "longest": self._longest,
            "preamble": self._zeroed,
            "present": self._present,
            "required": self._required,
            "required-empty": self._required,
            "extended-tags": self._extended,
            "searched": self._searched,
            "searched-vr": self._searched_vr,
            "size": self._size,
            "unseen": self._unseen,
        }
        return judges.get(rule.rule, self._syntax)(rule)

    def _element(self, keyword: str) -> Element | None:
        number = dictionary.by_keyword()[keyword].number
        part = self._parsed.meta if number >> 16 == 2 else self._parsed.root
        return part.get(number)

    def _required(self, rule: Rule) -> Iterator[Effect]:
        for keyword in rule.subject:
            element = self._element(keyword)
            if element is not None and (element.stripped() or element.raw is None):
                continue
            # The last fact is that of a binary store: Google has one for stores of JSON in front of it.
            facts = [one for one in cloud.support(keyword) if one.service == self._target and one.word == "required"]
            fact = facts[-1]
            effect = "refused" if element is None else rule.effect
            missing = "is absent" if element is None else "has no value"
            told = f"{missing}, but required: {fact.says}"
            yield Effect(effect, keyword, told, fact.sources, fact.inferred, fact.disagrees)

    def _longest(self, rule: Rule) -> Iterator[Effect]:
        for fact in cloud.listed_facts():
            if (fact.service, fact.word, fact.unit) != (self._target, "limit", "characters") or not fact.limit:
                continue
            element = self._element(fact.keyword)
            length = 0 if element is None else len(element.text())
            if length > int(fact.limit):
                told = f"has {length:,} characters, the limit is {fact.limit} ({fact.says})"
                told += "; what happens to a longer value no source says"
                yield Effect(rule.effect, fact.keyword, told, fact.sources, inferred=True, disagrees=fact.disagrees)

    def _invalid(self, rule: Rule) -> Iterator[Effect]:
        yield from self._values(rule, rule.subject)

    def _searched(self, rule: Rule) -> Iterator[Effect]:
        """Search keys besides those whose values another rule looks at."""
        others = {keyword for one in self._rules if one.rule == "invalid" for keyword in one.subject}
        yield from self._values(rule, sorted(self._keys - others))

    def _extended(self, rule: Rule) -> Iterator[Effect]:
        """Attributes that become search keys only where somebody made them: nobody can tell from the object."""
        for element in self._parsed.root.elements:
            keyword = element.known.keyword
            found = _broken(element) if keyword and keyword not in self._keys else None
            if found is not None:
                told = f"has a value that fails there, if it is an extended query tag: {found.says}"
                sources = (*found.sources, *cast("Limit", rule.limit).sources)
                yield Effect(rule.effect, keyword, told, tuple(dict.fromkeys(sources)))

    def _values(self, rule: Rule, keywords: tuple[str, ...] | list[str]) -> Iterator[Effect]:
        for keyword in keywords:
            element = self._element(keyword)
            found = None if element is None else _broken(element)
            if found is not None and rule.limit is not None:
                limit = f"limit {found.value} {found.unit}; " if found.value else ""
                told = f"has a value that fails there ({limit}{found.says}); {rule.limit.says}"
                sources = tuple(dict.fromkeys((*found.sources, *rule.limit.sources)))
                yield Effect(rule.effect, keyword, told, sources, rule.limit.inferred, rule.limit.disagrees)

    def _searched_vr(self, rule: Rule) -> Iterator[Effect]:
        for keyword in sorted(self._keys):
            element = self._element(keyword)
            if element is None:
                continue
            if element.written and element.written not in element.known.vrs:
                yield self._stated(rule, keyword, f"has VR {element.written}")
            elif element.raw and element.vr not in ("ST", "LT", "UT") and len(element.strings()) > 1:
                yield self._stated(rule, keyword, f"has {len(element.strings())} values")

    def _size(self, rule: Rule) -> Iterator[Effect]:
        if self._parsed.size > int(rule.value):
            yield self._stated(rule, "", f"the file has {self._parsed.size:,} bytes")

    def _syntax(self, rule: Rule) -> Iterator[Effect]:
        """Transfer syntaxes, of objects with pixels: the first rule that has the syntax is the one that holds."""
        if self._parsed.root.get(PIXEL_DATA) is None or not self._parsed.syntax:
            return
        holding = next(one for one in self._rules if self._holds(one))
        if holding is rule:
            yield self._stated(rule, "TransferSyntaxUID", _named(self._parsed.syntax))

    def _holds(self, rule: Rule) -> bool:
        is_listed = self._parsed.syntax in rule.subject
        if rule.rule == "kept-segmentation":
            return is_listed and self._parsed.root.number_of(_BITS_ALLOCATED) == 1
        return rule.rule == "other-syntax" or (rule.rule in ("kept-syntax", "changed-syntax") and is_listed)

    def _implicit(self, rule: Rule) -> Iterator[Effect]:
        if not self._parsed.explicit:
            yield self._stated(rule, "TransferSyntaxUID", "the object is in implicit VR")

    def _zeroed(self, rule: Rule) -> Iterator[Effect]:
        if any(self._preamble):
            yield self._stated(rule, "", "the preamble of the file is not all zeros")

    def _present(self, rule: Rule) -> Iterator[Effect]:
        for keyword in rule.subject:
            element = self._element(keyword)
            if element is not None and any(item.get(PIXEL_DATA) for item in element.items or ()):
                yield self._stated(rule, keyword, "has pixel data")

    def _check(self, rule: Rule) -> Iterator[Effect]:
        for finding in self._result.findings:
            if finding.check in rule.subject:
                place = finding.place.attribute if finding.place else ""
                yield self._stated(rule, place, f"our check {finding.check} fires")

    def _unseen(self, rule: Rule) -> Iterator[Effect]:
        yield self._stated(rule, "", "cannot be seen in one object")

    def _stated(self, rule: Rule, attribute: str, seen: str) -> Effect:
        """What is seen in the object, and what the fact says about it."""
        limit = cast("Limit", rule.limit)
        number = f" ({limit.value} {limit.unit})" if limit.value and limit.unit in ("GB", "MB") else ""
        told = f"{seen}: {limit.says}{number}"
        return Effect(rule.effect, attribute, told, limit.sources, limit.inferred, limit.disagrees)


def _broken(element: Element) -> Limit | None:
    """The rule of Azure for the VR that a value breaks. An empty value is another rule's matter."""
    rule = target_rules.value_rules().get(element.known.vr)
    if rule is None or not element.raw:
        return None
    pattern, limit = rule
    text = element.text()
    values = [text] if element.known.vr in ("LO", "PN") else [value.strip(" \0") for value in text.split("\\")]
    is_sound = all(not value or (pattern.fullmatch(value) and _in_range(element, value)) for value in values)
    return None if is_sound else limit


def _in_range(element: Element, value: str) -> bool:
    """What an expression cannot say: the calendar of dates, 32 bits of numbers."""
    if element.known.vr == "IS":
        return len(value) < 40 and -(2**31) <= int(value) < 2**31
    if element.known.vr != "DA":
        return True
    try:
        dt.date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return False
    return True
