"""Whole nodes: a node is provisioned or kept whole."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, off_whole, once
from hybridplan.domain.features import counts_nodes


def whole_nodes(ledger: Ledger) -> list[Rows]:
    """n = a whole multiple of accelerators_per_node in every period, judged by the size of a node; accelerators.

    Where a pool is always on, n follows what is kept, and that is whole; where it may power down, both are. What is
    bought for a pool with whole nodes is whole too.
    """
    axes, pools = ledger.axes, list(ledger.scenario.pools.values())
    counted = [code for code, pool in enumerate(pools) if counts_nodes(pool)]
    switched = [code for code in counted if not axes.always_on[code]]
    chosen = [code for code in counted if pools[code].purchase_option == "owned" and pools[code].owned_cost != "sunk"]

    def sizes(codes: list[int]) -> Floats:
        return np.array([pools[code].accelerators_per_node for code in codes], dtype=np.float64)

    nodes = np.broadcast_to(sizes(switched)[:, None], (len(switched), len(axes.hours)))
    return [
        by_period(
            "a part of a node is provisioned",
            [axes.pools[code] for code in switched],
            ["accelerators"] * len(switched),
            off_whole(ledger.provisioned[switched], nodes),
            nodes,
        ),
        once(
            "a part of a node is kept",
            [axes.pools[code] for code in chosen],
            ["accelerators"] * len(chosen),
            off_whole(ledger.kept_said[chosen], sizes(chosen)),
            sizes(chosen),
        ),
        _bought(ledger),
    ]


def _bought(ledger: Ledger) -> Rows:
    records, pools = ledger.axes.records, list(ledger.scenario.pools.values())
    codes = [code for code, pool in enumerate(records.expansion_pool.tolist()) if pools[pool].whole_nodes]
    size = [pools[records.expansion_pool[code]].accelerators_per_node for code in codes]
    nodes, names = np.array(size, dtype=np.float64), [records.expansions[code] for code in codes]
    off = off_whole(ledger.bought[codes], nodes)
    return once("a part of a node is bought", names, ["accelerators"] * len(codes), off, nodes)
