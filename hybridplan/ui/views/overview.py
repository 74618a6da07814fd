"""Overview: the decision in a minute. What is not served, what runs where, what it costs, what limits us, what next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import key_figures, labels
from hybridplan.analysis.sentences import (
    NextStep,
    decision,
    evidence,
    limits,
    next_step,
)
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import figures, parts, sliders
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Workspace


def show() -> None:
    """Draw the page."""
    ws = session.workspace()
    plan = parts.plan_to_show(ws)
    if plan is None or plan.tables is None:
        _about(ws.scenario)
        return
    _headline(plan)
    _key_figures(plan, plan.tables)
    _what_if(ws, plan)
    _decided(plan, plan.tables)
    _limits_and_next(plan)
    _baselines(plan)
    block = parts.block_choice(labels.blocks(plan.scenario), "overview")
    figure = figures.heatmap(plan, plan.tables, block, parts.look())
    parts.chart(figure, "overview-heatmap", "Utilisation of each pool over time")
    _about(plan.scenario)


def _about(scenario: Scenario | None) -> None:
    if scenario is None or not (scenario.description or scenario.lesson):
        return
    st.header("About this scenario", anchor=False)
    if scenario.description:
        parts.paragraph(scenario.description)
    if scenario.lesson:
        st.markdown(f"**What it teaches.** {safe(scenario.lesson)}")


def _headline(plan: Plan) -> None:
    missing = decision.shortfalls(plan)
    st.header(safe(decision.headline(plan)), anchor=False)
    if missing:
        st.warning("\n".join(f"- {safe(line)}" for line in decision.unserved(plan)), icon=":material/warning:")


def _key_figures(plan: Plan, tables: PlanTables) -> None:
    shown = _four_figures(plan, tables)
    parts.tiles(shown)


@kept
def _four_figures(plan: Plan, tables: PlanTables) -> list[tuple[str, str, str]]:
    """Name, value and note of the key figures."""
    return [(one.name, one.value, one.note) for one in key_figures.key_figures(plan, tables)]


def _what_if(ws: Workspace, plan: Plan) -> None:
    drawer = st.expander("What if?", key="overview-what-if", icon=":material/tune:", on_change="rerun")
    if drawer.open:
        with drawer:
            sliders.draw(ws, plan, is_compact=True)
            parts.link_to("tradeoffs", "See over time on Trade-offs")


def _decided(plan: Plan, tables: PlanTables) -> None:
    st.header("What was decided", anchor=False)
    parts.bullets(_decision_lines(plan))
    st.caption(safe(" ".join([_estimates(plan), *evidence.prices(plan.scenario, _today())])))
    with st.expander("Workload by workload", icon=":material/list:"):
        columns = {
            "name": Column("Workload"),
            "served_percent": Column("Served (%)", "%.1f"),
            "runs_on": Column("Runs on (share of what is served)"),
            "demanded": Column("Demand (units)", "%.4g"),
            "unit": Column("Unit"),
        }
        parts.table(_by_workload(plan, tables), columns, "workloads")


@kept
def _decision_lines(plan: Plan) -> list[str]:
    return key_figures.decided(plan)


@kept
def _estimates(plan: Plan) -> str:
    return evidence.estimates(plan)


@kept
def _limit_lines(plan: Plan) -> list[str]:
    return limits.binding(plan)


@kept
def _next_step(plan: Plan, today: date) -> NextStep:
    return next_step(plan, today)


@kept
def _by_workload(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    return key_figures.by_workload(plan, tables)


def _limits_and_next(plan: Plan) -> None:
    left, right = st.columns(2)
    with left:
        st.header("What limits us", anchor=False)
        parts.bullets(_limit_lines(plan))
        if len(plan.shadow_prices):
            st.caption(safe(limits.validity(plan)))
    with right:
        st.header("What to do next", anchor=False)
        step = _next_step(plan, _today())
        with st.container(border=True):
            parts.paragraph(step.text)
            st.caption(safe(step.change))
            parts.link_to(step.page)
        parts.link_to("plan", "See the whole plan")


def _baselines(plan: Plan) -> None:
    if not plan.baselines:
        return
    st.header("Against simple rules", anchor=False)
    period = parts.period_choice("overview")
    parts.chart(
        figures.cost_by_term(plan, period, parts.look()), "overview-cost", "Cost by term, plan and simple rules"
    )
    figures.say_if_penalties_hide(plan)
    parts.table(key_figures.against_rules(plan, period), baseline_columns(plan, period), "plan-and-baselines")
    st.caption("Sunk cost of owned capacity and existing commitments are charged in every row.")


def baseline_columns(plan: Plan, period: fmt.Period) -> dict[str, Column]:
    """Headings of :func:`key_figures.against_rules`."""
    unit = key_figures.money_unit(plan, period)
    return {
        "name": Column("Rule"),
        "unserved_percent": Column("Largest share unserved (%)", "%.2f"),
        "cost_usd": Column(f"Cost ({unit})", "localized"),
        "penalty_usd": Column(f"Penalty ({unit})", "localized"),
        "saving_usd": Column(f"Plan saves ({unit})", "localized", "With penalties; only where the same work is served"),
        "breaks": Column("Limits it breaks"),
    }


def _today() -> date:
    return datetime.now(UTC).date()
