"""Resilience: what goes on after a failure, drills, and random failures; and what it says where nothing is given."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from resilience_estate import promising
from streamlit.testing.v1 import AppTest
from test_answer_pages import downloads, opened, solved, texts, titles

from hybridplan.ui import cache


def on_tab(app: AppTest, document: dict[str, Any], tab: str) -> AppTest:
    """The page of this scenario, solved, with this tab open."""
    app.run()
    app.session_state["resilience-section"] = tab
    solved(opened(app, document, "resilience"))
    assert not app.exception
    return app


def frame(app: AppTest, column: str) -> pd.DataFrame:
    """The table with this column."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_promises_say_what_goes_on_who_takes_over_and_what_stands_by(app: AppTest) -> None:
    """9 accelerators of Chat at the peak: half of that, 4.5, takes over in the cloud. Notes stop."""
    on_tab(app, promising(), "Promises")
    left = frame(app, "worst").set_index("name")
    assert left.loc["Chat", "worst"] == pytest.approx(50)
    assert left.loc["Chat", "kept"] == "kept"
    assert left.loc["Notes", "worst"] == pytest.approx(0)
    assert pd.isna(left.loc["Notes", "promised"])
    (row,) = frame(app, "most_accelerators").to_dict("records")
    assert (row["name"], row["lost"], row["pool_name"], row["order"]) == ("Chat", "fra-h100", "cloud-h100", 1)
    assert row["most_accelerators"] == pytest.approx(4.5)
    assert frame(app, "rent")["most"].tolist() == pytest.approx([4.5])
    assert "On standby for Chat: up to 4.5 H100 in cloud-h100" in texts(app)
    (held,) = frame(app, "most_taken_over").to_dict("records")
    assert (held["pool_name"], held["failure"]) == ("cloud-h100", "fire *in* Frankfurt")
    assert held["most_taken_over"] == pytest.approx(4.5)
    assert downloads(app).count("CSV") == 4
    assert all(title.endswith("?") for title in titles(app))


def test_the_ladder_of_forms_is_worked_out_when_asked(app: AppTest) -> None:
    """By form: none 0 more; each other form rents 4.5 at the peak and half of what runs at other hours."""
    on_tab(app, promising(), "Promises")
    app.button(key="study_promise_forms").click().run()
    assert not app.exception
    rows = frame(app, "extra").set_index("form")
    assert list(rows.index) == [
        "No promise",
        "What survives or starts in time (cold)",
        "What survives (shared)",
        "Standby of its own (dedicated)",
    ]
    assert rows.loc["No promise", "extra"] == 0
    assert rows.loc["No promise", "broken"] == 1
    assert (rows["broken"].iloc[1:] == 0).all()
    assert rows["extra"].is_monotonic_increasing
    assert "With the promises as they stand the plan costs" in texts(app)
    assert "Without promises 1 of 1 promise" in texts(app)


@pytest.mark.parametrize("form", ["shared", "cold"])
def test_shared_and_cold_promises_say_how_they_are_kept(app: AppTest, form: str) -> None:
    document = promising(form)
    document["pools"]["burst"]["ramp_up_accelerators_per_hour"] = 6.0
    said = texts(on_tab(app, document, "Promises"))
    if form == "shared":
        assert "Chat: kept by what survives (shared)" in said
        assert "flagged as an assumption" not in said
    else:
        assert "flagged as an assumption: it counts on cloud-h100 being there to rent within 30 minutes" in said


def test_a_drill_begins_at_the_worst_hour_and_says_what_is_kept(app: AppTest) -> None:
    """At 04:00 Chat has its peak of 9 accelerators; 16,200 of its 32,400 requests an hour go on. Notes stop."""
    on_tab(app, promising(), "Drill")
    said = texts(app)
    assert "Every promise is kept." in said
    assert "Mon 01 Jun 2026, 04:00, after the fire *in* Frankfurt: 50 % of Chat goes on from Cloud West" in said
    assert "(1,020 ms instead of 1,000 ms); Notes stops." in said
    assert "Lost: fra-h100." in said
    assert "A promise for Notes would let it go on" in said
    rows = frame(app, "verdict").set_index("name")
    assert rows.loc["Chat", ["before", "after", "promised"]].tolist() == pytest.approx([32400, 16200, 16200])
    assert rows.loc["Chat", ["latency_before", "latency_after"]].tolist() == pytest.approx([1000, 1020])
    assert rows.loc["Notes", "unserved"] == pytest.approx(3600)
    assert "This is the worst hour" in said


def test_another_hour_offers_the_way_back_to_the_worst(app: AppTest) -> None:
    on_tab(app, promising(), "Drill")
    hour = next(box for box in app.selectbox if box.label.startswith("Hour"))
    hour.select_index(0).run()
    assert "02:00, after the fire" in texts(app)
    app.button(key="drill:worst").click().run()
    assert not app.exception
    assert "04:00, after the fire" in texts(app)


def test_the_hour_stays_when_another_tab_or_page_is_opened(app: AppTest) -> None:
    on_tab(app, promising(), "Drill")
    next(box for box in app.selectbox if box.label.startswith("Hour")).select_index(0).run()
    app.session_state["resilience-section"] = "Promises"
    app.run()
    app.switch_page("pages/plan.py").run().switch_page("pages/resilience.py").run()
    app.session_state["resilience-section"] = "Drill"
    app.run()
    assert not app.exception
    assert "02:00, after the fire" in texts(app)


def test_work_without_a_promise_runs_on_where_it_can(app: AppTest) -> None:
    """Only standby of Chat is provisioned in the cloud, and Chat has it: Notes find nothing."""
    on_tab(app, promising(), "Drill")
    app.toggle(key="drill:keep:False").set_value(True).run()
    assert not app.exception
    assert "runs on where it survives" in texts(app)


def test_where_nothing_is_promised_all_work_runs_on_where_it_can_at_first(app: AppTest) -> None:
    """Nothing is provisioned in the cloud, so both stop either way; no hour is called the worst for promised work."""
    document = promising()
    for field in ("promised_share", "promise_form", "recovery_minutes"):
        del document["workloads"]["chat"][field]
    on_tab(app, document, "Drill")
    assert app.toggle(key="drill:keep:True").value
    assert "This is the worst hour: most work runs on what is lost." in texts(app)
    assert len(app.info) == 1
    assert "Nothing is promised." in texts(app)
    assert not app.success
    assert "A promise for each of Chat and Notes would let them go on; they have none." in texts(app)


def test_the_hour_is_solved_anew_when_asked(app: AppTest) -> None:
    """Renting more, the cloud's 24 accelerators serve all that 9 + 1 did: nothing stops."""
    on_tab(app, promising(), "Drill")
    app.segmented_control(key="drill:answer").set_value("best_rented").run()
    app.button(key="study_drill").click().run()
    assert not app.exception
    rows = frame(app, "verdict").set_index("name")
    assert rows["percent"].tolist() == pytest.approx([100, 100])
    assert "Chat goes on fully from Cloud West" in texts(app)
    assert downloads(app).count("CSV") == 2


def test_without_failures_it_says_what_a_promise_is_and_where_to_begin(app: AppTest) -> None:
    document = promising()
    document["policy"] = {}
    for tab in ("Promises", "Drill", "Random failures"):
        said = texts(on_tab(app, document, tab))
        assert "A promise says how much of a workload goes on after one failure" in said
        assert "in the table “Failures to survive”" in said


def test_without_promises_it_still_says_what_each_failure_leaves(app: AppTest) -> None:
    document = promising()
    document["workloads"]["chat"]["promised_share"] = 0.0
    said = texts(on_tab(app, document, "Promises"))
    assert "“Promised after a failure (share, 0 to 1)”" in said
    assert frame(app, "worst")["worst"].tolist() == pytest.approx([0, 0])


def test_random_failures_need_rates(app: AppTest) -> None:
    document = promising()
    del document["policy"]["contingencies"]["dark"]["failures_per_year"]
    said = texts(on_tab(app, document, "Random failures"))
    assert "“Failures (per year)”" in said
    assert not app.number_input


def test_random_failures_are_replayed_and_held_against_the_objective(app: AppTest) -> None:
    """Two fires of 12 hours a year: half of Chat is lost in 24 of 8,760 hours, 0.14 %; the objective is 99.99 %."""
    on_tab(app, promising(), "Random failures")
    app.number_input(key="replay:runs").set_value(200).run()
    app.button(key="study_replay").click().run()
    assert not app.exception
    said = texts(app)
    assert "Chat misses its objective" in said
    rows = frame(app, "objective").set_index("name")
    assert rows.loc["Chat", "objective"] == "99.99 %"
    assert rows.loc["Chat", "available"].startswith("99.8")
    assert all(title.endswith("?") for title in titles(app))


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Promises", "What is held ready, and its rent"),
        ("Drill", "What happens in one hour if one thing fails?"),
        ("Random failures", "How much is served over the years, when everything fails and is repaired at random?"),
        ("Rules by site", "Which site keeps which rule, and does anything lie where it must not?"),
    ],
)
def test_the_demo_answers_on_every_tab(app: AppTest, tab: str, said: str) -> None:
    on_tab(app, cache.bundled_document(cache.DEMO), tab)
    assert said in [*texts(app).splitlines(), *(heading.value for heading in app.header)]
    assert not app.error
