"""What an audit asks a Spark cluster: statements in its dialect, and the small relations that come back as Arrow."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sqlglot.errors import SqlglotError

from tagwise.auditing.engine import Engine, counted, identified_by
from tagwise.auditing.facets import FILE_COLUMNS
from tagwise.auditing.marks import is_sound
from tagwise.checks import uids
from tagwise.checks.dialects import put
from tagwise.checks.sql import COPY_COLUMNS, FACET_COLUMNS, IMAGE_COLUMNS, MADE, copies, facets, images, with_settings
from tagwise.scanning.parquet_folder import INSTANCES, KEPT_AND_GONE, REFERENCES, ROUND, SUPERSEDED
from tagwise.scanning.spark.session import explained
from tagwise.sources.parquet_folder import READABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from tagwise.checks import Check, Relation
    from tagwise.findings import Level
    from tagwise.scanning.parquet_folder import ParquetFolder

_PULLED: frozenset[Relation] = frozenset({"facets", "images", "stacks", "uids", "copies", "vanished", "unreadable"})
"""Relations that are made on the cluster and small enough to come back: checks on them run in DuckDB."""


@lru_cache(maxsize=512)
def in_spark(sql: str) -> str:
    """A statement of DuckDB in the dialect of Spark.

    Raises:
        sqlglot.errors.SqlglotError: It uses what Spark does not have.
    """
    return put(sql, "spark")


class Cluster:
    """The rows of a folder as views of a session of Spark: `stored`, `instances`, `unreadable`, `referenced_objects`.

    Args:
        grain: The columns, as the source of the folder has them.
    """

    def __init__(self, spark: SparkSession, folder: ParquetFolder, grain: Mapping[str, Level]) -> None:
        self._spark, self._folder = spark, folder
        self._keywords = [column for column in grain if column not in FILE_COLUMNS]
        self._listed = ", ".join(_quoted(column) for column in grain)
        self._make_views()

    def pulled(self, sql: str, doing: str = "a question of the audit") -> pa.Table:
        """The rows of a statement of DuckDB, asked in Spark.

        Raises:
            EngineFailed: Spark gave it up.
        """
        with explained(doing):
            return self._spark.sql(in_spark(sql)).toArrow()

    def register(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process a view of the session."""
        with explained(f"taking {rows.num_rows:,} rows"):
            self._spark.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, relation: Relation, statement: str) -> None:
        """Make a relation on the cluster and keep it there, because several questions read it."""
        with explained(f"the relation {relation}"):
            # What is kept has its parts for good, 200 as a rule, and each question about a few rows would pay for all.
            made = self._spark.sql(in_spark(statement)).coalesce(self._spark.sparkContext.defaultParallelism)
            made.persist()
            made.createOrReplaceTempView(relation)

    def _make_views(self) -> None:
        kept, gone = KEPT_AND_GONE if self._view("superseded", SUPERSEDED, _VANISHED) else ("TRUE", "FALSE")
        columns = ", ".join(f"CAST(NULL AS STRING) AS {_quoted(name)}" for name in self._keywords)
        self._view("all_rows", INSTANCES, columns)
        self._view("all_references", REFERENCES, "")
        self._sql("kept_rows", f"SELECT * FROM all_rows AS r WHERE {kept}")
        self._sql("referenced_objects", f"SELECT * FROM all_references AS r WHERE {kept}")
        self._sql("stored", f"SELECT {self._listed} FROM kept_rows WHERE {READABLE}")
        self._sql("gone", f"SELECT {self._listed} FROM all_rows AS r WHERE {gone} AND {READABLE}")
        self._sql("unreadable", f"SELECT {self._listed}, read_error FROM kept_rows WHERE read_error IS NOT NULL")
        trimmed = [f"NULLIF(TRIM(BOTH ' \\0' FROM {_quoted(name)}), '') AS {_quoted(name)}" for name in self._keywords]
        self._sql("instances", f"SELECT {', '.join([*FILE_COLUMNS, *trimmed])} FROM stored")

    def _view(self, name: str, table: str, columns: str) -> bool:
        """A view of the files of a table with the round of each row; False where there are none."""
        from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

        files = self._folder.files(table)
        with explained("reading the folder"):
            if files:
                rows = self._spark.read.parquet(*(f"file://{path}" for path in files))
                round_of = f.regexp_extract(f.input_file_name(), ROUND, 1)
                rows.withColumn("round", round_of).createOrReplaceTempView(name)
        if not files:
            self._sql(name, f"SELECT * FROM (SELECT {_EMPTY[table]}{', ' + columns if columns else ''}) WHERE FALSE")
        return bool(files)

    def _sql(self, name: str, sql: str) -> None:
        with explained("reading the folder"):
            self._spark.sql(sql).createOrReplaceTempView(name)


_NULL = "CAST(NULL AS STRING) AS "
_VANISHED = "CAST(NULL AS TIMESTAMP) AS vanished"
_EMPTY = {
    INSTANCES: ", ".join(
        [
            *(_NULL + name for name in ("round", "file_path", "header_digest", "read_error")),
            "CAST(NULL AS BIGINT) AS file_size",
        ]
    ),
    REFERENCES: ", ".join(
        _NULL + name
        for name in (
            *("round", "file_path", "sequence", "ReferencedSOPClassUID", "ReferencedSOPInstanceUID"),
            *("SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID"),
        )
    ),
    SUPERSEDED: f"{_NULL}round, {_NULL}file_path",
}
"""The columns of a table that has no files yet."""


def _quoted(column: str) -> str:
    return f"`{column}`"


def made(
    db: duckdb.DuckDBPyConnection, spark: SparkSession, folder: ParquetFolder, grain: Mapping[str, Level]
) -> Callable[..., Engine]:
    """Make `facets` and `unreadable` in DuckDB of what a cluster counts, and return what makes the engine that asks it.

    Raises:
        EngineFailed: Spark gave it up.
    """
    cluster = Cluster(spark, folder, grain)
    absent = "".join(f", CAST(NULL AS VARCHAR) AS {name}" for name in FACET_COLUMNS if name not in grain)
    counted = facets([name for name in FACET_COLUMNS if name in grain])
    cluster.keep("facets", f"SELECT *{absent} FROM ({counted}) AS counted")
    for relation in ("facets", "unreadable"):
        _keep(db, relation, cluster.pulled(f"SELECT * FROM {relation}", f"the relation {relation}"))
    return partial(SparkEngine, cluster)


def _keep(db: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    db.register("pulled", rows)
    db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM pulled")
    db.unregister("pulled")


class SparkEngine(Engine):
    """An audit whose questions about objects go to a cluster; what comes back is judged and reported here."""

    def __init__(self, cluster: Cluster, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._cluster = cluster

    def _refused(self, check: Check) -> str:
        if check.relation in _PULLED:
            return ""
        try:
            in_spark(with_settings(check.sql, self._values(check)))
        except SqlglotError as error:
            return f"cannot be said in the dialect of Spark: {str(error).splitlines()[0]}"
        return ""

    def _find(self, check: Check, sql: str) -> None:
        if check.relation in _PULLED:
            self._pull(check.relation)
            self._db.execute(f"CREATE OR REPLACE TEMP TABLE found AS {sql}")
            return
        if check.relation in MADE and check.relation not in self._made:
            self._cluster.keep(check.relation, f"WITH {MADE[check.relation]} SELECT * FROM {check.relation}")
            self._made.add(check.relation)
        _keep(self._db, "found", self._cluster.pulled(sql, f"check {check.name}"))

    def _pull(self, relation: Relation) -> None:
        """Bring a relation here, once."""
        if relation in self._made or relation in ("facets", "unreadable"):
            return
        if relation == "images":
            sql = images([column for column in IMAGE_COLUMNS if column in self._grain])
        elif relation == "copies":
            sql = copies([column for column in COPY_COLUMNS if column in self._grain])
        elif relation == "uids":
            sql = _spotted_uids()
        else:
            sql = f"WITH {MADE[relation]} SELECT * FROM {relation}"
        _keep(self._db, relation, self._cluster.pulled(sql, f"the relation {relation}"))
        self._made.add(relation)

    def _counted(self, check: Check) -> str:
        """As of an engine without a cluster, but objects are counted there."""
        filled = self._filled(check)
        there = [keys for keys in filled if keys and identified_by(check, keys) == "instances"]
        statement = counted(check, [keys for keys in filled if keys not in there], self._grain)
        if not there:
            return statement
        listed = ", ".join(f"{key}::VARCHAR AS {key}" for key in check.subject)
        self._cluster.register("found", self._db.sql(f"SELECT rowid AS place, {listed} FROM found").to_arrow_table())
        asked = counted(check, there, self._grain, "place")
        _keep(self._db, "counted_there", self._cluster.pulled(asked, f"the devices of {check.name}"))
        everywhere = "SELECT place, device, weight FROM counted_there"
        return f"{statement} UNION ALL {everywhere}" if statement else everywhere


def _spotted_uids() -> str:
    """As `checks.uids.UIDS`, but for SOP Instance UIDs that are sound and no UID of another level."""
    return f"""
        WITH above({uids.COLUMNS}) AS MATERIALIZED ({uids.rows_above()}),
        shared({uids.COLUMNS}) AS MATERIALIZED (
          SELECT {uids.INSTANCE_ROW} FROM instances WHERE SOPInstanceUID IN (SELECT uid FROM above)
        )
        SELECT * FROM above
        UNION ALL SELECT {uids.INSTANCE_ROW} FROM instances WHERE NOT ({is_sound("SOPInstanceUID")})
        UNION ALL SELECT * FROM shared WHERE {is_sound("uid")}
    """
