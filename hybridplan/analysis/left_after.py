"""What is left of each workload after each failure: in its worst period, and over the horizon."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis import frames
from hybridplan.analysis.drills import left_by_hour
from hybridplan.plan import Plan

COLUMNS: Final = (
    "workload",
    "contingency",
    "promised_share",
    "worst_share",
    "block",
    "period_start",
    "horizon_share",
    "is_kept",
)
_KEPT: Final = 1e-6
"""Share of what is served below which what lacks of a promise is rounding."""


def left_after(plan: Plan, *, keep_unpromised: bool = False) -> pd.DataFrame:
    """COLUMNS, one row per workload that is served and contingency, in the order of the scenario.

    worst_share: least of left / served over the periods, at (block, period_start); horizon_share: left / served over
    the horizon, as if the failure lasted through all of it. At most 1. promised_share is 0 without a promise, and for
    deferrable work. ``keep_unpromised``: see :func:`hybridplan.analysis.drills.left_by_hour`.
    """
    rows: list[tuple[object, ...]] = []
    for contingency in plan.scenario.policy.contingencies:
        table = left_by_hour(plan, contingency, keep_unpromised=keep_unpromised)
        table = table.assign(weight_hours=frames.weight_hours(plan.scenario, table))
        rows += [
            (workload, contingency, *_of(plan, workload, table.loc[table["workload"] == workload]))
            for workload in plan.scenario.workloads
            if (table.loc[table["workload"] == workload, "served"] > 0).any()
        ]
    order = {key: place for place, key in enumerate(plan.scenario.workloads)}
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.sort_values("workload", key=lambda ids: ids.map(order), kind="stable").reset_index(drop=True)


def _of(plan: Plan, workload: str, table: pd.DataFrame) -> tuple[object, ...]:
    """Everything but the ids, of one workload after one contingency."""
    work = plan.scenario.workloads[workload]
    promised = work.promised_share if work.flexibility == "rigid" else 0.0
    table = table.loc[table["served"] > 0]
    served, left = (table[column].to_numpy(dtype=float) for column in ("served", "left"))
    part, hours = np.minimum(left / served, 1.0), table["weight_hours"].to_numpy(dtype=float)
    worst = int(np.argmin(part))
    when = (table["block"].iloc[worst], table["period_start"].iloc[worst])
    over_all = min(float(left @ hours / (served @ hours)), 1.0)
    return promised, float(part[worst]), *when, over_all, bool(part[worst] >= promised - _KEPT)
