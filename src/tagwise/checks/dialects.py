"""The SQL of a check in the dialects of other databases, and for which of them the tests execute it.

The statement of a page is written for DuckDB; sqlglot puts it into the others. This table is what pages say about that,
and what the tests do: a check that is not named here as an exception is executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tagwise.checks.sql import standalone
from tagwise.errors import UnknownName
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import expressions as exp

    from tagwise.checks import Check

EXECUTED = "executed in the tests"
TRANSPILED = "transpiled, not executed"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect of SQL.

    Args:
        name: The word of `--dialect`, and what sqlglot calls it.
        title: What people call it.
        executed: Whether the tests execute the statements and compare the rows with DuckDB's.
        spared: Checks whose statement is not executed all the same, and why the engine cannot.
    """

    name: str
    title: str
    executed: bool
    spared: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def status(self, check: str) -> str:
        """What a page says about the statement of a check in this dialect.

        >>> named("bigquery").status("identity/uid-missing")
        'transpiled, not executed'
        """
        if check in self.spared:
            return f"{TRANSPILED}: {self.spared[check]}"
        return EXECUTED if self.executed else TRANSPILED


_READING_DATES = dict.fromkeys(
    (
        "patient/birth-date-implausible",
        "study/accession-number-in-several-studies",
        "time/device-silent",
        "time/series-drop",
        "time/study-date-implausible",
    ),
    "it uses TRY_STRPTIME",
)
_INDEXING_LISTS = dict.fromkeys(
    (
        "consistency/instance-number-gap",
        "geometry/orientation-mixed",
        "geometry/slice-spacing-uneven",
        "geometry/slice-thickness-far-from-spacing",
    ),
    "it indexes lists",
)
_IN_POSTGRESQL = {
    **_READING_DATES,
    **_INDEXING_LISTS,
    "identity/uid-root-unusual": "it uses REGEXP_EXTRACT",
}
_IN_SQLITE = {
    **_IN_POSTGRESQL,
    "identity/series-instance-count-outlier": "it uses PERCENTILE_DISC",
    "identity/uid-in-two-spellings": "it uses REGEXP_REPLACE",
}
_IN_SPARK = {
    **_READING_DATES,
    "identity/series-instance-count-outlier": "it uses PERCENTILE_DISC over a window",
}

DIALECTS = (
    Dialect("duckdb", "DuckDB", executed=True),
    Dialect("postgres", "PostgreSQL", executed=True, spared=_IN_POSTGRESQL),
    Dialect("sqlite", "SQLite", executed=True, spared=_IN_SQLITE),
    Dialect("spark", "Spark SQL, Databricks", executed=True, spared=_IN_SPARK),
    Dialect("bigquery", "BigQuery", executed=False),
    Dialect("tsql", "SQL Server", executed=False),
    Dialect("trino", "Trino, Athena", executed=False),
    Dialect("snowflake", "Snowflake", executed=False),
)
"""All of them, that of the pages first."""


def named(name: str) -> Dialect:
    """The dialect with this name.

    Raises:
        UnknownName: There is none; `.nearest` lists close ones.
    """
    found = next((one for one in DIALECTS if one.name == name), None)
    if found is None:
        names = [one.name for one in DIALECTS]
        raise UnknownName(name, closest(name, names, 3) or tuple(names))
    return found


def in_dialect(check: Check, dialect: str) -> str:
    """The statement of the page of a check in a dialect, laid out over lines; "" where it cannot be put into it."""
    if dialect == "duckdb":
        return standalone(check)
    return _pretty(standalone(check), dialect)


@lru_cache(maxsize=1024)
def _pretty(sql: str, dialect: str) -> str:
    from sqlglot.errors import SqlglotError  # noqa: PLC0415 - takes longer to import than a page takes

    try:
        return put(sql, dialect, pretty=True)
    except SqlglotError:
        return ""


_NUMBERS = {"DOUBLE": r"^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)? *$", "BIGINT": r"^ *[+-]?[0-9]{1,18} *$"}
"""What a text must look like to be a number, by the type that it is cast to."""


def _cast_of_numbers(cast: exp.TryCast) -> exp.Case:
    """A cast of what is a number, NULL of what is none: PostgreSQL refuses that one, and SQLite takes it for 0."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    pattern = _NUMBERS["BIGINT" if cast.to.is_type(*exp.DataType.INTEGER_TYPES) else "DOUBLE"]
    is_number = exp.RegexpLike(this=cast.this.copy(), expression=exp.Literal.string(pattern))
    return exp.Case(ifs=[exp.If(this=is_number, true=exp.Cast(this=cast.this.copy(), to=cast.to.copy()))])


def _as_java_matches(tree: exp.Expr) -> None:
    """Write regular expressions as Java knows them, and without what only DuckDB says about a WITH."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    for expression in tree.find_all(exp.CTE):
        expression.set("materialized", None)
    for call in list(tree.find_all(exp.RegexpFullMatch)):
        whole = exp.Literal.string(rf"\A(?:{call.expression.name})\z")
        call.replace(exp.RegexpLike(this=call.this, expression=whole))
    for match in tree.find_all(exp.RegexpLike):
        match.set("expression", exp.Literal.string(match.expression.name.replace("[:alpha:]", r"\p{Alpha}")))
    for change in tree.find_all(exp.RegexpReplace):
        change.set("replacement", exp.Literal.string(re.sub(r"\\([0-9])", r"$\1", change.args["replacement"].name)))


def put(sql: str, dialect: str, *, pretty: bool = False) -> str:
    """A statement of DuckDB in another dialect.

    >>> put("SELECT TRY_CAST(a AS DOUBLE) FROM t ORDER BY a", "spark")
    'SELECT TRY_CAST(a AS DOUBLE) FROM t ORDER BY a NULLS LAST'

    Raises:
        sqlglot.errors.SqlglotError: It uses what the dialect does not have.
    """
    import sqlglot  # noqa: PLC0415 - as above
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    tree = sqlglot.parse_one(sql, read="duckdb")
    if dialect == "spark":
        _as_java_matches(tree)
    if dialect in ("postgres", "sqlite"):
        for cast in list(tree.find_all(exp.TryCast)):
            cast.replace(_cast_of_numbers(cast))
    if dialect == "postgres":
        for part in tree.find_all(exp.Substring):
            if part.args.get("length") is not None:
                # It refuses a length below 0, where others give an empty text.
                part.set("length", exp.Greatest(this=part.args["length"], expressions=[exp.Literal.number(0)]))
    return tree.sql(dialect, pretty=pretty, unsupported_level=sqlglot.ErrorLevel.RAISE)
