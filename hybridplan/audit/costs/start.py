"""Start: what it costs to start a node; parts of a node pay their part."""

from __future__ import annotations

from hybridplan.audit.elastic import elastic_codes, per_pool, started
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine


def start(ledger: Ledger) -> list[CostLine]:
    """Sum over periods of g x USD per node x accelerators started / accelerators per node, by pool (USD)."""
    codes = elastic_codes(ledger, lambda pool: pool.start_usd_per_node > 0)
    price = per_pool(ledger, codes, lambda pool: pool.start_usd_per_node / pool.accelerators_per_node)[:, 0]
    usd: list[float] = (price * (started(ledger, codes) @ ledger.axes.weight)).tolist()
    return [CostLine("", ledger.axes.pools[code], money) for code, money in zip(codes.tolist(), usd, strict=True)]
