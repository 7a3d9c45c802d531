"""The HL7 v2 tables against the dictionary and against the segments and data types of HL7 2.3.1 and 2.5.1."""

from __future__ import annotations

import re

from pydicom.charset import python_encoding
from tests.knowledge import definitions

from tagwise.knowledge import hl7v2
from tagwise.standard import dictionary, vrs

FIELDS = hl7v2.all_fields()
VERSIONS = ("2.3.1", "2.5.1")
LOCAL = {"ZDS"}  # a segment of IHE, in no version of HL7
DATE = r"20\d\d-[01]\d(-[0-3]\d)?"  # a statement of which only the month is known


def versions(found: hl7v2.FieldMapping) -> set[str]:
    """The versions in which the field has to exist: those it has a length for, or else 2.5.1."""
    return set(found.max_lengths) or {"2.5.1"}


def test_there_are_as_many_as_were_researched() -> None:
    """Losing lines shows."""
    assert (len(FIELDS), len({found.keyword for found in FIELDS})) == (234, 106)


def test_keyword_tag_and_sequences_are_those_of_the_dictionary() -> None:
    """What an attribute is inside of are sequences."""
    for found in FIELDS:
        known = dictionary.by_keyword()
        assert known[found.keyword].tag == found.tag
        assert all(known[sequence].vr == "SQ" for sequence in found.inside)


def test_the_field_exists_in_every_version_with_this_type() -> None:
    """Down to the component, unless the row says why HL7 has no such component."""
    for found in [found for found in FIELDS if found.segment not in LOCAL]:
        field = found.field.partition(".")[0]
        for version in versions(found):
            defined = definitions.field(field, version)
            assert defined is not None, version
            assert defined.type in found.type.split(), version
            assert definitions.field(found.field, version) is not None or "in HL7" in found.doubt, version


def test_direction_is_that_of_the_messages() -> None:
    """Both only where messages of both directions carry it; none only where the source names no message."""
    for found in FIELDS:
        directions = {message.direction for message in found.messages}
        if found.messages:
            assert found.direction == ("both" if len(directions) == 2 else directions.pop())
        else:
            assert found.source.id != "dcm4chee"


def test_segments_are_in_the_messages_that_have_them() -> None:
    """IPC is in imaging orders of 2.5.1 only, ZDS in the others, TQ1 not in 2.3.1."""
    for found in FIELDS:
        carried = {message.message for message in found.messages}
        if found.segment == "IPC":
            assert carried == {"OMI^O23"}
            assert "2.3.1" not in found.max_lengths
        if found.segment == "ZDS":
            assert carried == {"ORM^O01", "OMG^O19"}
        if found.segment == "TQ1":
            assert "ORM^O01" not in carried
        if found.field.startswith("OBR-18") and found.messages:
            assert "OMI^O23" not in carried


def test_too_long_is_what_the_lengths_say() -> None:
    """`no` and `unsure` only where a length is greater than that of the VR."""
    for found in FIELDS:
        limit = vrs.rules(dictionary.by_keyword()[found.keyword].vr)[0].length
        if found.fits:
            assert found.fits in {"no", "unsure"}
            assert limit is not None
            assert max(found.max_lengths.values()) > limit
            assert "fits" in found.inferred
            assert (found.fits == "unsure") == ("." in found.field)


def test_a_row_says_where_it_is_from() -> None:
    """URL and date."""
    for found in FIELDS:
        assert re.fullmatch(r"https?://[\w.-]+/\S*", found.url)
        assert re.fullmatch(DATE, found.checked)
        assert set(found.inferred) <= {"fits", "field", "ihe"}
        assert found.name


def test_a_pair_has_a_conversion() -> None:
    """Of a product whose behaviour is known; the guide only names pairs."""
    for found in FIELDS:
        assert bool(found.conversion) == (found.source.kind == "product"), found


def test_no_pair_stands_twice() -> None:
    """One source, one place, one field: one row."""
    rows = [(found.keyword, found.inside, found.field, found.repetition, found.source.id) for found in FIELDS]
    assert len(rows) == len(set(rows))


def test_rows_of_an_attribute_stand_together() -> None:
    """The loader searches for the first and reads on."""
    for keyword in {found.keyword for found in FIELDS}:
        assert len(hl7v2.fields(keyword)) == sum(found.keyword == keyword for found in FIELDS)
    assert hl7v2.fields("PixelData") == ()


def test_tables_beside_it_say_where_they_are_from() -> None:
    """Rules, conversions, messages, segments, character sets, sources."""
    entries = (
        *hl7v2.rules(),
        *hl7v2.conversions().values(),
        *hl7v2.messages().values(),
        *hl7v2.segments(),
        *hl7v2.character_sets(),
        *hl7v2.sources().values(),
    )
    for entry in entries:
        assert re.fullmatch(r"https?://[\w.-]+/\S*", entry.url), entry
        assert re.fullmatch(DATE, entry.checked), entry
    assert {keyword for rule in hl7v2.rules() for keyword in rule.keywords} <= set(dictionary.by_keyword())


def test_everything_named_is_used() -> None:
    """An entry that nothing uses is an entry that nobody checks; a null is for every field."""
    used = {found.conversion.name for found in FIELDS if found.conversion}
    assert used | {"null"} == set(hl7v2.conversions())
    assert {message.name for found in FIELDS for message in found.messages} == set(hl7v2.messages())
    assert {found.source.id for found in FIELDS} == set(hl7v2.sources())


def test_ipc_and_zds_are_those_of_hl7_and_ihe() -> None:
    """The nine fields of IPC in order, and the one of ZDS."""
    assert [entry.field for entry in hl7v2.segments()] == [*(f"IPC-{number}" for number in range(1, 10)), "ZDS-1"]
    for entry in hl7v2.segments():
        assert dictionary.by_keyword()[entry.keyword].tag == entry.tag
        if entry.field.startswith("IPC"):
            assert definitions.fields("2.5.1")[entry.field].type == entry.type


def test_character_sets_are_those_of_dicom() -> None:
    """Every value is one that pydicom knows, and only the row of CNS 11643 is doubtful."""
    assert len(hl7v2.character_sets()) == 16
    for entry in hl7v2.character_sets():
        assert entry.specific_character_set in python_encoding
        assert bool(entry.doubt) == entry.msh_18.startswith("CNS")


# What reference-page-notes.md finds wrong elsewhere.


def carriers(keyword: str) -> dict[str, set[str]]:
    """The fields outside of sequences that an order carries the attribute in, by message."""
    found: dict[str, set[str]] = {}
    for field in hl7v2.fields(keyword):
        for message in field.messages:
            if message.direction == "in" and not field.inside:
                found.setdefault(message.message, set()).add(field.field)
    return found


def test_the_accession_number_has_two_carriers() -> None:
    """Item 8: OBR-18 of ORM^O01 in 2.3.1, IPC-1 of OMI^O23 in 2.5.1."""
    found = carriers("AccessionNumber")
    assert found["ORM^O01"] == {"OBR-18"}
    assert found["OMI^O23"] == {"IPC-1"}
    assert hl7v2.messages()["orm-in"].versions == ("2.3.1",)
    assert hl7v2.messages()["omi-in"].versions == ("2.5.1",)


def test_the_study_uid_has_two_carriers() -> None:
    """Item 8: ZDS-1 with an order of 2.3.1, IPC-3 in an imaging order."""
    found = carriers("StudyInstanceUID")
    assert found["ORM^O01"] == {"ZDS-1.1"}
    assert found["OMI^O23"] == {"IPC-3"}


def test_a_field_is_written_as_hl7_does() -> None:
    """Segment, hyphen, number, points for components."""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{2}-\d+(\.\d+){0,2}", found.field) for found in FIELDS)


def test_mirths_tree_is_by_name_and_never_by_number() -> None:
    """Item 2: tmp['OBR'][18] is nothing in Mirth Connect; tmp['OBR']['OBR.18']['OBR.18.1'] is the field."""
    shown = {found.field: found.mirth for found in FIELDS}
    assert shown["OBR-18"] == "['OBR']['OBR.18']['OBR.18.1']"
    assert shown["PID-3.4.1"] == "['PID']['PID.3']['PID.3.4']['PID.3.4.1']"
    assert not any(re.search(r"\[\d", path) for path in shown.values())


def test_constants_of_a_message_are_not_pairs() -> None:
    """The statement lists fields with fixed values between the pairs: OBX-11 is O, and no Study Instance UID."""
    assert not {"OBX-1", "OBX-2", "OBX-11", "OBR-25", "PV1-51"} & {
        found.field for found in FIELDS if found.keyword in {"StudyInstanceUID", "CodeValue", "UniversalEntityIDType"}
    }
    assert "OBX-11 O" in next(rule.rule for rule in hl7v2.rules() if rule.name == "outgoing-constants")
