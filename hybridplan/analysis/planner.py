"""The planner: a scenario in, everything that pages and files show out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.diagnose import diagnose
from hybridplan.analysis.instant import instant_scaling
from hybridplan.analysis.rounding import whole_nodes
from hybridplan.domain import Scenario
from hybridplan.domain.checks import check
from hybridplan.model.ranging import ranges
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

LEAST_SECONDS = 0.05
"""With less time left no further solve is begun."""


def solve(
    scenario: Scenario,
    *,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    offer_residency: bool = False,
) -> Plan:
    """Cheapest plan with certificate, baselines, whole nodes and shadow prices; a diagnosis where no plan exists.

    Never raises for what a solver does: see ``Plan.status``. ``time_limit_seconds`` defaults to
    HYBRIDPLAN_SOLVE_SECONDS and holds for the whole: what is found beside the plan, or the cause where there is none,
    takes only the time that is left. ``progress`` is called with a short text as each part begins. ``offer_residency``:
    the cause may be mended by changes of residency and security rules too.
    """
    tell = progress or (lambda text: None)
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    deadline = monotonic() + limit
    tell("Solving")
    plan = optimise(scenario, time_limit_seconds=limit)
    plan = replace(plan, warnings=tuple(issue for issue in check(scenario) if issue.severity == "warning"))
    if plan.status.has_plan:
        tell("Comparing with simple rules")
        plan = replace(plan, baselines=baselines(scenario, plan), whole_nodes=whole_nodes(plan))
        quick = instant_scaling(scenario)
        if quick is not None and not plan.solver.stopped_early and deadline - monotonic() > LEAST_SECONDS:
            tell("Pricing slow scaling")
            plan = replace(plan, instant_objective_usd=_proven_usd(quick, deadline - monotonic()))
        if plan.kind == "linear" and scenario.policy.balance is None and deadline - monotonic() > LEAST_SECONDS:
            tell("Checking how far shadow prices hold")
            found = ranges(scenario, plan.shadow_prices, seconds=deadline - monotonic())
            plan = replace(plan, shadow_ranges=found)
        return plan
    if plan.status is SolveStatus.INFEASIBLE:
        tell("Looking for the cause")
        left = deadline - monotonic()
        cause = diagnose(scenario, seconds=left, progress=progress, offer_residency=offer_residency)
        return replace(plan, diagnosis=cause)
    return plan


def _proven_usd(scenario: Scenario, seconds: float) -> float | None:
    """Objective of the cheapest plan; None where the search did not end in time, since a difference would mislead."""
    plan = optimise(scenario, time_limit_seconds=seconds)
    return plan.objective_usd if plan.status.has_plan and not plan.solver.stopped_early else None
