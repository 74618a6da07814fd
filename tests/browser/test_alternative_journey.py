"""An alternative in a real browser: looked for, opened as a plan, taken away as a file, while the scenario stays."""

from __future__ import annotations

import json
import re

from journey import OpenPage, open_example, open_tab, settle
from playwright.sync_api import expect

PATIENCE_MS = 60_000


def test_an_alternative_is_found_opened_and_taken_away(open_page: OpenPage) -> None:
    """With a slack of 5 % the bank can do with fewer providers than the cheapest plan uses."""
    page = open_page("/tradeoffs")
    main = page.locator('[data-testid="stMain"]')
    open_example(page, "Financial risk: a bank and its nights")
    open_tab(page, "Alternatives")
    page.get_by_role("radio", name="5 %", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Look for alternatives").click()
    main.get_by_text("What all of these plans have in common").wait_for(timeout=PATIENCE_MS)
    settle(page)
    expect(main.get_by_text(re.compile("in every plan within 5 % of the cheapest")).first).to_be_visible()
    page.get_by_role("combobox", name="Alternative").click()
    page.get_by_role("combobox", name="Alternative").fill("Fewest")
    page.get_by_role("option", name="Fewest providers").click()
    settle(page)
    page.get_by_role("button", name="Open as plan").click()
    expect(main.get_by_text("Fewest providers: a plan within 5 % of the cheapest")).to_be_visible()
    expect(main.get_by_text("Its rules were checked and its money was counted again from its tables.")).to_be_visible()
    settle(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Whole plan (JSON)").click()
    found = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert found["status"] in ("optimal", "within_gap")
    expect(main.get_by_text("Cheapest for these inputs")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(main.get_by_text("Its rules were checked and its money was counted again")).to_have_count(0)


def test_rules_are_priced_and_the_way_down_is_shown_twice(open_page: OpenPage) -> None:
    """Avoidable capacity that has to be used first: 65 in place of 45 USD."""
    page = open_page("/tradeoffs")
    main = page.locator('[data-testid="stMain"]')
    open_example(page, "Reference: owned first by rule")
    open_tab(page, "Rules")
    page.get_by_role("button", name="Price the rules").click()
    main.get_by_text("Without Owned first the plan would cost 20 USD less").wait_for(timeout=PATIENCE_MS)
    settle(page)
    expect(main.locator(".js-plotly-plot")).to_have_count(2, timeout=PATIENCE_MS)
    page.get_by_role("radio", name="Each alone").click()
    settle(page)
    expect(main.get_by_text(re.compile("taken back in one bar"))).to_be_visible()
    expect(main.locator(".js-plotly-plot")).to_have_count(2, timeout=PATIENCE_MS)
