"""The page of an attribute: its rule, the modules that use it, FHIR, HL7 v2 and worklist, the checks that read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import mirth, mirth_access, pydicom_code
from tagwise.pages import (
    catalogue,
    cloud_section,
    definition_section,
    errors_section,
    knowledge_sections,
    samples_section,
    usage_section,
    values_section,
)
from tagwise.standard import deidentification, dictionary, modules, vrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.knowledge.mirth import Example
    from tagwise.knowledge.mirth_access import Accessor
    from tagwise.knowledge.pydicom_code import Snippet
    from tagwise.pages.catalogue import ReadingCheck
    from tagwise.pages.cloud_section import ServiceSupport
    from tagwise.pages.definition_section import DefinitionSection
    from tagwise.pages.errors_section import OperationalError
    from tagwise.pages.knowledge_sections import FhirSection, Hl7Section, WorklistSection
    from tagwise.pages.samples_section import SamplesSection
    from tagwise.pages.usage_section import UsageSection
    from tagwise.pages.values_section import ValuesSection
    from tagwise.standard.deidentification import Actions
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.modules import Depth, Place, Usage
    from tagwise.standard.text.records import Definition
    from tagwise.standard.vrs import ValueRepresentation


class ModuleUse(NamedTuple):
    """A module that uses the attribute: every place in it, and the IODs that the module belongs to."""

    module: str
    name: str
    places: tuple[Place, ...]
    iods: tuple[Usage, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The information entities that the module describes, in alphabetical order."""
        return tuple(sorted({usage.ie for usage in self.iods}))

    @property
    def iod_count(self) -> int:
        """The number of IODs; a module may be in one IOD under two entities."""
        return len({usage.iod for usage in self.iods})

    @property
    def at_top(self) -> bool:
        """Whether the attribute is in the module itself, not only in its sequences."""
        return not self.places[0].depth


@dataclass(frozen=True, slots=True)
class AttributePage:
    """Everything there is to say about one attribute.

    `modules` goes down to `depth`; `module_counts` has the number of modules for every rule of depth.
    `no_modules` says why there are none. `checks` are in short what `errors` are in full.
    `namesakes` has the words for a module or VR of the same name.
    """

    attribute: Attribute
    vr_rules: tuple[ValueRepresentation, ...]
    vr_choice: str
    depth: Depth
    module_counts: Mapping[Depth, int]
    modules: tuple[ModuleUse, ...]
    modules_edition: str
    no_modules: str
    checks: tuple[ReadingCheck, ...]
    namesakes: tuple[str, ...]

    @property
    def keyword(self) -> str:
        """The keyword, "" for the few retired attributes that have none."""
        return self.attribute.keyword

    @property
    def tag(self) -> str:
        """The tag as the standard writes it."""
        return self.attribute.tag

    @property
    def definition(self) -> Definition | None:
        """What PS3.3 says of it, if a text of the standard is at hand; `str()` of it is plain text.

        Raises:
            BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
            StandardTextDamaged: The text was changed.
        """
        return self.definition_section.definition

    @property
    def definition_section(self) -> DefinitionSection:
        """The definition, or why there is none and how to get it; read when it is asked for.

        Raises:
            BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
            StandardTextDamaged: The text was changed.
        """
        return definition_section.of_attribute(self.attribute)

    @property
    def values(self) -> ValuesSection:
        """Its enumerated values and defined terms; looked up when asked for.

        Raises:
            StandardDataError: The table is missing or damaged.
            StandardTextDamaged: The text was changed.
        """
        return values_section.of_attribute(self.attribute)

    @property
    def errors(self) -> tuple[OperationalError, ...]:
        """The checks that read it, with diagnosis, fix and SQL, those about it first; imports only these checks.

        Raises:
            StandardDataError: The table of checks is missing or damaged.
        """
        return errors_section.of(self.keyword)

    @property
    def usage(self) -> UsageSection:
        """The IODs that have it at any depth, and how strongly each asks for it; looked up when asked for.

        Raises:
            StandardDataError: A table is missing or damaged.
        """
        return usage_section.of(self.keyword)

    @property
    def fhir(self) -> FhirSection:
        """Where FHIR puts it; looked up when asked for.

        Raises:
            KnowledgeDataError: A table is missing or damaged.
        """
        return knowledge_sections.fhir_section(self.keyword)

    @property
    def hl7v2(self) -> Hl7Section:
        """Which fields of HL7 v2 carry it; looked up when asked for.

        Raises:
            KnowledgeDataError: A table is missing or damaged.
        """
        return knowledge_sections.hl7v2_section(self.keyword)

    @property
    def worklist(self) -> WorklistSection:
        """What a worklist query does with it; looked up when asked for.

        Raises:
            KnowledgeDataError: The table is missing or damaged.
        """
        return knowledge_sections.worklist_section(self.keyword)

    @property
    def cloud(self) -> tuple[ServiceSupport, ...]:
        """What AWS HealthImaging, Azure (v1 and v2) and Google do with it; read when it is asked for."""
        return cloud_section.of(self.attribute)

    @property
    def deidentification(self) -> Actions | None:
        """What PS3.15 asks of a de-identifier; None if its table does not name the attribute."""
        return deidentification.of_tag(self.tag)

    @property
    def mirth(self) -> tuple[Example, ...]:
        """Examples for Mirth Connect and Open Integration Engine; read when they are asked for.

        Raises:
            KnowledgeDataError: A file is missing or damaged.
        """
        return mirth.examples(self.keyword)

    @property
    def mirth_access(self) -> Accessor:
        """Code that reads the attribute in a script of Mirth Connect or Open Integration Engine."""
        return mirth_access.accessor(self.attribute)

    @property
    def samples(self) -> SamplesSection:
        """Values of real files; looked up when asked for.

        Raises:
            KnowledgeDataError: The table is missing or damaged.
        """
        return samples_section.of(self.keyword)

    @property
    def pydicom(self) -> Snippet:
        """Code that reads and sets the attribute with pydicom."""
        return pydicom_code.snippet(self.attribute)


def attribute(name: str, *, depth: Depth = "all") -> AttributePage:
    """The page of the attribute with this keyword, name or tag.

    >>> page = attribute("0020,000e")
    >>> page.keyword, page.module_counts["top"]
    ('SeriesInstanceUID', 5)

    Args:
        name: In any case, tags in any spelling.
        depth: How deep in a module the attribute may be for the module to be listed.

    Raises:
        UnknownName: There is no such attribute; `.nearest` lists close ones.
        StandardDataError: The tables of the standard are damaged.
    """
    return attribute_page(dictionary.find(name), depth)


def attribute_page(found: Attribute, depth: Depth) -> AttributePage:
    """The page of an attribute that is already found."""
    counts = modules.counts(found.keyword)
    return AttributePage(
        attribute=found,
        vr_rules=vrs.rules(found.vr),
        vr_choice=vrs.choice(found.vr),
        depth=depth,
        module_counts=counts,
        modules=_uses(found.keyword, depth),
        modules_edition=modules.edition(),
        no_modules="" if counts["all"] else _why_none(found),
        checks=catalogue.reading(found.keyword),
        namesakes=_namesakes(found.name),
    )


def _namesakes(name: str) -> tuple[str, ...]:
    """The words for what else has this name: ICC Profile is an attribute and a module, Date an attribute and a VR."""
    slug, plain = name.lower().replace(" ", "-"), name.replace(" ", "")
    module = (f"module:{slug}",) if slug in modules.names() else ()
    return (*module, *(f"vr:{vr}" for vr, rule in vrs.by_vr().items() if rule.name.replace(" ", "") == plain))


def _uses(keyword: str, depth: Depth) -> tuple[ModuleUse, ...]:
    """The modules, those nearest to the top first, of these the ones that most IODs have."""
    grouped: dict[str, list[Place]] = {}
    for place in modules.places(keyword, depth):
        grouped.setdefault(place.module, []).append(place)
    uses = [
        ModuleUse(module, places[0].module_name, tuple(places), modules.usages(module))
        for module, places in grouped.items()
    ]
    return tuple(sorted(uses, key=lambda use: (use.places[0].depth, -len(use.iods), use.name)))


_NOT_IN_OBJECTS = {
    "0000": "it is part of a DIMSE message, not of an object (PS3.7 E)",
    "0002": "it is part of the file meta information, not of the data set (PS3.10 7.1)",
    "FFFE": "it delimits items (PS3.5 7.5)",
}


def _why_none(found: Attribute) -> str:
    if found.tag[1:5] in _NOT_IN_OBJECTS:
        return _NOT_IN_OBJECTS[found.tag[1:5]]
    if found.retired:
        return "it is retired"
    if found.added_after:
        return f"it is newer than {found.added_after}, and the source of our module tables leaves such attributes out"
    if found.owner != "DICOM":
        return f"it belongs to {found.owner}, whose modules are not in PS3.3"
    return "no module of this edition lists it"
