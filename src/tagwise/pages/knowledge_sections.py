"""Sections of an attribute page: FHIR, HL7 v2, Modality Worklist, as plain structures.

`knowledge_text` and `knowledge_json` show them. A section without content still says what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import fhir, hl7v2, worklist

if TYPE_CHECKING:
    from tagwise.knowledge.entries import Conversion, Rule, Source
    from tagwise.knowledge.fhir import FhirMapping
    from tagwise.knowledge.hl7v2 import CharacterSet, FieldMapping, SegmentField
    from tagwise.knowledge.worklist import WorklistKey

_SPECIFICATION = "specification"
_SETS = "SpecificCharacterSet"


class FhirSection(NamedTuple):
    """Elements by version and source. `disagreements` are sentences; `read` is what was read, mapping or not."""

    mappings: tuple[FhirMapping, ...]
    conversions: tuple[Conversion, ...]
    disagreements: tuple[str, ...]
    rules: tuple[Rule, ...]
    read: tuple[Source, ...]


class Hl7Section(NamedTuple):
    """Fields by message. `carriers` are the fields of IPC and ZDS; `character_sets` only where it is about them."""

    fields: tuple[FieldMapping, ...]
    carriers: tuple[SegmentField, ...]
    conversions: tuple[Conversion, ...]
    rules: tuple[Rule, ...]
    character_sets: tuple[CharacterSet, ...]
    read: tuple[Source, ...]

    @property
    def without(self) -> tuple[str, ...]:
        """The directions, `in` (HL7 to DICOM) and `out`, that no message has though one has the other."""
        used = {message.direction for field in self.fields for message in field.messages}
        return tuple(direction for direction in ("in", "out") if used and direction not in used)


class WorklistSection(NamedTuple):
    """Keys of a worklist query, in one edition of PS3.4."""

    keys: tuple[WorklistKey, ...]
    edition: str
    read: str


def fhir_section(keyword: str) -> FhirSection:
    """What FHIR does with an attribute.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    found = fhir.mappings(keyword)
    used = {one.conversion.name: one.conversion for one in found if one.conversion}
    return FhirSection(
        mappings=found,
        conversions=tuple(used.values()),
        disagreements=(*_moved(found), *_differing(found)),
        rules=fhir.rules_for(keyword) if found else (),
        read=tuple(fhir.sources().values()),
    )


def _moved(found: tuple[FhirMapping, ...]) -> list[str]:
    """Where the specification maps the attribute to another element of the same resource from R5 on."""
    before, after = _of_specification(found, "R4"), _of_specification(found, "R5")
    return [
        f"Moved: {_and(before[resource])} in R4 and R4B, {_and(after[resource])} from R5 on"
        for resource in before
        if resource in after and before[resource] != after[resource]
    ]


def _of_specification(found: tuple[FhirMapping, ...], version: str) -> dict[str, list[str]]:
    """The paths that the specification gives in a version, by resource."""
    paths: dict[str, list[str]] = {}
    for one in found:
        if one.source.kind == _SPECIFICATION and version in one.versions:
            paths.setdefault(one.resource, []).append(one.path)
    return paths


def _differing(found: tuple[FhirMapping, ...]) -> list[str]:
    """Where guides or products take another element than the specification, of the same resource and version."""
    sentences = []
    for one in found:
        version = one.versions[0]
        given = _of_specification(found, version).get(one.resource, [])
        if one.source.kind != _SPECIFICATION and given and one.path and not _within(one.path, given):
            sentences.append(f"{version}: {one.source.name} has {one.path}, the specification {_and(given)}")
    return sentences


def _within(path: str, given: list[str]) -> bool:
    """Whether a path is one of these, or an element inside or around one."""
    return any(path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.") for other in given)


def _and(words: list[str]) -> str:
    return " and ".join(words)


def hl7v2_section(keyword: str) -> Hl7Section:
    """What HL7 v2 messages carry an attribute in.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    found = hl7v2.fields(keyword)
    used = {one.conversion.name: one.conversion for one in found if one.conversion}
    return Hl7Section(
        fields=found,
        carriers=tuple(entry for entry in hl7v2.segments() if entry.keyword == keyword) if found else (),
        conversions=tuple(used.values()),
        rules=hl7v2.rules_for(keyword) if found else (),
        character_sets=hl7v2.character_sets() if keyword == _SETS else (),
        read=tuple(hl7v2.sources().values()),
    )


def worklist_section(keyword: str) -> WorklistSection:
    """Whether a worklist query may match an attribute and has to return it.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return WorklistSection(keys=worklist.keys(keyword), edition=worklist.edition(), read=worklist.source())
