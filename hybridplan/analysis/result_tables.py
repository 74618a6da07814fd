"""Tables that are worked out from a plan and stand beside its own in the workbook."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import elasticity, jobs, latency
from hybridplan.plan import Plan


def tables(plan: Plan) -> dict[str, pd.DataFrame]:
    """Latency (by route and period), Switched on (by pool and period) and Jobs (by window); only where they occur."""
    if plan.tables is None:
        return {}
    found: dict[str, pd.DataFrame] = {}
    if latency.queued(plan.scenario):
        found["Latency"] = latency.achieved(plan).rename(columns={"units": "units_over_horizon"})
    pools = elasticity.shown_pools(plan.scenario)
    if pools:
        rows = elasticity.over_time(plan.scenario, plan.tables)
        found["Switched on"] = rows.loc[rows["pool"].isin(pools)].reset_index(drop=True)
    if jobs.deferrable(plan.scenario):
        found["Jobs"] = jobs.windows(plan, plan.tables)
    return found
