"""Two scenarios held against each other in a real browser: added, compared, turned round, taken off again."""

from __future__ import annotations

from journey import OpenPage, open_example, settle
from playwright.sync_api import Page, expect

EXAMPLE = "Reference: owned cost sunk"
PATIENCE_MS = 30_000


def add_example(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add to the list").click()
    page.get_by_role("combobox", name="Example").click()
    page.get_by_role("option", name=name).click()
    settle(page)
    page.get_by_role("button", name="Add the example").click()
    settle(page)
    page.keyboard.press("Escape")


def compare(page: Page) -> None:
    """Ask for the comparison, and wait until it is there."""
    page.get_by_role("button", name="Compare them").click()
    page.get_by_role("heading", name="Inputs that differ").wait_for(timeout=PATIENCE_MS)
    settle(page)


def test_two_scenarios_are_compared(open_page: OpenPage) -> None:
    """Avoidable: 45 USD, all public. Sunk: 65 USD, 100 of the 150 at the private site."""
    page = open_page("/compare")
    main = page.locator('[data-testid="stMain"]')
    expect(main.get_by_text("Add a second scenario to begin")).to_be_visible()
    open_example(page, "Reference: owned cost avoidable")
    add_example(page, EXAMPLE)
    compare(page)
    expect(main.get_by_text("costs 20 USD (44.4 %) more than")).to_be_visible()
    expect(main.get_by_text("owned cost of Private servers (avoidable to sunk)")).to_be_visible()
    expect(main.locator(".js-plotly-plot")).to_have_count(2)
    page.get_by_role("radio", name="By workload").click()
    settle(page)
    expect(main.locator(".js-plotly-plot")).to_have_count(2)
    with page.expect_download() as saved:
        main.locator('[data-testid="stDownloadButton"] button', has_text="CSV").first.click()
    assert "owned cost of Private servers" in saved.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="Put first").click()
    settle(page)
    compare(page)
    expect(main.get_by_text("costs 20 USD (30.8 %) less than")).to_be_visible()
    page.get_by_role("button", name="Remove").first.click()
    expect(main.get_by_text("Add a second scenario to begin")).to_be_visible()
