"""Every check file is complete and keeps the rules of a check."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import sqlglot
from pydicom.datadict import tag_for_keyword
from sqlglot import expressions as exp
from tests.checks import archive

import tagwise.checks
from tagwise.checks import HEADINGS, Check, registry
from tagwise.checks.objects import object_registry
from tagwise.checks.patient_values import is_patient_value
from tagwise.checks.sql import MADE, NEEDED

CHECKS = list(registry().values())
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)

NOT_ATTRIBUTES = {"file_path", "file_size", "header_digest", "read_error", "instances"}
MADE_IN_DUCKDB = {"facets", "images", "copies", *MADE}
OF_RELATION = {
    "stacks": {
        *("plane", "its_Modality", "objects", "numbers", "numbers_expected", "images", "positions"),
        *("smallest_mm", "usual_mm", "largest_mm", "thinnest_mm", "thickest_mm"),
        *("holes", "missing", "holes_in_numbers", "uneven"),
    },
    "links": {
        *("sequence", "to_instance", "to_class", "named_series", "named_study", "named_frame"),
        *("found", "series_found", "study_found", "found_series", "found_study", "found_frame"),
        *("other_patient_id", "one_person"),
    },
    "uids": {"attribute", "uid", "objects"},
    "vanished": {"kept_elsewhere", "series_kept"},
}
TEXT_EVIDENCE = {"attribute", "read_error", "example_file_path", "first_file_path", "last_file_path"}


def test_every_file_is_a_check() -> None:
    """The registry has one entry per file in the folders, and the names are those of the files."""
    root = Path(tagwise.checks.__path__[0])
    files = {f"{file.parent.name}/{file.stem.replace('_', '-')}" for file in root.glob("*/[!_]*.py")}
    assert files == {*registry(), *object_registry()}


def test_aliases_are_not_names() -> None:
    """An alias names one check, and is not the name of another."""
    aliases = [alias for check in CHECKS for alias in check.aliases]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & {*registry(), *object_registry()}


@each_check
def test_page_has_all_headings_in_order(check: Check) -> None:
    """All five sections are there, in order, and none is empty."""
    assert tuple(check.sections()) == HEADINGS
    assert all(check.sections().values())


@each_check
def test_title_is_a_sentence_without_a_period(check: Check) -> None:
    """The first line of the file starts with a capital letter and fits into a table."""
    assert re.fullmatch(r"[A-Z].*[^.!]", check.title)
    assert len(check.title) <= 100


@each_check
def test_reads_are_keywords_of_the_dictionary(check: Check) -> None:
    """What a scan is asked to fetch exists."""
    assert [keyword for keyword in check.reads if tag_for_keyword(keyword) is None] == []
    assert len(set(check.reads)) == len(check.reads)


@each_check
def test_sql_reads_what_it_declares(check: Check) -> None:
    """Every attribute in the SQL is declared, and every declared one is used; other columns are known or its own.

    A relation that is made from certain attributes needs these whatever the SQL selects.
    """
    tree = sqlglot.parse_one(check.sql, read="duckdb")
    columns = {column.name for column in tree.find_all(exp.Column)}
    own = {alias.alias for alias in tree.find_all(exp.Alias)}
    attributes = {name for name in columns if tag_for_keyword(name) is not None}
    assert attributes | set(NEEDED.get(check.relation, ())) == set(check.reads)
    assert columns - attributes <= NOT_ATTRIBUTES | OF_RELATION.get(check.relation, set()) | own


@each_check
def test_sql_selects_from_its_relation_only(check: Check) -> None:
    """The relation is the one it says, and no other table is used."""
    tree = sqlglot.parse_one(check.sql, read="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    assert {table.name for table in tree.find_all(exp.Table)} - own == {check.relation}


@each_check
def test_result_columns_follow_the_naming_rule(check: Check) -> None:
    """Counts are numbers in lower case, lengths end in _mm; values stand in columns that end in their keyword."""
    rows = [row for example in check.fires for row in archive.run(check, example)]
    for row in rows:
        assert set(check.subject) <= set(row)
        for column, value in row.items():
            if column in check.subject:
                assert column == "file_path" or tag_for_keyword(column) is not None
            elif column in TEXT_EVIDENCE:
                assert isinstance(value, str)
            elif re.fullmatch(r"[a-z][a-z0-9_]*", column):
                assert value is None or isinstance(value, int if not column.endswith("_mm") else int | float)
            else:
                prefix, _, keyword = column.partition("_")
                assert prefix.islower()
                assert tag_for_keyword(keyword) is not None, column


@each_check
def test_subject_is_never_a_patient_value(check: Check) -> None:
    """Reports print subjects as they are: UIDs, paths and names of devices only."""
    assert check.subject
    assert [column for column in check.subject if is_patient_value(column)] == []


@each_check
def test_result_has_an_order(check: Check) -> None:
    """Two runs print the findings in the same order."""
    assert sqlglot.parse_one(check.sql, read="duckdb").args.get("order") is not None


@each_check
@pytest.mark.parametrize("dialect", ["postgres", "spark", "bigquery", "tsql"])
def test_sql_goes_into_other_dialects(check: Check, dialect: str) -> None:
    """The page can show the statement to users of other databases."""
    (statement,) = sqlglot.transpile(
        check.sql, read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.IGNORE
    )
    assert sqlglot.parse_one(statement, read=dialect) is not None


@pytest.mark.parametrize("check", [c for c in CHECKS if c.relation not in MADE_IN_DUCKDB], ids=lambda check: check.name)
def test_sql_on_single_objects_keeps_to_the_portable_subset(check: Check) -> None:
    """What may be pushed down to another engine uses no feature that only DuckDB has; what is made stays in DuckDB."""
    tree = sqlglot.parse_one(check.sql, read="duckdb")
    assert all(isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star))
    assert not list(tree.find_all(exp.Qualify, exp.RegexpLike, exp.TryCast, exp.ArrayAgg, exp.Join))
    # Aggregates over a partition are in every engine (SQLite has them since 3.25); frames and offsets differ.
    for window in tree.find_all(exp.Window):
        assert isinstance(window.this, exp.AggFunc)
        assert not window.args.get("spec")


@each_check
def test_settings_are_the_parameters_of_the_sql(check: Check) -> None:
    """Every parameter has a default, and every setting does something."""
    parameters = set(re.findall(r"\$([a-z_]+)", check.sql))
    assert parameters == set(check.settings)
    for example in (*check.fires, *check.silent):
        assert set(example.settings) <= parameters


@each_check
def test_examples_are_enough(check: Check) -> None:
    """One that fires, and two false positives that someone would report."""
    assert len(check.fires) >= 1
    assert len(check.silent) >= 2
    says = [example.says for example in (*check.fires, *check.silent)]
    assert len(set(says)) == len(says)


@each_check
def test_references_and_sources_are_well_formed(check: Check) -> None:
    """Sections are written as in the standard; sources carry the day they were read."""
    assert check.references
    assert all(re.fullmatch(r"PS3\.\d+ [A-Z0-9][A-Za-z0-9.]*", reference) for reference in check.references)
    for source in check.sources:
        assert re.fullmatch(r"https://\S+", source.url)
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source.checked)


@each_check
def test_function_has_the_name_of_its_file_and_a_docstring(check: Check) -> None:
    """`explain` is found by the file's name and says what it says."""
    module = inspect.getmodule(check.explain)
    assert module is not None
    assert module.__name__.endswith(f".{check.explain.__name__}")
    assert check.explain.__doc__
