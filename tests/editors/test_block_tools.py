"""Blocks: one more like another, filled from another, removed; by hand and on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documents import small
from streamlit.testing.v1 import AppTest

from hybridplan.domain import parse, require
from hybridplan.errors import InvalidInput
from hybridplan.ui.editors import block_changes
from hybridplan.ui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
DRAWER = "drawer:Add, fill or remove a block (growth)"


def grown(**fields: Any) -> dict[str, Any]:
    start = block_changes.later(small(), small()["horizon"]["blocks"]["day"]["start"], 2)
    return block_changes.added(small(), "day", "later", {"start": start, **fields})


def test_a_block_brings_profiles_windows_and_maintenance_with_it() -> None:
    """Two days later at twice the demand, counted 13 times: its window begins on 3 June."""
    scenario = require(grown(label="Q3", demand_factor=2.0, weight=13, price_factor=None))
    block = scenario.horizon.blocks["later"]
    assert (block.start.isoformat(), block.demand_factor, block.weight) == ("2026-06-03T00:00:00+02:00", 2.0, 13)
    assert (block.label, block.price_factor) == ("Q3", scenario.horizon.blocks["day"].price_factor)
    assert scenario.workloads["chat"].demand_units_per_hour["later"] == (10.0, 20.5, 30.0)
    assert scenario.pools["own-h100"].up_share["later"] == (1.0, 0.5, 1.0)
    window = scenario.workloads["train"].windows["w1-later"]
    assert (window.start.isoformat(), window.volume_units) == ("2026-06-03T00:00:00+02:00", 12.0)


def test_the_clock_of_the_zone_counts() -> None:
    """182 days after midnight of 1 June in Berlin (+02:00) it is midnight of 30 November (+01:00)."""
    document = small()
    document["horizon"]["time_zone"] = "Europe/Berlin"
    start = block_changes.later(document, "2026-06-01T00:00:00+02:00", 182)
    assert start == "2026-11-30T00:00:00+01:00"
    scenario = require(block_changes.added(document, "day", "winter", {"start": start}))
    assert scenario.workloads["train"].windows["w1-winter"].start.isoformat() == start


@pytest.mark.parametrize(
    ("new", "fields", "word"),
    [
        ("day", {}, "already"),
        ("a b", {}, "no id"),
        ("later", {"start": "soon"}, "no time"),
        ("later", {"start": "2026-06-01T01:00:00+02:00"}, "overlaps block day"),
        ("later", {"weight": 0.0}, "above 0"),
        ("later", {"demand_factor": -1.0}, "above 0"),
    ],
)
def test_what_cannot_be_a_block_is_refused_in_words(new: str, fields: dict[str, Any], word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        block_changes.added(small(), "day", new, {"start": "2026-07-01T00:00:00+02:00", **fields})


def test_a_block_is_filled_from_another() -> None:
    """Demand of the later block is changed and taken from the first one again; its own window goes."""
    document = grown()
    document["workloads"]["chat"]["demand_units_per_hour"]["later"] = [1, 1, 1]
    document["workloads"]["train"]["windows"]["w1-later"]["volume_units"] = 99
    again = require(block_changes.filled(document, "day", "later"))
    assert again.workloads["chat"].demand_units_per_hour["later"] == (10.0, 20.5, 30.0)
    assert again.workloads["train"].windows["w1-later"].volume_units == 12.0


def test_blocks_of_unlike_periods_are_not_filled() -> None:
    document = grown()
    document["horizon"]["blocks"]["later"]["periods"] = 2
    with pytest.raises(InvalidInput, match="3 periods of 1 hours"):
        block_changes.filled(document, "day", "later")


def test_a_removed_block_leaves_nothing_behind() -> None:
    """Added and removed again: the document is what it was."""
    back = block_changes.removed(grown(), "later")
    assert require(back) == require(small())
    assert parse(block_changes.removed(grown(), "day"))[0] is not None


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/demand.py").run()
    app.session_state[DRAWER] = True
    return app.run()


def workspace(app: AppTest) -> Workspace:
    found: Workspace = app.session_state["workspace"]
    return found


def test_a_block_is_added_filled_removed_and_taken_back_on_the_page() -> None:
    app = opened()
    app.text_input(key="growth:label").set_value("Q3")
    app.number_input(key="growth:weight").set_value(13.0)
    app.number_input(key="growth:price").set_value(0.9)
    app.number_input(key="growth:factor").set_value(1.2)
    app.button(key="growth:add").click().run()
    assert not app.exception
    block = workspace(app).document["horizon"]["blocks"]["week-2"]
    assert (block["label"], block["weight"], block["price_factor"], block["demand_factor"]) == ("Q3", 13, 0.9, 1.2)
    assert workspace(app).scenario is not None
    app.button(key="fill:apply").click().run()
    app.selectbox(key="remove:block").select_index(1).run()
    app.button(key="remove:apply").click().run()
    assert not app.exception
    assert list(workspace(app).document["horizon"]["blocks"]) == ["week"]
    app.button(key="undo").click().run()
    assert "week-2" in workspace(app).document["horizon"]["blocks"]


def test_the_next_block_begins_as_a_copy_of_the_last() -> None:
    """A second click copies what the first one made, and begins after it: twice and four times the demand."""
    app = opened()
    app.button(key="growth:add").click().run()
    app.button(key="growth:add").click().run()
    assert not app.exception
    blocks = workspace(app).document["horizon"]["blocks"]
    assert [block.get("demand_factor", 1) for block in blocks.values()] == [1, 2, 4]
    assert workspace(app).scenario is not None


def test_an_overlap_is_said_and_changes_nothing() -> None:
    app = opened()
    before = workspace(app).document
    app.number_input(key="growth:days").set_value(3)
    app.button(key="growth:add").click().run()
    assert not app.exception
    assert workspace(app).document == before
    assert any("overlaps block week" in frame.value.to_csv() for frame in app.dataframe)
