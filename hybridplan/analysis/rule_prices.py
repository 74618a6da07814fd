"""Ledger of rules: what the plan would cost without each rule, and without one after another down to none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import isfinite
from time import monotonic
from typing import Final

from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.rule_kinds import Rule, grouped, rules_of, without
from hybridplan.analysis.rule_ledger import LATE, Ledger, RulePrice, Served
from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

LEAST_SOLVES: Final = 50
"""Enough for every kind of rule once alone and once in the order."""
_SAME_COST: Final = 1e-9
"""Relative difference below which two objectives are the same."""
_SAME_SHARE: Final = 1e-6
"""Difference in unserved demand below which two plans serve the same."""


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
            alone.append(self._plan([rule], f"Without rule {number + 1} of {len(rows)}", base))
            found = self._with(found, number, _priced(found.rules[number], rule, base, alone[-1]))
        steps = self._steps(base, alone)
        for number, (before, plan) in enumerate(pairwise(steps)):
            found = self._with(found, number, _stepped(found.rules[number], before, plan))
        late = any({row.status, row.step_status} & {LATE, SolveStatus.NO_PLAN_IN_TIME.value} for row in found.rules)
        return replace(found, complete=not late)

    def _steps(self, base: Plan, alone: list[Plan | None]) -> list[Plan | None]:
        """The plan without the first n rules, for each n from 0 on.

        Each costs at most as much as the one before. So where two proven ones cost the same, all between them do, and
        the first of them keeps their rules: it is their plan too.
        """
        count = len(self._rules)
        steps: list[Plan | None] = [base, *alone[:1], *[None] * (count - 1)]

        def solve(gone: int, before: Plan | None) -> None:
            words = f"Without the first {gone} of {count} rules"
            steps[gone] = self._plan(self._rules[:gone], words, before)

        def fill(first: int, last: int) -> None:
            if last - first < 2:
                return
            if _cost_the_same(steps[first], steps[last]):
                steps[first + 1 : last] = [steps[first]] * (last - first - 1)
                return
            middle = (first + last) // 2
            solve(middle, steps[first])
            fill(first, middle)
            fill(middle, last)

        if count > 1:
            solve(count, steps[1])
            fill(1, count)
        return steps

    def _with(self, found: Ledger, number: int, row: RulePrice) -> Ledger:
        rows = (*found.rules[:number], row, *found.rules[number + 1 :])
        found = replace(found, rules=rows, solves=self._solves)
        if self._partial is not None:
            self._partial(found)
        return found

    def _plan(self, gone: list[Rule], words: str, before: Plan | None = None) -> Plan | None:
        """The plan without these rules; ``before``, with more rules, where that is cheaper. None: no time is left."""
        left = self._deadline - monotonic()
        if left <= 0:
            return None
        self._progress(words)
        self._solves += 1
        if self._is_search:
            left, self._waiting = left / max(self._waiting, 1), self._waiting - 1
        scenario = without(self._scenario, gone) if gone else self._scenario
        plan = self._planner.plan(scenario, time_limit_seconds=left, priced=False)
        return plan if before is None else no_worse(plan, before)


def _cost_the_same(one: Plan | None, other: Plan | None) -> bool:
    """Whether both are proven cheapest at the same cost."""
    if one is None or other is None or {one.status, other.status} != {SolveStatus.OPTIMAL}:
        return False
    return abs(_usd(one) - _usd(other)) <= _SAME_COST * max(abs(_usd(one)), 1.0)


def no_worse(plan: Plan, before: Plan) -> Plan:
    """Where the search for ``plan`` was stopped early: the tables of ``before``, which had more rules to keep, if these
    are cheaper. Its bound stays.
    """
    if plan.status is not SolveStatus.WITHIN_GAP or plan.certificate is None or before.tables is None:
        return plan
    report = audit(plan.scenario, before.tables)
    if not report.ok or report.objective_usd >= _usd(plan):
        return plan
    return replace(
        plan,
        tables=before.tables,
        objective_usd=report.objective_usd,
        cost_usd=report.cost_usd,
        penalty_usd=report.penalty_usd,
        cost_lines=report.cost_lines,
        quantities=report.quantities,
        unserved=report.unserved,
    )


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
