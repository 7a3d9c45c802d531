"""Pages of modules, IODs, UIDs, VRs and private creators: what is on them, in text, in JSON and section by section."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagwise
from tagwise.errors import AmbiguousName, UnknownName, UsageError
from tagwise.pages import as_json, naming, text, views
from tagwise.standard import dictionary, modules, private, uids, vrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

ONE_OF_EACH = [
    "Modality", "module:general-series", "iod:ct-image", "CT Image Storage", "1.2.840.10008.1.2.4.50",
    "Talairach Brain Atlas Frame of Reference", "vr:UI", "private:GEMS_GNHD_01", "identity/uid-padded",
]  # fmt: skip
CHANGES = st.sampled_from([str, str.upper, str.lower, str.title])
CODE = ("mirth", "pydicom")
SECTIONS = {
    "Modality": [
        *("identity", "definition", "modules", "usage", "values", "fhir", "hl7v2", "worklist", "cloud"),
        *("deidentification", "samples", *CODE, "checks"),
    ],
    "module:general-series": ["description", "attributes", "iods"],
    "iod:ct-image": ["description", "modules", "sop-classes"],
    "CT Image Storage": ["identity", "encoding", "listener", "iod"],
    "vr:UI": ["rule", "attributes"],
    "private:GEMS_GNHD_01": ["elements", "mirth", "pydicom"],
    "identity/uid-padded": ["grades", "text", "attributes", "settings", "examples", "references", "sql"],
}


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH if name not in ("Modality", "identity/uid-padded")])
def test_the_text_of_each_kind(name: str, snapshot: SnapshotAssertion) -> None:
    """One page of each kind, as it is printed at 80 columns. Checks and what they change have tests of their own."""
    assert text.page(tagwise.show(name, depth="top")) == snapshot


@pytest.mark.parametrize("name", ["iod:ct-image", "vr:UI", "1.2.840.10008.1.2.4.50", "private:GEMS_GNHD_01"])
def test_the_json_of_each_kind(name: str, snapshot: SnapshotAssertion) -> None:
    """What programs may rely on."""
    assert json.dumps(as_json.page(tagwise.show(name)), indent=1) == snapshot


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH if name != "identity/uid-padded"])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_every_kind_fits_the_terminal(name: str, width: int) -> None:
    """No line is wider than the terminal, unless it is one word with its tag, or a command; code is never wrapped."""
    page = tagwise.show(name, depth="top")
    prose = [one.name for one in views.sections(page) if one.name not in CODE]
    shown = text.page(page, width=width, sections=prose)
    for line in shown.split("\n"):
        assert len(line) <= width or len(line.split()) <= 3 or "tagwise show" in line, line
        assert line == line.rstrip()


@pytest.mark.parametrize(("name", "sections"), SECTIONS.items())
def test_a_section_is_the_same_alone_and_in_the_page(name: str, sections: list[str]) -> None:
    """The page is its head and its sections, in text and in JSON."""
    page = tagwise.show(name)
    assert [section.name for section in views.sections(page)] == sections
    head = "\n".join(views.of(page).head(page, 80, text.PLAIN))
    alone = [text.page(page, sections=[section]).removeprefix(head) for section in sections]
    assert head + "".join(alone) == text.page(page)
    keys = set(views.of(page).head_document(page))
    parts = [as_json.page(page, [section]) for section in sections]
    assert {key: value for part in parts for key, value in part.items()} == as_json.page(page)
    assert sum(len(set(part) - keys) for part in parts) == len(as_json.page(page)) - len(keys)


def test_an_unknown_section_names_those_there_are() -> None:
    """Also in JSON, and before anything is printed."""
    for render in (text.page, as_json.page):
        with pytest.raises(UnknownName) as caught:
            render(tagwise.show("Modality"), sections=["modlues"])  # type: ignore[operator]
        assert "identity, definition, modules, " in caught.value.hint
        assert caught.value.nearest == ("modules",)


def test_a_module_lists_its_attributes_as_deep_as_asked() -> None:
    """Types and order of the table; counts stay the same; what is inside is counted where it is not listed."""
    top, everything = (tagwise.module("General Series", depth=depth) for depth in ("top", "all"))
    uid = next(one for one in top.attributes if one.attribute.keyword == "SeriesInstanceUID")
    assert (uid.type, uid.inside, uid.items) == ("1", 0, ())
    assert top.counts == everything.counts
    assert len(top.attributes) == top.counts["top"]
    sequence = next(one for one in top.attributes if one.attribute.keyword == "RequestAttributesSequence")
    assert sequence.items == ()
    deep = next(one for one in everything.attributes if one.attribute.keyword == "RequestAttributesSequence")
    assert len(deep.items) == deep.inside == sequence.inside > 0


@settings(max_examples=25, deadline=None)
@given(module=st.sampled_from(sorted(modules.names())))
def test_counts_are_what_the_deepest_page_lists(module: str) -> None:
    """Counting without building gives the same as building."""

    def size(items: tuple[tagwise.pages.modules.ModuleAttribute, ...]) -> int:
        return len(items) + sum(size(item.items) for item in items)

    page = tagwise.module(module, depth="all")
    assert size(page.attributes) == page.counts["all"]
    assert size(tagwise.module(module, depth="first").attributes) == page.counts["first"]
    assert bool(page.attributes) != bool(page.note)


def test_an_iod_has_its_modules_by_entity_and_its_sop_classes() -> None:
    """PS3.3 A.3: read from the standard and not from our tables."""
    page = tagwise.iod("ct image")
    usage = {use.module: (use.ie, use.usage) for use in page.modules}
    assert usage["ct-image"] == ("Image", "M")
    assert usage["frame-of-reference"] == ("Frame of Reference", "M")
    assert usage["contrast-bolus"] == ("Image", "C")
    assert [one.name for one in page.sop_classes] == ["CT Image Storage"]


def test_a_sop_class_without_iod_says_why() -> None:
    """Retired ones and those that store nothing."""
    assert "not stored" in text.page(tagwise.uid("Verification SOP Class"))
    assert "it is retired" in text.page(tagwise.uid("1.2.840.10008.5.1.4.1.1.6"))
    assert as_json.page(tagwise.uid("Verification"))["iod"] is None


def test_a_vr_counts_its_attributes_and_tells_who_decides() -> None:
    """Attributes with a choice count for each VR."""
    page = tagwise.vr("us")
    having = [one for one in dictionary.all_attributes() if "US" in one.vr.split(" or ")]
    assert page.current + page.retired == len(having)
    assert "US or SS" in page.choices
    assert "Pixel Representation (0028,0103)" in " ".join(text.page(page).split())


def test_a_private_creator_has_its_elements() -> None:
    """As pydicom's dictionary has them; case does not matter where no other creator differs by it only."""
    page = tagwise.private_creator("gems_iden_01")
    assert (page.creator, page.elements[1].tag, page.elements[1].name) == (
        *("GEMS_IDEN_01", "(0009,xx01)"),
        "Full fidelity",
    )
    assert {tagwise.private_creator(name).creator for name in ("HOLOGIC", "Hologic")} == {"HOLOGIC", "Hologic"}
    with pytest.raises(UnknownName) as caught:
        tagwise.private_creator("GEMS_IDN_01")
    assert caught.value.nearest[0] == "GEMS_IDEN_01"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UI", "VrPage"), ("unique identifier", "VrPage"), ("CT Image Storage", "SopClassPage"),
        ("1.2.840.10008.5.1.4.1.1.2", "SopClassPage"), ("1.2.840.10008.5.1.4.1.1.2\0", "SopClassPage"),
        ("CTImageStorage", "SopClassPage"), ("1.2.840.10008.1.2.4.50", "TransferSyntaxPage"),
        ("explicit vr little endian", "TransferSyntaxPage"), ("1.2.840.10008.1.4.1.1", "UidPage"),
        ("patient", "ModulePage"), ("general series", "ModulePage"), ("ct image module", "ModulePage"),
        ("ct image iod", "IodPage"), ("GEMS_IDEN_01", "PrivatePage"), ("Modality", "AttributePage"),
        ("0020:000e", "AttributePage"), ("attribute:modality", "AttributePage"), ("MODULE: Patient", "ModulePage"),
        ("iod:ct-image", "IodPage"), ("vr:PN", "VrPage"), ("check:uid-padded", "CheckPage"),
        ("uid:CTImageStorage", "SopClassPage"), ("sop-class:CT Image Storage", "SopClassPage"),
        ("Study Root Query/Retrieve Information Model - FIND", "SopClassPage"),
    ],
)  # fmt: skip
def test_a_name_finds_the_page_of_its_kind(name: str, kind: str) -> None:
    """By name, keyword, slug, UID, and with a kind in front."""
    assert type(tagwise.show(name)).__name__ == kind


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("ct image", ["module:ct-image", "iod:ct-image"]),
        ("CT-IMAGE", ["module:ct-image", "iod:ct-image"]),
        ("Printer", ["module:printer", "sop-class:1.2.840.10008.5.1.1.16"]),
    ],
)
def test_an_ambiguous_name_lists_the_words_that_choose(name: str, choices: list[str]) -> None:
    """And each of them opens one page."""
    with pytest.raises(AmbiguousName) as caught:
        tagwise.show(name)
    assert list(caught.value.choices) == choices
    for words in choices:
        assert words in caught.value.hint
        assert tagwise.show(words).words == words  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "namesakes"),
    [("ICC Profile", ("module:icc-profile",)), ("Date", ("vr:DA",)), ("Modality", ())],
)
def test_an_attribute_wins_and_names_what_else_is_called_so(name: str, namesakes: tuple[str, ...]) -> None:
    """The page says how to get to the other one."""
    page = tagwise.show(name)
    assert isinstance(page, tagwise.AttributePage)
    assert page.namesakes == namesakes
    assert all(words in text.page(page) for words in namesakes)


def test_no_other_attribute_hides_a_module_or_vr() -> None:
    """What an attribute hides is found by its namesakes; IODs, UIDs and checks are never hidden."""
    by_name = {naming.folded(one.name): one for one in dictionary.all_attributes()}
    hidden = {
        f"{kind}:{key}": naming.folded(name)
        for kind, names in (
            ("module", modules.names()),
            ("vr", {vr: rule.name for vr, rule in vrs.by_vr().items()}),
            ("iod", modules.iod_names()),
            ("uid", {uid: one.name for uid, one in uids.by_uid().items() if one.name}),
        )
        for key, name in names.items()
        if naming.folded(name) in by_name
    }
    assert len(hidden) == 9
    for words, name in hidden.items():
        assert words in tagwise.attribute(by_name[name].keyword).namesakes


MEANINGS = [
    *(naming.Meaning("module", module, name) for module, name in modules.names().items()),
    *(naming.Meaning("iod", iod, name) for iod, name in modules.iod_names().items()),
    *(naming.Meaning(naming.kind_of_uid(one), uid, one.name) for uid, one in uids.by_uid().items()),
    *(naming.Meaning("vr", vr, rule.name) for vr, rule in vrs.by_vr().items()),
    *(naming.Meaning("private", creator, creator) for creator in private.creators()),
]


@settings(max_examples=200, deadline=None)
@given(meaning=st.sampled_from(MEANINGS), change=CHANGES)
def test_exact_words_find_exactly_that(meaning: naming.Meaning, change: Callable[[str], str]) -> None:
    """For everything that has a page. Creators that differ by case only need their own case."""
    words = meaning.words if meaning.kind == "private" else change(meaning.words)
    assert tagwise.show(words).words == meaning.words  # type: ignore[union-attr]


@settings(max_examples=200, deadline=None)
@given(meaning=st.sampled_from(MEANINGS), change=CHANGES)
def test_a_name_finds_its_page_or_says_what_else_has_it(meaning: naming.Meaning, change: Callable[[str], str]) -> None:
    """Every name leads to its page, an attribute that names it, a current UID of the same name, or a choice with it."""
    name = meaning.name if meaning.kind == "private" else change(meaning.name)
    if not name.strip():
        return
    try:
        page = tagwise.show(name)
    except AmbiguousName as caught:
        found = [*caught.choices]
    else:
        found = [*page.namesakes] if isinstance(page, tagwise.AttributePage) else [page.words]
    instead = meaning.kind == "private" or (meaning.key in uids.by_uid() and uids.by_uid()[meaning.key].retired)
    assert meaning.words in found or instead


@settings(max_examples=150, deadline=None)
@given(name=st.text(max_size=80), kind=st.sampled_from(["", *(f"{kind}:" for kind in naming.KINDS)]))
def test_any_text_is_a_page_or_a_usage_error(name: str, kind: str) -> None:
    """There is no text that makes a look-up fail in another way."""
    try:
        shown = text.page(tagwise.show(kind + name))
    except UsageError as caught:
        shown = str(caught)
    assert shown
    assert len(shown) < 1_000 or "\n" in shown


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CT Imge Storage", "CTImageStorage"), ("genral series", "module:general-series"),
        ("module:ct imag", "module:ct-image"), ("iod:ct-imge", "iod:ct-image"), ("vr:Unique Identfier", "vr:UI"),
        ("private:GEMS_IDN_01", "GEMS_IDEN_01"),
        ("1.2.840.10008.1.2.4.5", "1.2.840.10008.1.2.4.50"),
        ("transfer-syntax:explicit little endian", "ExplicitVRLittleEndian"),
    ],
)  # fmt: skip
def test_what_is_close_is_suggested_for_every_kind(name: str, meant: str) -> None:
    """As words that `show` takes."""
    with pytest.raises(UnknownName) as caught:
        tagwise.show(name)
    assert caught.value.nearest[0] == meant
    tagwise.show(meant)


def test_a_uid_of_a_device_is_explained() -> None:
    """A UID that PS3.6 does not register is no mistake."""
    with pytest.raises(UnknownName) as caught:
        tagwise.uid("1.2.826.0.1.3680043.10.1")
    assert "made by devices" in caught.value.hint
    with pytest.raises(UnknownName, match="ct image"):
        tagwise.uid("ct image", kind="transfer-syntax")


@pytest.mark.parametrize(
    ("uid", "said"),
    [("1.2.840.10008.6.1.1", "context groups"), ("1.2.840.10008.9.9.9", "under the root of the standard")],
)
def test_an_unknown_uid_of_the_standard_is_told_from_one_of_a_device(uid: str, said: str) -> None:
    """Context groups are registered, yet have no page; others under the root are newer or invented."""
    with pytest.raises(UnknownName) as caught:
        tagwise.uid(uid)
    assert said in caught.value.hint
