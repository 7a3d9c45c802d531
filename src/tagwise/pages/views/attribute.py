"""The view of an attribute page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import (
    cloud_section,
    definition_section,
    deidentification_section,
    errors_section,
    knowledge_json,
    knowledge_text,
    mirth_section,
    pydicom_section,
    samples_section,
    usage_section,
    values_section,
)
from tagwise.pages.layout import HANG, INDENT, columns, fact, wrap
from tagwise.pages.views import Section
from tagwise.quantities import quantity
from tagwise.standard import dictionary, vrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.attributes import AttributePage, ModuleUse
    from tagwise.pages.layout import Ink
    from tagwise.pages.views import Document
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.vrs import ValueRepresentation

_MODULES_SHOWN = 15
_ENTITIES_SHOWN = 2
_TYPES = "Type 1: present, with a value. 2: present, may be empty. 3: optional. C: only under a condition."
_NO_TYPE = "-: the service decides (PS3.4)."


def head(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:  # noqa: ARG001 - every view has the width
    """Keyword, tag and name."""
    found = shown.attribute
    yield f"{ink(found.keyword or found.name or 'Attribute without a name', 'bold')}  {ink(found.tag, 'cyan')}"
    if found.keyword and found.name:
        yield found.name + ("  (from the keyword: no source has the name)" if found.name_from_keyword else "")


def head_document(shown: AttributePage) -> Document:
    """Kind, tag, number, keyword and name."""
    found = shown.attribute
    return {
        "kind": "attribute",
        "tag": found.tag,
        "number": found.number,
        "keyword": found.keyword,
        "name": found.name,
        "name_source": "keyword" if found.name_from_keyword else "dictionary",
    }


def _identity(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    found = shown.attribute
    yield from _vr(shown, width, ink)
    yield from fact("VM", multiplicity(found.vm), width, ink)
    yield from fact("Status", status(found), width, ink)
    if found.former_keyword:
        yield from fact("Formerly", f"{found.former_keyword}, in DICOM {found.renamed_after}", width, ink)
    if not found.repeats:
        spelled = f"{found.digits} in DICOM JSON · 0x{found.digits} in code · tag{found.digits} in Mirth Connect"
        yield from fact("Spelled", spelled, width, ink)
    if shown.namesakes:
        yield from fact("Namesakes", ", ".join(shown.namesakes), width, ink)


def _identity_document(shown: AttributePage) -> Document:
    found = shown.attribute
    return {
        "spellings": _spellings(found),
        "vr": found.vr,
        "vr_rules": [rule_document(rule) for rule in shown.vr_rules],
        "vr_choice": shown.vr_choice,
        "vm": found.vm,
        "retired": found.retired,
        "retired_after": found.retired_after,
        "added_after": found.added_after,
        "renamed_after": found.renamed_after,
        "former_keyword": found.former_keyword,
        "owner": found.owner,
        "edition": found.edition,
        "namesakes": list(shown.namesakes),
    }


def _spellings(found: Attribute) -> dict[str, str]:
    if found.repeats:
        return {}
    return {"dicom_json": found.digits, "code": f"0x{found.digits}", "mirth_connect": f"tag{found.digits}"}


def rule_document(rule: ValueRepresentation) -> Document:
    """The rule of a VR."""
    return {**rule._asdict(), "reference": vrs.REFERENCE}


def _modules_document(shown: AttributePage) -> Document:
    return {
        "modules": {
            "edition": shown.modules_edition,
            "depth": shown.depth,
            "counts": dict(shown.module_counts),
            "why_none": shown.no_modules,
            "used_by": [_use(use) for use in shown.modules],
        }
    }


def _use(use: ModuleUse) -> Document:
    attributes = dictionary.by_keyword()
    return {
        "module": use.module,
        "name": use.name,
        "places": [
            {
                "type": place.type,
                "depth": place.depth,
                "path": [{"keyword": keyword, "tag": attributes[keyword].tag} for keyword in place.path],
            }
            for place in use.places
        ],
        "iods": [
            {"iod": usage.iod, "name": usage.iod_name, "ie": usage.ie, "usage": usage.usage} for usage in use.iods
        ],
    }


def _vr(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    if not shown.vr_rules:
        yield from fact("VR", "none: the element has only a tag and a length", width, ink)
        return
    if shown.vr_choice:
        yield from fact("VR", f"{shown.attribute.vr}: {shown.vr_choice}", width, ink)
    for rule in shown.vr_rules:
        label = "" if shown.vr_choice else "VR"
        yield from fact(label, f"{rule.vr} {rule.name}", width, ink)
        yield from columns(rule_rows(rule, shown.attribute.vm), width, HANG)


def rule_rows(rule: ValueRepresentation, vm: str) -> Iterator[tuple[str, str]]:
    """The rule of a VR as rows of a label and its text."""
    yield "holds", rule.holds
    yield "length", rule.extent
    if rule.kind == "text":
        yield "characters", rule.characters
        yield "padding", rule.padding
    if vm != "1":
        yield "values", rule.values
    if rule.trap:
        yield "beware", rule.trap


def multiplicity(vm: str) -> str:
    """A value multiplicity in words.

    >>> multiplicity("1"), multiplicity("1-n"), multiplicity("2-2n")
    ('1 value', '1-n: one value or more', '2-2n: a multiple of 2 values')
    """
    least, _, most = vm.partition("-")
    if not most:
        return f"{vm} value" if vm == "1" else f"{vm} values"
    if most == "n":
        return f"{vm}: one value or more" if least == "1" else f"{vm}: {least} values or more"
    if most.endswith("n"):
        return f"{vm}: a multiple of {most.removesuffix('n')} values"
    return f"{vm}: {least} to {most} values"


def status(found: Attribute) -> str:
    """Whether an attribute is current, in which edition, and what changed since the older one."""
    words = ["retired" if found.retired else "current", f"(DICOM {found.edition})"]
    if found.owner != "DICOM":
        words.append(f"· an attribute of {found.owner} that PS3.6 lists")
    if found.added_after:
        words.append(f"· added after {found.added_after}")
    if found.retired_after:
        words.append(f"· was current in {found.retired_after}")
    return " ".join(words)


def _modules(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    counts, edition = shown.module_counts, f"DICOM {shown.modules_edition}"
    yield ink("Modules that use it", "bold")
    if shown.no_modules:
        yield from wrap(f"None in {edition}: {shown.no_modules}.", width, INDENT)
        return
    total = (
        f"{counts['top']} at top level, {counts['first']} at top level or in a first-level sequence, "
        f"{counts['all']} at any depth ({edition})."
    )
    yield from wrap(total, width, INDENT)
    if not shown.modules:
        yield f"{INDENT}Where: tagwise show {shown.keyword} --depth all"
        return
    yield ""
    yield from _top_modules(shown, width, ink) if shown.depth == "top" else _places(shown, width, ink)
    yield ""
    untyped = any(not place.type for use in shown.modules for place in use.places)
    yield from (ink(line, "dim") for line in wrap(f"{_TYPES} {_NO_TYPE}" if untyped else _TYPES, width, INDENT))


def _top_modules(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    uses = shown.modules[:_MODULES_SHOWN]
    rows = [("Type", "IODs", "Entity", "Module")]
    rows += [(use.places[0].type or "-", f"{use.iod_count:4}", _entities(use), use.name) for use in uses]
    table = list(columns(rows, width, INDENT))
    yield ink(table[0], "dim")
    yield from table[1:]
    deeper = shown.module_counts["all"] - len(uses)
    if deeper > 0:
        yield f"{INDENT}… and {deeper} more: tagwise show {shown.keyword} --depth all"


def _places(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    for use in shown.modules:
        belongs = f"{_entities(use)}, {quantity(use.iod_count, 'IOD')}" if use.iods else "in no composite IOD"
        yield f"{INDENT}{use.name} {ink(f'({belongs})', 'dim')}"
        for place in use.places:
            where = " > ".join(place.path) or "top level"
            yield from wrap(where, width, f"{INDENT * 2}{place.type or '-':<2}  ")
    deeper = shown.module_counts["all"] - len(shown.modules)
    if deeper > 0:
        yield f"{INDENT}… and {deeper} more modules: tagwise show {shown.keyword} --depth all"


def _entities(use: ModuleUse) -> str:
    if len(use.entities) > _ENTITIES_SHOWN:
        return f"{len(use.entities)} entities"
    return ", ".join(use.entities) or "-"


def _fhir(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    return knowledge_text.fhir_lines(shown.fhir, width, ink)


def _hl7v2(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    return knowledge_text.hl7v2_lines(shown.hl7v2, width, ink)


def _worklist(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    return knowledge_text.worklist_lines(shown.worklist, width, ink)


SECTIONS = (
    Section("identity", _identity, _identity_document),
    Section("definition", definition_section.lines, definition_section.document),
    Section("modules", _modules, _modules_document),
    Section("usage", usage_section.lines, usage_section.document),
    Section("values", values_section.lines, values_section.document),
    Section("fhir", _fhir, knowledge_json.fhir),
    Section("hl7v2", _hl7v2, knowledge_json.hl7v2),
    Section("worklist", _worklist, knowledge_json.worklist),
    Section("cloud", cloud_section.lines, cloud_section.document),
    Section("deidentification", deidentification_section.lines, deidentification_section.document),
    Section("samples", samples_section.lines, samples_section.document),
    Section("mirth", mirth_section.lines, mirth_section.document),
    Section("pydicom", pydicom_section.lines, pydicom_section.document),
    Section("checks", errors_section.lines, errors_section.document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
