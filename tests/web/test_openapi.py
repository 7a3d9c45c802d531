"""The description of the JSON interface is valid, and what comes back is what it describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from tests.web.asking import Client

from tagwise.pages import as_json, knowledge_json, lookup, mirth_section, views
from tagwise.web import addresses, lists, openapi, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.naming import Kind

DESCRIBED = openapi.document()
EVERY = list(addresses.everything())
STEP = {"attribute": 97, "module": 11, "iod": 9, "private": 23, "uid": 9, "sop-class": 17, "transfer-syntax": 5}
SCHEMAS = {"sop-class": "SopClass", "transfer-syntax": "TransferSyntax"}
NOTABLE = ("0020-000e", "0008-0100", "0008-0005", "7fe0-0010", "60xx-3000", "0008-0001", "0010-0010", "fffe-e000")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as made:
        yield made


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]})


def _problems(name: str, document: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(name).iter_errors(document)]


def test_the_description_is_valid_openapi() -> None:
    validate(DESCRIBED)


def test_the_description_is_served(client: Client) -> None:
    assert client.get("/openapi.json").json == DESCRIBED


@pytest.mark.parametrize("kind", sorted(addresses.FOLDERS))
def test_pages_of_every_kind_answer_what_their_schema_says(client: Client, kind: Kind) -> None:
    slugs = [slug for each, slug in EVERY if each == kind]
    chosen = slugs[:: STEP.get(kind, 1)] + [slug for slug in NOTABLE if kind == "attribute"]
    assert len(chosen) >= 10
    for slug in chosen:
        found = client.get(f"/{addresses.FOLDERS[kind]}/{slug}.json")
        assert found.status == 200, slug
        assert _problems(SCHEMAS.get(kind, kind.capitalize()), found.json) == [], slug


LISTED = [
    *lists.LISTS,
    *(
        "attributes?vr=UI&status=retired",
        "attributes?module=general-series",
        "attributes?vr=UI&module=sop-common&status=",
    ),
    *("cloud?service=aws&status=queryable", "uids?status=retired", "sop-classes?status=current"),
]


@pytest.mark.parametrize("address", LISTED)
def test_lists_answer_what_their_schema_says(client: Client, address: str) -> None:
    name, _, query = address.partition("?")
    found = client.get(f"/{name}.json", query)
    assert found.status == 200
    schema = "".join(word.capitalize() for word in name.split("-")) + "List"
    assert _problems(schema, found.json) == []
    rows = next(found.json[key] for key in ("rows", "checks", "topics", "sections", "attributes") if key in found.json)
    assert rows


@pytest.mark.parametrize("query", ["q=series+uid", "q=", "q=0020,00&limit=3", "q=image&kind=iod&kind=module", "q=zzqq"])
def test_searches_answer_what_their_schema_says(client: Client, query: str) -> None:
    assert _problems("Hits", client.get("/search.json", query).json) == []


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (404, "/attributes/SeriesInstnceUID.json"),
        (404, "/nothing/here.json"),
        (404, "/nothing.json"),
        (404, "/show/Modaltiy.json"),
        (300, "/show/CT Image.json"),
        (400, "/search.json?limit=0"),
        (400, "/search.json?kind=planet"),
        (400, "/attributes.json?vr=ZZ"),
        (400, "/modules.json?vr=UI"),
    ],
)
def test_errors_are_what_their_schema_says(client: Client, status: int, path: str) -> None:
    found = client.get(path)
    assert found.status == status
    assert _problems("Error", found.json) == []


def test_a_schema_notices_a_key_that_came_or_went() -> None:
    page = as_json.page(lookup.show("SeriesInstanceUID"))
    assert _problems("Attribute", page) == []
    assert _problems("Attribute", {**page, "colour": "red"})
    del page["fhir"]["mappings"][0]["path"]
    assert _problems("Attribute", page)


def test_every_section_of_every_page_has_its_schema() -> None:
    for name, words in (
        *(("attribute", "Modality"), ("check", "uid-padded"), ("iod", "iod:ct-image"), ("module", "module:patient")),
        *(("private", "private:GEMS_IDEN_01"), ("uid", "uid:1.2.840.10008.1.2"), ("vr", "vr:PN")),
    ):
        named = [section.name for section in views.sections(lookup.show(words))]
        assert sorted(named) == sorted(schemas.SECTIONS[name]), f"web/schemas.py: SECTIONS of {name}"


def _keys(schema: Any, seen: set[str]) -> set[str]:
    """Every key that a schema names, at any depth."""
    found: set[str] = set()
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            seen.add(name)
            found |= _keys(schemas.SHARED[name], seen)
    for key, value in schema.get("properties", {}).items():
        found |= {key} | _keys(value, seen)
    inner = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
    return found.union(*(_keys(one, seen) for one in inner if isinstance(one, dict)))


@pytest.mark.parametrize(
    ("start", "kinds", "more"),
    [
        ("Attribute page", ["attribute"], f"{knowledge_json.__doc__}{mirth_section.__doc__}"),
        ("Check page", ["check"], ""),
        ("Module page", ["module"], ""),
        ("IOD page", ["iod"], ""),
        ("Pages of UIDs", ["sop_class", "transfer_syntax", "uid"], ""),
        ("VR page", ["vr"], ""),
        ("Private creator", ["private"], ""),
    ],
)
def test_the_schema_has_the_keys_that_the_documentation_has(start: str, kinds: list[str], more: str) -> None:
    (told,) = [part for part in re.split(r"\n\s*\n", as_json.__doc__ or "") if part.strip().startswith(start)]
    words = set(re.findall(r"`([a-z0-9_]+)`", told + (more or "")))
    assert words == set().union(*(_keys(schemas.page(kind), {"Block"}) for kind in kinds))


def test_the_schema_of_text_has_the_keys_that_the_documentation_has() -> None:
    (told,) = [part for part in re.split(r"\n\s*\n", as_json.__doc__ or "") if part.startswith("Block of text")]
    assert set(re.findall(r"`([a-z0-9_]+)`", told)) == _keys(schemas.SHARED["Block"], {"Block"})


def test_every_path_that_is_described_answers(client: Client) -> None:
    for path, methods in DESCRIBED["paths"].items():
        for one in methods["get"].get("parameters", ()):
            path = path.replace(f"{{{one['name']}}}", one.get("example", ""))  # noqa: PLW2901 - filled in step by step
        assert client.get(path).status in (200, 307), path
