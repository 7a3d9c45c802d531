"""FHIR elements and HL7 v2 fields, in the lists that tools/make_fhir_paths.py and make_hl7v2_fields.py make."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"


class Element(NamedTuple):
    """An element of a definition; `binding` and `mapping` are known of R4 only."""

    path: str
    cardinality: str
    types: str
    binding: str
    mapping: str


class Place(NamedTuple):
    """A field of a segment (`PID-3`) or a component of a data type (`CX.4`)."""

    place: str
    type: str
    name: str


def _rows(name: str) -> list[list[str]]:
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


@cache
def elements(version: str) -> dict[str, Element]:
    """Every element of the resources and data types in use, by path; of R6 those of R5, the nearest there are."""
    name = {"R4": "r4", "R4B": "r4b", "R5": "r5", "R6-ballot": "r5"}[version]
    return {row[0]: Element(*row) for row in _rows(f"fhir_paths_{name}.txt")}


def element(path: str, version: str) -> Element | None:
    """The element at a path that may go on into a data type: ServiceRequest.code.concept.text."""
    known = elements(version)
    at, *steps = path.split(".")
    found = known.get(at)
    for step in steps:
        found = known.get(f"{at}.{step}") or _choice(at, step, version)
        if found is None:
            return None
        inside = f"{found.path}."
        at = found.path if any(name.startswith(inside) for name in known) else found.types
    return found


def _choice(owner: str, step: str, version: str) -> Element | None:
    """The element value[x] that is written valueQuantity."""
    for name, one in elements(version).items():
        if name.startswith(f"{owner}.") and name.endswith("[x]"):
            stem = name[len(owner) + 1 : -3]
            for kind in one.types.split():
                if step.lower() == (stem + kind).lower():
                    return Element(f"{owner}.{step}", one.cardinality, kind, one.binding, one.mapping)
    return None


@cache
def fields(version: str) -> dict[str, Place]:
    """Every field of the segments in use and every component of every data type, by place."""
    return {row[0]: Place(*row) for row in _rows(f"hl7v2_fields_{version.replace('.', '')}.txt")}


def field(written: str, version: str) -> Place | None:
    """The field or component that `PID-3.4.1` names, None if HL7 has none such in this version."""
    match = re.fullmatch(r"([A-Z][A-Z0-9]{2}-\d+)((?:\.\d+)*)", written)
    found = fields(version).get(match[1]) if match else None
    for number in match[2].split(".")[1:] if match else ():
        if found is None or found.type == "varies":
            return found
        found = fields(version).get(f"{found.type}.{number}")
    return found
