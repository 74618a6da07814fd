"""Among all cheapest plans of a scenario, the one that is closest to another plan: ties invent no moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import cvxpy as cp
import numpy as np

from hybridplan.audit.certificate import decided_usd
from hybridplan.model.certified import Bound, certified
from hybridplan.model.closeness import Plainly, period_places
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.linear import Run, run
from hybridplan.model.periods import Array
from hybridplan.model.scales import LARGEST
from hybridplan.plan import Plan, SolveStatus

HOLD: Final = 1e-7
"""The plan may cost this share of what is decided more than the cheapest one."""
_ROOM: Final = 0.9
"""Part of it that the model may use; the rest is for rounding."""
_OF_COST: Final = 1e-4
"""Accelerator-hours of change that a saving of one typical accelerator-hour's price is worth: next to nothing, so that
of plans with the least change the cheapest is found."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class LeastChange:
    """The plan, and why it is not the closest one where it is not."""

    plan: Plan
    plainly: Plainly = ""


def least_change(first: Plan, plan: Plan, seconds: float) -> LeastChange:
    """The cheapest plan of ``plan.scenario`` with the least change from ``first``.

    ``plan``: its optimum, however found. Least is the sum over routes and periods that both scenarios have of weight x
    hours x the change in busy accelerators. What is returned passed its own audit, costs at most :data:`HOLD` more than
    the optimum, keeps the optimum's bound and shadow prices (which hold at every cheapest plan), and ``plan`` itself
    where such a plan is not found within ``seconds``. Periods are the same where they have the same place in a block of
    the same id and period length.
    """
    reason = _plainly(first, plan)
    if reason or plan.certificate is None:
        return LeastChange(plan, reason or "no_plan")
    if seconds <= 0:
        return LeastChange(plan, "not_found")
    began = perf_counter()
    model = formulate(Data(plan.scenario))
    known, is_common = before(first, model.data)
    if not is_common.any():
        return LeastChange(plan, "horizon")
    found = run(_problem(model, plan, plan.certificate.optimised_usd, known, is_common), seconds)
    if found.outcome != "optimal":
        return LeastChange(plan, "not_found")
    took = perf_counter() - began
    return _proven(plan, model, found, took)


def before(first: Plan, data: Data) -> tuple[Array, Array]:
    """Busy accelerators of ``first`` on the routes and in the periods of ``data`` (K, T), and which periods both have
    (T,): 1 or 0."""
    known, is_common = np.zeros((len(data.routes), len(data.periods))), np.zeros(len(data.periods))
    if first.tables is None:
        return known, is_common
    place = period_places(first.scenario, data.scenario)
    is_common[list(place.values())] = 1.0
    route_of = {(route.workload, route.pool): k for k, route in enumerate(data.routes)}
    rows = first.tables.allocation[["workload", "pool", "block", "period_start", "accelerators_busy"]]
    for workload, pool, block, start, busy in rows.itertuples(index=False, name=None):
        k, t = route_of.get((workload, pool)), place.get((block, start))
        if k is not None and t is not None:
            known[k, t] = busy
    return known, is_common


def _plainly(first: Plan, plan: Plan) -> Plainly:
    if not (first.status.has_plan and plan.status.has_plan):
        return "no_plan"
    if plan.kind == "mixed_integer":
        return "mixed_integer"
    if plan.kind == "conic":
        return "conic"
    if plan.scenario.policy.owned_first:
        return "owned_first"
    return "" if plan.status is SolveStatus.OPTIMAL else "not_proven"


def _problem(model: Formulation, plan: Plan, cheapest_usd: float, known: Array, is_common: Array) -> cp.Problem:
    """Least change, with the objective held; what may be paid more must not go into leaving work undone."""
    busy, periods, scale = model.decisions.busy, model.data.periods, model.money_scale
    allowed = cheapest_usd + _ROOM * HOLD * decided_usd(cheapest_usd, plan.constant_usd)
    cost = model.total_usd / scale
    left = plan.penalty_usd.get("unserved", 0.0) / scale
    rules = [cost <= allowed / scale, model.costs["unserved"] / scale <= left + _ROUNDING * max(left, 1.0)]
    if not model.data.routes:
        return model.problem(cost, *rules)
    most = np.minimum(np.maximum(2.0 * model.data.busy_limit, known), LARGEST)
    change = cp.Variable(known.shape, name="change", bounds=[np.zeros(known.shape), most])
    weight = is_common * periods.weight_hours / float(np.median(periods.weight_hours))
    rules += [change >= busy - known, change >= known - busy]
    return model.problem(cp.sum(change @ weight) + _OF_COST * cost, *rules)


def _proven(plan: Plan, model: Formulation, found: Run, took: float) -> LeastChange:
    """The closest plan with its certificate; the plain one where that did not pass."""
    assert plan.certificate is not None
    assert plan.objective_usd is not None
    closest = certified(plan, model, found, Bound(plan.certificate.bound_usd, "weak duality"), priced=False)
    allowed = plan.objective_usd + HOLD * decided_usd(plan.objective_usd, plan.constant_usd)
    if closest.status is not SolveStatus.OPTIMAL or closest.objective_usd is None or closest.objective_usd > allowed:
        return LeastChange(plan, "not_found")
    seconds = plan.solver.seconds + found.seconds
    solver = replace(plan.solver, seconds=seconds, total_seconds=plan.solver.total_seconds + took)
    return LeastChange(replace(closest, shadow_prices=plan.shadow_prices, solver=solver))
