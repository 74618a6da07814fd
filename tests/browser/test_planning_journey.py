"""The working day in a real browser: edit, stale, solve, compare, undo; reload; take the plan away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from journey import SOLVED, STALE, OpenPage, badge, expect_cell, go, grid, headline, settle, solve, type_cell
from playwright.sync_api import expect

CAPACITY = "Capacity (accelerators)"


def test_edit_stale_solve_cost_changes_undo(open_page: OpenPage) -> None:
    """Half of the owned H100 go; the week costs another sum; undo brings the old answer back without a solve."""
    page = open_page("/")
    before = headline(page)
    go(page, "Inventory")
    type_cell(page, "Pools", 0, CAPACITY, "32")
    solve(page)
    go(page, "Overview")
    assert headline(page) != before
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name=before, exact=True).wait_for()
    badge(page, SOLVED)
    go(page, "Inventory")
    expect_cell(page, "Pools", 0, CAPACITY, "64")


def test_five_quick_edits_are_all_kept_through_a_reload(open_page: OpenPage) -> None:
    page = open_page("/inventory")
    badge(page, SOLVED)
    typed = ["61", "92", "13", "189", "0"]
    for row, value in enumerate(typed):
        type_cell(page, "Pools", row, CAPACITY, value)
    badge(page, STALE)
    page.wait_for_url(re.compile(r"[?&]d="))
    for row, value in enumerate(typed):
        expect_cell(page, "Pools", row, CAPACITY, value)
    page.reload()
    settle(page)
    for row, value in enumerate(typed):
        expect_cell(page, "Pools", row, CAPACITY, value)


def test_what_cannot_be_used_is_kept_as_typed_and_named(open_page: OpenPage) -> None:
    page = open_page("/inventory")
    badge(page, SOLVED)
    type_cell(page, "Pools", 0, CAPACITY, "12k")
    page.get_by_text("Pools: 1 to mend").wait_for()
    expect_cell(page, "Pools", 0, CAPACITY, "12k")
    assert page.get_by_role("button", name="Solve").is_disabled()
    page.get_by_role("button", name="Undo").click()
    badge(page, SOLVED)


def test_the_plan_can_be_taken_away_and_read(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/plan")
    badge(page, SOLVED)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Whole plan (JSON)").click()
    waiting.value.save_as(tmp_path / "plan.json")
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["certificate"]["passed"] is True
    assert plan["objective_usd"] == pytest.approx(sum(plan["cost_usd"].values()) + sum(plan["penalty_usd"].values()))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Whole plan (Excel)").click()
    waiting.value.save_as(tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True)
    assert book.sheetnames
    book.close()


def test_a_scenario_saved_as_a_file_opens_again(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/")
    badge(page, SOLVED)
    page.get_by_role("button", name="Scenario").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    document = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    (tmp_path / "changed.json").write_text(json.dumps({**document, "name": "Back from a file"}), encoding="utf-8")
    other = open_page("/")
    badge(other, SOLVED)
    other.get_by_role("button", name="Scenario").click()
    other.locator('input[type="file"]').first.set_input_files(tmp_path / "changed.json")
    other.locator("h2").get_by_text("Back from a file").wait_for()
    badge(other, SOLVED)


POOLS_WITH_FAULTS = """\
pool_id,name,site,sku,unit,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour
new-h100,Good row,fra-private,H100,,owned,8,1.5
bad-text,Text for a number,fra-private,H100,,owned,many,1.5
bad-width,One field too many,fra-private,H100,,owned,8,1.5,stray
bad-sign,A negative price,fra-private,H100,,owned,8,-1.5
new-a100,Good row,fra-private,A100-80GB,,owned,4,0.7
"""


def test_a_file_with_three_bad_rows_shows_them_and_takes_the_others(open_page: OpenPage, tmp_path: Path) -> None:
    """Lines 3, 4 and 5 are bad; each is named with its reason. The good ones add 8 H100 to 64, until undone."""
    path = tmp_path / "pools.csv"
    path.write_text(POOLS_WITH_FAULTS, encoding="utf-8")
    page = open_page("/inventory")
    badge(page, SOLVED)
    page.get_by_text("Import a file").click()
    page.locator('[data-testid="stMain"] input[type="file"]').set_input_files(path)
    page.get_by_text("Not taken, with the reason: 3").wait_for()
    rejected = grid(page, "Lines that are not taken").locator("tbody")
    expect(rejected.locator('[role="row"]')).to_have_count(3)
    lines = [row.locator('[role="gridcell"]').first.text_content() for row in rejected.locator('[role="row"]').all()]
    assert lines == ["3", "4", "5"]
    assert "many" in (rejected.text_content() or "")
    page.get_by_role("button", name="Apply 2 rows").click()
    badge(page, STALE)
    page.get_by_text("Took 2 rows").wait_for()
    expect_cell(page, "capacity by site", 0, "Owned (accelerators)", "72")
    page.get_by_role("button", name="Undo").click()
    badge(page, SOLVED)
    expect_cell(page, "capacity by site", 0, "Owned (accelerators)", "64")
