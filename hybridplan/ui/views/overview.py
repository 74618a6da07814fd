"""Overview: the decision in a minute. What is not served, what runs where, what it costs, what limits us, what next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from hybridplan.analysis import allocation, cost, energy, labels, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import (
    NextStep,
    decision,
    elastic,
    evidence,
    latency,
    limits,
    next_step,
    savings,
)
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import figures, parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column
from hybridplan.units import per_year

_LATENCY_LINES = 3
"""Further workloads stand under Latency on the Plan page."""


def show() -> None:
    """Draw the page."""
    ws = session.workspace()
    plan = parts.plan_to_show(ws)
    if plan is None or plan.tables is None:
        _about(ws.scenario)
        return
    _headline(plan)
    _key_figures(plan, plan.tables)
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
    currency, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    usd = sum(plan.cost_usd.values())
    busy = float(plan.quantities["busy_accelerator_hours"].sum())
    rows = utilisation.by_pool(plan.scenario, tables, plan.routes)
    paid = rows.loc[rows["basis"] == "available"]
    base = float(paid["base_accelerator_hours"].sum())
    return [
        (
            f"Cost of {fmt.span(hours)}",
            fmt.money(usd, currency),
            f"{fmt.money(per_year(usd, hours), currency)} per year",
        ),
        (
            "Per busy accelerator-hour",
            fmt.money(usd / busy, currency) if busy > 0 else fmt.NO_VALUE,
            f"{fmt.number(busy)} hours busy",
        ),
        (
            "Owned and committed, busy",
            fmt.share(float(paid["busy_accelerator_hours"].sum()) / base) if base > 0 else fmt.NO_VALUE,
            f"of {fmt.number(base)} accelerator-hours",
        ),
        _carbon(plan),
    ]


def _carbon(plan: Plan) -> tuple[str, str, str]:
    """Carbon and energy of the plan; a dash where no pool in use has a rate, because that is not 0."""
    name = "CO₂e (location-based)"
    missing, used = energy.pools_without_rates(plan), int((plan.quantities["busy_accelerator_hours"] > 0).sum())
    if len(missing) == used:
        return name, fmt.NO_VALUE, "power or grid carbon not given"
    part = f", {len(missing)} of {used} pools without rates" if missing else ""
    kwh = fmt.number(float(plan.quantities["energy_kwh"].sum()))
    return name, f"{fmt.number(float(plan.quantities['carbon_tonnes'].sum()))} t", f"{kwh} kWh{part}"


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
    """What runs where, how fast, at what cost, and what slow scaling adds to it."""
    fast, slow = latency.summary(plan)[:_LATENCY_LINES], elastic.slow_scaling(plan)
    return [decision.where(plan), *fast, *decision.cost(plan), *([slow] if slow else []), *savings.savings(plan)]


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
    """One row per workload: how much is served, and where it runs."""
    names = labels.workloads(plan.scenario)
    served = allocation.service(plan.scenario, tables)
    served["name"] = labels.named(served["workload"], names)
    starts = [f"{name}: " for name in served["name"]]
    lines = zip(decision.by_workload(plan), starts, strict=True)
    served["runs_on"] = [line.removeprefix(start) for line, start in lines]
    served["served_percent"] = served["served_share"] * 100
    return served


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
    parts.table(baseline_table(plan, period), baseline_columns(plan, period), "plan-and-baselines")
    st.caption("Sunk cost of owned capacity and existing commitments are charged in every row.")


def baseline_table(plan: Plan, period: fmt.Period) -> pd.DataFrame:
    """The plan and the baselines in one table, money in the display currency with three significant digits."""
    rows = figures.money(plan, cost.against_baselines(plan), ["cost_usd", "penalty_usd", "saving_usd"], period)
    names = figures.plan_names(plan)
    rows["name"] = [names[str(code)] for code in rows["name"]]
    rows["unserved_percent"] = rows["unserved_share"] * 100
    found = [(), *(row.breaks for row in plan.baselines.values())]
    rows["breaks"] = [savings.broken_limits(plan.scenario, breaks) for breaks in found]
    for column in ("cost_usd", "penalty_usd", "saving_usd"):
        rows[column] = rows[column].map(fmt.round_significant)
    return rows


def baseline_columns(plan: Plan, period: fmt.Period) -> dict[str, Column]:
    """Headings of :func:`baseline_table`."""
    unit = figures.money_unit(plan, period)
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
