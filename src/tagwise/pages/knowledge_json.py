"""The sections of FHIR, HL7 v2 and Modality Worklist as structures of dicts, lists, text and numbers.

`fhir`: `mappings` (list of `versions`, `source`, `resource`, `path`, `datatype`, `cardinality`, `binding`,
`combined_with`, `how`, `conversion`, `context`, `printed`, `note`, `inferred`, `url`, `checked`), `conversions`,
`disagreements`, `rules`, `read`. `hl7v2`: `fields` (list of `field`, `mirth`, `name`, `type`, `inside`, `repetition`,
`messages`, `direction`, `conversion`, `max_lengths` by version, `fits`, `printed`, `note`, `doubt`, `inferred`,
`source`, `url`, `checked`), `carriers`, `conversions`, `rules`, `character_sets`, `read`. `worklist`: `edition`,
`read`, `keys`. Sources and conversions are named by id and stand once, under `read` and `conversions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagwise.knowledge.fhir import FhirMapping
    from tagwise.knowledge.hl7v2 import FieldMapping
    from tagwise.pages.attributes import AttributePage

Document = dict[str, Any]


def sections(shown: AttributePage) -> Document:
    """The three sections by name."""
    fhir, hl7v2, worklist = shown.fhir, shown.hl7v2, shown.worklist
    return {
        "fhir": {
            "mappings": [_mapping(found) for found in fhir.mappings],
            "conversions": _entries(fhir.conversions),
            "disagreements": list(fhir.disagreements),
            "rules": _entries(fhir.rules),
            "read": _entries(fhir.read),
        },
        "hl7v2": {
            "fields": [_field(found) for found in hl7v2.fields],
            "carriers": _entries(hl7v2.carriers),
            "conversions": _entries(hl7v2.conversions),
            "rules": _entries(hl7v2.rules),
            "character_sets": _entries(hl7v2.character_sets),
            "read": _entries(hl7v2.read),
        },
        "worklist": {"edition": worklist.edition, "read": worklist.read, "keys": _entries(worklist.keys)},
    }


def _mapping(found: FhirMapping) -> Document:
    own = _entry(found)
    own |= {"source": found.source.id, "resource": found.resource}
    own["conversion"] = found.conversion.name if found.conversion else ""
    return {key: value for key, value in own.items() if key not in {"keyword", "tag"}}


def _field(found: FieldMapping) -> Document:
    own = _entry(found)
    own |= {"source": found.source.id, "messages": _entries(found.messages), "mirth": found.mirth}
    own["conversion"] = found.conversion.name if found.conversion else ""
    return {key: value for key, value in own.items() if key not in {"keyword", "tag"}}


def _entries(entries: Iterable[Any]) -> list[Document]:
    return [_entry(entry) for entry in entries]


def _entry(entry: Any) -> Document:
    """A named tuple with lists for tuples, and `from` for `from_`."""
    found: dict[str, Any] = entry._asdict()
    return {key.rstrip("_"): list(value) if isinstance(value, tuple) else value for key, value in found.items()}
