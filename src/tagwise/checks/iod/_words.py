"""How findings of this folder say why: type, module, IOD, condition, edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.findings import Severity
from tagwise.standard import conditions

if TYPE_CHECKING:
    from tagwise.checks.iod._walk import Lacking
    from tagwise.standard.conditions import Condition, How

_INFERRED = {
    "exact": "",
    "parent": ", inferred from the same attribute in sequences of this name",
    "attribute": ", inferred from the same attribute in other places",
}


def because(lacking: Lacking, iod: str) -> str:
    """Type, module and IOD, and the condition where there is one."""
    need = lacking.need
    told = f"type {need.type} in the module {need.module} of {iod}"
    if not lacking.sure:
        return f"{told}, so it has a value or is left out"
    if lacking.condition is None:
        return told
    return f"{told}, required where {under(lacking.condition, lacking.how)}"


def under(condition: Condition, how: How) -> str:
    """A condition in words, the edition it is from, and whether it is inferred."""
    return f"{conditions.words(condition.when)} (condition of edition {conditions.edition()}{_INFERRED[how]})"


def graded(how: How) -> Severity | None:
    """What rests on an inferred condition is a minor fault."""
    return None if how == "exact" else Severity.LOW
