"""Accessibility of every kind of page, by axe-core: nothing serious or critical, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.web.conftest import EVERY_KIND, OVERVIEWS, SLOW

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.conftest import Open, Place, Scheme

# Two thousand rows are no other than twenty, and take minutes.
SHORTENED = ["attributes?vr=UI&status=retired" if one == "attributes" else one for one in OVERVIEWS]
QUICK = ("attributes/0008-0005", "")


def complaints(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the first element of each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {node['html'][:200]}: {node['failureSummary'][:300]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        *QUICK,
        *(pytest.param(one, marks=SLOW) for one in (*EVERY_KIND, *SHORTENED) if one not in QUICK),
        pytest.param("search?q=image", marks=SLOW),
    ],
)
def test_nothing_serious_on_any_kind_of_page(on_server: Place, visit: Open, address: str, scheme: Scheme) -> None:
    """With all details open, so that everything is looked at."""
    page = visit(on_server, address, scheme=scheme)
    page.evaluate("for (const details of document.querySelectorAll('main details')) details.open = true")
    assert complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=SLOW)])
def test_nothing_serious_with_hits_and_menu_open(on_server: Place, visit: Open, scheme: Scheme) -> None:
    """The list of hits with one chosen, and the open menu, are as accessible as the page."""
    page = visit(on_server, "vrs/pn", scheme=scheme)
    page.locator(".menu summary").click()
    assert complaints(page) == []
    page.locator("#q").fill("patient")
    expect(page.locator("#hits")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert complaints(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("address", ["search?q=image", "api", ""])
def test_nothing_serious_on_exported_pages(on_file_server: Place, visit: Open, address: str) -> None:
    """Pages that an export has otherwise."""
    page = visit(on_file_server, address)
    page.wait_for_load_state("networkidle")
    assert complaints(page) == []
