"""What all that is rented costs, and how much of it is paid to each public provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.choices.providers import PublicProviders
from hybridplan.model.costs.commitment import standing_spend_usd, standing_usd
from hybridplan.model.costs.usage import hourly_usd

if TYPE_CHECKING:
    from hybridplan.model.data import Data
    from hybridplan.model.decisions import Decisions


def rented_usd(decisions: Decisions, data: Data) -> tuple[cp.Expression, cp.Expression]:
    """USD over the horizon paid to each public provider, (V,), and for all that is rented, ().

    Usage (tiers, without what spend commitments cover), fees of commitments, and what is committed for spend. What is
    rented at private sites counts for no provider.
    """
    by_pool, spend = _by_pool(decisions, data), _spend(decisions, data)
    whole = cp.sum(by_pool)
    by_provider = decisions.providers.known.of_pools @ by_pool
    if spend is not None:
        # One that covers no pool is paid for nothing that is rented.
        covers = [float(bool(one.rates_usd_per_accelerator_hour)) for one in data.scenario.spend_commitments.values()]
        whole = whole + np.array(covers) @ spend
        by_provider = by_provider + _providers_of_spend(decisions.providers.known, data) @ spend
    return by_provider, whole


def _by_pool(decisions: Decisions, data: Data) -> cp.Expression:
    """Usage, and fees of commitments for capacity; (P,)."""
    pools, tiers, offers = len(data.pools), data.price_tiers, data.offers
    usd = cp.sum(hourly_usd(decisions, data), axis=1)
    if decisions.tiers.usd is not None:
        usd = usd + _spread(tiers.pool_of_tier, pools) @ decisions.tiers.usd
    fees = np.zeros(pools)
    for commitment, paid in zip(data.scenario.commitments.values(), standing_usd(data), strict=True):
        fees[data.pools.index(commitment.pool)] += paid
    usd = usd + fees
    committed = np.flatnonzero(~offers.is_bought) if offers.records else np.zeros(0, dtype=np.intp)
    if committed.size:
        rate = _spread(offers.pool[committed], pools) @ sp.diags_array(offers.usd[committed])
        usd = usd + rate @ decisions.purchases.sizes[committed]
    return usd


def _spend(decisions: Decisions, data: Data) -> cp.Expression | None:
    """What is committed for spend, old and new, (S,); None where there is none."""
    spending = data.spending
    if not spending.ids:
        return None
    usd = cp.Constant(standing_spend_usd(data))
    if spending.growing.size:
        hours = spending.service_hours[spending.growing]
        usd = usd + _spread(spending.growing, len(spending.ids)) @ cp.multiply(hours, decisions.spend.sizes)
    return usd


def _providers_of_spend(known: PublicProviders, data: Data) -> sp.csr_array:
    """(V, S) 1 where the spend commitment is for pools of the provider: it is for one provider at most."""
    of_pool = {data.pools[p]: int(v) for v, p in zip(known.provider, known.pool, strict=True)}
    found = []
    for s, record in enumerate(data.scenario.spend_commitments.values()):
        providers = {of_pool[pool] for pool in record.rates_usd_per_accelerator_hour if pool in of_pool}
        found += [(v, s) for v in providers]
    rows, columns = zip(*found, strict=True) if found else ((), ())
    return sp.csr_array((np.ones(len(found)), (rows, columns)), shape=(len(known.names), len(data.spending.ids)))


def _spread(places: np.ndarray, count: int) -> sp.csr_array:
    """(count, N) 1 where the row is the place of the element."""
    where = places, np.arange(len(places))
    return sp.csr_array((np.ones(len(places)), where), shape=(count, len(places)))
