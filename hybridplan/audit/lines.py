"""Money of one term, split by workload and pool where that can honestly be said."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger

UNUSED: Final = "unused"
"""Detail of what is committed and not used."""


class CostLine(NamedTuple):
    """``usd`` over the horizon; "" where the money belongs to no single workload or pool.

    ``record``: the commitment, expansion, link, provider or dataset that is paid for; ``detail``: "unused" for what is
    committed and not used.
    """

    workload: str
    pool: str
    usd: float
    record: str = ""
    detail: str = ""


def pair_lines(ledger: Ledger, usd: Floats) -> list[CostLine]:
    """One line per (workload, pool) pair of the allocation from (K,) USD."""
    names, pools = ledger.axes.workloads, ledger.axes.pools
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), usd.tolist(), strict=True)
    return [CostLine(names[w], pools[p], money) for w, p, money in pairs]


def pool_lines(ledger: Ledger, usd: Floats) -> list[CostLine]:
    """One line per pool, of no single workload, from (P,) USD."""
    return [CostLine("", pool, money) for pool, money in zip(ledger.axes.pools, usd.tolist(), strict=True)]


def total(lines: list[CostLine]) -> float:
    """Sum in USD; NaN and infinity stay."""
    return float(np.sum([line.usd for line in lines]))
