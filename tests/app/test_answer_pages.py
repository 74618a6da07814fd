"""Overview, Plan and Method: what they say in each state of the answer."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.analysis import registry
from hybridplan.analysis import sentences as say
from hybridplan.analysis.sentences import method
from hybridplan.domain import require
from hybridplan.io import exports
from hybridplan.plan import Plan, SolveStatus
from hybridplan.ui import cache
from hybridplan.ui.messages import safe
from hybridplan.ui.session import Workspace
from hybridplan.ui.views import parts, plan, verification

ANSWER_PAGES = ["overview", "plan", "tradeoffs", "resilience", "method"]


def workspace(app: AppTest) -> Workspace:
    return app.session_state["workspace"]


def texts(app: AppTest) -> str:
    """All that a page says, without the backslashes that keep names from being read as Markdown."""
    shown = [*app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.success, *app.header]
    return "\n".join(str(element.value) for element in shown).replace("\\", "")


def titles(app: AppTest) -> list[str]:
    """Titles of the charts on the page."""
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return [spec["layout"]["title"]["text"].replace("<br>", " ") for spec in specs]


def downloads(app: AppTest) -> list[str]:
    return [element.proto.label for element in app.get("download_button")]


def opened(app: AppTest, document: dict[str, Any], page: str = "overview") -> AppTest:
    """The app with another scenario in place of the demo, on this page."""
    app.run()
    ws = workspace(app)
    ws.commit(document, "Test", rebuild=True)
    ws.plan = None
    return app.switch_page(f"pages/{page}.py").run()


def solved(app: AppTest) -> AppTest:
    return app.button(key="solve").click().run()


def impossible() -> dict[str, Any]:
    """150 units that must be served, and 90 accelerators in all."""
    document = cache.bundled_document("reference_sunk")
    for name in document["pools"]:
        document["pools"][name]["capacity_accelerators"] = 45.0
    for work in document["workloads"].values():
        work["must_serve"] = True
    return document


def short() -> dict[str, Any]:
    """150 units of demand, and 90 accelerators in all: 60 are not served."""
    document = impossible()
    for work in document["workloads"].values():
        work["must_serve"] = False
    return document


def test_files_of_tables_have_the_headings_of_the_page(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, list[str]] = {}
    monkeypatch.setattr(parts, "download_table", lambda frame, name: saved.update({name: list(frame.columns)}))
    app.run()
    assert saved["plan-and-baselines"][:3] == ["Rule", "Largest share unserved (%)", "Cost (USD for the week)"]
    assert "Demand (units)" in saved["workloads"]


def test_the_overview_tells_the_decision_of_the_demo(app: AppTest) -> None:
    app.run()
    made = workspace(app).plan
    assert made is not None
    page = texts(app)
    assert say.decision.headline(made) in page
    for line in (say.decision.where(made), *say.savings.savings(made), *say.limits.binding(made)):
        assert line in page
    assert any(title.startswith("How full is each pool") for title in titles(app))
    assert any(title.startswith("What does the plan cost") for title in titles(app))
    assert workspace(app).scenario is not None
    assert workspace(app).scenario.lesson[:60] in page  # type: ignore[union-attr]


def test_money_on_pages_has_three_significant_digits(app: AppTest) -> None:
    """The metric of cost is a whole number with at most three digits that are not 0 at its end."""
    app.run()
    value = app.metric[0].value.split(" ")[0].replace(",", "")
    assert len(value.rstrip("0").replace(".", "")) <= 3


def test_unserved_work_stands_first(app: AppTest) -> None:
    solved(opened(app, short()))
    assert not app.exception
    page = texts(app)
    found = [header.value.replace("\\", "") for header in app.header]
    assert any(text.startswith("40 % of") for text in found[:2])
    assert "Not served: 60" in page
    assert "this is not a bill" in page


@pytest.mark.parametrize("tab", [tab for tab in plan.SECTIONS if tab != "switched"])
def test_each_section_of_the_plan_has_a_table_to_take_away(app: AppTest, tab: registry.Tab) -> None:
    """What is switched on and off has its own tests: the demo may have no such pool."""
    app.run()
    app.session_state["plan-section"] = registry.TABS[tab]
    app.switch_page("pages/plan.py").run()
    assert not app.exception
    assert "CSV" in downloads(app)
    assert "Whole plan (Excel)" in downloads(app)
    assert all(title.endswith("?") for title in titles(app))


@pytest.mark.parametrize("key", [key for key in cache.bundled() if key != cache.DEMO])
def test_every_bundled_scenario_shows_its_decision_and_every_section(app: AppTest, key: str) -> None:
    """One hour, several blocks with weights, rules that a baseline breaks."""
    solved(opened(app, cache.bundled_document(key)))
    assert not app.exception
    assert any("All demand is served for" in header.value for header in app.header)
    app.switch_page("pages/plan.py").run()
    scenario = workspace(app).scenario
    assert scenario is not None
    for tab in registry.tabs(scenario):
        app.session_state["plan-section"] = registry.TABS[tab]
        assert not app.run().exception, tab


def test_a_block_can_be_chosen_where_there_are_several(app: AppTest) -> None:
    solved(opened(app, cache.bundled_document("smart_city"), "plan"))
    choice = app.selectbox(key="block:where")
    assert len(choice.options) > 1
    app.selectbox(key="block:where").select_index(1).run()
    assert not app.exception


def test_the_method_page_gives_the_certificate_with_all_digits(app: AppTest) -> None:
    solved(opened(app, cache.bundled_document("reference_sunk"), "method"))
    assert not app.exception
    page = texts(app)
    assert "Checked: all" in page
    assert "65.0 USD" in page
    assert workspace(app).document != {}
    made = workspace(app).plan
    assert made is not None
    assert made.content_hash in page
    assert page.count("displaystyle") == len(method.formulation())


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_without_a_plan_a_page_says_what_to_do(app: AppTest, page: str) -> None:
    opened(app, cache.bundled_document("reference_sunk"), page)
    assert not app.exception
    assert "has not been solved yet" in texts(app)


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_faults_in_the_input_are_counted_and_nothing_breaks(app: AppTest, page: str) -> None:
    document = cache.bundled_document("reference_sunk")
    document["pools"]["private"]["capacity_accelerators"] = -1.0
    opened(app, document, page)
    assert not app.exception
    assert "has 1 fault, so it cannot be solved" in texts(app)


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_a_stale_plan_is_shown_and_called_stale(app: AppTest, page: str) -> None:
    app.run()
    ws = workspace(app)
    ws.commit({**ws.document, "policy": {**ws.document.get("policy", {}), "carbon_usd_per_tonne": 999.0}}, "Carbon")
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert "The inputs have changed since this plan was solved" in texts(app)


def test_while_a_solve_runs_the_page_says_so(app: AppTest, pool: Any) -> None:
    pool.is_slow = True
    app.run()
    assert not app.exception
    assert "The answer appears here when it is ready" in texts(app)


@pytest.mark.parametrize("page", ["overview", "plan"])
def test_an_impossible_scenario_offers_changes_joined_by_or(app: AppTest, page: str) -> None:
    solved(opened(app, impossible(), page))
    assert not app.exception
    page_text = texts(app)
    assert "No plan can meet every rule" in page_text
    assert "Any one of these changes would be enough" in page_text
    assert "- or " in page_text


@pytest.mark.parametrize(
    ("status", "words"),
    [(SolveStatus.NO_PLAN_IN_TIME, "No plan was found within"), (SolveStatus.FAILED, "none is shown")],
)
@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_a_solve_without_a_plan_shows_no_figure(app: AppTest, page: str, status: SolveStatus, words: str) -> None:
    app.run()
    ws = workspace(app)
    assert ws.plan is not None
    ws.plan = Plan(ws.plan.scenario, status, ws.plan.solver, ws.plan.routes)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert words in texts(app)
    assert not app.metric or page == "method"
    assert not app.get("plotly_chart")


def test_names_are_shown_as_they_are(app: AppTest) -> None:
    """A picture in a name would make every reader's browser call its host."""
    document = cache.bundled_document("reference_sunk")
    hostile = "![x](http://127.0.0.1/p.png) $a$ :red[b]"
    for kind in ("pools", "workloads", "sites"):
        for record in document[kind].values():
            record["name"] = hostile
    solved(opened(app, document))
    assert not app.exception
    shown = [str(element.value) for element in [*app.markdown, *app.header, *app.caption]]
    assert not any("![x](http" in text for text in shown)
    assert any(safe(hostile) in text for text in shown)


VERIFIED = [
    {"name": "Reference, owned cost sunk", "quantity": "objective", "expected": 65.0, "got": 65.0, "unit": "USD"}
    | {"tolerance": 6.5e-5, "passed": True, "source": "by hand", "gap": 0.0},
    {"name": "P1", "quantity": "objective", "expected": 1.0, "got": 2.0, "unit": "USD"}
    | {"tolerance": 1e-6, "passed": False, "source": "a book", "gap": 0.0},
]


def test_published_cases_are_solved_when_asked(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verification.Verified(VERIFIED, "", datetime(2026, 3, 2, 15, 20, tzinfo=UTC))
    monkeypatch.setattr(verification, "verified", lambda: found)
    app.run().switch_page("pages/method.py").run()
    assert "not solved here yet" in texts(app)
    app.button(key="verify").click().run()
    assert not app.exception
    page = texts(app)
    assert "1 of 2 published figures found again, at 15:20 UTC" in page
    assert "Solved here: 65 USD" in page


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (subprocess.TimeoutExpired("verify", 120), "Stopped after 120 seconds"),
        (OSError("no process"), "could not be solved"),
        (None, "could not be solved"),
    ],
)
def test_cases_that_cannot_run_say_so(monkeypatch: pytest.MonkeyPatch, fault: Exception | None, words: str) -> None:
    def run(*args: Any, **kwargs: Any) -> Any:
        if fault is not None:
            raise fault
        return subprocess.CompletedProcess(args, 1, stdout=b"Traceback", stderr=b"")

    monkeypatch.setattr(subprocess, "run", run)
    verification.verified.clear()
    assert words in verification.verified().error
    verification.verified.clear()


def test_a_table_download_keeps_all_digits() -> None:
    frame = pd.DataFrame({"usd": [1 / 3], "name": ["=cmd"]})
    assert exports.table_csv(frame).splitlines()[1] == f"{1 / 3!r},'=cmd"


def test_readings_match_the_scenarios_that_ship() -> None:
    """45, 65 and 65 USD, worked out by hand."""
    assert [reading.cost_usd for reading in method.readings()] == [45.0, 65.0, 65.0]
    assert all(reading.private + reading.public == 150 for reading in method.readings())
    assert require(cache.bundled_document("reference_sunk")).pools
