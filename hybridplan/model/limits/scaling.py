"""More accelerators for one job gain less and less."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Scaling:
    """x <= each straight piece of the curve at y (concave, from 0), and y <= the largest point; per route."""

    name: str = "scaling"
    fields: tuple[str, ...] = ("workloads.scaling", "pools.interconnect")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(pieces and ends of all routes with a curve, T) rows, in accelerators."""
        pieces = [
            (k, *_line(*ends)) for k, points in sorted(data.curves.items()) for ends in pairwise([(0.0, 0.0), *points])
        ]
        if not pieces:
            return None
        ends = [(k, 0.0, -1.0, points[-1][0]) for k, points in sorted(data.curves.items())]
        rows = [(k, 1.0, slope, at_zero) for k, slope, at_zero in pieces] + ends
        route = np.array([k for k, *_ in rows])
        index = np.arange(len(rows)), route
        shape = len(rows), len(data.routes)
        effective = sp.csr_array((np.array([x for _, x, _, _ in rows]), index), shape=shape)
        busy = sp.csr_array((np.array([slope for _, _, slope, _ in rows]), index), shape=shape)
        lhs = effective @ decisions.effective - busy @ decisions.busy
        rhs = np.repeat(np.array([most for *_, most in rows])[:, None], len(data.periods), axis=1)
        records = tuple(f"{data.routes[k].workload}/{data.routes[k].pool}" for k in route)
        return Rows(lhs, rhs, "<=", records, np.ones(len(rows)), "accelerators")


def _line(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Slope, and value at 0, of the line through two points."""
    slope = (end[1] - start[1]) / (end[0] - start[0])
    return slope, start[1] - slope * start[0]
