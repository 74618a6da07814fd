"""A point of a frontier as a plan: opened as the visitor's own scenario, or put on the list of what is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from hybridplan.analysis import frontier_points
from hybridplan.analysis.frontier import Frontier
from hybridplan.analysis.sentences import frontier as words
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import comparing, session, solving
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.frontier_chart import POINT
from hybridplan.ui.workspace import Workspace

_SLOT: Final = "frontier_opened"


@dataclass(eq=False)
class _Opened:
    """The scenario whose frontier is shown while a point of it is open, and the content hash of that point."""

    scenario: Scenario | None = None
    point: str = ""
    words: str = ""
    said: str = ""
    """What the last click on a button did, in words; shown once."""


def base(plan: Plan) -> Scenario:
    """The scenario whose frontier is asked for: that of the plan, or the one of which the plan is a point."""
    opened = session.slot(_SLOT, _Opened)
    if opened.scenario is not None and opened.point == plan.content_hash:
        return opened.scenario
    return plan.scenario


def draw(ws: Workspace, plan: Plan, scenario: Scenario, found: Frontier) -> None:
    """The list of points, and what can be done with the chosen one."""
    numbers = [n for n, point in enumerate(found.points) if point.objective_usd is not None]
    knee = next((place for place, n in enumerate(numbers) if found.points[n].is_knee), 0)
    if session.widget(POINT) not in numbers:
        session.choose(POINT, numbers[knee])
    chosen = st.selectbox(
        "A point (or click on one in the chart)",
        numbers,
        format_func=lambda n: words.choice(found, found.points[n], scenario.display_currency),
        key=POINT,
    )
    place = chosen if chosen in numbers else numbers[knee]
    with st.container(horizontal=True):
        if not ws.read_only:
            st.button(
                "Open this point",
                key="frontier_open",
                icon=":material/open_in_new:",
                disabled=bool(ws.solving) or ws.is_stale,
                help=safe(words.opening(found)),
                on_click=_open,
                args=(scenario, found, place),
            )
        st.button(
            "Add to Compare",
            key="frontier_compare",
            icon=":material/compare_arrows:",
            on_click=_compare,
            args=(scenario, found, place),
        )
    _say(plan, scenario)


def _say(plan: Plan, scenario: Scenario) -> None:
    opened = session.slot(_SLOT, _Opened)
    if opened.scenario is scenario and opened.point == plan.content_hash:
        st.success(safe(words.is_open(opened.words)), icon=":material/check:")
    if opened.said:
        st.info(safe(opened.said), icon=":material/compare_arrows:")
        parts.link_to("compare")
        opened.said = ""


def _open(scenario: Scenario, found: Frontier, place: int) -> None:
    """One undoable change: the limit of the point, and the solve of it."""
    ws, opened = session.workspace(), session.slot(_SLOT, _Opened)
    one = frontier_points.at_point(scenario, found, found.points[place])
    opened.scenario, opened.point = scenario, one.content_hash
    opened.words = words.opened(scenario, found, found.points[place])
    ws.commit(one.to_dict(), opened.words, rebuild=True)
    solving.begin(ws)


def _compare(scenario: Scenario, found: Frontier, place: int) -> None:
    one = frontier_points.at_point(scenario, found, found.points[place])
    name = words.opened(scenario, found, found.points[place])
    session.slot(_SLOT, _Opened).said = comparing.add(name, one, source="frontier") or words.compared(name)
