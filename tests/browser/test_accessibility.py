"""axe-core finds nothing wrong on any page, light and dark: nor in a shared view, a dead link, or the share dialog."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from journey import SOLVED, OpenPage, badge, go, open_tab, settle
from playwright.sync_api import Page
from sharing import share, stored_link

from hybridplan.ui.sitemap import PAGES

both = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def is_clean(page: Page) -> None:
    settle(page)
    page.wait_for_timeout(1000)  # charts and dialogs fade in; half-faded text has too little contrast
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


@both
def test_no_violation_on_any_page(open_page: OpenPage, dark: bool) -> None:
    """In one visit through the menu: to open a page anew takes twice as long as to go there."""
    page = open_page("/", dark=dark)
    for entry in PAGES:
        go(page, entry.title)
        badge(page, SOLVED)
        is_clean(page)


@both
def test_no_violation_in_a_shared_view(open_page: OpenPage, server_database: Path, dark: bool) -> None:
    page = open_page(f"/?s={stored_link(server_database, versions=2, label='Board')}", dark=dark)
    badge(page, SOLVED)
    is_clean(page)


@both
def test_no_violation_in_a_dead_link(open_page: OpenPage, dark: bool) -> None:
    is_clean(open_page("/?s=unknown", dark=dark))


@both
def test_no_violation_in_the_share_dialog(open_page: OpenPage, dark: bool) -> None:
    page = open_page("/", dark=dark)
    badge(page, SOLVED)
    dialog = share(page)
    is_clean(page)
    dialog.get_by_role("button", name="Save and make the link").click()
    dialog.locator("code").wait_for()
    is_clean(page)


@both
def test_no_violation_in_the_links_of_an_entry(open_page: OpenPage, server_database: Path, dark: bool) -> None:
    stored_link(server_database, label="Board")
    page = open_page("/library", dark=dark)
    page.get_by_role("tab", name="Links").click()
    page.get_by_role("button", name="Withdraw").wait_for()
    is_clean(page)


@both
@pytest.mark.parametrize("tab", ["Frontier", "Sliders"])
def test_no_violation_in_what_trade_offs_work_out(open_page: OpenPage, tab: str, dark: bool) -> None:
    page = open_page("/tradeoffs", dark=dark)
    badge(page, SOLVED)
    open_tab(page, tab)
    if tab == "Frontier" and page.get_by_role("button", name="Draw the frontier").count():
        page.get_by_role("button", name="Draw the frontier").click()
    page.get_by_role("button", name="Open this point" if tab == "Frontier" else "Keep these values").wait_for()
    is_clean(page)


@both
@pytest.mark.parametrize("tab", ["Drill", "Random failures"])
def test_no_violation_in_what_resilience_works_out(open_page: OpenPage, tab: str, dark: bool) -> None:
    page = open_page("/resilience", dark=dark)
    badge(page, SOLVED)
    open_tab(page, tab)
    if page.get_by_role("button", name="Replay failures").count():
        page.get_by_role("button", name="Replay failures").click()
    page.locator(".js-plotly-plot").first.wait_for()
    is_clean(page)
