"""The plan against both baselines: a saving is claimed only where the same work is served and nothing is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hybridplan.analysis import cost, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences.decision import STEERING
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.domain import Scenario
from hybridplan.plan import Baseline, Plan
from hybridplan.units import per_year

_AUDITED: Final = re.compile(r"(?P<rule>[a-z_]+), (?P<record>\S+?)(?: at [-0-9: ]+ UTC)?: (?P<what>.+?); off by ")
"""How the audit words a broken rule: rule, record, time, what is wrong, by how much."""
_SAME: Final = 1e-6
"""Relative difference below which two costs are the same."""


def savings(plan: Plan) -> list[str]:
    """One sentence per baseline."""
    return [_one(plan, name, row) for name, row in plan.baselines.items()]


def broken_limits(scenario: Scenario, breaks: Sequence[str]) -> str:
    """Limits that a baseline breaks, each once with the records concerned: the audit names every record and amount."""
    names = {
        **labels.pairs(scenario),
        **labels.pools(scenario),
        **labels.links(scenario),
        **labels.workloads(scenario),
        **labels.after_failures(scenario),
    }
    owner = labels.window_owners(scenario)
    records: dict[str, list[str]] = {}
    for text in breaks:
        found = _AUDITED.match(text)
        what = found["what"] if found else text.replace("_", " ")
        # A rule on the whole plan has no record of its own.
        record = found["record"] if found and found["record"] not in (found["rule"], "policy") else ""
        record = owner.get(record, record)
        concerned = records.setdefault(what, [])
        if record and names.get(record, record) not in concerned:
            concerned.append(names.get(record, record))
    return "; ".join(f"{what} ({fmt.shortened(who)})" if who else what for what, who in records.items())


def _one(plan: Plan, name: str, row: Baseline) -> str:
    rule = say(f"rule.{name}" if f"rule.{name}" in ENGLISH else "rule.other")
    words = {"baseline": labels.baseline(name), "rule": rule}
    only_owned_first = bool(row.breaks) and all(text.startswith("owned_first,") for text in row.breaks)
    if row.breaks and not only_owned_first:
        line = say("saving.breaks", breaks=broken_limits(plan.scenario, row.breaks), **words)
        return f"{line} {say('saving.change.breaks')}"
    if not cost.is_comparable(plan, row):
        mine, other = cost.unserved_share(plan), cost.unserved_share(row)
        line = say("saving.unserved", mine=fmt.share(mine), other=fmt.share(other), **words)
        return f"{line} {say('saving.change.unserved', gap=fmt.share(abs(mine - other)))}"
    currency, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    saving = row.objective_usd - (plan.objective_usd or 0.0)
    if abs(saving) <= _SAME * max(abs(row.objective_usd), abs(plan.objective_usd or 0.0)):
        line = say("saving.same_found" if plan.solver.stopped_early else "saving.same", **words)
        return f"{line} {say('saving.change.same')}"
    if saving < 0:
        code = "saving.owned_first" if plan.scenario.policy.owned_first else "saving.dearer"
        money = fmt.money(-saving, currency)
        return f"{say(code, money=money, **words)} {say('saving.change.dearer', money=money)}"
    has_penalties = any(one.penalty_usd.get(code, 0.0) > 0 for one in (plan, row) for code in STEERING)
    line = say(
        "saving.less_penalties" if has_penalties else "saving.less",
        saving=fmt.money(saving, currency),
        share=fmt.share(saving / row.objective_usd),
        span=fmt.span(hours),
        rate="" if fmt.is_year(hours) else say("rate.saving", year=fmt.money(per_year(saving, hours), currency)),
        **words,
    )
    change = say("saving.change.less", saving=fmt.money(saving, currency), baseline=words["baseline"])
    return f"{line} {change}"
