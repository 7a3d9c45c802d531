"""The rules of a preflight: which fact applies to which object, and what it does to it.

A rule adds no fact. Its `fact` is a line of limits.tsv, or `cloud` for what cloud.tsv has about an attribute, and says
what happens, with source and date.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import cloud_tables, limits

if TYPE_CHECKING:
    from tagwise.knowledge.limits import Limit

TABLE = "target_rules.tsv"
_COLUMNS = ("target", "rule", "effect", "subject", "value", "fact")

TARGETS = ("aws", "azure-v1", "azure-v2", "google", "oie")
"""Destinations: the four services of `tagwise.knowledge.cloud`, and the listener of `tagwise.knowledge.oie`."""

EFFECTS = ("note", "altered", "refused")
"""From the least to the worst; a note does not change the verdict."""

RULES = frozenset(
    (
        *("check", "changed-syntax", "extended-tags", "implicit-vr", "invalid", "kept-segmentation", "kept-syntax"),
        "longest",
        *("other-syntax", "preamble", "present", "required", "required-empty", "searched", "searched-vr", "size"),
        *("unseen", "value"),
    )
)


class Rule(NamedTuple):
    """One rule. `subject` are keywords, UIDs, names of checks or a VR; `value` a number of bytes or an expression."""

    target: str
    rule: str
    effect: str
    subject: tuple[str, ...]
    value: str
    fact: str

    @property
    def limit(self) -> Limit | None:
        """The fact where it is one of limits.tsv."""
        return None if self.fact == "cloud" else _limits()[self.fact]


@cache
def _limits() -> dict[str, Limit]:
    return {limit.id: limit for limit in limits.limits()}


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the table.

    Raises:
        KnowledgeDataError: The table is missing or damaged, or names a fact, rule or effect that does not exist.
    """
    found = []
    for target, rule, effect, subject, value, fact in cloud_tables.rows(TABLE, _COLUMNS):
        known = rule in RULES and (effect in EFFECTS or rule == "value") and (fact == "cloud" or fact in _limits())
        if not known or target not in (*TARGETS, "azure"):
            raise cloud_tables.damaged(TABLE, f"{target} has {rule!r}, {effect!r}, {fact!r}")
        found.append(Rule(target, rule, effect, tuple(subject.split()), value, fact))
    return tuple(found)


def rules_of(target: str) -> tuple[Rule, ...]:
    """The rules of one destination.

    >>> [rule.fact for rule in rules_of("azure-v1") if rule.rule == "preamble"]
    ['azure.store.preamble']
    """
    return tuple(rule for rule in rules() if rule.target == target)


@cache
def value_rules() -> dict[str, tuple[re.Pattern[str], Limit]]:
    """What Azure takes as a value of a VR in required and searched attributes: expression and fact.

    >>> bool(value_rules()["DA"][0].fullmatch("20261301"))
    False
    """
    return {
        rule.subject[0]: (re.compile(rule.value, re.DOTALL), _limits()[rule.fact])
        for rule in rules()
        if rule.rule == "value"
    }
