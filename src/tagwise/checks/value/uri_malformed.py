"""A URI has characters that no URI has.

## What it finds
Values of VR UR with blanks, backslashes, letters outside ASCII or other characters that RFC 3986 does not allow, with
a `%` that no two hexadecimal digits follow, or with a blank in front.

## Why it matters
Retrieve URLs and references to other systems are used by programs, not read by people: the request fails, or goes to
a cut address.

## How to confirm
Print the value: `dcmdump +P RetrieveURL FILE`, with the attribute that the finding names, and try it with `curl`.

## How to fix
Ask the maker of the writing program to escape such characters with `%` and two hexadecimal digits (RFC 3986 section
2.1). A Windows path is no URI: it becomes one as `file:///C:/folder/name`.

## Not a problem when
- The attribute is informative, and nothing fetches what it names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_ALLOWED = re.compile(rb"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("UR",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a blank inside", [Given("RetrieveURL", "UR", "https://pacs.example/study 1")], ["RetrieveURL"]),
        ObjectExample("a Windows path", [Given("RetrieveURL", "UR", "C:\\images\\a.dcm")], ["RetrieveURL"]),
        ObjectExample("a blank in front", [Given("RetrieveURL", "UR", " https://pacs.example/1")], ["RetrieveURL"]),
    ),
    silent=(
        ObjectExample("a URL", [Given("RetrieveURL", "UR", "https://pacs.example/studies/1.2?x=%20#a")]),
        ObjectExample("a URL with a pad character", [Given("RetrieveURL", "UR", "https://pacs.example/12")]),
        ObjectExample("an empty value", [Given("RetrieveURL", "UR", "")]),
    ),
)
def uri_malformed(element: Element) -> str | None:
    """Say at which character the URI stops being one."""
    raw = (element.raw or b"").rstrip(b" \0")
    match = _ALLOWED.match(raw)
    end = match.end() if match else 0
    if end == len(raw):
        return None
    return f"{element.name} has a character at place {end + 1} that a URI cannot have: {raw[end]:02X}H"
