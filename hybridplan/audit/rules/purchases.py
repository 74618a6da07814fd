"""Purchases: what is bought or committed lies between its least and its most."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of


def new_commitment(ledger: Ledger) -> list[Rows]:
    """min <= new <= max; accelerators of commitments for capacity, USD per hour of those for spend."""
    capacity = [(key, c.min_new_accelerators, c.max_new_accelerators) for key, c in ledger.scenario.commitments.items()]
    spend = [
        (key, c.min_new_usd_per_hour, c.max_new_usd_per_hour) for key, c in ledger.scenario.spend_commitments.items()
    ]
    return [
        *_between("newly committed", "accelerators", capacity, ledger.new_committed),
        *_between("newly committed", "USD per hour", spend, ledger.new_spend_usd_per_hour),
    ]


def bought(ledger: Ledger) -> list[Rows]:
    """min <= bought <= max; accelerators of expansions."""
    limits = [(key, one.min_accelerators, one.max_accelerators) for key, one in ledger.scenario.expansions.items()]
    return _between("bought", "accelerators", limits, ledger.bought)


def private_line(ledger: Ledger) -> list[Rows]:
    """Bought of the private line <= what is on offer; Gbit/s."""
    limits = [(key, 0.0, link.max_private_gbps) for key, link in ledger.scenario.links.items()]
    return _between("bought of the private line", "Gbit/s", limits, ledger.private_gbps)


def _between(done: str, unit: str, limits: list[tuple[str, float, float]], quantity: Floats) -> list[Rows]:
    """``limits``: id, least and most of every record; those without an option have a most of 0 and are left out."""
    on_offer = np.flatnonzero([most > 0 for _, _, most in limits])
    records, units = [limits[code][0] for code in on_offer.tolist()], [unit] * len(on_offer)
    least, most = np.array([limits[code][1:] for code in on_offer.tolist()], dtype=np.float64).reshape(-1, 2).T
    found = quantity[on_offer]
    scale = scale_of(found, most)
    return [
        once(f"more is {done} than may be", records, units, found - most, scale),
        once(f"less is {done} than must be", records, units, least - found, scale),
    ]
