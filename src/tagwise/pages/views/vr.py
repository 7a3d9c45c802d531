"""The view of the page of a VR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages.layout import INDENT, columns, wrap
from tagwise.pages.views import Section
from tagwise.quantities import quantity
from tagwise.standard import vrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.layout import Ink
    from tagwise.pages.views import Document
    from tagwise.pages.vrs import VrPage


def head(shown: VrPage, width: int, ink: Ink) -> Iterator[str]:  # noqa: ARG001 - every view has the width
    """Letters and name."""
    yield f"{ink(shown.rule.vr, 'bold')}  {ink('value representation', 'cyan')}"
    yield f"{shown.rule.name} (DICOM {shown.edition})"


def head_document(shown: VrPage) -> Document:
    """Kind, letters, name and edition."""
    return {"kind": "vr", "vr": shown.rule.vr, "name": shown.rule.name, "edition": shown.edition}


def _rule(shown: VrPage, width: int, ink: Ink) -> Iterator[str]:
    from tagwise.pages.views.attribute import rule_rows  # noqa: PLC0415 - the heads of other pages do not need it

    yield ink("Rule", "bold")
    rows = [("kind", shown.rule.kind), *rule_rows(shown.rule, "1-n"), ("reference", vrs.REFERENCE)]
    yield from columns(rows, width, INDENT)


def _rule_document(shown: VrPage) -> Document:
    from tagwise.pages.views.attribute import rule_document  # noqa: PLC0415 - as above

    return {"rule": rule_document(shown.rule)}


def _attributes(shown: VrPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Attributes", "bold")
    retired = f" and {shown.retired:,} retired" if shown.retired else ""
    total = f"{quantity(shown.current, 'current attribute')}{retired} (DICOM {shown.dictionary_edition})."
    yield from wrap(total, width, INDENT)
    for choice in shown.choices:
        yield from wrap(f"Among them {choice}: {vrs.choice(choice)}.", width, INDENT)
    if shown.examples:
        yield ""
        yield from columns(((one.tag, one.keyword) for one in shown.examples), width, INDENT)
        yield ""
        yield ink(f"{INDENT}All of them: tagwise list attributes --vr {shown.rule.vr}", "dim")


def _attributes_document(shown: VrPage) -> Document:
    return {
        "attributes": {
            "current": shown.current,
            "retired": shown.retired,
            "edition": shown.dictionary_edition,
            "choices": [{"vr": choice, "why": vrs.choice(choice)} for choice in shown.choices],
            "examples": [{"tag": one.tag, "keyword": one.keyword, "name": one.name} for one in shown.examples],
        }
    }


SECTIONS = (Section("rule", _rule, _rule_document), Section("attributes", _attributes, _attributes_document))
"""An entry here is a section in text, in JSON and for `--section`."""
