"""Routes: work runs only where it may, and yields what its accelerators do there."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def routes(ledger: Ledger) -> list[Rows]:
    """Exactly 0 on pairs that are ruled out; units per hour = e_k x busy; assigned = busy, as no queue is modelled."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    pairs = list(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True))
    records = [f"{axes.workloads[w]}/{axes.pools[p]}" for w, p in pairs]
    per_hour = [f"{works[w].unit} per hour" for w, _ in pairs]
    counted = ["accelerators"] * len(pairs)
    reasons = [axes.ruled_out[w][p] for w, p in pairs]
    closed = np.array([bool(reason) for reason in reasons], dtype=bool)[:, None]
    largest = np.maximum.reduce([np.abs(ledger.busy), np.abs(ledger.assigned), np.abs(ledger.units)])
    used = np.where(closed, largest, 0.0)
    return [
        # Judged by itself, so that no amount is too small to count.
        by_period(
            [f"work runs on a route that is ruled out ({reason})" for reason in reasons],
            records,
            counted,
            used,
            np.where(used == 0, 1.0, used),
        ),
        by_period(
            "units per hour are not what the busy accelerators do",
            records,
            per_hour,
            np.abs(ledger.units - ledger.served),
            scale_of(ledger.units, ledger.served),
        ),
        by_period(
            "assigned and busy accelerators differ",
            records,
            counted,
            np.abs(ledger.assigned - ledger.busy),
            scale_of(ledger.assigned, ledger.busy),
        ),
    ]
