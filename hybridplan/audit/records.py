"""Records that may be bought, or that come and go: one code for each, and in which periods they are in service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hybridplan.domain import Block, Scenario
from hybridplan.domain.service import in_service

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """Ids and periods of service. Shapes: (C, T), (S, T), (E, T) or (P, T), 1 in service and 0 elsewhere."""

    scenario: Scenario
    blocks: Sequence[Block]
    """In the order of their start."""
    block_of: Ints
    """(T,) position of each period's block."""

    @cached_property
    def commitments(self) -> tuple[str, ...]:
        """(C,) ids of the commitments for capacity; their position is their code."""
        return tuple(self.scenario.commitments)

    @cached_property
    def spend_commitments(self) -> tuple[str, ...]:
        """(S,) ids of the commitments for spend."""
        return tuple(self.scenario.spend_commitments)

    @cached_property
    def expansions(self) -> tuple[str, ...]:
        """(E,) ids of the expansions."""
        return tuple(self.scenario.expansions)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """(L,) ids of the links."""
        return tuple(self.scenario.links)

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """(D,) ids of the datasets."""
        return tuple(self.scenario.datasets)

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Ids of the sites."""
        return tuple(self.scenario.sites)

    @cached_property
    def commitment_pool(self) -> Ints:
        """(C,) code of the pool that each commitment stands behind."""
        return self._pools(c.pool for c in self.scenario.commitments.values())

    @cached_property
    def expansion_pool(self) -> Ints:
        """(E,) code of the pool that each expansion is for."""
        return self._pools(e.pool for e in self.scenario.expansions.values())

    @cached_property
    def commitment_serves(self) -> Floats:
        """(C, T) 1 in blocks that start at ``starts`` or later, and before ``ends``."""
        found = self.scenario.commitments.values()
        return self._by_block([[in_service(block, c.starts, c.ends) for block in self.blocks] for c in found])

    @cached_property
    def spend_serves(self) -> Floats:
        """(S, T) the same for commitments for spend."""
        found = self.scenario.spend_commitments.values()
        return self._by_block([[in_service(block, c.starts, c.ends) for block in self.blocks] for c in found])

    @cached_property
    def arrived(self) -> Floats:
        """(E, T) 1 from the block at position ``lead_time_blocks`` on, 0 being the first."""
        found = self.scenario.expansions.values()
        return self._by_block([[n >= e.lead_time_blocks for n in range(len(self.blocks))] for e in found])

    @cached_property
    def standing(self) -> Floats:
        """(P, T) 0 for an owned pool in blocks that start at ``retires`` or later, else 1."""
        rows = []
        for pool in self.scenario.pools.values():
            gone = pool.retires if pool.purchase_option == "owned" else None
            rows.append([gone is None or block.start < gone for block in self.blocks])
        return self._by_block(rows)

    def committed(self, new: Floats | None = None) -> Floats:
        """(P, T) accelerators of all commitments in service, with the (C,) ``new`` ones if given."""
        sizes = np.array([c.accelerators for c in self.scenario.commitments.values()], dtype=np.float64)
        found = self.commitment_serves * (sizes if new is None else sizes + new)[:, None]
        return self.per_pool(self.commitment_pool, found)

    def per_pool(self, pools: Ints, values: Floats) -> Floats:
        """(P, T) sum of the rows of ``values`` by the code of their pool."""
        total = np.zeros((len(self.scenario.pools), len(self.block_of)))
        for code, row in zip(pools.tolist(), values, strict=True):
            total[code] += row
        return total

    def _pools(self, ids: Iterable[str]) -> Ints:
        codes = {name: code for code, name in enumerate(self.scenario.pools)}
        return np.array([codes[name] for name in ids], dtype=np.int64)

    def _by_block(self, flags: list[list[bool]]) -> Floats:
        found = np.asarray(flags, dtype=np.float64).reshape(len(flags), len(self.blocks))
        return found[:, self.block_of]
