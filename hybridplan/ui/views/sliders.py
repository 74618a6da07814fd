"""Sliders that move the numbers of a scenario, and what is solved for where they stand."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from hybridplan.analysis import labels
from hybridplan.analysis.sentences import what_if as words
from hybridplan.analysis.what_if import Moves, movable
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.plan import Plan
from hybridplan.ui import moving, session, solving
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.views import parts, slider_figures
from hybridplan.ui.workspace import Workspace

_IN_ROW: Final = 3
"""Sliders side by side; on a phone they stand below each other in the same order."""
_STEP_S: Final = 0.2
_PATIENCE_S: Final = 4.0
"""A state that takes longer is asked for again and again from outside the run, so that the page goes on."""
_POLL_S: Final = 0.4
_FACTOR: Final = {"min_value": 0.5, "max_value": 2.0, "step": 0.05, "format": "× %.2f"}
_SLIDERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "demand": ("Demand", _FACTOR),
    "rented_prices": ("Rented prices", _FACTOR),
    "latency": ("Latency objectives", _FACTOR),
    "owned": ("Owned capacity", {**_FACTOR, "min_value": 0.0}),
    "promise": ("Promised share", {"min_value": -20.0, "max_value": 20.0, "step": 1.0, "format": "%+.0f points"}),
}
_HELP: Final = {
    "demand": "All demand and all volumes times this",
    "rented_prices": "Prices of what is rented by the hour times this; commitments keep their fee",
    "latency": "Every latency objective times this: below 1 is stricter",
    "carbon_usd_per_tonne": "Charged on every tonne of CO₂e of the plan",
    "owned": "Accelerators of all owned pools times this, at the same cost per accelerator and hour",
    "promise": "Added to the share of work that is promised to go on after a failure, in percentage points",
}


def draw(ws: Workspace, base: Plan, *, is_compact: bool = False) -> None:
    """Sliders and what is solved for them; only this part runs again when one is moved."""
    st.fragment(_live)(base, is_compact)


def _live(base: Plan, is_compact: bool) -> None:
    if _kept():
        _kept().clear()
        st.rerun()
    ws, now = session.workspace(), moving.of(base)
    wanted = _controls(ws, now)
    try:
        now.want(wanted)
    except InvalidInput as error:
        show_issues(error.issues, title="These values cannot be solved")
    bar = st.container(horizontal=True)
    _wait(now)
    with bar:
        _buttons(ws, base, now)
    _answer(now, is_compact)


def _controls(ws: Workspace, now: moving.Moving) -> Moves:
    """The sliders, first where those of another page stand; a scenario has those that change something in it."""
    scenario, values = now.base.scenario, dict[str, float]()
    fields = movable(scenario)
    columns = [column for _ in range(0, len(fields), _IN_ROW) for column in st.columns(min(_IN_ROW, len(fields)))]
    for field, column in zip(fields, columns, strict=False):
        label, options = _SLIDERS.get(field) or _carbon(scenario)
        key = _key(now, field)
        if session.widget(key) is None:  # drawn for the first time, or after another page
            session.choose(key, _value(scenario, now.wanted, field))
        with column:
            values[field] = st.slider(safe(label), **options, key=key, help=_HELP[field], disabled=bool(ws.solving))
    return _moves(scenario, values)


def _moves(scenario: Scenario, values: dict[str, float]) -> Moves:
    price = values.get("carbon_usd_per_tonne")
    return Moves(
        demand=values.get("demand", 1.0),
        rented_prices=values.get("rented_prices", 1.0),
        latency=values.get("latency", 1.0),
        carbon_usd_per_tonne=None if price in (None, scenario.policy.carbon_usd_per_tonne) else price,
        owned=values.get("owned", 1.0),
        promise=round(values.get("promise", 0.0) / 100.0, 4),
    )


def _value(scenario: Scenario, moves: Moves, field: str) -> float:
    """Where the slider of a field stands."""
    if field == "carbon_usd_per_tonne":
        price = moves.carbon_usd_per_tonne
        return scenario.policy.carbon_usd_per_tonne if price is None else price
    value: float = getattr(moves, field)
    return value * 100.0 if field == "promise" else value


def _carbon(scenario: Scenario) -> tuple[str, dict[str, Any]]:
    top = max(500.0, 2.0 * scenario.policy.carbon_usd_per_tonne)
    return "Carbon price (USD/t)", {"min_value": 0.0, "max_value": top, "step": 5.0}


def _key(now: moving.Moving, field: str) -> str:
    """Of each page and each plan its own: a widget takes its value along to no other, nor back to an earlier plan where
    the run that should have dropped it was broken off.
    """
    return f"move:{session.page()}:{field}:{now.turn}"


def _buttons(ws: Workspace, base: Plan, now: moving.Moving) -> None:
    is_still = now.shown.moves.is_neutral and not now.key
    st.button(
        "Reset", key="moves_reset", icon=":material/restart_alt:", disabled=is_still, on_click=_reset, args=(base,)
    )
    if ws.read_only:
        return
    st.button(
        "Keep these values",
        key="moves_keep",
        icon=":material/check:",
        disabled=is_still or ws.is_stale or bool(now.key),
        help="Makes them those of your scenario, and solves it (can be undone)",
        on_click=_keep,
        args=(base, now.shown.moves),
    )


def _reset(base: Plan) -> None:
    now = moving.of(base)
    for field in movable(base.scenario):
        session.choose(_key(now, field), _value(base.scenario, Moves(), field))


def _keep(base: Plan, moves: Moves) -> None:
    """Nothing where another slider was moved since the button was drawn: those values have not been seen yet."""
    now = moving.of(base)
    if now.key or now.shown.moves != moves:
        return
    moving.keep(base.scenario, moves, words.change(base.scenario, moves))
    solving.begin(session.workspace())
    _kept().append(True)


def _kept() -> list[bool]:
    """Not empty in the run that a click on Keep began: that is one of this part alone, and the whole page changed."""
    return session.slot("moves_kept", list)


def _wait(now: moving.Moving) -> None:
    """Say what is shown, and what is worked out; wait for that. The page keeps the last state meanwhile.

    There is always one line here: without it all that follows would move up and be drawn anew.
    """
    place, patience = st.empty(), _PATIENCE_S
    while now.key and patience > 0:
        # Said at each step, since a move of another slider can only break in where something is said.
        waiting = words.waiting(now.base.scenario, now.wanted, now.shown.moves)
        place.info(safe(waiting), icon=":material/hourglass_top:")
        state = now.wait(_STEP_S)
        patience -= _STEP_S
        if state.phase == "failed":
            place.error(safe(state.error), icon=":material/error:")
            return
        if state.phase in ("cancelled", "unknown"):
            place.info("Given up for another solve of yours. Move a slider to try again.", icon=":material/info:")
            return
    if now.key:
        st.fragment(_poll, run_every=_POLL_S)()
    else:
        place.success(safe(words.shown(now.base.scenario, now.shown.moves)), icon=":material/tune:")


def _poll() -> None:
    """Runs by itself while a long one is worked out."""
    plan = session.workspace().plan
    if plan is None or not moving.of(plan).wait(0.0).is_live:
        st.rerun()


def _answer(now: moving.Moving, is_compact: bool) -> None:
    """Draw the state that is shown, after all of it is made: its parts change together."""
    base, plan = now.base, now.shown.plan
    if not plan.status.has_plan or plan.tables is None:
        st.error(safe(words.no_plan(plan)), icon=":material/block:")
        return
    block = "" if is_compact else next(iter(labels.blocks(plan.scenario)))
    shown = slider_figures.answer(base, plan, now.shown.moves, parts.look(), block)
    st.markdown(f"**{safe(shown.headline)}**")
    parts.tiles(shown.tiles)
    parts.chart(shown.costs, "what-if-terms", "Cost by term, as it stands and with these values")
    if shown.busy is not None:
        parts.chart(shown.busy, "what-if-time", "Busy accelerators by purchase option, with these values")
