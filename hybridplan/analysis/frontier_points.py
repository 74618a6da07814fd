"""The points of a frontier as a table to show, and as scenarios to open."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from hybridplan.analysis.frontier import MEASURES, Aim, Frontier, Point, capped
from hybridplan.analysis.sentences import frontier as words
from hybridplan.audit import audit
from hybridplan.domain import Scenario, require
from hybridplan.plan import Plan

COLOURS: Final = {
    "carbon_tonnes": 1.0,
    "provider_share": 100.0,
    "interruptible_share": 100.0,
}
"""Fields of a point that may be a third objective, with the factor by which they are shown (shares in per cent)."""


_SAME: Final = 1e-8
"""Share of the costs by which an opened point may be cheaper than its point."""
_OWN: Final[dict[Aim, str]] = {
    "carbon": "carbon_tonnes",
    "provider_share": "provider_share",
    "interruptible_share": "interruptible_share",
    "unserved": "unserved_percent",
}
"""Columns that say the same as what the aim reaches."""


def further(found: Frontier) -> list[str]:
    """Columns of :func:`rows` that may be a third objective: those that are not the aim itself."""
    return [column for column in ("unserved_percent", *COLOURS) if column != _OWN.get(found.aim)]


def rows(found: Frontier, scenario: Scenario, series: str = "", *, shown_as: Scenario | None = None) -> pd.DataFrame:
    """One row per point, the strictest first, numbers as they are shown: series, number, cap, reached, money, penalty
    (in the display currency), unserved_percent, rate (money that one more shown unit saves), gap, mark, and the fields
    of :data:`COLOURS` that points carry. NaN where there is no plan. ``shown_as``: the scenario whose currency and
    whose span of time count; amounts of another span are scaled to it.
    """
    table, like = found.table(), shown_as or scenario
    span = like.horizon.plan_hours / scenario.horizon.plan_hours
    factor = words.scale(found.aim, found.of).factor * (span if found.aim == "carbon" else 1.0)
    per_usd = like.display_currency.units_per_usd * span
    numbers = {
        column: pd.to_numeric(table[column], errors="coerce").astype(float)
        for column in ("cap", "reached", "objective_usd", "cost_usd", "unserved_share", "usd_per_unit", "gap")
    }
    out = pd.DataFrame(
        {
            "series": series,
            "number": range(len(table)),
            "cap": numbers["cap"] * factor,
            "reached": numbers["reached"] * factor,
            "money": numbers["objective_usd"] * per_usd,
            "penalty": (numbers["objective_usd"] - numbers["cost_usd"]) * per_usd,
            "unserved_percent": numbers["unserved_share"] * 100.0,
            "rate": numbers["usd_per_unit"] * per_usd / factor,
            "gap": numbers["gap"],
            "mark": [mark(found, point) for point in found.points],
        }
    )
    for field, size in COLOURS.items():
        if field in table:
            of_span = span if field == "carbon_tonnes" else 1.0
            out[field] = pd.to_numeric(table[field], errors="coerce").astype(float) * size * of_span
    return out


def mark(found: Frontier, point: Point) -> str:
    """Code of what is special about a point; empty where nothing is."""
    if point.objective_usd is None:
        return "no_plan"
    if point.is_dominated:
        return "dominated"
    return "knee" if point.is_knee else ""


def today(plan: Plan, aim: Aim, of: str = "") -> tuple[float, float] | None:
    """What the plan as it stands reaches, and costs in the display currency, as on the frontier; None without a plan.

    Against work not served the penalty for it does not count.
    """
    if plan.objective_usd is None or plan.tables is None:
        return None
    reached = _reached(plan, aim, of) * words.scale(aim, of).factor
    usd = plan.objective_usd - (plan.penalty_usd.get("unserved", 0.0) if aim == "unserved" else 0.0)
    return reached, usd * plan.scenario.display_currency.units_per_usd


def _reached(plan: Plan, aim: Aim, of: str) -> float:
    measure = MEASURES[aim].reached
    if measure is not None and plan.tables is not None:
        return measure(audit(plan.scenario, plan.tables).ledger, of)
    objective = plan.scenario.workloads[of].latency_objective_ms if of else 1.0
    return math.nan if objective is None else objective


def at_point(scenario: Scenario, found: Frontier, point: Point) -> Scenario:
    """The scenario whose plan is this point: under its cap, and where the frontier serves all work so must it."""
    one = capped(scenario, found.aim, _just(point), found.of)
    if found.serves_all:
        works = {key: work.model_copy(update={"must_serve": True}) for key, work in one.workloads.items()}
        one = one.model_copy(update={"workloads": works})
    return require(one.to_dict())


def _just(point: Point) -> float:
    """The cap in nine digits, as a person may read them, rounded up: the plan of the point must still exist.

    All digits where the curve is so steep that nine would be another plan, as at its strict end.
    """
    if point.cap <= 0:
        return point.cap
    size = 10.0 ** (8 - math.floor(math.log10(point.cap)))
    short = math.ceil(point.cap * size) / size
    saved = (short - point.cap) * (point.usd_per_unit or 0.0)
    return short if saved <= _SAME * abs(point.objective_usd or 0.0) else point.cap
