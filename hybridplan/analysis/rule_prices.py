"""Ledger of rules: what the plan would cost without each rule, and without one after another down to none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate
from math import isfinite
from time import monotonic
from typing import Final, Literal

import pandas as pd

from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.rule_kinds import Rule, Section, grouped, rules_of, without
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS
from hybridplan.units import per_year

Served = Literal["same", "less", "more", "mixed"]
LATE: Final = "late"
"""Status of a re-solve that was not tried, since the time was up."""
LEAST_SOLVES: Final = 50
"""Enough for every kind of rule once alone and once in the order."""
_SAME_SHARE: Final = 1e-6
"""Difference in unserved demand below which two plans serve the same."""


@dataclass(frozen=True)
class RulePrice:
    """What one rule costs over the horizon: the plan's objective less that without the rule; None where not known.

    ``usd``: without this rule alone. ``step_usd``: without it, when all rules above it in the ledger are gone already.
    """

    kind: str
    section: Section
    records: tuple[str, ...]
    """Workloads or pools; more than one where they are priced together; ``policy`` for a rule of the whole."""
    status: str = LATE
    """How the re-solve without it ended: a SolveStatus, or ``late``."""
    usd: float | None = None
    least_usd: float | None = None
    """The price lies between these two for certain, whatever the gaps of both plans hide."""
    most_usd: float | None = None
    bills_usd: float | None = None
    """The part of ``usd`` that is no penalty."""
    charge_usd: float = 0.0
    """What the rule itself charges in the plan (price on carbon, on latency, on uneven use); part of ``usd``."""
    served: Served | None = None
    """Work served without it, against the plan: a price is a saving only where no work is served less."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served without it."""
    step_status: str = LATE
    step_usd: float | None = None
    step_served: Served | None = None
    """Against the step before it."""
    after_usd: float | None = None
    """Objective without this rule and all above it."""


@dataclass(frozen=True)
class Ledger:
    """Prices of all rules of a scenario, in the order in which the steps remove them."""

    status: SolveStatus
    """How the plan with all rules ended."""
    plan_hours: float
    rules: tuple[RulePrice, ...] = ()
    objective_usd: float | None = None
    cost_usd: float | None = None
    """Without penalties."""
    constant_usd: float = 0.0
    """Part of the objective that no decision changes."""
    unserved_share: float | None = None
    most_solves: int = 0
    solves: int = 0
    complete: bool = False
    """False where the time was up before everything was solved."""

    @property
    def without_usd(self) -> float | None:
        """Objective without any rule; the objective itself where there is none."""
        return self.rules[-1].after_usd if self.rules else self.objective_usd

    @property
    def total_usd(self) -> float | None:
        """Price of all rules together."""
        if self.objective_usd is None or self.without_usd is None:
            return None
        return self.objective_usd - self.without_usd

    @property
    def own_usd(self) -> float | None:
        """Sum of the rules' own prices; None where one of them is not known."""
        known = [rule.usd for rule in self.rules if rule.usd is not None]
        return sum(known) if len(known) == len(self.rules) and self.objective_usd is not None else None

    @property
    def interaction_usd(self) -> float | None:
        """Sum of the own prices less the price of all together: positive where rules stand in for each other, negative
        where only their removal together saves."""
        return None if self.own_usd is None or self.total_usd is None else self.own_usd - self.total_usd

    @property
    def is_grouped(self) -> bool:
        """True where some records of a kind are priced together, so that no more than ``most_solves`` are needed."""
        return any(len(rule.records) > 1 for rule in self.rules)

    def table(self) -> pd.DataFrame:
        """One row per rule, with the fields of :class:`RulePrice` and both prices per year."""
        rows = []
        for rule in self.rules:
            yearly = {
                f"{name}_per_year": None if usd is None else per_year(usd, self.plan_hours)
                for name, usd in (("usd", rule.usd), ("step_usd", rule.step_usd))
            }
            rows.append({**vars(rule), "records": ", ".join(rule.records), **yearly})
        columns = [*RulePrice.__dataclass_fields__, "usd_per_year", "step_usd_per_year"]
        return pd.DataFrame(rows, columns=columns)


def ledger(
    scenario: Scenario,
    *,
    most_solves: int = 200,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Ledger], None] | None = None,
) -> Ledger:
    """What each rule of a scenario costs: alone, and one after another in the order of the ledger.

    Every price is the difference of two plans that are each audited and bounded. Where the rules need more than
    ``most_solves`` plans, the kinds on most records are priced for all their records at once. Stops with what it has
    after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput` for too few solves.
    """
    if most_solves < LEAST_SOLVES:
        raise InvalidInput([Issue("most_solves", f"must be at least {LEAST_SOLVES}", str(most_solves))])
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    study = _Study(scenario, most_solves, monotonic() + limit, progress or (lambda text: None), partial)
    return study.look()


class _Study:
    """One scenario, and the plans of it without this rule and that."""

    def __init__(
        self,
        scenario: Scenario,
        most_solves: int,
        deadline: float,
        progress: Callable[[str], None],
        partial: Callable[[Ledger], None] | None,
    ) -> None:
        self._scenario, self._deadline, self._progress, self._partial = scenario, deadline, progress, partial
        self._planner, self._most = WarmPlanner(), most_solves
        # The plan itself, each rule alone, and each step but the first, which is the first rule alone.
        self._rules = grouped(rules_of(scenario), most_solves // 2)
        self._solves, self._waiting = 0, 1
        self._is_search = False
        """Each plan is a search that takes what time it gets."""

    def look(self) -> Ledger:
        """The plan, then every rule alone, then the steps."""
        base = self._plan([], "Solving with all rules")
        self._is_search = base is not None and base.kind == "mixed_integer"
        self._waiting = 2 * len(self._rules)
        hours = self._scenario.horizon.plan_hours
        rows = tuple(RulePrice(rule.kind.code, rule.kind.section, rule.records) for rule in self._rules)
        if base is None:
            return Ledger(SolveStatus.NO_PLAN_IN_TIME, hours, rows, most_solves=self._most)
        share = unserved_share(base) if base.status.has_plan else None
        bills = sum(base.cost_usd.values()) if base.status.has_plan else None
        found = Ledger(base.status, hours, rows, base.objective_usd, bills, base.constant_usd, share, self._most)
        alone: list[Plan | None] = []
        for number, rule in enumerate(self._rules):
            alone.append(self._plan([rule], f"Without rule {number + 1} of {len(rows)}"))
            found = self._with(found, number, _priced(found.rules[number], rule, base, alone[-1]))
        before: Plan | None = base
        for number, gone in enumerate(accumulate([rule] for rule in self._rules)):
            words = f"Without the first {len(gone)} of {len(rows)} rules"
            plan = alone[0] if number == 0 else self._plan(gone, words)
            found = self._with(found, number, _stepped(found.rules[number], before, plan))
            before = plan
        late = any(LATE in (row.status, row.step_status) for row in found.rules)
        return replace(found, complete=not late)

    def _with(self, found: Ledger, number: int, row: RulePrice) -> Ledger:
        rows = (*found.rules[:number], row, *found.rules[number + 1 :])
        found = replace(found, rules=rows, solves=self._solves)
        if self._partial is not None:
            self._partial(found)
        return found

    def _plan(self, gone: list[Rule], words: str) -> Plan | None:
        """The plan without these rules; None where no time is left."""
        left = self._deadline - monotonic()
        if left <= 0:
            return None
        self._progress(words)
        self._solves += 1
        if self._is_search:
            left, self._waiting = left / max(self._waiting, 1), self._waiting - 1
        scenario = without(self._scenario, gone) if gone else self._scenario
        return self._planner.plan(scenario, time_limit_seconds=left, priced=False)


def _priced(row: RulePrice, rule: Rule, base: Plan, plan: Plan | None) -> RulePrice:
    if plan is None:
        return row
    row = replace(row, status=plan.status.value)
    if plan.status.has_plan:
        row = replace(row, unserved_share=unserved_share(plan))
    if not (plan.status.has_plan and base.status.has_plan):
        return row
    assert base.certificate is not None
    assert plan.certificate is not None
    usd = _usd(base) - _usd(plan)
    return replace(
        row,
        usd=usd,
        least_usd=usd - _hidden_usd(base),
        most_usd=usd + _hidden_usd(plan),
        bills_usd=sum(base.cost_usd.values()) - sum(plan.cost_usd.values()),
        charge_usd=_charge_usd(rule, base),
        served=_served(base, plan),
    )


def _stepped(row: RulePrice, before: Plan | None, plan: Plan | None) -> RulePrice:
    if plan is None:
        return row
    row = replace(row, step_status=plan.status.value)
    if not plan.status.has_plan:
        return row
    row = replace(row, after_usd=_usd(plan))
    if before is None or not before.status.has_plan:
        return row
    return replace(row, step_usd=_usd(before) - _usd(plan), step_served=_served(before, plan))


def _usd(plan: Plan) -> float:
    assert plan.objective_usd is not None
    return plan.objective_usd


def _hidden_usd(plan: Plan) -> float:
    """By how much the plan may be dearer than the cheapest one: objective less proven bound."""
    assert plan.certificate is not None
    hidden = _usd(plan) - plan.certificate.bound_usd
    return max(hidden, 0.0) if isfinite(hidden) else float("inf")


def _charge_usd(rule: Rule, base: Plan) -> float:
    """What a price charges in the plan; of a rule on workloads only what is charged to these."""
    if not rule.kind.charge:
        return 0.0
    lines = base.cost_lines.loc[base.cost_lines["term"].isin(rule.kind.charge)]
    if rule.kind.section == "workloads":
        lines = lines.loc[lines["workload"].isin(rule.records)]
    return float(lines["usd"].sum())


def _served(before: Plan, after: Plan) -> Served:
    """Work served after a change, by workload: the same, less or more everywhere, or both."""
    changes = [
        after.unserved[work].share - amount.share for work, amount in before.unserved.items() if work in after.unserved
    ]
    less, more = any(x > _SAME_SHARE for x in changes), any(x < -_SAME_SHARE for x in changes)
    return "mixed" if less and more else "less" if less else "more" if more else "same"
