"""Latency of every route: the floor (no queue) of all pairs, and what is achieved where a queue is modelled.

With a queue a request takes, in the mean, round trip + service time / (1 - load), load = busy / assigned; a percentile
takes round trip + factor(load) x the same, with the factors of :mod:`hybridplan.domain.queue_factors`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import FACTORS, LOADS, factor_at
from hybridplan.plan import Plan
from hybridplan.units import MS_PER_SECOND

LATENCY_REASON = "latency"
"""Route reasons that start with this word were ruled out by the floor."""
STATISTICS: Final = ("mean", *FACTORS)
_ROUNDING: Final = 1e-9
_MS_PER_HOUR: Final = 3600.0 * MS_PER_SECOND
_SAME: Final = 1e-6
"""Relative difference below which a latency meets its objective; the audit allows as much."""
_ONE_AT_A_TIME: Final = 0.01
"""Throughput and service time agree where requests per service time differ from 1 by no more than this."""

Floats = npt.NDArray[np.float64]


def floors(plan: Plan) -> pd.DataFrame:
    """One row per route with a known floor.

    Columns: workload, pool, latency_floor_ms, objective_ms (NaN where none), state (``used``, ``free``: allowed but
    not used, ``ruled out``), reason, share_of_served (of the workload's units; 0 where not used).
    """
    shares = _shares_of_served(plan)
    table = plan.routes.loc[plan.routes["latency_floor_ms"].notna()].copy()
    keys = list(zip(table["workload"].astype(str), table["pool"].astype(str), strict=True))
    table["objective_ms"] = [_or_nan(plan.scenario.workloads[w].latency_objective_ms) for w, _ in keys]
    table["share_of_served"] = [shares.get(key, 0.0) for key in keys]
    eligible = table["eligible"].astype(bool).tolist()
    table["state"] = [
        "used" if key in shares else "free" if allowed else "ruled out"
        for key, allowed in zip(keys, eligible, strict=True)
    ]
    columns = ["workload", "pool", "latency_floor_ms", "objective_ms", "state", "reason", "share_of_served"]
    return table[columns].reset_index(drop=True)


def mean_floor(table: pd.DataFrame) -> pd.DataFrame:
    """By workload: objective_ms, worst_used_ms, mean_used_ms (by units served), room_ms (NaN: no objective)."""
    used = table.loc[table["state"] == "used"].copy()
    used["part"] = used["latency_floor_ms"].astype(float) * used["share_of_served"].astype(float)
    out = used.groupby("workload", sort=False).agg(
        objective_ms=("objective_ms", "first"), worst_used_ms=("latency_floor_ms", "max"), mean_used_ms=("part", "sum")
    )
    out["room_ms"] = out["objective_ms"] - out["worst_used_ms"]
    return out.reset_index()


def queued(scenario: Scenario) -> list[str]:
    """Workloads whose queue is modelled."""
    return [key for key, work in scenario.workloads.items() if has_queue(work)]


def factors(statistic: str, load: Floats) -> Floats:
    """:func:`hybridplan.domain.queue_factors.factor_at` for many loads; the audit keeps loads within its table."""
    if statistic == "mean":
        return np.ones_like(load)
    table = np.asarray(FACTORS[statistic])
    above = np.searchsorted(np.asarray(LOADS) + _ROUNDING, np.minimum(load, LOADS[-1]))
    larger = np.maximum(table[np.maximum(above - 1, 0)], table[above])
    found: Floats = np.minimum(larger, table[above] * np.maximum(1.0, (1.0 - load) / (1.0 - np.asarray(LOADS)[above])))
    return found


def achieved(plan: Plan) -> pd.DataFrame:
    """One row per route with a queue and period in which it is used; empty without a plan.

    Columns: workload, pool, block, period_start, load (busy / assigned), units (over the horizon), mean_ms, p50_ms,
    p90_ms, p95_ms, p99_ms, objective_ms and statistic (NaN and "" where none), achieved_ms (of that statistic; round
    trip + service time where the objective is without its queue), room_ms = objective - achieved.
    """
    works = plan.scenario.workloads
    rows = _used(plan)
    assigned, busy = rows["accelerators_assigned"].astype(float), rows["accelerators_busy"].astype(float)
    load = np.minimum((busy / assigned).to_numpy(dtype=float), LOADS[-1])
    trip, service = rows["round_trip_ms"].to_numpy(dtype=float), rows["service_ms"].to_numpy(dtype=float)
    out = rows[["workload", "pool", "block", "period_start"]].assign(load=load)
    weights = {key: block.weight * block.period_hours for key, block in plan.scenario.horizon.blocks.items()}
    out["units"] = rows["units_per_hour"].astype(float) * rows["block"].map(weights).astype(float)
    for statistic in STATISTICS:
        out[f"{statistic}_ms"] = trip + factors(statistic, load) * service / (1.0 - load)
    goals = {key: _or_nan(work.latency_objective_ms) for key, work in works.items()}
    out["objective_ms"] = out["workload"].map(goals).astype(float)
    has_goal = out["objective_ms"].notna()
    out["statistic"] = (
        out["workload"].map({key: work.latency_statistic for key, work in works.items()}).where(has_goal, "")
    )
    choices = {"no_queue": trip + service} | {name: out[f"{name}_ms"].to_numpy(dtype=float) for name in STATISTICS}
    of_goal = [out["statistic"] == name for name in choices]
    out["achieved_ms"] = np.select(of_goal, list(choices.values()), np.nan) if len(out) else np.zeros(0)
    room = out["objective_ms"] - out["achieved_ms"]
    out["room_ms"] = room.mask(room.abs() <= _SAME * out["objective_ms"], 0.0)
    return out.reset_index(drop=True)


def by_route(plan: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`achieved` by workload and pool.

    Columns: workload, pool, share_of_served, mean_ms (over units), then of the worst period: load, worst_mean_ms,
    p50_ms, p95_ms, achieved_ms, room_ms; objective_ms, statistic, load_limit, and is_batched.
    """
    rows = table.assign(part=table["mean_ms"] * table["units"])
    out = rows.groupby(["workload", "pool"], sort=False, as_index=False).agg(
        units=("units", "sum"),
        part=("part", "sum"),
        load=("load", "max"),
        worst_mean_ms=("mean_ms", "max"),
        p50_ms=("p50_ms", "max"),
        p95_ms=("p95_ms", "max"),
        achieved_ms=("achieved_ms", "max"),
        room_ms=("room_ms", "min"),
        objective_ms=("objective_ms", "first"),
        statistic=("statistic", "first"),
    )
    out["mean_ms"] = out["part"] / out["units"]
    out["share_of_served"] = out["units"] / out.groupby("workload")["units"].transform("sum")
    known = plan.routes[["workload", "pool", "load_limit"]].assign(is_batched=is_batched(plan))
    return out.merge(known, on=["workload", "pool"], how="left").drop(columns=["part"])


def by_workload(plan: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`achieved` by workload.

    Columns: workload, mean_ms (over all units), worst_mean_ms (over the units of the worst period), cap_ms (of that;
    NaN where none), statistic, objective_ms, achieved_ms (worst route and period), room_ms, pool, block and
    period_start of that worst case, load (largest), max_load_share, and kappa: the objective's statistic over the
    mean, at the largest load.
    """
    works = plan.scenario.workloads
    rows = table.assign(part=table["mean_ms"] * table["units"], size=table["achieved_ms"].fillna(table["mean_ms"]))
    worst = rows.loc[rows.groupby("workload", sort=False)["size"].idxmax()].set_index("workload")
    totals = rows.groupby("workload", sort=False)[["part", "units"]].sum()
    periods = rows.groupby(["workload", "block", "period_start"], sort=False)[["part", "units"]].sum()
    means = (periods["part"] / periods["units"]).groupby("workload").max()
    out = pd.DataFrame({"mean_ms": totals["part"] / totals["units"], "worst_mean_ms": means})
    columns = ["statistic", "objective_ms", "achieved_ms", "room_ms", "pool", "block", "period_start"]
    out = out.join(worst[columns]).join(rows.groupby("workload")["load"].max())
    out = out.reindex([key for key in works if key in out.index]).rename_axis("workload").reset_index()
    out["cap_ms"] = [_or_nan(works[key].mean_latency_cap_ms) for key in out["workload"]]
    out["max_load_share"] = [works[key].max_load_share for key in out["workload"]]
    out["kappa"] = [_kappa(str(name), float(load)) for name, load in zip(out["statistic"], out["load"], strict=True)]
    return out


def worst_by_period(table: pd.DataFrame, workload: str, block: str) -> pd.DataFrame:
    """One workload over time, worst route of each period: period_start, mean_ms, p50_ms, p95_ms, achieved_ms."""
    rows = table.loc[(table["workload"] == workload) & (table["block"] == block)]
    columns = ["mean_ms", "p50_ms", "p95_ms", "achieved_ms"]
    return rows.groupby("period_start")[columns].max().reset_index()


def is_batched(plan: Plan) -> pd.Series[bool]:
    """Per row of the plan's routes: throughput and service time do not belong to one request at a time.

    Requests per service time of a replica = units per accelerator-hour x accelerators per replica x service_ms /
    3.6e6; where that differs from 1 by more than 1 % (batching, or another unit than requests) the formula of the queue
    is an approximation.
    """
    works, pools = plan.scenario.workloads, plan.scenario.pools
    gangs = []
    for workload, pool in zip(plan.routes["workload"], plan.routes["pool"], strict=True):
        speed = works[workload].throughput.get(pools[pool].sku)
        gangs.append(speed.accelerators_per_replica if speed is not None else np.nan)
    rate = plan.routes["units_per_accelerator_hour"].astype(float) * gangs
    at_a_time = rate * plan.routes["service_ms"].astype(float) / _MS_PER_HOUR
    return (at_a_time - 1.0).abs() > _ONE_AT_A_TIME


def _used(plan: Plan) -> pd.DataFrame:
    """Rows of the allocation on routes with a queue, with round trip and service time."""
    columns = ["workload", "pool", "round_trip_ms", "service_ms"]
    if plan.tables is None:
        return pd.DataFrame(columns=[*columns, "block", "period_start", "units_per_hour", *_ACCELERATORS])
    rows = plan.tables.allocation
    rows = rows.loc[rows["workload"].isin(queued(plan.scenario)) & (rows["accelerators_busy"] > 0)]
    return rows.merge(plan.routes[columns], on=["workload", "pool"], how="left")


_ACCELERATORS: Final = ("accelerators_busy", "accelerators_assigned")


def _shares_of_served(plan: Plan) -> dict[tuple[str, str], float]:
    """Share of its workload's units on each route that is used."""
    if plan.tables is None:
        return {}
    rows = plan.tables.allocation
    weights = rows["block"].map({k: b.weight * b.period_hours for k, b in plan.scenario.horizon.blocks.items()})
    units = rows["units_per_hour"].astype(float) * weights.astype(float)
    totals = units.groupby([rows["workload"], rows["pool"]]).sum().reset_index(name="units")
    totals = totals.loc[totals["units"] > 0]
    shares = totals["units"] / totals.groupby("workload")["units"].transform("sum")
    return dict(zip(zip(totals["workload"], totals["pool"], strict=True), shares.tolist(), strict=True))


def _kappa(statistic: str, load: float) -> float:
    return factor_at(statistic, load) if statistic in STATISTICS else 1.0


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
