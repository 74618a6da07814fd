"""Resilience: what goes on when something fails; one tab for each way to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from hybridplan.plan import Plan
from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import (
    empty,
    parts,
    resilience_coverage,
    resilience_drill,
    resilience_failures,
    resilience_promises,
)
from hybridplan.ui.workspace import Workspace

Section = Callable[[Workspace, Plan], None]

_NOTHING: Final = "Nothing can fail yet: there has to be at least one pool and one workload."
_BEGIN: Final = "Add them on Inventory and Demand and solve, or load the demo."

SECTIONS: Final[dict[str, Section]] = {
    "Promises": resilience_promises.show,
    "Drill": resilience_drill.show,
    "Random failures": resilience_failures.show,
    "Rules by site": resilience_coverage.show,
}
"""Titles of the tabs and what draws them, in the order of the tabs. A section is given a plan with tables, and asks its
questions of the scenario of that plan: what is typed meanwhile is not solved yet."""


def show() -> None:
    """Draw the page; only the section that is open is worked out."""
    ws = session.workspace()
    plan = parts.plan_to_show(ws)
    if plan is None:
        return
    if not plan.scenario.workloads or not plan.scenario.pools:
        empty.first_steps(_NOTHING if ws.read_only else f"{_NOTHING} {_BEGIN}")
        parts.link_to("inventory")
        parts.link_to("demand")
        return
    tabs = st.tabs([safe(title) for title in SECTIONS], key=parts.RESILIENCE_TAB, on_change="rerun")
    for tab, section in zip(tabs, SECTIONS.values(), strict=True):
        if tab.open:
            with tab:
                section(ws, plan)
