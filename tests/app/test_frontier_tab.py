"""Frontier: asked for, drawn as it grows, its points opened as one change and put on the list of Compare.

Ten units of work an hour run clean (5 USD and 0.1 kg of CO2e a unit) or dirty (2 USD and 0.6 kg): without a limit all
dirty, 20 USD and 6 kg; all clean 50 USD and 1 kg.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shared_estate import click, estate, go, rows, visit, workspace
from streamlit.testing.v1 import AppTest
from test_answer_pages import downloads, texts, titles

from hybridplan.analysis.frontier import Frontier, frontier
from hybridplan.domain import require
from hybridplan.store import Library, database_url, new_key
from hybridplan.ui import cache, session
from hybridplan.ui.views import frontier_chart

SLOW = {"whole_nodes", "serving_congestion"}
"""Each point of these takes a search or cones, so a line takes a minute."""


def document() -> dict[str, Any]:
    """A clean and a dirty site, one workload, one hour."""
    site = {"kind": "public", "jurisdiction": "DE"}
    pool = {"sku": "gpu", "purchase_option": "on_demand", "capacity_accelerators": 50.0, "busy_kw": 1.0}
    link = {"round_trip_ms": 1.0}
    return {
        "schema_version": 1,
        "name": "Clean or dirty",
        "horizon": {"blocks": {"hour": {"start": "2026-06-01T00:00:00+00:00", "periods": 1}}},
        "sites": {
            "here": {**site, "provider": "green", "grid_carbon_g_per_kwh": 100.0},
            "far": {**site, "provider": "coal", "grid_carbon_g_per_kwh": 600.0},
        },
        "pools": {
            "clean": {**pool, "site": "here", "price_usd_per_accelerator_hour": 5.0},
            "dirty": {**pool, "site": "far", "price_usd_per_accelerator_hour": 2.0},
        },
        "links": {"to": {**link, "from_site": "here", "to_site": "far"}},
        "workloads": {
            "w": {
                "kind": "inference",
                "origin_site": "here",
                "demand_units_per_hour": {"hour": [10.0]},
                "unserved_usd_per_unit": 100.0,
                "throughput": {"gpu": {"units_per_accelerator_hour": 1.0}},
            }
        },
    }


def opened(root: Path) -> AppTest:
    """The tab with the example open and solved, and carbon chosen."""
    app = visit(root)
    workspace(app).commit(document(), "Test", rebuild=True)
    click(go(app, "tradeoffs"), "solve")
    app.selectbox(key="frontier-aim").set_value("carbon").run()
    assert not app.exception
    return app


def drawn(root: Path) -> AppTest:
    return click(opened(root), "study_frontier")


def test_the_line_answers_its_question_with_a_table_to_take_away(root: Path) -> None:
    app = drawn(root)
    assert "What does each tonne less cost?" in titles(app)
    assert "All 0.00500 t less cost 6,000 USD per tonne: the line is straight." in texts(app)
    assert "The least that is possible is 0.00100 t; a stricter limit leaves no plan that serves all work." in texts(
        app
    )
    assert "CSV" in downloads(app)


def test_only_aims_that_mean_something_are_offered(root: Path) -> None:
    """No latency is limited and nothing may be interrupted here."""
    offered = opened(root).selectbox(key="frontier-aim").options
    assert offered == ["Carbon of the plan", "Share of the largest provider", "Work not served"]


def choose_cheap_half(app: AppTest) -> str:
    """The point nearest to 3.5 kg, half clean and half dirty; what the list calls it."""
    box = app.selectbox(key="frontier-point")
    at = min(range(len(box.options)), key=lambda n: abs(float(box.options[n].split(" t")[0]) - 0.0035))
    box.select_index(at).run()
    return box.options[at]


def test_an_opened_point_is_one_undoable_change_and_its_plan_is_that_of_the_line(root: Path) -> None:
    app = drawn(root)
    words = choose_cheap_half(app)
    click(app, "frontier_open")
    ws = workspace(app)
    cap = ws.document["policy"]["carbon_cap"]["tonnes"]
    assert ws.document["workloads"]["w"]["must_serve"] is True
    assert ws.plan is not None
    assert ws.plan.objective_usd == pytest.approx(50.0 - 6000.0 * (cap - 0.001), rel=1e-6)
    assert f"{ws.plan.objective_usd:.0f}" in words
    assert ws.next_undo.startswith("Carbon of the plan at most 0.003")
    assert "Open now: Carbon of the plan at most 0.003" in texts(app)
    assert "What does each tonne less cost?" in titles(app), "the line stays while one of its points is open"
    click(app, "undo")
    assert ws.document == document()


def test_a_point_is_put_on_the_list_of_compare(root: Path) -> None:
    app = drawn(root)
    choose_cheap_half(app)
    click(app, "frontier_compare")
    assert "is on the list of Compare." in texts(app)
    _, point = app.session_state["slot:comparing"]
    assert point.name.startswith("Carbon of the plan at most 0.003")
    assert point.scenario.policy.carbon_cap is not None
    app.run()
    assert "is on the list of Compare." not in texts(app)


@pytest.mark.parametrize(
    ("points", "chosen"),
    [
        ([{"customdata": ["base", 2, 0.0]}], {"frontier-point": 2}),
        ([{"customdata": ["other", 2, 0.0]}], {}),
        ([{"x": 1.0}], {}),
        ([], {}),
    ],
)
def test_a_click_on_a_point_of_the_first_line_chooses_it(
    monkeypatch: pytest.MonkeyPatch, points: list[dict[str, Any]], chosen: dict[str, int]
) -> None:
    """Nothing for points of the second line, and for marks that are no point."""
    done: dict[str, int] = {}
    monkeypatch.setattr(session, "widget", lambda key: {"selection": {"points": points}})
    monkeypatch.setattr(session, "choose", done.__setitem__)
    frontier_chart._clicked()
    assert done == chosen


def test_what_is_known_so_far_is_drawn_while_the_rest_is_worked_out(root: Path, pool: Any) -> None:
    app = opened(root)
    so_far = frontier(require(document()), "carbon", points=3)
    pool.is_slow, pool.partial = True, so_far
    click(app, "study_frontier")
    assert "What does each tonne less cost?" in titles(app)
    assert "frontier_open" not in {button.key for button in app.button}
    pool.finish()
    app.run()
    assert "frontier_open" in {button.key for button in app.button}


def test_a_second_scenario_is_drawn_beside_the_first(root: Path) -> None:
    store = Library(database_url())
    other = document()
    other["pools"]["clean"]["price_usd_per_accelerator_hour"] = 3.0
    store.save_new(other, name="Cheaper clean", author="Ana", scenario_id=new_key(), save_id=new_key())
    app = drawn(root)
    app.selectbox(key="frontier-other").select("Cheaper clean (library)").run()
    click(app, "study_frontier-second")
    said = texts(app)
    assert "Cheaper clean (library)" in said
    assert "All 0.00500 t less cost 2,000 USD per tonne: the line is straight." in said


def test_a_second_scenario_that_cannot_be_read_is_said(root: Path) -> None:
    app = drawn(root)
    store = Library(database_url())
    broken = {**document(), "sites": {}}
    store.save_new(broken, name="Broken", author="Ana", scenario_id=new_key(), save_id=new_key())
    app.run()
    app.selectbox(key="frontier-other").select("Broken (library)").run()
    assert "has errors" in texts(app)
    assert not app.exception


def test_changed_inputs_show_no_line_of_the_old_ones(root: Path) -> None:
    app = drawn(root)
    changed = document()
    changed["pools"]["clean"]["price_usd_per_accelerator_hour"] = 4.0
    workspace(app).commit(changed, "Price", rebuild=True)
    app.run()
    assert app.button(key="frontier_open").disabled, "the plan is stale"
    click(app, "solve")
    assert "What does each tonne less cost?" not in titles(app)
    assert "study_frontier" in {button.key for button in app.button}


def test_a_shared_view_draws_lines_and_opens_nothing(root: Path) -> None:
    token = estate().link()
    app = visit(root, s=token)
    before = rows()
    go(app, "tradeoffs")
    click(app, "study_frontier")
    keys = {button.key for button in app.button}
    assert "frontier_open" not in keys
    assert "frontier_compare" in keys
    assert all("(library)" not in option for option in app.selectbox(key="frontier-other").options)
    assert rows() == before


@pytest.mark.parametrize("key", [key for key in cache.bundled() if key not in SLOW])
def test_every_bundled_scenario_has_a_line_for_its_first_aim(root: Path, key: str, pool: Any) -> None:
    app = visit(root)
    workspace(app).commit(cache.bundled_document(key), "Test", rebuild=True)
    click(go(app, "tradeoffs"), "solve")
    app.select_slider(key="frontier-points").set_value(7).run()
    click(app, "study_frontier")
    found = [pool.found(one) for one in pool.submitted]
    assert any(isinstance(one, Frontier) for one in found)
    assert any(title.endswith("?") for title in titles(app)) or "There is no line" in texts(app)
