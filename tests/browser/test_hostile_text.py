"""Whatever people type is shown as text: no script runs, no host is asked, nothing is marked up.

``open_page`` records every request and fails a test for one to another host, and for an error in the console, which a
request that the browser refuses would leave there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_estate import CORPUS, SCRIPT, hostile_document, save_hostile_entry
from journey import SOLVED, OpenPage, badge, settle
from playwright.sync_api import Page

from hybridplan.io import share_link
from hybridplan.ui.sitemap import PAGES

SCENARIOS = {"demo": CORPUS[0], "whole_nodes": CORPUS[1]}
"""Bundled scenario -> the name that it gets here. Together they show every tab of Plan."""
MARKUP = (
    "img[src*='evil']", "img[src='x']", "a[href*='evil']", "a[href^='javascript']", "b", "i", "iframe", "object",
    "video", "form[action]", "meta", "base", "link", "[onerror]", "[onload]", "[onfocus]", "script",
    "[style*='evil']", "del", "table:not([role='grid'])", "svg a",
)  # fmt: skip
"""What would be in the main part of a page if a text had been read as markup."""


@pytest.fixture(scope="session")
def tokens(root: Path, server: str, server_database: Path) -> dict[str, str]:
    """Links to saved versions of the hostile scenarios."""
    return {
        key: save_hostile_entry(server_database, hostile_document(_path(root, key), name), name)
        for key, name in SCENARIOS.items()
    }


def _path(root: Path, key: str) -> Path:
    return root / "data" / "scenarios" / f"{key}.json"


def shown_text(page: Page, selector: str) -> str:
    """The text as a person reads it: without what has no width."""
    return page.locator(selector).first.inner_text().replace("\u2060", "")


def watch_dialogs(page: Page) -> list[str]:
    shown: list[str] = []

    def note(dialog: object) -> None:
        shown.append(str(dialog))

    page.on("dialog", note)
    return shown


def assert_clean(page: Page) -> None:
    """Nothing of the corpus has become markup, and no script has run."""
    assert page.evaluate("window.pwned") is None
    main = page.locator('[data-testid="stMain"]')
    for selector in MARKUP:
        found = main.locator(selector)
        assert found.count() == 0, (selector, found.first.evaluate("one => one.outerHTML")[:300])
    formulas = main.locator(".katex annotation").all_text_contents()  # pages show some of ours
    assert not [one for one in formulas if "pwned" in one or "evil" in one or one.strip() == "x^2"]
    assert page.get_by_test_id("stException").count() == 0


TAB_MS = 400


def look_at_all(page: Page) -> None:
    """Open what is closed, go through the tabs, and rest on charts, so that their labels are drawn."""
    main = page.locator('[data-testid="stMain"]')
    for number in range(main.get_by_role("tab").count()):
        main.get_by_role("tab").nth(number).click()
        page.wait_for_timeout(TAB_MS)  # until its content is asked for, the page is idle with what was there before
        settle(page)
        hover_charts(page)
        assert_clean(page)
    for number in range(main.locator("summary").count()):
        if main.locator("summary").nth(number).is_visible():
            main.locator("summary").nth(number).click()
        settle(page)
    hover_charts(page)
    assert_clean(page)


def hover_charts(page: Page) -> None:
    charts = page.locator('[data-testid="stPlotlyChart"]')
    for number in range(charts.count()):
        chart = charts.nth(number)
        if not chart.is_visible():
            continue
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        if box is None:
            continue
        for share in (0.3, 0.5, 0.7):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.55)
            page.wait_for_timeout(60)
        assert chart.locator(".hoverlayer a").count() == 0


@pytest.mark.parametrize(
    ("key", "page_name"), [*(("demo", page.name) for page in PAGES), ("whole_nodes", "plan"), ("whole_nodes", "demand")]
)
def test_a_link_shows_text_as_text_on_every_page(
    open_page: OpenPage, tokens: dict[str, str], key: str, page_name: str
) -> None:
    path = "" if page_name == PAGES[0].name else page_name
    page = open_page(f"/{path}?s={tokens[key]}")
    shown = watch_dialogs(page)
    badge(page, SOLVED)
    settle(page)
    assert shown_text(page, "h2") == SCENARIOS[key]
    assert CORPUS[0] in shown_text(page, '[data-testid="stMain"]')  # the label of the link, in the banner
    look_at_all(page)
    assert shown == []


def test_a_link_with_everything_inside_shows_text_as_text(open_page: OpenPage, root: Path) -> None:
    payload = share_link.pack(hostile_document(_path(root, "reference_sunk"), CORPUS[9]))
    page = open_page(f"/?z={payload}")
    badge(page, SOLVED)
    settle(page)
    assert shown_text(page, "h2") == CORPUS[9]
    look_at_all(page)


def test_the_library_and_the_owners_pages_show_text_as_text(open_page: OpenPage, tokens: dict[str, str]) -> None:
    """As owner: the list, every tab of an entry, its draft in all editors, and the menus."""
    page = open_page("/library")
    shown = watch_dialogs(page)
    look_at_all(page)
    page.get_by_role("button", name="Open as a draft").click()
    page.locator("h2").get_by_text("<").first.wait_for()
    badge(page, SOLVED)
    for button in ("Scenario", "Share"):
        page.get_by_role("button", name=button, exact=True).click()
        settle(page)
        assert_clean(page)
        page.keyboard.press("Escape")
    for name in ("Inventory", "Demand", "Assumptions"):
        page.locator('[data-testid="stSidebar"]').get_by_role("link", name=name).click()
        page.locator("h1").get_by_text(name).wait_for()
        settle(page)
        look_at_all(page)
    assert shown == []
    assert tokens


HEADER = ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in CORPUS)
UPLOADS = {
    "<img src=x onerror=window.pwned=1>.csv": f"{HEADER}\n{HEADER}\n",
    "![x](http:evil.example).csv": "pool_id,site,sku,purchase_option,"
    "capacity_accelerators,price_usd_per_accelerator_hour\n"
    f'"{CORPUS[4]}",s,H100,on_demand,8,"{CORPUS[1]}"\n"good","{CORPUS[0]}",":red[x]",on_demand,8,2.5\n',
}


@pytest.mark.parametrize("name", UPLOADS)
def test_names_headers_and_cells_of_uploads_are_shown_as_text(open_page: OpenPage, name: str) -> None:
    page = open_page("/inventory")
    badge(page, SOLVED)
    page.locator("summary").get_by_text("Import").first.click()
    settle(page)
    upload = {"name": name, "mimeType": "text/csv", "buffer": UPLOADS[name].encode()}
    page.locator('[data-testid="stMain"] input[type="file"]').first.set_input_files(upload)  # type: ignore[arg-type]
    page.locator('[data-testid="stMain"]').get_by_text("Read as").first.wait_for()
    settle(page)
    assert_clean(page)
    assert page.evaluate("window.pwned") is None


def test_a_scenario_file_that_is_refused_shows_its_text_as_text(open_page: OpenPage) -> None:
    page = open_page("/")
    badge(page, SOLVED)
    page.get_by_role("button", name="Scenario", exact=True).click()
    content = (
        '{"schema_version":1,"name":"<b>x</b>","<img src=x onerror=window.pwned=1>":"![x](http://evil.example/p)"}'
    )
    upload = {"name": f"{CORPUS[8]}.json".replace("/", ""), "mimeType": "application/json", "buffer": content.encode()}
    page.locator('[data-testid="stPopoverBody"] input[type="file"]').set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_text("This file was not opened").wait_for()
    settle(page)
    for selector in MARKUP[:7]:
        assert page.locator(f'[data-testid="stPopoverBody"] {selector}').count() == 0
    assert page.evaluate("window.pwned") is None


def test_the_corpus_can_do_harm() -> None:
    """Every attack either runs a script, asks another host, or is markup that would be seen."""
    assert all(SCRIPT in text or "evil.example" in text or any(sign in text for sign in "<:%&") for text in CORPUS)
    assert max(map(len, CORPUS)) <= 200
