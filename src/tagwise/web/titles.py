"""What a reader calls each section of each kind of page; the anchor is the name of the section."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES: Mapping[str, Mapping[str, str]] = {
    "attribute": {
        "identity": "Identity",
        "definition": "Definition",
        "modules": "Modules",
        "usage": "IODs and SOP classes",
        "values": "Enumerated values and defined terms",
        "fhir": "FHIR",
        "hl7v2": "HL7 v2",
        "worklist": "Modality Worklist",
        "cloud": "Cloud services",
        "deidentification": "De-identification",
        "samples": "Sample values",
        "mirth": "Mirth Connect",
        "pydicom": "pydicom",
        "checks": "Operational errors",
    },
    "check": {
        "grades": "Grades",
        "text": "Explanation",
        "attributes": "Attributes it reads",
        "settings": "Settings",
        "examples": "Examples",
        "references": "References",
        "sql": "SQL",
    },
    "iod": {"description": "Description", "modules": "Modules", "sop-classes": "SOP classes"},
    "module": {"description": "Description", "attributes": "Attributes", "iods": "IODs"},
    "private": {"elements": "Elements", "mirth": "Mirth Connect", "pydicom": "pydicom"},
    "uid": {"identity": "Identity", "encoding": "Encoding", "iod": "IOD", "listener": "Mirth Connect"},
    "vr": {"rule": "Rule", "attributes": "Attributes"},
}
"""Title by view and section; a test holds that every section has one and a template."""
