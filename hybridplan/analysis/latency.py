"""Latency floor of every route (round trip + service time, no queue) against the workload's objective."""

from __future__ import annotations

import pandas as pd

from hybridplan.plan import Plan

LATENCY_REASON = "latency"
"""Route reasons that start with this word were ruled out by the floor."""


def floors(plan: Plan) -> pd.DataFrame:
    """One row per route with a known floor.

    Columns: workload, pool, latency_floor_ms, objective_ms (NaN where none), state (``used``, ``free``: allowed but
    not used, ``ruled out``), reason, share_of_served (of the workload's units; 0 where not used).
    """
    used: dict[tuple[str, str], float] = {}
    if plan.tables is not None:
        rows = plan.tables.allocation
        weights = rows["block"].map({k: b.weight * b.period_hours for k, b in plan.scenario.horizon.blocks.items()})
        units = rows["units_per_hour"].astype(float) * weights.astype(float)
        totals = units.groupby([rows["workload"], rows["pool"]]).sum().reset_index(name="units")
        used = {(w, p): float(v) for w, p, v in totals.itertuples(index=False, name=None) if v > 0}
    table = plan.routes.loc[plan.routes["latency_floor_ms"].notna()].copy()
    keys = list(zip(table["workload"].astype(str), table["pool"].astype(str), strict=True))
    served: dict[str, float] = {}
    for (workload, _pool), units_done in used.items():
        served[workload] = served.get(workload, 0.0) + units_done
    table["objective_ms"] = [plan.scenario.workloads[w].latency_objective_ms or float("nan") for w, _ in keys]
    table["share_of_served"] = [used[key] / served[key[0]] if key in used else 0.0 for key in keys]
    eligible = table["eligible"].astype(bool).tolist()
    table["state"] = [
        "used" if key in used else "free" if allowed else "ruled out"
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
