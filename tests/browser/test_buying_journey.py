"""What to buy, in a real browser: a price is entered, the advice follows, and another price makes it another one."""

from __future__ import annotations

from journey import OpenPage, open_example, open_tab, settle
from playwright.sync_api import Page, expect


def price(page: Page, usd: str) -> None:
    field = page.locator('input[aria-label^="Purchase price"]')
    field.fill(usd)
    field.press("Enter")
    settle(page)


def ask(page: Page) -> None:
    page.get_by_role("button", name="Work out what to buy").click()
    page.get_by_role("heading", name="Base and peak").wait_for()
    settle(page)


def test_another_price_is_another_advice(open_page: OpenPage) -> None:
    """Work for 150 on 100 owned servers, the rest at 0.30 USD an hour: one more saves 0.30 x 8,760 = 2,628 USD a year.

    The next 50 pay at 1,000 USD each (4 years at 8 %: 302 USD a year), none at 100,000 USD.
    """
    page = open_page("/tradeoffs")
    open_example(page, "Reference: owned cost sunk")
    open_tab(page, "What to buy")
    main = page.locator('[data-testid="stMain"]')
    price(page, "1000")
    ask(page)
    expect(main.get_by_text("Buy 50 more")).to_be_visible()
    expect(main.locator(".js-plotly-plot")).to_have_count(2)
    price(page, "100000")
    ask(page)
    expect(main.get_by_text("Buy none in Private servers")).to_be_visible()
    expect(main.get_by_text("would save 2,630 USD a year")).to_be_visible()
