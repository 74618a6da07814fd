"""What the plan uses of the policy's caps, from the audited quantities."""

from __future__ import annotations

import pandas as pd

from hybridplan.domain.features import public_provider
from hybridplan.plan import Plan
from hybridplan.units import of_horizon


def budget_usd(plan: Plan) -> float | None:
    """The budget for the horizon; None where there is none."""
    limit = plan.scenario.policy.budget
    return None if limit is None else of_horizon(limit.usd, limit.per, plan.scenario.horizon.plan_hours)


def carbon_tonnes(plan: Plan) -> float | None:
    """The cap on carbon for the horizon; None where there is none."""
    limit = plan.scenario.policy.carbon_cap
    return None if limit is None else of_horizon(limit.tonnes, limit.per, plan.scenario.horizon.plan_hours)


def emitted_tonnes(plan: Plan) -> float:
    """Tonnes of CO2 equivalent over the horizon; pools without power or grid carbon count as 0."""
    return float(plan.quantities["carbon_tonnes"].sum())


def by_provider(plan: Plan) -> pd.DataFrame:
    """Providers of public and edge sites, largest share first: provider, busy_accelerator_hours, share."""
    pools, sites = plan.scenario.pools, plan.scenario.sites
    rows = plan.quantities[["pool", "busy_accelerator_hours"]].copy()
    rows["provider"] = [public_provider(pools[str(key)], sites[pools[str(key)].site]) for key in rows["pool"]]
    whole = float(rows["busy_accelerator_hours"].sum())
    hours = rows.loc[rows["provider"] != ""].groupby("provider")["busy_accelerator_hours"].sum()
    out = pd.DataFrame({"provider": hours.index, "busy_accelerator_hours": hours.to_numpy(dtype=float)})
    out["share"] = out["busy_accelerator_hours"] / whole if whole > 0 else 0.0
    return out.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)
