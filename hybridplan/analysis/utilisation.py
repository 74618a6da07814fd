"""How full each pool is.

Utilisation = busy / base. The base of owned and committed pools is what is available (it is paid for whether it runs
or not), also where a pool may be switched off; the base of rented pools is what is provisioned (only that is paid for).
What work *needs* is more than its busy load where a queue must stay short, where it runs in whole replicas, or where
standby is kept for it.
"""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario
from hybridplan.domain.features import has_curve, has_queue
from hybridplan.plan import PlanTables

PAID_ANYWAY = ("owned", "reserved")


def basis(scenario: Scenario, pool_id: str) -> str:
    """``available`` for owned and committed pools, ``provisioned`` for rented ones."""
    return "available" if scenario.pools[pool_id].purchase_option in PAID_ANYWAY else "provisioned"


def by_period(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """pool, block, period_start, accelerators_busy, accelerators_base, utilisation (NaN where the base is 0)."""
    rows = tables.provisioned
    paid = rows["pool"].map(lambda key: basis(scenario, str(key)) == "available").astype(bool)
    base = rows["accelerators_available"].where(paid, rows["accelerators_provisioned"]).astype(float)
    out = rows[["pool", "block", "period_start", "accelerators_busy"]].copy()
    out["accelerators_base"] = base
    out["utilisation"] = out["accelerators_busy"].astype(float) / base.where(base > 0)
    return out.reset_index(drop=True)


def needed(scenario: Scenario, tables: PlanTables, routes: pd.DataFrame) -> pd.Series[float]:
    """Accelerators that each row of the allocation cannot do without.

    Queued work: busy / load limit, since idle accelerators of pools that are on are shared out among it; where its
    latency has a price or a cap, in whole replicas, and for all other work what is assigned.
    """
    rows = tables.allocation
    limits = routes.set_index(["workload", "pool"])["load_limit"].astype(float)
    pairs = zip(rows["workload"], rows["pool"], strict=True)
    limit = pd.Series([limits.get(pair, 1.0) for pair in pairs], index=rows.index, dtype=float)
    works = scenario.workloads
    calm = {key: has_queue(work) and not has_curve(work) and not work.whole_replicas for key, work in works.items()}
    is_calm = rows["workload"].map(calm).astype(bool)
    return (rows["accelerators_busy"].astype(float) / limit).where(is_calm, rows["accelerators_assigned"].astype(float))


def by_pool(scenario: Scenario, tables: PlanTables, routes: pd.DataFrame) -> pd.DataFrame:
    """Each pool over the horizon.

    Columns: pool, basis, busy_accelerator_hours, needed_accelerator_hours, base_accelerator_hours, utilisation (NaN
    where the base is 0), peak_busy (accelerators), held_back_share, full_hours (weighted hours in which what work needs
    reaches all that the held-back share leaves of what may be provisioned).
    """
    rows = by_period(scenario, tables)
    scale = frames.weight_hours(scenario, rows)
    held = rows["pool"].map(lambda key: scenario.pools[str(key)].held_back_share).astype(float)
    room = tables.provisioned["accelerators_available"].reset_index(drop=True).astype(float) * (1.0 - held)
    keys = ["pool", "block", "period_start"]
    ready = tables.standby[keys].assign(needed=tables.standby["accelerators_standby"].astype(float))
    used = tables.allocation[keys].assign(needed=needed(scenario, tables, routes))
    wanted = (used if ready.empty else pd.concat([used, ready])).groupby(keys)["needed"].sum()
    need = rows[keys].merge(wanted.reset_index(), on=keys, how="left")["needed"].astype(float).fillna(0.0)
    table = pd.DataFrame(
        {
            "pool": rows["pool"].astype(str),
            "busy_accelerator_hours": rows["accelerators_busy"].astype(float) * scale,
            "needed_accelerator_hours": need * scale,
            "base_accelerator_hours": rows["accelerators_base"] * scale,
            "full_hours": scale.where((room > 0) & (need >= room * (1.0 - 1e-6)), 0.0),
        }
    )
    out = table.groupby("pool", sort=False).sum().reindex(list(scenario.pools)).fillna(0.0).reset_index(names="pool")
    peak = rows.groupby("pool")["accelerators_busy"].max()
    out.insert(1, "basis", [basis(scenario, key) for key in out["pool"]])
    base = out["base_accelerator_hours"]
    out["utilisation"] = out["busy_accelerator_hours"] / base.where(base > 0)
    out["peak_busy"] = out["pool"].map(peak).astype(float).fillna(0.0)
    out["held_back_share"] = [scenario.pools[key].held_back_share for key in out["pool"]]
    return out
