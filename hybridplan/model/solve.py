"""From scenario to certified plan."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Final

import numpy as np

from hybridplan.domain import Scenario
from hybridplan.model.certified import Bound, certified, own_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.linear import CONE_TRIES, Run, SolverName, run
from hybridplan.plan import Plan, SolverRun, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

HOLD_TOLERANCES = (0.0, 1e-9)
"""``owned_first`` holds the first objective to the first of these relative tolerances that leaves a plan."""
CHORD_ROOM: Final = 1.03
"""Factor on a cap by which straight lines are surely no stricter than the curve."""


def optimise(scenario: Scenario, *, time_limit_seconds: float | None = None, solver: SolverName = "highs") -> Plan:
    """Cheapest plan for a scenario, with its certificate; no baselines and no diagnosis.

    Never raises for what a solver does: see ``Plan.status``. Linear models and whole numbers go to HiGHS (linear ones
    fall back to Clarabel once when it fails), curved ones to Clarabel.
    """
    began = perf_counter()
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    data = Data(scenario)
    model = formulate(data)
    plan = Plan(scenario, SolveStatus.FAILED, _solver_run(Run("failed", "", "", 0.0), limit), data.index.table())
    plan = replace(plan, kind=model.kind)
    if model.kind == "mixed_integer":
        plan = _with_wholes(plan, model, limit)
    elif model.kind == "conic":
        plan = _with_cones(plan, model, limit)
    else:
        found = _minimise(model, limit, solver) if solver == "highs" else _by_clarabel(model, limit)
        if found.outcome == "failed" and solver == "highs":
            again = _by_clarabel(model, max(limit - found.seconds, 0.0))
            found = replace(again, message=f"HiGHS failed: {found.message}")
        plan = _ended(plan, found, limit)
        if found.outcome in ("optimal", "feasible"):
            plan = certified(plan, model, found, own_bound(model, found))
    return replace(plan, solver=replace(plan.solver, total_seconds=perf_counter() - began))


def _by_clarabel(model: Formulation, limit: float) -> Run:
    """A linear model by an interior point, in the first of its ways that does not fail."""
    seconds, found = 0.0, Run("failed", "Clarabel", "", 0.0)
    for attempt in range(len(CONE_TRIES)):
        found = _minimise(model, max(limit - seconds, 0.0), "clarabel", attempt)
        seconds += found.seconds
        if found.outcome != "failed":
            break
    return replace(found, seconds=seconds)


def _with_cones(plan: Plan, model: Formulation, limit: float) -> Plan:
    """The plan of the first way to solve it that is proven cheapest, else of the one with the smallest gap."""
    best, seconds = plan, 0.0
    for attempt in range(len(CONE_TRIES)):
        found = _minimise(model, max(limit - seconds, 0.0), "clarabel", attempt)
        seconds += found.seconds
        tried = _ended(plan, replace(found, seconds=seconds), limit)
        if found.outcome in ("optimal", "feasible"):
            tried = certified(tried, model, found, own_bound(model, found))
        if attempt == 0 or _is_better(tried, best):
            best = tried
        if tried.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE, SolveStatus.NO_PLAN_IN_TIME):
            break
    if best.status is SolveStatus.FAILED and _is_impossible(plan.scenario, limit - seconds):
        return replace(plan, status=SolveStatus.INFEASIBLE, solver=best.solver)
    return best


def _is_impossible(scenario: Scenario, seconds: float) -> bool:
    """Whether straight lines, with room for what they add to a mean (at most a fiftieth), leave no plan either."""
    if seconds <= 0:
        return False
    works = {
        key: work.model_copy(update={"mean_latency_cap_ms": CHORD_ROOM * work.mean_latency_cap_ms})
        if work.mean_latency_cap_ms is not None
        else work
        for key, work in scenario.workloads.items()
    }
    policy = scenario.policy.model_copy(update={"queue_form": "tangents", "owned_first": False})
    model = formulate(Data(scenario.model_copy(update={"workloads": works, "policy": policy})))
    return _minimise(model, seconds, "highs").outcome == "infeasible"


def _is_better(plan: Plan, other: Plan) -> bool:
    """Whether it carries a plan, or says that there is none, where the other does not, or has the smaller gap."""
    if plan.certificate is None or other.certificate is None or not plan.status.has_plan:
        settled = (SolveStatus.OPTIMAL, SolveStatus.WITHIN_GAP, SolveStatus.INFEASIBLE)
        return plan.status in settled and other.status not in settled
    return not other.status.has_plan or plan.certificate.gap < other.certificate.gap


def _with_wholes(plan: Plan, model: Formulation, limit: float) -> Plan:
    """Relaxation first (its bound is our own), then the search, then all else anew with the whole numbers held fixed.

    The last solve gives exact tables and conditional prices; the plan is as good as the search was. The search leaves
    it twice as much time as the relaxation took, which is a problem of the same size: a search may end a little late.
    """
    began = perf_counter()
    relaxed = formulate(model.data, "relaxed")
    # With ``owned_first`` a divisible plan may pay others less, so only its least total bounds what whole plans cost.
    loose = run(relaxed.problem(relaxed.total_usd / relaxed.money_scale), limit, "highs")
    if loose.outcome != "optimal":
        return _ended(plan, replace(loose, outcome="no_plan") if loose.outcome == "feasible" else loose, limit)
    took = perf_counter() - began
    found = _minimise(model, max(limit - took - min(2.0 * took, limit / 3.0), 0.0), "highs")
    seconds = loose.seconds + found.seconds
    plan = _ended(plan, replace(found, seconds=seconds), limit)
    if found.outcome not in ("optimal", "feasible") or found.bound is None:
        return plan
    chosen = {name: np.round(np.asarray(part.value)) for name, part in model.decisions.wholes.items()}
    fixed = formulate(model.data, chosen)
    last = _minimise(fixed, max(limit - (perf_counter() - began), 1.0), "highs")
    plan = replace(plan, solver=replace(plan.solver, seconds=seconds + last.seconds))
    if last.outcome != "optimal":
        message = f"with whole numbers fixed the solver ended with {last.outcome}"
        out_of_time = last.outcome in ("feasible", "no_plan")
        status = SolveStatus.NO_PLAN_IN_TIME if out_of_time else SolveStatus.FAILED
        return replace(plan, status=status, solver=replace(plan.solver, message=message, stopped_early=False))
    ours = own_bound(relaxed, loose).usd
    # The relaxation may already prove more than the search reports.
    bound = Bound(max(found.bound * model.money_scale, ours), "solver", ours)
    return certified(plan, fixed, found, bound)


def _ended(plan: Plan, found: Run, limit: float) -> Plan:
    return replace(plan, status=_STATUS[found.outcome], solver=_solver_run(found, limit))


_STATUS = {
    "optimal": SolveStatus.OPTIMAL,
    "feasible": SolveStatus.WITHIN_GAP,
    "infeasible": SolveStatus.INFEASIBLE,
    "no_plan": SolveStatus.NO_PLAN_IN_TIME,
    "failed": SolveStatus.FAILED,
}


def _minimise(model: Formulation, limit: float, solver: SolverName, attempt: int = 0) -> Run:
    scale = model.money_scale
    if not model.data.scenario.policy.owned_first:
        return run(model.problem(model.total_usd / scale), limit, solver, attempt)
    first = run(model.problem(model.others_usd / scale), limit, solver, attempt)
    if first.outcome not in ("optimal", "feasible"):
        return first
    least = float(model.others_usd.value) / scale
    seconds, second = first.seconds, first
    for tolerance in HOLD_TOLERANCES:
        hold = model.others_usd / scale <= least + tolerance * max(abs(least), 1.0)
        second = run(model.problem(model.total_usd / scale, hold), max(limit - seconds, 0.0), solver, attempt)
        seconds += second.seconds
        if second.outcome in ("optimal", "feasible"):
            break
    if first.outcome == "feasible" and second.outcome == "optimal":
        second = replace(second, outcome="feasible")
    if second.outcome == "infeasible":
        # The answer of the first step keeps every limit, so this is rounding.
        second = replace(second, outcome="failed", message="the least that is paid to others could not be held")
    return replace(second, seconds=seconds)


def _solver_run(found: Run, limit: float) -> SolverRun:
    stopped = found.outcome == "feasible"
    return SolverRun(
        found.solver,
        found.version,
        found.seconds,
        0.0,
        limit,
        message=found.message,
        gap_target=found.gap_target,
        stopped_early=stopped,
    )
