"""What is said first about a plan, on the Overview page and in the report alike: figures, lines and tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hybridplan.analysis import allocation, cost, energy, labels, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import decision, elastic, latency, promises, purchasing, savings
from hybridplan.plan import Plan, PlanTables

_LATENCY_LINES = 3
"""Further workloads stand under latency."""


@dataclass(frozen=True)
class KeyFigure:
    """A figure with its unit, what it is, and a note."""

    name: str
    value: str
    note: str


def key_figures(plan: Plan, tables: PlanTables) -> list[KeyFigure]:
    """Cost, cost per busy accelerator-hour, use of what is paid for anyway, carbon."""
    currency, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    usd = sum(plan.cost_usd.values())
    other: fmt.Period = "hour" if fmt.is_year(hours) else "year"
    busy = float(plan.quantities["busy_accelerator_hours"].sum())
    rows = utilisation.by_pool(plan.scenario, tables, plan.routes)
    paid = rows.loc[rows["basis"] == "available"]
    base = float(paid["base_accelerator_hours"].sum())
    return [
        KeyFigure(
            f"Cost of {fmt.span(hours)}",
            fmt.money(usd, currency),
            f"{fmt.money(fmt.per_period(usd, hours, other), currency)} per {other}",
        ),
        KeyFigure(
            "Per busy accelerator-hour",
            fmt.money(usd / busy, currency) if busy > 0 else fmt.NO_VALUE,
            f"{fmt.number(busy)} hours busy",
        ),
        KeyFigure(
            "Owned and committed, busy",
            fmt.share(float(paid["busy_accelerator_hours"].sum()) / base) if base > 0 else fmt.NO_VALUE,
            f"of {fmt.number(base)} accelerator-hours",
        ),
        _carbon(plan),
    ]


def _carbon(plan: Plan) -> KeyFigure:
    """Carbon and energy of the plan; a dash where no pool in use has a rate, because that is not 0."""
    name = "CO₂e (location-based)"
    missing, used = energy.pools_without_rates(plan), int((plan.quantities["busy_accelerator_hours"] > 0).sum())
    if len(missing) == used:
        return KeyFigure(name, fmt.NO_VALUE, "power or grid carbon not given")
    part = f", {len(missing)} of {used} pools without rates" if missing else ""
    kwh = fmt.number(float(plan.quantities["energy_kwh"].sum()))
    return KeyFigure(name, f"{fmt.number(float(plan.quantities['carbon_tonnes'].sum()))} t", f"{kwh} kWh{part}")


def operation(plan: Plan) -> list[str]:
    """What runs where, what is bought or committed to for it, how fast, and what goes on after failures."""
    fast = latency.summary(plan)[:_LATENCY_LINES]
    return [decision.where(plan), *purchasing.decided(plan), *fast, *promises.in_short(plan)]


def money(plan: Plan) -> list[str]:
    """What it costs, what slow scaling adds to that, and what would change the plan."""
    slow = elastic.slow_scaling(plan)
    return [*decision.cost(plan), *([slow] if slow else []), decision.change(plan)]


def decided(plan: Plan) -> list[str]:
    """What runs where, how fast, at what cost, what slow scaling adds to it, and what simple rules would cost."""
    return [*operation(plan), *money(plan), *savings.savings(plan)]


def by_workload(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """One row per workload: columns of :func:`allocation.service`, name, served_percent, and runs_on in words."""
    names = labels.workloads(plan.scenario)
    served = allocation.service(plan.scenario, tables)
    served["name"] = labels.named(served["workload"], names)
    starts = [f"{name}: " for name in served["name"]]
    lines = zip(decision.by_workload(plan), starts, strict=True)
    served["runs_on"] = [line.removeprefix(start) for line, start in lines]
    served["served_percent"] = served["served_share"] * 100
    return served


def against_rules(plan: Plan, period: fmt.Period) -> pd.DataFrame:
    """The plan and the baselines, money in the display currency with three significant digits.

    Columns of :func:`cost.against_baselines` with names and broken limits in words, and unserved_percent.
    """
    rows = in_currency(plan, cost.against_baselines(plan), ["cost_usd", "penalty_usd", "saving_usd"], period)
    names = plan_names(plan)
    rows["name"] = [names[str(code)] for code in rows["name"]]
    rows["unserved_percent"] = rows["unserved_share"] * 100
    found = [(), *(row.breaks for row in plan.baselines.values())]
    rows["breaks"] = [savings.broken_limits(plan.scenario, breaks) for breaks in found]
    for column in ("cost_usd", "penalty_usd", "saving_usd"):
        rows[column] = rows[column].map(fmt.round_significant)
    return rows


def plan_names(plan: Plan) -> dict[str, str]:
    """Names of the plan and its baselines by column."""
    return {cost.PLAN_COLUMN: labels.PLAN} | {name: labels.baseline(name) for name in plan.baselines}


def bills(plan: Plan, lines: pd.DataFrame) -> pd.DataFrame:
    """Cost lines that somebody pays: without penalties, which would make a pool look dearer than it is."""
    return lines.loc[~lines["term"].isin(list(plan.penalty_usd))]


def in_currency(plan: Plan, frame: pd.DataFrame, columns: list[str], period: fmt.Period) -> pd.DataFrame:
    """US dollars of the horizon as the display currency per plan, hour or year."""
    hours = plan.scenario.horizon.plan_hours
    factor = fmt.per_period(plan.scenario.display_currency.units_per_usd, hours, period)
    return frame.assign(**{column: frame[column].astype(float) * factor for column in columns})


def money_unit(plan: Plan, period: fmt.Period) -> str:
    """``USD per year``, ``USD for the week``."""
    named = {"hour": "per hour", "year": "per year", "plan": f"for {fmt.span(plan.scenario.horizon.plan_hours)}"}
    return f"{plan.scenario.display_currency.code} {named[period]}"
