"""How full each pool is.

Utilisation = busy / base. The base of owned and committed pools is what is available (it is paid for whether it runs
or not); the base of rented pools is what is provisioned (only that is paid for).
"""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario
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


def by_pool(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Each pool over the horizon.

    Columns: pool, basis, busy_accelerator_hours, base_accelerator_hours, utilisation (NaN where the base is 0),
    peak_busy (accelerators), held_back_share, full_hours (weighted hours in which busy load reaches all that the
    held-back share leaves of what may be provisioned).
    """
    rows = by_period(scenario, tables)
    scale = frames.weight_hours(scenario, rows)
    held = rows["pool"].map(lambda key: scenario.pools[str(key)].held_back_share).astype(float)
    room = tables.provisioned["accelerators_available"].reset_index(drop=True).astype(float) * (1.0 - held)
    full = (room > 0) & (rows["accelerators_busy"] >= room * (1.0 - 1e-6))
    table = pd.DataFrame(
        {
            "pool": rows["pool"].astype(str),
            "busy_accelerator_hours": rows["accelerators_busy"].astype(float) * scale,
            "base_accelerator_hours": rows["accelerators_base"] * scale,
            "full_hours": scale.where(full, 0.0),
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
