"""The study: re-solves with more accelerators in one pool after another, until one more does not pay."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from hybridplan.analysis.buying import terms as reading
from hybridplan.analysis.buying.mix import load_duration
from hybridplan.analysis.buying.purchase import with_more
from hybridplan.analysis.buying.result import Advice, Buying, Tried
from hybridplan.analysis.buying.search import OutOfTime, least
from hybridplan.analysis.buying.terms import Terms
from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS
from hybridplan.units import per_year

MOST: Final = 1_000_000
"""More accelerators than this are not tried."""
_DUST: Final = 1e-9
"""Part of the objective below which a gain is rounding."""


def buying(
    scenario: Scenario,
    pools: Mapping[str, Any],
    *,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Buying], None] | None = None,
) -> Buying:
    """How many more accelerators pay in each of ``pools``, one pool at a time, all others staying as they are.

    ``pools``: terms by id of an owned pool (capex_usd, life_years, interest_rate, salvage_share, yearly_usd) or of a
    reserved one (fee_usd_per_accelerator_hour), see :class:`Terms`. What so many more are worth comes from plans that
    are audited and proven, not from shadow prices. Amounts are per year: the horizon stands for a year. Stops with what
    it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput` for wrong terms.
    """
    asked = reading.read(scenario, pools)
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    study = _Study(scenario, monotonic() + limit, progress or (lambda text: None))
    base = study.solve(scenario)
    if base is None or not base.status.has_plan:
        status = SolveStatus.NO_PLAN_IN_TIME if base is None else base.status
        return Buying(status, (), load_duration(base), study.solves, status is not SolveStatus.NO_PLAN_IN_TIME)
    found = list[Advice]()
    for position, (pool, given) in enumerate(asked.items(), start=1):
        study.about = f"Pool {position} of {len(asked)}"
        found.append(study.advice(base, pool, given))
        if partial is not None and position < len(asked):
            partial(Buying(base.status, tuple(found), load_duration(base), study.solves, False))
    complete = all(one.complete for one in found)
    return Buying(base.status, tuple(found), load_duration(base), study.solves, complete)


class _Study:
    """Solves one scenario with more and more of one pool."""

    def __init__(self, scenario: Scenario, deadline: float, progress: Callable[[str], None]) -> None:
        self.solves, self.about = 0, ""
        self._scenario, self._deadline, self._progress = scenario, deadline, progress
        from hybridplan.model.warm import WarmPlanner  # pages import what is beside it, and need no solver

        self._planner = WarmPlanner()

    def solve(self, scenario: Scenario) -> Plan | None:
        """The cheapest plan; None where no time is left."""
        left = self._deadline - monotonic()
        if left <= 0:
            return None
        self.solves += 1
        return self._planner.plan(scenario, time_limit_seconds=left, priced=False)

    def advice(self, base: Plan, pool: str, terms: Terms) -> Advice:
        """How many more of one pool pay."""
        step = self._scenario.pools[pool].accelerators_per_node
        plans: dict[int, Plan] = {0: base}

        def cost(steps: int) -> float:
            """USD per year with so many steps more, their price included; infinite where there is no plan."""
            if steps not in plans:
                self._progress(f"{self.about}: trying {steps * step:,} more")
                plan = self.solve(with_more(self._scenario, pool, steps * step, terms.usd_per_hour))
                if plan is None or plan.status is SolveStatus.NO_PLAN_IN_TIME:
                    raise OutOfTime
                plans[steps] = plan
            return self._usd_per_year(plans[steps])

        complete = True
        try:
            best = least(cost, MOST // step, _DUST * abs(cost(0)))
            cost(best + 1)
        except OutOfTime:
            complete = False
            best = min((n for n, plan in plans.items() if plan.status.has_plan), key=lambda n: (cost(n), n))
        return self._told(pool, terms, step, best, plans, complete)

    def _told(self, pool: str, terms: Terms, step: int, best: int, plans: dict[int, Plan], complete: bool) -> Advice:
        solved = {n: plans[n] for n in sorted(plans) if plans[n].status.has_plan}
        tried = {n: self._tried(solved[0], plan, n * step, terms) for n, plan in solved.items()}
        value = {n: one.value_usd_per_year for n, one in tried.items()}
        last = (value[best] - value[best - 1]) / step if best and best - 1 in value else None
        after = (value[best + 1] - value[best]) / step if best + 1 in value else None
        first = value[1] / step if 1 in value else math.nan
        settled = (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE)
        is_proven = all(plan.status in settled and plan.kind != "mixed_integer" for plan in plans.values())
        return Advice(
            pool,
            terms,
            step,
            best * step,
            tuple(tried.values()),
            first,
            last,
            after,
            _payback_years(terms, tried[best]),
            _busy_share(self._scenario, pool, terms),
            is_proven,
            complete,
            load_duration(solved[best]),
        )

    def _tried(self, base: Plan, plan: Plan, count: int, terms: Terms) -> Tried:
        price = count * terms.usd_per_year
        saved = self._usd_per_year(base) - self._usd_per_year(plan) + price if count else 0.0
        return Tried(count, saved, price, plan.certificate.gap if plan.certificate else math.nan)

    def _usd_per_year(self, plan: Plan) -> float:
        # More than the racks of its site hold passes no audit, whatever it costs.
        if plan.objective_usd is None or not plan.status.has_plan:
            return math.inf
        return per_year(plan.objective_usd, self._scenario.horizon.plan_hours)


def _payback_years(terms: Terms, best: Tried) -> float | None:
    saved = best.value_usd_per_year - best.count * terms.yearly_usd
    if not best.count or terms.fee_usd_per_accelerator_hour is not None or saved <= 0:
        return None
    return terms.capex_usd * best.count / saved


def _busy_share(scenario: Scenario, pool_id: str, terms: Terms) -> float | None:
    sku = scenario.pools[pool_id].sku
    rented = [
        contracted_price_usd(scenario, pool)
        for pool in scenario.pools.values()
        if pool.sku == sku and pool.purchase_option == "on_demand"
    ]
    price = min(rented, default=0.0)
    return terms.usd_per_hour / price if price > 0 else None
