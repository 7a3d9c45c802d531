"""One file = one check = one page. This module holds what a check is and collects the files; it is the only registry.

A check file has a docstring with fixed headings (its page), one decorator with its facts, SQL that selects the keys
that are wrong, and a function that turns one row of that result into a sentence. It needs no other registration.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from tagwise.checks.objects import ObjectCheck
    from tagwise.findings import Basis, Confidence, EvidenceValue, Level, Severity

HEADINGS = ("What it finds", "Why it matters", "How to confirm", "How to fix", "Not a problem when")
"""The headings of every page, in this order; a test holds them."""

Relation = Literal[
    "facets", "images", "stacks", "links", "uids", "copies", "vanished", "instances", "stored", "unreadable"
]  # fmt: skip
"""What a check queries.

`facets`: one row per distinct combination of patient, study, series, equipment and class attributes, with a count.
`images`: one row per distinct combination of the attributes that describe pixels, by series, with a count; images only.
`stacks`: one row per set of parallel slices in a series, with their number and distances in mm (`checks.stacks`).
`links`: one row per reference of one object to another, with what is known about both (`checks.links`).
`uids`: one row per UID and attribute, SOP Instance UIDs one by one (`checks.uids`).
`copies`: one row per object whose SOP Instance UID another object has too, with what tells copies apart.
`vanished`: one row per object whose file an earlier scan found and the last one did not (`checks.sql.VANISHED`).
`instances`: one row per readable object, padding removed.
`stored`: the same objects with their text as it stands in the object, padding included.
`unreadable`: one row per object that cannot be read: `file_path`, `file_size`, `read_error` and what was read of it.
"""


Setting = int | float | str | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim on a page comes from, and the day it was read (ISO 8601)."""

    url: str
    checked: str


@dataclass(frozen=True, slots=True)
class Example:
    """Objects as rows of keywords, and the subjects that the check must name for them.

    `references` says which object refers to which: `SOPInstanceUID` is the one that refers, the rest is a row of
    `referenced_objects`.
    """

    says: str
    instances: Sequence[Mapping[str, str | int]]
    expect: Sequence[Mapping[str, str]] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    references: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one subject: a sentence without patient values, and a severity below the check's own."""

    message: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check: its facts, its page text, its SQL and the function that explains one row."""

    name: str
    title: str
    doc: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    level: Level
    relation: Relation
    subject: tuple[str, ...]
    reads: tuple[str, ...]
    sql: str
    explain: Callable[[Mapping[str, EvidenceValue]], Problem | str]
    references: tuple[str, ...]
    sources: tuple[Source, ...]
    since: str
    fires: tuple[Example, ...]
    silent: tuple[Example, ...]
    aliases: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    grain: Mapping[str, Level] = field(default_factory=dict)
    spares: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The first part of the name: `identity` of `identity/series-uid-reused`."""
        return self.name.partition("/")[0]

    def sections(self) -> dict[str, str]:
        """The text of the page by heading, in the order of the file."""
        return sections_of(self.doc)


def sections_of(doc: str) -> dict[str, str]:
    """The text of a page by heading."""
    parts = re.split(r"^## (.+)$", doc, flags=re.MULTILINE)
    return {heading.strip(): body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def check(
    *,
    severity: Severity,
    confidence: Confidence,
    basis: Basis,
    level: Level,
    relation: Relation,
    subject: tuple[str, ...],
    reads: tuple[str, ...],
    sql: str,
    references: tuple[str, ...],
    sources: tuple[Source, ...],
    since: str,
    fires: tuple[Example, ...],
    silent: tuple[Example, ...],
    aliases: tuple[str, ...] = (),
    settings: Mapping[str, Setting] | None = None,
    about: tuple[str, ...] = (),
    grain: Mapping[str, Level] | None = None,
    spares: tuple[str, ...] = (),
    repeats: tuple[str, ...] = (),
) -> Callable[[Callable[[Mapping[str, EvidenceValue]], Problem | str]], Check]:
    """Turn the one function of a check file into its Check; the file's docstring is its page.

    Args:
        level: What the subject is.
        relation: The table that `sql` selects from.
        subject: The columns of the result that name the subject: keywords of UIDs, or of what names a device, or
            `file_path`. Never a patient attribute: a finding about a patient names one of the studies.
        reads: The attributes that the check needs, by keyword; a scan fetches them.
        sql: Selects one row per subject. Its other columns are the evidence: counts in lower case, and attribute
            values in columns that end in their keyword (`first_Modality`), so that patient values can be left out.
            Settings are named parameters (`$max_instances`).
        settings: Default of each parameter of `sql`.
        about: The attributes of `reads` that may be wrong, where the title does not name them (`checks.about`): their
            pages explain the check, pages of other attributes only name it.
        grain: For what an attribute of `reads` must be true, where `checks.grain` would conclude something else.
        spares: Attributes of `reads` without which, or with one value for many objects, what the check finds is true
            all the same, only less: a source that lacks them has an answer in part.
        repeats: Attributes, the subject first: `sql` names those subjects only of which two `instances` or more have
            equal values in all of them. An audit of millions of objects looks for these first.
    """

    def register(explain: Callable[[Mapping[str, EvidenceValue]], Problem | str]) -> Check:
        name, title, doc = page_of(explain)
        return Check(
            name=name,
            title=title,
            doc=doc,
            severity=severity,
            confidence=confidence,
            basis=basis,
            level=level,
            relation=relation,
            subject=subject,
            reads=reads,
            sql=sql.strip(),
            explain=explain,
            references=references,
            sources=sources,
            since=since,
            fires=fires,
            silent=silent,
            aliases=aliases,
            settings=settings or {},
            about=about,
            grain=grain or {},
            spares=spares,
            repeats=repeats,
        )

    return register


def page_of(function: Callable[..., object]) -> tuple[str, str, str]:
    """Name, title and text of the check whose file has this function: the file's name and its docstring."""
    title, _, doc = (sys.modules[function.__module__].__doc__ or "").strip().partition("\n")
    folder, stem = function.__module__.split(".")[-2:]
    return f"{folder}/{stem.replace('_', '-')}", title.rstrip("."), doc.strip()


@cache
def modules() -> tuple[ModuleType, ...]:
    """The modules of all check files, imported once, in the order of names."""
    found = []
    for folder in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        if not folder.ispkg:
            continue
        infos = pkgutil.iter_modules(importlib.import_module(folder.name).__path__, prefix=f"{folder.name}.")
        names = [info.name for info in infos]
        # What starts with an underscore is what several checks of a folder share.
        found += [importlib.import_module(name) for name in names if not name.rpartition(".")[2].startswith("_")]
    return tuple(found)


@cache
def registry() -> Mapping[str, Check]:
    """Every archive check by name, in the order of names; `objects.object_registry` has those of one object.

    >>> "identity/series-uid-reused" in registry()
    True
    """
    entries = [getattr(module, module.__name__.rpartition(".")[2]) for module in modules()]
    return {entry.name: entry for entry in sorted((e for e in entries if isinstance(e, Check)), key=lambda e: e.name)}


def module_of(name: str) -> ModuleType:
    """The file of the check with exactly this name; no other check is imported.

    Raises:
        KeyError: There is no such check.
    """
    folder, _, stem = name.replace("-", "_").partition("/")
    try:
        found = importlib.import_module(f"{__name__}.{folder}.{stem}")
    except ImportError as error:
        raise KeyError(name) from error
    if getattr(getattr(found, stem, None), "name", "") != name:
        raise KeyError(name)
    return found


def named(name: str) -> Check | ObjectCheck:
    """The check with exactly this name, its archive form if it has one; only its own file is imported.

    >>> named("identity/series-uid-reused").severity.value
    'high'

    Raises:
        KeyError: There is no such check.
    """
    module = module_of(name)
    return cast("Check | ObjectCheck", getattr(module, module.__name__.rpartition(".")[2]))
