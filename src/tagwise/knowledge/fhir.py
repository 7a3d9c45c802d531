"""Where FHIR puts an attribute: elements by version and source, conversions, rules, and what was read to know it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tagwise.knowledge import tables

FILE = "fhir.tsv"
_COLUMNS = (
    "keyword", "tag", "versions", "source", "path", "datatype", "cardinality", "binding", "with", "how", "conversion",
    "context", "printed", "note", "inferred", "url", "checked",
)  # fmt: skip
_CONVERSION_COLUMNS = ("name", "from", "to", "rule", "example", "inferred", "url", "checked")
_RULE_COLUMNS = ("name", "versions", "keywords", "rule", "breaks", "inferred", "url", "checked")
_SOURCE_COLUMNS = ("id", "kind", "name", "version", "fhir", "url", "covers", "checked")


class FhirSource(NamedTuple):
    """What was read: a specification, an implementation guide or a product, in one version.

    `kind` is one of these three words, `fhir` the versions of FHIR it is for, `covers` the resources that were read.
    """

    id: str
    kind: str
    name: str
    version: str
    fhir: tuple[str, ...]
    url: str
    covers: str
    checked: str


class FhirConversion(NamedTuple):
    """How a value becomes an element. `inferred` where the rule is our reading of the data types."""

    name: str
    from_: str
    to: str
    rule: str
    example: str
    inferred: bool
    url: str
    checked: str


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
    source: FhirSource
    path: str
    datatype: str
    cardinality: str
    binding: str
    combined_with: tuple[str, ...]
    how: str
    conversion: FhirConversion | None
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


class FhirRule(NamedTuple):
    """What holds for some attributes in some versions, and what breaks where it is not heeded."""

    name: str
    versions: tuple[str, ...]
    keywords: tuple[str, ...]
    rule: str
    breaks: str
    inferred: str
    url: str
    checked: str


@cache
def sources() -> dict[str, FhirSource]:
    """Everything that was read, by id: a page without a mapping names these.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = tables.rows("fhir_sources.tsv", _SOURCE_COLUMNS)
    return {
        id_: FhirSource(id_, kind, name, version, tuple(fhir.split()), url, covers, checked)
        for id_, kind, name, version, fhir, url, covers, checked in rows
    }


@cache
def conversions() -> dict[str, FhirConversion]:
    """Every conversion, by name.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = tables.rows("fhir_conversions.tsv", _CONVERSION_COLUMNS)
    return {
        name: FhirConversion(name, from_, to, rule, example, bool(inferred), url, checked)
        for name, from_, to, rule, example, inferred, url, checked in rows
    }


@cache
def rules() -> tuple[FhirRule, ...]:
    """Every rule.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = tables.rows("fhir_rules.tsv", _RULE_COLUMNS)
    return tuple(
        FhirRule(name, tuple(versions.split()), tuple(keywords.split()), rule, breaks, inferred, url, checked)
        for name, versions, keywords, rule, breaks, inferred, url, checked in rows
    )


def rules_for(keyword: str) -> tuple[FhirRule, ...]:
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
