"""The Plan page, Overview and Method for a scenario of every feature: queues, elastic pools, jobs, whole things."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from feature_scenarios import FEATURES, curves, elastic, jobs, plain, queues, whole
from streamlit.testing.v1 import AppTest

from hybridplan.analysis import registry, result_tables
from hybridplan.analysis import sentences as say
from hybridplan.io import exports
from hybridplan.plan import Plan, SolveStatus
from hybridplan.ui.session import Workspace
from hybridplan.ui.views import figures


def workspace(app: AppTest) -> Workspace:
    return app.session_state["workspace"]


def texts(app: AppTest) -> str:
    """All that a page says, without the backslashes that keep names from being read as Markdown."""
    shown = [*app.markdown, *app.caption, *app.warning, *app.info, *app.header]
    return "\n".join(str(element.value) for element in shown).replace("\\", "")


def titles(app: AppTest) -> list[str]:
    """Titles of the charts on the page."""
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return [spec["layout"]["title"]["text"].replace("<br>", " ") for spec in specs]


def on_plan(app: AppTest, document: dict[str, Any], tab: registry.Tab, page: str = "plan") -> Plan:
    """The plan of another scenario in place of the demo, with this tab open."""
    app.run()
    ws = workspace(app)
    ws.commit(document, "Test", rebuild=True)
    ws.plan = None
    app.session_state["plan-section"] = registry.TABS[tab]
    app.switch_page(f"pages/{page}.py").run()
    app.button(key="solve").click().run()
    assert not app.exception
    made = workspace(app).plan
    assert made is not None
    assert made.status.has_plan, made.solver.message
    return made


def test_costs_by_pool_are_bills_without_penalties(app: AppTest) -> None:
    """Waiting is a penalty of each pool it happens on; what pools cost adds up to the cost of the plan without it."""
    document = queues()
    document["workloads"]["chat"]["congestion_usd_per_unit_second"] = 1.0
    made = on_plan(app, document, "cost")
    assert made.penalty_usd["congestion"] > 0
    shown = figures.cost_lines(made)["plan"]
    assert shown["usd"].sum() == pytest.approx(sum(made.cost_usd.values()))
    assert "congestion" not in set(shown["term"])
    assert "Penalties are left out here: they are no bills." in texts(app)


def tab_names(app: AppTest) -> list[str]:
    return [tab.label for tab in app.tabs]


@pytest.mark.parametrize("name", FEATURES)
def test_every_tab_of_every_feature_can_be_opened(app: AppTest, name: str) -> None:
    made = on_plan(app, FEATURES[name](), "where")
    shown = registry.tabs(made.scenario)
    assert tab_names(app) == [registry.TABS[tab] for tab in shown]
    for tab in shown:
        app.session_state["plan-section"] = registry.TABS[tab]
        assert not app.run().exception, tab
        assert all(title.endswith("?") for title in titles(app)), tab
        if tab not in ("flows", "limits"):
            # No data crosses a link here, and a limit may be worth nothing: then there is no table.
            assert "CSV" in [element.proto.label for element in app.get("download_button")], tab


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize("page", ["overview", "method"])
def test_other_pages_of_every_feature(app: AppTest, name: str, page: str) -> None:
    made = on_plan(app, FEATURES[name](), "where", page)
    assert not app.exception
    if page == "overview":
        for line in (*say.latency.summary(made)[:3], say.elastic.slow_scaling(made)):
            assert line in texts(app)
    else:
        for line in say.evidence.certificate(made):
            assert line in texts(app)


def test_tabs_of_features_that_do_not_occur_are_left_out(app: AppTest) -> None:
    """A tab that was open stays away in a scenario without its feature, and nothing breaks."""
    on_plan(app, plain(), "switched")
    assert not {"Switched on", "Jobs"} & set(tab_names(app))
    app.run()
    assert not app.exception


def test_latency_with_queues(app: AppTest) -> None:
    made = on_plan(app, queues(), "latency")
    page = texts(app)
    assert titles(app) == [
        "Is every request fast enough?",
        "How fast is Chat, hour by hour?",
        "Which pools are near enough for each workload?",
    ]
    for line in (*say.latency.summary(made), *say.latency.trust(made)):
        assert line in page
    assert "time to first token" in page
    app.selectbox(key="latency-workload").select("assist").run()
    assert "How fast is Assistant, hour by hour?" in titles(app)


def test_latency_without_queues_shows_floors_alone(app: AppTest) -> None:
    on_plan(app, plain(), "latency")
    assert titles(app) == ["Which pools are near enough for each workload?"]


def test_curved_terms_name_their_solver_and_are_no_bills(app: AppTest) -> None:
    made = on_plan(app, curves(), "full")
    assert made.kind == "conic"
    assert say.decision.balance(made) in texts(app)
    app.switch_page("pages/method.py").run()
    assert "Solver: Clarabel" in texts(app)


def test_what_is_switched_on_and_the_price_of_slow_scaling(app: AppTest) -> None:
    made = on_plan(app, elastic(), "switched")
    assert titles(app) == ["When is capacity switched on, and what waits idle?"]
    words = say.elastic.slow_scaling(made)
    assert words.startswith("Slow scaling costs")
    assert words in texts(app)
    assert app.metric[0].label == "Price of slow scaling"
    assert all(line in texts(app) for line in say.elastic.idle(made))


def test_when_jobs_run_what_they_follow_and_what_more_accelerators_gain(app: AppTest) -> None:
    made = on_plan(app, jobs(), "jobs")
    assert titles(app) == [
        "When does each job run?",
        "Does Training wait for Preparation?",
        "What do more accelerators gain for Training?",
    ]
    assert "Too much, window w:" in texts(app)
    assert all(line in texts(app) for line in say.jobs.summary(made))


def test_whole_things_have_conditional_prices_and_nodes_of_the_plan(app: AppTest) -> None:
    made = on_plan(app, whole(), "limits")
    assert made.kind == "mixed_integer"
    assert "with the whole numbers held fixed" in texts(app)
    app.session_state["plan-section"] = registry.TABS["nodes"]
    app.run()
    assert "The plan itself counts whole nodes in cloud-h100." in texts(app)


def test_a_search_that_was_stopped_never_says_cheapest(app: AppTest) -> None:
    """The same plan, told that its search was stopped."""
    made = on_plan(app, whole(), "where", "overview")
    stopped = replace(
        made, status=SolveStatus.WITHIN_GAP, baselines={}, solver=replace(made.solver, stopped_early=True)
    )
    workspace(app).plan = stopped
    app.run()
    assert not app.exception
    page = texts(app)
    assert "Best found in" in page
    assert "Cheapest" not in page


def test_a_limit_leads_to_the_tab_where_it_is_seen(app: AppTest) -> None:
    on_plan(app, elastic(), "limits")
    app.button(key="see:limits:Switched on").click().run()
    assert not app.exception
    assert titles(app) == ["When is capacity switched on, and what waits idle?"]


def test_the_workbook_holds_the_further_tables(app: AppTest) -> None:
    made = on_plan(app, whole(), "where")
    book = openpyxl.load_workbook(io.BytesIO(exports.plan_excel(made, result_tables.tables(made))))
    assert {"Latency", "Switched on", "Jobs"} <= set(book.sheetnames)
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["price of slow scaling"] == pytest.approx(say_price(made))
    proof = {row[0]: row[1] for row in book["Certificate"].iter_rows(values_only=True)}
    assert proof["bound without whole numbers"] == made.certificate.relaxation_bound_usd  # type: ignore[union-attr]


def say_price(plan: Plan) -> float:
    assert plan.objective_usd is not None
    assert plan.instant_objective_usd is not None
    return plan.objective_usd - plan.instant_objective_usd
