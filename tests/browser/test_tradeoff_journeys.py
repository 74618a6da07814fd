"""Trade-offs in a real browser: from a frontier to an open point and to Compare; sliders that are moved and kept."""

from __future__ import annotations

import re

from journey import SOLVED, OpenPage, badge, go, headline, open_tab, settle
from playwright.sync_api import Page, expect

PATIENCE_MS = 60_000
LIST = "A point (or click on one in the chart)"


def draw_frontier(page: Page, aim: str) -> None:
    """Ask for the line of this aim where nobody has before, and wait until it is whole."""
    page.get_by_role("combobox", name="Set against the cost").click()
    page.get_by_role("option", name=aim).click()
    settle(page)
    ask = page.get_by_role("button", name="Draw the frontier")
    if ask.count():
        ask.click()
    page.get_by_role("button", name="Open this point").wait_for(timeout=PATIENCE_MS)
    settle(page)


def chosen_point(page: Page) -> str:
    """What the list of points shows as chosen."""
    return page.get_by_role("combobox", name=LIST).input_value() or page.get_by_role("combobox", name=LIST).inner_text()


def test_from_the_frontier_to_an_open_point_and_to_compare(open_page: OpenPage) -> None:
    """The knee is chosen; opened, the plan costs what the line says, and holds its limit; Undo brings the demo back."""
    page = open_page("/tradeoffs")
    badge(page, SOLVED)
    main = page.locator('[data-testid="stMain"]')
    draw_frontier(page, "Carbon of the plan")
    expect(main.locator(".js-plotly-plot")).to_have_count(1)
    expect(main.get_by_text(re.compile("The first .* t less cost .* USD per tonne, the last"))).to_be_visible()
    page.get_by_role("button", name="Add to Compare").click()
    expect(main.get_by_text("is on the list of Compare")).to_be_visible()
    page.get_by_role("button", name="Open this point").click()
    expect(main.get_by_text(re.compile("Open now: Carbon of the plan at most"))).to_be_visible(timeout=PATIENCE_MS)
    badge(page, SOLVED)
    go(page, "Overview")
    assert "All demand is served" in headline(page)
    page.get_by_role("button", name="Undo").click()
    badge(page, SOLVED)
    go(page, "Compare")
    expect(main.get_by_text(re.compile("Carbon of the plan at most .* t"))).to_be_visible()
    page.get_by_role("button", name="Compare them").click()
    page.get_by_role("heading", name="Inputs that differ").wait_for(timeout=PATIENCE_MS)
    settle(page)


def test_a_click_on_a_point_of_the_line_chooses_it(open_page: OpenPage) -> None:
    page = open_page("/tradeoffs")
    badge(page, SOLVED)
    draw_frontier(page, "Carbon of the plan")
    before = chosen_point(page)
    page.wait_for_timeout(1000)  # the chart fades in, and moves the marks while it does
    points = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point")
    points.last.click(force=True)
    settle(page)
    expect(page.get_by_text(before, exact=True)).to_have_count(0)


def test_a_slider_moves_the_plan_and_its_values_are_kept(open_page: OpenPage) -> None:
    page = open_page("/tradeoffs")
    badge(page, SOLVED)
    open_tab(page, "Sliders")
    main = page.locator('[data-testid="stMain"]')
    expect(main.get_by_text("What you see: As it stands, nothing is moved.")).to_be_visible()
    tile = (
        page.locator('[data-testid="stMetric"]').filter(has_text="Cost of the").locator('[data-testid="stMetricValue"]')
    )
    before = tile.inner_text()
    page.get_by_role("slider", name="Demand").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(main.get_by_text(re.compile("^What you see: Demand × 1.20"))).to_be_visible(timeout=PATIENCE_MS)
    settle(page)
    moved = tile.inner_text()
    assert moved != before
    page.get_by_role("button", name="Keep these values").click()
    expect(main.get_by_text("What you see: As it stands, nothing is moved.")).to_be_visible(timeout=PATIENCE_MS)
    badge(page, SOLVED)
    expect(tile).to_have_text(moved, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Undo").click()
    badge(page, SOLVED)
    expect(tile).to_have_text(before, timeout=PATIENCE_MS)


def test_the_sliders_fit_a_phone_and_stand_on_overview(open_page: OpenPage) -> None:
    page = open_page("/", width=390)
    badge(page, SOLVED)
    page.locator('[data-testid="stMain"] summary').get_by_text("What if?").click()
    settle(page)
    slider = page.get_by_role("slider", name="Rented prices")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile("^What you see: .*rented prices × 0.95"))).to_be_visible(timeout=PATIENCE_MS)
    box = slider.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 390
