"""A deflated data set is broken, or not deflated as declared.

## What it finds
Objects in a deflated transfer syntax whose stream breaks, starts with a zlib header that DICOM leaves out, or is not
deflated at all; and objects whose data set is deflated although another transfer syntax is declared.

## Why it matters
What lies behind the break is lost. Objects with a wrong declaration read in the system that wrote them and nowhere
else.

## How to confirm
`dcmdump FILE` reports the zlib error. `python -c "import zlib, sys;
zlib.decompressobj(-15).decompress(open(sys.argv[1], 'rb').read()[START:])" FILE`, with the offset of the data set for
START, gives the reason.

## How to fix
1. A stream that breaks: fetch the object again from where it came from. One damaged byte spoils everything behind it.
2. A wrong declaration: correct Transfer Syntax UID (0002,0010), or remove the zlib header, two bytes in front and
   four at the end, in the program that writes it.

## Not a problem when
- Nothing: a reader that follows the standard cannot read the object.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

DEFLATED = "1.2.840.10008.1.2.1.99"


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


_DATA = data_set([Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")])


def _broken(content: bytes) -> bytes:
    """A stream that is sound for a while and then has a block of a type that does not exist."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH) + b"\xff" * 64


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("deflate",),
    references=("PS3.5 A.5",),
    since="0.1.0",
    fires=(
        ObjectExample("a stream with a damaged byte", content=part10(_broken(_DATA), DEFLATED), expect=[""]),
        ObjectExample("a zlib header in front", content=part10(zlib.compress(_DATA), DEFLATED), expect=[""]),
        ObjectExample("not deflated at all", content=part10(_DATA, DEFLATED), expect=[""]),
        ObjectExample("deflated under Explicit VR Little Endian", content=part10(_deflated(_DATA)), expect=[""]),
    ),
    silent=(
        ObjectExample("a deflated data set", content=part10(_deflated(_DATA), DEFLATED)),
        ObjectExample("a deflated data set with a pad byte", content=part10(_deflated(_DATA) + b"\0", DEFLATED)),
        ObjectExample("a data set that is not deflated", content=part10(_DATA)),
    ),
)
def deflate_damaged(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
