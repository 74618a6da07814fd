"""Commitments for spend: they cover accelerators that are there, at their rates, and no more than they pay for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def covered(ledger: Ledger) -> list[Rows]:
    """Sum of covered over the commitments <= n of the pool; 0 where there is no rate, or no service; accelerators."""
    axes, spend = ledger.axes, list(ledger.scenario.spend_commitments)
    rated = {key for c in ledger.scenario.spend_commitments.values() for key in c.rates_usd_per_accelerator_hour}
    touched = set(ledger.covered_pool.tolist())
    pools = [code for code, key in enumerate(axes.pools) if key in rated or code in touched]
    total, n = ledger.covered_by_pool[pools], ledger.provisioned[pools]
    pairs = list(zip(ledger.covered_by.tolist(), ledger.covered_pool.tolist(), strict=True))
    stray = np.where(_may_cover(ledger), 0.0, np.abs(ledger.covered))
    return [
        by_period(
            "more is covered than is provisioned",
            [axes.pools[code] for code in pools],
            ["accelerators"] * len(pools),
            total - n,
            scale_of(total, n),
        ),
        by_period(
            "accelerators are covered outside the service of the commitment, or without a rate",
            [f"{spend[c]}/{axes.pools[p]}" for c, p in pairs],
            ["accelerators"] * len(pairs),
            stray,
            scale_of(stray),
        ),
    ]


def spend_commitment(ledger: Ledger) -> list[Rows]:
    """Sum over pools of rate x covered <= USD per hour already + new, in every period of service; USD per hour."""
    records, found = ledger.axes.records, ledger.scenario.spend_commitments
    rates = [c.rates_usd_per_accelerator_hour for c in found.values()]
    spent = np.zeros((len(found), len(ledger.axes.hours)))
    for row, code in enumerate(ledger.covered_by.tolist()):
        spent[code] += rates[code].get(ledger.axes.pools[ledger.covered_pool[row]], 0.0) * ledger.covered[row]
    given = np.array([c.usd_per_hour for c in found.values()], dtype=np.float64)
    paid: Floats = (given + ledger.new_spend_usd_per_hour)[:, None] * np.ones_like(spent)
    return [
        by_period(
            "more is covered than is committed to be spent",
            list(records.spend_commitments),
            ["USD per hour"] * len(found),
            np.where(records.spend_serves > 0, spent - paid, 0.0),
            scale_of(spent, paid),
        )
    ]


def _may_cover(ledger: Ledger) -> NDArray[np.bool_]:
    """(V, T) True in service, of on-demand pools with a rate and without tiers."""
    spend = list(ledger.scenario.spend_commitments.values())
    pools = list(ledger.scenario.pools.items())
    found = np.zeros(ledger.covered.shape, dtype=bool)
    for row, (c, p) in enumerate(zip(ledger.covered_by.tolist(), ledger.covered_pool.tolist(), strict=True)):
        key, pool = pools[p]
        is_on_offer = pool.purchase_option == "on_demand" and not pool.price_tiers
        if is_on_offer and key in spend[c].rates_usd_per_accelerator_hour:
            found[row] = ledger.axes.records.spend_serves[c] > 0
    return found
