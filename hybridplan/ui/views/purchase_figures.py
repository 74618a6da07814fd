"""Figures on commitments, hardware and data: analysis tables handed to the charts."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any, Final

import numpy as np
import pandas as pd

from hybridplan.analysis import datasets, key_figures, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.commitments import billing, duration, use
from hybridplan.analysis.commitments.holdings import Holding
from hybridplan.analysis.hardware import timeline
from hybridplan.analysis.hardware.expansions import Bought
from hybridplan.charts import Figure, bars, theme
from hybridplan.charts import commitments as commitment_chart
from hybridplan.charts import hardware as hardware_chart
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views.kept import kept

_USES: Final = np.linspace(0.02, 1.0, 50)
_TALLEST: Final = 3.0
"""Times the price on demand: the curve of what little use costs is cut there, or it would flatten all else."""


def demand_duration(
    plan: Plan, tables: PlanTables, one: Holding, row: dict[Hashable, Any], look: theme.Theme
) -> Figure:
    """What a commitment can pay for, by hours; ``row``: of :func:`use.by_commitment`."""
    share = float(row["break_even_utilisation"])
    return commitment_chart.demand_duration(
        duration.curve(plan, tables, one),
        duration.levels(plan, one),
        look,
        name=one.name,
        pays_from_hours=share * one.service_hours if math.isfinite(share) and share <= 1 else None,
    )


@kept
def bills(plan: Plan, look: theme.Theme) -> Figure:
    """What is billed and counted by block."""
    rate = plan.scenario.display_currency.units_per_usd
    rows = billing.by_block(plan.scenario, billing.schedule(plan))
    rows = rows.assign(
        name=labels.named(rows["block"], labels.blocks(plan.scenario)),
        billed=rows["billed_usd"] * rate,
        effective=rows["effective_usd"] * rate,
    )
    return commitment_chart.bills(rows, look, unit=plan.scenario.display_currency.code)


@kept
def by_commitment(plan: Plan) -> pd.DataFrame:
    """:func:`use.by_commitment`, kept. Never changed."""
    return use.by_commitment(plan)


def cost_per_hour(plan: Plan, one: Bought, look: theme.Theme) -> Figure:
    """What an hour of use costs on what may be bought, by how much it is used, against renting and committing."""
    money = plan.scenario.display_currency
    owned = np.array([one.at(float(share)) for share in _USES])
    most = _TALLEST * max(
        (usd for usd in (one.on_demand_usd, one.reserved_usd) if math.isfinite(usd)), default=math.inf
    )
    table = pd.DataFrame(
        {
            "use": _USES,
            "owned": np.where(owned <= max(most, one.at(1.0)), owned, np.nan) * money.units_per_usd,
            "on_demand": one.on_demand_usd * money.units_per_usd,
            "reserved": np.where(one.reserved_usd / _USES <= most, one.reserved_usd / _USES, np.nan)
            * money.units_per_usd,
        }
    )
    cost = one.usd_per_used_hour
    planned = (one.utilisation, cost * money.units_per_usd) if math.isfinite(cost) else None
    return hardware_chart.cost_per_hour(
        table, look, name=one.name, unit=f"{money.code} per hour of use", planned=planned
    )


def standing(plan: Plan, tables: PlanTables, pool: str, look: theme.Theme) -> Figure:
    """What stands in an owned pool in each block."""
    rows = timeline.by_block(plan, tables)
    rows = rows.loc[rows["pool"] == pool]
    rows = rows.assign(name=labels.named(rows["block"], labels.blocks(plan.scenario)))
    return hardware_chart.standing(rows, look, pool=labels.pools(plan.scenario)[pool])


@kept
def copy_cost(plan: Plan, tables: PlanTables, look: theme.Theme) -> Figure | None:
    """What each copy costs, storage and data together; None where all is free."""
    rows, ways = datasets.copies(plan, tables), datasets.ways(plan, tables)
    moved = ways.assign(usd=ways["change_usd"] + ways["first_usd"]).groupby(["dataset", "site"])["usd"].sum()
    rows["usd"] = rows["storage_usd"] + [
        float(moved.get((key, site), 0.0)) for key, site in zip(rows["dataset"], rows["site"], strict=True)
    ]
    rows = rows.loc[rows["usd"] > 0].sort_values("usd", ascending=False, kind="stable")
    if rows.empty:
        return None
    return bars.ranked(
        [f"{name}, {site}" for name, site in zip(rows["name"], rows["site_name"], strict=True)],
        [fmt.round_significant(usd * plan.scenario.display_currency.units_per_usd, 6) for usd in rows["usd"]],
        look,
        question="What does each copy of the data cost?",
        unit=key_figures.money_unit(plan, "plan"),
    )
