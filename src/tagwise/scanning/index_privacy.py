"""What an index says about the patients in it, so that clear values and pseudonyms never mix."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from tagwise.errors import IndexKeptOtherwise
from tagwise.scanning.pseudonyms import CLEAR

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from tagwise.scanning.pseudonyms import Privacy

_MODE, _KEY = "privacy", "key_fingerprint"


def facts_of(privacy: Privacy) -> list[tuple[str, str]]:
    """What a new index notes in `tagwise_index`."""
    facts = [(_MODE, privacy.mode)]
    if privacy.pseudonyms is not None:
        facts.append((_KEY, privacy.pseudonyms.fingerprint))
    return facts


def mode_of(db: duckdb.DuckDBPyConnection, schema: str = "") -> str:
    """What an index holds, in the words of `Privacy.mode`; one of an earlier version holds everything."""
    return _noted(db, _MODE, schema) or CLEAR.mode


def require_same(db: duckdb.DuckDBPyConnection, path: Path, privacy: Privacy) -> None:
    """Let a scan go on only if its rows will be like those that are there.

    Raises:
        IndexKeptOtherwise: They will not.
    """
    held = mode_of(db)
    if held != privacy.mode:
        raise IndexKeptOtherwise(
            f"index {str(path)!r} was made with {_WORDS.get(held, held)}, and this scan has {_WORDS[privacy.mode]}",
            hint="Repeat the options of the first scan, or name a new file with --index; nothing was changed.",
        )
    if privacy.pseudonyms is not None and not hmac.compare_digest(
        privacy.pseudonyms.fingerprint, _noted(db, _KEY) or ""
    ):
        raise IndexKeptOtherwise(
            f"index {str(path)!r} was made with another key than this one",
            hint="Name the key file of the first scan, or a new file with --index; nothing was changed.",
        )


_WORDS = {
    "clear": "neither --pseudonyms nor --no-patient-values",
    "pseudonyms": "--pseudonyms",
    "no patient values": "--no-patient-values",
    "pseudonyms, no patient values": "--pseudonyms and --no-patient-values",
}


def _noted(db: duckdb.DuckDBPyConnection, name: str, schema: str = "") -> str | None:
    table = f"{schema}.tagwise_index" if schema else "tagwise_index"
    row = db.execute(f"SELECT value FROM {table} WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])
