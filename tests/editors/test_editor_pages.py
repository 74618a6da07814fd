"""The three pages without a browser: what a grid reports, what a person uploads, and a shared view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from hybridplan.io import share_link
from hybridplan.ui.editors import sections
from hybridplan.ui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("inventory", "demand", "assumptions")
IMPORT = "drawer:Import a file"
THREE_BAD = b"""pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour
new-l4,fra-private,L4,owned,8,0.2
no-price,fra-private,L4,owned,8,free
no-option,fra-private,L4,rented,8,0.2
short-line,fra-private,L4
"""


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app.switch_page(f"pages/{page}.py").run()


def workspace(app: AppTest) -> Workspace:
    found = app.session_state["workspace"]
    assert isinstance(found, Workspace)
    return found


def edit(app: AppTest, table: str, changes: dict[str, Any], number: int = 1) -> AppTest:
    """Let the grid of a table report what was typed since it was built for the ``number``-th time."""
    empty: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"grid:{table}:{number}"] = {**empty, **changes}
    return app.run()


def texts(app: AppTest) -> str:
    """Everything in the tables of the page."""
    return "\n".join(frame.value.to_csv(index=False) for frame in app.dataframe)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_the_demo_without_a_fault(page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert workspace(app).document["name"] == "A hybrid AI estate: one week"


def test_typed_cells_reach_the_document_and_are_taken_back() -> None:
    app = edit(opened("inventory"), "pools", {"edited_rows": {0: {"capacity_accelerators": "72"}}})
    ws = workspace(app)
    assert ws.document["pools"]["fra-h100"]["capacity_accelerators"] == 72
    assert ws.next_undo == "Edit capacity of fra-h100"
    app.button(key="undo").click().run()
    assert workspace(app).document["pools"]["fra-h100"]["capacity_accelerators"] == 64
    assert not app.exception


def test_the_file_of_a_table_says_what_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, str] = {}
    monkeypatch.setattr(sections, "download_table", lambda frame, name: saved.update({name: frame.to_csv()}))
    opened_drawer("demand", "Promises: what goes on after a failure, how it is kept, and how soon")
    assert "what survives" in saved["promises"]
    assert "shared" not in saved["promises"]


def test_a_table_that_is_gone_changes_nothing_any_more() -> None:
    """A browser that has not heard yet of the new page sends once more what was typed, and was taken back since."""
    app = edit(opened("inventory"), "pools", {"edited_rows": {0: {"capacity_accelerators": "72"}}})
    typed = WidgetStates()
    widget = typed.widgets.add()
    widget.id = next(one.proto.id for one in app.dataframe if one.proto.id.endswith("grid:pools:1"))
    widget.string_value = json.dumps({"edited_rows": {"0": {"capacity_accelerators": "72"}}})
    app.switch_page("pages/plan.py").run()
    app.button(key="undo").click().run()
    app._run(typed)
    assert not app.exception
    assert workspace(app).document["pools"]["fra-h100"]["capacity_accelerators"] == 64


def test_invalid_cells_are_kept_and_listed_by_row_and_column() -> None:
    app = edit(opened("inventory"), "pools", {"edited_rows": {1: {"price_usd_per_accelerator_hour": "12k"}}})
    assert workspace(app).document["pools"]["fra-a100"]["price_usd_per_accelerator_hour"] == "12k"
    assert workspace(app).scenario is None
    listed = texts(app)
    assert "List price (USD per accelerator-hour)" in listed
    assert "'12k'" in listed
    assert not app.exception


def test_an_edit_survives_leaving_the_page() -> None:
    app = edit(opened("inventory"), "sites", {"edited_rows": {0: {"jurisdiction": "AT"}}})
    app.switch_page("pages/demand.py").run()
    app.switch_page("pages/inventory.py").run()
    assert workspace(app).document["sites"]["fra-private"]["jurisdiction"] == "AT"
    assert not app.exception


def test_a_renamed_site_is_followed_in_the_other_tables() -> None:
    app = edit(opened("inventory"), "sites", {"edited_rows": {0: {"id": "frankfurt"}}})
    document = workspace(app).document
    assert document["pools"]["fra-h100"]["site"] == "frankfurt"
    assert "frankfurt>aws-fra" in document["links"]
    assert workspace(app).scenario is not None
    assert workspace(app).next_undo == "Rename fra-private to frankfurt"


def test_a_removed_pool_is_back_after_undo() -> None:
    app = edit(opened("inventory"), "pools", {"deleted_rows": [0]})
    assert "fra-h100" not in workspace(app).document["pools"]
    app.button(key="undo").click().run()
    assert next(iter(workspace(app).document["pools"])) == "fra-h100"


def test_three_bad_lines_are_shown_and_the_good_one_is_applied_and_taken_back() -> None:
    app = opened("inventory")
    app.session_state[IMPORT] = True
    app.run()
    app.file_uploader(key="import-file:pools").upload("pools.csv", THREE_BAD, "text/csv").run()
    listed = texts(app)
    for line, reason in (("3", "free"), ("4", "rented"), ("5", "")):
        assert any(row.startswith(f"{line},") and reason in row for row in listed.splitlines()), listed
    app.button(key="import-apply:pools").click().run()
    assert not app.exception
    assert workspace(app).document["pools"]["new-l4"]["capacity_accelerators"] == 8
    assert set(workspace(app).document["pools"]) & {"no-price", "no-option", "short-line"} == set()
    app.button(key="undo").click().run()
    assert "new-l4" not in workspace(app).document["pools"]


def test_a_profile_is_scaled_and_a_cell_of_it_typed() -> None:
    app = opened("demand")
    before = workspace(app).document["workloads"]["chat-70b"]["demand_units_per_hour"]["week"]
    table = "profile:workloads.chat-70b.demand_units_per_hour.week"
    app = edit(app, table, {"edited_rows": {2: {"value": "1234"}}})
    after = workspace(app).document["workloads"]["chat-70b"]["demand_units_per_hour"]["week"]
    assert after == [*before[:2], 1234, *before[3:]]
    assert not app.exception


def test_more_periods_than_values_are_said_and_repeated_only_on_request() -> None:
    app = edit(opened("demand"), "blocks", {"edited_rows": {0: {"periods": "336"}}})
    works = workspace(app).document["workloads"]
    assert len(works["chat-70b"]["demand_units_per_hour"]["week"]) == 168
    button = next(one for one in app.button if one.label.startswith("Repeat"))
    button.click().run()
    profile = workspace(app).document["workloads"]["chat-70b"]["demand_units_per_hour"]["week"]
    assert len(profile) == 336
    assert profile[168:] == profile[:168]


def test_values_of_the_policy_are_typed_in_fields() -> None:
    app = opened("assumptions")
    app.text_input(key="field:policy.carbon_usd_per_tonne:1").set_value("85").run()
    assert workspace(app).document["policy"]["carbon_usd_per_tonne"] == 85
    app.text_input(key="field:policy.budget.usd:1").set_value("a lot").run()
    assert workspace(app).document["policy"]["budget"] == {"usd": "a lot"}
    assert "policy.budget.usd" in texts(app)
    app.text_input(key="field:policy.budget.usd:1").set_value("").run()
    assert "budget" not in workspace(app).document["policy"]
    assert not app.exception


def test_a_shared_view_shows_tables_and_offers_no_change() -> None:
    document = json.loads((ROOT / "data" / "scenarios" / "reference_sunk.json").read_text(encoding="utf-8"))
    for page in PAGES:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["z"] = share_link.pack(document)
        app.run()
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert workspace(app).read_only
        assert not app.get("arrow_data_frame_editor")
        assert not [one for one in app.button if one.key and one.key.startswith(("tool", "picker", "import"))]
        assert "own" in texts(app)


def opened_drawer(page: str, title: str) -> AppTest:
    app = opened(page)
    app.session_state[f"drawer:{title}"] = True
    return app.run()


def test_a_pool_from_the_catalogue_is_added_and_said() -> None:
    app = opened_drawer("inventory", "Add a pool from the catalogue")
    before = set(workspace(app).document["pools"])
    app.button(key="picker:add").click().run()
    added = set(workspace(app).document["pools"]) - before
    assert len(added) == 1
    assert any(next(iter(added)) in one.value.replace("\\", "") for one in app.success)
    app.button(key="undo").click().run()
    assert set(workspace(app).document["pools"]) == before
    assert not app.exception


def test_throughput_is_filled_by_model() -> None:
    app = opened_drawer("demand", "Fill throughput from the catalogue by model")
    app.selectbox(key="speed:model:chat-70b").set_value("llama-3.1-8b").run()
    app.button(key="speed:apply").click().run()
    work = workspace(app).document["workloads"]["chat-70b"]
    assert work["model"] == "llama-3.1-8b"
    assert work["throughput"]["H100"]["source"].startswith("llama-3.1-8b")
    assert workspace(app).scenario is not None
    assert not app.exception


def test_a_later_block_is_added_by_the_growth_tool() -> None:
    app = opened_drawer("demand", "Add, fill or remove a block (growth)")
    app.button(key="growth:add").click().run()
    blocks = workspace(app).document["horizon"]["blocks"]
    assert blocks["week-2"]["demand_factor"] == 2
    assert workspace(app).scenario is not None
    assert not app.exception


def test_the_shape_of_a_week_begins_at_the_mean_of_the_profile_that_is_chosen() -> None:
    app = opened("demand")
    works = workspace(app).document["workloads"]
    app.selectbox(key="tool:demand_units_per_hour").set_value("Take the shape of a real service week").run()
    for chosen in ("chat-70b", "inspection"):
        app.selectbox(key="profile:demand_units_per_hour").set_value(chosen).run()
        values = works[chosen]["demand_units_per_hour"]["week"]
        (mean,) = [one.value for one in app.number_input if one.label == "Mean of the block"]
        assert mean == pytest.approx(sum(values) / len(values))
    assert not app.exception


def test_the_chart_of_a_profile_calls_its_workload_by_name() -> None:
    specs = [json.loads(element.proto.spec) for element in opened("demand").get("plotly_chart")]
    titles = [spec["layout"]["title"]["text"].replace("<br>", " ") for spec in specs]
    assert "How much of Customer chat (70B) is asked for?" in titles


def test_an_owned_price_is_calculated_and_put_into_the_pool() -> None:
    """33,000 USD at 8 % over 4 years: 33,000 x 0.08 / (1 - 1.08^-4) = 9,963 USD a year; + 3,000 over 8,760 h = 1.48."""
    app = opened_drawer("assumptions", "What does an owned accelerator cost per hour?")
    app.button(key="capex-apply").click().run()
    pool = workspace(app).document["pools"]["fra-h100"]
    assert pool["price_usd_per_accelerator_hour"] == pytest.approx((9963.39 + 3000) / 8760, rel=1e-5)
    assert pool["price_source"].startswith("calculated: 33,000 USD each")
    assert not app.exception


def test_every_drawer_opens_without_a_fault() -> None:
    drawers = {
        "inventory": ("Import a file", "Maintenance: share of a pool that is up, by hour"),
        "demand": ("Import demand or a request trace", "Extra cost by route"),
    }
    for page, titles in drawers.items():
        for title in titles:
            assert not opened_drawer(page, title).exception, title


def test_an_empty_scenario_says_what_is_missing_on_every_page() -> None:
    for page in PAGES:
        app = opened(page)
        ws = workspace(app)
        ws.commit(
            {**ws.document, "sites": {}, "pools": {}, "workloads": {}, "links": {}, "commitments": {}},
            "Clear",
            rebuild=True,
        )
        app.run()
        assert not app.exception
        assert any("There is no" in one.value for one in app.info)


def test_a_trace_is_scaled_to_the_work_unit_and_repeated_only_on_request() -> None:
    """Three requests in the first 59 minutes: 3 x 60 / 59 = 3.0508 an hour, 0.0030508 thousand, in each hour."""
    trace = b"TIMESTAMP,ContextTokens,GeneratedTokens\n" + b"".join(
        b"2026-06-01 %02d:%02d:00.0000000,10,20\n" % (hour, minute) for hour, minute in ((0, 0), (0, 30), (0, 59))
    )
    app = opened_drawer("demand", "Import demand or a request trace")
    app.selectbox(key="import-kind:demand").set_value("trace").run()
    app.file_uploader(key="import-file:trace").upload("trace.csv", trace, "text/csv").run()
    app.selectbox(key="import:trace:workload").set_value("chat-70b").run()
    before = workspace(app).document
    app.button(key="import-apply:trace").click().run()
    assert workspace(app).document == before, "shorter than the week, and nothing was chosen"
    assert "choose repeat" in texts(app)
    app.selectbox(key="import:trace:short_trace").set_value("repeat").run()
    app.button(key="import-apply:trace").click().run()
    profile = workspace(app).document["workloads"]["chat-70b"]["demand_units_per_hour"]["week"]
    assert profile[0] == pytest.approx(3 * 60 / 59 / 1000)
    assert len(profile) == 168
    assert not app.exception
