"""Share of a provider: how much of all busy accelerator-hours runs on what is rented from it."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of
from hybridplan.domain.features import public_provider


def provider_share(ledger: Ledger) -> list[Rows]:
    """Busy accelerator-hours of each provider of public or edge sites <= cap x those of all pools, over the horizon."""
    cap, scenario = ledger.scenario.policy.provider_share_cap, ledger.scenario
    if cap is None:
        return []
    hours = ledger.busy_by_pool @ ledger.axes.weight_hours
    rented_from = [public_provider(pool, scenario.sites[pool.site]) for pool in scenario.pools.values()]
    names = sorted({name for name in rented_from if name})
    used = np.array([sum(hours[i] for i, name in enumerate(rented_from) if name == one) for one in names], dtype=float)
    most = np.full(len(names), cap * hours.sum())
    what = "more of the work runs at one provider than its share cap allows"
    return [once(what, names, ["accelerator-hours"] * len(names), used - most, scale_of(used, most))]
