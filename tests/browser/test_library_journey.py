"""A scenario is saved, saved again, meets another's version, is restored, deleted and brought back."""

from __future__ import annotations

import re

from journey import OpenPage, called, go, rename, settle
from playwright.sync_api import Page, TimeoutError

NAME = "Estate of the library"


def save(page: Page, button: str) -> None:
    """Save from the scenario menu."""
    page.get_by_role("button", name="Scenario", exact=True).click()
    page.locator('[data-testid="stPopoverBody"]').get_by_role("button", name=button).click()
    settle(page)
    page.keyboard.press("Escape")


def shows(page: Page, text: str | re.Pattern[str]) -> None:
    page.locator('[data-testid="stMain"]').get_by_text(text).first.wait_for()
    settle(page)


def open_entry(page: Page) -> None:
    page.get_by_role("button", name="Open as a draft").click()
    called(page, NAME)
    settle(page)


def test_a_saved_scenario_through_versions_conflict_and_bin(open_page: OpenPage) -> None:
    first = open_page("/library")
    rename(first, NAME)
    save(first, "Save to the library")
    shows(first, "Version 1, saved")
    second = open_page("/library")
    open_entry(second)
    shows(second, "Version 1, saved")
    rename(first, f"{NAME}, grown")
    shows(first, "changed since")
    save(first, "Save version 2")
    shows(first, "Version 2, saved")
    rename(second, f"{NAME}, mine")
    save(second, "Save version 2")
    shows(second, "Nothing of yours is lost")
    second.get_by_role("button", name="Keep mine as a copy").click()
    second.get_by_role("button", name="Keep mine as a copy").wait_for(state="detached")
    shows(second, "Version 1, saved")
    called(second, f"{NAME}, mine")
    second.context.close()
    restored_and_deleted(first)


def choose_version(page: Page, name: str) -> None:
    """A run that ends while the list is open closes it: then it is opened again."""
    option = page.get_by_role("option", name=name)
    for _ in range(5):
        settle(page)
        page.get_by_role("combobox", name="Version", exact=True).click()
        try:
            option.first.wait_for(timeout=5_000)
            option.first.click(timeout=5_000)
            break
        except TimeoutError:
            page.keyboard.press("Escape")
    settle(page)


def restored_and_deleted(page: Page) -> None:
    """The page still shows the entry that it has open."""
    choose_version(page, "Version 1")
    page.get_by_role("button", name="Restore as the newest version").click()
    shows(page, "Version 1 is the newest again, as version 3")
    open_entry(page)
    shows(page, "Version 3, saved")
    go(page, "Library")
    page.get_by_role("button", name="Delete", exact=True).click()
    shows(page, "was deleted")
    page.get_by_role("radio", name="Deleted").click()
    page.get_by_role("button", name="Bring back").click()
    shows(page, "Nothing is deleted")
