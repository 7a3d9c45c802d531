"""The sections of FHIR, HL7 v2 and Modality Worklist as lines of text, in the manner of `tagwise.pages.text`.

URLs are in JSON: a terminal names sources with version and date, so that a line stays a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages.layout import Ink, columns, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.knowledge.entries import Conversion, Rule, Source
    from tagwise.knowledge.fhir import FhirMapping
    from tagwise.knowledge.hl7v2 import FieldMapping, Message
    from tagwise.knowledge.worklist import WorklistKey
    from tagwise.pages.knowledge_sections import FhirSection, Hl7Section, WorklistSection

_INDENT = "  "
_SHOWN = 12
FITS = {"no": "may be longer than the VR allows", "unsure": "the whole field may be longer than the VR allows"}
HOW_JOINED = {"join": "joined with", "alternatives": "or", "mixed": "together with"}
MATCHING = {"R": "the SCP has to match it", "O": "the SCP may match it", "": "not a matching key"}


def fhir_lines(section: FhirSection, width: int, ink: Ink) -> Iterator[str]:
    """The FHIR section: elements by version, how to fill them, what to beware of, what was read."""
    yield ink("FHIR", "bold")
    if not section.mappings:
        yield from _nothing(section.read, width)
        return
    for heading, found in by_version(section.mappings).items():
        yield _INDENT + ink(heading, "cyan")
        for paths in by_path(found).values():
            yield from _element(paths, width)
    yield from _sentences("Sources disagree", section.disagreements, width, ink)
    yield from _sentences("How", how([(one.datatype, one.conversion) for one in section.mappings]), width, ink)
    yield from _sentences("Beware", [warning(rule) for rule in section.rules], width, ink)
    yield from _read_here([one.source for one in section.mappings], width, ink)


def by_version(mappings: Sequence[FhirMapping]) -> dict[str, list[FhirMapping]]:
    """The mappings under the words `R4 and R4B, specification` or `R4, guides and products`."""
    grouped: dict[str, list[FhirMapping]] = {}
    for one in mappings:
        kind = "specification" if one.source.kind == "specification" else "guides and products"
        versions = " and ".join(version.replace("-", " ") for version in one.versions)
        grouped.setdefault(f"{versions}, {kind}", []).append(one)
    return dict(sorted(grouped.items()))


def by_path(found: Sequence[FhirMapping]) -> dict[str, list[FhirMapping]]:
    """The mappings by element, in their order."""
    grouped: dict[str, list[FhirMapping]] = {}
    for one in found:
        grouped.setdefault(one.path, []).append(one)
    return grouped


def _element(found: Sequence[FhirMapping], width: int) -> Iterator[str]:
    """One path: type and cardinality, then a line for what each source adds."""
    first = found[0]
    shown = f"{first.path}  {first.datatype} {first.cardinality}" if first.path else "no element"
    yield _INDENT * 2 + shown
    for one in found:
        remarks = [one.source.name] if one.source.kind != "specification" else []
        if one.cardinality != first.cardinality:
            remarks.append(one.cardinality)
        remarks += [one.context] if one.context else []
        if one.combined_with:
            remarks.append(f"{HOW_JOINED[one.how]} {', '.join(one.combined_with)}")
        remarks += [f"the source prints {one.printed}"] if one.printed else []
        texts = (text for text in ("; ".join(remarks), one.note) if text)
        yield from wrap(". ".join(texts), width, _INDENT * 3)


def how(used: Sequence[tuple[str, Conversion | None]]) -> list[str]:
    """Each conversion once, after the types that it is used for on this page."""
    types: dict[str, list[str]] = {}
    for type_, conversion in used:
        if conversion:
            types.setdefault(conversion.rule, []).append(type_)
    return [f"{', '.join(dict.fromkeys(given))}: {rule}" for rule, given in types.items()]


def hl7v2_lines(section: Hl7Section, width: int, ink: Ink) -> Iterator[str]:
    """The HL7 v2 section: fields with their messages, how to convert, what to beware of, what was read."""
    yield ink("HL7 v2", "bold")
    if not section.fields:
        yield from _nothing(section.read, width)
        return
    usages = {entry.field: entry.usage for entry in section.carriers}
    for found in section.fields[:_SHOWN]:
        yield from _field(found, usages, width, ink)
    if len(section.fields) > _SHOWN:
        rest = len(section.fields) - _SHOWN
        yield f"{_INDENT}… and {rest} more: tagwise show {section.fields[0].keyword} --format json"
    yield from (ink(line, "dim") for line in wrap(_directions(section), width, _INDENT))
    if section.character_sets:
        yield _INDENT + ink("MSH-18 and what it stands for", "cyan")
        sets = [(entry.msh_18, entry.specific_character_set, entry.doubt) for entry in section.character_sets]
        yield from columns(sets, width, _INDENT * 2)
    yield from _sentences(
        "How", how([(one.type.replace(" ", ", "), one.conversion) for one in section.fields]), width, ink
    )
    yield from _sentences("Beware", [warning(rule) for rule in section.rules], width, ink)
    yield from _read_here([one.source for one in section.fields], width, ink)


def _directions(section: Hl7Section) -> str:
    """What `in` and `out` mean, and which of them no source has a message for."""
    gaps = [f"No source read has a message for {direction}." for direction in section.without]
    return " ".join(["in: HL7 to DICOM; out: DICOM to HL7.", *gaps])


def _field(found: FieldMapping, usages: dict[str, str], width: int, ink: Ink) -> Iterator[str]:
    """One field: name, type and length; then its messages and what else there is to say."""
    lengths = " or ".join(str(length) for length in dict.fromkeys(found.max_lengths.values()))
    extent = f" up to {lengths}" if lengths else ""
    usage = usages.get(found.field.partition(".")[0], "")
    named = f"{found.name}, {found.type.replace(' ', ' or ')}{extent}{f', usage {usage}' if usage else ''}"
    lines = wrap(named, width, f"{_INDENT}{found.field.ljust(10)}", " " * 12)
    yield lines[0].replace(found.field, ink(found.field, "cyan"), 1)  # colour after wrapping: codes have no width
    yield from lines[1:]
    if found.inside:
        yield from wrap(f"inside {' > '.join(found.inside)}", width, " " * 12)
    for direction in ("in", "out"):
        carried = [message for message in found.messages if message.direction == direction]
        if carried:
            yield from wrap(messages_in(carried), width, f"{' ' * 12}{direction.ljust(4)}", " " * 16)
    yield from wrap(". ".join(field_remarks(found)), width, " " * 12)


def field_remarks(found: FieldMapping) -> list[str]:
    """What else there is to say of a field, as sentences without a full stop."""
    remarks = [] if found.messages else [f"named by {found.source.name}"]
    remarks += [f"OBX number {found.repetition}"] if found.repetition else []
    remarks += [FITS[found.fits]] if found.fits else []
    remarks += [f"the source prints {found.printed}"] if found.printed else []
    return [text for text in ("; ".join(remarks), found.note, found.doubt) if text]


def messages_in(carried: Iterable[Message]) -> str:
    """Messages with their versions, each once."""
    words = (f"{message.message} ({', '.join(message.versions)})" for message in carried)
    return ", ".join(dict.fromkeys(words))


def worklist_lines(section: WorklistSection, width: int, ink: Ink) -> Iterator[str]:
    """The worklist section: where the key is, whether it is matched, the type in the answer."""
    yield ink("Modality Worklist", "bold")
    if not section.keys:
        yield from wrap(f"Not a key of PS3.4 table K.6-1 in the edition of {section.edition}.", width, _INDENT)
        return
    for key in section.keys[:_SHOWN]:
        yield from wrap(key_sentence(key), width, _INDENT, _INDENT * 2)
    if len(section.keys) > _SHOWN:
        yield f"{_INDENT}… and {len(section.keys) - _SHOWN} more"
    yield from (ink(line, "dim") for line in wrap(f"PS3.4 table K.6-1, edition of {section.edition}.", width, _INDENT))


def key_sentence(key: WorklistKey) -> str:
    """One key of a worklist query: where it is, whether it is matched, its type in the answer."""
    where = " > ".join(key.inside) or "top level"
    how = f" by {key.how}" if key.how else ""
    return f"{where} ({key.module}): {MATCHING[key.matching]}{how}; type {key.return_type} in the answer"


def warning(rule: Rule) -> str:
    """A rule with its versions and with what breaks."""
    return f"{', '.join(rule.versions)}: {rule.rule}.{f' {rule.breaks}.' if rule.breaks else ''}"


def _sentences(heading: str, sentences: Sequence[str], width: int, ink: Ink) -> Iterator[str]:
    if sentences:
        yield _INDENT + ink(heading, "cyan")
        for sentence in sentences:
            yield from wrap(sentence, width, f"{_INDENT * 2}- ")


def _read_here(sources: Sequence[Source], width: int, ink: Ink) -> Iterator[str]:
    """The sources of what stands above, each once, with version and date."""
    named = dict.fromkeys(f"{source.name} {source.version} ({source.checked})" for source in sources)
    yield from (ink(line, "dim") for line in wrap(f"From: {'; '.join(named)}.", width, _INDENT))


def _nothing(sources: Sequence[Source], width: int) -> Iterator[str]:
    read = "; ".join(f"{source.name} {source.version}" for source in sources)
    yield from wrap(f"No published mapping. Read: {read}.", width, _INDENT)
