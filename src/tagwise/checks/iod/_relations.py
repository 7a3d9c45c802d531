"""Which content items the IOD of a report allows, and which relationships between them.

The tables of relationship content constraints in PS3.3 A.35: for each IOD rows of a relationship, the value types it
starts from and those it leads to, with CP-2084 (a container as observation context) and CP-2595 (key objects).

Read on 2026-11-23 in https://github.com/DCMTK/dcmtk/tree/master/dcmsr/libsrc, which cites each table; that project has
the older state of some tables, so a container as observation context is taken as allowed in each IOD.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

_PLAIN = "TEXT CODE DATETIME DATE TIME UIDREF PNAME"
_REFERRED = "COMPOSITE IMAGE WAVEFORM"
_OF_CAD = "TEXT CODE NUM DATE TIME PNAME UIDREF COMPOSITE CONTAINER"
_OF_DOSE = "TEXT CODE NUM DATETIME UIDREF PNAME"

Row = tuple[str, str, str, bool]
"""A relationship, the value types it may start from ("" for each), those it may lead to, and whether the target may be
an item elsewhere in the report that is referred to."""


class Allowed(NamedTuple):
    """The content constraints of an IOD: value types, rows, and whether any item may be referred to."""

    types: frozenset[str]
    rows: tuple[tuple[str, frozenset[str], frozenset[str], bool], ...]
    by_reference: bool


def _basic() -> tuple[Row, ...]:
    return (
        ("CONTAINS", "CONTAINER", f"{_PLAIN} {_REFERRED} CONTAINER", False),
        ("HAS OBS CONTEXT", "CONTAINER", f"{_PLAIN} COMPOSITE CONTAINER", False),
        ("HAS ACQ CONTEXT", f"CONTAINER {_REFERRED}", _PLAIN, False),
        ("HAS CONCEPT MOD", "", "TEXT CODE", False),
        ("HAS PROPERTIES", "TEXT", f"{_PLAIN} {_REFERRED}", False),
        ("HAS PROPERTIES", "PNAME", _PLAIN, False),
        ("INFERRED FROM", "TEXT", f"{_PLAIN} {_REFERRED}", False),
    )


def _measured(spatial: str, *, deep: bool) -> tuple[Row, ...]:
    """Enhanced reports, and where `deep` the comprehensive ones, whose items may refer to others."""
    types = f"{_PLAIN} NUM {_REFERRED} SCOORD TCOORD {spatial}"
    below = f"{types} CONTAINER" if deep else types
    return (
        ("CONTAINS", "CONTAINER", f"{types} CONTAINER", deep),
        (
            "HAS OBS CONTEXT",
            "CONTAINER TEXT CODE NUM" if deep else "CONTAINER",
            f"{_PLAIN} NUM COMPOSITE CONTAINER",
            deep,
        ),
        ("HAS ACQ CONTEXT", f"CONTAINER {_REFERRED} NUM", f"{_PLAIN} NUM {'CONTAINER' if deep else ''}", deep),
        ("HAS CONCEPT MOD", "", "TEXT CODE", deep),
        ("HAS PROPERTIES", "TEXT CODE NUM", below, deep),
        ("HAS PROPERTIES", "PNAME", _PLAIN, deep),
        ("INFERRED FROM", "TEXT CODE NUM", below, deep),
        ("SELECTED FROM", "SCOORD", "IMAGE", deep),
        ("SELECTED FROM", "TCOORD", f"SCOORD {spatial} IMAGE WAVEFORM", deep),
    )


def _cad(contained: str, evidence: str, extent: str, *, properties: bool = True) -> tuple[Row, ...]:
    """Reports of computer-aided detection: what containers hold, what findings rest on, and images with a time."""
    return (
        ("CONTAINS", "CONTAINER", contained, False),
        ("HAS OBS CONTEXT", "CONTAINER TEXT CODE NUM", _OF_CAD, False),
        ("HAS ACQ CONTEXT", extent, "TEXT CODE NUM DATE TIME", False),
        ("HAS CONCEPT MOD", "CONTAINER CODE NUM COMPOSITE", "TEXT CODE", False),
        ("HAS PROPERTIES", "TEXT CODE NUM", f"CONTAINER TEXT CODE NUM DATE UIDREF {evidence}", properties),
        ("INFERRED FROM", "CODE NUM", f"CODE NUM CONTAINER TEXT {evidence}", True),
        ("SELECTED FROM", "SCOORD", "IMAGE", properties),
    )


_MAMMOGRAPHY = _cad("CODE NUM SCOORD IMAGE CONTAINER TEXT DATE", "IMAGE SCOORD", "IMAGE")
_CHEST = (
    *_cad("CODE NUM IMAGE CONTAINER", "IMAGE WAVEFORM SCOORD TCOORD", "IMAGE WAVEFORM"),
    ("SELECTED FROM", "TCOORD", "SCOORD IMAGE WAVEFORM", True),
)
_COLON = (
    *_cad("CODE NUM IMAGE CONTAINER UIDREF DATE TIME", "IMAGE SCOORD SCOORD3D", "IMAGE", properties=False),
    ("HAS ACQ CONTEXT", "IMAGE", "CONTAINER", True),
    ("SELECTED FROM", "TCOORD", "SCOORD SCOORD3D IMAGE", False),
)
_KEY_OBJECTS: tuple[Row, ...] = (
    ("CONTAINS", "CONTAINER", f"TEXT {_REFERRED} CONTAINER", False),
    ("HAS OBS CONTEXT", "CONTAINER", "TEXT CODE UIDREF PNAME CONTAINER", False),
    ("HAS CONCEPT MOD", "CONTAINER", "CODE", False),
    ("HAS ACQ CONTEXT", f"CONTAINER {_REFERRED}", "CODE DATE TIME DATETIME UIDREF NUM TEXT", False),
)
_X_RAY_DOSE: tuple[Row, ...] = (
    ("CONTAINS", "CONTAINER", f"{_OF_DOSE} IMAGE COMPOSITE CONTAINER", False),
    ("HAS OBS CONTEXT", "CONTAINER", "TEXT CODE DATETIME UIDREF PNAME CONTAINER", False),
    ("HAS OBS CONTEXT", "TEXT CODE NUM", f"{_OF_DOSE} COMPOSITE", False),
    ("HAS ACQ CONTEXT", "CONTAINER IMAGE COMPOSITE", f"{_OF_DOSE} CONTAINER", False),
    ("HAS CONCEPT MOD", "", "TEXT CODE", False),
    ("HAS PROPERTIES", "TEXT CODE NUM", f"{_OF_DOSE} IMAGE COMPOSITE CONTAINER", False),
    ("HAS PROPERTIES", "PNAME", _PLAIN, False),
    ("INFERRED FROM", "TEXT CODE NUM", "TEXT CODE NUM DATETIME UIDREF IMAGE COMPOSITE CONTAINER", False),
)
_DRUG_DOSE: tuple[Row, ...] = (
    ("CONTAINS", "CONTAINER", f"{_OF_DOSE} CONTAINER", False),
    ("HAS OBS CONTEXT", "CONTAINER TEXT CODE NUM", f"{_OF_DOSE} CONTAINER", False),
    ("HAS ACQ CONTEXT", "CONTAINER", f"{_OF_DOSE} CONTAINER", False),
    ("HAS CONCEPT MOD", "", "TEXT CODE", False),
    ("HAS PROPERTIES", "TEXT CODE NUM PNAME", f"{_OF_DOSE} CONTAINER", False),
    ("INFERRED FROM", "TEXT CODE NUM", "TEXT CODE NUM DATETIME UIDREF CONTAINER", False),
)
_TABLES = {
    "basic-text-sr": _basic(),
    "enhanced-sr": _measured("", deep=False),
    "comprehensive-sr": _measured("", deep=True),
    "comprehensive-3d-sr": _measured("SCOORD3D", deep=True),
    "key-object-selection-document": _KEY_OBJECTS,
    "mammography-cad-sr": _MAMMOGRAPHY,
    "chest-cad-sr": _CHEST,
    "colon-cad-sr": _COLON,
    "x-ray-radiation-dose-sr": _X_RAY_DOSE,
    "radiopharmaceutical-radiation-dose-sr": _DRUG_DOSE,
}
RELATIONSHIPS = frozenset(row[0] for row in _measured("", deep=True))
"""The relationships of PS3.3 C.17.3.2.4."""


@cache
def allowed(iod: str) -> Allowed | None:
    """The content constraints of an IOD, None where we have none.

    >>> sorted(allowed("key-object-selection-document").types)[:3]
    ['CODE', 'COMPOSITE', 'CONTAINER']
    """
    table = _TABLES.get(iod)
    if table is None:
        return None
    rows = tuple((name, frozenset(start.split()), frozenset(end.split()), far) for name, start, end, far in table)
    types = frozenset(word for _, start, end, _ in rows for word in start | end)
    return Allowed(types, rows, any(far for *_, far in rows))
