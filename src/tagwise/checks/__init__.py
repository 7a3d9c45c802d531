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
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagwise.findings import Basis, Confidence, EvidenceValue, Level, Severity

HEADINGS = ("What it finds", "Why it matters", "How to confirm", "How to fix", "Not a problem when")
"""The headings of every page, in this order; a test holds them."""

Relation = Literal["facets", "images", "stacks", "links", "vanished", "instances", "stored", "unreadable"]
"""What a check queries.

`facets`: one row per distinct combination of patient, study, series, equipment and class attributes, with a count.
`images`: one row per distinct combination of the attributes that describe pixels, by series, with a count; images only.
`stacks`: one row per set of parallel slices in a series, with their number and distances in mm (`checks.stacks`).
`links`: one row per reference of one object to another, with what is known about both (`checks.links`).
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

    @property
    def folder(self) -> str:
        """The first part of the name: `identity` of `identity/series-uid-reused`."""
        return self.name.partition("/")[0]

    def sections(self) -> dict[str, str]:
        """The text of the page by heading, in the order of the file."""
        parts = re.split(r"^## (.+)$", self.doc, flags=re.MULTILINE)
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
) -> Callable[[Callable[[Mapping[str, EvidenceValue]], Problem | str]], Check]:
    """Turn the one function of a check file into its Check; the file's docstring is its page.

    Args:
        level: What the subject is.
        relation: The table that `sql` selects from.
        subject: The columns of the result that name the subject: keywords of UIDs, or `file_path`.
        reads: The attributes that the check needs, by keyword; a scan fetches them.
        sql: Selects one row per subject. Its other columns are the evidence: counts in lower case, and attribute
            values in columns that end in their keyword (`first_Modality`), so that patient values can be left out.
            Settings are named parameters (`$max_instances`).
        settings: Default of each parameter of `sql`.
    """

    def register(explain: Callable[[Mapping[str, EvidenceValue]], Problem | str]) -> Check:
        title, _, doc = (sys.modules[explain.__module__].__doc__ or "").strip().partition("\n")
        folder, stem = explain.__module__.split(".")[-2:]
        return Check(
            name=f"{folder}/{stem.replace('_', '-')}",
            title=title.rstrip("."),
            doc=doc.strip(),
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
        )

    return register


def load(name: str) -> Check:
    """The check with this name, without importing the others: a page should not wait for a hundred files.

    >>> load("identity/series-uid-reused").folder
    'identity'

    Raises:
        ModuleNotFoundError: There is no such check.
    """
    folder, _, stem = name.replace("-", "_").partition("/")
    module = importlib.import_module(f"{__name__}.{folder}.{stem}")
    found: Check = getattr(module, stem)
    return found


@cache
def registry() -> Mapping[str, Check]:
    """Every check by name, in the order of names, found by walking this package once.

    >>> "identity/series-uid-reused" in registry()
    True
    """
    found: dict[str, Check] = {}
    for folder in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        if not folder.ispkg:
            continue
        for info in pkgutil.iter_modules(importlib.import_module(folder.name).__path__, prefix=f"{folder.name}."):
            if info.name.rpartition(".")[2].startswith("_"):
                continue  # what several checks of a folder share
            module = importlib.import_module(info.name)
            entry = getattr(module, info.name.rpartition(".")[2])
            found[entry.name] = entry
    return dict(sorted(found.items()))
