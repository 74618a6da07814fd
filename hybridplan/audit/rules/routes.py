"""Routes: work runs only where it may, and yields what its accelerators do there."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def routes(ledger: Ledger) -> list[Rows]:
    """Exactly 0 on pairs that are ruled out; units per hour = e_k x busy, unless more accelerators gain less.

    assigned = busy, but where there is a queue or a gang, assigned >= busy.
    """
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    pairs = list(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True))
    records = ledger.pairs
    per_hour = [f"{works[w].unit} per hour" for w, _ in pairs]
    counted = ["accelerators"] * len(pairs)
    reasons = [axes.ruled_out[w][p] for w, p in pairs]
    closed = np.array([bool(reason) for reason in reasons], dtype=bool)[:, None]
    largest = np.maximum.reduce([np.abs(ledger.busy), np.abs(ledger.assigned), np.abs(ledger.units)])
    used = np.where(closed, largest, 0.0)
    gang = np.array([works[w].whole_replicas for w, _ in pairs], dtype=bool)
    may_exceed = (ledger.has_queue | gang)[:, None]
    short = ledger.busy - ledger.assigned
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
            [
                "fewer accelerators are assigned than are busy" if free else "assigned and busy accelerators differ"
                for free in may_exceed[:, 0].tolist()
            ],
            records,
            counted,
            np.where(may_exceed, short, np.abs(short)),
            scale_of(ledger.assigned, ledger.busy),
        ),
    ]
