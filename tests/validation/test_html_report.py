"""The HTML report of the check of objects: what it says, that nothing in an object can break it, and its limits."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import Counter
from typing import TYPE_CHECKING

import html5lib
import pytest
from axe_core_python.sync_playwright import Axe
from click.testing import CliRunner, Result
from playwright.sync_api import expect
from tests.chromium import CHROMIUM, launched

from tagwise.checks.objects import object_registry
from tagwise.checks.writing import Given, part10
from tagwise.cli import main
from tagwise.findings import Basis, Confidence, Finding, Level, Place, Severity, Status
from tagwise.validation import html_report
from tagwise.validation.html_report import HtmlReport
from tagwise.validation.result import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Literal
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Browser

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x1b[2J\udce9{{ 7 * 7 }}"
BAD = part10(
    [
        Given("StudyDate", "DA", "20261301"),
        Given("PatientName", "PN", b"D\x01oe"),
        Given("RequestAttributesSequence", "SQ", items=[[Given("ScheduledProcedureStepID", "SH", "x" * 20)]]),
    ]
)


def tagwise(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, ["check", *map(str, arguments)], input=stdin)


def finding(number: int = 0, **changes: object) -> Finding:
    """A finding of a real check in a file of a made-up name."""
    check = ("value/date-impossible", "value/too-long", "encoding/odd-length")[number % 3]
    facts: dict[str, object] = {
        "check": check,
        "title": object_registry()[check].title,
        "severity": (Severity.HIGH, Severity.MEDIUM, Severity.LOW)[number % 3],
        "confidence": Confidence.HIGH,
        "basis": Basis.STANDARD,
        "level": Level.INSTANCE,
        "subject": {"file_path": f"/in/{number // 3:05}.dcm"},
        "message": "StudyDate says 13 for the month",
        "place": Place("StudyDate", "(0008,0020)", 1234),
    }
    return Finding(**(facts | changes))  # type: ignore[arg-type] # the facts of a Finding by name


def result(number: int, *findings: Finding, **changes: object) -> CheckResult:
    """The result of one file."""
    facts = {"source": f"/in/{number:05}.dcm", "findings": findings, "complete": True, "elements": 3}
    return CheckResult(**(facts | changes))  # type: ignore[arg-type] # the facts of a CheckResult by name


def many(files: int) -> HtmlReport:
    """A report of files with three findings each."""
    report = HtmlReport(["/in"])
    for number in range(files):
        report.add(result(number, *(finding(3 * number + kind) for kind in range(3))))
    return report


def parsed(document: str) -> Element:
    """The document, refused where it breaks a rule of HTML."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(document)
    return root


def text_of(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.dcm").write_bytes(BAD)
    (tmp_path / "in" / "good.dcm").write_bytes(part10([Given("SOPInstanceUID", "UI", "1.2.826.0.1.1")]))
    return tmp_path / "in"


def test_findings_stand_by_check_with_file_place_and_page(bad: Path, tmp_path: Path) -> None:
    """File, path through the items, byte, sentence, and below the check its whole page; no patient value."""
    ran = tagwise(bad, "--select", "value,encoding", "--html", tmp_path / "report.html")
    assert ran.exit_code == 1
    assert ran.output.endswith(f"Report: {tmp_path / 'report.html'}\n")
    document = (tmp_path / "report.html").read_text("utf-8")
    groups = {text_of(one.find(".//code")): one for one in parsed(document).iter("article")}
    row = text_of(groups["value/too-long"].find(".//tbody/tr"))
    offset = BAD.index(b"\x40\x00\x09\x00SH")
    assert f"bad.dcm RequestAttributesSequence[1].ScheduledProcedureStepID (0040,0009), byte {offset:,}" in row
    assert "1 finding in 1 file" in text_of(groups["value/too-long"])
    headings = [text_of(one) for one in groups["value/too-long"].iter("h4")]
    assert headings == list(object_registry()["value/too-long"].sections())
    assert "oe" not in text_of(groups["encoding/control-character"].find(".//tbody")).replace("does", "")
    assert "may contain patient values" not in document
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600


def test_values_only_on_request(bad: Path, tmp_path: Path) -> None:
    """With --show-values the value stands in the row, and the page says that it may hold such."""
    tagwise(bad, "--select", "value/date-impossible", "--html", tmp_path / "a.html")
    tagwise(bad, "--select", "value/date-impossible", "--html", tmp_path / "b.html", "--show-values")
    hidden, shown = ((tmp_path / name).read_text("utf-8") for name in ("a.html", "b.html"))
    assert "20261301" not in hidden
    assert "20261301" in shown
    assert "may contain patient values" in shown


def test_what_does_not_count_is_counted(bad: Path, tmp_path: Path) -> None:
    """Known and waived findings are no rows; the page says how many there are and why."""
    (tmp_path / "tagwise.toml").write_text('[[waiver]]\ncheck = "value/date-impossible"\nreason = "old"\n')
    tagwise(bad, "--select", "value/too-long", "--write-baseline", tmp_path / "known.json")
    options = ["--baseline", tmp_path / "known.json", "--config", tmp_path / "tagwise.toml"]
    tagwise(bad, "--select", "value/too-long,value/date-impossible", *options, "--html", tmp_path / "a.html")
    root = parsed((tmp_path / "a.html").read_text("utf-8"))
    assert not list(root.iter("article"))
    aside = text_of(root.find(".//section[@id='set-aside']"))
    assert "1 finding known from the baseline" in aside
    assert "1 finding waived: value/date-impossible (old)" in aside
    assert "Not counted2" in text_of(root.find(".//dl[@class='totals']")).replace(" 2", "2")


def test_repairs_and_verdicts_are_told(bad: Path, tmp_path: Path) -> None:
    """What --target and --fix said about an object is in the page."""
    tagwise(bad, "--target", "oie", "--html", tmp_path / "a.html")
    told = text_of(parsed((tmp_path / "a.html").read_text("utf-8")).find(".//section[@id='told']"))
    assert "bad.dcm" in told
    assert "oie: " in told


def test_nothing_in_an_object_is_code() -> None:
    """Names and sentences with markup, controls and lone surrogates are text, and ids stay ids."""
    report = HtmlReport([HOSTILE])
    place = Place(HOSTILE, "(0010,0010)", 3)
    hostile = finding(0, subject={"file_path": HOSTILE}, message=HOSTILE, place=place, evidence={HOSTILE: HOSTILE})
    report.add(result(0, hostile, hostile, source=HOSTILE))
    document = report.render()
    document.encode("utf-8")
    root = parsed(document)
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("img"))
    assert "49" not in text_of(root.find(".//h1"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", document)
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert [name for name, number in ids.items() if number > 1] == []
    links = {link.get("href", "") for link in root.iter("a")}
    assert {link for link in links if link.startswith("#")} <= {f"#{name}" for name in ids}


def test_page_loads_nothing() -> None:
    """Addresses stand only in links to the sources of checks; the policy forbids everything else."""
    root = parsed(many(2).render())
    loading = {"src", "srcset", "data", "poster", "action", "style"}
    assert not [one.tag for one in root.iter() for key in one.keys() if key in loading or str(key).startswith("on")]  # noqa: SIM118 - an Element is no dictionary
    assert not list(root.iter("link"))
    policy = next(one.get("content", "") for one in root.iter("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_5000_files_stay_one_usable_page() -> None:
    """The counts are of all, the rows a fair share of each check, and the page says how many more there are."""
    document = many(5000).render()
    assert len(document) < 6_000_000
    rows = Counter(re.findall(r'<tr id="finding-[0-9a-f-]+" data-severity="\w+" data-check="(\d+)"', document))
    assert len(rows) == 3
    assert set(rows.values()) == {html_report.MOST_OF_CHECK}
    root = parsed(document)
    assert "3,000 are listed here" in text_of(root.find(".//section[@id='findings']"))
    assert "5,000 findings in 5,000 files" in text_of(root.find(".//article"))
    assert "… and 4,000 more, which are not listed here." in text_of(root.find(".//article"))
    assert "… and 4,800 more files with findings" in text_of(root.find(".//section[@id='files']"))


def test_the_worst_and_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is less severe than what is listed, and came later."""
    monkeypatch.setattr(html_report, "MOST_OF_CHECK", 2)
    report = HtmlReport(["/in"])
    for number, severity in enumerate((Severity.LOW, Severity.MEDIUM, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM)):
        report.add(result(number, finding(3 * number, severity=severity)))
    rows = [text_of(row) for row in parsed(report.render()).findall(".//article//tbody/tr")]
    assert [row.split()[:2] for row in rows] == [["Medium", "00001.dcm"], ["Medium", "00003.dcm"]]


def test_clean_objects_say_so() -> None:
    """No findings: no empty tables; what was set aside is still counted."""
    report = HtmlReport(["/in"])
    report.add(result(0, set_aside=(finding(0, status=Status.KNOWN),)))
    document = report.render()
    assert "1 object checked, and nothing wrong found that counts." in document
    assert "<table" not in document


@pytest.mark.parametrize("name", ["missing/report.html", "in", "nul\0.html"])
def test_impossible_paths_are_refused_before_anything_is_checked(bad: Path, tmp_path: Path, name: str) -> None:
    """One sentence, exit status 2, nothing printed of objects and nothing left behind."""
    before = sorted(tmp_path.rglob("*"))
    ran = tagwise(bad, "--html", str(tmp_path / name))
    assert ran.exit_code == 2
    assert "cannot write the report" in ran.output
    assert "bad.dcm" not in ran.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_keeps_the_old_report(bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that was there stays as it was."""

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "report.html"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", fail)
    assert tagwise(bad, "--html", target).exit_code == 2
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "report.html"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_in_a_browser(browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]) -> None:
    """From phone to screen it never scrolls sideways, axe-core finds nothing serious, and the filters narrow."""
    path = tmp_path / "report.html"
    path.write_text(many(30).render(), "utf-8")
    page = browser.new_page(color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    seen = page.locator("tr[data-severity]:visible")
    assert seen.count() == 3 * html_report.OPEN_ROWS
    page.get_by_label("Severity", exact=True).select_option("medium")
    expect(seen).to_have_count(30)
    assert page.locator("article:visible").count() == 1
    page.get_by_label("Text", exact=True).fill("00029.dcm")
    expect(seen).to_have_count(1)
    page.get_by_role("button", name="Clear filters").click()
    expect(seen).to_have_count(3 * html_report.OPEN_ROWS)
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")] == []
    assert said == []
    page.close()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
def test_page_without_script(browser: Browser, tmp_path: Path) -> None:
    """Everything can be read and folded open; what needs the script is not shown."""
    path = tmp_path / "report.html"
    path.write_text(many(30).render(), "utf-8")
    page = browser.new_page(java_script_enabled=False)
    page.goto(path.as_uri())
    assert not page.locator(".filters").is_visible()
    page.locator("article .rest summary").first.click()
    assert page.locator("article").first.locator("tr[data-severity]:visible").count() == 30
    page.close()
