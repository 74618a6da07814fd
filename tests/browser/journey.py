"""Steps that the journeys share."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SOLVED = "Cheapest for these inputs"


def settle(page: Page) -> None:
    """Wait until the page has its title and its script is at rest."""
    page.locator("h1").first.wait_for()
    page.wait_for_selector(IDLE)


def badge(page: Page, text: str) -> None:
    """Wait until the state of the answer says ``text``."""
    page.locator('[data-testid="stMain"]').get_by_text(text).first.wait_for()


def rename(page: Page, name: str) -> None:
    page.get_by_role("button", name="Scenario").click()
    field = page.get_by_label("Name", exact=True)
    field.fill(name)
    field.press("Enter")
    called(page, name)
    page.keyboard.press("Escape")
    settle(page)


def called(page: Page, text: str) -> None:
    """Wait until the scenario is called ``text``."""
    page.locator("h2").get_by_text(text).first.wait_for()


def go(page: Page, name: str) -> None:
    page.locator('[data-testid="stSidebar"]').get_by_role("link", name=name).click()
    expect(page.locator("h1").first).to_have_text(name)
    settle(page)
