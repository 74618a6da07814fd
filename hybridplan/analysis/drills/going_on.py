"""What the stored plan does when something fails: in one hour as a drill, and what is left in every hour."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from hybridplan.analysis.drills.carrying import Response, is_promised, opened, promised, respond
from hybridplan.analysis.drills.records import AFTER_COLUMNS, LEFT_COLUMNS, ROUTE_COLUMNS, Drill, DrillKind
from hybridplan.analysis.drills.working import work_rows
from hybridplan.audit.axes import Axes, Floats
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan, SolveStatus

_NOTHING = 1e-12
"""Units per hour and accelerators below which a row is left out."""


def stored(
    plan: Plan, contingency_id: str, block_id: str, period_start: datetime, *, keep_unpromised: bool = False
) -> Drill:
    """The hour of the plan that starts at ``period_start`` in this block, when the contingency happens.

    Promised work goes on as the plan has it ready, once its recovery minutes are over: by standby of its own, or by the
    stored failover. Work without a promise, and deferrable work, stops; with ``keep_unpromised`` it runs on where it
    survives, in what promised work leaves of its pools and links; and so does what shared and cold work serves beyond
    its promise, of which a stored failover holds nothing. Raises :class:`InvalidInput` for a plan without
    tables and for an unknown contingency or hour.
    """
    ledger = opened(plan)
    period = period_of(ledger.axes, block_id, period_start)
    found = respond(ledger, contingency_id, keep_unpromised=keep_unpromised)
    return drilled(found, period, ledger.unserved[:, period])


def left_by_hour(plan: Plan, contingency_id: str, *, keep_unpromised: bool = False) -> pd.DataFrame:
    """LEFT_COLUMNS: what is served, and what of it is left after the contingency, in every hour and workload.

    Units per hour; promised: promised_share x served of rigid work; share: left / served, 1 where nothing is served.
    Raises :class:`InvalidInput` as :func:`stored`.
    """
    ledger = opened(plan)
    found = respond(ledger, contingency_id, keep_unpromised=keep_unpromised)
    served, left, axes = found.served_before, found.served_after, ledger.axes
    periods = len(axes.hours)
    columns = {
        "workload": np.repeat(np.array(axes.workloads, dtype=object), periods),
        "block": [axes.blocks[code][0] for code in axes.block_of.tolist()] * len(axes.workloads),
        "period_start": np.tile(np.asarray(starts(axes), dtype=object), len(axes.workloads)),
        "served": served.ravel(),
        "left": left.ravel(),
        "promised": promised(ledger).ravel(),
        "share": np.divide(left, served, out=np.ones_like(served), where=served > 0).ravel(),
    }
    table = pd.DataFrame(columns, columns=list(LEFT_COLUMNS))
    return table.assign(period_start=pd.to_datetime(table["period_start"], utc=True))


def worst_hour(plan: Plan, contingency_id: str) -> tuple[str, datetime]:
    """Block and start of the hour in which most promised work runs on what is lost, by its accelerators; the first of
    equal ones; where none is promised, of any work. Raises :class:`InvalidInput` as :func:`stored`.
    """
    ledger = opened(plan)
    found = respond(ledger, contingency_id)
    gone = np.where(found.survives[:, None], 0.0, found.before_accelerators)
    mine = gone[is_promised(ledger)[found.workload]]
    total = (mine if mine.any() else gone).sum(axis=0)
    period = int(np.argmax(total > total.max() * (1.0 - 1e-9)))
    return ledger.axes.blocks[int(ledger.axes.block_of[period])][0], starts(ledger.axes)[period]


def starts(axes: Axes) -> list[datetime]:
    """Start of each period, UTC."""
    return [start for _, block in axes.blocks for start in block.starts()]


def period_of(axes: Axes, block_id: str, period_start: datetime) -> int:
    """Code of the period. Raises :class:`InvalidInput` where the block has none that starts then."""
    moment = pd.Timestamp(period_start)
    moment = moment.tz_localize(UTC) if moment.tzinfo is None else moment
    for period, (block, start) in enumerate(zip(axes.block_of.tolist(), starts(axes), strict=True)):
        if axes.blocks[block][0] == block_id and start == moment:
            return period
    mend = "Give the start of one of the periods of that block."
    raise InvalidInput([Issue("period", "is no period of the plan", f"{block_id}, {moment.isoformat()}", mend=mend)])


def drilled(
    found: Response,
    period: int,
    unserved: Floats,
    *,
    kind: DrillKind = "stored",
    status: SolveStatus = SolveStatus.OPTIMAL,
) -> Drill:
    """One period of a response as tables. ``unserved``: (W,) units per hour that are not served in the plan."""
    axes = found.axes
    before = _routes(found, found.before[:, period], found.before_accelerators[:, period])
    after = _routes(found, found.units[:, period], found.accelerators[:, period])
    after = after.assign(ready_units_per_hour=found.ready[:, period], moved_units=found.moved[:, period])
    used = (found.units[:, period] > _NOTHING) | (found.ready[:, period] > _NOTHING)
    return Drill(
        kind,
        found.contingency,
        axes.blocks[int(axes.block_of[period])][0],
        starts(axes)[period],
        found.lost,
        before.loc[found.before[:, period] > _NOTHING, list(ROUTE_COLUMNS)].reset_index(drop=True),
        after.loc[used, list(AFTER_COLUMNS)].reset_index(drop=True),
        work_rows(found, period, unserved),
        status,
    )


def _routes(found: Response, units: Floats, accelerators: Floats) -> pd.DataFrame:
    axes, pools = found.axes, [found.axes.pools[p] for p in found.pool.tolist()]
    floor = axes.round_trip_ms[found.workload, found.pool] + axes.service_ms[found.workload, found.pool]
    return pd.DataFrame(
        {
            "workload": [axes.workloads[w] for w in found.workload.tolist()],
            "pool": pools,
            "site": [axes.scenario.pools[key].site for key in pools],
            "units_per_hour": units,
            "accelerators": accelerators,
            "latency_floor_ms": floor,
        }
    )
