"""After: work that follows other work never gets ahead of it."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def after(ledger: Ledger) -> list[Rows]:
    """In each block: units needed x what the follower has done with this period <= what the other had done before it.

    Units of the workload that is followed, summed over h within one occurrence of the block; judged by the larger
    total of the two in the block.
    """
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    codes = {name: code for code, name in enumerate(axes.workloads)}
    pairs = [(code, codes[work.after]) for code, work in enumerate(works) if work.after is not None]
    needed = np.array([works[code].after_units_per_unit for code, _ in pairs], dtype=np.float64)[:, None]
    done = ledger.per_workload(ledger.served) * axes.hours
    own, other = needed * done[[code for code, _ in pairs]], done[[code for _, code in pairs]]
    ahead, size = np.zeros_like(own), np.zeros_like(own)
    for periods in axes.block_slices:
        mine, theirs = np.cumsum(own[:, periods], axis=1), np.cumsum(other[:, periods], axis=1)
        ahead[:, periods] = mine
        ahead[:, periods.start + 1 : periods.stop] -= theirs[:, :-1]
        size[:, periods] = scale_of(mine[:, -1:], theirs[:, -1:])
    return [
        by_period(
            [f"it is ahead of {axes.workloads[other_code]}, which it follows" for _, other_code in pairs],
            [axes.workloads[code] for code, _ in pairs],
            [works[other_code].unit for _, other_code in pairs],
            ahead,
            size,
        )
    ]
