"""What a check of one object is. A file has it beside, or instead of, its archive form; the page is the same.

A check says what it wants to look at: the elements of some VRs, the elements with some tags, every element, every data
set, the whole object, or the problems of some kinds that the parser met. It gets only these, and returns what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tagwise.checks import Check, module_of, modules, named, page_of, sections_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

    from tagwise.checks import Source
    from tagwise.checks.repairs import Repair
    from tagwise.checks.writing import Given
    from tagwise.findings import Basis, Confidence, EvidenceValue, Severity
    from tagwise.validation.objects import Element

Target = Literal["values", "tags", "elements", "data sets", "object", "problems"]
"""What a check is called with.

`values`: elements of its VRs, or with its keywords, that have a value. `tags`: every element, where tag and VR alone
decide, so that the answer is asked for once and kept. `elements`: every element. `data sets`: the object, then each
item. `object`: all of it. `problems`: what the parser met, of its kinds.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of an object.

    `message` is a sentence without patient values. `at` is the element concerned, None where `offset` alone says where
    or the object as a whole is meant. `severity` is below the check's own. `evidence` are counts in lower case, and
    values under names that end in their keyword.
    """

    message: str
    at: Element | None = None
    offset: int | None = None
    severity: Severity | None = None
    evidence: Mapping[str, EvidenceValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectExample:
    """An object, and the paths of the elements that the check must name in it; "" stands for the object as a whole.

    `elements` are written exactly as given behind sound file meta information for `syntax`; `content` is there for
    objects that are broken in other ways, and is a whole file.
    """

    says: str
    elements: Sequence[Given] = ()
    expect: Sequence[str] = ()
    syntax: str = "1.2.840.10008.1.2.1"
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class ObjectCheck:
    """A registered check of one object: its facts, its page text, and the function that judges."""

    name: str
    title: str
    doc: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    target: Target
    judge: Callable[..., Any]
    references: tuple[str, ...]
    sources: tuple[Source, ...]
    since: str
    fires: tuple[ObjectExample, ...]
    silent: tuple[ObjectExample, ...]
    vrs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    repair: Callable[..., Iterable[Repair]] | None = None
    concerns: Callable[[tuple[int, ...]], bool] | None = None

    @property
    def folder(self) -> str:
        """The first part of the name: `value` of `value/date-impossible`."""
        return self.name.partition("/")[0]

    def sections(self) -> dict[str, str]:
        """The text of the page by heading, in the order of the file."""
        return sections_of(self.doc)


def object_check(
    *,
    severity: Severity,
    confidence: Confidence,
    basis: Basis,
    target: Target,
    references: tuple[str, ...],
    since: str,
    fires: tuple[ObjectExample, ...],
    silent: tuple[ObjectExample, ...],
    sources: tuple[Source, ...] = (),
    vrs: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
    problems: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    repair: Callable[..., Iterable[Repair]] | None = None,
    concerns: Callable[[tuple[int, ...]], bool] | None = None,
) -> Callable[[Callable[..., Any]], ObjectCheck]:
    """Turn the one function of a check file into its ObjectCheck; the file's docstring is its page.

    The function is called, by `target`, as `judge(element)` for values, tags and elements, `judge(data_set, parsed)`
    for data sets, `judge(parsed)` for the object and `judge(problem)` for problems. It returns nothing where all is
    well, else a sentence, a Fault or several.

    Args:
        vrs: For values: those whose elements are looked at. Elements without a value are not.
        reads: For values: keywords of elements that are looked at. For others: what is read, for the page.
        problems: For problems: the kinds.
        repair: What `--fix` does where the check fired, called as the function is (`tagwise.checks.repairs`);
            for problems with the object behind the problem.
        concerns: For data sets: whether one with these tags, in this order, can have the fault at all. It is asked once
            for data sets with the same tags.
    """

    def register(judge: Callable[..., Any]) -> ObjectCheck:
        name, title, doc = page_of(judge)
        return ObjectCheck(
            name=name,
            title=title,
            doc=doc,
            severity=severity,
            confidence=confidence,
            basis=basis,
            target=target,
            judge=judge,
            references=references,
            sources=sources,
            since=since,
            fires=fires,
            silent=silent,
            vrs=vrs,
            reads=reads,
            problems=problems,
            aliases=aliases,
            repair=repair,
            concerns=concerns,
        )

    return register


def object_form(
    of: Check,
    *,
    target: Target,
    fires: tuple[ObjectExample, ...],
    silent: tuple[ObjectExample, ...],
    vrs: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
    problems: tuple[str, ...] = (),
    repair: Callable[..., Iterable[Repair]] | None = None,
    concerns: Callable[[tuple[int, ...]], bool] | None = None,
) -> Callable[[Callable[..., Any]], ObjectCheck]:
    """Give an archive check a form for one object, under the same name and page.

    The variable it is assigned to is called `of_one_object`. Where the examples of the archive form are objects, tests
    run them through this form too, and the two must agree.
    """

    def register(judge: Callable[..., Any]) -> ObjectCheck:
        return ObjectCheck(
            name=of.name,
            title=of.title,
            doc=of.doc,
            severity=of.severity,
            confidence=of.confidence,
            basis=of.basis,
            target=target,
            judge=judge,
            references=of.references,
            sources=of.sources,
            since=of.since,
            fires=fires,
            silent=silent,
            vrs=vrs,
            reads=reads,
            problems=problems,
            aliases=of.aliases,
            repair=repair,
            concerns=concerns,
        )

    return register


@cache
def object_registry() -> Mapping[str, ObjectCheck]:
    """Every check of one object by name, in the order of names.

    >>> "value/date-impossible" in object_registry()
    True
    """
    found = (_object_form(module) for module in modules())
    return {entry.name: entry for entry in sorted(filter(None, found), key=lambda entry: entry.name)}


def _object_form(module: ModuleType) -> ObjectCheck | None:
    """The form for one object in the file of a check: the check itself, or what stands beside its archive form."""
    entries = (getattr(module, name, None) for name in (module.__name__.rpartition(".")[2], "of_one_object"))
    return next((entry for entry in entries if isinstance(entry, ObjectCheck)), None)


def forms(name: str) -> tuple[Check | None, ObjectCheck | None]:
    """The archive form and the form for one object of a check; only its own file is imported.

    >>> [form is not None for form in forms("identity/uid-malformed")]
    [True, True]

    Raises:
        KeyError: There is no such check.
    """
    found = named(name)
    return (found if isinstance(found, Check) else None), _object_form(module_of(name))
