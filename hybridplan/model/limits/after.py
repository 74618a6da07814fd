"""Work that follows other work never gets ahead of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.whole_jobs import chain


@dataclass(frozen=True)
class After:
    """after_units_per_unit x units of the follower up to t <= units of the other up to t - 1, within each block."""

    name: str = "after"
    fields: tuple[str, ...] = ("workloads.after", "workloads.after_units_per_unit")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(followers, T) rows, in units of the workload that is followed, by its unit scale."""
        pairs = chain(data)
        if not pairs or not data.routes:
            return None
        chained, periods = list(decisions.jobs.chained), len(data.periods)
        scale = np.array([data.unit_scale[w] for w in chained])
        need = np.zeros((len(pairs), len(chained)))
        have = np.zeros((len(pairs), len(chained)))
        for i, (follower, first) in enumerate(pairs):
            j, k = chained.index(follower), chained.index(first)
            need[i, j] = data.scenario.workloads[follower].after_units_per_unit * scale[j] / scale[k]
            have[i, k] = 1.0
        starts = np.zeros(periods, dtype=bool)
        starts[list(data.periods.first.values())] = True
        keep = np.where(starts[1:], 0.0, 1.0)
        before = sp.csr_array((keep, (np.arange(periods - 1), np.arange(1, periods))), shape=(periods, periods))
        lhs = need @ decisions.jobs.done - (have @ decisions.jobs.done) @ before
        records = tuple(follower for follower, _ in pairs)
        own = np.array([data.unit_scale[first] for _, first in pairs])
        return Rows(lhs, np.zeros((len(pairs), periods)), "<=", records, own, "work units of the workload before it")
