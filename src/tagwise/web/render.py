"""A page as HTML: each section is one template, in the order of the same sections that text and JSON have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import tagwise
from tagwise.knowledge import cloud, mirth_access, pydicom_code
from tagwise.pages import (
    catalogue,
    checks,
    cloud_section,
    knowledge_text,
    limits_list,
    listener_section,
    lookup,
    mirth_section,
    samples_section,
    usage_section,
    values_section,
    views,
)
from tagwise.pages.views import attribute as attribute_view
from tagwise.pages.views import check as check_view
from tagwise.pages.views import uid as uid_view
from tagwise.standard import deidentification, editions, modules, vrs
from tagwise.web import addresses, marking, standard_html, static, view
from tagwise.web.titles import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.lookup import Page

MENU = (
    ("/attributes", "Attributes"),
    ("/modules", "Modules"),
    ("/iods", "IODs"),
    ("/sop-classes", "SOP classes"),
    ("/transfer-syntaxes", "Transfer syntaxes"),
    ("/uids", "UIDs"),
    ("/vrs", "Value representations"),
    ("/private", "Private creators"),
    ("/checks", "Checks"),
    ("/cloud", "Cloud matrix"),
    ("/limits", "Service limits"),
    ("/mirth", "Mirth Connect examples"),
    ("/oie", "Mirth Connect listener"),
    ("/coverage", "Coverage"),
)
"""The lists that every page leads to."""

_MOST_MODULES = 60
_MOST_PLACES = 4
_MOST_UNFOLDED = 60


class Part(NamedTuple):
    """A section of a page that has something to say: its name, which is its anchor, its title and its HTML."""

    name: str
    title: str
    body: Markup


@cache
def environment() -> Environment:
    """The templates with everything they may call."""
    made = Environment(
        loader=PackageLoader("tagwise.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "address_of_keyword": addresses.keyword,
        "address_of_creator": addresses.creator,
        "address_of_tag": addresses.attribute,
        "address_of_uid": addresses.uid,
        "address_of_words": view.address_of_words,
        "blocks": standard_html.blocks,
        "breakable": marking.breakable,
        "by_entity": view.by_entity,
        "code": marking.code,
        "folder_of_words": view.folder_of_words,
        "in_dialect": checks.in_dialect,
        "number": "{:,}".format,
        "prose": marking.prose,
        "readable_condition": values_section.readable,
        "sample_value": samples_section.value_text,
        "value_place": values_section.place_name,
    }
    made.globals |= {
        "EDITIONS": editions.described(),
        "LABELS": cloud_section.LABELS,
        "LOSS": uid_view.LOSS,
        "MENU": MENU,
        "MIRTH_RESULTS": mirth_section.RESULTS,
        "MOST_BESIDE": check_view.MOST_BESIDE,
        "MOST_MODULES": _MOST_MODULES,
        "MOST_PLACES": _MOST_PLACES,
        "MOST_UNFOLDED": _MOST_UNFOLDED,
        "PIXELS": uid_view.PIXELS,
        "SERVICES": limits_list.LABELS,
        "STATUS_WORDS": cloud.STATUS_WORDS,
        "USAGES": view.USAGES,
        "VALUE_KINDS": values_section.KINDS,
        "VERSION": tagwise.__version__,
        "asset": static.address,
        "attribute": view.attribute,
        "checks_of_vr": catalogue.of_vr,
        "choice_of_vr": vrs.choice,
        "cloud_details": view.cloud_details,
        "cloud_sources": view.cloud_sources,
        "deidentification": deidentification,
        "differing": check_view.differing,
        "written": check_view.written,
        "fhir_how": view.fhir_how,
        "field_remarks": view.field_remarks,
        "hl7v2_how": view.hl7v2_how,
        "amount": limits_list.amount,
        "is_sent": uid_view.is_sent,
        "knowledge": knowledge_text,
        "listener": listener_section.of,
        "module_names": modules.names,
        "multiplicity": attribute_view.multiplicity,
        "private_mirth": mirth_access.private_accessor,
        "private_pydicom": pydicom_code.private_snippet,
        "reference_sentence": check_view.reference_sentence,
        "rule_rows": attribute_view.rule_rows,
        "shortened": check_view.shortened,
        "status": attribute_view.status,
        "usage_classes": usage_section.sop_classes,
        "usage_summary": usage_section.summary,
        "usage_why_none": usage_section.why_none,
        "vr_reference": vrs.REFERENCE,
    }
    return made


def parts(page: Page) -> Iterator[Part]:
    """The sections of a page that have content, in the order of the page."""
    named = views.name_of(page)
    for section in views.sections(page):
        body = environment().get_template(f"{named}/{section.name}.html").render(page=page).strip()
        if body:
            yield Part(section.name, TITLES[named][section.name], Markup(body))  # noqa: S704 - made by our own template


def page_html(page: Page, address: str) -> str:
    """A page as a document. Its links start at the root of the site.

    Args:
        address: The address of the page, as `tagwise.web.addresses` gives it.
    """
    named = views.name_of(page)
    more: dict[str, Any] = {"glance": list(view.glance(page))} if named == "attribute" else {}  # type: ignore[arg-type]  # the view of an AttributePage
    return document(
        f"{named}/page.html", page=page, parts=list(parts(page)), address=address, command=view.command(page), **more
    )


def document(template: str, **values: Any) -> str:
    """A document from one of the templates."""
    return environment().get_template(template).render(**values)


def shown(words: str) -> Page:
    """The page that exact words name, with all that the web shows of it: attributes and modules at any depth.

    Raises:
        AmbiguousName: The words name several things.
        UnknownName: They name nothing.
    """
    return lookup.show(words, depth="all")


def address_of(page: Page) -> str:
    """The address of a page.

    >>> from tagwise.pages import show
    >>> address_of(show("PatientID")), address_of(show("CT Image Storage"))
    ('attributes/0010-0020', 'sop-classes/1.2.840.10008.5.1.4.1.1.2')
    """
    named = views.name_of(page)
    if named == "attribute":
        return addresses.attribute(page.tag)  # type: ignore[union-attr]  # the view of an AttributePage
    if named == "check":
        return addresses.page("check", page.name)  # type: ignore[union-attr]  # the view of a CheckPage
    return view.address_of_words(page.words)  # type: ignore[union-attr]  # all others have words
