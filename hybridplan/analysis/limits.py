"""Which limits hold the plan back, and what moving each by one unit is worth (row duals of the solved LP)."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import caps, frames, labels
from hybridplan.plan import Plan

ONE_MORE_ACCELERATOR: Final = "one_more_accelerator"
ONE_MORE_GBPS: Final = "one_more_gbps"
WHOLE_HORIZON: Final = {ONE_MORE_ACCELERATOR: ("capacity", "kept"), ONE_MORE_GBPS: ("link_bandwidth",)}
"""Values for the whole horizon, and the limits that each sums up; the first of these tells in which hours it binds."""
DEMAND: Final = ("rigid_demand", "window_demand")
DEFINITIONS: Final = ("provisioning", "scaling", "one_site", "covered", "private_flow", "copy_needed", "sync")
"""Rules that say what a word means, or that choose between whole things: nobody can order one more of them."""
ROOM_AFTER: Final = ("failover_capacity", "failover_started")
"""Limits on what fits into a pool after a failure; their record is ``contingency/pool``, and more where work waits."""
_LEAST_USD: Final = 1e-6
"""Below this a dual is rounding."""

_LEAST_SHARE: Final = 1e-6
"""Part of the objective below which a limit is worth nothing that anyone would act on."""

COLUMNS: Final = ("limit", "record", "usd", "hours", "usd_per_hour", "unit", "valid_to", "is_proven")


def binding(plan: Plan) -> pd.DataFrame:
    """Limits worth money, dearest first: COLUMNS.

    usd: saved over the horizon by one more unit in every period (net of the unit's own energy and rent where the unit
    is an accelerator); hours: weighted hours in which the limit binds; usd_per_hour = usd / hours (NaN where no hour
    is known); unit: what one more of is meant; valid_to: accelerators up to which the value holds (NaN: not known);
    is_proven: usd comes from a re-solve with one more, else it is the shadow price, which one more saves at most.
    Demand is no limit of ours and stands in :func:`marginal_cost`; DEFINITIONS are left out.
    """
    prices = plan.shadow_prices.loc[~plan.shadow_prices["limit"].isin([*DEMAND, *DEFINITIONS])]
    # What may grow is taken up to where one more saves just its price.
    growing = [key for key, one in plan.scenario.spend_commitments.items() if one.max_new_usd_per_hour > 0]
    prices = prices.loc[~((prices["limit"] == "spend_commitment") & prices["record"].isin(growing))]
    table = _summed(_in_percent(plan, _in_ms(plan, prices)), labels.window_owners(plan.scenario))
    is_whole = table["limit"].isin(list(WHOLE_HORIZON))
    rows = list(table[["limit", "record"]].itertuples(index=False, name=None))
    hours_of = dict(zip(rows, table["hours"].astype(float), strict=True))
    covered = {(part, record) for limit, record in rows for part in WHOLE_HORIZON.get(limit, ())}
    hours = [
        hours_of.get((WHOLE_HORIZON[limit][0], record), float("nan"))
        if limit in WHOLE_HORIZON
        else hours_of[limit, record]
        for limit, record in rows
    ]
    out = table.assign(hours=pd.Series(hours, index=table.index, dtype=float))
    out = out.loc[is_whole | pd.Series([row not in covered for row in rows], index=table.index, dtype=bool)]
    out = _with_ranges(plan, out)
    least = max(_LEAST_USD, _LEAST_SHARE * abs(plan.objective_usd or 0.0))
    out = out.loc[out["usd"] > least].copy()
    out["usd_per_hour"] = out["usd"] / out["hours"].where(out["hours"] > 0)
    return out.sort_values("usd", ascending=False, kind="stable").reset_index(drop=True)[list(COLUMNS)]


def _with_ranges(plan: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """Put what re-solves found in place of the shadow price, and drop pools whose next accelerator saves nothing."""
    studied = plan.shadow_ranges.set_index("pool")
    is_pool = table["limit"] == ONE_MORE_ACCELERATOR
    proven = is_pool & table["record"].isin(studied.index)
    found = table["record"].map(studied["usd_saved_by_one"].astype(float))
    out = table.assign(
        usd=table["usd"].where(~proven, found.astype(float)),
        valid_to=table["record"].map(studied["valid_to_accelerators"].astype(float)).astype(float).where(proven),
        is_proven=proven,
    )
    if studied.empty:
        return out
    nothing_saved = is_pool & ~proven & (table["usd"] >= float(studied["usd_per_unit"].min()))
    return out.loc[~nothing_saved]


def marginal_cost(plan: Plan) -> pd.DataFrame:
    """What one more unit of demand costs: workload, usd_per_unit_mean, usd_per_unit_most (USD per work unit).

    A dual of demand is divided by weight x hours (or, for a window, by the weight) to give USD per unit.
    """
    rows = plan.shadow_prices.loc[plan.shadow_prices["limit"].isin(DEMAND)]
    per_unit = rows["usd_per_unit"].astype(float) / rows["weight_hours"].astype(float)
    owner = labels.window_owners(plan.scenario)
    grouped = per_unit.groupby([owner.get(str(record), str(record)) for record in rows["record"]])
    out = pd.DataFrame({"usd_per_unit_mean": grouped.mean(), "usd_per_unit_most": grouped.max()})
    return out.rename_axis("workload").reset_index()


def by_period(plan: Plan, limit: str, record: str) -> pd.DataFrame:
    """One limit over time: block, period_start, usd_per_unit_hour (dual / (weight x hours))."""
    prices = plan.shadow_prices
    rows = prices.loc[(prices["limit"] == limit) & (prices["record"] == record)]
    out = rows[["block", "period_start"]].copy()
    out["usd_per_unit_hour"] = rows["usd_per_unit"].astype(float) / rows["weight_hours"].astype(float)
    return out.reset_index(drop=True)


def _in_ms(plan: Plan, prices: pd.DataFrame) -> pd.DataFrame:
    """Values of caps on mean latency per millisecond: the model gives them per unit of work, as a share of the cap.

    A cap that is 1 ms longer gives served units / (cap x mean productivity) more on the right side of its row.
    """
    is_share = (prices["limit"] == "mean_latency") & (prices["unit"] != "ms")
    if plan.tables is None or not is_share.any():
        return prices
    units = plan.tables.allocation.groupby(["workload", "block", "period_start"])["units_per_hour"].sum()
    rate = frames.units_per_accelerator_hour(plan.routes)
    rows = prices.loc[is_share]
    keys = rows[["record", "block", "period_start"]].itertuples(index=False, name=None)
    served = pd.Series([float(units.get(key, 0.0)) for key in keys], index=rows.index, dtype=float)
    caps = rows["record"].map({k: w.mean_latency_cap_ms for k, w in plan.scenario.workloads.items()}).astype(float)
    per_ms = rows["usd_per_unit"].astype(float) * served / (caps * rows["record"].map(rate).astype(float))
    return pd.concat([prices.loc[~is_share], rows.assign(usd_per_unit=per_ms, unit="ms")])


def _in_percent(plan: Plan, prices: pd.DataFrame) -> pd.DataFrame:
    """Values of a cap on the share of a provider per percent of all busy accelerator-hours, or of all that is paid for
    what is rented, not per hour or USD of these."""
    is_share = prices["limit"] == "provider_share"
    if not is_share.any():
        return prices
    whole, unit = float(plan.quantities["busy_accelerator_hours"].sum()), "% of accelerator-hours"
    if plan.scenario.policy.provider_share_of == "rented_usd":
        whole, unit = float(caps.rented_usd(plan).sum()), "% of rent"
    rows = prices.loc[is_share]
    usd = rows["usd_per_unit"].astype(float) * whole / 100.0
    return pd.concat([prices.loc[~is_share], rows.assign(usd_per_unit=usd, unit=unit)])


def _summed(prices: pd.DataFrame, owner: dict[str, str]) -> pd.DataFrame:
    """Duals summed over periods, windows and routes, with the weighted hours in which each is worth something.

    An hour counts once, however many rows of the record (its routes, say) are worth something in it.
    """
    keys = ["limit", "record", "unit"]
    frame = pd.DataFrame(
        {
            "limit": prices["limit"].astype(str),
            "record": [owner.get(str(record), str(record)) for record in prices["record"]],
            "unit": prices["unit"].astype(str),
            "row": prices["record"].astype(str),
            "block": prices["block"].astype(str),
            "period_start": prices["period_start"],
            "usd": prices["usd_per_unit"].astype(float),
            "hours": prices["weight_hours"].astype(float),
        }
    )
    usd = frame.groupby(keys, sort=False)["usd"].sum()
    once = frame.loc[frame["usd"].abs() > _LEAST_USD].drop_duplicates([*keys, "row", "block", "period_start"])
    hours = once.groupby(keys, sort=False)["hours"].sum()
    return pd.DataFrame({"usd": usd, "hours": hours.reindex(usd.index).fillna(0.0)}).reset_index()
