"""The frame of a page of tabs: one tab for each way to ask about a plan, and only the open one is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import session, tabs
from hybridplan.ui.messages import safe
from hybridplan.ui.views import empty, parts
from hybridplan.ui.workspace import Workspace

Section = Callable[[Workspace, Plan], None]
"""Draws one tab. It is given a plan with tables, and asks its questions of the scenario of that plan: what is typed
meanwhile is not solved yet."""


def show(page: str, sections: Mapping[str, Section], nothing: str) -> None:
    """Draw a page of questions about the plan. ``nothing``: what is said where there is no pool or no workload."""
    ws = session.workspace()
    plan = parts.plan_to_show(ws)
    if plan is None:
        return
    if not plan.scenario.workloads or not plan.scenario.pools:
        begin = "" if ws.read_only else " Add them on Inventory and Demand and solve, or load the demo."
        empty.first_steps(f"{nothing}{begin}")
        parts.link_to("inventory")
        parts.link_to("demand")
        return
    draw(page, plan.scenario, {code: partial(one, ws, plan) for code, one in sections.items()})


def draw(page: str, scenario: Scenario, sections: Mapping[str, Callable[[], None]]) -> None:
    """Draw the tabs of a page, and what stands in the open one. ``sections``: by code of the tab."""
    titles = tabs.shown(page, scenario)
    drawn = st.tabs([safe(title) for title in titles.values()], key=tabs.key(page), on_change="rerun")
    for tab, code in zip(drawn, titles, strict=True):
        if tab.open:
            with tab:
                sections[code]()
