"""Repairs what can be repaired without a guess, in a copy; what needs a decision is listed with whom to ask.

Each repair belongs to the check that finds the fault. They are applied in passes until nothing fires that has one: a
repair may uncover another fault, as a VR that was unknown does. The copy is parsed after every pass, and a pass that
would lose an element or touch pixel data is not taken.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from tagwise.checks.objects import Fault, object_registry
from tagwise.checks.repairs import Added, NewValue, NewVr, Padded, Removed, Rewritten, Sorted
from tagwise.control.selection import Selection
from tagwise.errors import SourceMissing, UsageError
from tagwise.findings import Finding, Level, Place
from tagwise.scanning.elements import SHORT_VRS
from tagwise.standard import tags, vrs
from tagwise.standard.dictionary import tag_text
from tagwise.validation import judged, parsing
from tagwise.validation.objects import Element
from tagwise.validation.rewriting import PIXEL_DATA, Body, Rewriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tagwise.checks.objects import ObjectCheck
    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import DataSet, ParsedObject
    from tagwise.validation.result import CheckResult

_PASSES = 6
_LOSING = frozenset(
    ("damaged", "deflate", "empty", "limit", "not-an-item", "not-dicom", "overrun", "truncated", "unavailable")
)
"""Problems of the parser behind which bytes were left out, or may have been read wrong."""

_ORDER = ("value", "identity", "dictionary", "encoding")
"""Folders of checks in the order of their repairs: a value is stripped before it is padded."""

_GROUP_LENGTH = "encoding/group-length-wrong"


class Change(NamedTuple):
    """One thing that is different in the copy. `attribute` is "" where the object as a whole is meant."""

    check: str
    attribute: str
    tag: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class FixResult:
    """The corrected copy of one object.

    `content` is the copy, or the original where `changes` is empty. `waived` are changes that were not made, because a
    waiver accepts what they would repair. `not_fixed` says why nothing could be repaired, ""
    where that was possible. `result` is what checking the copy gave: its findings need a decision.
    """

    source: str
    content: bytes
    changes: tuple[Change, ...]
    not_fixed: str
    result: CheckResult
    waived: tuple[Change, ...] = ()

    @property
    def remaining(self) -> tuple[Finding, ...]:
        """What is still wrong."""
        return self.result.findings


def decision(check_name: str) -> str:
    """Whom to ask, or what to run: the first step of the check's page; "" for what is no check of one object.

    >>> decision("encoding/odd-length").startswith("Ask the maker")
    True
    """
    entry = object_registry().get(check_name)
    if entry is None:
        return ""
    step = entry.sections()["How to fix"].split("\n2. ")[0].split("\n\n")[0]
    return " ".join(step.removeprefix("1. ").split())


def fix(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    show_values: bool = False,
) -> FixResult:
    """Correct what needs no decision, in memory: the source is only read. Bad data never raises.

    Args:
        source: A path, the bytes of a file, or an open binary file.
        select: As for `tagwise.check`: only what these find is repaired and reported. Delimiters and bytes behind the
            last element are repaired with any other change, because the object is written anew.
        ignore: All but these.
        show_values: Whether evidence may hold patient values.

    Raises:
        SourceMissing: There is no such file, or it is a folder.
        UsageError: The source is none of these, or a word selects nothing.
    """
    return fixed_by(source, Selection(tuple(select), tuple(ignore)), show_values=show_values)


def fixed_by(
    source: Any,
    selection: Selection,
    *,
    show_values: bool = False,
    waived: Callable[[Finding], bool] | None = None,
    path: str | None = None,
) -> FixResult:
    """As `fix`, for a selection that is there already.

    Args:
        waived: Whether somebody has accepted a finding: then it is not repaired.
        path: Where the object came from, if the source is its content.

    Raises:
        SourceMissing: There is no such file, or it is a folder.
        UsageError: The source is nothing that can be corrected.
    """
    name, content = _content(source)
    if path is not None:
        name = path
    elif isinstance(source, str | os.PathLike):
        path = name
    changes: list[Change] = []
    spared: dict[Change, None] = {}
    reason = ""
    for _ in range(_PASSES):
        body, reason = _body(content)
        if body is None:
            break
        asked = _Asked(selection, _accepted(content, path, selection, waived) if waived else None)
        found = list(_unique(_found(body.parsed, asked)))
        spared |= dict.fromkeys(asked.spared)
        new = Rewriter(body, [repair for _, repair in found]).content if asked.number else content
        if new == content:
            break
        reason = _harm(body, new)
        if reason:
            break
        changes += [_change(check_name, repair) for check_name, repair in found]
        content = new
    looked_at = content if content or path is None else source
    result = judged(looked_at, selection, show_values=show_values, path=path)
    result = replace(result, source=name)
    return FixResult(name, content, tuple(changes), reason, result, tuple(spared))


class _Accepted:
    """What is accepted in one object, by check and attribute; a check may fire for more than that."""

    def __init__(self, findings: Iterable[Finding], waived: Callable[[Finding], bool]) -> None:
        self._accepted: set[tuple[str, str]] = set()
        self._open: set[tuple[str, str]] = set()
        for finding in findings:
            key = finding.check, finding.place.attribute if finding.place else ""
            (self._accepted if waived(finding) else self._open).add(key)
        self._wholly = {check for check, _ in self._accepted} - {check for check, _ in self._open}

    def has(self, change: Change) -> bool:
        """Whether nobody wants the change: all that the check found is accepted, or all of this attribute."""
        key = change.check, change.attribute
        return change.check in self._wholly or (key in self._accepted and key not in self._open)


def _accepted(content: bytes, path: str | None, selection: Selection, waived: Callable[[Finding], bool]) -> _Accepted:
    return _Accepted(judged(content, selection, path=path).findings, waived)


class _Asked:
    """What is to be repaired: `number` counts the repairs that were asked for, `spared` has those that are waived."""

    def __init__(self, selection: Selection, accepted: _Accepted | None) -> None:
        self._selection, self._accepted = selection, accepted
        self.number = 0
        self.spared: list[Change] = []

    def takes(self, one: ObjectCheck, repair: Repair) -> bool:
        """Whether a repair is made. Delimiters and the end come right by writing anyway."""
        chosen = self._selection.runs(one) and self._selection.keeps(_finding(one, repair))
        if chosen and self._accepted is not None:
            change = _change(one.name, repair)
            if self._accepted.has(change):
                self.spared.append(change)
                chosen = False
        self.number += chosen
        return chosen or (isinstance(repair, Rewritten) and repair.part == "data")


def _content(source: Any) -> tuple[str, bytes]:
    if isinstance(source, bytes | bytearray | memoryview):
        return "bytes", bytes(source)
    if isinstance(source, str | os.PathLike):
        return os.fspath(source), _file(os.fspath(source))
    if hasattr(source, "read"):
        content = source.read()
        if isinstance(content, bytes):
            return str(getattr(source, "name", "file")), content
        raise UsageError("the file is open for text", hint='Open it with mode "rb"')
    raise UsageError(f"a {type(source).__name__} cannot be fixed", hint="Give a path, bytes or a binary file")


def _file(path: str) -> bytes:
    """The bytes of a file; none where it cannot be read, which checking it says."""
    if not os.path.lexists(path):
        raise SourceMissing(f"there is no file {path!r}")
    if os.path.isdir(path):  # noqa: PTH112 - a path may hold bytes that pathlib would have to decode
        raise SourceMissing(f"{path!r} is a folder", hint="fix() takes one object; `tagwise check --fix` takes folders")
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - as above
            return b""
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            return file.read()
    except (OSError, ValueError):
        return b""


def _body(content: bytes) -> tuple[Body | None, str]:
    """The object to repair; None and the reason where it cannot be read to its end without loss."""
    parsed = parsing.parse_bytes(content)
    lost = next((problem for problem in parsed.problems if problem.kind in _LOSING), None)
    if lost is not None or not parsed.complete:
        told = lost.message if lost is not None else "it cannot be parsed to its end"
        return None, told
    body = Body(content, parsed)
    at = body.unread()
    if at is not None:
        return None, f"bytes at {at:,} belong to no element, and a copy would lose them"
    return body, ""


def _harm(before: Body, new: bytes) -> str:
    """Why a copy may not be used, "" where all elements are there and the pixels are the same."""
    after, reason = _body(new)
    if after is None:
        return f"the copy would be damaged: {reason}"
    old, now = before.pixels(), after.pixels()
    if now not in (old, old + b"\0"):
        return "the copy would have other pixel data"
    return ""


def _found(parsed: ParsedObject, asked: _Asked) -> Iterator[tuple[str, Repair]]:
    """The repairs of everything that fires, in the order in which they are to be done."""
    checks = [one for one in object_registry().values() if one.repair is not None]
    checks.sort(key=lambda one: _ORDER.index(one.folder) if one.folder in _ORDER else len(_ORDER))
    for one in checks:
        for repair in _repairs(one, parsed):
            if asked.takes(one, repair):
                yield one.name, repair


def _finding(one: ObjectCheck, repair: Repair) -> Finding:
    """A finding that stands for a repair, for the words of `--select` and `--ignore`."""
    change = _change(one.name, repair)
    place = Place(change.attribute, change.tag or None, None)
    grades = (one.severity, one.confidence, one.basis)
    return Finding(one.name, one.title, *grades, Level.INSTANCE, {}, change.was, place=place)


def _repairs(one: ObjectCheck, parsed: ParsedObject) -> Iterator[Repair]:
    """What one check would do, wherever it fires; a VR only where the value is sound under it."""
    for arguments in _asked(one, parsed):
        told = one.judge(*arguments)
        if told is None or not (isinstance(told, str | Fault) or list(told)) or one.repair is None:
            continue
        more = (parsed,) if one.target == "problems" else ()
        for repair in one.repair(*arguments, *more):
            if not isinstance(repair, NewVr) or _fits(repair, parsed):
                yield repair


def _asked(one: ObjectCheck, parsed: ParsedObject) -> Iterator[tuple[Any, ...]]:
    """What the check is called with, object by object, as the engine does."""
    if one.target == "problems":
        yield from ((problem,) for problem in parsed.problems if problem.kind in one.problems)
    elif one.target == "object":
        yield (parsed,)
    elif one.target == "data sets":
        yield from ((data_set, parsed) for data_set in parsed.data_sets())
    elif one.target == "values":
        yield from ((element,) for element in parsed.elements if element.raw and element.vr in one.vrs)
    else:
        yield from ((element,) for element in parsed.elements)


def _fits(repair: NewVr, parsed: ParsedObject) -> bool:
    """Whether an element is sound under another VR: length, form and characters, by the checks of that VR."""
    element, vr = repair.element, repair.vr
    if element.items is not None or (element.tag == PIXEL_DATA and parsed.fragments is not None):
        return True
    rule = vrs.by_vr()[vr]
    if vr.encode() in SHORT_VRS and element.length > 0xFFFE:
        return False
    if rule.kind == "number" and parsed.big_endian:
        return False  # nobody says in which byte order a value that was written as UN stands
    if element.raw is None:
        return rule.kind == "binary"
    place = (element.offset, element.start, element.length)
    under = Element(element.tag, element.known, vr, vr, *place, element.raw, element.inside)
    judges = [one for one in object_registry().values() if one.target == "values" and vr in one.vrs]
    return not element.raw or all(one.judge(under) is None for one in judges if one.repair is None)


def _unique(found: Iterable[tuple[str, Repair]]) -> Iterator[tuple[str, Repair]]:
    """One repair for each element and data set in a pass, then the group lengths that become wrong by them."""
    taken: set[object] = set()
    touched: dict[int, DataSet] = {}
    for check_name, repair in found:
        key = _key(repair)
        if key in taken:
            continue
        taken.add(key)
        for data_set in _around(repair):
            touched[id(data_set)] = data_set
        yield check_name, repair
    for data_set in touched.values():
        for element in data_set.elements:
            if not element.tag & 0xFFFF and data_set.part == "data" and ("element", id(element)) not in taken:
                yield _GROUP_LENGTH, Removed(element, "a retired group length, wrong after the other changes")


def _key(repair: Repair) -> object:
    if isinstance(repair, NewValue | Padded | NewVr | Removed):
        return "element", id(repair.element)
    if isinstance(repair, Added):
        return "added", id(repair.data_set), repair.tag
    if isinstance(repair, Sorted):
        return "sorted", id(repair.data_set)
    return repair


def _around(repair: Repair) -> Iterator[DataSet]:
    """The data sets whose size a repair changes, from the inside out."""
    if isinstance(repair, Sorted | Rewritten) and not (isinstance(repair, Rewritten) and repair.element):
        return
    inside: DataSet | None = repair.data_set if isinstance(repair, Added | Sorted) else repair.element.inside  # type: ignore[union-attr] # None was left above
    while inside is not None:
        yield inside
        inside = inside.sequence.inside if inside.sequence is not None else None


def _change(check_name: str, repair: Repair) -> Change:
    """A repair for a report."""
    if isinstance(repair, NewVr):
        place = (repair.element.path, tag_text(repair.element.tag))
        return Change(check_name, *place, f"VR {repair.element.written}", f"VR {repair.vr}")
    if isinstance(repair, Added):
        name = tags.by_number()[repair.tag].keyword or tag_text(repair.tag)
        return Change(check_name, _path(repair.data_set, name), tag_text(repair.tag), "absent", repair.now)
    if isinstance(repair, Sorted):
        return Change(check_name, _path(repair.data_set, ""), "", repair.was, "in the order of their tags")
    if isinstance(repair, Removed):
        return Change(check_name, repair.element.path, tag_text(repair.element.tag), repair.was, "left out")
    element = repair.element
    attribute, tag = (element.path, tag_text(element.tag)) if element is not None else ("", "")
    return Change(check_name, attribute, tag, repair.was, repair.now)


def _path(data_set: DataSet, name: str) -> str:
    """The path of an attribute in a data set, or of the item itself."""
    if data_set.sequence is None:
        return name
    item = f"{data_set.sequence.path}[{data_set.number}]"
    return f"{item}.{name}" if name else item
