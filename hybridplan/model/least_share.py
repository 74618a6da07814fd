"""By how much the share of a provider would have to rise: a quotient of hours, found by solves with changed costs."""

from __future__ import annotations

from time import monotonic
from typing import Final

import numpy as np

from hybridplan.errors import SolveFailed
from hybridplan.model.data import Data
from hybridplan.model.hot import HotProblem
from hybridplan.model.limits.provider_share import largest_share
from hybridplan.model.linear import Compiled

_STEPS: Final = 30
"""Most solves; a handful is usual."""
_CLOSE: Final = 1e-10


class ProviderShares:
    """Shares of public providers in all busy accelerator-hours of one scenario."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._hours = data.periods.weight_hours
        self._cap = data.scenario.policy.provider_share_cap
        self.most_hours = _most_hours(data)
        """About the accelerator-hours of all work: one unit of relief."""

    def least_more(self, hot: HotProblem, compiled: Compiled | None, deadline: float) -> float:
        """What the cap lacks for the plan that ``hot`` has just found; with ``compiled`` for the one that lacks least.

        ``compiled``: the problem of ``hot``, which minimises relief = largest over providers of (its hours - cap x all
        hours) / ``most_hours``. The least quotient is found by Dinkelbach's method: the same with the last quotient in
        place of the cap, until it falls no more. Raises :class:`hybridplan.errors.SolveFailed` after ``deadline``.
        """
        cap = 1.0 if self._cap is None else self._cap
        share = self._largest(hot)
        for _ in range(_STEPS):
            if compiled is None:
                break
            if monotonic() > deadline:
                raise SolveFailed("no time is left")
            cost, worth = compiled.cost.copy(), (share - cap) / self.most_hours
            cost[compiled.columns["busy"]] -= worth * np.repeat(self._hours, len(self._data.routes))
            hot.solve(cost=cost, seconds=deadline - monotonic())
            lower = self._largest(hot)
            if lower >= share - _CLOSE:
                break
            share = lower
        return max(share - cap, 0.0)

    def _largest(self, hot: HotProblem) -> float:
        """Largest share of a provider at the last optimum."""
        busy = np.maximum(hot.value("busy"), 0.0).reshape(len(self._hours), -1).T
        return largest_share(self._data, busy)


def _most_hours(data: Data) -> float:
    """Accelerator-hours of all work, each on the route where it takes most."""
    by_route, most = data.busy_limit @ data.periods.weight_hours, dict[str, float]()
    for route, hours in zip(data.routes, by_route.tolist(), strict=True):
        most[route.workload] = max(most.get(route.workload, 0.0), hours)
    return max(sum(most.values()), 1.0)
