"""What the checks on compression share: transfer syntaxes by what they do to pixels, as lists for SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.standard import transfer_syntaxes, uids

if TYPE_CHECKING:
    from collections.abc import Collection

_NEAR_LOSSLESS = "1.2.840.10008.1.2.4.81"
"""JPEG-LS with a bound of the error, which may be zero (PS3.5 A.4.3)."""


def _loss(uid: str, loss: str) -> str:
    return "either" if uid == _NEAR_LOSSLESS else loss


def _of(wanted: str) -> frozenset[str]:
    return frozenset(uid for uid, known in transfer_syntaxes.by_uid().items() if _loss(uid, known.loss) == wanted)


def listed(syntaxes: Collection[str]) -> str:
    """Transfer syntaxes as a list of SQL, in the order of their numbers."""
    return ", ".join(f"'{uid}'" for uid in transfer_syntaxes.by_uid() if uid in syntaxes)


LOSSY = listed(_of("lossy"))
"""Transfer syntaxes that always lose detail."""

LOSSY_UIDS = _of("lossy")
"""The same, not as SQL."""

EITHER = listed(_of("either"))
"""Transfer syntaxes of which only the object itself tells whether detail was lost."""

NATIVE = "'1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'"
"""Transfer syntaxes whose pixels are not compressed by themselves."""

RETIRED = frozenset(uid for uid in transfer_syntaxes.by_uid() if uids.by_uid()[uid].retired)
"""Transfer syntaxes that PS3.6 lists as retired."""


def counted(condition: str) -> str:
    """The statement that counts series and objects of each transfer syntax for which a condition holds."""
    return f"""
SELECT
  TransferSyntaxUID,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  SUM(instances) AS instances,
  MIN(SeriesInstanceUID) AS example_SeriesInstanceUID
FROM facets
WHERE TransferSyntaxUID {condition}
GROUP BY TransferSyntaxUID
ORDER BY TransferSyntaxUID
"""
