"""The sections of FHIR, HL7 v2 and Modality Worklist as structures of dicts, lists, text and numbers.

`fhir`: `mappings` (list of `versions`, `source`, `resource`, `path`, `datatype`, `cardinality`, `binding`,
`combined_with`, `how`, `conversion`, `context`, `printed`, `note`, `inferred`, `url`, `checked`), `conversions`,
`disagreements`, `rules`, `read`. `hl7v2`: `fields` (list of `field`, `mirth`, `name`, `type`, `inside`, `repetition`,
`messages`, `direction`, `conversion`, `max_lengths` by version, `fits`, `printed`, `note`, `doubt`, `inferred`,
`source`, `url`, `checked`), `carriers`, `conversions`, `rules`, `character_sets`, `read`. `worklist`: `edition`,
`read`, `keys`. Sources and conversions are named by id and stand once, under `read` and `conversions`.

A conversion has `name`, `from`, `to`, `rule`, `example`, `inferred`, `url`, `checked`; a rule `name`, `versions`,
`keywords`, `rule`, `breaks`, `inferred`, `url`, `checked`; what was read `id`, `kind`, `name`, `version`, `versions`,
`url`, `covers`, `checked`; a message `name`, `message`, `versions`, `direction`, `transaction`, `what`, `url`,
`checked`; a carrier `field`, `name`, `type`, `usage`, `repeats`, `keyword`, `tag`, `note`, `url`, `checked`; a
character set `msh_18`, `specific_character_set`, `covers`, `doubt`, `inferred`, `url`, `checked`; a key of a worklist
`keyword`, `tag`, `inside`, `module`, `matching`, `return_type`, `how`, `url`, `checked`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagwise.knowledge.fhir import FhirMapping
    from tagwise.knowledge.hl7v2 import FieldMapping
    from tagwise.pages.attributes import AttributePage

Document = dict[str, Any]


def fhir(shown: AttributePage) -> Document:
    """`fhir`: where FHIR puts the attribute, how, where sources disagree, what was read."""
    section = shown.fhir
    return {
        "fhir": {
            "mappings": [_mapping(found) for found in section.mappings],
            "conversions": _entries(section.conversions),
            "disagreements": list(section.disagreements),
            "rules": _entries(section.rules),
            "read": _entries(section.read),
        }
    }


def hl7v2(shown: AttributePage) -> Document:
    """`hl7v2`: which fields carry the attribute in which messages, and how it is converted."""
    section = shown.hl7v2
    return {
        "hl7v2": {
            "fields": [_field(found) for found in section.fields],
            "carriers": _entries(section.carriers),
            "conversions": _entries(section.conversions),
            "rules": _entries(section.rules),
            "character_sets": _entries(section.character_sets),
            "read": _entries(section.read),
        }
    }


def worklist(shown: AttributePage) -> Document:
    """`worklist`: what a Modality Worklist query does with the attribute."""
    section = shown.worklist
    return {"worklist": {"edition": section.edition, "read": section.read, "keys": _entries(section.keys)}}


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
