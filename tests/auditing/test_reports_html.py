from __future__ import annotations

import base64
import errno
import hashlib
import os
import re
import stat
import tempfile
from collections import Counter
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from tests.auditing import sample

from tagwise.auditing.reports import html, html_view, summary
from tagwise.checks import registry
from tagwise.errors import ReportNotWritten
from tagwise.findings import Severity

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from tagwise.auditing.result import AuditResult

SAMPLES = ["clean", "few", "crashed", "hostile"]
ADDRESS = re.compile(r"https?://|//[a-z]", flags=re.IGNORECASE)


@pytest.fixture(autouse=True)
def _sample_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    sample.use_checks(monkeypatch)


def parsed(document: str) -> Element:
    """The document, refused where it breaks a rule of HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(document)
    return root


def text_of(element: Element) -> str:
    """What a reader sees of an element."""
    return "".join(element.itertext())


def page_of(result: AuditResult) -> Element:
    return parsed(html.render(result))


def widths(root: Element) -> list[float]:
    """The lengths of the pieces of bars, in per cent."""
    return [float(element.get("width", "")[:-1]) for element in root.iter() if str(element.tag).endswith("}rect")]


def one(root: Element, path: str) -> Element:
    found = root.findall(path)
    assert len(found) == 1, path
    return found[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_document_is_valid_html(name: str) -> None:
    """A strict parser takes it, every id is there once, and every link inside the page leads somewhere."""
    root = page_of(getattr(sample, name)())
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert [name for name, number in ids.items() if number > 1] == []
    links = {link.get("href", "") for link in root.iter("a")}
    assert {link for link in links if link.startswith("#")} <= {f"#{name}" for name in ids}
    labelled = {name for element in root.iter() for name in element.get("aria-labelledby", "").split()}
    labelled |= {element.get("for", "") for element in root.iter("label")}
    assert labelled <= ids.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_document_loads_nothing(name: str) -> None:
    """No element names something to load, and addresses stand only in links to the sources of a check."""
    document = html.render(getattr(sample, name)())
    root = parsed(document)
    loading = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "style"}
    found = [(el.tag, key) for el in root.iter() for key in el.keys() if key in loading or str(key).startswith("on")]  # noqa: SIM118 - an Element is no dictionary
    assert found == []
    assert not list(root.iter("link"))
    assert not list(root.iter("iframe"))
    for asset in ("style", "script"):
        code = text_of(one(root, f".//{asset}"))
        assert not re.search(r"url\(|@import|import\(|fetch|XMLHttp|WebSocket|innerHTML|eval", code)
        assert not ADDRESS.search(code)
    outside = {link.get("href", "") for link in root.iter("a") if not link.get("href", "").startswith("#")}
    assert outside <= {source.url for check in sample.CHECKS.values() for source in check.sources}


def test_policy_names_exactly_this_style_and_script() -> None:
    """The browser runs nothing but the code whose hash the page states, and loads nothing."""
    root = page_of(sample.few())
    policy = next(meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv"))
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        digest = hashlib.sha256(text_of(one(root, f".//{tag}")).encode()).digest()
        assert rules.pop(directive) == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


@pytest.mark.parametrize("name", ["few", "crashed", "hostile"])
def test_every_finding_has_a_row_and_leads_to_its_check(name: str) -> None:
    """Severity, message, subject, check and device stand in the row; its link names a text in the page."""
    result: AuditResult = getattr(sample, name)()
    root = page_of(result)
    rows = one(root, ".//table[@class='findings']/tbody").findall("tr")
    assert len(rows) == len(result.findings)
    articles = {article.get("id"): text_of(article) for article in root.iter("article")}
    by_anchor = {row.get("id"): row for row in rows}
    for finding in result.findings:
        row = by_anchor[html_view.finding_anchor(finding)]
        assert row.get("data-severity") == finding.severity
        assert text_of(row).strip().startswith(finding.severity.capitalize())
        assert articles[html_view.check_anchor(finding.check)]
        if name != "hostile":
            assert all(part in text_of(row) for part in (finding.message, finding.check, *finding.subject.values()))
            assert not finding.device or finding.device.label in text_of(row)


def test_row_shows_evidence_and_what_kind_of_claim_it_is() -> None:
    """A finding opens to its numbers, also to those that are empty."""
    root = page_of(sample.result(sample.finding(evidence={"studies": 2, "last_Modality": None, "first": ""})))
    details = one(root, ".//table[@class='findings']//details")
    evidence = one(details, ".//dl")
    assert [text_of(part) for part in evidence] == ["studies", "2", "last_Modality", "empty", "first", ""]
    assert "Level series, confidence high, basis standard." in text_of(details)


def test_text_of_a_check_is_there_once_with_its_sql() -> None:
    """2,000 findings share one page: headings, steps, the statement, and where it comes from."""
    root = page_of(sample.many(50))
    articles = [article for article in root.iter("article") if sample.PADDING.title in text_of(article)]
    assert len(articles) == 1
    assert [text_of(heading) for heading in articles[0].iter("h4")] == [*sample.PADDING.sections(), "SQL"]
    assert [text_of(item) for item in articles[0].findall(".//ol/li")][1] == "Correct at the router: if a < b && c > d."
    assert "HAVING COUNT(*) > 1 AND 1 < 2" in text_of(one(articles[0], ".//pre"))
    assert "PS3.3 C.7.3.1; PS3.5 9" in text_of(articles[0])


def test_check_without_page_is_shown_without_command() -> None:
    """A crash is a finding whose check the registry does not know."""
    root = page_of(sample.crashed())
    article = next(a for a in root.iter("article") if "engine/check-crashed" in text_of(a))
    assert "tagwise show" not in text_of(article)
    assert "no page for this check" in text_of(article)
    assert "1 check crashed: this audit is not complete" in text_of(one(root, ".//section[@class='alarm']"))


def test_charts_say_in_words_what_their_bars_show() -> None:
    """Severity is never colour only, and a bar is as long as its number."""
    result = sample.many(300)
    root = page_of(result)
    chart = root.findall(".//table[@class='chart']")[0]
    words = {text_of(one(row[0], "a")): text_of(row[2]) for row in chart.findall("tbody/tr")}
    listed = Counter(finding.check for finding in result.findings)
    assert words[sample.PADDING.name] == f"{listed[sample.PADDING.name]:,} low, 44,210 not listed"
    assert words[sample.SERIES.name] == f"{listed[sample.SERIES.name]} high"
    bars = [sum(widths(row)) for row in chart.findall("tbody/tr")]
    assert max(bars) == pytest.approx(100, abs=0.1)
    assert min(bars) >= 0.39


def test_one_finding_makes_one_full_bar() -> None:
    """A chart of one bar is a chart."""
    root = page_of(sample.result(sample.finding()))
    assert widths(root) == [100, 100]


def test_clean_archive_says_so() -> None:
    """No findings: what ran, and no empty tables or filters."""
    root = page_of(sample.clean())
    assert "5 checks ran on 1,204,334 instances and found nothing wrong." in text_of(one(root, ".//main"))
    assert [table.get("class") for table in root.iter("table")] == ["plain"]
    assert not list(root.iter("input"))
    assert not list(root.iter("article"))


def test_tables_and_inputs_are_labelled() -> None:
    """Headers have a scope, inputs a label, sections a heading, and headings skip no level."""
    root = page_of(sample.few())
    assert all(header.get("scope") in {"col", "row"} for header in root.iter("th"))
    labels = {label.get("for") for label in root.iter("label")}
    assert {field.get("id") for tag in ("input", "select") for field in root.iter(tag)} == labels
    assert all(section.get("aria-labelledby") for section in root.iter("section"))
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_hostile_text_is_only_text() -> None:
    """Elements, scripts, templates and controls in values stay visible text."""
    document = html.render(sample.hostile())
    root = parsed(document)
    assert not list(root.iter("img"))
    assert len(list(root.iter("script"))) == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", document)
    heading = text_of(one(root, ".//h1"))
    assert heading.startswith("</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\\x00\\x1b[2J")
    assert r"{{ 7 * 7 }} {% raw %} `code` \xe9 \ud800 \x9b31m" in heading
    document.encode("utf-8")


def test_unreadable_objects_and_gaps_are_listed() -> None:
    """What no check has seen, with its reason, and how many more there are."""
    few, many = page_of(sample.few()), page_of(sample.many(50))
    section = text_of(one(few, ".//section[@id='unreadable']"))
    assert "2026/11/22/IMG0009.dcm" in section
    assert "file unavailable: permission denied" in section
    assert "needs Modality per instance" in text_of(one(few, ".//section[@id='not-checkable']"))
    assert "… and 44,000 more" in text_of(one(many, ".//section[@id='unreadable']"))


def test_patient_values_are_announced() -> None:
    """A report that may hold patient values says so."""
    assert "may contain patient values" not in html.render(sample.few())
    assert "may contain patient values" in html.render(replace(sample.few(), shows_patient_values=True))


def test_page_stays_small() -> None:
    """20,000 findings make a page of a few MB in which every check keeps its worst."""
    result = sample.many(20_000)
    document = html.render(result)
    assert len(document) < 6_000_000
    rows = Counter(re.findall(r'<tr id="finding-[0-9a-f-]+" data-severity="\w+" data-check="(\d+)"', document))
    assert 0 < sum(rows.values()) <= html_view.MOST_FINDINGS
    assert len(rows) == len(summary.groups(result))
    assert min(rows.values()) >= html_view.MOST_FINDINGS // len(rows) - 1


def test_same_subject_twice_keeps_both_rows() -> None:
    """Two findings of one check about one subject have two anchors."""
    root = page_of(sample.result(sample.finding(), sample.finding(message="other")))
    assert len({row.get("id") for row in one(root, ".//table[@class='findings']/tbody").findall("tr")}) == 2


def test_anchor_is_the_same_tomorrow() -> None:
    """A ticket may point into the report of another night."""
    assert html_view.finding_anchor(sample.finding()) == html_view.finding_anchor(
        sample.finding(message="other", severity=Severity.LOW)
    )


@pytest.mark.parametrize("name", sorted(registry()))
def test_every_real_check_can_be_reported(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text and SQL of each check of tagwise make a valid page."""
    check = registry()[name]
    monkeypatch.setattr(summary, "registry", registry)
    finding = sample.finding(replace(check, subject=check.subject or ("file_path",)))
    root = page_of(sample.result(finding))
    article = one(root, ".//article")
    assert [text_of(heading) for heading in article.iter("h4")] == [*check.sections(), "SQL"]
    assert "`" not in "".join(text_of(part) for tag in ("p", "li") for part in article.iter(tag))


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one_colour: str, other: str) -> float:
    light, dark = sorted((_luminance(one_colour), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_colours_have_the_contrast_of_wcag_aa(scheme: int) -> None:
    """Text has 4.5 to 1 and parts of charts 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11)."""
    style = resources.files("tagwise.reporting").joinpath("templates", "report.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    colours: dict[str, Any] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))
    texts = [(ink, ground) for ink in ("ink", "muted", "link", "good") for ground in ("page", "panel")]
    texts += [(f"{severity}-ink", severity) for severity in Severity]
    assert [pair for pair in texts if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    if scheme < 2:  # on paper bars have a black outline
        parts = [f"bar-{severity}" for severity in Severity] + ["focus", "muted"]
        assert [part for part in parts if _contrast(colours[part], colours["page"]) < 3] == []


def test_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """A report names UIDs and devices: mode 0600, also where an older report was open to all."""
    target = tmp_path / "report.html"
    target.write_text("old")
    target.chmod(0o644)
    html.write(sample.few(), target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_text("utf-8") == html.render(sample.few())
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    "name", ["missing/report.html", "file/report.html", "folder", "nul\0.html", "x" * 300, "bad\ud800.html"]
)
def test_impossible_paths_are_refused(tmp_path: Path, name: str) -> None:
    """The error names the path and what to do, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ReportNotWritten, match="cannot write the report") as caught:
        html.write(sample.clean(), tmp_path / name)
    assert repr(str(tmp_path / name)) in str(caught.value)
    assert "folder" in caught.value.hint
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("module", "function", "number"),
    [(tempfile, "mkstemp", errno.EACCES), (os, "fsync", errno.ENOSPC), (os, "replace", errno.EROFS)],
)
def test_a_failure_keeps_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, function: str, number: int
) -> None:
    """Unwritable folder, full disk, read-only file system: the old file stays as it was, nothing half written."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    target = tmp_path / "report.html"
    target.write_text("old")
    monkeypatch.setattr(module, function, fail)
    with pytest.raises(ReportNotWritten, match=os.strerror(number)):
        html.write(sample.few(), target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while writing is no reason to keep half a report."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        html.write(sample.few(), tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("result", "kind"),
    [(sample.few(), "bad"), (sample.result(sample.finding(severity=Severity.LOW)), "open"), (sample.clean(), "clean")],
    ids=["high", "low", "none"],
)
def test_the_first_box_shows_how_bad_it_is(result: AuditResult, kind: str) -> None:
    """What has high severity is red before it is read."""
    assert f'<div class="verdict {kind}">' in html.render(result)
