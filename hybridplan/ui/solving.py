"""Solving from the pages: the button, the badge, progress with Cancel, and the plan that comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from hybridplan.analysis.sentences import Badge, badge, status
from hybridplan.domain import Scenario
from hybridplan.jobs import JobState, get_pool
from hybridplan.plan import Plan
from hybridplan.ui import session
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.workspace import Workspace

_POLL_S: Final = 0.25
_PATIENCE_S: Final = 1.2
"""A solve that ends within this is shown in the run that began it, without a poll."""
_COLOURS: Final = {"good": "green", "caution": "orange", "bad": "red", "neutral": "gray"}
_ICONS: Final = {
    "good": ":material/verified:",
    "caution": ":material/history:",
    "bad": ":material/error:",
    "neutral": ":material/pending:",
}


def begin(ws: Workspace) -> None:
    """Submit the scenario as it stands; an older solve of this visitor is given up."""
    scenario = ws.scenario
    if scenario is not None:
        ws.solving = get_pool().submit(scenario, session.visitor())
        ws.solve_note = ""


def refresh(ws: Workspace) -> None:
    """Bring ``ws.plan`` up to date: begin the first solve, take in what has ended, and kept plans of these inputs."""
    began = ws.wants_solve
    if ws.wants_solve:
        ws.wants_solve = False
        begin(ws)
    if ws.solving:
        _settle(ws, get_pool().wait(ws.solving, session.visitor(), _PATIENCE_S if began or _was_asked() else 0.0))
    scenario = ws.scenario
    if scenario is not None and (ws.plan is None or ws.is_stale):
        ws.plan = get_pool().result(scenario.content_hash) or _retitled(ws.plan, scenario)


def known(scenario: Scenario) -> Plan | None:
    """The plan of a scenario where somebody solved it here lately; nothing is solved for it."""
    return get_pool().result(scenario.content_hash)


def draw(ws: Workspace) -> None:
    """The Solve button, the state of the answer beside it, and progress while a solve is under way."""
    is_current = ws.plan is not None and not ws.is_stale
    st.button(
        "Solve",
        key="solve",
        type=main_button(not is_current),
        icon=":material/play_arrow:",
        shortcut="Mod+Enter",
        disabled=ws.scenario is None,
        on_click=_ask,
        help=None if ws.scenario else "Mend the errors on the page first",
    )
    if ws.solving:
        st.fragment(_progress, run_every=_POLL_S)()
        return
    shown = state_badge(ws)
    st.badge(safe(shown.text), icon=_ICONS[shown.tone], color=_COLOURS[shown.tone])  # type: ignore[arg-type]


def state_badge(ws: Workspace) -> Badge:
    """What the badge says: the plan's own proof, or that it is stale, or why there is none."""
    if ws.plan is not None and not ws.is_stale:
        return badge(ws.plan)
    if ws.plan is not None:
        return Badge(status.stale(), "caution")
    if ws.scenario is None:
        return Badge(status.no_plan(None, _errors(ws)), "bad")
    return badge(None)


def _ask() -> None:
    begin(session.workspace())
    _asked().append(True)


def _was_asked() -> bool:
    was = bool(_asked())
    _asked().clear()
    return was


def _asked() -> list[bool]:
    """Not empty in the run that a click on Solve began."""
    return session.slot("solve_asked", list)


def _progress() -> None:
    """Runs by itself while a solve is under way; when it ends the whole page runs once more."""
    ws = session.workspace()
    state = get_pool().state(ws.solving, session.visitor()) if ws.solving else JobState("unknown")
    if not state.is_live:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Cancel", key="cancel_solve", icon=":material/stop:", on_click=_cancel)
        st.badge(safe(_progress_text(state)), icon=":material/hourglass_top:", color="blue")


def _progress_text(state: JobState) -> str:
    if state.phase == "queued":
        return f"Waiting, number {state.position} in the queue"
    return f"Solving, {state.seconds:.0f} s. {state.message}"


def _cancel() -> None:
    get_pool().cancel(session.visitor())


def _settle(ws: Workspace, state: JobState) -> None:
    if state.is_live:
        return
    ws.solving = ""
    if state.phase == "done":
        ws.plan, ws.solve_note = state.plan, ""
    elif state.phase == "failed":
        ws.solve_note = state.error
    else:
        ws.solve_note = status.cancelled()


def _retitled(plan: Plan | None, scenario: Scenario) -> Plan | None:
    """The plan as that of ``scenario`` where the two differ in words only: a new name asks for no new solve."""
    if plan is None or _numbers(plan.scenario) != _numbers(scenario):
        return plan
    return replace(plan, scenario=scenario)


def _numbers(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in scenario.to_dict().items() if key not in ("name", "description", "lesson")}


def _errors(ws: Workspace) -> int:
    return sum(issue.severity == "error" for issue in ws.issues)
