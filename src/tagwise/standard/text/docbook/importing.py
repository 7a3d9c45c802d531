"""A folder of NEMA's DocBook files becomes a compiled text; nothing that was there is touched before it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwise.errors import StandardFilesWrong
from tagwise.standard.text import arranging, records
from tagwise.standard.text.docbook import other_parts, outline, part03
from tagwise.standard.text.docbook.references import References
from tagwise.standard.text.store import Compiled

if TYPE_CHECKING:
    import os

    from tagwise.standard.text.docbook.outline import Outline

PARTS = {
    "part03.xml": "PS3.3",
    "part04.xml": "PS3.4",
    "part06.xml": "PS3.6",
    "part15.xml": "PS3.15",
    "part16.xml": "PS3.16",
}
_WANTED = (
    f"Give the folder with {', '.join(PARTS)} of one edition, at least part03.xml or part06.xml; "
    "NEMA has them at https://dicom.nema.org/medical/dicom/ in EDITION/source/docbook"
)
_COUNTED = {"PS3.4": other_parts.part04, "PS3.6": other_parts.part06, "PS3.15": other_parts.part15}


def compiled(folder: str | os.PathLike[str]) -> Compiled:
    """The text in a folder of DocBook files.

    Raises:
        StandardFilesWrong: There is no such folder, it lacks the files, or they are damaged or of several editions.
    """
    outlines = {one.part: one for one in map(_outline, _files(Path(folder)))}
    editions = {one.edition: one.path.name for one in outlines.values()}
    if len(editions) > 1:
        mixed = ", ".join(f"{name} is of {edition}" for edition, name in sorted(editions.items()))
        raise StandardFilesWrong(f"the files in {folder} are of several editions: {mixed}", hint=_WANTED)
    return _compiled(outlines, next(iter(editions)))


def _files(folder: Path) -> list[Path]:
    try:
        names = {path.name.casefold(): path for path in sorted(folder.iterdir())}
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StandardFilesWrong(f"the folder {str(folder)!r} cannot be listed: {why}", hint=_WANTED) from error
    below = _deeper(folder, names)
    found = [below[name] for name in PARTS if name in below]
    if not {path.name.casefold() for path in found} & {"part03.xml", "part06.xml"}:
        there = ", ".join(sorted(names)[:5]) or "nothing"
        raise StandardFilesWrong(f"neither part03.xml nor part06.xml is in {str(folder)!r}, but {there}", hint=_WANTED)
    return found


def _deeper(folder: Path, names: dict[str, Path]) -> dict[str, Path]:
    """The files of the folder; NEMA packs each part into a folder of its own (`part03/part03.xml`)."""
    found = dict(names)
    for name in PARTS:
        packed = folder / name.removesuffix(".xml") / name
        if name not in found and packed.is_file():
            found[name] = packed
    return found


def _outline(path: Path) -> Outline:
    read = outline.read(path)
    wanted = PARTS[path.name.casefold()]
    if read.part != wanted:
        raise StandardFilesWrong(f"{path} is {read.part} by its subtitle, not {wanted}", hint=_WANTED)
    return read


def _compiled(outlines: dict[str, Outline], edition: str) -> Compiled:
    kept: dict[str, Any] = {}
    facts: dict[str, Any] = {
        "edition": edition,
        "source": "DocBook of NEMA",
        "parts": {part: one.title for part, one in outlines.items()},
        "definitions": 0,
        "sections": 0,
    }
    if "PS3.16" in outlines:
        groups = other_parts.part16(outlines["PS3.16"])
        facts["context_groups"] = len(groups)
        kept.update({f"section {label}": records.pack_section(one) for label, one in groups.items()})
    if "PS3.3" in outlines:
        found = part03.read(outlines["PS3.3"], References(outlines["PS3.3"], outlines))
        _without_attributes(outlines["PS3.3"], found)
        wordings = arranging.by_tag(found.rows)
        facts.update(definitions=len(wordings), sections=len(found.sections))
        kept.update({tag: records.pack_wordings(one) for tag, one in wordings.items()})
        kept.update({f"section {label}": records.pack_section(one) for label, one in found.sections.items()})
        kept.update({key: records.pack_section(one) for key, one in found.descriptions.items()})
    facts["compared"] = {}
    for part, compare in _COUNTED.items():
        if part in outlines:
            facts["compared"].update(compare(outlines[part]))
    _without_registry(outlines, facts)
    return Compiled(facts, kept)


def _without_attributes(part: Outline, found: part03.Content) -> None:
    if not found.rows:
        raise StandardFilesWrong(f"{part.path} has no table of a module with attributes", hint=_WANTED)


def _without_registry(outlines: dict[str, Outline], facts: dict[str, Any]) -> None:
    if "PS3.6" in outlines and not facts["compared"]["attributes"]["count"]:
        raise StandardFilesWrong(f"{outlines['PS3.6'].path} has no table of attributes (6-1)", hint=_WANTED)
