"""Pools that grow and shrink: what is on, what waits idle, what boots, and what slow scaling costs.

Starts and lead times are read from the plan's tables by the same functions as in the audit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.audit.elastic import elastic_codes, is_elastic, ready, started
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.domain import Scenario
from hybridplan.domain.features import counts_nodes, is_always_on
from hybridplan.plan import Plan, PlanTables

PERIOD_COLUMNS = (
    "busy",
    "assigned",
    "ready",
    "provisioned",
    "booting",
    "available",
    "in_maintenance",
    "started",
)


def elastic_pools(scenario: Scenario) -> list[str]:
    """Pools whose number of accelerators is decided over time."""
    return [key for key, pool in scenario.pools.items() if is_elastic(pool)]


def shown_pools(scenario: Scenario) -> list[str]:
    """Pools with something to see over time: the elastic ones, then those with maintenance."""
    found = elastic_pools(scenario)
    return [*found, *(key for key, pool in scenario.pools.items() if pool.up_share and key not in found)]


def in_nodes(scenario: Scenario, pool_id: str) -> bool:
    """Whether the plan itself decides this pool's provisioned number in whole nodes."""
    pool = scenario.pools[pool_id]
    return counts_nodes(pool) and not is_always_on(pool)


def over_time(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Every pool and period: pool, block, period_start and PERIOD_COLUMNS, all in accelerators.

    ready: provisioned long enough ago to work (the least of the lead time's periods); booting = provisioned - ready;
    in_maintenance: installed, committed or quota less what is up; started: more than in the period before.
    """
    ledger = open_ledger(scenario, tables)
    usable, starts = _ready_and_started(ledger)
    values = {
        "busy": ledger.busy_by_pool,
        "assigned": ledger.load,
        "ready": usable,
        "provisioned": ledger.provisioned,
        "booting": np.maximum(ledger.provisioned - usable, 0.0),
        "available": ledger.available,
        "in_maintenance": ledger.capacity - ledger.available,
        "started": starts,
    }
    count, periods = ledger.provisioned.shape
    blocks = np.array([key for key, _ in ledger.axes.blocks], dtype=object)[ledger.axes.block_of]
    times = pd.to_datetime(ledger.axes.starts_us, unit="us", utc=True)
    out = pd.DataFrame(
        {
            "pool": np.repeat(np.array(ledger.axes.pools, dtype=object), periods),
            "block": np.tile(blocks, count),
            "period_start": times[np.tile(np.arange(periods), count)],
        }
    )
    return out.assign(**{name: array.ravel() for name, array in values.items()})


def by_pool(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """Elastic pools over the horizon, in accelerator-hours unless said otherwise.

    Columns: pool, busy_hours, provisioned_hours, idle_hours (provisioned - busy), booting_hours, starts (accelerators
    started, over all occurrences), accelerators_per_node, starts_nodes (= starts / accelerators per node), start_usd,
    most (largest number provisioned), most_nodes (NaN where nodes are not whole).
    """
    scenario = plan.scenario
    rows = over_time(scenario, tables)
    rows = rows.loc[rows["pool"].isin(elastic_pools(scenario))]
    blocks = scenario.horizon.blocks
    weight = rows["block"].map({key: block.weight for key, block in blocks.items()}).astype(float)
    hours = weight * rows["block"].map({key: block.period_hours for key, block in blocks.items()}).astype(float)
    table = pd.DataFrame(
        {
            "pool": rows["pool"].astype(str),
            "busy_hours": rows["busy"] * hours,
            "provisioned_hours": rows["provisioned"] * hours,
            "idle_hours": (rows["provisioned"] - rows["busy"]) * hours,
            "booting_hours": rows["booting"] * hours,
            "starts": rows["started"] * weight,
        }
    )
    out = table.groupby("pool", sort=False).sum().reset_index()
    size = [scenario.pools[key].accelerators_per_node for key in out["pool"]]
    out["accelerators_per_node"] = size
    out["starts_nodes"] = out["starts"] / size
    lines = plan.cost_lines.loc[plan.cost_lines["term"] == "start"]
    out["start_usd"] = out["pool"].map(lines.groupby("pool")["usd"].sum()).astype(float).fillna(0.0)
    out["most"] = out["pool"].map(rows.groupby("pool")["provisioned"].max()).astype(float)
    whole = pd.Series([in_nodes(scenario, key) for key in out["pool"]], index=out.index, dtype=bool)
    out["most_nodes"] = (out["most"] / size).round().where(whole)
    return out


def slow_scaling_usd(plan: Plan) -> float | None:
    """What ramps and lead times add to the objective, USD over the horizon; None where it is not known."""
    if plan.instant_objective_usd is None or plan.objective_usd is None:
        return None
    return plan.objective_usd - plan.instant_objective_usd


def _ready_and_started(ledger: Ledger) -> tuple[np.ndarray, np.ndarray]:
    """(P, T) each; what is not elastic is ready at once and counts no starts."""
    usable, starts = ledger.provisioned.copy(), np.zeros_like(ledger.provisioned)
    codes = elastic_codes(ledger)
    if len(codes):
        usable[codes] = ready(ledger, codes)
        starts[codes] = started(ledger, codes)
    return usable, starts
