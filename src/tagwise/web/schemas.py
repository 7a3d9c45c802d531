"""JSON schemas of what the addresses that end in `.json` answer: strict, so that a key cannot come or go unnoticed.

A section of a page is one entry of `SECTIONS`; what identifies a page is in `HEADS`. The meaning of the keys is told in
`tagwise.pages.as_json`; a test holds that both name the same keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
URL: Schema = {"type": "string", "format": "uri"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
TAG: Schema = {"type": "string", "pattern": r"^\([0-9A-Fx]{4},[0-9A-Fx]{4}\)$", "examples": ["(0020,000E)"]}
UID: Schema = {"type": "string", "pattern": r"^[0-9.]+$"}
DEPTH: Schema = {"enum": ["top", "first", "all"]}
SEVERITY: Schema = {"enum": ["high", "medium", "low"]}

_KINDS: Mapping[str, Schema] = {
    "": TEXT,
    "count": COUNT,
    "count?": {"type": ["integer", "null"]},
    "flag": FLAG,
    "tag": TAG,
    "texts": {"type": "array", "items": TEXT},
    "text?": {"type": ["string", "null"]},
    "uid": UID,
    "url": URL,
}


def shape(keys: str, /, **more: Schema) -> Schema:
    """An object that has exactly these keys.

    >>> shape("name count:count")["properties"]["count"]
    {'type': 'integer', 'minimum': 0}

    Args:
        keys: Names with their kind behind a colon; none means text.
        more: Keys whose values need a schema of their own.
    """
    named = {name: _KINDS[kind] for name, _, kind in (key.partition(":") for key in keys.split())} | more
    return {"type": "object", "properties": named, "required": list(named), "additionalProperties": False}


def listed(of: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": of}


def mapped(to: Schema) -> Schema:
    """An object whose keys are data."""
    return {"type": "object", "additionalProperties": to}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_CONVERSION = shape("name from to rule example inferred url:url checked")
_RULE = shape("name versions:texts keywords:texts rule breaks inferred url:url checked")
_READ = shape("id kind name version versions:texts url:url covers checked")
_MESSAGE = shape("name message versions:texts direction transaction what url:url checked")
_COUNTS = shape("top:count first:count all:count")

SHARED: Mapping[str, Schema] = {
    "VrRule": shape(
        "vr name kind holds unit fixed:flag characters padding values trap reference",
        length={"type": ["integer", "null"]},
    ),
    "Source": shape("url:url dated taken"),
    "Usage": shape("iod name ie usage"),
    "ModuleUsage": shape("module name ie usage"),
    "ModuleAttribute": shape(
        "tag:tag keyword name vr type retired:flag inside:count", items=listed(_named("ModuleAttribute"))
    ),
    "AttributeName": shape("tag:tag keyword name"),
    "Block": {
        "anyOf": [
            shape("text", kind={"const": "paragraph"}, links=listed(shape("text target url:url"))),
            shape("text", kind={"enum": ["heading", "literal"]}),
            shape("title", kind={"const": "note"}, blocks=listed(_named("Block"))),
            shape("ordered:flag", kind={"const": "list"}, items=listed(listed(_named("Block")))),
            shape(
                "title",
                kind={"const": "terms"},
                terms=listed(shape("code", meaning=listed(_named("Block")))),
            ),
            shape(
                "caption heads:count",
                kind={"const": "table"},
                rows=listed(listed(listed(_named("Block")))),
            ),
        ]
    },
}
"""Shapes that several pages have, by the name that the description gives them."""

_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_VALUE: Schema = {"anyOf": [_SCALAR, listed(_SCALAR)]}
_EXAMPLE = {
    **shape(
        "says",
        instances=listed(mapped(_VALUE)),
        expect=listed(mapped(_VALUE)),
        settings=mapped(_SCALAR),
        references=listed(mapped(_VALUE)),
    ),
    "required": ["says", "instances", "expect", "settings"],
}
_OBJECT_EXAMPLE = shape("says file:text? expect:texts", elements=listed(shape("name vr value")))
_PLACE = shape("type depth:count", path=listed(shape("keyword tag:tag")))
_ACTION = shape("option name action meaning")

_FHIR = shape(
    "",
    mappings=listed(
        shape(
            "versions:texts source resource path datatype cardinality binding combined_with:texts how conversion "
            "context printed note inferred:texts checked url:url"
        )
    ),
    conversions=listed(_CONVERSION),
    disagreements=listed(TEXT),
    rules=listed(_RULE),
    read=listed(_READ),
)
_HL7V2 = shape(
    "",
    fields=listed(
        shape(
            "field mirth name type inside:texts repetition direction conversion fits printed note doubt inferred:texts "
            "source url:url checked",
            messages=listed(_MESSAGE),
            max_lengths=mapped(COUNT),
        )
    ),
    without=_KINDS["texts"],
    carriers=listed(shape("field name type usage repeats:flag keyword tag:tag note url:url checked")),
    conversions=listed(_CONVERSION),
    rules=listed(_RULE),
    character_sets=listed(shape("msh_18 specific_character_set covers doubt inferred url:url checked")),
    read=listed(_READ),
)
_FACT = shape(
    "word level at:texts how:texts limit:count? unit says disagrees inferred:flag listed:flag",
    sources=listed(_named("Source")),
)
_GRADES = {
    "severity": SEVERITY,
    "confidence": {"enum": ["high", "medium", "low"]},
    "basis": {"enum": ["standard", "vendor", "practice"]},
}

_BLOCKS = listed(_named("Block"))
_WORDING = {
    "text": _KINDS["text?"],
    "blocks": _BLOCKS,
    "places": listed(shape("kind slug name section table url:url type path:texts")),
    "modules": COUNT,
}
_DEFINITION = shape(
    "edition:text? source:text? missing problems:texts", **_WORDING, others=listed(shape("", **_WORDING))
)
_DESCRIPTION = shape(
    "",
    description=shape(
        "edition:text? source:text? text:text? section:text? url:text? missing problems:texts", blocks=_BLOCKS
    ),
)
_CODES = shape(
    "edition source",
    lists=listed(
        shape(
            "kind value:count? condition section",
            codes=listed(shape("code meaning retired:flag")),
            places=listed(shape("kind slug path:texts")),
        )
    ),
)
_USAGE_OF = shape(
    "edition rule iods:count",
    counts=mapped(COUNT),
    used_by=listed(
        shape(
            "iod name need usage type module functional_group more_modules:count",
            path=listed(shape("keyword tag:tag type")),
            sop_classes=listed(shape("uid:uid name")),
        )
    ),
)
_SAMPLES = shape(
    "edition source files:count read:count",
    values=listed(shape("value length vr file modality path:texts note")),
)
_SENT = {"anyOf": [{"type": "null"}, shape("kind text")]}
_MIRTH = shape(
    "",
    accessor=shape("code notes:texts"),
    examples=listed(
        shape(
            "name title step goal keywords:texts purpose references:texts destinations:texts code",
            template=_SENT,
            cases=listed(
                shape(
                    "what removed:texts log:texts error",
                    given=mapped(mapped(TEXT)),
                    message=_SENT,
                    returns={"type": ["boolean", "null"]},
                    channel_map=mapped(TEXT),
                    out=_SENT,
                )
            ),
        )
    ),
)
_OPERATIONAL_ERROR = shape("name title level about:flag diagnosis why confirm fix not_a_problem sql", **_GRADES)
_CODE_OF = shape("tag:tag code notes:texts")

HEADS: Mapping[str, Schema] = {
    "attribute": shape(
        "tag:tag keyword name", number=_KINDS["count?"], name_source={"enum": ["dictionary", "keyword"]}
    ),
    "check": shape("name title level runs_in:texts", **_GRADES),
    "iod": shape("iod name edition"),
    "module": shape("module name edition"),
    "private": shape("creator sources"),
    "uid": shape("uid:uid keyword name type"),
    "vr": shape("vr name edition"),
}
"""What identifies each kind of page, by its view; `kind` comes on top."""

SECTIONS: Mapping[str, Mapping[str, Schema]] = {
    "attribute": {
        "identity": shape(
            "vr vr_choice vm retired:flag retired_after:text? added_after:text? renamed_after:text? "
            "former_keyword:text? owner edition namesakes:texts",
            spellings={
                **shape("dicom_json code mirth_connect"),
                "required": [],
                "description": "empty for repeating groups",
            },
            vr_rules=listed(_named("VrRule")),
        ),
        "modules": shape(
            "",
            modules=shape(
                "edition why_none",
                depth=DEPTH,
                counts=_COUNTS,
                used_by=listed(shape("module name", places=listed(_PLACE), iods=listed(_named("Usage")))),
            ),
        ),
        "definition": shape("", definition=_DEFINITION),
        "usage": shape("", usage=_USAGE_OF),
        "values": shape("", values=_CODES),
        "fhir": shape("", fhir=_FHIR),
        "hl7v2": shape("", hl7v2=_HL7V2),
        "worklist": shape(
            "",
            worklist=shape(
                "edition read",
                keys=listed(shape("keyword tag:tag inside:texts module matching return_type how url:url checked")),
            ),
        ),
        "cloud": shape("", cloud=listed(shape("service name api listed:flag status:texts", facts=listed(_FACT)))),
        "deidentification": shape(
            "",
            deidentification=shape("table edition row:text? basic:text? meaning:text?", options=listed(_ACTION)),
        ),
        "samples": shape("", samples=_SAMPLES),
        "mirth": shape("", mirth=_MIRTH),
        "pydicom": shape("", pydicom=shape("code notes:texts")),
        "checks": shape("vr_checks:texts", checks=listed(_OPERATIONAL_ERROR)),
    },
    "check": {
        "grades": shape("relation:text? looks_at since is_repaired:flag aliases:texts"),
        "text": shape("", sections=mapped(TEXT)),
        "attributes": shape("", attributes=listed(_named("AttributeName"))),
        "settings": shape("", settings=mapped(_SCALAR)),
        "examples": shape(
            "",
            fires=listed(_EXAMPLE),
            silent=listed(_EXAMPLE),
            object_fires=listed(_OBJECT_EXAMPLE),
            object_silent=listed(_OBJECT_EXAMPLE),
        ),
        "references": shape("references:texts", sources=listed(shape("url:url checked"))),
        "sql": shape("sql dialect", dialects=listed(shape("name title status"))),
    },
    "iod": {
        "description": _DESCRIPTION,
        "modules": shape("", modules=listed(_named("ModuleUsage"))),
        "sop-classes": shape("", sop_classes=listed(shape("uid:uid name retired:flag"))),
    },
    "module": {
        "description": _DESCRIPTION,
        "attributes": shape("note", depth=DEPTH, counts=_COUNTS, attributes=listed(_named("ModuleAttribute"))),
        "iods": shape("", iods=listed(_named("Usage"))),
    },
    "private": {
        "elements": shape("", elements=listed(shape("tag:tag vr vm name"))),
        "mirth": shape("", mirth=_CODE_OF),
        "pydicom": shape("", pydicom=_CODE_OF),
    },
    "uid": {
        "identity": shape("note edition retired:flag"),
        "encoding": shape(
            "",
            encoding=shape("vr byte_order pixels encapsulated:flag loss codec deflated:flag note reference"),
        ),
        "listener": shape("", oie_listener=shape("accepts:flag", source=_named("Source"))),
        "iod": shape(
            "",
            iod={"anyOf": [{"type": "null"}, shape("iod name edition")]},
            modules=listed(_named("ModuleUsage")),
        ),
    },
    "vr": {
        "rule": shape("", rule=_named("VrRule")),
        "attributes": shape(
            "",
            attributes=shape(
                "current:count retired:count edition",
                choices=listed(shape("vr why")),
                examples=listed(_named("AttributeName")),
            ),
        ),
    },
}
"""What each section adds to the JSON of a page, by view and section."""

OWN: Mapping[str, tuple[str, frozenset[str]]] = {
    "sop_class": ("uid", frozenset({"encoding"})),
    "transfer_syntax": ("uid", frozenset({"iod"})),
    "uid": ("uid", frozenset({"encoding", "iod", "listener"})),
}
"""Kinds of pages that share a view: the view, and the sections that they do not have."""

_SOMETIMES = frozenset({"oie_listener"})
"""Keys that some pages of a kind do not have: a SOP class that stores nothing is never sent to a listener."""

PAGE_KINDS = ("attribute", "check", "iod", "module", "private", "sop_class", "transfer_syntax", "uid", "vr")


def page(kind: str) -> Schema:
    """The schema of a page of this kind, as the key `kind` of its JSON names it."""
    view, without = OWN.get(kind, (kind, frozenset()))
    parts = [HEADS[view], *(part for name, part in SECTIONS[view].items() if name not in without)]
    properties: Schema = {"kind": {"const": kind}}
    for part in parts:
        properties |= part["properties"]
    required = [key for key in properties if key not in _SOMETIMES]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _rows(kind: str, row: Schema) -> Schema:
    return shape("edition", kind={"const": kind}, rows=listed(row))


_UID_ROW = "uid:uid keyword name type retired:flag"
_STATUS = mapped(listed(TEXT))

_LIMIT = shape(
    "id says value unit since keywords:texts disagrees breaking:flag inferred:flag preview:flag sources:texts"
)
_NUMBERS = shape("current:count retired:count all:count")

LISTS: Mapping[str, Schema] = {
    "attributes": _rows(
        "attributes",
        {
            **shape("tag:tag keyword name vr vm type retired:flag"),
            "required": ["tag", "keyword", "name", "vr", "vm", "retired"],
            "description": "`type` only where the list is that of a module",
        },
    ),
    "modules": _rows("modules", shape("module name iods:count")),
    "iods": _rows("iods", shape("iod name modules:count sop_classes:count")),
    "sop-classes": _rows("sop-classes", shape(f"{_UID_ROW} iod")),
    "transfer-syntaxes": _rows(
        "transfer-syntaxes", shape(f"{_UID_ROW} vr byte_order pixels loss codec deflated:flag note reference")
    ),
    "uids": _rows("uids", shape(_UID_ROW)),
    "vrs": _rows("vrs", shape("vr name kind extent padding")),
    "private": _rows("private", shape("creator elements:count")),
    "checks": shape("", kind={"const": "checks"}, checks=listed(shape("name title level runs_in:texts", **_GRADES))),
    "cloud": shape(
        "",
        kind={"const": "cloud"},
        status_words=mapped(TEXT),
        services=listed(shape("service name api default says")),
        attributes=listed(shape("tag:tag keyword inferred:texts", status=_STATUS)),
    ),
    "limits": shape(
        "services:texts",
        kind={"const": "limits"},
        compared=listed(shape("topic aws azure google sources:texts")),
        topics=listed(shape("topic heading", limits=mapped(listed(_LIMIT)))),
        sources=mapped(_named("Source")),
    ),
    "mirth": _rows("mirth", shape("keyword name goal step title")),
    "oie": shape(
        "",
        kind={"const": "oie"},
        source=_named("Source"),
        rows=listed(shape("kind uid keyword name name_in_source says")),
    ),
    "coverage": shape(
        "",
        kind={"const": "coverage"},
        attributes=_NUMBERS,
        sections=listed(shape("section counts current:count retired:count all:count", sources=mapped(_NUMBERS))),
    ),
}
"""The schema of each list, by its address."""

HITS = shape(
    "query",
    kind={"const": "hits"},
    hits=listed(
        shape(
            "show label name retired:flag address",
            kind={
                "enum": ["attribute", "module", "iod", "sop-class", "transfer-syntax", "uid", "vr", "check", "private"]
            },
            how={"enum": ["exact", "tag", "uid", "words", "prefix", "part", "near"]},
        )
    ),
)

ERROR: Schema = {
    **shape("error hint", near=HITS["properties"]["hits"], choices=mapped(TEXT)),
    "required": ["error"],
}
"""What is wrong, what to do, and where something is missing what is close to it."""
