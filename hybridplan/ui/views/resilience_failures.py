"""Random failures: everything fails and is repaired at its own rate, over many runs; achieved against promised."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import drills, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.analysis.drills import Replay
from hybridplan.analysis.drills.replaying import STUDY
from hybridplan.analysis.sentences import replays as sentences
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, replay_figures
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column
from hybridplan.ui.views.resilience_empty import lacks_failures
from hybridplan.ui.workspace import Workspace

_NO_RATES: Final = "No failure has a rate, so none would happen."
_ADD_RATES: Final = (
    "On Assumptions, in the table “Failures to survive”, fill in “Failures (per year)” and “Repaired after (hours, "
    "mean)”, and solve."
)
_OBJECTIVE: Final = (
    "No workload has an objective for its availability, so nothing is held against one. It is given on Demand, "
    "under “Promises”, as “To be served over time (share, 0 to 1)”."
)


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    scenario = plan.scenario
    if plan.tables is None or lacks_failures(ws, scenario):
        return
    parts.paragraph("How much is served over the years, when everything fails and is repaired at random?")
    if not any(one.failures_per_year > 0 for one in scenario.policy.contingencies.values()):
        st.info(safe(_NO_RATES if ws.read_only else f"{_NO_RATES} {_ADD_RATES}"), icon=":material/info:")
        parts.link_to("assumptions")
        return
    _rates(ws, scenario)
    asked = _asked(scenario)
    if asked is None:
        return
    found = studying.run(STUDY, scenario, _options(plan, **asked), key="replay", label="Replay failures")
    if isinstance(found, Replay):
        _draw(scenario, found)


def _rates(ws: Workspace, scenario: Scenario) -> None:
    """The rates that are replayed."""
    failures = scenario.policy.contingencies
    rows = pd.DataFrame(
        {
            "failure": labels.named(failures, labels.contingencies(scenario)),
            "per_year": [one.failures_per_year for one in failures.values()],
            "repair": [one.repair_hours for one in failures.values()],
        }
    )
    columns = {
        "failure": Column("Failure"),
        "per_year": Column("Failures per year", "%.3g", "In the mean; 0: never"),
        "repair": Column("Repair (hours)", "%.3g", "In the mean"),
    }
    parts.table(rows, columns, "failure-rates")
    if not ws.read_only:
        parts.link_to("assumptions", "Change the rates on Assumptions")


def _asked(scenario: Scenario) -> dict[str, Any] | None:
    """Years, runs, seed; None where a field is empty."""
    columns = st.columns(3)
    years = columns[0].number_input(
        "Years in each run", 0.1, 100.0, 1.0, format="%g", key="replay:years", persist_state="session"
    )
    runs = columns[1].number_input("Runs", 10, 100_000, 1000, step=100, key="replay:runs", persist_state="session")
    seed = columns[2].number_input(
        "Seed",
        0,
        2**31 - 1,
        1,
        step=1,
        key="replay:seed",
        persist_state="session",
        help="The same seed gives the same failures again.",
    )
    nothing = not promises.promised(scenario)
    keep = st.toggle(
        "Work without a promise runs on where it can", nothing, key=f"replay:keep:{nothing}", persist_state="session"
    )
    if years is None or runs is None or seed is None:
        return None
    return {"years": float(years), "runs": int(runs), "seed": int(seed), "keep_unpromised": keep}


@kept
def _options(plan: Plan, years: float, runs: int, seed: int, keep_unpromised: bool) -> dict[str, Any]:
    return drills.replay_options(plan, years=years, runs=runs, seed=seed, keep_unpromised=keep_unpromised)


def _draw(scenario: Scenario, found: Replay) -> None:
    parts.bullets(sentences.summary(found, scenario))
    if not (found.works["availability_objective_share"].astype(float) > 0).any():
        st.info(safe(_OBJECTIVE), icon=":material/info:")
    replay_figures.availability(scenario, found)
    parts.table(replay_figures.works(scenario, found), replay_figures.WORKS, "availability")
    st.caption(safe(sentences.how()))
    st.header("What failed, and what that took", anchor=False)
    parts.table(replay_figures.failures(scenario, found), replay_figures.FAILURES, "failures-replayed")
    parts.table(replay_figures.losses(scenario, found), replay_figures.LOSSES, "losses")
    with st.expander("The worst runs, failure by failure", icon=":material/table_rows:"):
        events = replay_figures.events(scenario, found)
        parts.table(events, replay_figures.events_columns(scenario), "worst-runs")
    st.caption(safe(f"{fmt.NO_VALUE}: not known, or no objective."))
