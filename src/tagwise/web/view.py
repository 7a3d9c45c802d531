"""What templates call: small questions about pages, answered by the rooms below, so that no template computes."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import cloud
from tagwise.pages import cloud_section, knowledge_text, naming
from tagwise.standard import dictionary
from tagwise.web import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.knowledge.cloud import CloudFact
    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.hl7v2 import FieldMapping
    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.knowledge_sections import FhirSection, Hl7Section
    from tagwise.pages.lookup import Page
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.modules import Usage

USAGES = {"M": "mandatory", "C": "under a condition", "U": "the user decides"}
_MOST_WORDS = 2


class Line(NamedTuple):
    """A line of a tile, with the class that gives its colour."""

    text: str
    shade: str = ""


class Tile(NamedTuple):
    """A fact at the head of a page: it leads to its section."""

    section: str
    label: str
    lines: tuple[Line, ...]


class Entity(NamedTuple):
    """An information entity and the modules of an IOD that describe it."""

    ie: str
    uses: tuple[Usage, ...]


def attribute(keyword: str) -> Attribute | None:
    """The attribute with this keyword, None where there is none."""
    return dictionary.by_keyword().get(keyword)


def address_of_words(words: str) -> str:
    """The address of what exact words such as `module:patient` name."""
    kind, key = naming.split(words)
    return addresses.page(kind or "attribute", key)


def folder_of_words(words: str) -> str:
    """The address of the list that has what exact words such as `vr:PN` name."""
    return address_of_words(words).partition("/")[0]


def by_entity(uses: Iterable[Usage]) -> Iterator[Entity]:
    """The modules of an IOD under their information entities, in the order of the standard."""
    for ie, found in groupby(uses, key=lambda use: use.ie):
        yield Entity(ie, tuple(found))


def fhir_how(section: FhirSection) -> list[str]:
    """How the types of the mappings are filled."""
    return knowledge_text.how([(one.datatype, one.conversion) for one in section.mappings])


def hl7v2_how(section: Hl7Section) -> list[str]:
    """How the types of the fields are filled."""
    return knowledge_text.how([(one.type.replace(" ", ", "), one.conversion) for one in section.fields])


def field_remarks(found: FieldMapping, section: Hl7Section) -> list[str]:
    """What else there is to say of a field, its usage in IPC or ZDS first."""
    usages = {entry.field: entry.usage for entry in section.carriers}
    usage = usages.get(found.field.partition(".")[0], "")
    return [*([f"usage {usage}"] if usage else []), *knowledge_text.field_remarks(found)]


def cloud_details(facts: Sequence[CloudFact]) -> list[tuple[str, str]]:
    """Word and sentence of every fact that says more than its status."""
    return list(cloud_section.details(facts))


def cloud_sources(facts: Iterable[CloudFact]) -> list[Source]:
    """The pages that facts are from, each once."""
    return list(dict.fromkeys(source for fact in facts for source in fact.sources))


def glance(page: AttributePage) -> Iterator[Tile]:
    """What most readers come for, in one line each."""
    one = page.attribute
    yield Tile("identity", "VR and VM", (Line(one.vr or "no VR"), Line(f"VM {one.vm}")))
    yield Tile("modules", "Modules", tuple(_modules(page)))
    yield Tile("fhir", "FHIR", tuple(_fhir(page)))
    yield Tile("hl7v2", "HL7 v2", tuple(_hl7v2(page)))
    yield Tile("cloud", "Cloud", tuple(_cloud(page)))
    actions = page.deidentification
    says = (Line(f"basic profile {actions.basic}"),) if actions else (Line("not named", "none"),)
    yield Tile("deidentification", "De-identify", says)
    number = len(page.checks)
    yield Tile("checks", "Checks", (Line(str(number)) if number else Line("none", "none"),))


def _modules(page: AttributePage) -> Iterator[Line]:
    counts = page.module_counts
    if not counts["all"]:
        yield Line("none", "none")
        return
    yield Line(f"{counts['top']} directly")
    if counts["all"] != counts["top"]:
        yield Line(f"{counts['all']} at any depth")


def _fhir(page: AttributePage) -> Iterator[Line]:
    """The element of the specification in R5 and R4; the first one where there are several."""
    shown: list[str] = []
    for version in ("R5", "R4"):
        paths = [
            one.path
            for one in page.fhir.mappings
            if version in one.versions and one.source.kind == "specification" and one.path
        ]
        best = next((path for path in paths if path.startswith("ImagingStudy")), next(iter(paths), ""))
        if best and best not in shown:
            shown.append(best)
            yield Line(f"{version}: {best}")
    if not shown:
        yield Line("guides only") if page.fhir.mappings else Line("no mapping", "none")


def _hl7v2(page: AttributePage) -> Iterator[Line]:
    named = list(dict.fromkeys(one.field for one in page.hl7v2.fields))
    if not named:
        yield Line("no field", "none")
        return
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    yield Line(f"{', '.join(named[:3])}{more}")


def _cloud(page: AttributePage) -> Iterator[Line]:
    """A line for each group of services with the same words."""
    said: dict[tuple[str, ...], list[str]] = {}
    for support in page.cloud:
        words = tuple(dict.fromkeys(fact.word for fact in support.statuses))[:_MOST_WORDS]
        said.setdefault(words, []).append(cloud_section.LABELS[support.service.key])
    for words, services in said.items():
        who = "" if len(services) == len(cloud.SERVICE_KEYS) else f"{', '.join(services)}: "
        yield Line(f"{who}{', '.join(words)}", f"s-{words[0]}" if words else "")


def command(page: Page) -> str:
    """The command that shows a page in the terminal."""
    words = getattr(page, "words", "") or getattr(page, "keyword", "") or getattr(page, "tag", "") or page.name  # type: ignore[union-attr]  # every page has one of these
    return f"tagwise show {shlex.quote(words)}"
