"""By how much the share of a provider would have to rise: a quotient, found by solves with changed costs."""

from __future__ import annotations

from time import monotonic
from typing import Final

import cvxpy as cp
import numpy as np

from hybridplan.errors import SolveFailed
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation
from hybridplan.model.hot import HotProblem
from hybridplan.model.limits.provider_share import carried
from hybridplan.model.linear import Compiled, compile_linear

_STEPS: Final = 30
"""Most solves; a handful is usual."""
_CLOSE: Final = 1e-10


class ProviderShares:
    """Shares of public providers of one model, in busy accelerator-hours or in USD paid for what is rented."""

    def __init__(self, model: Formulation) -> None:
        self._cap = model.data.scenario.policy.provider_share_cap
        self.most = most_carried(model.data)
        self._forms: Compiled | None = None
        found = carried(model.decisions, model.data)
        if found is not None:
            each = cp.hstack([found.by_provider, found.whole])
            self._forms = compile_linear(cp.Problem(cp.Minimize(cp.Constant(0.0)), [each == 0]))

    def least_more(self, hot: HotProblem, compiled: Compiled | None, deadline: float) -> float:
        """What the cap lacks for the plan that ``hot`` has just found; with ``compiled`` for the one that lacks least.

        ``compiled``: the problem of ``hot``, which minimises relief = largest over providers of (what it carries - cap
        x what all carry) / ``most``. The least quotient is found by Dinkelbach's method: the same with the last
        quotient in place of the cap, until it falls no more. Raises :class:`hybridplan.errors.SolveFailed` after
        ``deadline``.
        """
        cap = 1.0 if self._cap is None else self._cap
        share = self._largest(hot)
        for _ in range(_STEPS):
            if compiled is None or self._forms is None:
                break
            if monotonic() > deadline:
                raise SolveFailed("no time is left")
            cost, worth = compiled.cost.copy(), (share - cap) / self.most
            whole = self._forms.matrix[[self._forms.equalities - 1]].toarray().ravel()
            for name, span in self._forms.columns.items():
                cost[compiled.columns[name]] -= worth * whole[span]
            hot.solve(cost=cost, seconds=deadline - monotonic())
            lower = self._largest(hot)
            if lower >= share - _CLOSE:
                break
            share = lower
        return max(share - cap, 0.0)

    def _largest(self, hot: HotProblem) -> float:
        """Largest share of a provider at the last optimum; 0 where nothing is carried."""
        if self._forms is None:
            return 0.0
        rows, point = self._forms.equalities, np.zeros(self._forms.cost.size)
        for name, span in self._forms.columns.items():
            point[span] = np.maximum(hot.value(name), 0.0)
        *each, whole = (self._forms.matrix[:rows] @ point - self._forms.right[:rows]).tolist()
        return max(each) / whole if whole > 0 else 0.0


def most_carried(data: Data) -> float:
    """About what all work would carry at most, in hours or USD: one unit of relief."""
    hours = _most_hours(data)
    if data.scenario.policy.provider_share_of == "accelerator_hours":
        return hours
    fees = data.offers.usd[~data.offers.is_bought] if data.offers.records else np.zeros(0)
    spend = data.spending.committed(data.spending.most) @ data.spending.service_hours
    return max(hours * float(np.max(data.price, initial=0.0)) + float(fees.sum()) + float(spend), 1.0)


def _most_hours(data: Data) -> float:
    """Accelerator-hours of all work, each on the route where it takes most."""
    by_route, most = data.busy_limit @ data.periods.weight_hours, dict[str, float]()
    for route, hours in zip(data.routes, by_route.tolist(), strict=True):
        most[route.workload] = max(most.get(route.workload, 0.0), hours)
    return max(sum(most.values()), 1.0)
