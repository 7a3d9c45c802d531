"""The shape of a check for an attribute that must have one value within a study or series."""

from __future__ import annotations


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
