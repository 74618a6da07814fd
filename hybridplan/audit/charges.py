"""Money of one term period by period: how much of what is paid for, and at which price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Charge:
    """What one workload pays for one pool under one term; "" where the money belongs to no single workload.

    Summed over the periods with their weights it is the money of the term's lines.
    """

    workload: str
    pool: str
    quantity: Floats
    """(T,) in one occurrence of each period, in the unit of the term (``UNITS`` of hybridplan.audit.costs)."""
    usd_per_unit: Floats
    """(T,) price in force."""
    list_usd_per_unit: Floats
    """(T,) price before the discount that was negotiated."""
    record: str = ""
    """Id of the commitment, expansion, link or dataset that is paid for; name of the provider."""
    is_used: bool = True
    """Term commitment: False for what nothing was assigned to, or covered with."""
    is_spend: bool = False
    """Term commitment: one for spend; what is left of it counts USD."""
    way: tuple[str, str] | None = None
    """Term transfer: the site that the data leaves, and the one that it goes to."""
    site: str = ""
    """Term storage: where it is kept."""


def pair_charges(
    ledger: Ledger,
    quantity: Floats,
    price: Floats,
    list_price: Floats | None = None,
    ways: list[tuple[str, str]] | None = None,
    sites: list[str] | None = None,
) -> list[Charge]:
    """One charge per (workload, pool) pair of the allocation from (K, T) quantities and (K,) or (K, T) prices."""
    names, pools = ledger.axes.workloads, ledger.axes.pools
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    prices, listed = _wide(price, quantity), _wide(price if list_price is None else list_price, quantity)
    return [
        Charge(
            names[w],
            pools[p],
            quantity[k],
            prices[k],
            listed[k],
            way=ways[k] if ways else None,
            site=sites[k] if sites else "",
        )
        for k, (w, p) in enumerate(pairs)
    ]


def pool_charges(ledger: Ledger, quantity: Floats, price: Floats, list_price: Floats | None = None) -> list[Charge]:
    """One charge per pool, of no single workload, from (P, T) quantities and (P,) or (P, T) prices."""
    prices, listed = _wide(price, quantity), _wide(price if list_price is None else list_price, quantity)
    return [Charge("", pool, quantity[p], prices[p], listed[p]) for p, pool in enumerate(ledger.axes.pools)]


def _wide(price: Floats, quantity: Floats) -> Floats:
    return np.broadcast_to(price[:, None] if price.ndim == 1 else price, quantity.shape)
