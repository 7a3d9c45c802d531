"""What the checks on SOP classes share: a name that a person can read."""

from __future__ import annotations

from tagwise.standard import uids


def class_name(uid: str) -> str:
    """The name of a SOP class without the word Storage, the UID itself where it has no registered name.

    >>> class_name("1.2.840.10008.5.1.4.1.1.2"), class_name("1.3.12.2.1107.5.9.1")
    ('CT Image', 'SOP class 1.3.12.2.1107.5.9.1')
    """
    known = uids.by_uid().get(uid)
    return known.name.replace(" Storage", "") if known else f"SOP class {uid}"
