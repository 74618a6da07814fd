"""Which limits hold the plan back, and what moving each by one unit is worth (row duals of the solved LP)."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.plan import Plan

ONE_MORE_ACCELERATOR: Final = "one_more_accelerator"
ONE_MORE_GBPS: Final = "one_more_gbps"
WHOLE_HORIZON: Final = {ONE_MORE_ACCELERATOR: "capacity", ONE_MORE_GBPS: "link_bandwidth"}
"""Values for the whole horizon, and the limit by period that each sums up."""
DEMAND: Final = ("rigid_demand", "window_demand")
_LEAST_USD: Final = 1e-6
"""Below this a dual is rounding."""

COLUMNS: Final = ("limit", "record", "usd", "hours", "usd_per_hour", "unit")


def binding(plan: Plan) -> pd.DataFrame:
    """Limits worth money, dearest first: COLUMNS.

    usd: saved over the horizon by one more unit in every period (net of the unit's own energy and rent where the unit
    is an accelerator); hours: weighted hours in which the limit binds; usd_per_hour = usd / hours (NaN where no hour
    is known); unit: what one more of is meant. Demand is no limit of ours and stands in :func:`marginal_cost`.
    """
    prices = plan.shadow_prices.loc[~plan.shadow_prices["limit"].isin(DEMAND)]
    table = _summed(prices)
    whole = table.loc[table["limit"].isin(list(WHOLE_HORIZON))].copy()
    covered = {(WHOLE_HORIZON[limit], record) for limit, record in zip(whole["limit"], whole["record"], strict=True)}
    rest = table.loc[~table["limit"].isin(list(WHOLE_HORIZON))]
    keys = list(zip(rest["limit"], rest["record"], strict=True))
    hours_of = dict(zip(keys, rest["hours"].astype(float), strict=True))
    bound_hours = [
        hours_of.get((WHOLE_HORIZON[limit], record), float("nan"))
        for limit, record in zip(whole["limit"], whole["record"], strict=True)
    ]
    whole["hours"] = pd.Series(bound_hours, index=whole.index, dtype=float)
    alone = [key not in covered for key in keys]
    out = pd.concat([whole, rest.loc[alone]], ignore_index=True) if len(table) else table
    out = out.loc[out["usd"] > _LEAST_USD].copy()
    out["usd_per_hour"] = out["usd"] / out["hours"].where(out["hours"] > 0)
    return out.sort_values("usd", ascending=False, kind="stable").reset_index(drop=True)[list(COLUMNS)]


def marginal_cost(plan: Plan) -> pd.DataFrame:
    """What one more unit of demand costs: workload, usd_per_unit_mean, usd_per_unit_most (USD per work unit).

    A dual of demand is divided by weight x hours (or, for a window, by the weight) to give USD per unit.
    """
    rows = plan.shadow_prices.loc[plan.shadow_prices["limit"].isin(DEMAND)]
    per_unit = -rows["usd_per_unit"].astype(float) / rows["weight_hours"].astype(float)
    grouped = per_unit.groupby(rows["record"].astype(str))
    out = pd.DataFrame({"usd_per_unit_mean": grouped.mean(), "usd_per_unit_most": grouped.max()})
    return out.reset_index(names="workload")


def by_period(plan: Plan, limit: str, record: str) -> pd.DataFrame:
    """One limit over time: block, period_start, usd_per_unit_hour (dual / (weight x hours))."""
    prices = plan.shadow_prices
    rows = prices.loc[(prices["limit"] == limit) & (prices["record"] == record)]
    out = rows[["block", "period_start"]].copy()
    out["usd_per_unit_hour"] = rows["usd_per_unit"].astype(float) / rows["weight_hours"].astype(float)
    return out.reset_index(drop=True)


def _summed(prices: pd.DataFrame) -> pd.DataFrame:
    """Duals summed over periods, with the weighted hours in which each is worth something."""
    usd = prices["usd_per_unit"].astype(float)
    hours = prices["weight_hours"].astype(float).where(usd.abs() > _LEAST_USD, 0.0)
    frame = pd.DataFrame(
        {
            "limit": prices["limit"].astype(str),
            "record": prices["record"].astype(str),
            "unit": prices["unit"].astype(str),
            "usd": usd,
            "hours": hours,
        }
    )
    return frame.groupby(["limit", "record", "unit"], as_index=False, sort=False).sum()
