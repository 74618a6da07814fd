"""Compare: from the list that begins with what is open to figures, charts and moves; what is said where none are."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from resilience_estate import promising
from shared_estate import estate, visit
from streamlit.testing.v1 import AppTest
from test_answer_pages import downloads, opened, short, texts, titles, workspace

from hybridplan.analysis.compare import Comparison
from hybridplan.domain import require
from hybridplan.store import new_key
from hybridplan.ui import cache
from hybridplan.ui.comparing import FULL, Chosen


def sunk() -> dict[str, Any]:
    return cache.bundled_document("reference_sunk")


def avoidable() -> dict[str, Any]:
    return cache.bundled_document("reference_avoidable")


def listed(app: AppTest) -> list[Chosen]:
    return app.session_state["slot:comparing"]


def choose(app: AppTest, example: str) -> AppTest:
    """Add a bundled example to the list."""
    app.selectbox(key="compare-example").set_value(example)
    return app.button(key="compare_add_example").click().run()


def result(pool: Any) -> Comparison:
    """The comparison that was asked for last."""
    found = [pool.found(key) for key in pool.submitted]
    return next(one for one in reversed(found) if isinstance(one, Comparison))


def test_one_scenario_alone_says_how_to_begin(app: AppTest) -> None:
    opened(app, avoidable(), "compare")
    assert not app.exception
    assert "Add a second scenario to begin" in texts(app)
    assert [one.scenario for one in listed(app)] == [None]
    assert "study_compare" not in [button.key for button in app.button]


def test_two_scenarios_are_compared(app: AppTest, pool: Any) -> None:
    """Avoidable: all 150 public, 45 USD. Sunk: 50 for 100 owned and 15 for 50 public: 65 USD, 20 more, 100 moved."""
    choose(opened(app, avoidable(), "compare"), "reference_sunk")
    app.button(key="study_compare").click().run()
    assert not app.exception
    said = texts(app)
    assert "costs 20 USD (44.4 %) more than" in said
    assert "owned cost" in said.lower()
    assert len(titles(app)) == 2
    names = [frame.value.columns.tolist() for frame in app.dataframe]
    assert any("figure" in columns for columns in names)
    assert any("accelerator_hours_before" in columns for columns in names)
    assert {"CSV", "Figures", "Hourly"} <= set(downloads(app))
    assert result(pool).waterfall["usd"].sum() == pytest.approx(20.0)
    app.segmented_control(key="compare-by").set_value("workload").run()
    assert not app.exception


def test_promises_and_rules_are_shown_with_names(app: AppTest, pool: Any) -> None:
    """Half of Chat goes on, then a quarter, if Frankfurt is lost: 4.5, then 2.25 accelerators at the peak stand by."""
    document = promising()
    document["workloads"]["chat"]["name"] = "Chat"
    other = deepcopy(document)
    other["name"] = "Less"
    other["workloads"]["chat"] |= {"promised_share": 0.25, "required_link_attributes": ["encryption_in_transit"]}
    for link in other["links"].values():
        link["attributes"] = ["encryption_in_transit"]
    other["policy"] |= {"min_providers": 0, "max_providers": 3}
    cache.library().save_new(other, name="Less", scenario_id=new_key(), save_id=new_key())
    opened(app, document, "compare")
    app.button(key="compare_add_saved").click().run()
    app.button(key="study_compare").click().run()
    assert not app.exception
    inputs = frame(app, "what")
    assert "path" not in inputs.columns
    assert {"what Chat needs of links", "most providers"} <= set(inputs["what"])
    needs = inputs.set_index("what").loc["what Chat needs of links"]
    assert "encryption in transit" in needs.tolist()
    figures = frame(app, "figure").set_index("figure")
    first, second = figures.columns[:2]
    assert figures.loc["All promises kept", [first, second]].tolist() == ["yes", "yes"]
    assert figures.loc["Promised: Chat", first] == "50 %, standby of its own"
    assert figures.loc["Left at worst: Chat", second] == "25 %, fire *in* Frankfurt"
    assert "Rent of standby (USD)" in figures.index
    assert {"Inputs", "Promises"} <= set(downloads(app))


def frame(app: AppTest, column: str) -> Any:
    """The table with this column."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_what_changes_is_compared_anew_and_the_first_can_be_another(app: AppTest, pool: Any) -> None:
    choose(opened(app, avoidable(), "compare"), "reference_sunk")
    app.button(key="study_compare").click().run()
    app.button(key="compare_first_1").click().run()
    assert listed(app)[1].scenario is None
    app.button(key="study_compare").click().run()
    assert "costs 20 USD (30.8 %) less than" in texts(app)
    app.button(key="compare_remove_0").click().run()
    assert len(listed(app)) == 1
    assert "Add a second scenario to begin" in texts(app)


def test_the_same_scenario_shows_no_moves(app: AppTest, pool: Any) -> None:
    document = sunk()
    document["description"] = "The same in other words"
    choose(opened(app, document, "compare"), "reference_sunk")
    app.button(key="study_compare").click().run()
    said = texts(app)
    assert "No work runs elsewhere" in said
    assert "Only texts differ" in said
    assert "Every term costs the same" in said
    assert titles(app) == []


def test_a_saved_version_and_a_point_are_added(app: AppTest) -> None:
    library = cache.library()
    library.save_new(sunk(), name="*Sunk* plan", scenario_id=new_key(), save_id=new_key())
    opened(app, avoidable(), "compare")
    app.button(key="compare_add_saved").click().run()
    assert not app.exception
    assert [one.name for one in listed(app)[1:]] == ["*Sunk* plan, version 1"]
    app.button(key="compare_add_saved").click().run()
    assert "is on the list already" in texts(app)
    assert len(listed(app)) == 2


def test_four_are_the_most(app: AppTest) -> None:
    opened(app, avoidable(), "compare")
    for example in ("reference_sunk", "reference_avoidable", "reference_owned_first"):
        choose(app, example)
    assert len(listed(app)) == 4
    assert "compare_add_example" not in [button.key for button in app.button]
    assert FULL.startswith("4 scenarios")


def test_errors_leave_what_is_open_out(app: AppTest) -> None:
    choose(opened(app, avoidable(), "compare"), "reference_sunk")
    document = avoidable()
    document["pools"][next(iter(document["pools"]))]["site"] = "nowhere"
    workspace(app).commit(document, "Broken", rebuild=True)
    app.run()
    assert not app.exception
    assert "has errors, so it is left out" in texts(app)
    assert "study_compare" not in [button.key for button in app.button]


def test_one_without_a_plan_is_said(app: AppTest) -> None:
    document = short()
    for work in document["workloads"].values():
        work["must_serve"] = True
    require(document)
    choose(opened(app, document, "compare"), "reference_sunk")
    app.button(key="compare_first_1").click().run()
    app.button(key="study_compare").click().run()
    assert not app.exception
    assert "has no plan" in texts(app)


def test_a_shared_view_is_compared_with_examples_and_shows_no_library(root: Path) -> None:
    """The link's version is ``reference_sunk``, 65 USD; avoidable costs 45."""
    app = visit(root, "compare", s=estate().link())
    assert "compare_add_saved" not in [button.key for button in app.button]
    assert "save this version to the library" not in texts(app)
    choose(app, "reference_avoidable")
    app.button(key="study_compare").click().run()
    assert not app.exception
    assert "costs 20 USD (30.8 %) less than" in texts(app)


def test_names_are_read_as_text(app: AppTest) -> None:
    document = avoidable()
    document["name"] = "![x](http://host/p.png) <b>open</b>"
    choose(opened(app, document, "compare"), "reference_sunk")
    app.button(key="study_compare").click().run()
    assert not app.exception
    assert not any("![x](" in str(element.value) for element in [*app.markdown, *app.subheader, *app.caption])
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["y"]
    assert any("&lt;b&gt;" in label for label in bars)
    assert not any("<b>" in label for label in bars)
