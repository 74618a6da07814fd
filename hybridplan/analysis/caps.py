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


def rented_usd(plan: Plan) -> pd.Series:
    """USD over the horizon paid for what is rented, by provider; "" for private sites.

    Usage, and commitments, used or not; one for spend belongs to the provider of the pools that it covers.
    """
    scenario, lines = plan.scenario, plan.cost_lines
    pools, sites = scenario.pools, scenario.sites
    covers = {key: list(one.rates_usd_per_accelerator_hour) for key, one in scenario.spend_commitments.items()}
    rows = lines.loc[lines["term"].isin(["usage", "commitment"])]
    found = dict[str, float]()
    for pool, record, usd in rows[["pool", "record", "usd"]].itertuples(index=False, name=None):
        key = str(pool) or next(iter(covers.get(str(record), [])), "")
        if key:
            provider = public_provider(pools[key], sites[pools[key].site])
            found[provider] = found.get(provider, 0.0) + float(usd)
    return pd.Series(found, dtype=float)


def used_providers(plan: Plan) -> dict[str, float]:
    """Accelerator-hours that are provisioned of each public provider in use, most first."""
    pools, sites = plan.scenario.pools, plan.scenario.sites
    rows = plan.quantities[["pool", "provisioned_accelerator_hours"]]
    found = dict[str, float]()
    for key, hours in rows.itertuples(index=False, name=None):
        provider = public_provider(pools[str(key)], sites[pools[str(key)].site])
        if provider and float(hours) > 0:
            found[provider] = found.get(provider, 0.0) + float(hours)
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


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
