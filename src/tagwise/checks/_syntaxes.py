"""What the checks on compression share: transfer syntaxes by what they do to pixels, as lists for SQL."""

from __future__ import annotations

from tagwise.standard import transfer_syntaxes

_NEAR_LOSSLESS = "1.2.840.10008.1.2.4.81"
"""JPEG-LS with a bound of the error, which may be zero (PS3.5 A.4.3)."""


def _loss(uid: str, loss: str) -> str:
    return "either" if uid == _NEAR_LOSSLESS else loss


def _of(wanted: str) -> frozenset[str]:
    return frozenset(uid for uid, known in transfer_syntaxes.by_uid().items() if _loss(uid, known.loss) == wanted)


def _listed(wanted: str) -> str:
    mine = _of(wanted)
    return ", ".join(f"'{uid}'" for uid in transfer_syntaxes.by_uid() if uid in mine)


LOSSY = _listed("lossy")
"""Transfer syntaxes that always lose detail."""

LOSSY_UIDS = _of("lossy")
"""The same, not as SQL."""

EITHER = _listed("either")
"""Transfer syntaxes of which only the object itself tells whether detail was lost."""

NATIVE = "'1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'"
"""Transfer syntaxes whose pixels are not compressed by themselves."""
