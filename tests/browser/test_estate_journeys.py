"""A commitment that may grow, a purchase, and a dataset with a copy: typed, solved, and read in the plan."""

from __future__ import annotations

import re

from journey import (
    HANDOVER_MS,
    ROW_PX,
    OpenPage,
    badge,
    choose_cell,
    cost,
    expect_cell,
    go,
    grid,
    open_drawer,
    open_tab,
    settle,
    solve,
    type_cell,
)
from playwright.sync_api import Page

HARDWARE_DRAWER = "Owned hardware: what may be bought, what retires, and space"
DATA_DRAWER = "Datasets: data that work needs where it runs, and its copies"
WORK_DRAWER = "Data: datasets that work needs, results that are kept, and their backup"
PURCHASES = "Commitments and hardware"


def new_row(page: Page, title: str, row: int = 0) -> None:
    """Click the empty line at the end of a table, which adds a row; ``row`` is its number from 0."""
    canvas = grid(page, title).locator('[data-testid="data-grid-canvas"]').first
    added = canvas.locator('tbody [role="row"]').nth(row).locator('[role="gridcell"]').first
    for _ in range(5):
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 60, box["y"] + ROW_PX * (row + 1.5))
        page.wait_for_timeout(HANDOVER_MS)
        settle(page)
        if added.count():
            page.keyboard.press("ArrowRight")  # a click into the cell that is selected already would open it
            page.wait_for_timeout(HANDOVER_MS)
            return
    raise AssertionError(f"no row was added: {title}")


def leave(page: Page, name: str) -> None:
    """Go to another page once the table has told what was typed last."""
    handed_over(page)
    go(page, name)


def handed_over(page: Page) -> None:
    """Wait until the page knows what was typed last."""
    page.wait_for_timeout(2 * HANDOVER_MS)
    settle(page)


def test_a_commitment_that_may_grow_is_sized_by_the_plan(open_page: OpenPage) -> None:
    page = open_page("/")
    badge(page, "Cheapest for these inputs")
    before = cost(page)
    go(page, "Inventory")
    type_cell(page, "Commitments", 0, "New at most (accelerators)", "100")
    solve(page)
    go(page, "Overview")
    assert cost(page) <= before
    go(page, "Plan")
    open_tab(page, PURCHASES)
    page.get_by_text(re.compile("AWS A100, one year")).first.wait_for()
    page.get_by_role("button", name="Undo").click()
    badge(page, "Cheapest for these inputs")
    go(page, "Inventory")
    expect_cell(page, "Commitments", 0, "New at most (accelerators)", "0")


def test_a_purchase_is_typed_solved_and_shown(open_page: OpenPage) -> None:
    page = open_page("/inventory")
    open_drawer(page, HARDWARE_DRAWER)
    new_row(page, "Purchases")
    type_cell(page, "Purchases", 0, "Id", "more-h100")
    choose_cell(page, "Purchases", 0, "Owned pool", "fra-h100")
    type_cell(page, "Purchases", 0, "At most (accelerators)", "64")
    type_cell(page, "Purchases", 0, "Purchase price (USD per accelerator)", "30000")
    handed_over(page)
    solve(page)
    go(page, "Plan")
    open_tab(page, PURCHASES)
    page.get_by_text(re.compile("more-h100")).first.wait_for()


def test_a_dataset_with_a_copy_is_typed_solved_and_shown(open_page: OpenPage) -> None:
    """A terabyte at home, its copy at the cloud site where the forecasts are asked for."""
    page = open_page("/assumptions")
    for row in (0, 2):
        type_cell(page, "Rates by site", row, "Storage (USD per GB and month)", "0.02")
    leave(page, "Inventory")
    open_drawer(page, DATA_DRAWER)
    new_row(page, "Datasets")
    type_cell(page, "Datasets", 0, "Id", "history")
    choose_cell(page, "Datasets", 0, "Home", "fra-private")
    type_cell(page, "Datasets", 0, "Size (GB)", "1000")
    type_cell(page, "Datasets", 0, "First copy (Gbit/s)", "1")
    new_row(page, "Copies")
    choose_cell(page, "Copies", 0, "Dataset", "history")
    choose_cell(page, "Copies", 0, "Site", "aws-fra")
    choose_cell(page, "Copies", 0, "Copy", "will be made")
    leave(page, "Demand")
    open_drawer(page, WORK_DRAWER)
    type_cell(page, "Data of workloads", 9, "Needs datasets", "history")
    handed_over(page)  # the inputs had changed before: the badge does not tell when this one is in
    solve(page)
    go(page, "Plan")
    open_tab(page, "Data")
    page.get_by_text(re.compile("history")).first.wait_for()
