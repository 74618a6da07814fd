"""Unit scales of workloads: work units in which solvers count, so that all rows have numbers of one size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from hybridplan.model.routes import Pair

LARGEST: Final = 1e12
"""Most unit scales of demand: solvers take numbers from 1e20 on for infinite."""


def unit_scales(routes: Sequence[Pair], peaks: Mapping[str, float]) -> dict[str, float]:
    """Work units that one mean accelerator does in an hour, for each workload.

    ``peaks``: largest demand per hour or volume of each workload; where its accelerators would be more than LARGEST,
    the scale is larger.
    """
    scale = {}
    for work_id, peak in peaks.items():
        found = [route.units_per_accelerator_hour for route in routes if route.workload == work_id]
        scale[work_id] = max(float(np.mean(found)) if found else 1.0, peak / LARGEST)
    return scale
