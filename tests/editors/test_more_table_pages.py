"""The pages with the tables of latency, jobs, pools over time, maintenance and balance, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documents import rich
from streamlit.testing.v1 import AppTest

from hybridplan.ui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
DRAWERS = {
    "growth": ("inventory", "Growing and shrinking: lead times, ramps, least amounts, starts"),
    "latency": ("demand", "Latency: who must be faster, what is timed, and the queue"),
    "jobs": ("demand", "Jobs: gangs, one site, order, most at one time"),
    "scaling": ("demand", "Scaling points: speed by number of accelerators"),
}


def opened(page: str, document: dict[str, Any], drawer: str = "") -> AppTest:
    """The page with this document in it; ``drawer``: title of one that is open."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    workspace(app).commit(document, "Load", rebuild=True)
    if drawer:
        app.session_state[f"drawer:{drawer}"] = True
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def workspace(app: AppTest) -> Workspace:
    found = app.session_state["workspace"]
    assert isinstance(found, Workspace)
    return found


def edit(app: AppTest, table: str, changes: dict[str, Any], number: int = 1) -> AppTest:
    empty: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"grid:{table}:{number}"] = {**empty, **changes}
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(frame.value.to_csv(index=False) for frame in app.dataframe)


EDITS = [
    ("growth", 2, "ramp_up_accelerators_per_hour", "40", ("pools", "burst"), 40),
    ("growth", 0, "can_power_down", False, ("pools", "own-h100"), False),
    ("latency", 0, "latency_statistic", "p99", ("workloads", "chat"), "p99"),
    ("latency", 0, "congestion_usd_per_unit_second", "0.5", ("workloads", "chat"), 0.5),
    ("jobs", 0, "after", None, ("workloads", "train"), None),
    ("jobs", 1, "one_site", True, ("workloads", "prepare"), True),
]


@pytest.mark.parametrize(("table", "row", "field", "cell", "record", "value"), EDITS)
def test_what_is_typed_in_a_drawer_reaches_the_document(
    table: str, row: int, field: str, cell: Any, record: tuple[str, str], value: Any
) -> None:
    page, drawer = DRAWERS[table]
    app = edit(opened(page, rich(), drawer), table, {"edited_rows": {row: {field: cell}}})
    expected = rich()
    expected[record[0]][record[1]][field] = value
    if value is None:
        del expected[record[0]][record[1]][field]
    assert workspace(app).document == expected
    app.button(key="undo").click().run()
    assert workspace(app).document == rich()


@pytest.mark.parametrize("table", ["growth", "latency", "jobs"])
def test_a_drawer_that_is_closed_and_opened_takes_nothing_back(table: str) -> None:
    """Streamlit forgets what a grid holds when a run does not draw it; the document must not follow."""
    page, drawer = DRAWERS[table]
    field = {"growth": "lead_time_hours", "latency": "max_load_share", "jobs": "parallel_limit_accelerators"}[table]
    app = edit(opened(page, rich(), drawer), table, {"edited_rows": {0: {field: "0.5"}}})
    after = workspace(app).document
    assert after != rich()
    app.session_state[f"drawer:{drawer}"] = False
    app.run()
    del app.session_state[f"grid:{table}:1"]
    app.session_state[f"drawer:{drawer}"] = True
    app.run()
    assert workspace(app).document == after
    assert not app.exception


def test_a_profile_that_is_looked_at_again_keeps_what_was_typed() -> None:
    app = opened("demand", rich())
    table = "profile:workloads.chat.demand_units_per_hour.day"
    edit(app, table, {"edited_rows": {0: {"value": "1234"}}})
    del app.session_state[f"grid:{table}:1"]
    app.run()
    assert workspace(app).document["workloads"]["chat"]["demand_units_per_hour"]["day"] == [1234, 20.5, 30]


def test_issues_of_a_closed_drawer_are_shown() -> None:
    document = rich()
    document["workloads"]["chat"]["max_load_share"] = "half"
    document["workloads"]["train"]["scaling"]["n1"]["accelerators"] = 0
    app = opened("demand", document)
    assert "Busy at most (share, to 0.95)" in texts(app)
    assert "Accelerators (at once)" in texts(app)


def test_a_renamed_sku_does_not_rename_the_workload_that_is_followed() -> None:
    """The SKU is called like the workload that train follows."""
    document = rich()
    chat = document["workloads"]["chat"]["throughput"]
    chat["prepare"] = chat.pop("H100")
    app = edit(opened("demand", document), "throughput", {"edited_rows": {0: {"sku": "H200"}}})
    works = workspace(app).document["workloads"]
    assert "H200" in works["chat"]["throughput"]
    assert works["train"]["after"] == "prepare"


def test_points_are_added_in_their_drawer() -> None:
    page, drawer = DRAWERS["scaling"]
    added = [{"workload": "prepare", "accelerators": "16", "efficiency_share": "0.9"}]
    app = edit(opened(page, rich(), drawer), "scaling", {"added_rows": added})
    assert workspace(app).document["workloads"]["prepare"]["scaling"] == {
        "n1": {"accelerators": 16, "efficiency_share": 0.9}
    }
    assert workspace(app).scenario is not None


def test_maintenance_is_read_typed_and_taken_back() -> None:
    """The profile 1 0.5 1 from midnight in Berlin; the row moves to the last hour; then a row for another pool."""
    app = opened("inventory", rich())
    moved = {"from": "2026-06-01 02:00", "to": "2026-06-01 03:00"}
    edit(app, "maintenance", {"edited_rows": {0: moved}})
    assert workspace(app).document["pools"]["own-h100"]["up_share"] == {"day": [1, 1, 0.5]}
    assert workspace(app).next_undo == "Edit maintenance"
    new = {"pool": "burst", "from": "2026-06-01T00:00+02:00", "to": "2026-06-01T01:00+02:00", "up_share": "0%"}
    edit(app, "maintenance", {"edited_rows": {0: moved}, "added_rows": [new]})
    assert workspace(app).document["pools"]["burst"]["up_share"] == {"day": [0, 1, 1]}
    app.button(key="undo").click().run()
    assert "up_share" not in workspace(app).document["pools"]["burst"]
    app.button(key="undo").click().run()
    assert workspace(app).document == rich()
    assert workspace(app).scenario is not None


def test_a_row_that_fits_nowhere_is_said_kept_and_taken_in_once_it_fits() -> None:
    app = opened("inventory", rich())
    late = {"pool": "burst", "from": "2026-06-02 00:00", "to": "2026-06-02 01:00", "up_share": "0"}
    edit(app, "maintenance", {"added_rows": [late]})
    assert workspace(app).document == rich()
    assert "is outside the blocks of the horizon; the row is not in the plan yet" in texts(app)
    app.switch_page("pages/demand.py").run()
    app.switch_page("pages/inventory.py").run()
    assert "is outside the blocks of the horizon" in texts(app), "kept while other pages are looked at"
    number = max(n for n in range(1, 9) if f"grid:maintenance:{n}" in app.session_state)
    fits = {"from": "2026-06-01 00:00", "to": "2026-06-01 01:00"}
    edit(app, "maintenance", {"edited_rows": {1: fits}}, number)
    assert workspace(app).document["pools"]["burst"]["up_share"] == {"day": [0, 1, 1]}
    assert "not in the plan yet" not in texts(app)


def test_a_share_above_one_and_a_pool_that_follows_its_name() -> None:
    app = opened("inventory", rich())
    edit(app, "maintenance", {"edited_rows": {0: {"up_share": "1.5"}}})
    assert workspace(app).document["pools"]["own-h100"]["up_share"] == {"day": [1, 1.5, 1]}
    assert "a share cannot be above 1" in texts(app)
    edit(app, "pools", {"edited_rows": {0: {"id": "fra-h100"}}})
    assert workspace(app).document["pools"]["fra-h100"]["up_share"] == {"day": [1, 1.5, 1]}


def test_the_profile_editor_and_the_rows_show_the_same() -> None:
    app = opened("inventory", rich(), "Maintenance: share of a pool that is up, by hour")
    edit(app, "profile:pools.own-h100.up_share.day", {"edited_rows": {1: {"value": "1"}}})
    assert workspace(app).document["pools"]["own-h100"]["up_share"] == {"day": [1, 1, 1]}
    assert any("No maintenance is entered" in one.value for one in app.info)


def test_the_price_of_uneven_use_is_a_part_of_the_policy() -> None:
    document = rich()
    del document["policy"]["balance"]
    app = opened("assumptions", document)
    assert not [one for one in app.selectbox if one.label == "Uneven use is"]
    app.text_input(key="field:policy.balance.weight_usd_per_hour:1").set_value("3").run()
    assert workspace(app).document["policy"]["balance"] == {"weight_usd_per_hour": 3}
    app.selectbox(key="field:policy.balance.form:1").set_value("squared").run()
    app.selectbox(key="field:policy.queue_form:1").set_value("exact").run()
    policy = workspace(app).document["policy"]
    assert policy["balance"] == {"weight_usd_per_hour": 3, "form": "squared"}
    assert policy["queue_form"] == "exact"
    assert "policy.queue_form" in texts(app), "gangs and exact curves together"
    app.text_input(key="field:policy.balance.weight_usd_per_hour:1").set_value("").run()
    assert "balance" not in workspace(app).document["policy"]
    assert not app.exception
