"""Where HL7 v2 carries an attribute: segment, field and component by message and direction, conversions and rules."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import entries, tables

if TYPE_CHECKING:
    from tagwise.knowledge.entries import Conversion, Rule, Source

FILE = "hl7v2.tsv"
_COLUMNS = (
    "keyword", "tag", "inside", "field", "name", "type", "repetition", "messages", "direction", "conversion", "lengths",
    "fits", "printed", "note", "doubt", "inferred", "source", "url", "checked",
)  # fmt: skip
_MESSAGE_COLUMNS = ("name", "message", "versions", "direction", "transaction", "what", "url", "checked")
_SEGMENT_COLUMNS = ("field", "name", "type", "usage", "repeats", "keyword", "tag", "note", "url", "checked")
_SET_COLUMNS = ("msh_18", "specific_character_set", "covers", "doubt", "inferred", "url", "checked")


class Message(NamedTuple):
    """A message: `direction` is `in` (HL7 to DICOM) or `out` (DICOM to HL7), `versions` those of HL7 v2."""

    name: str
    message: str
    versions: tuple[str, ...]
    direction: str
    transaction: str
    what: str
    url: str
    checked: str


class FieldMapping(NamedTuple):
    """One field or component that one source pairs with an attribute.

    `inside` are the sequences around the attribute, outermost first. `field` is written `PID-3.4.1`; `repetition` is
    the number of the OBX segment where that matters. `messages` is empty for a source that names none. `direction` is
    `in`, `out`, `both`, or empty where the source gives none. `max_lengths` are those of the whole field by HL7
    version. `fits` is `no` where the field may be longer than the VR allows, `unsure` where only the whole field is
    known to be. `printed` is the field that the source misprints. `inferred` has `fits`, `field`, or `ihe` for a pair
    that is in IHE RAD TF-2 table B-1 according to a third party.
    """

    keyword: str
    tag: str
    inside: tuple[str, ...]
    field: str
    name: str
    type: str
    repetition: str
    messages: tuple[Message, ...]
    direction: str
    conversion: Conversion | None
    max_lengths: dict[str, int]
    fits: str
    printed: str
    note: str
    doubt: str
    inferred: tuple[str, ...]
    source: Source
    url: str
    checked: str

    @property
    def segment(self) -> str:
        """The segment of the field."""
        return self.field.partition("-")[0]

    @property
    def mirth(self) -> str:
        """Where Mirth Connect and Open Integration Engine have it in the tree of a message.

        Every step repeats what is before it, and a field without components still has its first one.

        >>> fields("AccessionNumber")[1].field, fields("AccessionNumber")[1].mirth
        ('OBR-18', "['OBR']['OBR.18']['OBR.18.1']")
        """
        steps = self.field.replace("-", ".").split(".")
        steps = steps if len(steps) > 2 else [*steps, "1"]
        return "".join(f"['{'.'.join(steps[:count])}']" for count in range(1, len(steps) + 1))


class SegmentField(NamedTuple):
    """A field of IPC or ZDS, the segments that carry what a worklist needs. `usage` is R, R+, R2 or O (IHE)."""

    field: str
    name: str
    type: str
    usage: str
    repeats: bool
    keyword: str
    tag: str
    note: str
    url: str
    checked: str


class CharacterSet(NamedTuple):
    """A code of MSH-18 and the Specific Character Set it stands for; `doubt` says why not to believe the row."""

    msh_18: str
    specific_character_set: str
    covers: str
    doubt: str
    inferred: str
    url: str
    checked: str


@cache
def sources() -> dict[str, Source]:
    """Everything that was read, by id: a page without a pair names these.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.sources("hl7v2_sources.tsv")


@cache
def messages() -> dict[str, Message]:
    """Every message, by our name for it.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = tables.rows("hl7v2_messages.tsv", _MESSAGE_COLUMNS)
    return {
        name: Message(name, message, tuple(versions.split()), direction, transaction, what, url, checked)
        for name, message, versions, direction, transaction, what, url, checked in rows
    }


@cache
def conversions() -> dict[str, Conversion]:
    """Every conversion, by name.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.conversions("hl7v2_conversions.tsv")


@cache
def character_sets() -> tuple[CharacterSet, ...]:
    """The codes of MSH-18 that have a Specific Character Set.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(CharacterSet(*row) for row in tables.rows("hl7v2_character_sets.tsv", _SET_COLUMNS))


@cache
def segments() -> tuple[SegmentField, ...]:
    """The fields of IPC (2.5.1) and ZDS (with 2.3.1).

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = tables.rows("hl7v2_segments.tsv", _SEGMENT_COLUMNS)
    return tuple(
        SegmentField(field, name, type_, usage, repeats == "yes", keyword, tag, note, url, checked)
        for field, name, type_, usage, repeats, keyword, tag, note, url, checked in rows
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return entries.rules("hl7v2_rules.tsv")


def rules_for(keyword: str) -> tuple[Rule, ...]:
    """The rules about an attribute."""
    return tuple(rule for rule in rules() if keyword in rule.keywords)


def fields(keyword: str) -> tuple[FieldMapping, ...]:
    """The fields that carry an attribute, those outside of sequences first; none where no source has any.

    >>> sorted({found.field for found in fields("AccessionNumber")})
    ['IPC-1', 'OBR-18']

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    return tuple(_field(row) for row in tables.rows_of(FILE, _COLUMNS, keyword))


def all_fields() -> tuple[FieldMapping, ...]:
    """Every pair, in the order of tags.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    return tuple(_field(row) for row in tables.rows(FILE, _COLUMNS))


def _field(row: list[str]) -> FieldMapping:
    keyword, tag, inside, field, name, type_, repetition, carried, direction, conversion, lengths, *rest = row
    fits, printed, note, doubt, inferred, source, url, checked = rest
    try:
        return FieldMapping(
            keyword,
            tag,
            tuple(inside.split()),
            field,
            name,
            type_,
            repetition,
            tuple(messages()[known] for known in carried.split()),
            direction,
            conversions()[conversion] if conversion else None,
            _lengths(lengths),
            fits,
            printed,
            note,
            doubt,
            tuple(inferred.split()),
            sources()[source],
            url,
            checked,
        )
    except (KeyError, ValueError) as error:
        raise tables.damaged(FILE, f"nothing is called {error}") from error


def _lengths(written: str) -> dict[str, int]:
    """The lengths by version.

    >>> _lengths("2.3.1:60 2.5.1:80")
    {'2.3.1': 60, '2.5.1': 80}
    """
    pairs = (pair.split(":") for pair in written.split())
    return {version: int(length) for version, length in pairs}
