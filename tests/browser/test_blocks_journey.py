"""Blocks in a real browser: a year becomes typical weeks and back; a block with growth is added and solved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from journey import SOLVED, OpenPage, badge, go, headline, open_drawer, settle, solve
from playwright.sync_api import expect

DRAWER = "Typical weeks from a year"


def year(folder: Path) -> Path:
    """Six weeks of the plant's inspection at 100, one of them at 150 thousand images an hour."""
    first = datetime(2026, 1, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    levels = [level for level in (100, 100, 150, 100, 100, 100) for _ in range(168)]
    lines = [f"inspection,{(first + timedelta(hours=h)).isoformat()},{value}" for h, value in enumerate(levels)]
    path = folder / "inspection.csv"
    path.write_text("\n".join(["workload_id,period_start,value", *lines]), encoding="utf-8")
    return path


def test_a_year_becomes_typical_weeks_and_back(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/demand")
    badge(page, SOLVED)
    open_drawer(page, DRAWER)
    page.get_by_label("Typical weeks", exact=True).fill("2")
    page.keyboard.press("Enter")
    page.locator('[data-testid="stMain"] input[type="file"]').last.set_input_files(year(tmp_path))
    page.get_by_text("2 weeks stand for 1,008 hours").wait_for()
    page.get_by_role("button", name="Apply 2 typical weeks").click()
    page.get_by_text("The blocks are now 2 typical weeks").wait_for()
    solve(page)
    go(page, "Overview")
    assert "over the 6 weeks" in headline(page)
    go(page, "Plan")
    page.get_by_role("tab", name="By block").click()
    page.get_by_text("The plan covers the 6 weeks in 2 blocks").wait_for()
    expect(page.get_by_text("What does each block cost?").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    badge(page, SOLVED)
    settle(page)
    expect(page.get_by_role("tab", name="By block")).to_have_count(0)


def test_a_block_with_growth_is_added_and_an_overlap_refused(open_page: OpenPage) -> None:
    page = open_page("/demand")
    badge(page, SOLVED)
    open_drawer(page, "Add, fill or remove a block (growth)")
    days = page.get_by_label("Starts later by (days)")
    days.fill("3")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Add the block").click()
    page.get_by_text("The blocks stay as they are").wait_for()
    days.fill("91")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_label("Demand, x that of the copied one").fill("1.1")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Add the block").click()
    page.get_by_text("Block to remove").wait_for()
    solve(page)
    go(page, "Overview")
    assert "over the 2 weeks" in headline(page)
