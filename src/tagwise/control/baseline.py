"""A file of findings that were known before: an old archive then shows only what is new.

A key holds the check, the UIDs or the device of the subject, and the attribute with its path: what stays the same when
a message is worded anew, and nothing that tells about a patient. Where a subject has no UID, its path is kept as a
hash, because folders may be named after patients.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwise.atomic import write_text
from tagwise.errors import BadControl

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from tagwise.findings import Finding

FORMAT = 1

_LARGEST = 1 << 30
"""Bytes of a baseline that is read: about five million findings."""

Key = tuple[str, tuple[tuple[str, str], ...], str]
"""A check, what names its subject, and the path of the attribute, "" for none."""


def key(finding: Finding) -> Key:
    """What identifies a finding from one run to the next."""
    subject = finding.subject
    uids = tuple(sorted((name, value) for name, value in subject.items() if name.endswith("UID")))
    named = uids or tuple(sorted(_without_path(name, value) for name, value in subject.items()))
    return finding.check, named, finding.place.attribute if finding.place else ""


def fingerprint(finding: Finding) -> str:
    """The key in 32 hexadecimal digits."""
    return hashlib.sha256(json.dumps(key(finding)).encode()).hexdigest()[:32]


def _without_path(name: str, value: str) -> tuple[str, str]:
    if name not in ("file_path", "index", "object"):
        return name, value
    return "path_digest", hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def write(path: str | os.PathLike[str], keys: Mapping[Key, int]) -> None:
    """Write a baseline whole or not at all: one line for each key, sorted, so that two of them can be compared.

    Raises:
        ReportNotWritten: The file cannot be written; what was there before is untouched.
    """
    lines = []
    for (check, subject, attribute), number in sorted(keys.items()):
        entry: dict[str, Any] = {"check": check, "subject": dict(subject)}
        if attribute:
            entry["attribute"] = attribute
        if number > 1:
            entry["number"] = number
        lines.append(json.dumps(entry))
    head = f'{{"tagwise_baseline": {FORMAT}, "findings": ['
    write_text(path, head + ",".join(f"\n{line}" for line in lines) + "\n]}\n")


def read(path: str | os.PathLike[str]) -> dict[Key, int]:
    """How many findings of each key are known.

    Raises:
        BadControl: There is no such file, or it is no baseline.
    """
    file = Path(path)
    try:
        if file.exists() and (not file.is_file() or file.stat().st_size > _LARGEST):
            raise _wrong(file, "it is no file, or larger than 1 GB")
        document = json.loads(file.read_text("utf-8"))
    except OSError as error:
        hint = "Write it first, with --write-baseline and this name"
        raise BadControl(f"the baseline {str(file)!r} cannot be read: {error.strerror}", hint=hint) from error
    except (ValueError, RecursionError) as error:  # neither JSON nor UTF-8, or a NUL in the path
        raise _wrong(file, "it is not JSON") from error
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise _wrong(file, 'it has no list "findings"')
    if document.get("tagwise_baseline") != FORMAT:
        raise _wrong(file, f'"tagwise_baseline" is not {FORMAT}: another version of tagwise may have written it')
    known: dict[Key, int] = {}
    for place, entry in enumerate(document["findings"], 1):
        try:
            one, number = _entry(entry)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise _wrong(file, f"finding {place:,} of it is none") from error
        known[one] = known.get(one, 0) + number
    return known


def _entry(entry: dict[str, Any]) -> tuple[Key, int]:
    subject = tuple(sorted((name, value) for name, value in entry["subject"].items()))
    check, attribute, number = entry["check"], entry.get("attribute", ""), entry.get("number", 1)
    texts = [check, attribute, *(value for _, value in subject)]
    if not all(isinstance(text, str) for text in texts) or not isinstance(number, int) or number < 1:
        raise ValueError(check)
    return (check, subject, attribute), number


def _wrong(file: Path, why: str) -> BadControl:
    return BadControl(f"{str(file)!r} is no baseline: {why}", hint="Write a new one with --write-baseline")
