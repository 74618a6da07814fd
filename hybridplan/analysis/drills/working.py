"""One row for each workload of a drill: what it had, what it has left, and whether its promise is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.analysis.drills.carrying import Response
from hybridplan.analysis.drills.records import WORK_COLUMNS
from hybridplan.audit.axes import Floats

KEPT_WITHIN = 3e-6
"""A promise that is short by no more than this share of the demand is kept: solvers round."""


def work_rows(found: Response, period: int, unserved: Floats) -> pd.DataFrame:
    """WORK_COLUMNS of one period. ``unserved``: (W,) units per hour of rigid work that the plan does not serve."""
    axes, works = found.axes, list(found.axes.scenario.workloads.values())
    before, after = found.served_before[:, period], found.served_after[:, period]
    share = np.array([0.0 if work.flexibility == "deferrable" else work.promised_share for work in works])
    demand = np.where(axes.is_deferrable, before, axes.demand[:, period])
    promised = np.maximum(share * np.nan_to_num(demand - unserved), 0.0)
    columns = {
        "workload": list(axes.workloads),
        "unit": [work.unit for work in works],
        "flexibility": [work.flexibility for work in works],
        "demand": demand,
        "served_before": before,
        "served_after": after,
        "promised_units_per_hour": promised,
        "kept_promise": after >= promised - KEPT_WITHIN * np.maximum(demand, 1e-9),
        "unserved_after": np.maximum(demand - after, 0.0),
        "share_after": np.divide(after, before, out=np.ones_like(before), where=before > 0),
        "latency_before_ms": _mean_ms(found, found.before[:, period]),
        "latency_after_ms": _mean_ms(found, found.units[:, period]),
        "moved_units": found.per_workload(found.moved)[:, period],
    }
    return pd.DataFrame(columns, columns=list(WORK_COLUMNS))


def _mean_ms(found: Response, units: Floats) -> Floats:
    """(W,) mean of round trip + service time over what is served; NaN where nothing is."""
    axes = found.axes
    floor = axes.round_trip_ms[found.workload, found.pool] + axes.service_ms[found.workload, found.pool]
    weighed = np.where(units > 0, np.nan_to_num(floor) * units, 0.0)
    total = found.per_workload(np.stack([weighed, units], axis=1))
    mean: Floats = np.divide(total[:, 0], total[:, 1], out=np.full(len(total), np.nan), where=total[:, 1] > 0)
    return mean
