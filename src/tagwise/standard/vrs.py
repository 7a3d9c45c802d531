"""The 34 value representations of PS3.5 6.2: what each holds, how long it may be, how it is padded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "vrs.tsv"
REFERENCE = "PS3.5 6.2"
_COLUMNS = (*("vr", "name", "kind", "holds", "length", "unit", "extent", "characters", "padding", "values", "trap"),)

LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
"""The VRs whose length has 32 bits in explicit VR (PS3.5 table 7.1-1)."""

UNDER_CHARACTER_SET = ("LO", "LT", "PN", "SH", "ST", "UC", "UT")
"""The text VRs that Specific Character Set concerns (PS3.5 6.1.2.2)."""

NUMBER_CODES = {
    "AT": "H", "FD": "d", "FL": "f", "SL": "l", "SS": "h", "SV": "q", "UL": "L", "US": "H", "UV": "Q",
}  # fmt: skip
"""Binary VRs and the `struct` code of one number; a tag is two."""

_CHOICES = {
    "US or SS": "Pixel Representation (0028,0103) decides: 0 means US, 1 means SS",
    "OB or OW": "implicit VR means OW; explicit VR means OB where the data are encapsulated, OW where Bits Allocated "
    "(0028,0100) is above 8, else either",
    "US or OW": "the transfer syntax decides: implicit VR means OW, explicit VR says which",
    "US or SS or OW": "implicit VR means OW; else Pixel Representation (0028,0103) decides between US and SS",
}


class ValueRepresentation(NamedTuple):
    """The rule of one VR.

    `kind` is text, number, binary or sequence. `length` counts `unit` (bytes, characters…) and is `fixed` or a maximum;
    None is bounded by the length field of the element only. `trap` is what goes wrong in practice, "" if nothing.
    """

    vr: str
    name: str
    kind: str
    holds: str
    length: int | None
    unit: str
    fixed: bool
    characters: str
    padding: str
    values: str
    trap: str

    @property
    def extent(self) -> str:
        """The length in words.

        >>> by_vr()["UI"].extent, by_vr()["DA"].extent
        ('at most 64 bytes', 'always 8 bytes')
        """
        if self.length is None:
            return "any length"
        return f"{'always' if self.fixed else 'at most'} {self.length:,} {self.unit}"


@cache
def by_vr() -> Mapping[str, ValueRepresentation]:
    """Every VR by its two letters, in alphabetical order.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    found = {}
    for vr, name, kind, holds, length, unit, extent, characters, padding, values, trap in tables.rows(FILE, _COLUMNS):
        if length and not length.isdecimal():
            raise tables.damaged(FILE, f"{length!r} is not a length")
        size = int(length) if length else None
        fixed = extent == "fixed"
        found[vr] = ValueRepresentation(vr, name, kind, holds, size, unit, fixed, characters, padding, values, trap)
    return found


def edition() -> str:
    """The edition that the rules are from."""
    return tables.facts(FILE)["edition"]


def rules(vr: str) -> tuple[ValueRepresentation, ...]:
    """The rules of the VR of an attribute, more than one where the standard leaves a choice.

    >>> [rule.name for rule in rules("US or SS")]
    ['Unsigned Short', 'Signed Short']
    """
    return tuple(by_vr()[part] for part in vr.split(" or ") if part in by_vr())


def choice(vr: str) -> str:
    """What decides between the VRs of an attribute; "" where there is only one."""
    return _CHOICES.get(vr, "")
