"""What stands of each pool without anything new: installed until it retires, committed while commitments run."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from hybridplan.domain import Scenario
from hybridplan.domain.service import in_service
from hybridplan.model.periods import Array, Periods


def service(scenario: Scenario, periods: Periods, record: object) -> Array:
    """1 in the periods of blocks in which ``record`` (with ``starts`` and ``ends``) is in service; (T,)."""
    starts, ends = getattr(record, "starts", None), getattr(record, "ends", None)
    inside = {key: in_service(block, starts, ends) for key, block in scenario.horizon.blocks.items()}
    return np.array([float(inside[key]) for key in periods.block], dtype=float)


class Standing:
    """Arrays over pools (P,) and periods (T,)."""

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        self._scenario, self._periods = scenario, periods

    @cached_property
    def capacity(self) -> Array:
        """Installed or quota; committed accelerators where most of them are in service; (P,)."""
        committed = self._committed.max(axis=1, initial=0.0)
        pools = self._scenario.pools.values()
        own = np.array([pool.capacity_accelerators for pool in pools], dtype=float)
        return np.where([pool.purchase_option == "reserved" for pool in pools], committed, own)

    @cached_property
    def share(self) -> Array:
        """Share of ``capacity`` that is installed or in service, whether it is up or not; (P, T)."""
        found = np.ones((len(self._scenario.pools), len(self._periods)))
        for i, pool in enumerate(self._scenario.pools.values()):
            if pool.purchase_option == "reserved" and self.capacity[i] > 0:
                found[i] = self._committed[i] / self.capacity[i]
            elif pool.purchase_option == "owned" and pool.retires is not None:
                blocks = self._scenario.horizon.blocks
                here = {key: in_service(block, None, pool.retires) for key, block in blocks.items()}
                found[i] = [float(here[key]) for key in self._periods.block]
        return found

    @cached_property
    def service_hours(self) -> Array:
        """Sum of g h over the periods, times the share that stands; (P,)."""
        hours: Array = self.share @ self._periods.weight_hours
        return hours

    @cached_property
    def maintained(self) -> Array:
        """up_share as it is given: what maintenance leaves, of new accelerators too; (P, T)."""
        up = np.ones((len(self._scenario.pools), len(self._periods)))
        for i, pool in enumerate(self._scenario.pools.values()):
            for block_id, profile in pool.up_share.items():
                first = self._periods.first[block_id]
                up[i, first : first + len(profile)] = profile
        return up

    @cached_property
    def _committed(self) -> Array:
        where = {pool: i for i, pool in enumerate(self._scenario.pools)}
        found = np.zeros((len(where), len(self._periods)))
        for commitment in self._scenario.commitments.values():
            found[where[commitment.pool]] += commitment.accelerators * service(
                self._scenario, self._periods, commitment
            )
        return found
