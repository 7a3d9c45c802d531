"""Databases of Orthanc: attributes are kept once per patient, study, series or instance, each in a row of its own."""

from __future__ import annotations

import contextlib
import sqlite3
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tagwise.errors import SourceForeign, SourceMissing, SourceRefused, SourceUnreachable
from tagwise.findings import Level
from tagwise.sources import Kind
from tagwise.sources.databases import FETCHED, Layout, fill
from tagwise.sources.postgresql import PostgresTables
from tagwise.sources.rows_file import LACKS
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import duckdb

    from tagwise.checks import Relation

KEYS = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
"""What Orthanc tells resources by: an object with another value is another resource, so these are exact."""

KEPT: Mapping[str, Level] = {
    "PatientID": Level.PATIENT,
    "PatientName": Level.PATIENT,
    "PatientBirthDate": Level.PATIENT,
    "PatientSex": Level.PATIENT,
    "StudyInstanceUID": Level.STUDY,
    "StudyDate": Level.STUDY,
    "StudyTime": Level.STUDY,
    "StudyID": Level.STUDY,
    "StudyDescription": Level.STUDY,
    "AccessionNumber": Level.STUDY,
    "InstitutionName": Level.STUDY,
    "SeriesInstanceUID": Level.SERIES,
    "SeriesDate": Level.SERIES,
    "Modality": Level.SERIES,
    "Manufacturer": Level.SERIES,
    "StationName": Level.SERIES,
    "SeriesDescription": Level.SERIES,
    "BodyPartExamined": Level.SERIES,
    "SeriesNumber": Level.SERIES,
    "SOPInstanceUID": Level.INSTANCE,
    "InstanceNumber": Level.INSTANCE,
    "AcquisitionNumber": Level.INSTANCE,
    "NumberOfFrames": Level.INSTANCE,
    "TemporalPositionIdentifier": Level.INSTANCE,
    "ImagePositionPatient": Level.INSTANCE,
}
"""The attributes that every Orthanc keeps, and the resource that has them. What ExtraMainDicomTags adds is left out:
objects that came before it was set have no value, and would look as if the attribute were missing."""

_METADATA = {"SOPClassUID": 10, "TransferSyntaxUID": 9}
_ALIASES = {Level.PATIENT: "p", Level.STUDY: "s", Level.SERIES: "e", Level.INSTANCE: "i"}

GRAIN: Mapping[str, Level] = {
    **{keyword: Level.INSTANCE if keyword in KEYS else level for keyword, level in KEPT.items()},
    **dict.fromkeys(_METADATA, Level.INSTANCE),
    "file_path": Level.INSTANCE,
    "file_size": Level.INSTANCE,
}

_LACKS: Mapping[Relation, str] = {
    **LACKS,
    "stored": "needs padding as it stands in the object, which Orthanc removes",
    "unreadable": "needs objects that cannot be read, which Orthanc does not take",
}


def query(columns: Collection[str]) -> str:
    """The statement for SQLite and PostgreSQL: one row per instance, with what its ancestors have.

    Args:
        columns: The names of all columns of `AttachedFiles`, in lower case.

    `resourceType` counts from 1 in SQLite and from 0 in PostgreSQL: only instances have three ancestors.
    """
    tags = []
    for level, keywords in groupby(KEPT, key=lambda keyword: KEPT[keyword]):
        values = ", ".join(f'{_tag(keyword)} AS "{keyword}"' for keyword in keywords)
        tags.append(f"tags_{_ALIASES[level]} AS (SELECT id, {values} FROM MainDicomTags GROUP BY id)")
    facts = ", ".join(f'MAX(CASE WHEN type = {kind} THEN value END) AS "{name}"' for name, kind in _METADATA.items())
    listed = ", ".join(f'tags_{_ALIASES[level]}."{keyword}"' for keyword, level in KEPT.items())
    joins = " ".join(f"LEFT JOIN tags_{alias} ON tags_{alias}.id = {alias}.internalId" for alias in _ALIASES.values())
    size = "f.uncompressedSize" if "uncompressedsize" in columns else "NULL"
    return f"""
        WITH {", ".join(tags)}, facts AS (SELECT id, {facts} FROM Metadata GROUP BY id)
        SELECT {listed}, facts."SOPClassUID", facts."TransferSyntaxUID", f.uuid AS "file_path", {size} AS "file_size"
        FROM Resources i
        JOIN Resources e ON e.internalId = i.parentId
        JOIN Resources s ON s.internalId = e.parentId
        JOIN Resources p ON p.internalId = s.parentId
        {joins}
        LEFT JOIN facts ON facts.id = i.internalId
        LEFT JOIN AttachedFiles f ON f.id = i.internalId AND f.fileType = 1
    """


def _tag(keyword: str) -> str:
    number = dictionary.by_keyword()[keyword].number
    return f"MAX(CASE WHEN tagGroup = {number >> 16} AND tagElement = {number & 0xFFFF} THEN value END)"


LAYOUT = Layout(
    product="Orthanc",
    tables=frozenset({"resources", "maindicomtags", "metadata", "attachedfiles"}),
    query=query,
    grain=GRAIN,
    lacks=_LACKS,
)


class OrthancFile:
    """The SQLite file of an Orthanc.

    Raises:
        SourceMissing: On `attach`: there is no such file.
        SourceUnreachable: On `attach`: Orthanc has it locked.
        SourceRefused: On `attach`: it may not be read.
        SourceForeign: On `attach`: it is no database of Orthanc.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.grain = GRAIN
        self.lacks = LAYOUT.lacks
        self.unfinished = False
        self._path = Path(name.removeprefix("orthanc:"))

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` from one snapshot of the file.

        Raises:
            SourceMissing: There is no such file.
            SourceUnreachable: Orthanc has it locked.
            SourceRefused: It may not be read.
            SourceForeign: It is no database of Orthanc.
        """
        if not self._path.is_file():
            raise SourceMissing(f"{str(self._path)!r} is not there, or is not a regular file")
        with self._explained(), contextlib.closing(self._connected()) as database:
            database.text_factory = lambda value: value.decode("utf-8", "replace")
            database.execute("BEGIN")  # one state of the database for all that is read
            tables = {row[0].lower() for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not LAYOUT.fits(tables):
                raise SourceForeign(f"{str(self._path)!r} is an SQLite database, but not one of Orthanc")
            columns = {row[1].lower() for row in database.execute("PRAGMA table_info(AttachedFiles)")}
            fill(db, _reader(database.execute(query(columns))))

    def _connected(self) -> sqlite3.Connection:
        address = f"{self._path.resolve().as_uri()}?mode=ro"
        # DuckDB fetches the rows in a thread of its own, one at a time.
        return sqlite3.connect(address, uri=True, timeout=5, isolation_level=None, check_same_thread=False)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            if "locked" in said or "busy" in said:
                raise SourceUnreachable(
                    f"{str(self._path)!r} is in use by Orthanc",
                    hint="Stop Orthanc for a moment, copy the file with its -wal, and audit the copy.",
                ) from error
            if "unable to open" in said or "readonly" in said:
                raise SourceRefused(
                    f"{str(self._path)!r} cannot be opened: {said}",
                    hint="Copy the file with its -wal to a folder of your own, and audit the copy.",
                ) from error
            raise SourceForeign(f"{str(self._path)!r} cannot be read: {said}") from error


def _reader(cursor: sqlite3.Cursor) -> pa.RecordBatchReader:
    names = [column[0] for column in cursor.description]
    schema = pa.schema([(name, pa.int64() if name == "file_size" else pa.string()) for name in names])

    def batches() -> Iterator[pa.RecordBatch]:
        while rows := cursor.fetchmany(FETCHED):
            columns = [
                pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


_SCHEME = "orthanc+postgresql://"


def _claims(source: str) -> bool:
    if source.startswith(("orthanc:", _SCHEME)):
        return True
    path = Path(source)
    try:
        # Orthanc calls its file `index`, without an ending: the first bytes tell SQLite, its tables whose it is.
        return path.name == "index" and path.is_file() and _starts_like_sqlite(path)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


def _starts_like_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _opened(source: str) -> OrthancFile | PostgresTables:
    if source.startswith(_SCHEME):
        return PostgresTables(source, source.removeprefix("orthanc+"), (LAYOUT,))
    return OrthancFile(source)


KIND = Kind(
    name="orthanc",
    title="Database of Orthanc: its SQLite file, or PostgreSQL",
    spelled=("orthanc:/var/lib/orthanc/db/index", "orthanc+postgresql://user@host/orthanc"),
    claims=_claims,
    opened=_opened,
    tried="on Orthanc 1.10.1 with SQLite, and with PostgreSQL 15 by its plugin 4.0",
    grain=GRAIN,
    lacks=_LACKS,
    tells=(
        "Patient, study and series attributes are those of the object that came first.",
        "Objects without a Patient ID are one patient there, with the name of the first.",
        "PatientID and the UIDs are exact: an object with another value of one is kept apart.",
        "Orthanc keeps one object per SOP Instance UID in a series: what it discarded or overwrote cannot be seen.",
        "What ExtraMainDicomTags adds is not read: objects that came before it was set have no value.",
        "Orthanc locks its SQLite file: copy it with its -wal while Orthanc is stopped.",
    ),
    facts=(
        ("https://orthanc.uclouvain.be/book/faq/main-dicom-tags.html", "2026-11-23"),
        ("https://orthanc.uclouvain.be/book/faq/orthanc-ids.html", "2026-11-23"),
    ),
)
