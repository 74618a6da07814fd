"""Share of a provider: how much of all busy accelerator-hours, or of all rent, falls on one provider."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.costs.commitment import commitment_charges
from hybridplan.audit.costs.usage import usage
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.providers import per_provider, providers
from hybridplan.audit.rows import Rows, once, scale_of


def provider_share(ledger: Ledger) -> list[Rows]:
    """What falls on each provider of public or edge sites <= cap x that of all pools, over the horizon.

    accelerator_hours: busy accelerator-hours. rented_usd: usage and commitments, new ones included; what is rented at
    private sites is part of the whole. A commitment for spend counts for the provider of the pools that it covers, for
    all that is committed.
    """
    cap = ledger.scenario.policy.provider_share_cap
    if cap is None:
        return []
    if ledger.scenario.policy.provider_share_of == "rented_usd":
        by_pool, unit = rented_usd(ledger), "USD"
        what = "more of the rent is paid to one provider than its share cap allows"
    else:
        by_pool, unit = ledger.busy_by_pool @ ledger.axes.weight_hours, "accelerator-hours"
        what = "more of the work runs at one provider than its share cap allows"
    names, used = providers(ledger.scenario), per_provider(ledger.scenario, by_pool)
    most = np.full(len(names), cap * by_pool.sum())
    return [once(what, names, [unit] * len(names), used - most, scale_of(used, most))]


def rented_usd(ledger: Ledger) -> Floats:
    """(P,) usage and commitments in USD.

    A commitment for spend stands whole at the first pool that it covers, and nowhere where it covers none.
    """
    pools, weight = {key: code for code, key in enumerate(ledger.axes.pools)}, ledger.axes.weight
    found = np.zeros(len(pools))
    for line in usage(ledger):
        found[pools[line.pool]] += line.usd
    for one in commitment_charges(ledger):
        rates = ledger.scenario.spend_commitments[one.record].rates_usd_per_accelerator_hour if one.is_spend else {}
        pool = next(iter(rates), "") if one.is_spend else one.pool
        if pool:
            found[pools[pool]] += float(one.usd_per_unit * one.quantity @ weight)
    return found
