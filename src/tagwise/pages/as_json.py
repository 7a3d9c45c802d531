"""Pages as structures of dicts, lists, text and numbers. Keys are lower snake case and stay as they are.

Attribute page: `kind` ("attribute"), `tag`, `number`, `spellings` (`dicom_json`, `code`, `mirth_connect`; empty for
repeaters), `keyword`, `name`, `name_source` ("dictionary" or "keyword"), `vr`, `vr_rules` (list of `vr`, `name`,
`kind`, `holds`, `length`, `unit`, `fixed`, `characters`, `padding`, `values`, `trap`, `reference`), `vr_choice`, `vm`,
`retired`, `retired_after`, `added_after`, `renamed_after`, `former_keyword`, `owner`, `edition`, `modules` (`edition`,
`depth`, `counts` by rule, `why_none`, `used_by`: list of `module`, `name`, `places`: list of `type`, `depth`, `path`:
list of `keyword`, `tag`; and `iods`: list of `iod`, `name`, `ie`, `usage`), `fhir`, `hl7v2`, `worklist` (as
`knowledge_json` describes them), `checks` (list of `name`, `title`,
`severity`).

Check page: `kind` ("check"), `name`, `title`, `severity`, `confidence`, `basis`, `level`, `relation`, `since`,
`aliases`, `sections` (text by heading), `attributes` (list of `tag`, `keyword`, `name`), `settings`, `fires` and
`silent` (list of `says`, `instances`, `expect`, `settings`), `references`, `sources` (list of `url`, `checked`), `sql`.

List of checks: `kind` ("checks"), `checks` (list of `name`, `title`, `severity`, `confidence`, `basis`, `level`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.pages import knowledge_json
from tagwise.pages.attributes import AttributePage
from tagwise.standard import dictionary, vrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagwise.checks import Example
    from tagwise.pages.attributes import ModuleUse
    from tagwise.pages.checks import CheckPage
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.vrs import ValueRepresentation

Document = dict[str, Any]


def page(shown: AttributePage | CheckPage) -> Document:
    """The structure of a page."""
    return attribute_page(shown) if isinstance(shown, AttributePage) else check_page(shown)


def attribute_page(shown: AttributePage) -> Document:
    """The structure of an attribute page."""
    found = shown.attribute
    return {
        "kind": "attribute",
        "tag": found.tag,
        "number": found.number,
        "spellings": _spellings(found),
        "keyword": found.keyword,
        "name": found.name,
        "name_source": "keyword" if found.name_from_keyword else "dictionary",
        "vr": found.vr,
        "vr_rules": [_rule(rule) for rule in shown.vr_rules],
        "vr_choice": shown.vr_choice,
        "vm": found.vm,
        "retired": found.retired,
        "retired_after": found.retired_after,
        "added_after": found.added_after,
        "renamed_after": found.renamed_after,
        "former_keyword": found.former_keyword,
        "owner": found.owner,
        "edition": found.edition,
        "modules": {
            "edition": shown.modules_edition,
            "depth": shown.depth,
            "counts": dict(shown.module_counts),
            "why_none": shown.no_modules,
            "used_by": [_use(use) for use in shown.modules],
        },
        **knowledge_json.sections(shown),
        "checks": [{"name": check.name, "title": check.title, "severity": check.severity} for check in shown.checks],
    }


def _spellings(found: Attribute) -> dict[str, str]:
    if found.repeats:
        return {}
    return {"dicom_json": found.digits, "code": f"0x{found.digits}", "mirth_connect": f"tag{found.digits}"}


def _rule(rule: ValueRepresentation) -> Document:
    return {
        "vr": rule.vr,
        "name": rule.name,
        "kind": rule.kind,
        "holds": rule.holds,
        "length": rule.length,
        "unit": rule.unit,
        "fixed": rule.fixed,
        "characters": rule.characters,
        "padding": rule.padding,
        "values": rule.values,
        "trap": rule.trap,
        "reference": vrs.REFERENCE,
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


def check_page(shown: CheckPage) -> Document:
    """The structure of a check page."""
    return {
        "kind": "check",
        **_facts(shown),
        "relation": shown.relation,
        "since": shown.since,
        "aliases": list(shown.aliases),
        "sections": dict(shown.sections),
        "attributes": [{"tag": read.tag, "keyword": read.keyword, "name": read.name} for read in shown.attributes],
        "settings": dict(shown.settings),
        "fires": _examples(shown.fires),
        "silent": _examples(shown.silent),
        "references": list(shown.references),
        "sources": [{"url": source.url, "checked": source.checked} for source in shown.sources],
        "sql": shown.sql,
    }


def _facts(shown: CheckPage) -> Document:
    return {
        "name": shown.name,
        "title": shown.title,
        "severity": shown.severity.value,
        "confidence": shown.confidence.value,
        "basis": shown.basis.value,
        "level": shown.level.value,
    }


def _examples(examples: Sequence[Example]) -> list[Document]:
    return [
        {
            "says": example.says,
            "instances": [dict(instance) for instance in example.instances],
            "expect": [dict(subject) for subject in example.expect],
            "settings": dict(example.settings),
        }
        for example in examples
    ]


def check_list(shown: Iterable[CheckPage]) -> Document:
    """The structure of a list of checks."""
    return {"kind": "checks", "checks": [_facts(one) for one in shown]}
