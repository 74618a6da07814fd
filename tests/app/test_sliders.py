"""Sliders: one solved state at a time, marked with its inputs; kept, put back, and harmless in a shared view.

The example has 100 owned accelerators (sunk, 0.5 USD) and 200 rented ones (0.3 USD) for a demand of 150 in one hour:
50 + 50 x 0.3 = 65 USD.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shared_estate import click, document, estate, go, rows, texts, visit, workspace
from streamlit.testing.v1 import AppTest

NEUTRAL = "What you see: As it stands, nothing is moved."


def opened(root: Path, made: dict[str, Any] | None = None, page: str = "tradeoffs") -> AppTest:
    """The sliders of Trade-offs (or another page) with the example open and solved."""
    app = visit(root)
    workspace(app).commit(made or document(), "Test", rebuild=True)
    app.session_state["tradeoffs-section"] = "Sliders"
    app.session_state["overview-what-if"] = True
    return click(go(app, page), "solve")


def move(app: AppTest, label: str, value: float) -> AppTest:
    slider = next(one for one in app.slider if one.label == label)
    slider.set_value(value).run()
    assert not app.exception
    return app


def value(app: AppTest, label: str) -> float:
    return next(one.value for one in app.slider if one.label == label)


def cost(app: AppTest) -> str:
    """What the tile of the sliders says; on Overview the tiles of the plan come before it."""
    return next(tile.value for tile in reversed(app.metric) if tile.label.startswith("Cost of"))


def shown(app: AppTest) -> str:
    return next(box.value.replace("\\", "") for box in app.success if "What you see" in box.value)


@pytest.mark.parametrize("page", ["tradeoffs", "overview"])
def test_a_move_shows_the_plan_of_where_the_sliders_stand(root: Path, page: str) -> None:
    """180 of demand: 50 + 80 x 0.3 = 74 USD; at twice the price 50 + 80 x 0.6 = 98."""
    app = opened(root, page=page)
    assert (cost(app), shown(app)) == ("65 USD", NEUTRAL)
    move(app, "Demand", 1.2)
    assert cost(app) == "74 USD"
    assert shown(app).startswith("What you see: Demand × 1.20, rented prices × 1.00")
    assert "That is 9 USD (13.8 %) more than as it stands." in texts(app)
    move(app, "Rented prices", 2.0)
    assert cost(app) == "98 USD"
    assert shown(app).startswith("What you see: Demand × 1.20, rented prices × 2.00")
    assert workspace(app).document == document()


def test_the_last_state_stays_as_a_whole_until_the_next_is_there(root: Path, pool: Any) -> None:
    app = move(opened(root), "Demand", 1.2)
    pool.is_slow = True
    move(app, "Demand", 1.4)
    (waiting,) = [box.value.replace("\\", "") for box in app.info if "Working out" in box.value]
    assert "Working out: Demand × 1.40" in waiting
    assert "Until it is there you see: Demand × 1.20" in waiting
    assert cost(app) == "74 USD"
    assert app.button(key="moves_keep").disabled
    pool.finish()
    app.run()
    assert (cost(app), shown(app)[:28]) == ("83 USD", "What you see: Demand × 1.40,"), "50 + 110 x 0.3"


def test_the_latest_move_wins(root: Path, pool: Any) -> None:
    app = opened(root)
    pool.is_slow = True
    for factor in (1.1, 1.3, 1.5, 1.6, 1.8, 1.9):
        move(app, "Demand", factor)
    assert len(pool._waiting) == 1
    pool.finish()
    app.run()
    assert cost(app) == "106 USD", "285: 50 + 185 x 0.3 = 105.5"
    assert shown(app).startswith("What you see: Demand × 1.90")


def test_back_to_neutral_gives_the_running_solve_up(root: Path, pool: Any) -> None:
    app = opened(root)
    pool.is_slow = True
    move(app, "Demand", 1.5)
    move(app, "Demand", 1.0)
    assert not pool._waiting
    assert (cost(app), shown(app)) == ("65 USD", NEUTRAL)


def test_kept_values_are_one_change_that_can_be_taken_back(root: Path) -> None:
    app = move(move(opened(root), "Demand", 1.2), "Owned capacity", 1.5)
    assert cost(app) == "84 USD", "75 for 150 owned, 30 x 0.3 rented"
    click(app, "moves_keep")
    ws = workspace(app)
    assert ws.document["pools"]["private"]["capacity_accelerators"] == 150.0
    assert ws.next_undo == "Demand × 1.20 and owned capacity × 1.50"
    assert (cost(app), shown(app)) == ("84 USD", NEUTRAL)
    assert (value(app, "Demand"), value(app, "Owned capacity")) == (1.0, 1.0)
    click(app, "undo")
    assert ws.document == document()


def test_an_undo_that_breaks_the_run_off_finds_no_old_values(root: Path) -> None:
    """Streamlit drops the value of a slider at the end of a run without it; a click before leaves the value there."""
    app = move(opened(root), "Demand", 1.2)
    key = next(one.key for one in app.slider if one.label == "Demand")
    click(app, "moves_keep")
    app.session_state[key] = 1.2
    click(app, "undo")
    assert (value(app, "Demand"), cost(app), shown(app)) == (1.0, "65 USD", NEUTRAL)


def test_reset_puts_all_sliders_back(root: Path) -> None:
    app = move(move(opened(root), "Demand", 1.2), "Rented prices", 1.5)
    click(app, "moves_reset")
    assert (cost(app), shown(app)) == ("65 USD", NEUTRAL)
    assert (value(app, "Demand"), value(app, "Rented prices")) == (1.0, 1.0)


def test_a_move_that_leaves_no_plan_says_so_and_the_next_one_goes_on(root: Path) -> None:
    made = document()
    for work in made["workloads"].values():
        work["must_serve"] = True
    app = move(move(opened(root, made), "Owned capacity", 0.5), "Demand", 2.0)
    assert "No plan can meet every rule with these values." in texts(app)
    assert not app.metric
    assert shown(app).startswith("What you see: Demand × 2.00")
    move(app, "Demand", 1.0)
    assert cost(app) == "55 USD", "25 for 50 owned, 100 x 0.3"


def test_what_fails_is_said(root: Path, pool: Any) -> None:
    app = opened(root)
    pool.failure = "The solver failed."
    move(app, "Demand", 1.2)
    assert any("The solver failed" in box.value for box in app.error)
    assert cost(app) == "65 USD"


def test_a_shared_view_has_sliders_and_nothing_is_written(root: Path) -> None:
    token = estate().link()
    app = visit(root, s=token)
    before = rows()
    app.session_state["tradeoffs-section"] = "Sliders"
    move(go(app, "tradeoffs"), "Demand", 1.2)
    assert cost(app) == "74 USD"
    assert "moves_keep" not in {button.key for button in app.button}
    assert rows() == before
    assert workspace(app).document == document()


def test_values_of_one_page_are_those_of_the_other(root: Path) -> None:
    app = move(opened(root), "Demand", 1.2)
    app.session_state["overview-what-if"] = True
    go(app, "overview")
    assert (value(app, "Demand"), cost(app)) == (1.2, "74 USD")
