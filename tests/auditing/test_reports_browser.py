"""The HTML report as a reader meets it: in Chromium, on a screen, on a phone and on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect
from tests.auditing import sample
from tests.chromium import CHROMIUM, launched

from tagwise.auditing.reports import html, html_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    Open = Callable[..., Page]
    Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture
def show(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the report of a sample; afterwards nothing may have been asked for or complained about."""
    sample.use_checks(monkeypatch)
    said: list[str] = []
    asked: list[str] = []
    pages: list[Page] = []

    def show_page(
        name: str = "few", width: int = 1440, scheme: Scheme = "light", *, script: bool = True, anchor: str = ""
    ) -> Page:
        path = tmp_path / f"{name}.html"
        html.write(getattr(sample, name)(), path)
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + anchor)
        pages.append(page)
        return page

    yield show_page
    for page in pages:
        page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(tmp_path.as_uri())] == []


def rows(page: Page) -> list[str]:
    """The checks of the rows that can be seen."""
    return page.locator("table.findings tbody tr:visible td:nth-child(3)").all_inner_texts()


def press(page: Page, button: Locator) -> None:
    """Press a copy button and wait until it has copied."""
    page.locator("#said").evaluate("said => { said.textContent = ''; }")
    button.click()
    expect(page.locator("#said")).to_have_text("Copied")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["clean", "few", "crashed", "hostile"])
def test_page_never_scrolls_sideways(show: Open, name: str, scheme: Scheme) -> None:
    """Everything fits the width of a phone and of a screen, opened or not, in both colour schemes."""
    page = show(name, 390, scheme)
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    page.wait_for_timeout(50)
    for width in (320, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(17, 22, 27)")


def test_filters_narrow_the_table(show: Open) -> None:
    """Text, severity, check and device each leave what fits, together what fits all."""
    page = show()
    assert len(rows(page)) == 8
    page.get_by_label("Severity", exact=True).select_option("medium")
    assert len(rows(page)) == 4
    page.get_by_label("Check", exact=True).select_option(label="encoding/character-set-missing")
    assert rows(page) == ["encoding/character-set-missing"] * 2
    page.get_by_label("Device", exact=True).select_option(label=sample.FUJI.label)
    assert rows(page) == ["encoding/character-set-missing"]
    assert page.locator("#shown").inner_text() == "Showing 1 of 8"
    page.get_by_role("button", name="Clear filters").click()
    assert len(rows(page)) == 8
    page.get_by_label("Text", exact=True).fill("optima NUMBERS")
    expect(page.locator("table.findings tbody tr:visible")).to_have_count(1)
    page.get_by_label("Text", exact=True).fill("nothing has this")
    expect(page.locator("table.findings tbody tr:visible")).to_have_count(0)
    assert page.locator("#shown").inner_text() == "No finding here matches these filters."


def test_filters_and_findings_work_with_the_keyboard(show: Open) -> None:
    """Tab reaches the filter and a finding, keys narrow and open."""
    page = show()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "by-text"
    page.keyboard.type("SIEMENS")
    expect(page.locator("table.findings tbody tr:visible")).to_have_count(1)
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator("table.findings details[open]").count() == 1


def test_a_finding_opens_to_its_whole_page(show: Open) -> None:
    """Evidence, what it finds, why, how to confirm, how to fix, and the SQL stand below the finding."""
    page = show()
    page.locator("table.findings summary").first.click()
    opened = page.locator("table.findings details[open]")
    opened.get_by_text("How to fix").wait_for()
    labels = opened.locator(".label").all_inner_texts()
    assert labels == ["Evidence", *sample.SERIES.sections(), "SQL"]
    assert opened.locator("pre.sql").count() == 1
    page.locator("table.findings summary").first.click()
    page.locator("table.findings summary").first.click()
    assert page.locator("table.findings pre.sql").count() == 1


def test_copy_buttons_copy(show: Open) -> None:
    """SQL, a UID, and the note for a vendor arrive in the clipboard as they stand."""
    page = show()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pasted = "navigator.clipboard.readText()"
    press(page, page.locator("article pre.sql + button").first)
    assert page.evaluate(pasted) == page.locator("article pre.sql").first.text_content()
    page.locator("table.findings summary").first.click()
    press(page, page.get_by_role("button", name="Copy SeriesInstanceUID"))
    assert page.evaluate(pasted) == sample.LONG_UID
    press(page, page.get_by_role("button", name="Copy for the vendor").first)
    assert page.evaluate(pasted).splitlines() == [
        sample.GE.label,
        "1,200 instances; findings: 1 high, 2 medium",
        "- consistency/file-meta-mismatch: 1",
        "- identity/series-uid-reused: 2",
    ]


def test_charts_lead_to_their_findings(show: Open) -> None:
    """The number beside a bar filters the table to what it counts."""
    page = show()
    page.get_by_role("link", name="2 findings of encoding/uid-padded-with-space").click()
    assert rows(page) == ["encoding/uid-padded-with-space"] * 2
    page.get_by_role("link", name=f"1 finding of {sample.SIEMENS.label}").click()
    assert rows(page) == ["identity/study-in-two-patients"]


def test_a_link_to_a_finding_opens_it(show: Open) -> None:
    """The address of a finding in a ticket leads to the open finding."""
    finding = sample.few().findings[4]
    page = show(anchor=f"#{html_view.finding_anchor(finding)}")
    opened = page.locator("table.findings details[open]")
    assert opened.count() == 1
    assert next(iter(finding.subject.values())) in opened.inner_text()


def test_without_script_everything_is_there(show: Open) -> None:
    """Findings, texts and SQL can be read, and nothing that needs the script is shown."""
    page = show(script=False)
    assert len(rows(page)) == 8
    assert not page.locator(".filters").is_visible()
    assert page.locator("button:visible").count() == 0
    page.locator("table.findings summary").first.click()
    assert page.locator("table.findings dl").first.is_visible()
    assert page.locator("article pre.sql").count() == 5


@pytest.mark.parametrize("script", [True, False])
def test_paper_has_everything_open_and_no_controls(show: Open, *, script: bool) -> None:
    """Printed, details are open, charts are kept, and filters and buttons are gone; the screen is as before."""
    page = show(script=script)
    page.emulate_media(media="print")
    if script:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("table.findings dl").first.is_visible()
    assert page.locator("svg.bar").first.is_visible()
    assert page.locator(".filters:visible, button:visible, nav:visible").count() == 0
    if script:
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details[open]").count() == 0
    assert len(page.pdf()) > 10_000


def test_2000_findings_stay_responsive(show: Open) -> None:
    """A page of 2,000 findings opens, and a filter shows those it should without a stall of many seconds."""
    page = show("many")
    took = page.evaluate(
        """() => {
            const started = performance.now();
            const severity = document.getElementById("by-severity");
            severity.value = "high";
            severity.dispatchEvent(new Event("change"));
            document.body.offsetHeight;
            return performance.now() - started;
        }"""
    )
    assert took < 20_000, "milliseconds"
    high = sum(finding.severity == "high" for finding in sample.many().findings)
    assert page.locator("#shown").inner_text() == f"Showing {high} of 2,000"


def test_browser_refuses_foreign_code(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were escaping ever to fail, the policy still stops scripts and images: the second line of defence holds."""
    sample.use_checks(monkeypatch)
    attack = "<script>document.title = 'owned'</script><img src='file:///x.png' onerror=\"document.title = 'owned'\">"
    path = tmp_path / "attacked.html"
    path.write_text(html.render(replace(sample.few(), source="s")).replace("<main>", f"<main>{attack}"), "utf-8")
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(path.as_uri())
    assert page.title() != "owned"
    assert any("Content Security Policy" in text for text in refused)
    page.close()
