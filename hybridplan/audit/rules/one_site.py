"""One site: all work of one window runs at one site."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of


def one_site(ledger: Ledger) -> list[Rows]:
    """Accelerator-hours of the window at any but its largest site = 0, judged by all its accelerator-hours."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    names = {name: code for code, name in enumerate(ledger.scenario.sites)}
    site = np.array([names[pool.site] for pool in ledger.scenario.pools.values()], dtype=np.int64)[ledger.pair_pool]
    slots = [slot for slot in axes.windows if works[slot.workload].one_site]
    total, largest = np.zeros(len(slots)), np.zeros(len(slots))
    for position, slot in enumerate(slots):
        mine = np.flatnonzero(ledger.pair_workload == slot.workload)
        inside = slice(slot.first, slot.last)
        hours = np.abs(ledger.busy[mine, inside]) @ axes.hours[inside]
        by_site = np.bincount(site[mine], hours, len(names))
        total[position], largest[position] = by_site.sum(), by_site.max()
    return [
        once(
            "the work of one window runs at more than one site",
            [f"{axes.workloads[slot.workload]}/{slot.name}" for slot in slots],
            ["accelerator-hours"] * len(slots),
            total - largest,
            scale_of(total),
        )
    ]
