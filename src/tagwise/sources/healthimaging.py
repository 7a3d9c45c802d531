"""Metadata of image sets of AWS HealthImaging: a folder of JSON files, one for each image set.

A file has attributes by keyword at four levels: Patient.DICOM, Study.DICOM, Study.Series{uid}.DICOM and
Study.Series{uid}.Instances{uid}.DICOM. The first three are normalised: one value for all instances of the image set.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tagwise.checks.grain import home
from tagwise.errors import SourceForeign
from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.values import storable
from tagwise.scanning.walk import reason_of
from tagwise.sources import Kind
from tagwise.sources.blind import WITHOUT_FILES
from tagwise.sources.row_table import RowTable
from tagwise.sources.rows_file import LACKS, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from tagwise.sources.row_table import Row

_SCHEME = "aws:"
_LARGEST = 1_000_000_000
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


def columns() -> dict[str, Level]:
    """The columns, each true at the level at which image sets keep it: patient, study and series once."""
    normalised = (Level.PATIENT, Level.STUDY, Level.SERIES)
    return {
        one.keyword: Level.INSTANCE if one.keyword in _UIDS or home(one.keyword) not in normalised else Level.SERIES
        for one in scan_columns()
    }


class ImageSets:
    """A folder of metadata, as `get-image-set-metadata` writes it: JSON, usually compressed with gzip.

    Raises:
        SourceMissing: On `attach`: there is no such folder, or no JSON in it.
        SourceForeign: On `attach`: no file is the metadata of an image set.
    """

    def __init__(self, source: str) -> None:
        self.name = source
        self.grain = columns()
        self.lacks = LACKS
        self.blind: Mapping[str, str] = WITHOUT_FILES
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Read all files into a table of the connection.

        Raises:
            SourceMissing: There is no such folder, or no JSON in it.
            SourceForeign: No file is the metadata of an image set.
        """
        given = self.name.removeprefix(_SCHEME)
        table = RowTable(db)
        foreign = ""
        files = files_of(given, (".json", ".json.gz", ".gz"))
        unread = 0
        for name in files:
            try:
                table.add(list(_rows(Path(name))))
            except _NoImageSet as error:
                foreign, unread = foreign or f"{name!r} {error}", unread + 1
                table.add([{"file_path": name, "read_error": str(error)}])
        if unread == len(files):
            raise SourceForeign(
                f"{given!r} has no metadata of an image set: {foreign}",
                hint="`aws medical-imaging get-image-set-metadata` writes it, one file for each image set.",
            )
        table.finish(list(self.grain))


class _NoImageSet(Exception):
    """A file is no metadata of an image set: why, after the name of the file."""


def _rows(path: Path) -> Iterator[Row]:
    """One row for each instance of an image set."""
    document = _document(path)
    try:
        study = document["Study"]
        above = {**_attributes(document["Patient"]), **_attributes(study)}
        series = list(study["Series"].items())
        for uid, one in series:
            of_series = {**above, "SeriesInstanceUID": uid, **_attributes(one)}
            for sop, instance in one["Instances"].items():
                row = {**of_series, "SOPInstanceUID": sop, **_attributes(instance)}
                yield {**row, "file_path": f"{path}#{sop}"}
    except (KeyError, TypeError, AttributeError) as error:
        raise _NoImageSet("is JSON, but has not Patient, Study, Series and Instances as image sets have") from error


def _document(path: Path) -> Any:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            text = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _NoImageSet(f"cannot be read: {reason_of(error) if isinstance(error, OSError) else error}") from error
    if len(text) > _LARGEST:
        raise _NoImageSet(f"is larger than {_LARGEST:,} bytes")
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _NoImageSet("is no JSON, or is cut off") from error


def _attributes(level: Any) -> Row:
    known = _known()
    return {keyword: text for keyword, value in level["DICOM"].items() if keyword in known and (text := _text(value))}


def _known() -> frozenset[str]:
    """The keywords that become columns."""
    return frozenset(column.keyword for column in scan_columns())


def _text(value: Any) -> str | None:
    r"""A value as DICOM writes it.

    >>> _text(["ORIGINAL", "PRIMARY"]), _text(512), _text(None), _text("120 ")
    ('ORIGINAL\\PRIMARY', '512', None, '120 ')
    """
    if value is None or isinstance(value, dict | bool):
        return None
    if isinstance(value, list):
        return (
            None if any(isinstance(one, dict | list) for one in value) else "\\".join(_text(one) or "" for one in value)
        )
    return storable(str(value))


KIND = Kind(
    name="aws",
    title="Metadata of image sets of AWS HealthImaging, a folder of JSON files",
    spelled=("aws:FOLDER",),
    claims=lambda source: source.startswith(_SCHEME),
    opened=ImageSets,
    tried="on files of the form that the service writes, made by the tests; not on the service",
    grain=columns(),
    lacks=LACKS,
    blind=WITHOUT_FILES,
    tells=(
        "An image set holds patient, study and series once; an object that differs goes to an image set of its own.",
        "So an image set that is not primary is a finding by itself: search-image-sets lists those (isPrimary).",
        "TransferSyntaxUID is that of the object as it was imported; the service may have stored it in another.",
    ),
    facts=(
        ("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
        ("https://docs.aws.amazon.com/healthimaging/latest/devguide/supported-transfer-syntaxes.html", "2026-11-23"),
        ("https://github.com/comic/grand-challenge.org, a response in its tests", "2026-11-23"),
    ),
)
