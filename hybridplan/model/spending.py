"""Spend commitments as arrays: which pools they may cover, at which rates, and in which periods they are in service."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.model.periods import Array, Periods
from hybridplan.model.standing import service

Positions = npt.NDArray[np.intp]


class Spending:
    """Shapes: S spend commitments in the order of the scenario, V pairs of one and an on-demand pool with a rate."""

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        self._records = scenario.spend_commitments
        where = {pool: i for i, pool in enumerate(scenario.pools)}
        found = [
            (s, where[pool], rate)
            for s, record in enumerate(self._records.values())
            for pool, rate in record.rates_usd_per_accelerator_hour.items()
            if pool in where and scenario.pools[pool].purchase_option == "on_demand"
        ]
        self.ids: tuple[str, ...] = tuple(self._records)
        self.commitment: Positions = np.array([s for s, _, _ in found], dtype=np.intp)
        """Position of the commitment of each pair; (V,)."""
        self.pool: Positions = np.array([p for _, p, _ in found], dtype=np.intp)
        """Position of the pool of each pair; (V,)."""
        self.rate: Array = np.array([rate for _, _, rate in found], dtype=float)
        """USD of the commitment that one covered accelerator-hour takes; (V,)."""
        self._scenario, self._periods = scenario, periods
        pools = list(scenario.pools.values())
        self._price = np.array([contracted_price_usd(scenario, pools[p]) for _, p, _ in found], dtype=float)

    @cached_property
    def usd_per_hour(self) -> Array:
        """Committed already; (S,)."""
        return np.array([record.usd_per_hour for record in self._records.values()], dtype=float)

    @cached_property
    def growing(self) -> Positions:
        """Commitments that may grow; (G,)."""
        offered = [record.max_new_usd_per_hour > 0 for record in self._records.values()]
        return np.flatnonzero(np.array(offered, dtype=bool))

    @cached_property
    def most(self) -> Array:
        """USD per hour on offer; (G,)."""
        offered = np.array([record.max_new_usd_per_hour for record in self._records.values()], dtype=float)
        return offered[self.growing]

    @cached_property
    def least(self) -> Array:
        """USD per hour that must be newly committed; (G,)."""
        asked = np.array([record.min_new_usd_per_hour for record in self._records.values()], dtype=float)
        return asked[self.growing]

    @cached_property
    def serves(self) -> Array:
        """1 in the periods in which a commitment is in service; (S, T)."""
        rows = [service(self._scenario, self._periods, record) for record in self._records.values()]
        return np.array(rows, dtype=float).reshape(len(self._records), len(self._periods))

    @cached_property
    def service_hours(self) -> Array:
        """Sum of g h over the periods of service; (S,)."""
        hours: Array = self.serves @ self._periods.weight_hours
        return hours

    @cached_property
    def taken(self) -> sp.csr_array:
        """(S, V) rates: USD per hour that covered accelerators take of each commitment."""
        pairs = np.arange(len(self.pool))
        return sp.csr_array((self.rate, (self.commitment, pairs)), shape=(len(self.ids), len(self.pool)))

    def spread(self, pools: int) -> sp.csr_array:
        """(P, V) 1 where the pair is of the pool."""
        pairs = np.arange(len(self.pool))
        return sp.csr_array((np.ones(len(pairs)), (self.pool, pairs)), shape=(pools, len(pairs)))

    def committed(self, new: Array) -> Array:
        """USD per hour of each commitment with the ``new`` ones (G,); (S,)."""
        found: Array = self.usd_per_hour.copy()
        found[self.growing] += new
        return found

    def coverable(self, provisioned: Array) -> Array:
        """Most that each pair may cover where this is ``provisioned`` (P, T), with all that is on offer; (V, T)."""
        spend = self.committed(self.most)[self.commitment]
        by_spend = np.divide(spend, self.rate, out=np.full(len(spend), np.inf), where=self.rate > 0)
        inside = self.serves[self.commitment]
        found: Array = np.where(inside > 0, np.minimum(provisioned[self.pool], by_spend[:, None]), 0.0)
        return found

    @cached_property
    def vendor_order(self) -> list[int]:
        """Pairs in the order in which a vendor applies commitments to what runs in an hour.

        Commitments for fewer pools come first (an instance plan before a general one). Of each the pool with the
        highest share saved, 1 - rate / price, comes first, of equal ones that with the lowest rate.
        """
        width = np.bincount(self.commitment, minlength=len(self.ids))[self.commitment]
        paid = self.rate / np.where(self._price > 0, self._price, 1.0)
        saved = np.where(self._price > 0, 1.0 - paid, -np.inf)
        order = np.lexsort((self.rate, -saved.round(9), self.commitment, width))
        return [int(pair) for pair in order]

    def in_vendor_order(self, provisioned: Array, usd_per_hour: Array) -> Array:
        """Covered accelerators, (V, T), where ``provisioned`` (P, T) runs and so much is committed, (S,)."""
        left, room = provisioned.copy(), usd_per_hour[:, None] * self.serves
        covered = np.zeros((len(self.pool), len(self._periods)))
        for pair in self.vendor_order:
            s, p, rate = self.commitment[pair], self.pool[pair], self.rate[pair]
            most = np.where(self.serves[s] > 0, left[p], 0.0)
            covered[pair] = np.minimum(most, room[s] / rate) if rate > 0 else most
            left[p] = np.maximum(left[p] - covered[pair], 0.0)
            room[s] = np.maximum(room[s] - rate * covered[pair], 0.0)
        return covered
