"""What a shell offers when a name is half typed. It runs at every press of the key, so it reads one file at most."""

from __future__ import annotations

from tagwise.standard import dictionary, modules, uids, vrs

_ENOUGH = 200  # nobody reads more, and some shells draw them all
_KINDS = ("module", "iod", "vr", "sop-class", "transfer-syntax", "uid")


def names(incomplete: str) -> list[str]:
    """The keywords of attributes that start so, in any case, or what a kind with its colon is followed by.

    >>> names("seriesinstance")
    ['SeriesInstanceUID']

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    start = incomplete.lower()
    kind, colon, _ = start.partition(":")
    offered = _of_kind(kind) if colon else [*dictionary.by_keyword(), *(f"{one}:" for one in _KINDS)]
    return [name for name in offered if name.lower().startswith(start)][:_ENOUGH]


def _of_kind(kind: str) -> list[str]:
    if kind == "module":
        return [f"module:{module}" for module in modules.names()]
    if kind == "iod":
        return [f"iod:{iod}" for iod in modules.iod_names()]
    if kind == "vr":
        return [f"vr:{vr}" for vr in vrs.by_vr()]
    wanted = {"sop-class": "SOP Class", "transfer-syntax": "Transfer Syntax", "uid": ""}.get(kind)
    if wanted is None:
        return []
    return [f"{kind}:{uid.keyword}" for uid in uids.by_uid().values() if uid.keyword and wanted in uid.kind]
