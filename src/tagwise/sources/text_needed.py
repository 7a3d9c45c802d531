"""Which checks an index with pseudonyms cannot answer: those that look at more of a value than whether it is equal.

It follows from the SQL of a check. A value may be grouped, counted, sorted and compared with other values, with an
empty text, and with words that stay as they are; what checks make of it before they compare must be among the forms
that its pseudonyms answer (`scanning.treatments`). Whatever else happens to it needs its text.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tagwise.checks import registry
from tagwise.checks.sql import MADE
from tagwise.scanning import pseudonyms as modes
from tagwise.scanning.treatments import TREATMENTS, Kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlglot.expressions import Expr

    from tagwise.checks import Check

_FOLDER = "SUBSTRING(file_path, 1, LENGTH(file_path) - STRPOS(REVERSE(file_path), '/'))"
"""The folder of a file: paths are hashed component by component, so equal folders stay equal."""


@cache
def blind(mode: str) -> Mapping[str, str]:
    """Names of checks that an index cannot answer although it has the columns, and why.

    Args:
        mode: What the index holds of patients, in the words of `scanning.pseudonyms.mode`.
    """
    pseudonyms, patient_values = _parts(mode)
    if not pseudonyms:
        return MappingProxyType({})
    hashed = {Kept.UID, Kept.TEXT, Kept.NAME} if patient_values else {Kept.UID}
    columns = frozenset({keyword for keyword, how in TREATMENTS.items() if how.kept in hashed} | {"file_path"})
    found = {}
    for check in registry().values():
        if names := text_needed(check, columns):
            found[check.name] = f"needs the text of {', '.join(sorted(names))}, of which there are pseudonyms only"
    return MappingProxyType(found)


def left_out(mode: str) -> frozenset[str]:
    """The columns of `instances` that an index leaves empty, by what it holds of patients."""
    pseudonyms, patient_values = _parts(mode)
    kinds = {Kept.NOTHING} if pseudonyms else set()
    kinds |= set() if patient_values else {Kept.NOTHING, Kept.TEXT, Kept.NAME}
    names = {keyword for keyword, how in TREATMENTS.items() if how.kept in kinds}
    return frozenset(names if pseudonyms or patient_values else names | {"header_digest"})


def _parts(mode: str) -> tuple[bool, bool]:
    """Whether there are pseudonyms, and whether there are values of patients; of an unknown mode, the least."""
    known = {
        modes.mode(pseudonyms=pseudonyms, patient_values=values): (pseudonyms, values)
        for pseudonyms in (False, True)
        for values in (False, True)
    }
    return known.get(mode, (True, False))


def text_needed(check: Check, columns: frozenset[str]) -> frozenset[str]:
    """Those of `columns` of which a check needs more than a pseudonym tells."""
    import sqlglot  # noqa: PLC0415 - only where a source has pseudonyms

    statements = [check.sql]
    if check.relation in MADE:
        statements.append(f"WITH {MADE[check.relation]} SELECT 1")
    seen = _Seen(columns, uids_are=check.relation == "uids")
    for statement in statements:
        seen.look(sqlglot.parse_one(statement.replace("$", ":"), read="duckdb"))
    return frozenset(seen.needed)


class _Seen:
    """What one check does with values that are pseudonyms, in all of its statements."""

    def __init__(self, columns: frozenset[str], *, uids_are: bool) -> None:
        # By the name of a column in lower case: the attribute it is made from.
        self._made_of = {name.lower(): name for name in columns}
        if uids_are and "SOPInstanceUID" in columns:
            self._made_of["uid"] = "SOPInstanceUID"
        self.needed: set[str] = set()

    def look(self, statement: Expr) -> None:
        """Follow every value through the statement, also under the names that it gets on the way."""
        from sqlglot import expressions as exp  # noqa: PLC0415 - as above

        before = -1
        while before != len(self._made_of):
            before = len(self._made_of)
            for column in list(statement.find_all(exp.Column)):
                if attribute := self._made_of.get(column.name.lower()):
                    self._follow(attribute, column)

    def _follow(self, attribute: str, column: Expr) -> None:
        value = _as_form(attribute, column)
        while True:
            around = value.parent
            if around is None:
                return
            verdict = _judged(attribute, value, around)
            if verdict is _ENDS:
                return
            if verdict is _TEXT:
                self.needed.add(attribute)
                return
            if isinstance(verdict, str):
                self._made_of.setdefault(verdict.lower(), attribute)
                return
            value = around


_ENDS, _TEXT, _GOES_ON = object(), object(), object()


def _judged(attribute: str, value: Expr, around: Expr) -> object:
    """What an expression does with a value: ends its way, needs its text, hands it on, or gives it another name."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    if isinstance(around, exp.Alias):
        return around.alias
    result: object
    if isinstance(around, exp.Case):
        result = _TEXT if around.this is value else _GOES_ON
    elif isinstance(around, exp.Paren | exp.Min | exp.Max | exp.Coalesce | exp.AnyValue):
        result = _GOES_ON
    elif isinstance(around, exp.If):
        result = _GOES_ON if around.args.get("true") is value else _TEXT
    elif isinstance(around, exp.Window):
        result = _GOES_ON if around.this is value else _ENDS
    elif isinstance(around, exp.Nullif):
        result = _GOES_ON if _text_of(around.expression) == "" else _TEXT
    elif isinstance(around, _only_told_apart()):
        result = _ENDS
    else:
        result = _ENDS if _is_answered(attribute, value, around) else _TEXT
    return result


def _only_told_apart() -> tuple[type[Expr], ...]:
    """The expressions to which values are equal or not, and nothing else."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    return (exp.Select, exp.Group, exp.Ordered, exp.Order, exp.Distinct, exp.Count, exp.Is, exp.Tuple, exp.Subquery)


def _is_answered(attribute: str, value: Expr, around: Expr) -> bool:
    """Whether a comparison has the same answer for a pseudonym."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    how = TREATMENTS.get(attribute)
    words, patterns = ({*how.words}, how.patterns) if how else (set(), ())
    if isinstance(around, exp.EQ | exp.NEQ | exp.NullSafeEQ | exp.NullSafeNEQ):
        other = around.right if around.left is value else around.left
        return not isinstance(other, exp.Literal) or other.this in {"", *words}
    if isinstance(around, exp.In):
        return {_text_of(one) for one in around.expressions} <= words
    return isinstance(around, exp.Like) and _text_of(around.expression) in patterns


def _text_of(literal: Expr | None) -> str | None:
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    return str(literal.this) if isinstance(literal, exp.Literal) and literal.is_string else None


def _as_form(attribute: str, column: Expr) -> Expr:
    """The largest expression around a column that is one of the forms which pseudonyms of its attribute answer."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    forms = _forms(attribute, column.name)
    largest, around = column, column.parent
    while forms and isinstance(around, exp.Condition) and not isinstance(around, exp.Connector | exp.Subquery):
        if _normal(around) in forms:
            largest = around
        around = around.parent
    return largest


def _normal(expression: Expr) -> str:
    """The expression as text, equal for equal ones whatever their layout and the tables that columns are named with."""
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    plain = expression.transform(lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node)
    return plain.sql(dialect="duckdb")


@cache
def _forms(attribute: str, column: str) -> frozenset[str]:
    return frozenset(_normal(form) for form in _parsed(attribute, column))


def _parsed(attribute: str, column: str) -> Iterator[Expr]:
    import sqlglot  # noqa: PLC0415 - as above

    given = (_FOLDER,) if attribute == "file_path" else TREATMENTS[attribute].forms
    for form in given:
        yield sqlglot.parse_one(form.format(column), read="duckdb")
