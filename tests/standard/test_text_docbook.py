"""DocBook files become definitions with their links; damaged, foreign and hostile files become one clear error."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import DOCBOOK

from tagwise.errors import StandardFilesWrong, StandardTextNotKept
from tagwise.standard.text import content, library

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.standard.text.library import Text
    from tagwise.standard.text.records import Definition

WEB = "https://dicom.nema.org/medical/dicom/2024b/output"


def definition(text: Text, tag: str) -> Definition:
    found = text.definition(tag)
    assert found is not None
    return found


def test_the_main_wording_is_of_the_module_with_most_iods(imported_text: Text) -> None:
    """General Series before CT Series; the nested one is another wording."""
    modality = definition(imported_text, "(0008,0060)")
    assert modality.text.startswith("Which kind of machine it was. See Section C.7.3.1.1.1 for Defined Terms.")
    assert (modality.edition, modality.section, modality.main.places[0].table) == ("2024b", "C.7.3.1", "C.7-5a")
    assert [one.places[0].name for one in modality.others] == ["CT Series"]
    uid = definition(imported_text, "(0020,000E)")
    assert uid.text == "The one name of the series."
    assert [(one.text, one.places[0].path) for one in uid.others] == [
        ("The name of the other series.", ("(0008,1250)",))
    ]


def test_cross_references_are_links(imported_text: Text) -> None:
    """Xref within the part, olink to a part that is imported and to one as a whole, each with its page."""
    modality = definition(imported_text, "(0008,0060)")
    assert modality.links == (
        ("Section C.7.3.1.1.1", "C.7.3.1.1.1", f"{WEB}/chtml/part03/sect_C.7.3.html#sect_C.7.3.1.1.1"),
        ("PS3.6", "PS3.6", f"{WEB}/html/part06.html#PS3.6"),
    )
    (group,) = definition(imported_text, "(0008,1250)").links
    assert group == (
        "CID 29 “Kinds of Machines”", "CID 29", f"{WEB}/chtml/part16/sect_CID_29.html#sect_CID_29",
    )  # fmt: skip
    for link in (*modality.links[:1], group):
        assert imported_text.section(link.target) is not None


def test_references_to_parts_that_are_not_there_still_lead_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A context group has its number, and the whole part's page."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    text = library.import_standard(folder_with(tmp_path, "part03.xml"))
    (group,) = definition(text, "(0008,1250)").links
    assert group == ("CID 29", "CID 29", f"{WEB}/html/part16.html#sect_CID_29")


def test_notes_lists_terms_and_raised_numbers_keep_their_shape(imported_text: Text) -> None:
    """10 to the power of 6 is not 106."""
    _, note = definition(imported_text, "(0008,0060)").main.blocks
    assert isinstance(note, content.Note)
    assert content.plain(note.blocks) == "Machines change, 10^6 times; see PS3.6."
    _, terms, bullets = definition(imported_text, "(0020,0060)").main.blocks
    assert isinstance(terms, content.Terms)
    assert (terms.title, [term.code for term in terms.terms]) == ("Enumerated Values:", ["R", "L"])
    assert isinstance(bullets, content.Listing)
    assert len(bullets.items) == 2


def test_a_macro_stands_for_the_modules_that_include_it(imported_text: Text) -> None:
    """Its attributes are counted in them, also where the macro includes itself."""
    code = definition(imported_text, "(0008,0100)")
    assert [(place.kind, place.name) for place in code.main.places] == [("macro", "Code Sequence")]
    assert code.main.modules == 1
    assert code.others == ()


def test_sections_descriptions_and_facts_of_the_other_parts(imported_text: Text) -> None:
    """What each part is read for."""
    section = imported_text.section("C.7.3.1.1.1")
    assert section is not None
    assert section.title == "Modality"
    described = imported_text.description("module", "General Series")
    assert str(described) == "Table C.7-5a has what a test says of a series."
    assert str(imported_text.description("iod", "CT Image")) == "Pictures of a machine that turns around people."
    compared = imported_text.facts["compared"]
    assert compared["attributes"] == {"count": 4, "lacking": {"(0008,FF01)": "BrandNewThing"}}
    assert compared["uids"] == {"count": 2, "lacking": {"1.2.840.10008.99.1": "Brand New UID"}}
    assert compared["sop_classes"]["lacking"] == {"1.2.840.10008.99.2": "Brand New Storage"}
    assert compared["deidentification"]["differing"] == {"(0010,0020)": "Patient ID: K, here Z/D"}
    assert imported_text.facts["context_groups"] == 2


def test_the_cache_is_for_its_owner_only(imported_text: Text) -> None:
    """Folder 0700, file 0600."""
    path = Path(imported_text.path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["imported.text"]


def folder_with(parent: Path, *names: str) -> Path:
    folder = parent / "docbook"
    folder.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(DOCBOOK / name, folder)
    return folder


def changed(name: str, change: Callable[[str], str]) -> Callable[[Path], Path]:
    """A folder with all parts, one of them changed."""

    def make(parent: Path) -> Path:
        folder = folder_with(parent, *(path.name for path in DOCBOOK.iterdir()))
        before = (folder / name).read_text("utf-8")
        after = change(before)
        assert after != before
        (folder / name).write_text(after, "utf-8")
        return folder

    return make


BOMB = '<!DOCTYPE book [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n<book '
FILE = '<!DOCTYPE book [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<book '
WRONG = [
    pytest.param(changed("part03.xml", lambda text: text.replace("<book ", BOMB)), "document type", id="entity bomb"),
    pytest.param(changed("part03.xml", lambda text: text.replace("<book ", FILE)), "document type", id="outer entity"),
    pytest.param(
        changed("part03.xml", lambda text: text.replace("<book ", "<!DOCTYPE book>\n<book ")), "line 3", id="plain DTD"
    ),
    pytest.param(changed("part03.xml", lambda text: text[:4000]), "part03.xml, line ", id="cut"),
    pytest.param(
        changed("part06.xml", lambda text: text.replace("</tr>", "</td>", 1)), "part06.xml, line ", id="broken"
    ),
    pytest.param(changed("part03.xml", lambda _: ""), "part03.xml, line 1", id="empty file"),
    pytest.param(changed("part03.xml", lambda _: "PK\x03\x04"), "part03.xml, line 1", id="no XML"),
    pytest.param(changed("part03.xml", lambda _: "<html><body/></html>"), "no DocBook 5 book", id="foreign XML"),
    pytest.param(
        changed("part03.xml", lambda text: text.replace("DICOM PS3.3 2024b", "A Novel")), "its subtitle", id="a novel"
    ),
    pytest.param(
        changed("part03.xml", lambda text: text.replace("PS3.3 2024b", "PS3.4 2024b")), "is PS3.4", id="another part"
    ),
    pytest.param(
        changed("part06.xml", lambda text: text.replace("PS3.6 2024b", "PS3.6 2023a")),
        "of several editions: part06.xml is of 2023a, part",
        id="editions mixed",
    ),
    pytest.param(
        changed("part03.xml", lambda text: text.replace("Attribute Description", "Remark")),
        "no table of a module",
        id="no module tables",
    ),
    pytest.param(changed("part06.xml", lambda text: text.replace("table_6-1", "table_9")), "6-1", id="no registry"),
    pytest.param(
        changed("part03.xml", lambda text: text.replace("<para>Which", "<para>" * 200 + "Which")), "nested", id="deep"
    ),
    pytest.param(lambda parent: parent / "nowhere", "cannot be listed", id="no folder"),
    pytest.param(lambda parent: parent / "with\0nul", "cannot be listed", id="NUL in the name"),
    pytest.param(folder_with, "but nothing", id="empty folder"),
    pytest.param(lambda parent: folder_with(parent, "part04.xml"), "but part04.xml", id="neither 3 nor 6"),
    pytest.param(lambda _: DOCBOOK / "part03.xml", "cannot be listed", id="a file"),
]


@pytest.mark.parametrize(("make", "says"), WRONG)
def test_a_wrong_folder_is_one_error_and_the_earlier_import_stays(
    make: Callable[[Path], Path], says: str, imported_text: Text, tmp_path: Path
) -> None:
    """It says what, where and what to do."""
    before = Path(imported_text.path).read_bytes()
    with pytest.raises(StandardFilesWrong) as caught:
        library.import_standard(make(tmp_path))
    assert says in str(caught.value)
    assert "https://dicom.nema.org/" in caught.value.hint
    assert Path(imported_text.path).read_bytes() == before
    assert [one.name for one in Path(imported_text.path).parent.iterdir()] == ["imported.text"]


def test_every_cut_of_a_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A download that broke off never becomes half a text."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    whole = (DOCBOOK / "part03.xml").read_bytes().rstrip()
    folder = folder_with(tmp_path)
    for length in range(0, len(whole) - 1, 997):
        (folder / "part03.xml").write_bytes(whole[:length])
        with pytest.raises(StandardFilesWrong, match=r"part03\.xml, line \d+"):
            library.import_standard(folder)


def test_part06_alone_gives_no_definitions(
    tmp_path: Path, package_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its facts are listed; definitions are then still the package's."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    shutil.copytree(package_cache, tmp_path / "cache")
    text = library.import_standard(folder_with(tmp_path, "part06.xml"))
    assert text.facts["definitions"] == 0
    read = library.shelf().text
    assert read is not None
    assert read.kind == "package"


def test_parts_may_be_in_folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are when the archives of NEMA are unpacked."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "docbook" / "part03").mkdir(parents=True)
    shutil.copy(DOCBOOK / "part03.xml", tmp_path / "docbook" / "part03")
    assert library.import_standard(tmp_path / "docbook").edition == "2024b"


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint names the variable."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(StandardTextNotKept) as caught:
        library.import_standard(DOCBOOK)
    assert "TAGWISE_CACHE" in caught.value.hint
