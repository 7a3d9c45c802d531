"""The shape of a check for an attribute that must have one value within a study or series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.findings import EvidenceValue


def differing(relation: str, key: str, attribute: str, *, compared: str | None = None, evidence: str = "") -> str:
    """The statement that names each `key` under which `attribute` has more than one value; empty ones do not count.

    Args:
        compared: The expression whose values are compared, where spellings count as one value.
        evidence: Further columns, each followed by a comma.
    """
    value = compared or attribute
    objects = "SUM(instances)" if relation == "facets" else "COUNT(*)"
    return f"""
SELECT
  {key},
  COUNT(DISTINCT {value}) AS different,
  {evidence}
  {objects} AS instances,
  MIN({attribute}) AS first_{attribute},
  MAX({attribute}) AS last_{attribute}
FROM {relation}
WHERE {key} IS NOT NULL AND {attribute} IS NOT NULL
GROUP BY {key}
HAVING MIN({value}) <> MAX({value})
ORDER BY {key}
"""


def any_differing(key: str, compared: Mapping[str, str], *, unless: Mapping[str, str] | None = None) -> str:
    """The statement that names each `key` under which any of several attributes has more than one value.

    Empty values do not count. A column of 0 or 1 by the name that `differs` gives says it of each attribute.

    Args:
        compared: Attributes, and the expression whose values are compared.
        unless: A condition for attributes that may differ where it holds.
    """
    tests = {attribute: f"MIN({value}) <> MAX({value})" for attribute, value in compared.items()}
    for attribute, condition in (unless or {}).items():
        tests[attribute] = f"({tests[attribute]} AND NOT {condition})"
    flags = ",\n  ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END AS {differs(name)}" for name, test in tests.items())
    any_of = "\n  OR ".join(tests.values())
    return f"""
SELECT
  {key},
  {flags},
  COUNT(*) AS instances
FROM instances
WHERE {key} IS NOT NULL
GROUP BY {key}
HAVING {any_of}
ORDER BY {key}
"""


def differs(keyword: str) -> str:
    """The column that says whether an attribute differs.

    >>> differs("SeriesTime")
    'series_time_differs'
    """
    return f"{'_'.join(_words(keyword)).lower()}_differs"


def listed(keywords: Iterable[str], row: Mapping[str, EvidenceValue]) -> str:
    """The names of the attributes that differ in one row, as a sentence has them.

    >>> listed(["StudyTime", "StudyID"], {"study_time_differs": 1, "study_id_differs": 1})
    'Study Time and Study ID'
    """
    names = [" ".join(_words(keyword)) for keyword in keywords if row[differs(keyword)]]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _words(keyword: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", keyword)
