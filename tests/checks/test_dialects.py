"""What pages and docs say about dialects is what the one table says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from tagwise.checks import dialects, registry
from tagwise.errors import UnknownName
from tagwise.pages.checks import check_page, in_dialect

DOCS = (Path(__file__).parents[2] / "docs" / "dialects.md").read_text()


@pytest.mark.parametrize("dialect", dialects.DIALECTS, ids=lambda dialect: dialect.name)
def test_docs_say_what_the_table_says(dialect: dialects.Dialect) -> None:
    """Each dialect has its mark and the number of its exceptions, and each exception is listed."""
    mark = dialects.EXECUTED if dialect.executed else dialects.TRANSPILED
    assert f"| `{dialect.name}` | {dialect.title} | {mark} | {len(dialect.spared) or ''} |" in DOCS
    assert all(f"| `{name}` |" in DOCS for name in dialect.spared)
    assert set(dialect.spared) <= set(registry())


@pytest.mark.parametrize("name", ["bigquery", "tsql", "trino", "snowflake"])
def test_a_dialect_that_nobody_runs_says_so(name: str) -> None:
    """No page may call a statement tested that is not."""
    marks = {one.name: one.status for one in check_page("identity/series-uid-reused").dialects}
    assert marks[name] == "transpiled, not executed"


def test_a_page_in_another_dialect_has_a_statement_of_it() -> None:
    """SQL Server has no CHR and counts with COUNT_BIG: what is shown is not the text for DuckDB."""
    page = in_dialect(check_page("identity/series-uid-reused"), "tsql")
    assert page.dialect == "tsql"
    assert "COUNT_BIG" in page.sql
    assert sqlglot.parse_one(page.sql, read="tsql") is not None


def test_a_dialect_that_is_none_is_said() -> None:
    with pytest.raises(UnknownName) as raised:
        in_dialect(check_page("identity/uid-missing"), "postgre")
    assert raised.value.nearest[0] == "postgres"


@pytest.mark.parametrize("name", ["postgres", "sqlite"])
def test_a_cast_of_no_number_is_guarded(name: str) -> None:
    """PostgreSQL would stop with an error, SQLite would take 0."""
    assert "CASE WHEN" in dialects.put("SELECT TRY_CAST(a AS DOUBLE) FROM t", name)
