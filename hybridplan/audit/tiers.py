"""Prices that change with the quantity: what a quantity costs, and the mean price that this comes to."""

from __future__ import annotations

from typing import Final

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.domain import Pool

SAME: Final = 1e-7
"""A tier is reached by a quantity that is below its begin by no more than this share: solvers round."""


def list_prices(ledger: Ledger) -> Floats:
    """(P, T) mean list price of each pool's accelerators in USD per hour, before discount and price factor.

    Where a pool has tiers it is what the quantity costs / the quantity: of the period (basis hour), or of the horizon.
    """
    axes = ledger.axes
    found = np.zeros((len(axes.pools), len(axes.hours)))
    for code, pool in enumerate(ledger.scenario.pools.values()):
        if not pool.price_tiers or pool.purchase_option not in ("on_demand", "interruptible"):
            found[code] = pool.price_usd_per_accelerator_hour
        elif pool.tier_basis == "hour":
            found[code] = mean_price(pool, ledger.provisioned[code])
        else:
            found[code] = mean_price(pool, np.atleast_1d(ledger.provisioned[code] @ axes.weight_hours))
    return found


def mean_price(pool: Pool, quantity: Floats) -> Floats:
    """C(q) / q of each quantity; the price from 0 on where there is none.

    graduated: C = sum over tiers of price x the part of q that lies in the tier. volume: the price of the tier that q
    has reached, from its begin on, holds for all of q.
    """
    tiers = sorted(pool.price_tiers.values(), key=lambda tier: tier.from_quantity)
    begins = np.array([0.0, *(tier.from_quantity for tier in tiers)])
    prices = np.array([pool.price_usd_per_accelerator_hour, *(tier.usd_per_accelerator_hour for tier in tiers)])
    if pool.tier_form == "volume":
        reached = np.searchsorted(begins * (1.0 - SAME), quantity, side="right") - 1
        return np.where(np.isnan(quantity), np.nan, prices[np.maximum(reached, 0)])
    ends = np.append(begins[1:], np.inf)
    inside = np.clip(quantity[:, None], begins, ends) - begins
    paid = inside @ prices
    mean: Floats = np.divide(paid, quantity, where=quantity > 0, out=np.full_like(paid, prices[0]))
    return mean
