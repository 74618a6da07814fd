"""Steps that the journeys share."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

OpenPage = Callable[..., Page]

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SOLVED = "Cheapest for these inputs"
STALE = "Inputs changed since this plan"
PATIENCE_MS = 30_000
PACE_MS = 80
"""Between two keys: a person's pace; the tables drop keys that come faster."""
SELECTED_MS = 5_000
"""A click that has selected no cell by then has missed it."""
HANDOVER_MS = 500
"""A table gathers what is done in it for a moment before it tells the page."""
ROW_PX = 35
"""Height of one row of Streamlit's tables, heading included."""


def settle(page: Page) -> None:
    """Wait until the page has its title and its script is at rest."""
    page.locator("h1").first.wait_for()
    page.wait_for_selector(IDLE)


def badge(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the state of the answer says ``text``."""
    page.locator('[data-testid="stMain"]').get_by_text(text).first.wait_for()


def solve(page: Page, state: str | re.Pattern[str] = SOLVED) -> None:
    """Solve what was changed, and wait until the state of the answer says ``state``."""
    badge(page, STALE)
    page.get_by_role("button", name="Solve").click()
    badge(page, state)
    settle(page)


def open_example(page: Page, name: str, state: str | re.Pattern[str] = SOLVED) -> None:
    """Open an example from the menu, and wait until the state of its answer says ``state``."""
    page.get_by_role("button", name="Scenario").click()
    page.get_by_role("combobox", name="Open an example").click()
    page.get_by_role("option", name=name).click()
    settle(page)
    page.get_by_role("button", name="Open the example").click()
    called(page, name)
    page.keyboard.press("Escape")
    badge(page, state)
    settle(page)


def open_drawer(page: Page, title: str) -> None:
    """Open a part of the page that is closed at first."""
    page.locator('[data-testid="stMain"] summary').get_by_text(title).click()
    settle(page)


def open_tab(page: Page, title: str) -> None:
    """Open a tab of Plan."""
    page.get_by_role("tab", name=title, exact=True).click()
    settle(page)


def cost(page: Page) -> float:
    """What the plan costs, as Overview says it."""
    tile = page.locator('[data-testid="stMetric"]').filter(has_text="Cost of the")
    return float(tile.locator('[data-testid="stMetricValue"]').inner_text().split()[0].replace(",", ""))


def cell_text(page: Page, title: str, row: int, column: str) -> str:
    """What a cell of a table says."""
    canvas, position = _column(page, title, column)
    cells = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"]')
    return cells.nth(position).inner_text()


def rename(page: Page, name: str) -> None:
    page.get_by_role("button", name="Scenario").click()
    field = page.get_by_label("Name", exact=True)
    field.fill(name)
    field.press("Enter")
    called(page, name)
    page.keyboard.press("Escape")
    settle(page)


def called(page: Page, text: str) -> None:
    """Wait until the scenario is called ``text``, and the rest of the page is drawn for it: its buttons come later."""
    page.locator("h2").get_by_text(text).first.wait_for()
    settle(page)


def go(page: Page, name: str) -> None:
    page.locator('[data-testid="stSidebar"]').get_by_role("link", name=name).click()
    expect(page.locator("h1").first).to_have_text(name)
    settle(page)


def grid(page: Page, title: str) -> Locator:
    """The table with this title."""
    return page.locator('[data-testid="stDataFrame"]').filter(has=page.get_by_label(f"Search: {title}", exact=True))


def type_cell(page: Page, title: str, row: int, column: str, value: str) -> None:
    """Type into a cell of a table as a person does; ``row`` counts from 0."""
    _reach_cell(page, title, row, column)
    # The first key opens the cell's editor; what is typed before it is open would replace it.
    page.keyboard.type(value[0])
    editor = page.locator(".gdg-input")
    editor.wait_for()
    page.wait_for_timeout(HANDOVER_MS)
    if not editor.input_value():  # A table that is drawn anew at that moment opens the editor without the key.
        page.keyboard.type(value[0])
    expect(editor).to_have_value(value[0], timeout=PATIENCE_MS)
    page.keyboard.type(value[1:], delay=PACE_MS)
    expect(editor).to_have_value(value, timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    editor.wait_for(state="detached")


def choose_cell(page: Page, title: str, row: int, column: str, option: str) -> None:
    """Choose from the list of a cell as a person does: open it, type until one is left, take it."""
    _reach_cell(page, title, row, column)
    page.keyboard.press("Enter")
    editor = page.locator(".gdg-style input").first
    editor.wait_for()
    page.keyboard.type(option, delay=PACE_MS)
    page.get_by_role("option", name=option, exact=True).wait_for()
    page.keyboard.press("Enter")
    editor.wait_for(state="detached")


def tick_cell(page: Page, title: str, row: int, column: str) -> None:
    """Turn the tick of a cell over."""
    _reach_cell(page, title, row, column)
    page.keyboard.press("Space")
    page.wait_for_timeout(HANDOVER_MS)  # what screen readers are told of a tick is renewed later, so it cannot be asked
    settle(page)


def _reach_cell(page: Page, title: str, row: int, column: str) -> None:
    for _ in range(5):
        if _select_cell(page, title, row, column):
            return
        # A click into the cell that is selected already opens its editor: close that, then let go of the cell.
        for _ in range(2):
            page.keyboard.press("Escape")
            page.wait_for_timeout(PACE_MS)
    raise AssertionError(f"the cell is out of reach: {title}, row {row}, {column}")


def _select_cell(page: Page, title: str, row: int, column: str) -> bool:
    """Select a cell; False where the table moved under the mouse (what is above it was still being drawn)."""
    canvas, position = _column(page, title, column)
    box = canvas.bounding_box()
    assert box is not None
    # The cells are painted, not elements: click one of the row (columns have any width, so it may be the second), ask
    # which one that was, and go on from there by arrow keys.
    page.mouse.click(box["x"] + 60, box["y"] + ROW_PX * (row + 1.5))
    cells = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"]')
    chosen = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"][aria-selected="true"]')
    try:
        expect(chosen).to_have_count(1, timeout=SELECTED_MS)
        steps = position + 1 - int(chosen.get_attribute("aria-colindex") or "1")
        for _ in range(abs(steps)):
            page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
            page.wait_for_timeout(PACE_MS)
        expect(cells.nth(position)).to_have_attribute("aria-selected", "true", timeout=SELECTED_MS)
    except AssertionError:
        return False
    return True


def expect_cell(page: Page, title: str, row: int, column: str, value: str) -> None:
    """Wait until a cell shows ``value``."""
    canvas, position = _column(page, title, column)
    cells = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"]')
    expect(cells.nth(position)).to_have_text(value, timeout=PATIENCE_MS)


def _column(page: Page, title: str, column: str) -> tuple[Locator, int]:
    """The canvas of a table, which holds its cells for screen readers, and the position of a column in it."""
    canvas = grid(page, title).locator('[data-testid="data-grid-canvas"]').first
    canvas.scroll_into_view_if_needed()
    headers = canvas.locator('[role="columnheader"]')
    headers.get_by_text(column, exact=True).first.wait_for(state="attached")
    return canvas, [text.strip() for text in headers.all_text_contents()].index(column)


def headline(page: Page) -> str:
    """The sentence under the frame of Overview; the heading before it is the scenario's name."""
    badge(page, SOLVED)
    settle(page)
    return page.locator('[data-testid="stMain"] h2').nth(1).inner_text()
