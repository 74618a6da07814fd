"""The plan against both baselines: a saving is claimed only where the same work is served and nothing is broken."""

from __future__ import annotations

from hybridplan.analysis import cost, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.plan import Baseline, Plan
from hybridplan.units import per_year

_SAME = 1e-6
"""Relative difference below which two costs are the same."""


def savings(plan: Plan) -> list[str]:
    """One sentence per baseline."""
    return [_one(plan, name, row) for name, row in plan.baselines.items()]


def _one(plan: Plan, name: str, row: Baseline) -> str:
    rule = say(f"rule.{name}" if f"rule.{name}" in ENGLISH else "rule.other")
    words = {"baseline": labels.baseline(name), "rule": rule}
    if row.breaks:
        return say("saving.breaks", breaks=fmt.shortened(row.breaks), **words)
    if not cost.is_comparable(plan, row):
        mine, other = cost.unserved_share(plan), cost.unserved_share(row)
        return say("saving.unserved", mine=fmt.share(mine), other=fmt.share(other), **words)
    currency, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    saving = row.objective_usd - (plan.objective_usd or 0.0)
    if abs(saving) <= _SAME * max(abs(row.objective_usd), abs(plan.objective_usd or 0.0)):
        return say("saving.same", **words)
    if saving < 0:
        code = "saving.owned_first" if plan.scenario.policy.owned_first else "saving.dearer"
        return say(code, money=fmt.money(-saving, currency), **words)
    return say(
        "saving.less",
        saving=fmt.money(saving, currency),
        share=fmt.share(saving / row.objective_usd),
        span=fmt.span(hours),
        year=fmt.money(per_year(saving, hours), currency),
        **words,
    )
