"""For how many attributes each section of an attribute page has content, by source: `tagwise list coverage`.

The counts come from the tables, not from rendered pages; a test compares the two for a sample. A new section of the
page is one entry of `ROWS`: its name, what counts as content, and the attributes that have it by source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import cloud, fhir, hl7v2, mirth, mirth_access, pydicom_code, samples, worklist
from tagwise.pages import catalogue
from tagwise.pages.layout import wrap
from tagwise.quantities import quantity
from tagwise.standard import deidentification, dictionary, modules, reach, values, vrs
from tagwise.standard.text import library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from tagwise.pages.layout import Ink

Attributes = dict[str, "AbstractSet[str]"]
"""By source: the attributes with content from it, by keyword or, as PS3.6 writes it, by tag."""


class Row(NamedTuple):
    """A section of the attribute page: its name there, what counts as content, and who has it."""

    section: str
    counts: str
    attributes: Callable[[], Attributes]


class Count(NamedTuple):
    """How many attributes have content: current ones, retired ones, all."""

    current: int
    retired: int

    @property
    def all(self) -> int:
        """Current and retired ones together."""
        return self.current + self.retired


class Coverage(NamedTuple):
    """One section: how many attributes have content from any source, and from each; an attribute may have several."""

    section: str
    counts: str
    total: Count
    sources: Mapping[str, Count]


def _grouped(pairs: Iterable[tuple[str, str]]) -> Attributes:
    found: dict[str, set[str]] = {}
    for source, attribute in pairs:
        found.setdefault(source, set()).add(attribute)
    return {source: found[source] for source in sorted(found)}


def _identity() -> Attributes:
    ruled = {known.tag for known in dictionary.all_attributes() if vrs.rules(known.vr)}
    return {f"DICOM {dictionary.edition()} (PS3.6), PS3.5 6.2": ruled}


def _definition() -> Attributes:
    text = library.shelf().text
    return {f"DICOM {text.edition} ({text.source})": set(text.tags())} if text else {}


def _modules() -> Attributes:
    return {f"DICOM {modules.edition()} (PS3.3)": set(modules.placed_keywords())}


def _usage() -> Attributes:
    return {f"DICOM {modules.edition()} (PS3.3, PS3.4)": reach.reached()}


def _values() -> Attributes:
    named = {"enumerated": "enumerated values", "defined": "defined terms"}
    return _grouped((f"{named[one.kind]}, DICOM {values.edition()}", one.keyword) for one in values.all_lists())


def _fhir() -> Attributes:
    return _grouped((f"{one.source.name} {one.source.version}", one.keyword) for one in fhir.all_mappings())


def _hl7v2() -> Attributes:
    return _grouped((f"{one.source.name} {one.source.version}", one.keyword) for one in hl7v2.all_fields())


def _worklist() -> Attributes:
    return {f"DICOM {worklist.edition()} (PS3.4 K.6-1)": {one.keyword for one in worklist.all_keys()}}


def _cloud() -> Attributes:
    named = {one.key: f"{one.name} ({one.api})" for one in cloud.services()}
    return _grouped((named[one.service], one.keyword) for one in cloud.listed_facts() if one.keyword)


def _deidentification() -> Attributes:
    named = {known.tag for known in dictionary.all_attributes() if deidentification.of_tag(known.tag)}
    return {f"DICOM {deidentification.edition()} (PS3.15 E.1-1)": named}


def _samples() -> Attributes:
    return {f"test files of {samples.edition()}": {one.keyword for one in samples.all_samples()}}


def _mirth() -> Attributes:
    coded = {known.tag for known in dictionary.all_attributes() if mirth_access.accessor(known).code}
    return {"code that reads it": coded, "examples of whole steps": {one.keyword for one in mirth.listed()}}


def _pydicom() -> Attributes:
    coded = {known.tag for known in dictionary.all_attributes() if pydicom_code.snippet(known).code}
    return {"code that reads and sets it": coded}


def _checks() -> Attributes:
    found = {known: catalogue.reading(known) for known in catalogue.read_by_checks()}
    about = {keyword for keyword, checks in found.items() if any(keyword in check.about for check in checks)}
    return {"checks about the attribute": about, "checks that only read it": set(found) - about}


ROWS = (
    Row("identity", "a VR with its rules", _identity),
    Row("definition", "a definition in the text of the standard at hand", _definition),
    Row("modules", "a module that uses it, at any depth", _modules),
    Row("usage", "an IOD that has it, at any depth", _usage),
    Row("values", "a list of enumerated values or defined terms", _values),
    Row("fhir", "an element of some version and source", _fhir),
    Row("hl7v2", "a field of some message and source", _hl7v2),
    Row("worklist", "a key of a worklist query", _worklist),
    Row("cloud", "a fact that some service states of it; all others are kept by default", _cloud),
    Row("deidentification", "a row of the table; all others are left as they are", _deidentification),
    Row("samples", "a value of a real file", _samples),
    Row("mirth", "code for Mirth Connect and Open Integration Engine", _mirth),
    Row("pydicom", "code for pydicom", _pydicom),
    Row("checks", "a check that reads it", _checks),
)
"""One entry for each section of the attribute page, in its order; a test holds both together."""


def coverage() -> tuple[Coverage, ...]:
    """How many attributes have content in each section of the page, in the order of the page.

    >>> [row.total.all for row in coverage() if row.section == "worklist"]
    [67]

    Raises:
        TagwiseError: A table is missing or damaged.
    """
    listed = tuple(dictionary.listed())
    return tuple(_coverage(row, listed) for row in ROWS)


def _coverage(row: Row, listed: tuple[tuple[str, str, str, bool], ...]) -> Coverage:
    by_source = row.attributes()
    every: set[str] = set().union(*by_source.values())
    sources = {source: _count(found, listed) for source, found in by_source.items()}
    return Coverage(row.section, row.counts, _count(every, listed), sources)


def _count(found: AbstractSet[str], listed: tuple[tuple[str, str, str, bool], ...]) -> Count:
    """Attributes of the dictionary that are in a set, by keyword or by tag."""
    retired = [is_retired for tag, keyword, _, is_retired in listed if tag in found or (keyword and keyword in found)]
    return Count(retired.count(False), retired.count(True))


def totals() -> Count:
    """How many attributes there are."""
    retired = [is_retired for *_, is_retired in dictionary.listed()]
    return Count(retired.count(False), retired.count(True))


def text(width: int, *, ink: Ink) -> str:
    """The sections and their sources as lines joined to one text."""
    return "\n".join(line.rstrip() for line in _lines(width, ink))


def _lines(width: int, ink: Ink) -> Iterator[str]:
    every = totals()
    yield ink(f"{'Section':<18}{'Current':>9}{'Retired':>9}{'All':>9}", "dim")
    yield _numbers("attributes", every)
    for row in coverage():
        yield ""
        yield ink(_numbers(row.section, row.total), "bold")
        yield from (ink(line, "dim") for line in wrap(row.counts, width, "  "))
        for source, count in row.sources.items():
            yield from wrap(source, width, f"{count.all:>9,}  ")
    yield ""
    yield from wrap(
        f"Out of {quantity(every.all, 'attribute')}. An attribute may have content of several sources.", width
    )


def _numbers(label: str, count: Count) -> str:
    return f"{label:<18}{count.current:>9,}{count.retired:>9,}{count.all:>9,}"


def document() -> dict[str, Any]:
    """`kind` ("coverage"), `attributes`, `sections` (`section`, `counts`, `current`, `retired`, `all`, `sources`)."""
    return {
        "kind": "coverage",
        "attributes": _count_document(totals()),
        "sections": [
            {
                "section": row.section,
                "counts": row.counts,
                **_count_document(row.total),
                "sources": {source: _count_document(count) for source, count in row.sources.items()},
            }
            for row in coverage()
        ],
    }


def _count_document(count: Count) -> dict[str, int]:
    return {"current": count.current, "retired": count.retired, "all": count.all}
