"""Why dciodvfy alone reports an error, by what the error looks like: who is right, and the section that says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.oracles.comparing import Alone


class Difference(NamedTuple):
    """A class of errors: the attributes and sentences it covers as regular expressions, and the judgement."""

    attribute: str
    kind: str
    why: str
    right: str
    section: str


THEIRS, OURS, OPEN = "dciodvfy", "tagwise", "open"
CLASSES = (
    Difference(
        "Laterality",
        "Missing|Attribute present",
        "paired by a list of body parts, or where none is named; tagwise leaves it undecided",
        OPEN,
        "PS3.3 C.7.3.1",
    ),
    Difference(
        "PatientOrientation",
        "Missing|Empty",
        "which images need it depends on what they are meant for",
        OPEN,
        "PS3.3 C.7.6.1",
    ),
    Difference(
        "PatientOrientation",
        "Illegal character",
        "the letters of directions are not looked at",
        THEIRS,
        "PS3.3 C.7.6.1.1.1",
    ),
    Difference(
        "AnatomicRegionSequence", ".*is only permitted", "compared with Body Part Examined", THEIRS, "PS3.3 C.8.11.2"
    ),
    Difference("ReferencedSeriesSequence|Studies\\w+", "", "follows every reference", THEIRS, "PS3.3 C.12.2"),
    Difference("\\w*", "Attribute present", "a condition that no table has as logic", THEIRS, "PS3.5 7.4.2"),
    Difference("\\w*", "Only a single Item", "the number of items of a group", THEIRS, "PS3.3 C.8.15.3"),
    Difference("\\w*", "Missing|Empty", "a condition, or a type, that our tables do not have", THEIRS, "PS3.5 7.4"),
    Difference("ImageType", "", "rules of single modalities for its values", THEIRS, "PS3.3 C.7.6.1.1.2"),
    Difference(
        "\\w*",
        "Unrecognized",
        "a list that the table of codes lacks or that holds under a condition",
        THEIRS,
        "PS3.3 6",
    ),
    Difference(
        r"\w*Sequence",
        "Bad .* for Type … Optional|Bad Sequence number of Items",
        "an optional sequence without items: allowed by its type, not by the sentence on its items",
        OPEN,
        "PS3.5 7.4.5",
    ),
    Difference("SegmentNumber", "", "segments are numbered from one by one", THEIRS, "PS3.3 C.8.20.2"),
    Difference("DimensionIndexValues", "", "one value for each dimension", THEIRS, "PS3.3 C.7.6.16.2.2"),
    Difference("LUTData", "", "the length of tables against their descriptor", THEIRS, "PS3.3 C.11.2"),
    Difference("WaveformSequence", "", "channels against their descriptions", THEIRS, "PS3.3 C.10.9"),
    Difference("\\w*", "Illegal root", "an arc that is not given out today", OPEN, "PS3.5 9.1"),
)
"""The first that fits counts. OPEN errors are not counted as true errors."""

OF_REAL_FILES = (
    Difference(
        "Laterality",
        "Missing",
        "no file of these names a paired body part",
        OURS,
        "PS3.3 C.7.3.1",
    ),
    Difference(
        "MediaStorage\\w+|",
        "Information Object Not|.*missing SOP",
        "a deflated object, not inflated",
        OURS,
        "PS3.5 A.5",
    ),
    Difference(
        "PhotometricInterpretation",
        "Unrecognized",
        "YBR_FULL_422 in uncompressed pixels, which is rare and legal",
        OURS,
        "PS3.3 C.7.6.3.1.2",
    ),
    Difference(
        "PixelData", "PixelData has incorrect", "two of three samples in YBR_FULL_422", OURS, "PS3.3 C.7.6.3.1.2"
    ),
    Difference(
        "PixelData",
        "Length of Basic",
        "an object whose encoding is not the declared one, which tagwise says once",
        OURS,
        "PS3.5 A.4",
    ),
    Difference(
        "PerFrameFunctionalGroupsSequence",
        "Number of items",
        "Number of Frames is missing, which tagwise reports",
        OURS,
        "PS3.3 C.7.6.16",
    ),
    Difference(
        "ReferencedSOPInstanceUID",
        "Value invalid",
        "inside a sequence whose VR is UN, not opened",
        THEIRS,
        "PS3.5 6.2.2",
    ),
    Difference(
        "\\(DDED,6ECF\\)|", "Tag read failed|Dicom dataset", "a deflated object, not inflated", OURS, "PS3.5 A.5"
    ),
    Difference(
        "OffsetOf\\w+|ReferencedStructureSetSequence",
        "Missing",
        "behind the place where the file ends, which tagwise reports",
        OURS,
        "PS3.5 7.1",
    ),
    Difference("DirectoryRecordType", "", "the records of a directory are not looked at", THEIRS, "PS3.3 F.3.2.2"),
    Difference(
        "FrameOfReferenceUID|PositionReferenceIndicator", "Missing", "a module of usage U", OPEN, "PS3.3 A.19.3"
    ),
    Difference(
        "ReferencedFrameNumber", "Shall not", "needs the class of the referenced object", THEIRS, "PS3.3 C.18.4"
    ),
)
"""Those of real files as they are; they come before the others."""


def of(alone: Alone, *, real: bool = False) -> Difference | None:
    """The class of an error, in a damaged or in a real file; None where nobody explained it."""
    for one in (*OF_REAL_FILES, *CLASSES) if real else CLASSES:
        if fits(one, alone):
            return one
    return None


def fits(one: Difference, alone: Alone) -> bool:
    """Whether an error belongs to a class."""
    return bool(re.fullmatch(one.attribute, alone.attribute) and re.match(one.kind, alone.kind))
