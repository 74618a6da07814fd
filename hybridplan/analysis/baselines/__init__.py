"""Baselines: greedy rules evaluated beside the plan, never optimised.

Periods in order; workloads that must be served first, then by unserved price x mean productivity; pools by the rule,
then by usage + energy + transfer + route cost per work unit; deferrable work as early as it fits; all within routes,
capacity, links, parallel limits, gangs, one site, followers, load limits and shares on interruptible pools. Pools that
grow and shrink provision the least that their rules allow for that load. Budgets, least use and caps on mean latency,
on carbon, on the share of a provider and on unserved work are not steered by, only reported. When all work has its
place, every rule keeps what promises take after each failure, on its own pools in its own order. No rule buys or newly
commits to more than must be, makes a copy of a dataset that may be chosen, or buys a private line; copies that stand
are kept in sync on the cheapest way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from hybridplan.analysis.baselines.greedy import Greedy, Rule, unit_cost_usd
from hybridplan.analysis.baselines.least import least_provisioned
from hybridplan.analysis.baselines.promised import keep_promises
from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.model.data import Data
from hybridplan.model.values import Values, tables
from hybridplan.plan import Baseline, Plan

__all__ = ["RULES", "baselines", "unit_cost_usd"]

RULES: Final[dict[str, Rule]] = {
    "all_on_demand": {"on_demand": 0}.get,
    "private_first": {"owned": 0, "reserved": 0, "on_demand": 1, "interruptible": 1}.get,
}

PAID_TO_OTHERS: Final = ("usage", "commitment", "transfer", "expansion")
_SAME: Final = 1e-6


def baselines(scenario: Scenario, plan: Plan | None = None) -> dict[str, Baseline]:
    """Every baseline of RULES with its audited money, unserved demand and the limits it breaks.

    With ``owned_first``, ``plan`` tells the least that must be paid to others: a rule that pays more breaks the policy.
    """
    data = Data(scenario)
    found = {name: _evaluate(data, rule) for name, rule in RULES.items()}
    if plan is None or not scenario.policy.owned_first:
        return found
    least = _to_others_usd(plan)
    return {name: _owned_first(baseline, least) for name, baseline in found.items()}


def _to_others_usd(answer: Plan | Baseline) -> float:
    """Unserved penalty + what is paid to others: what ``owned_first`` makes least."""
    paid = sum(answer.cost_usd.get(term, 0.0) for term in PAID_TO_OTHERS)
    return paid + answer.penalty_usd.get("unserved", 0.0)


def _owned_first(baseline: Baseline, least_usd: float) -> Baseline:
    more = _to_others_usd(baseline) - least_usd
    if more <= _SAME * max(abs(least_usd), 1.0):
        return baseline
    text = f"owned_first, policy: more is paid to others than must be; off by {more:.6g} USD"
    return replace(baseline, breaks=(*baseline.breaks, text))


def _evaluate(data: Data, rule: Rule) -> Baseline:
    greedy = Greedy(data, rule)
    greedy.run()
    options = [data.scenario.pools[p].purchase_option for p in data.pools]
    used = np.array([rule(option) is not None for option in options], dtype=bool)
    # What is avoidable and not used by the rule is not kept; sunk capacity is paid for all the same.
    kept = np.where(data.avoidable & ~used, 0.0, data.capacity)
    values = Values(greedy.busy, greedy.assigned, greedy.effective, greedy.unserved, greedy.unserved_window, kept)
    needed = keep_promises(data, rule, values, greedy.free)
    values.elastic = least_provisioned(data, needed, values.available(data))
    result = tables(data, values)
    report = audit(data.scenario, result)
    return Baseline(
        objective_usd=report.objective_usd,
        cost_usd=report.cost_usd,
        penalty_usd=report.penalty_usd,
        unserved=report.unserved,
        breaks=report.failures,
        tables=result,
    )
