"""Journeys through the frame in a real browser: deep links, drafts, share links, Back, cancel."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from journey import SOLVED, OpenPage, badge, called, go, rename, settle
from playwright.sync_api import expect

from hybridplan.ui.sitemap import PAGES


def test_the_first_request_after_boot_may_be_a_deep_link(open_page: OpenPage, plain_server: str) -> None:
    """Of a plain ``streamlit run app.py``, where Streamlit runs the page's file before it has seen app.py."""
    page = open_page(f"{plain_server}/plan")
    expect(page.locator("h1").first).to_have_text("Plan")
    badge(page, SOLVED)
    assert page.locator('[data-testid="stSidebar"]').get_by_role("link").count() == len(PAGES)
    assert page.get_by_role("dialog").count() == 0


def test_the_first_page_is_solved_when_it_opens(open_page: OpenPage) -> None:
    page = open_page("/")
    badge(page, SOLVED)
    assert "d=" not in page.url


def test_an_edit_survives_page_switches_back_and_reload(open_page: OpenPage) -> None:
    page = open_page("/")
    rename(page, "Estate of the journey")
    page.wait_for_url(re.compile(r"[?&]d="))
    key = page.url.split("d=")[1]
    go(page, "Demand")
    go(page, "Plan")
    assert page.url.endswith(f"/plan?d={key}")
    page.go_back()
    expect(page.locator("h1").first).to_have_text("Demand")
    assert key in page.url
    called(page, "Estate of the journey")
    page.reload()
    settle(page)
    called(page, "Estate of the journey")
    assert key in page.url
    assert page.get_by_text("open in another window").count() == 0


def test_a_draft_in_two_tabs_is_never_overwritten(open_page: OpenPage) -> None:
    first = open_page("/")
    rename(first, "First tab")
    first.wait_for_url(re.compile(r"[?&]d="))
    second = open_page(first.url)
    second.get_by_text("open in another window").first.wait_for()
    rename(second, "Second tab")
    second.wait_for_url(lambda url: url != first.url)
    first.reload()
    settle(first)
    called(first, "First tab")


def test_undo_and_redo_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    rename(page, "Renamed")
    page.keyboard.press("Control+Shift+Z")
    called(page, "A hybrid AI estate")
    page.keyboard.press("Control+Shift+Y")
    called(page, "Renamed")


def test_an_unknown_draft_says_so(open_page: OpenPage) -> None:
    page = open_page("/?d=unknown")
    page.get_by_text("There is no draft").first.wait_for()
    badge(page, SOLVED)


@pytest.mark.parametrize("query", ["?z=damaged", "?z=" + "A" * 9000])
def test_a_damaged_link_shows_no_scenario_until_it_is_asked_for(open_page: OpenPage, query: str) -> None:
    page = open_page("/" + query)
    expect(page.locator("h1")).to_have_text("This link cannot be opened")
    assert page.get_by_role("button", name="Solve").count() == 0
    page.get_by_role("button", name="See the example instead").click()
    badge(page, SOLVED)
    assert "z=" not in page.url


def test_the_frame_fits_a_phone(open_page: OpenPage) -> None:
    page = open_page("/", width=390)
    badge(page, SOLVED)
    for name in ("Solve", "Undo", "Scenario", "Share"):
        box = page.get_by_role("button", name=name).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


@pytest.fixture
def slow_file(tmp_path: Path, root: Path) -> Path:
    """The demo stretched to 2,400 hours, which takes the solver many seconds."""
    document = json.loads((root / "data" / "scenarios" / "demo.json").read_text(encoding="utf-8"))
    periods = 2400
    for block in document["horizon"]["blocks"].values():
        block["periods"] = periods
    for record in (*document["workloads"].values(), *document["pools"].values()):
        for profiles in (record.get("demand_units_per_hour", {}), record.get("up_share", {})):
            for block, values in profiles.items():
                profiles[block] = (values * periods)[:periods]
    path = tmp_path / "slow.json"
    path.write_text(json.dumps({**document, "name": "A slow one"}), encoding="utf-8")
    return path


def test_a_solve_can_be_cancelled_and_the_pages_go_on(open_page: OpenPage, slow_file: Path) -> None:
    page = open_page("/")
    badge(page, SOLVED)
    page.get_by_role("button", name="Scenario").click()
    page.locator('input[type="file"]').first.set_input_files(slow_file)
    called(page, "A slow one")
    page.get_by_text(re.compile("Solving, [1-9]")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    page.get_by_text("cancelled").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Scenario").click()
    page.get_by_role("button", name="Open the example").click()
    badge(page, SOLVED)
