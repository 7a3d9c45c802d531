"""How each transfer syntax encodes a data set and its pixels (PS3.5 annex A)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "transfer_syntaxes.tsv"
_COLUMNS = (*("uid", "vr", "bytes", "pixels", "loss", "deflated", "codec", "reference", "note"),)


class Encoding(NamedTuple):
    """The encoding of one transfer syntax.

    `vr` is explicit or implicit and `byte_order` little or big, both "" where no data set is encoded. `pixels` is
    native, encapsulated (in fragments), referenced (JPIP: behind a URL), streamed (never in a file) or none. `loss` is
    uncompressed, lossless, lossy, or either, where only the object itself tells. `note` is what goes wrong in practice.
    """

    uid: str
    vr: str
    byte_order: str
    pixels: str
    loss: str
    deflated: bool
    codec: str
    reference: str
    note: str


@cache
def by_uid() -> Mapping[str, Encoding]:
    """The encoding of every transfer syntax of PS3.6, retired ones included, in numerical order.

    >>> by_uid()["1.2.840.10008.1.2.4.50"].loss
    'lossy'

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return {
        uid: Encoding(uid, vr, order, pixels, loss, deflated == "deflated", codec, reference, note)
        for uid, vr, order, pixels, loss, deflated, codec, reference, note in tables.rows(FILE, _COLUMNS)
    }
