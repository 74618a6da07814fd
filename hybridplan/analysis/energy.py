"""Energy and carbon of the plan by pool, from the audited quantities."""

from __future__ import annotations

import pandas as pd

from hybridplan.plan import Plan


def by_pool(plan: Plan) -> pd.DataFrame:
    """Over the horizon, most carbon first: pool, site, energy_kwh, carbon_tonnes, share_of_energy, share_of_carbon."""
    out = plan.quantities[["pool", "energy_kwh", "carbon_tonnes"]].copy()
    out.insert(1, "site", [plan.scenario.pools[str(key)].site for key in out["pool"]])
    for column, name in (("energy_kwh", "share_of_energy"), ("carbon_tonnes", "share_of_carbon")):
        whole = float(out[column].sum())
        out[name] = out[column] / whole if whole > 0 else 0.0
    return out.sort_values(["carbon_tonnes", "energy_kwh"], ascending=False, kind="stable").reset_index(drop=True)


def pools_without_rates(plan: Plan) -> list[str]:
    """Used pools whose energy or carbon is missing because their power or their grid's carbon is not given."""
    used = plan.quantities.loc[plan.quantities["busy_accelerator_hours"] > 0, "pool"]
    pools, sites = plan.scenario.pools, plan.scenario.sites
    return [key for key in used if pools[key].busy_kw == 0 or sites[pools[key].site].grid_carbon_g_per_kwh is None]
