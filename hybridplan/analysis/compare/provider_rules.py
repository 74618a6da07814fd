"""Rules on the number of providers that make a difference in cost: they have no price, so each is taken back and tried.

Such a rule is about whole numbers, and prices of a plan with whole numbers hold these fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hybridplan.analysis.compare.result import proven_apart
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

RULES: Final = ("max_providers", "min_providers", "provider_counts_from_accelerator_hours")


def that_cost(first: Plan, other: Plan, solve: Callable[[Scenario], Plan]) -> tuple[str, ...]:
    """Paths of these rules that are a cause: with the rule as it is in ``first``, and all else as it is in ``other``,
    the cost of ``other`` is proven to move back towards that of ``first``.

    Solves once for each rule that differs; ``solve`` gives a plan without one where time is up.
    """
    if not (first.status.has_plan and other.status.has_plan):
        return ()
    policy, rise = other.scenario.policy, (other.objective_usd or 0.0) - (first.objective_usd or 0.0)
    found = []
    for rule in RULES:
        as_in_first = getattr(first.scenario.policy, rule)
        if getattr(policy, rule) == as_in_first:
            continue
        changed = policy.model_copy(update={rule: as_in_first})
        without = solve(other.scenario.model_copy(update={"policy": changed}))
        if rise * proven_apart(without, other) > 0:
            found.append(f"policy.{rule}")
    return tuple(found)
