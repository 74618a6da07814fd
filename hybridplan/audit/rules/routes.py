"""Routes: work runs only where it may, and yields what its accelerators do there."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.data import waits
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def routes(ledger: Ledger) -> list[Rows]:
    """Exactly 0 on pairs that are ruled out; units per hour = e_k x busy, unless more accelerators gain less.

    0 too, standby included, in the periods of the first block that start before a first copy of the work's data,
    planned or chosen, is at the site: horizon start + size / bandwidth.
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
        _before_the_data(ledger),
    ]


def _before_the_data(ledger: Ledger) -> Rows:
    found, early = list[int](), list[Floats]()
    for k, (w, p) in enumerate(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)):
        closed = waits(ledger.axes, w, p)
        if closed.any():
            found.append(k)
            early.append(np.where(closed, ledger.in_use[k], 0.0))
    used = np.asarray(early, dtype=np.float64).reshape(len(found), len(ledger.axes.hours))
    names = [ledger.pairs[k] for k in found]
    what = "work runs before the first copy of its data is there"
    return by_period(what, names, ["accelerators"] * len(found), used, scale_of(used))
