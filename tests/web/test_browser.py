"""Pages as a reader meets them: in Chromium, from the server, from a file server with strict headers, from a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.web.conftest import EVERY_KIND, OVERVIEWS, SLOW, Place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route
    from tests.web.conftest import Open

SERIES = "attributes/0020-000e"
PASTED = "navigator.clipboard.readText()"


def hits(page: Page) -> list[str]:
    """The labels of the hits that are shown, when there are any."""
    expect(page.locator("#hits")).to_be_visible()
    return page.locator("#hits strong").all_inner_texts()


def active(page: Page) -> str:
    """The id of the hit that the arrows have reached."""
    return page.locator("#q").get_attribute("aria-activedescendant") or ""


def test_typing_finds_and_enter_opens(place: Place, visit: Open) -> None:
    """From anywhere on a page, a slash, some letters, an arrow and Enter lead to another page."""
    page = visit(place)
    page.keyboard.press("/")
    page.keyboard.type("modal")
    assert hits(page)[0] == "Modality"
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert active(page) == "hit-0"
    expect(page.locator("#hit-0")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("ity worklist")
    expect(page.locator("#hits strong").first).to_have_text("Modality Worklist Information Model - FIND")
    assert active(page) == ""
    page.locator("#q").fill("General Series")
    expect(page.locator("#hits strong").first).to_have_text("General Series")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(place.url("modules/general-series"))
    assert page.locator("h1").inner_text() == "General Series"


def test_arrows_go_round_and_escape_closes_before_it_empties(on_server: Place, visit: Open) -> None:
    """Up from nothing is the last hit, down from the last the first; Escape closes, and a second one empties."""
    page = visit(on_server)
    box = page.locator("#q")
    box.fill("general")
    last = len(hits(page)) - 1
    page.keyboard.press("ArrowUp")
    assert active(page) == f"hit-{last}"
    page.keyboard.press("ArrowDown")
    assert active(page) == "hit-0"
    page.keyboard.press("Escape")
    expect(page.locator("#hits")).to_be_hidden()
    assert box.input_value() == "general"
    assert box.get_attribute("aria-expanded") == "false"
    assert active(page) == ""
    page.keyboard.press("ArrowDown")
    assert len(hits(page)) == last + 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert box.input_value() == ""


def test_enter_without_a_choice_opens_the_search_page(place: Place, visit: Open) -> None:
    """The search page has the hits, the words in its box and in its title."""
    page = visit(place)
    page.locator("#q").fill("series uid")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=series+uid")
    expect(page.locator(".results a").first).to_have_text("Series Instance UID")
    assert page.locator("#q").input_value() == "series uid"
    assert page.title() == "series uid · tagwise"
    page.locator(".results a").first.click()
    page.wait_for_url(place.url(SERIES))


def test_a_search_for_nothing_says_so(anywhere: Place, visit: Open) -> None:
    """Words without a hit leave no open list, and the search page says that nothing has this name."""
    page = visit(anywhere, "search?q=zzzzqqq")
    expect(page.get_by_text("Nothing has this name.")).to_be_visible()
    page.locator("#q").fill("qqqqzzz")
    expect(page.locator("#hits-said")).to_have_text("Nothing is called qqqqzzz")
    expect(page.locator("#hits")).to_be_hidden()


def test_hostile_words_stay_words(anywhere: Place, visit: Open) -> None:
    """Markup in a query is shown as it was typed."""
    page = visit(anywhere, "search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22%27%00")
    expect(page.locator("h1")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("h1 img").count() == 0


def test_a_hit_opens_by_mouse_here_and_in_a_new_tab(on_server: Place, visit: Open) -> None:
    """Ctrl and a click, or Ctrl and Enter, open a tab and leave the list; a click opens the page here."""
    page = visit(on_server)
    page.locator("#q").fill("patient id")
    assert hits(page)[0] == "Patient ID"
    with page.context.expect_page() as opened:
        page.locator("#hit-0").click(modifiers=["Control"])
    assert opened.value.url == on_server.url("attributes/0010-0020")
    page.bring_to_front()
    page.keyboard.press("ArrowDown")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    assert opened.value.url == on_server.url("attributes/0010-0020")
    page.bring_to_front()
    expect(page.locator("#q")).to_be_focused()
    page.locator("#hit-0").click()
    page.wait_for_url(on_server.url("attributes/0010-0020"))


def test_the_list_closes_when_one_goes_on(on_server: Place, visit: Open) -> None:
    """Tab and a click elsewhere close the list; so does the way back from another page."""
    page = visit(on_server)
    page.locator("#q").fill("patient")
    hits(page)
    page.keyboard.press("Tab")
    expect(page.locator("#hits")).to_be_hidden()
    page.locator("#q").focus()
    hits(page)
    page.mouse.click(3, 850)
    expect(page.locator("#hits")).to_be_hidden()
    page.locator("#q").focus()
    page.locator("#hits a").first.click()
    page.wait_for_url("**/modules/patient")
    page.go_back()
    expect(page.locator("#hits")).to_be_hidden()


def test_a_slow_answer_never_replaces_a_newer_one(on_server: Place, visit: Open) -> None:
    """The hits are those of the words in the box, whatever order answers come in, and none come after Escape."""
    page = visit(on_server)
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/search.json?*q=pat", hold)
    box = page.locator("#q")
    box.fill("pat")
    page.wait_for_timeout(200)
    assert len(slow) == 1
    box.fill("modality")
    assert hits(page)[0] == "Modality"
    box.fill("pat")
    page.wait_for_timeout(200)
    page.keyboard.press("Escape")
    for route in slow[1:]:
        route.continue_()
    page.wait_for_timeout(200)
    expect(page.locator("#hits")).to_be_hidden()


def test_a_server_that_fails_closes_the_list(on_server: Place, visit: Open) -> None:
    """When no answer comes, old hits go, and Enter still asks the search page."""
    page = visit(on_server)
    page.locator("#q").fill("patient")
    hits(page)
    page.route("**/search.json?*", lambda route: route.fulfill(status=204))
    page.locator("#q").fill("modality")
    expect(page.locator("#hits")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".results a").first).to_have_text("Modality")


def test_keys_of_an_input_method_are_left_alone(on_server: Place, visit: Open) -> None:
    """While letters are composed, Enter and arrows belong to the input method."""
    page = visit(on_server)
    page.locator("#q").fill("modality")
    hits(page)
    for key in ("ArrowDown", "Enter", "Escape"):
        page.locator("#q").dispatch_event("keydown", {"key": key, "isComposing": True})
    assert active(page) == ""
    assert page.locator("#hits").is_visible()


def test_copy_buttons_copy(place: Place, visit: Open) -> None:
    """Tag, keyword and SQL arrive in the clipboard as they stand."""
    page = visit(place)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the tag", exact=True).click()
    expect(page.locator("#hits-said")).to_have_text("Copied")
    assert page.evaluate(PASTED) == "(0020,000E)"
    page.get_by_role("button", name="Copy the keyword").click()
    page.wait_for_function(f"{PASTED}.then(text => text === 'SeriesInstanceUID')")
    page.goto(place.url("checks/identity/series-uid-reused"))
    page.get_by_role("button", name="Copy the SQL").click()
    expect(page.locator("#hits-said")).to_have_text("Copied")
    sql = page.locator("#sql code.language-sql").text_content()
    assert "SELECT" in sql
    assert page.evaluate(PASTED) == sql


def test_copy_works_without_the_clipboard_interface(on_server: Place, visit: Open) -> None:
    """On a page over plain HTTP from another machine the old way copies, and the focus stays on the button."""
    page = visit(on_server)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('before')")
    page.evaluate(
        "window.kept = navigator.clipboard; Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    button = page.get_by_role("button", name="Copy the tag", exact=True)
    button.click()
    expect(page.locator("#hits-said")).to_have_text("Copied")
    assert page.evaluate("window.kept.readText()") == "(0020,000E)"
    expect(button).to_be_focused()
    page.evaluate("document.execCommand = () => false")
    button.click()
    expect(page.locator("#hits-said")).to_have_text("The browser refuses: select and copy by hand")


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


WHITE, DARK = "rgb(255, 255, 255)", "rgb(17, 22, 27)"


def test_colours_follow_the_system_and_the_button(place: Place, visit: Open) -> None:
    """Dark by the system, light by the button; the choice holds on the next page and beats the system."""
    page = visit(place, scheme="dark")
    assert background(page) == DARK
    page.get_by_role("button", name="Change between light and dark").click()
    assert background(page) == WHITE
    page.goto(place.url("vrs/pn"))
    assert background(page) == WHITE
    page.get_by_role("button", name="Change between light and dark").click()
    assert background(page) == DARK
    page.emulate_media(color_scheme="light")
    assert background(page) == DARK


def test_a_choice_of_colours_reaches_open_pages(on_server: Place, visit: Open) -> None:
    """Another tab, and the page one goes back to, take the colours that were chosen since."""
    page, other = visit(on_server), visit(on_server, "vrs/pn")
    page.get_by_role("button", name="Change between light and dark").click()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    other.goto(on_server.url("vrs/ui"))
    other.get_by_role("button", name="Change between light and dark").click()
    other.go_back()
    expect(other.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize(
    "address",
    [
        *(*EVERY_KIND[:1], "", "iods", "limits"),
        *(pytest.param(one, marks=SLOW) for one in (*EVERY_KIND[1:], *OVERVIEWS[1:], "search?q=image")),
    ],
)
def test_no_page_scrolls_sideways(on_server: Place, visit: Open, address: str) -> None:
    """Everything fits a phone, a tablet and a screen, with all details open."""
    page = visit(on_server, address, width=360)
    page.evaluate("for (const details of document.querySelectorAll('main details')) details.open = true")
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_search_fits_a_phone(anywhere: Place, visit: Open) -> None:
    """Hits and menu stay inside a narrow screen."""
    page = visit(anywhere, width=360)
    page.locator("#q").fill("performed procedure step start")
    hits(page)
    for selector in ("#hits", ".menu nav"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        page.locator(".menu summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_to_a_section_shows_it_below_the_bar(anywhere: Place, visit: Open, width: int) -> None:
    """The heading of the section is in sight, not behind what sticks to the top."""
    page = visit(anywhere, f"{SERIES}#cloud", width=width)
    heading = page.locator("#cloud-title")
    expect(heading).to_be_in_viewport()
    page.wait_for_timeout(400)
    top = heading.evaluate("heading => heading.getBoundingClientRect().top")
    covered = page.evaluate(
        """() => Math.max(...[".bar", ".contents"].map((selector) => {
            const box = document.querySelector(selector).getBoundingClientRect();
            return box.width > innerWidth / 2 ? box.bottom : 0;
        }))"""
    )
    assert covered <= top < 300


def test_the_contents_name_the_section_in_sight(on_server: Place, visit: Open) -> None:
    """The entry of the section one reads is marked, one at a time."""
    page = visit(on_server)
    page.locator("#hl7v2-title").evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
    expect(page.locator(".contents a[aria-current]")).to_have_text("HL7 v2")


def test_the_menu_opens_and_closes(on_server: Place, visit: Open) -> None:
    """By keyboard and mouse; Escape gives the focus back, a click elsewhere closes."""
    page = visit(on_server)
    summary, nav = page.locator(".menu summary"), page.locator(".menu nav")
    summary.focus()
    page.keyboard.press("Enter")
    expect(nav).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(nav).to_be_hidden()


def test_the_first_tab_skips_to_the_page(on_server: Place, visit: Open) -> None:
    """The first stop of the keyboard leads past the bar."""
    page = visit(on_server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_without_script_pages_can_be_read_and_searched(on_server: Place, visit: Open) -> None:
    """The search form, details and the menu work; nothing is shown that needs the script."""
    page = visit(on_server, script=False)
    assert page.locator("button:visible").count() == 0
    page.locator("details.sources summary").first.click()
    assert page.locator("details.sources a").first.is_visible()
    page.locator(".menu summary").click()
    assert page.locator(".menu a").first.is_visible()
    page.locator("#q").fill("series uid")
    page.keyboard.press("Enter")
    assert page.locator(".results a").first.inner_text() == "Series Instance UID"


def test_without_script_an_exported_search_says_what_to_do(on_disk: Place, visit: Open) -> None:
    """The search page of a folder cannot search: it says so and leads to the lists."""
    page = visit(on_disk, script=False)
    page.locator("#q").fill("series uid")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=series+uid")
    assert "needs JavaScript" in page.locator("main").inner_text()
    page.locator("main").get_by_role("link", name="Modules").click()
    page.wait_for_url("**/modules/index.html")


def test_an_export_without_its_index_says_so(on_file_server: Place, browser: Browser) -> None:
    """A missing search index is named, and a later try loads it."""
    page = browser.new_page()
    page.route("**/search-index.js*", lambda route: route.abort())
    page.goto(on_file_server.url("search?q=pn"))
    expect(page.locator("#says")).to_have_text("The search index cannot be loaded: static/search-index.js is missing.")
    page.unroute("**/search-index.js*")
    page.locator("#q").fill("patient name")
    assert hits(page)[0] == "Patient's Name"
    page.close()


def test_paper_has_everything_open_and_no_controls(anywhere: Place, visit: Open) -> None:
    """Printed, details are open and what can only be used on a screen is gone; the screen is as before."""
    page = visit(anywhere)
    opened = page.locator("main details[open]").count()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.sources a").first.is_visible()
    assert page.locator("button:visible, .contents:visible, .bar:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == opened
    assert len(page.pdf()) > 10_000
