"""Where FHIR puts an attribute: elements by version and source, conversions, rules, and what was read to know it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import entries, tables

if TYPE_CHECKING:
    from tagwise.knowledge.entries import Conversion, Rule, Source

FILE = "fhir.tsv"
_COLUMNS = (
    "keyword", "tag", "versions", "source", "path", "datatype", "cardinality", "binding", "with", "how", "conversion",
    "context", "printed", "note", "inferred", "url", "checked",
)  # fmt: skip


class FhirMapping(NamedTuple):
    """One element that one source maps an attribute to; `path` is empty where the source says that there is none.

    `versions` are R4, R4B, R5 or R6-ballot. `datatype` and `cardinality` are those of the definition of the element,
    unless the source narrows them. `combined_with` are the attributes that share the element, and `how` is `join` (all
    are needed), `alternatives` (any one) or `mixed`. `context` is the slice or profile that the source speaks of.
    `printed` is what the source prints where the tag is misprinted. `inferred` names what no source states: a version
    ("R4B"), "keyword", "path" or "note". `checked` is the day on which the row was compared with its source.
    """

    keyword: str
    tag: str
    versions: tuple[str, ...]
    source: Source
    path: str
    datatype: str
    cardinality: str
    binding: str
    combined_with: tuple[str, ...]
    how: str
    conversion: Conversion | None
    context: str
    printed: str
    note: str
    inferred: tuple[str, ...]
    url: str
    checked: str

    @property
    def resource(self) -> str:
        """The resource of the path."""
        return self.path.partition(".")[0]


@cache
def sources() -> dict[str, Source]:
    """Everything that was read, by id: a page without a mapping names these.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.sources("fhir_sources.tsv")


@cache
def conversions() -> dict[str, Conversion]:
    """Every conversion, by name.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.conversions("fhir_conversions.tsv")


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.rules("fhir_rules.tsv")


def rules_for(keyword: str) -> tuple[Rule, ...]:
    """The rules about an attribute."""
    return tuple(rule for rule in rules() if keyword in rule.keywords)


def mappings(keyword: str) -> tuple[FhirMapping, ...]:
    """The elements that an attribute maps to, by version and source; none where no source has any.

    >>> [(found.versions, found.path) for found in mappings("Rows")]
    [(('R4', 'R4B'), 'Media.height')]

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    return tuple(_mapping(row) for row in tables.rows_of(FILE, _COLUMNS, keyword))


def all_mappings() -> tuple[FhirMapping, ...]:
    """Every mapping, in the order of tags.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    return tuple(_mapping(row) for row in tables.rows(FILE, _COLUMNS))


def _mapping(row: list[str]) -> FhirMapping:
    keyword, tag, versions, source, path, datatype, cardinality, binding, with_, how, conversion, *rest = row
    context, printed, note, inferred, url, checked = rest
    try:
        return FhirMapping(
            keyword,
            tag,
            tuple(versions.split()),
            sources()[source],
            path,
            datatype,
            cardinality,
            binding,
            tuple(with_.split()),
            how,
            conversions()[conversion] if conversion else None,
            context,
            printed,
            note,
            tuple(inferred.split()),
            url,
            checked,
        )
    except KeyError as error:
        raise tables.damaged(FILE, f"nothing is called {error}") from error
