"""The planner: a scenario in, everything that pages and files show out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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


def solve(
    scenario: Scenario,
    *,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Cheapest plan with certificate, baselines, whole nodes and shadow prices; a diagnosis where no plan exists.

    Never raises for what a solver does: see ``Plan.status``. ``time_limit_seconds`` defaults to
    HYBRIDPLAN_SOLVE_SECONDS; ``progress`` is called with a short text as each part begins.
    """
    tell = progress or (lambda text: None)
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    tell("Solving")
    plan = optimise(scenario, time_limit_seconds=limit)
    plan = replace(plan, warnings=tuple(issue for issue in check(scenario) if issue.severity == "warning"))
    if plan.status.has_plan:
        tell("Comparing with simple rules")
        plan = replace(plan, baselines=baselines(scenario, plan), whole_nodes=whole_nodes(plan))
        quick = instant_scaling(scenario)
        if quick is not None:
            tell("Pricing slow scaling")
            plan = replace(plan, instant_objective_usd=optimise(quick, time_limit_seconds=limit).objective_usd)
        if plan.kind == "linear" and scenario.policy.balance is None:
            tell("Checking how far shadow prices hold")
            plan = replace(plan, shadow_ranges=ranges(scenario, plan.shadow_prices))
        return plan
    if plan.status is SolveStatus.INFEASIBLE:
        tell("Looking for the cause")
        return replace(plan, diagnosis=diagnose(scenario, seconds=limit / 2, progress=progress))
    return plan
