"""A job that stays together runs at one site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class OneSite:
    """At most one site is chosen for each window of a workload with ``one_site``."""

    name: str = "one_site"
    fields: tuple[str, ...] = ("workloads.one_site",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per window, in sites."""
        choices = decisions.jobs.choices
        if not choices:
            return None
        windows = list(dict.fromkeys(v for v, _ in choices))
        where = {v: i for i, v in enumerate(windows)}
        index = [where[v] for v, _ in choices], list(range(len(choices)))
        pick = sp.csr_array((np.ones(len(choices)), index), shape=(len(windows), len(choices)))
        records = tuple(f"{data.windows[v].workload}:{data.windows[v].window}" for v in windows)
        ones = np.ones(len(windows))
        return Rows(pick @ decisions.jobs.sites, ones, "<=", records, ones, "sites", by_period=False)
