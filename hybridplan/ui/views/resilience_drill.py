"""Drill: one failure in one hour, before and after, as the plan has it ready or answered anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hybridplan.analysis import drills, frames, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.analysis.drills import Drill
from hybridplan.analysis.drills.best_answer import STUDY
from hybridplan.analysis.sentences import drills as sentences
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import session, studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import drill_figures, parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.resilience_empty import lacks_failures
from hybridplan.ui.workspace import Workspace

Answer = Literal["stored", "best", "best_rented"]
_ANSWERS: Final[dict[Answer, str]] = {
    "stored": "As the plan has it ready",
    "best": "Solved anew",
    "best_rented": "Solved anew, renting more",
}


@dataclass(frozen=True)
class Hour:
    """When the failure happens."""

    block: str
    start: pd.Timestamp


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    if plan.tables is None or lacks_failures(ws, plan.scenario):
        return
    parts.paragraph("What happens in one hour if one thing fails?")
    failure, hour = _asked(plan)
    answer: Answer = (
        st.segmented_control(
            "Answer",
            list(_ANSWERS),
            default="stored",
            required=True,
            format_func=_ANSWERS.__getitem__,
            key="drill:answer",
            persist_state="session",
        )
        or "stored"
    )
    nothing = not promises.promised(plan.scenario)
    keep = answer == "stored" and st.toggle(
        "Work without a promise runs on where it can", nothing, key=f"drill:keep:{nothing}", persist_state="session"
    )
    st.caption(safe(sentences.how(answer, keep_unpromised=keep)))
    drill = _stored(plan, failure, hour, keep) if answer == "stored" else _anew(plan, failure, hour, answer)
    if drill is not None:
        _draw(plan.scenario, drill)


def _asked(plan: Plan) -> tuple[str, Hour]:
    """The failure and the hour; the hour begins at the worst one, anew where a plan has another one."""
    scenario = plan.scenario
    names = labels.contingencies(scenario)
    first, *others = st.columns(3 if len(scenario.horizon.blocks) > 1 else 2, vertical_alignment="bottom")
    with first:
        chosen = st.selectbox(
            "Failure", list(names), format_func=names.__getitem__, key="drill:failure", persist_state="session"
        )
    failure = chosen if chosen in names else next(iter(names))
    worst = _worst(plan, failure)
    hour = _hour(plan, _key(failure, worst), worst, others)
    if hour != worst:
        when = labels.moment(scenario, worst.start)
        st.button(
            safe(f"Go to the worst hour ({when})"),
            key="drill:worst",
            icon=":material/priority_high:",
            on_click=_go_to,
            args=(failure, worst),
        )
    else:
        what = "promised work" if promises.promised(scenario) else "work"
        st.caption(f"This is the worst hour: most {what} runs on what is lost.")
    return failure, hour


def _hour(plan: Plan, key: str, worst: Hour, columns: list[DeltaGenerator]) -> Hour:
    """The hour that is chosen, of the block that is chosen where there are several."""
    blocks, block = labels.blocks(plan.scenario), worst.block
    if len(blocks) > 1:
        found = columns[0].selectbox(
            "Block",
            list(blocks),
            list(blocks).index(worst.block),
            format_func=blocks.__getitem__,
            key=f"{key}:block",
            persist_state="session",
        )
        block = found if found in blocks else worst.block
    starts = _starts(plan, block)
    first = worst.start if worst.block == block else next(iter(starts))
    start = columns[-1].selectbox(
        safe(f"Hour ({labels.zone(plan.scenario).key})"),
        list(starts),
        list(starts).index(first),
        format_func=starts.__getitem__,
        key=f"{key}:hour:{block}",
        persist_state="session",
    )
    return Hour(block, start if start in starts else first)


def _key(failure: str, worst: Hour) -> str:
    return f"drill:{failure}:{worst.block}:{worst.start.isoformat()}"


def _go_to(failure: str, worst: Hour) -> None:
    key = _key(failure, worst)
    session.choose(f"{key}:block", worst.block)
    session.choose(f"{key}:hour:{worst.block}", worst.start)


@kept
def _worst(plan: Plan, failure: str) -> Hour:
    block, start = drills.worst_hour(plan, failure)
    return Hour(block, pd.Timestamp(start).tz_convert("UTC"))


@kept
def _starts(plan: Plan, block: str) -> dict[pd.Timestamp, str]:
    """Starts of the periods of a block, in local time."""
    times = frames.periods(plan.scenario)
    starts = times.loc[times["block"] == block, "period_start"]
    return {start: labels.moment(plan.scenario, start) for start in starts}


@kept
def _drilled(plan: Plan, failure: str, block: str, start: str, keep: bool) -> Drill:
    return drills.stored(plan, failure, block, pd.Timestamp(start), keep_unpromised=keep)


def _stored(plan: Plan, failure: str, hour: Hour, keep: bool) -> Drill:
    return _drilled(plan, failure, hour.block, hour.start.isoformat(), keep)


def _anew(plan: Plan, failure: str, hour: Hour, answer: Answer) -> Drill | None:
    """The best answer, worked out by a worker when it is asked for."""
    rent_more = answer == "best_rented"
    asked = drills.scenario_of_hour(plan, failure, hour.block, hour.start, rent_more=rent_more)
    found = studying.run(STUDY, asked, key="drill", label="Solve this hour anew")
    if not isinstance(found, Plan):
        return None
    return drills.reoptimised(plan, failure, hour.block, hour.start, rent_more=rent_more, answer=found)


def _draw(scenario: Scenario, drill: Drill) -> None:
    said = safe(sentences.verdict(drill))
    if not (drill.status.has_plan and drill.works["kept_promise"].all()):
        st.warning(said, icon=":material/warning:")
    elif promises.promised(scenario):
        st.success(said, icon=":material/check_circle:")
    else:
        st.info(said, icon=":material/info:")
    if not drill.status.has_plan:
        return
    parts.bullets(sentences.summary(drill, scenario))
    drill_figures.before_and_after(scenario, drill)
    st.header("Workload by workload", anchor=False)
    parts.table(drill_figures.works(scenario, drill), drill_figures.WORKS, "drill")
    with st.expander("Every route, before and after", icon=":material/table_rows:"):
        parts.table(drill_figures.routes(scenario, drill), drill_figures.ROUTES, "drill-routes")
    st.caption(
        f"Latency is round trip + service time, in the mean over what is served; {fmt.NO_VALUE}: nothing is served."
    )
