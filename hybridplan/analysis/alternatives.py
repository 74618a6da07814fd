"""Near-optimal alternatives: the best plan in each other respect among all that cost little more than the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, Final

import numpy as np

from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.near_results import CURVED, GIVEN, LATE, OWN_RULE, Aim, Alternative, Alternatives, PoolRange
from hybridplan.audit.certificate import decided_usd
from hybridplan.domain import Scenario, require
from hybridplan.domain.features import public_provider
from hybridplan.errors import InvalidInput, Issue
from hybridplan.model.data import Data
from hybridplan.model.least_change import before
from hybridplan.model.near import Answer, NearOptimal, Sense
from hybridplan.model.near_measures import Measure, busy_hours, changed_hours, providers_used
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan
from hybridplan.settings import SOLVE_SECONDS

MOST_PERCENT: Final = 100.0
_SAME: Final = 1e-6
"""Relative difference below which two amounts are the same."""


def alternatives(
    scenario: Scenario,
    *,
    slack_percent: float = 2.0,
    today: Plan | Mapping[str, Any] | None = None,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Alternatives], None] | None = None,
) -> Alternatives:
    """Plans that cost at most ``slack_percent`` more than the cheapest and serve no less, each best in one respect.

    The slack is a share of the objective less its constants. ``today``: the plan that "closest" is measured from, or
    the document of the scenario whose cheapest plan it is; else, or where it has no plan or no hour in common, the
    baseline that fills what is owned first. Every plan is audited like any other; its certificate is that of its cost,
    and the bound of its aim stands beside it. Stops with what it has after ``time_limit_seconds``
    (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput` for a slack that is none, and for a document with errors.
    """
    if not 0 <= slack_percent <= MOST_PERCENT:
        raise InvalidInput([Issue("slack_percent", f"must be from 0 to {MOST_PERCENT:g}", f"{slack_percent:g}", "%")])
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    deadline = monotonic() + limit
    tell = progress or (lambda text: None)
    tell("Solving for the cheapest plan")
    best = optimise(scenario, time_limit_seconds=limit)
    if not best.status.has_plan or best.objective_usd is None:
        return Alternatives(slack_percent, 0.0, best.status)
    if isinstance(today, Mapping):
        tell("Solving for today's plan")
        today = optimise(require(dict(today)), time_limit_seconds=max(deadline - monotonic(), 0.0))
    study = _Study(best, slack_percent, today, deadline, tell, partial or (lambda found: None))
    study.look()
    return study.result


class _Study:
    """Asks one question after another of the plans near the cheapest, and keeps what was found."""

    def __init__(
        self,
        best: Plan,
        slack_percent: float,
        today: Plan | None,
        deadline: float,
        progress: Callable[[str], None],
        partial: Callable[[Alternatives], None],
    ) -> None:
        scenario = best.scenario
        self._best, self._share, self._deadline = best, slack_percent / 100.0, deadline
        self._progress, self._partial = progress, partial
        self._data, rule = Data(scenario), GIVEN
        if today is None or today.tables is None or not before(today, self._data)[1].any():
            rule, today = OWN_RULE, replace(best, tables=baselines(scenario, best)[OWN_RULE].tables)
        self._today = today
        self._pools = _pools_of(scenario)
        self._near: dict[tuple[str, ...], NearOptimal] = {}
        self._hours = best.quantities.set_index("pool")["busy_accelerator_hours"].astype(float)
        slack_usd = self._share * decided_usd(best.objective_usd or 0.0, best.constant_usd)
        self.result = Alternatives(slack_percent, slack_usd, best.status, best, today=rule)
        self._waiting, self._dropped, self._is_search = 0, 0, best.kind == "mixed_integer"

    def look(self) -> None:
        """Everything, while time is left."""
        wanted = self._wanted()
        pools = list(self._best.scenario.pools)
        self._waiting = len(wanted) + 2 * len(pools)
        for number, (aim, record) in enumerate(wanted):
            self._progress(f"Alternative {number + 1} of {len(wanted)}")
            found = self._alternative(aim, record)
            self._keep(alternatives=(*self.result.alternatives, found))
        for number, pool in enumerate(pools):
            self._progress(f"Range of pool {number + 1} of {len(pools)}")
            self._keep(ranges=(*self.result.ranges, self._range(pool)))
        late = any(row.outcome in (LATE, "no_plan") for row in self.result.alternatives)
        missing = any(row.least_bound is None or row.most_bound is None for row in self.result.ranges)
        self._keep(complete=not late and not missing)

    def _keep(self, **found: object) -> None:
        solves = self._dropped + sum(near.solves for near in self._near.values())
        self.result = replace(self.result, solves=solves, **found)  # type: ignore[arg-type]
        self._partial(self.result)

    def _wanted(self) -> list[tuple[Aim, str]]:
        """Providers, what is owned, fewest providers, today, and pools in use; no two with the same pools."""
        providers = [name for name in self._pools if name not in ("", "owned")]
        wanted: list[tuple[Aim, str]] = [("least_provider", name) for name in providers]
        wanted += [("most_owned", "")] if self._pools["owned"] else []
        wanted += [("fewest_providers", "")] if len(providers) > 1 else []
        wanted.append(("closest", ""))
        alone = {next(iter(self._pools[name])) for name in providers if len(self._pools[name]) == 1}
        used = [pool for pool in self._best.scenario.pools if self._hours[pool] > 0 and pool not in alone]
        return wanted + [("least_pool", pool) for pool in used]

    def _alternative(self, aim: Aim, record: str) -> Alternative:
        at = self._amount(aim, record, self._best)
        if aim == "fewest_providers" and self._best.kind == "conic":
            return Alternative(aim, record, CURVED, at)
        seconds = self._seconds()
        if seconds <= 0:
            return Alternative(aim, record, LATE, at)
        name, measures = self._measures(aim, record)
        if aim == "fewest_providers":
            seconds /= 2.0
        answer, plan = self._of(measures).plan(name, "most" if aim == "most_owned" else "least", seconds)
        self._drop_after(measures, answer)
        outcome = answer.outcome if answer.amount is None or plan is not None else "failed"
        sign = -1.0 if aim == "most_owned" else 1.0
        is_worse = plan is not None and sign * self._amount(aim, record, plan) > sign * at + _SAME * abs(at)
        if is_worse or (self._is_search and plan is None):
            # The cheapest plan is one of them. A search that was stopped early may have found none as good, and most
            # work on a pool may take fewer of it than the same work where each does less.
            plan, outcome = self._best, "feasible" if self._is_search else outcome
        if plan is None or plan.objective_usd is None or self._best.objective_usd is None:
            return Alternative(aim, record, outcome, at, bound=_floored(answer.bound))
        more = plan.objective_usd - self._best.objective_usd
        share = more / decided_usd(self._best.objective_usd, self._best.constant_usd)
        amount = self._amount(aim, record, plan)
        return Alternative(aim, record, outcome, at, amount, _floored(answer.bound), more, share, plan)

    def _range(self, pool: str) -> PoolRange:
        known = {row.record: row for row in self.result.alternatives if row.aim == "least_pool" and row.plan}
        least: tuple[float | None, float | None]
        if self._hours[pool] <= 0:
            least = (0.0, 0.0)
        elif pool in known:
            least = (known[pool].amount, known[pool].bound)
        else:
            least = self._ask(pool, "least")
        most = self._ask(pool, "most")
        return PoolRange(pool, float(self._hours[pool]), least[0], most[0], least[1], most[1])

    def _ask(self, pool: str, sense: Sense) -> tuple[float | None, float | None]:
        seconds = self._seconds()
        if seconds <= 0:
            return None, None
        name, measures = self._measures("least_pool", pool)
        answer = self._of(measures).ask(name, sense, seconds)
        self._drop_after(measures, answer)
        at, better = float(self._hours[pool]), min if sense == "least" else max
        if answer.amount is None:
            return (at if self._is_search else None), None
        return better(max(answer.amount, 0.0), at), _floored(answer.bound)

    def _seconds(self) -> float:
        """Time for the next question: what is left, shared out among all that wait where each is a search."""
        left = self._deadline - monotonic()
        waiting, self._waiting = max(self._waiting, 1), self._waiting - 1
        return left / waiting if self._is_search else left

    def _measures(self, aim: Aim, record: str) -> tuple[str, Mapping[str, Measure]]:
        """The measure of an aim, and all that are compiled together with it."""
        if aim == "fewest_providers":
            return "providers", {"providers": providers_used}
        if aim == "closest":
            return "changes", {"changes": changed_hours(self._today)}
        groups = {name: pools for name, pools in self._pools.items() if name and pools}
        hours = {f"provider:{name}": busy_hours(pools) for name, pools in groups.items()}
        hours |= {f"pool:{pool}": busy_hours(frozenset([pool])) for pool in self._best.scenario.pools}
        if aim == "least_pool":
            return f"pool:{record}", hours
        return f"provider:{record or 'owned'}", hours

    def _of(self, measures: Mapping[str, Measure]) -> NearOptimal:
        key = tuple(measures)
        if key not in self._near:
            self._near[key] = NearOptimal(self._best, self._share, measures)
        return self._near[key]

    def _drop_after(self, measures: Mapping[str, Measure], answer: Answer) -> None:
        """What a solve leaves behind that ended otherwise is not trusted with the next one."""
        if answer.outcome not in ("optimal", "infeasible"):
            self._dropped += self._near.pop(tuple(measures)).solves

    def _amount(self, aim: Aim, record: str, plan: Plan) -> float:
        """What a plan has of the measure of an aim, by its tables and its audit."""
        rows = plan.quantities.set_index("pool")
        if aim == "closest":
            here, is_common = before(plan, self._data)
            there, _ = before(self._today, self._data)
            return float(np.sum(np.abs(here - there) @ (is_common * self._data.periods.weight_hours)))
        if aim == "fewest_providers":
            used = rows.index[rows["provisioned_accelerator_hours"] > 0]
            return float(
                len({name for name in self._pools if name not in ("", "owned") and self._pools[name] & {*used}})
            )
        pools = frozenset([record]) if aim == "least_pool" else self._pools[record or "owned"]
        return float(rows.loc[list(pools), "busy_accelerator_hours"].sum())


def _pools_of(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Pools of each public provider; those that are owned under ``owned``; others under an empty name."""
    found: dict[str, set[str]] = {"owned": set()}
    for key, pool in scenario.pools.items():
        name = "owned" if pool.purchase_option == "owned" else public_provider(pool, scenario.sites[pool.site])
        found.setdefault(name, set()).add(key)
    return {name: frozenset(pools) for name, pools in found.items()}


def _floored(amount: float | None) -> float | None:
    """Hours and counts are not negative: a bound below 0 is rounding."""
    return None if amount is None else max(amount, 0.0)
