"""What can be made least or most among plans near the cheapest: hours on pools, providers used, changes from today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.domain.features import public_provider
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation
from hybridplan.model.least_change import before
from hybridplan.plan import Plan


@dataclass(frozen=True)
class Amount:
    """What can be made least or most: one number of a plan, in ``scale`` of its own unit."""

    expression: cp.Expression
    most: float
    """No plan has more."""
    scale: float = 1.0
    rules: tuple[cp.Constraint, ...] = ()
    """What makes the expression mean what it says."""
    is_whole: bool = False
    worked: cp.Expression | None = None
    """The same without accelerators that are kept busy beyond what the work of a curve takes; None: there are none."""
    reached: Callable[[], float] | None = None
    """What is left at the last optimum without these."""


Measure = Callable[[Formulation], Amount]


def busy_hours(pools: frozenset[str]) -> Measure:
    """Busy accelerator-hours of these pools over the horizon."""

    def measure(model: Formulation) -> Amount:
        data = model.data
        scale = float(np.median(data.periods.weight_hours))
        at = np.array([float(route.pool in pools) for route in data.routes])
        most = float(at @ data.busy_limit @ data.periods.weight_hours) / scale if len(at) else 0.0
        if not at.any():
            return Amount(cp.Constant(0.0), 0.0, scale)
        weight = data.periods.weight_hours / scale
        total, rising = at @ (model.decisions.busy @ weight), {k: p for k, p in rising_curves(data).items() if at[k]}
        if not rising:
            return Amount(total, most, scale)
        straight = at.copy()
        straight[list(rising)] = 0.0
        worked = straight @ (model.decisions.busy @ weight) + (at - straight) @ (model.decisions.effective @ weight)

        def reached() -> float:
            busy, done = (np.asarray(part.value) for part in (model.decisions.busy, model.decisions.effective))
            needed = {k: np.interp(done[k], *np.array(points).T[::-1]) for k, points in rising.items()}
            parts = [straight @ (busy @ weight), *(np.minimum(busy[k], used) @ weight for k, used in needed.items())]
            return float(sum(parts))

        return Amount(total, most, scale, _without_idle(model, rising), worked=worked, reached=reached)

    return measure


def rising_curves(data: Data) -> dict[int, list[tuple[float, float]]]:
    """By route: (accelerators, gain) up to where more gain nothing, from (0, 0). Not in pools that must be busy, where
    more than the work takes may be what keeps the rule (see ``extract``)."""
    least_busy = data.provisioning.field("min_busy_share")[data.route_pool]
    found = {k: [(0.0, 0.0), *points] for k, points in data.curves.items() if least_busy[k] == 0}
    return {k: [points[0], *(b for a, b in pairwise(points) if b[1] > a[1])] for k, points in found.items()}


def _without_idle(model: Formulation, rising: dict[int, list[tuple[float, float]]]) -> tuple[cp.Constraint, ...]:
    """No more busy than the work would take at the end of its curve, where one gains least; under a rule on what is
    used of providers, idle ones may be what keeps it."""
    routes, policy = list(rising), model.data.scenario.policy
    if policy.provider_share_cap is not None or policy.min_providers > 0:
        return ()
    most = np.array([rising[k][-1][0] / rising[k][-1][1] for k in routes])
    return (model.decisions.busy[routes] <= sp.diags_array(most) @ model.decisions.effective[routes],)


def changed_hours(today: Plan) -> Measure:
    """Sum of the changes of busy accelerator-hours from ``today``, over all routes and periods that both have."""

    def measure(model: Formulation) -> Amount:
        data, busy = model.data, model.decisions.busy
        scale = float(np.median(data.periods.weight_hours))
        known, is_common = before(today, data)
        weight = np.broadcast_to(is_common * data.periods.weight_hours / scale, known.shape)
        most = np.maximum(known, data.busy_limit)
        # Only what may be more and less than today needs a variable of its own.
        both = np.flatnonzero(((known > 0) & (known < data.busy_limit) & (weight > 0)).ravel(order="F"))
        sign = np.where(known <= 0, 1.0, np.where(known >= data.busy_limit, -1.0, 0.0)) * weight
        alone = float(np.sum(weight * np.where(sign < 0, known, 0.0)))
        flat = cp.vec(busy, order="F") if len(data.routes) else cp.Constant(np.zeros(0))
        total: cp.Expression = sign.ravel(order="F") @ flat + alone
        rules: tuple[cp.Constraint, ...] = ()
        if both.size:
            now, top = known.ravel(order="F")[both], most.ravel(order="F")[both]
            change = cp.Variable(both.size, name="change", bounds=[np.zeros(both.size), 2.0 * top])
            pick = sp.csr_array((np.ones(both.size), (np.arange(both.size), both)), shape=(both.size, known.size))
            rules = (pick @ flat - change <= now, -(pick @ flat) - change <= -now)
            total = total + weight.ravel(order="F")[both] @ change
        if rising := rising_curves(data):
            rules += _without_idle(model, rising)
        return Amount(total, float(np.sum(weight * most)), scale, rules)

    return measure


def providers_used(model: Formulation) -> Amount:
    """Public providers at which anything is provisioned."""
    data, pools, sites = model.data, model.data.scenario.pools, model.data.scenario.sites
    of_pool = [public_provider(pools[key], sites[pools[key].site]) for key in data.pools]
    names = list(dict.fromkeys(name for name in of_pool if name))
    if not names:
        return Amount(cp.Constant(0.0), 0.0, is_whole=True)
    used = cp.Variable(len(names), name="used", bounds=[np.zeros(len(names)), np.ones(len(names))], integer=True)
    rented = [p for p, name in enumerate(of_pool) if name]
    most = data.most_available[rented]
    pick = sp.csr_array(
        (np.ones(len(rented)), (np.arange(len(rented)), [names.index(of_pool[p]) for p in rented])),
        shape=(len(rented), len(names)),
    )
    rule = model.decisions.provisioned[rented] <= cp.multiply(most, cp.reshape(pick @ used, (len(rented), 1), "F"))
    return Amount(cp.sum(used), float(len(names)), rules=(rule,), is_whole=True)
