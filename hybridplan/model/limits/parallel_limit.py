"""Deferrable work runs on a limited number of accelerators at one time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows, in_periods
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class ParallelLimit:
    """sum_k a[k,t] <= parallel_limit_w for every deferrable workload that has one."""

    name: str = "parallel_limit"
    fields: tuple[str, ...] = ("workloads.parallel_limit_accelerators",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(workloads with a limit, T) rows in accelerators."""
        works = data.scenario.workloads
        limits = {w: limit for w in data.deferrable if (limit := works[w].parallel_limit_accelerators) is not None}
        if not limits or not data.routes:
            return None
        lhs = data.incidence(list(limits), "workload") @ decisions.assigned
        rhs = in_periods(list(limits.values()), len(data.periods))
        return Rows(lhs, rhs, "<=", tuple(limits), np.ones(len(limits)), "accelerators")
