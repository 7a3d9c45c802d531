"""The statement on the page of a check gives the same rows in DuckDB, SQLite, PostgreSQL and Spark."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import expressions as exp
from tests.checks import engines
from tests.spark.conftest import spark  # noqa: F401 - a fixture

from tagwise.checks import dialects, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

    from tagwise.checks import Check
    from tagwise.checks.dialects import Dialect

pytestmark = pytest.mark.timeout(900)

EXECUTED = [one for one in dialects.DIALECTS if one.executed]
DUCKDB_MAKES = {"facets", "images", "stacks", "uids", "copies", "vanished", "unreadable"}
"""Relations that an audit on any engine brings to DuckDB before it runs checks on them."""


def _skip_spared(check: Check, dialect: str) -> None:
    if why := dialects.named(dialect).spared.get(check.name):
        pytest.skip(f"{dialect} cannot execute it: {why}")


@pytest.mark.parametrize("dialect", EXECUTED, ids=lambda dialect: dialect.name)
def test_what_is_pushed_down_is_portable(dialect: Dialect) -> None:
    """Every statement on single objects runs in every engine."""
    assert {registry()[name].relation for name in dialect.spared} <= DUCKDB_MAKES


@pytest.mark.parametrize("check", engines.CHECKS, ids=lambda check: check.name)
def test_sqlite_gives_the_rows_of_duckdb(check: Check) -> None:
    """Row by row, over all examples of the check."""
    _skip_spared(check, "sqlite")
    for example in engines.examples(check):
        expected, held = engines.contents(check, example)
        if any("\0" in value for _, rows in held.values() for row in rows for value in row if isinstance(value, str)):
            continue  # a text ends there for the functions of SQLite
        connection = engines.sqlite()
        try:
            for table, (columns, rows) in held.items():
                connection.execute(engines.create(table, columns))
                places = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
            found = connection.execute(engines.in_dialect(check.name, "sqlite")).fetchall()
        finally:
            connection.close()
        assert engines.alike(found) == engines.alike(expected), example.says


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL for this module."""
    if not (list(Path("/usr/lib/postgresql").glob("*/bin/postgres")) and shutil.which("psql")):
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with engines.postgres() as place:
        yield place


@pytest.mark.parametrize("check", engines.CHECKS, ids=lambda check: check.name)
def test_postgresql_gives_the_rows_of_duckdb(check: Check, server: str) -> None:
    """Row by row, over all examples of the check. It keeps no NUL: padding of that kind cannot be there."""
    _skip_spared(check, "postgres")
    script, expected = [], []
    for example in engines.examples(check):
        rows, held = engines.contents(check, example)
        if "\0" in repr(held).encode().decode("unicode_escape"):
            continue
        expected.append(engines.alike(rows))
        script.append("BEGIN;")
        for table, (columns, values) in held.items():
            script.append(engines.create(table, columns) + ";")
            script += [f"INSERT INTO {table} VALUES ({', '.join(map(engines.literal, row))});" for row in values]
        script.append(f"SELECT COALESCE(json_agg(t), '[]') FROM ({engines.in_dialect(check.name, 'postgres')}) AS t;")
        script.append("ROLLBACK;")
    printed = engines.run_script(server, "\n".join(script))
    assert "ERROR" not in printed, printed
    found = [engines.alike([[v for _, v in row] for row in answer]) for answer in _answers(printed)]
    assert found == expected


def _answers(printed: str) -> list[list[list[tuple[str, Any]]]]:
    decoder = json.JSONDecoder(object_pairs_hook=list)
    found, place = [], 0
    while match := re.compile(r"\s*(?=\[)").match(printed, place):
        answer, place = decoder.raw_decode(printed, match.end())
        found.append(answer)
    return found


_SPARK_ALWAYS = {
    "consistency/instance-number-duplicate",
    "encoding/pixel-data-incomplete",
    "identity/uid-padded",
    "reference/object-missing",
    "time/study-date-malformed",
}
"""Checks on several relations whose statements `make test` puts to Spark; `make test-slow` puts all."""


def test_what_always_runs_on_spark_is_there() -> None:
    """A check that gets another name leaves its place to its new one."""
    assert set(registry()) >= _SPARK_ALWAYS


@pytest.mark.parametrize(
    "check",
    [pytest.param(one, marks=() if one.name in _SPARK_ALWAYS else pytest.mark.slow) for one in engines.CHECKS],
    ids=lambda check: check.name,
)
def test_spark_gives_the_rows_of_duckdb(check: Check, spark: SparkSession) -> None:  # noqa: F811 - the fixture
    """Row by row, over all examples of the check, in one job."""
    _skip_spared(check, "spark")
    expected, parts = [], []
    for number, example in enumerate(engines.examples(check)):
        rows, held = engines.contents(check, example)
        expected += [(number, *row) for row in rows]
        for table, (columns, values) in held.items():
            kinds = pa.schema([(c, pa.int64() if c == "file_size" else pa.string()) for c in columns])
            made = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in values], schema=kinds)
            spark.createDataFrame(made).createOrReplaceTempView(f"{table}_{number}")
        tree = sqlglot.parse_one(engines.in_dialect(check.name, "spark"), read="spark")
        for named in tree.find_all(exp.Table):
            if named.name in held:
                named.replace(exp.to_table(f"{named.name}_{number}", alias=named.alias or named.name))
        asked = tree.sql("spark")
        parts.append(f"SELECT {number} AS example, MONOTONICALLY_INCREASING_ID() AS place, * FROM ({asked})")
    found = spark.sql(f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY example, place").toArrow().to_pylist()
    rows_found = [tuple(v for name, v in row.items() if name != "place") for row in found]
    assert engines.alike(rows_found) == engines.alike(expected)
