"""The section of an attribute page with values of real files: as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import samples
from tagwise.pages.layout import INDENT, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.knowledge.samples import Sample
    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink

_WIDE = 30


class SamplesSection(NamedTuple):
    """Values of real files. `files` of `read` files have the attribute; `edition` and `source` say which these are."""

    samples: tuple[Sample, ...]
    files: int
    read: int
    edition: str
    source: str


def of(keyword: str) -> SamplesSection:
    """The values of an attribute.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    found = samples.samples(keyword)
    return SamplesSection(found, found[0].files if found else 0, samples.files(), samples.edition(), samples.source())


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """Each value with the file it is from; a long one has a line for itself."""
    section = shown.samples
    yield ink("Sample values", "bold")
    if not section.samples:
        says = f"None: of the {section.read} test files of {section.edition} no file that may be shown has it."
        yield from wrap(says, width, INDENT)
        return
    for sample in section.samples:
        value, origin = value_text(sample), _origin(sample)
        if len(value) <= _WIDE and value.isascii() and len(origin) + _WIDE + 2 * len(INDENT) <= width:
            yield f"{INDENT}{value.ljust(_WIDE)}{INDENT}{ink(origin, 'dim')}"
        else:
            yield from _folded(value, width)
            yield from (ink(line, "dim") for line in wrap(origin, width, INDENT * 3))
    ending = f"In {section.files} of {section.read} test files of {section.edition}. Persons are invented or left out."
    yield from (ink(line, "dim") for line in wrap(ending, width, INDENT))


def _folded(value: str, width: int) -> list[str]:
    """A value in lines; a word that is longer than a line is broken, as a value has no place to wrap."""
    room = width - len(INDENT) * 2
    words = [word[start : start + room] for word in value.split(" ") for start in range(0, max(len(word), 1), room)]
    return wrap(" ".join(words), width, INDENT, INDENT * 2)


def value_text(sample: Sample) -> str:
    """A value as a terminal shows it.

    >>> value_text(samples.samples("PixelData")[0])
    'AF 00 B4 00 A6 00 8F 00 8B 00 98 00 … (32,768 bytes)'
    """
    if sample.vr == "SQ":
        return f"{sample.length}: {sample.value}" if sample.value else sample.length
    if not sample.value:
        return "(present, empty)"
    return f"{sample.value} ({sample.length})" if sample.length else sample.value


def _origin(sample: Sample) -> str:
    words = [sample.modality, sample.file]
    words += [f"in {' > '.join(sample.path)}"] if sample.path else []
    words += [sample.note]
    return " · ".join(word for word in words if word)


def document(shown: AttributePage) -> dict[str, Any]:
    """`samples`: `edition`, `source`, `files`, `read`, `values` (as `as_json` lists them)."""
    section = shown.samples
    return {
        "samples": {
            "edition": section.edition,
            "source": section.source,
            "files": section.files,
            "read": section.read,
            "values": [
                {
                    "value": sample.value,
                    "length": sample.length,
                    "vr": sample.vr,
                    "file": sample.file,
                    "modality": sample.modality,
                    "path": list(sample.path),
                    "note": sample.note,
                }
                for sample in section.samples
            ],
        }
    }
