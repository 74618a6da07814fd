"""Steps that the journeys share."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

OpenPage = Callable[..., Page]

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SOLVED = "Cheapest for these inputs"
STALE = "Inputs changed since this plan"
PATIENCE_MS = 30_000
ROW_PX = 35
"""Height of one row of Streamlit's tables, heading included."""


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


def grid(page: Page, title: str) -> Locator:
    """The table with this title."""
    return page.locator('[data-testid="stDataFrame"]').filter(has=page.get_by_label(f"Search: {title}", exact=True))


def type_cell(page: Page, title: str, row: int, column: str, value: str) -> None:
    """Type into a cell of a table as a person does; ``row`` counts from 0."""
    for _ in range(5):
        if _select_cell(page, title, row, column):
            break
    # The first key opens the cell's editor; what is typed before it is open would replace it.
    page.keyboard.type(value[0])
    editor = page.locator(".gdg-input")
    expect(editor).to_have_value(value[0], timeout=PATIENCE_MS)
    page.keyboard.type(value[1:], delay=80)  # a person's pace; the grid drops keys that come faster
    expect(editor).to_have_value(value, timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    editor.wait_for(state="detached")


def _select_cell(page: Page, title: str, row: int, column: str) -> bool:
    """Select a cell; False where the table moved under the mouse (what is above it was still being drawn)."""
    canvas, position = _column(page, title, column)
    box = canvas.bounding_box()
    assert box is not None
    # The cells are painted, not elements: go to the first cell of the row, and from there by arrow keys.
    page.mouse.click(box["x"] + 60, box["y"] + ROW_PX * (row + 1.5))
    for _ in range(position):
        page.keyboard.press("ArrowRight")
    target = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"]').nth(position)
    try:
        expect(target).to_have_attribute("aria-selected", "true")
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
