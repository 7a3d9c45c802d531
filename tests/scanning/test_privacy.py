"""An index with pseudonyms holds nothing that leads to a patient, and an audit of it finds what can be compared."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tagwise
from tagwise.cli import main
from tagwise.errors import IndexKeptOtherwise, KeyRefused
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import ArchiveIndex
from tagwise.scanning.pseudonyms import Pseudonyms
from tagwise.scanning.treatments import TREATMENTS, Kept, in_capitals, treatment
from tagwise.settings import AuditSettings, HistorySettings, ScanSettings
from tagwise.standard import deidentification

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagwise.auditing import AuditResult

SECRETS = {
    "PatientName": "Zwetschgenbaum^Kunigunde",
    "PatientID": "PID-7734512",
    "IssuerOfPatientID": "HOSPITALOFSECRETS",
    "PatientBirthDate": "19630417",
    "PatientAge": "061Y",
    "AccessionNumber": "ACCNO99887766",
    "StudyID": "STUDYID4711",
    "StudyDescription": "Kunigunde private head",
    "SeriesDescription": "Seen by Dr Mabuse",
    "InstitutionName": "Klinik Geheim",
    "StudyInstanceUID": "1.2.826.0.1.3680043.8.498.7777777771",
    "SeriesInstanceUID": "1.2.826.0.1.3680043.8.498.7777777772",
    "SOPInstanceUID": "1.2.826.0.1.3680043.8.498.7777777773",
    "FrameOfReferenceUID": "1.2.826.0.1.3680043.8.498.7777777774",
}
WORDS = [*SECRETS.values(), "Kunigunde", "Zwetschgenbaum", "Mabuse", "secretpath", "7777777"]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "archive.key"
    file.write_text("0123456789abcdef" * 4 + "\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def objects(archive: Callable[..., Path], tmp_path: Path) -> Path:
    """Two patients in one series, and an object that is there twice, in a folder that is called like a patient."""
    ct = {**SECRETS, "Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}
    folder = archive(ct, {**ct, "PatientID": "PID-7734599", "SOPInstanceUID": "1.2.3.7777777.1"})
    shutil.copy(folder / "IM0000", folder / "copy")
    inside = tmp_path / "secretpath" / "Kunigunde"
    inside.parent.mkdir()
    return folder.rename(inside)


def scanned(objects: Path, index: Path, **settings: object) -> Path:
    tagwise.scan(objects, index=index, settings=ScanSettings(jobs=1, **settings))  # type: ignore[arg-type] - of tests
    return index


def words_in(path: Path) -> list[str]:
    """The secret words that stand in any file of this name, its log and its history."""
    files = [file for file in path.parent.glob(path.stem + "*") if file.is_file()]
    text = b"".join(file.read_bytes() for file in files).lower()
    return [word for word in WORDS if word.lower().encode() in text]


def test_nothing_that_leads_to_a_patient_is_in_any_file(objects: Path, key: Path, tmp_path: Path) -> None:
    """Neither the index, nor its history, nor a report holds a value, a path, or the key."""
    clear = scanned(objects, tmp_path / "clear.duckdb")
    assert len(words_in(clear)) > 10, "the test would not see them"
    index = scanned(objects, tmp_path / "hidden.duckdb", pseudonyms=str(key))
    result = tagwise.audit(index, settings=AuditSettings(show_values=True), history=HistorySettings())
    assert result.findings
    assert words_in(index) == []
    assert not [word for word in WORDS if word in repr(result)]
    assert key.read_text().strip().encode() not in index.read_bytes()


def test_the_log_of_a_scan_that_was_stopped_holds_nothing(
    objects: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of files and the log of the database are on the disk during a scan: neither has a name in it."""
    seen: list[str] = []
    index = tmp_path / "hidden.duckdb"
    write = ArchiveIndex.write

    def looking(self: ArchiveIndex, *arguments: object, **further: bool) -> None:
        write(self, *arguments, **further)  # type: ignore[arg-type] - handed on
        seen.extend(words_in(index))
        assert (tmp_path / "hidden.duckdb.wal").stat().st_size > 1000

    monkeypatch.setattr(ArchiveIndex, "write", looking)
    scanned(objects, index, pseudonyms=str(key))
    assert seen == []


def told(result: AuditResult) -> Counter[tuple[str, str]]:
    return Counter((finding.check, finding.severity.value) for finding in result.findings)


def reasons_of(result: AuditResult) -> dict[str, str]:
    return {one.check: one.reason for one in result.not_checkable}


def test_what_is_compared_is_found_as_in_the_clear(objects: Path, key: Path, tmp_path: Path) -> None:
    """All findings but those of checks that say they need the text; subjects are pseudonyms of the same UIDs."""
    clear = tagwise.audit(scanned(objects, tmp_path / "clear.duckdb"))
    hidden = tagwise.audit(scanned(objects, tmp_path / "hidden.duckdb", pseudonyms=str(key)))
    silent = reasons_of(hidden).keys()
    assert told(hidden) == Counter({one: number for one, number in told(clear).items() if one[0] not in silent})
    assert {"identity/series-uid-reused", "identity/object-stored-twice"} <= {check for check, _ in told(hidden)}
    made = Pseudonyms(key.read_bytes().strip())
    reused = next(finding for finding in hidden.findings if finding.check == "identity/series-uid-reused")
    assert reused.subject == {"SeriesInstanceUID": made.uid(SECRETS["SeriesInstanceUID"])}
    reasons = reasons_of(hidden)
    assert reasons["study/accession-number-too-long"] == (
        "needs the text of AccessionNumber, StudyID, of which there are pseudonyms only"
    )


def test_without_patient_values_checks_say_what_they_lack(objects: Path, tmp_path: Path) -> None:
    """The attributes are not there, nor a digest that would confirm a guess; UIDs are."""
    index = scanned(objects, tmp_path / "empty.duckdb", patient_values=False)
    assert {word for word in words_in(index) if "777" not in word} == {"Kunigunde", "secretpath"}, "paths stay"
    reasons = reasons_of(tagwise.audit(index))
    assert reasons["patient/id-missing"].startswith("needs PatientID")
    assert reasons["identity/object-stored-twice"] == "needs header_digest, which this source lacks"


def test_both_ways_at_once(objects: Path, key: Path, tmp_path: Path) -> None:
    """No patient values, and pseudonyms of UIDs and paths: copies are found."""
    index = scanned(objects, tmp_path / "both.duckdb", pseudonyms=str(key), patient_values=False)
    assert words_in(index) == []
    result = tagwise.audit(index)
    assert "identity/object-stored-twice" in {check for check, _ in told(result)}
    assert "patient/id-missing" in reasons_of(result)


def test_a_second_scan_reads_only_what_changed(objects: Path, key: Path, tmp_path: Path) -> None:
    """Files are known again by the pseudonyms of their paths, also when they vanish."""
    index = scanned(objects, tmp_path / "hidden.duckdb", pseudonyms=str(key))
    gone, *others = sorted(objects.iterdir())
    gone.unlink()
    others[0].write_bytes(others[0].read_bytes() + b"\0\0")
    summary = tagwise.scan(objects, index=index, settings=ScanSettings(pseudonyms=str(key)))
    assert (summary.new, summary.changed, summary.unchanged, summary.vanished) == (0, 1, len(others) - 1, 1)
    assert summary.privacy == "pseudonyms"


@pytest.mark.parametrize("first", [{}, {"pseudonyms": "yes"}, {"patient_values": False}])
@pytest.mark.parametrize("second", [{}, {"pseudonyms": "yes"}, {"patient_values": False}, {"pseudonyms": "other"}])
def test_clear_values_and_pseudonyms_do_not_mix(
    objects: Path, key: Path, tmp_path: Path, first: dict[str, object], second: dict[str, object]
) -> None:
    """A scan with other options, or another key, is refused before it writes anything."""
    other = tmp_path / "other.key"
    other.write_bytes(b"x" * 32)
    other.chmod(0o600)
    files = {"yes": str(key), "other": str(other)}
    used = [
        {name: files.get(value, value) if isinstance(value, str) else value for name, value in one.items()}
        for one in (first, second)
    ]
    index = scanned(objects, tmp_path / "index.duckdb", **used[0])
    if first == second:
        scanned(objects, index, **used[1])
        return
    before = index.read_bytes()
    with pytest.raises(IndexKeptOtherwise, match="was made with"):
        scanned(objects, index, **used[1])
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"k" * 64, 0o644, "its mode is 0644"),
        (b"k" * 64, 0o620, "its mode is 0620"),
        (b"k" * 31 + b"\n", 0o600, "has 31 bytes"),
        (b"", 0o600, "has 0 bytes"),
        (b"k" * 5000, 0o600, "has 4097 bytes"),
        (None, 0, "No such file"),
    ],
)
def test_a_key_that_is_none_is_refused(
    objects: Path, tmp_path: Path, content: bytes | None, mode: int, words: str
) -> None:
    """A key that is missing, short, or open to others: said before an index is made, with what to do."""
    file = tmp_path / "bad.key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    with pytest.raises(KeyRefused, match=words) as caught:
        scanned(objects, tmp_path / "index.duckdb", pseudonyms=str(file))
    assert caught.value.hint
    assert not (tmp_path / "index.duckdb").exists()


def test_every_attribute_of_a_scan_has_a_treatment() -> None:
    """A new check cannot bring in an attribute that nobody decided about; until then it is left out."""
    assert {column.keyword for column in scan_columns()} == TREATMENTS.keys()
    assert treatment("PatientAddress").kept is Kept.NOTHING


def test_what_the_standard_names_is_hidden_but_for_times_and_devices() -> None:
    """Table E.1-1 of PS3.15 against ours."""
    options = {"retain_device_identity", "retain_longitudinal_full_dates"}
    for keyword, how in TREATMENTS.items():
        if how.kept is Kept.AS_IS and (actions := deidentification.actions(keyword)):
            assert {option.key for option in actions.options} & options, keyword


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
MADE = Pseudonyms(b"k" * 32)


@given(TEXT, TEXT, st.sampled_from([k for k, how in TREATMENTS.items() if how.kept in {Kept.TEXT, Kept.NAME}]))
def test_equal_at_heart_is_equal_in_capitals(one: str, other: str, keyword: str) -> None:
    """Pseudonyms are equal where values are, and equal in capitals where the spellings mean the same."""
    make, how = MADE.of(keyword, treatment(keyword)), treatment(keyword)
    for value in (one, one.upper(), one + " ", other):
        first, second = make(one), make(value)
        same = one.strip(" \0") == value.strip(" \0")
        assert (first == second) >= same
        hearts = how.heart(one.strip(" \0")), how.heart(value.strip(" \0"))
        if hearts[0] and keyword != "PatientBirthDate":
            alike = first.upper() == second.upper()
            assert alike >= (hearts[0] == hearts[1] and in_capitals(one) == in_capitals(value))
        assert make(value) == second


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/archive/a/IM1", r"/[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}"),
        ("file:///archive/IM%FF", r"file:///[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}"),
        ("s3://bucket/key/IM1", r"s3://[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}"),
        ("/archive/a.zip!/IM1", r"/[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}!/[A-Za-z0-9_-]{16}"),
        ("/archive/a/", r"/[A-Za-z0-9_-]{16}/[A-Za-z0-9_-]{16}/"),
    ],
)
def test_paths_keep_their_folders(path: str, form: str) -> None:
    """What lies below a folder stays below it, in files, stores and containers."""
    made = MADE.path(path)
    assert re.fullmatch(form, made)
    assert MADE.path(path.rstrip("/") + "/below").startswith(made.rstrip("/") + "/")
    assert MADE.unseal(MADE.seal(path)) == path
    assert path.encode().hex()[:12] not in MADE.seal(path)


def test_the_command_says_what_the_index_holds(
    objects: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words and as JSON."""
    index = str(tmp_path / "index.duckdb")
    arguments = ["scan", str(objects), "--index", index, "--pseudonyms", str(key), "--no-patient-values"]
    for further, words in (([], "It holds no patient values, and pseudonyms"), (["--format", "json"], '"privacy": "')):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, *further])
        assert ended.value.code in {0, None}
        assert words in capsys.readouterr().out


def test_an_index_of_an_earlier_version_is_clear(objects: Path, tmp_path: Path, key: Path) -> None:
    """It says nothing about privacy, and goes on in the clear only."""
    index = scanned(objects, tmp_path / "index.duckdb")
    with duckdb.connect(str(index)) as db:
        db.execute("DELETE FROM tagwise_index WHERE name = 'privacy'")
        db.execute("UPDATE tagwise_index SET value = '2' WHERE name = 'format'")
    scanned(objects, index)
    with pytest.raises(IndexKeptOtherwise):
        scanned(objects, index, pseudonyms=str(key))
