"""Work that is promised to go on after a failure: which routes survive it, and where standby may be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hybridplan.domain import Scenario
from hybridplan.domain.contingency import lost
from hybridplan.model.periods import Array
from hybridplan.model.routes import Pair

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Case:
    """One promised workload and one contingency that takes a route from it."""

    workload: str
    contingency: str
    survivors: Positions
    """Positions of its routes that are left, in order."""

    @property
    def record(self) -> str:
        """``workload/contingency``; ids hold no slash."""
        return f"{self.workload}/{self.contingency}"


class Promises:
    """Cases, and the routes on which standby may be kept; the arrays of shape (S,) follow ``standby``.

    A route is lost with its pool. Links are direct, so none leads through a lost site to one that is not; users of a
    lost site stay, and reach the others.
    """

    def __init__(self, scenario: Scenario, routes: Sequence[Pair]) -> None:
        works = scenario.workloads.items()
        self.share = {key: work.promised_share for key, work in works if work.promised_share > 0}
        """Promised share by workload."""
        mine = {w: [k for k, route in enumerate(routes) if route.workload == w] for w in self.share}
        self.cases: list[Case] = []
        for key, contingency in scenario.policy.contingencies.items():
            gone = lost(contingency, scenario).pools
            for work, all_routes in mine.items():
                left = [k for k in all_routes if routes[k].pool not in gone]
                if len(left) < len(all_routes):
                    self.cases.append(Case(work, key, np.array(left, dtype=np.intp)))
        found = [case.survivors for case in self.cases]
        self.standby: Positions = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)

    def pick(self, case: Case, value: Array) -> Array:
        """(S,) ``value`` of the routes with standby that survive the case, 0 elsewhere; ``value`` is (K,)."""
        kept: Array = np.where(np.isin(self.standby, case.survivors), value[self.standby], 0.0)
        return kept
