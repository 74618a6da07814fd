"""A scenario is handed over by a link, seen, explored as a copy, and stays as it was; dead links tell nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from journey import OpenPage, called, go, headline, rename, settle, solve, type_cell
from playwright.sync_api import Page, expect
from sharing import expire, share, stored_link, withdraw

CAPACITY = "Capacity (accelerators)"


def objective(page: Page) -> float:
    """All digits of the objective, from the plan that the page hands out as JSON."""
    go(page, "Plan")
    with page.expect_download() as download:
        page.get_by_role("button", name="Whole plan (JSON)").click()
    found: float = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["objective_usd"]
    go(page, "Overview")
    return found


def is_read_only(page: Page) -> None:
    """No page of the menu takes input, and there is no library."""
    assert page.locator('[data-testid="stSidebar"]').get_by_role("link", name="Library").count() == 0
    go(page, "Inventory")
    for name in ("Undo", "Redo", "Scenario", "Import"):
        assert page.get_by_role("button", name=name).count() == 0
    go(page, "Overview")


def copy_is_changed(page: Page) -> None:
    """Explore a copy, take accelerators away, solve, and see what that changed."""
    before = headline(page)
    page.get_by_role("button", name="Explore a copy").click()
    page.wait_for_url(re.compile(r"[?&]d="))
    go(page, "Inventory")
    type_cell(page, "Pools", 0, CAPACITY, "32")
    solve(page)
    go(page, "Overview")
    assert headline(page) != before
    page.get_by_text("What changed since this link").click()
    page.get_by_text("The link and your copy differ in 1 input.").wait_for()
    page.get_by_text(re.compile("so yours costs .* (more|less)")).wait_for()


def test_from_save_to_a_copy_elsewhere_and_the_original_stays(open_page: OpenPage) -> None:
    page = open_page("/")
    rename(page, "Handed over")
    told, usd = headline(page), objective(page)
    dialog = share(page)
    dialog.get_by_role("textbox", name="For whom").fill("Board")
    dialog.get_by_role("button", name="Save and make the link").click()
    link = dialog.locator("code").inner_text().strip()
    assert "/?s=" in link
    expect(dialog.get_by_alt_text("QR code of the link")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.locator('[data-testid="stMain"]').get_by_text("Version 1, saved").first.wait_for()
    other = open_page(link)
    other.get_by_text("Shared as: Board").wait_for()
    called(other, "Handed over")
    assert headline(other) == told
    assert objective(other) == pytest.approx(usd, rel=1e-6)
    is_read_only(other)
    copy_is_changed(other)
    again = open_page(link)
    called(again, "Handed over")
    assert headline(again) == told
    assert objective(again) == pytest.approx(usd, rel=1e-6)


def test_a_link_with_everything_inside_gives_the_same_answer(open_page: OpenPage, server: str) -> None:
    page = open_page("/")
    rename(page, "Sent as a whole")
    told, usd = headline(page), objective(page)
    dialog = share(page)
    dialog.get_by_text("A link with everything inside").click()
    link = dialog.locator("code").inner_text().strip()
    assert link.startswith(f"{server}/?z=")
    dialog.get_by_text(f"{len(link):,} characters").wait_for()
    other = open_page(link)
    called(other, "Sent as a whole")
    assert headline(other) == told
    assert objective(other) == pytest.approx(usd, rel=1e-6)
    other.get_by_role("button", name="Explore a copy").click()
    rename(other, "My own copy")
    again = open_page(link)
    called(again, "Sent as a whole")
    is_read_only(again)


STRUCTURE = """() => [...document.querySelectorAll('[data-testid="stApp"] *')].map(node => [
    node.tagName, node.getAttribute("data-testid"), node.getAttribute("role"), node.childElementCount].join(" "))"""


def test_dead_links_cannot_be_told_apart(open_page: OpenPage, server_database: Path) -> None:
    links = {label: stored_link(server_database, label=label) for label in ("expired", "withdrawn")}
    expire(server_database, "expired")
    withdraw(server_database, "withdrawn")
    links |= {"unknown": "A" * 43, "malformed": "%27%20OR%201=1--"}
    seen = {}
    for kind, token in links.items():
        page = open_page(f"/?s={token}")
        expect(page.locator("h1")).to_have_text("This link shows nothing")
        page.wait_for_timeout(500)
        seen[kind] = (page.title(), page.inner_text("body"), page.evaluate(STRUCTURE))
        page.context.close()
    assert "Ask whoever sent it to you for a new link." in seen["unknown"][1]
    assert [kind for kind, found in seen.items() if found != seen["unknown"]] == []


def chosen_tab(page: Page, title: str) -> None:
    expect(page.get_by_role("tab", name=title, exact=True)).to_have_attribute("aria-selected", "true")


def test_a_link_opens_at_a_tab_and_reload_and_back_keep_it(open_page: OpenPage, server_database: Path) -> None:
    page = open_page(f"/plan?s={stored_link(server_database, versions=2)}&at=limits")
    expect(page.locator("h1")).to_have_text("Plan")
    page.get_by_text("There is 1 newer version, which it does not show.").wait_for()
    chosen_tab(page, "Limits")
    page.reload()
    settle(page)
    chosen_tab(page, "Limits")
    address = page.url
    go(page, "Demand")
    assert "s=" in page.url
    page.go_back()
    expect(page.locator("h1")).to_have_text("Plan")
    assert page.url == address
    called(page, "Estate")
    chosen_tab(page, "Limits")


def test_from_a_copy_one_step_back_is_the_link(open_page: OpenPage, server_database: Path) -> None:
    page = open_page(f"/plan?s={stored_link(server_database)}&at=limits")
    link = page.url
    page.get_by_role("button", name="Explore a copy").click()
    page.get_by_text("Your copy of Estate").wait_for()
    settle(page)
    copy = page.url
    assert "?d=" in copy
    assert "at=" not in copy
    page.go_back()
    page.get_by_role("button", name="Explore a copy").wait_for()
    settle(page)
    assert page.url == link
    page.go_forward()
    page.get_by_text("Your copy of Estate").wait_for()
    settle(page)
    assert page.url == copy
