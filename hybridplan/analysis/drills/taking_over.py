"""Who takes over for whom, in what order, and how much."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis.drills.carrying import Response, is_promised, opened, respond, takeover_order
from hybridplan.analysis.drills.going_on import starts
from hybridplan.analysis.drills.records import FAILOVER_COLUMNS
from hybridplan.audit.axes import Floats
from hybridplan.plan import Plan

_DUST: Final = 1e-9
"""Share of what a workload serves below which a move is rounding."""


def failover_table(plan: Plan) -> pd.DataFrame:
    """FAILOVER_COLUMNS: promised work, contingencies that take something from it, and the pools that take over.

    lost_pools: ids of its pools that are lost while they serve it, joined by ", ". order: 1 is the shortest round trip
    from the users, then the lower contracted price, then the id. most: in one hour (that of block and period_start,
    when most units are taken over); units: over the horizon, each hour that the plan covers counted as one failure of
    an hour. Raises :class:`InvalidInput` for a plan without tables.
    """
    ledger = opened(plan)
    mine = np.flatnonzero(is_promised(ledger)).tolist()
    rows = [
        row
        for key in plan.scenario.policy.contingencies
        for found in [respond(ledger, key)]
        for w in mine
        for row in _rows(found, w)
    ]
    place = {key: number for number, key in enumerate(plan.scenario.workloads)}
    rows.sort(key=lambda row: place[str(row[0])])
    return pd.DataFrame(rows, columns=list(FAILOVER_COLUMNS))


def _rows(found: Response, w: int) -> list[tuple[object, ...]]:
    axes, work = found.axes, list(found.axes.scenario.workloads.values())[w]
    pairs = [k for k in takeover_order(axes, found.workload, found.pool).tolist() if found.workload[k] == w]
    least = _DUST * float(found.served_before[w].max(initial=0.0))
    takers = [k for k in pairs if found.moved[k].max(initial=0.0) > least]
    gone = sorted(
        axes.pools[found.pool[k]] for k in pairs if not found.survives[k] and found.before[k].max(initial=0.0) > least
    )
    when, rows = starts(axes), list[tuple[object, ...]]()
    for order, k in enumerate(takers, start=1):
        period, pool = int(np.argmax(found.moved[k])), int(found.pool[k])
        rows.append(
            (
                axes.workloads[w],
                found.contingency,
                work.promise_form,
                ", ".join(gone),
                axes.pools[pool],
                order,
                float(axes.round_trip_ms[w, pool]),
                float(found.moved[k, period]),
                float(_moved_accelerators(found, k).max()),
                float(found.moved[k] @ axes.weight_hours),
                axes.blocks[int(axes.block_of[period])][0],
                when[period],
            )
        )
    return rows


def _moved_accelerators(found: Response, k: int) -> Floats:
    """(T,) accelerators of a pair that serve what moved there."""
    units = found.units[k]
    share = np.divide(found.moved[k], units, out=np.zeros_like(units), where=units > 0)
    moved: Floats = share * found.accelerators[k]
    return moved
