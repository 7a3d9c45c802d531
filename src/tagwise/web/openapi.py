"""The description of the JSON interface, in OpenAPI 3.1: every address that answers JSON, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tagwise
from tagwise.knowledge import cloud
from tagwise.pages.naming import KINDS
from tagwise.web import schemas
from tagwise.web.addresses import FOLDERS
from tagwise.web.lists import LISTS, RETIRED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.pages.naming import Kind
    from tagwise.web.schemas import Schema

MOST_HITS = 100
LONGEST_QUERY = 200

_PAGES: Mapping[Kind, Mapping[str, tuple[str, str]]] = {
    "attribute": {
        "tag": ("0020-000e", "The tag without brackets, with a hyphen for the comma; a keyword leads to it.")
    },
    "check": {"folder": ("identity", "The folder of the check."), "name": ("series-uid-reused", "Its name.")},
    "iod": {"iod": ("ct-image", "The slug of the IOD.")},
    "module": {"module": ("general-series", "The slug of the module.")},
    "private": {"creator": ("gems-iden-01", "The letters and digits of the private creator.")},
    "sop-class": {"uid": ("1.2.840.10008.5.1.4.1.1.2", "The UID.")},
    "transfer-syntax": {"uid": ("1.2.840.10008.1.2.4.50", "The UID.")},
    "uid": {"uid": ("1.2.840.10008.1.4.1.1", "The UID of what is neither SOP class nor transfer syntax.")},
    "vr": {"vr": ("ui", "The two letters.")},
}
"""The parts of the address of each kind of page, with an example and what they are."""

_SUMMARIES = {
    "iod": "One IOD",
    "private": "One private creator",
    "sop-class": "One SOP class",
    "uid": "One other UID",
    "vr": "One VR",
}
_ENUMS: Mapping[str, Schema] = {
    "vr": {"type": "string", "pattern": "^([A-Za-z]{2})?$", "examples": ["UI"]},
    "status": {"type": "string", "enum": ["", *RETIRED]},
    "module": {"type": "string", "examples": ["general-series"]},
    "service": {"type": "string", "enum": ["", *cloud.SERVICE_KEYS]},
    "scope": {"type": "string", "enum": ["", "all"]},
}
_SAYS = {
    "vr": "Only attributes with this VR.",
    "status": "Only those with this status.",
    "module": "Only attributes at the top level of this module, with their type.",
    "service": "Only attributes that this service lists.",
    "scope": "all adds the attributes that no service lists.",
}


def document(base: str = "/") -> dict[str, Any]:
    """The whole description.

    Args:
        base: Where the site starts.
    """
    paths = {**dict(map(_page_path, _PAGES)), **dict(map(_list_path, LISTS)), **_others()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tagwise",
            "version": tagwise.__version__,
            "summary": "The DICOM integration reference that runs, as JSON",
            "description": "Read only, without keys or limits. Every page has a twin at its address with `.json`. Keys "
            "are lower snake case; dates and editions stand beside the facts.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {
            "schemas": {
                **schemas.SHARED,
                **{_name(kind): schemas.page(kind) for kind in schemas.PAGE_KINDS},
                **{f"{_name(kind)}List": schema for kind, schema in schemas.LISTS.items()},
                "Hits": schemas.HITS,
                "Error": schemas.ERROR,
            }
        },
    }


def _name(kind: str) -> str:
    """A kind as the name of a schema.

    >>> _name("sop-class"), _name("transfer_syntax")
    ('SopClass', 'TransferSyntax')
    """
    return "".join(word.capitalize() for word in kind.replace("_", "-").split("-"))


def _answers(schema: str, **others: str) -> dict[str, Any]:
    """200 with this schema, 304, and errors by status."""
    found: dict[str, Any] = {
        "200": {
            "description": "Found.",
            "headers": {"ETag": {"schema": {"type": "string"}}, "Cache-Control": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "304": {"description": "The client has it already (If-None-Match)."},
    }
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status, says in others.items():
        found[status.removeprefix("s")] = {"description": says, "content": error}
    return found


def _page_path(kind: Kind) -> tuple[str, dict[str, Any]]:
    answers = _answers(_name(kind), s404="There is no such page; `near` has what is close.")
    answers["308"] = {"description": "Another spelling: Location has the address of the page."}
    get = {
        "operationId": f"show{_name(kind)}",
        "summary": _SUMMARIES.get(kind, f"One {kind.replace('-', ' ')}"),
        "tags": ["pages"],
        "parameters": [_part(name, example, says) for name, (example, says) in _PAGES[kind].items()],
        "responses": dict(sorted(answers.items())),
    }
    parts = "/".join(f"{{{name}}}" for name in _PAGES[kind])
    return f"/{FOLDERS[kind]}/{parts}.json", {"get": get}


def _part(name: str, example: str, says: str) -> dict[str, Any]:
    found = {"name": name, "in": "path", "required": True, "description": says}
    return {**found, "schema": {"type": "string"}, "example": example}


def _list_path(kind: str) -> tuple[str, dict[str, Any]]:
    shown = LISTS[kind]
    parameters = [_query(name, _SAYS[name], _ENUMS[name]) for name in shown.filters]
    if kind == "cloud":
        parameters[1]["schema"] = {"type": "string", "enum": ["", *cloud.STATUS_WORDS]}
    get = {
        "operationId": f"list{_name(kind)}",
        "summary": shown.title,
        "tags": ["lists"],
        "parameters": parameters,
        "responses": _answers(f"{_name(kind)}List", s400="A filter that the list does not have, or a wrong value."),
    }
    return f"/{kind}.json", {"get": get}


def _query(name: str, says: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}


def _others() -> dict[str, Any]:
    search = {
        "operationId": "search",
        "summary": "What a few words can mean, best first",
        "tags": ["search"],
        "parameters": [
            {
                **_query("q", "Words in any order, a tag, a UID, or their beginnings.", {"type": "string"}),
                "example": "series uid",
            },
            _query("limit", "The most hits.", {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": 20}),
            {
                **_query("kind", "Only hits of this kind; may be repeated.", {}),
                "schema": {"type": "array", "items": {"enum": list(KINDS)}},
            },
        ],
        "responses": _answers("Hits", s400="A limit that is no number or too large, or an unknown kind."),
    }
    show = {
        "operationId": "show",
        "summary": "The way to the page of whatever a name means",
        "tags": ["pages"],
        "parameters": [
            _part(
                "name", "SeriesInstanceUID", "As for tagwise show; module:patient and the like choose among several."
            ),
        ],
        "responses": {
            "300": {"description": "The name of several things; `choices` has the exact words."}
            | {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
            "307": {"description": "Location has the address of the page."},
            "404": _answers("Error", s404="Nothing is called that.")["404"],
        },
    }
    own = {
        "operationId": "describe",
        "summary": "This description",
        "tags": ["about"],
        "responses": {
            "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    }
    return {"/search.json": {"get": search}, "/show/{name}.json": {"get": show}, "/openapi.json": {"get": own}}
