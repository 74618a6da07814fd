"""Space and power that accelerators take at each site, against its limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.analysis.hardware import expansions as buying
from hybridplan.plan import Plan, PlanTables

COLUMNS = ("site", "space_used", "space_limit", "space_share", "power_kw", "power_limit_kw", "power_share")
_KEYS = ["block", "period_start"]
_KW = ("busy_kw", "idle_kw")


def by_site(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """COLUMNS for every site with a limit, at their most in any period; NaN where there is no such limit.

    space: rack units of owned accelerators, kept and bought. power: busy_kw x busy + idle_kw x (provisioned - busy)
    over all pools of the site, before PUE.
    """
    space, power = buying.space(plan, tables), _power(plan, tables)
    rows = []
    for key, site in plan.scenario.sites.items():
        if site.rack_units_limit is None and site.it_power_limit_kw is None:
            continue
        units, kilowatts = space.get(key, 0.0), power.get(key, 0.0)
        most = np.nan if site.rack_units_limit is None else site.rack_units_limit
        limit = np.nan if site.it_power_limit_kw is None else site.it_power_limit_kw
        rows.append((key, units, most, units / most, kilowatts, limit, kilowatts / limit))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _power(plan: Plan, tables: PlanTables) -> dict[str, float]:
    rows, pools = tables.provisioned, plan.scenario.pools
    busy = rows["accelerators_busy"].astype(float)
    idle = rows["accelerators_provisioned"].astype(float) - busy
    key = rows["pool"].astype(str)
    busy_kw, idle_kw = (
        key.map({one: getattr(pool, name) for one, pool in pools.items()}).astype(float) for name in _KW
    )
    power = busy * busy_kw + idle * idle_kw
    table = rows[_KEYS].assign(site=key.map(lambda one: pools[one].site), power=power)
    sums = table.groupby(["site", *_KEYS])["power"].sum().groupby("site").max()
    return {str(site): float(value) for site, value in sums.items()}
