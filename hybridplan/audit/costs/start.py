"""Start: what it costs to start a node; parts of a node pay their part."""

from __future__ import annotations

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.charges import Charge
from hybridplan.audit.elastic import elastic_codes, per_pool, started
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine


def start(ledger: Ledger) -> list[CostLine]:
    """Sum over periods of g x USD per node x accelerators started / accelerators per node, by pool (USD)."""
    codes = _codes(ledger)
    price = per_pool(ledger, codes, lambda pool: pool.start_usd_per_node)[:, 0]
    usd: list[float] = (price * (_nodes(ledger, codes) @ ledger.axes.weight)).tolist()
    return [CostLine("", ledger.axes.pools[code], money) for code, money in zip(codes.tolist(), usd, strict=True)]


def start_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in nodes."""
    codes = _codes(ledger)
    nodes = _nodes(ledger, codes)
    price = per_pool(ledger, codes, lambda pool: pool.start_usd_per_node) + 0.0 * nodes
    rows = zip(codes.tolist(), nodes, price, strict=True)
    return [Charge("", ledger.axes.pools[code], number, usd, usd) for code, number, usd in rows]


def _codes(ledger: Ledger) -> Ints:
    return elastic_codes(ledger, lambda pool: pool.start_usd_per_node > 0)


def _nodes(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) nodes started, parts of a node as parts."""
    return started(ledger, codes) / per_pool(ledger, codes, lambda pool: pool.accelerators_per_node)
