"""A commitment, hardware and a dataset in a plan, read in a real browser: figures, charts, bills and dates."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from journey import OpenPage, badge, cell_text, expect_cell, go, open_example, open_tab, settle
from playwright.sync_api import Page, expect
from purchase_documents import estate
from sharing import stored_link

PROVEN: Final = "Cheapest for these inputs (solver's bound"
TAB: Final = "Commitments and hardware"


@pytest.fixture
def opened(open_page: OpenPage, server_database: Path) -> Page:
    """The solved estate, as somebody who got a link sees it."""
    page = open_page(f"/?s={stored_link(server_database, document=estate())}")
    badge(page, PROVEN)
    settle(page)
    return page


def says(page: Page, text: str) -> None:
    expect(page.locator('[data-testid="stMain"]').get_by_text(text).first).to_be_visible()


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_a_commitment_from_the_overview_to_its_bills(opened: Page) -> None:
    """The plan commits to 4 more under Steady: 2 USD an hour each make 70,080 USD a year, half of it paid in winter."""
    page = opened
    says(page, "The plan commits to 4 more H100 in Cloud base (Steady)")
    says(page, "Before you sign: the plan buys or commits to 4 more H100 in Cloud base (Steady)")
    go(page, "Plan")
    open_tab(page, TAB)
    says(page, "Commit to 4 more H100 in Cloud base (1 node of 4) under Steady")
    says(page, "Payback: the fee of the whole term is earned after")
    says(page, "Break-even: a use of 50 %, by the cheapest price on demand.")
    says(page, "What would overturn it, where the same can be rented instead: a fee above")
    expect_cell(page, "commitments", 0, "Size", "2 and 4 more H100 in Cloud base")
    assert number(cell_text(page, "commitments", 0, "Used (%)")) > 90
    expect_cell(page, "bills of commitments", 5, "When", "Winter")
    expect_cell(page, "bills of commitments", 5, "Of it upfront (USD)", "35000")
    choice = page.get_by_role("combobox", name="Commitment")
    choice.scroll_into_view_if_needed()
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Savings plan").click()
    settle(page)
    expect(page.locator(".js-plotly-plot").first.get_by_text("Savings plan")).to_be_visible()


def test_hardware_from_what_to_buy_to_its_dates(opened: Page) -> None:
    """8 more come in spring at 25,000 USD each, and 4 old ones go in summer."""
    page = opened
    go(page, "Trade-offs")
    open_tab(page, "What to buy")
    says(page, "Buy 8 H100 for Own H100, 2 nodes of 4 (New nodes): 200,000 USD in all, in use from Spring on.")
    page.get_by_role("link", name="See use, bills and dates on Plan").click()
    expect(page.locator("h1").first).to_have_text("Plan")
    settle(page)
    open_tab(page, TAB)
    says(page, "8 H100 come to Own H100 on 5 Apr 2027 (New nodes).")
    says(page, "4 H100 in Own H100 go on 5 Jul 2027.")
    says(page, "Frankfurt: 24 of 40 rack units at most (60 %).")
    expect_cell(page, "hardware", 0, "Buy (accelerators)", "8")
    assert 0 < number(cell_text(page, "hardware", 0, "Payback (years)")) < 4
    expect_cell(page, "what stands", 2, "Gone by then (accelerators)", "4")
    assert number(cell_text(page, "private lines", 0, "Taken (Gbit/s)")) > 0


def test_a_dataset_with_its_copies_ways_and_results(opened: Page) -> None:
    """900 GB for 12 months: 0.02 USD at home make 216 USD, 0.03 in a cloud 324; 9 GB an hour go to each copy."""
    page = opened
    says(page, "It makes copies: Images at")
    go(page, "Plan")
    open_tab(page, "Data")
    says(page, "Images (900 GB) lives in Frankfurt; copies: Cloud West (there already) and Cloud North")
    says(page, "Residency of Images: only DE, IE and SE; every copy stands there.")
    says(page, "with a backup at Cloud West")
    expect_cell(page, "copies", 0, "Storage (USD for the year)", "216")
    expect_cell(page, "copies", 2, "Copy", "chosen by the plan")
    expect_cell(page, "copies", 2, "Storage (USD for the year)", "324")
    expect_cell(page, "ways of data", 0, "Changes (GB per hour)", "9")


def test_the_year_of_the_demo_says_what_to_buy(open_page: OpenPage) -> None:
    """Four typical weeks are enough to advise on: nothing rests on one week repeated."""
    page = open_page("/")
    open_example(page, "A hybrid AI estate: the year 2027")
    says(page, "It buys")
    go(page, "Plan")
    open_tab(page, TAB)
    says(page, "Payback:")
    assert "repeated: seasons" not in page.locator('[data-testid="stMain"]').inner_text()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_sections_fit_a_phone(open_page: OpenPage, server_database: Path, dark: bool) -> None:
    page = open_page(f"/plan?s={stored_link(server_database, document=estate())}", width=390, dark=dark)
    for tab in (TAB, "Data"):
        open_tab(page, tab)
        settle(page)
        wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= 390
