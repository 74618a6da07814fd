"""Pairs: the plan with and without residency, latency objectives and promises, or any kind of rule, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from hybridplan.analysis.caps import emitted_tonnes
from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.rule_kinds import KINDS, Rule, rules_of, without
from hybridplan.analysis.rule_ledger import LATE
from hybridplan.analysis.rule_pairs import MAIN, Pair, Pairs, Side
from hybridplan.analysis.rule_prices import no_worse
from hybridplan.domain import Scenario
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS


def with_without(
    scenario: Scenario,
    *,
    each_kind: bool = False,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Pairs], None] | None = None,
) -> Pairs:
    """What residency, latency and promises cost, each as two plans; ``each_kind``: then every other kind of rule too.

    A pair that the scenario has no rule for is left out. Every figure is that of a plan that is audited and bounded.
    Stops with what it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS).
    """
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    deadline, planner, tell = monotonic() + limit, WarmPlanner(), progress or (lambda text: None)
    groups = _groups(scenario, each_kind)
    tell("Solving with all rules")
    base = planner.plan(scenario, time_limit_seconds=limit / (1 + len(groups)), priced=False)
    start = tuple(Pair(code, _records(rules), _side(base, _works(rules))) for code, rules in groups.items())
    found = Pairs(base.status, scenario.horizon.plan_hours, start, base.constant_usd)
    for number, (code, rules) in enumerate(groups.items()):
        left = deadline - monotonic()
        if left <= 0:
            return found
        tell(f"Without {code.replace('_', ' ')}: {number + 1} of {len(groups)}")
        share = left / (len(groups) - number)
        plan = no_worse(planner.plan(without(scenario, rules), time_limit_seconds=share, priced=False), base)
        row = replace(found.rows[number], without=_side(plan, _works(rules)))
        found = replace(found, rows=(*found.rows[:number], row, *found.rows[number + 1 :]))
        if partial is not None:
            partial(found)
    late = {LATE, SolveStatus.NO_PLAN_IN_TIME.value}
    return replace(found, complete=not late & {base.status.value, *(row.without.status for row in found.rows)})


def _groups(scenario: Scenario, each_kind: bool) -> dict[str, list[Rule]]:
    """Rules that go together, by the code of their pair; only those that the scenario has."""
    rules = rules_of(scenario)
    wanted = dict(MAIN)
    if each_kind:
        taken = {kind for kinds in MAIN.values() for kind in kinds}
        wanted |= {kind.code: (kind.code,) for kind in KINDS if kind.code not in taken}
    found = {code: [rule for rule in rules if rule.kind.code in kinds] for code, kinds in wanted.items()}
    return {code: mine for code, mine in found.items() if mine}


def _records(rules: list[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(record for rule in rules for record in rule.records))


def _works(rules: list[Rule]) -> tuple[str, ...] | None:
    """Workloads that the rules are on; None where they are on something else, and so all are meant."""
    works = [record for rule in rules if rule.kind.section == "workloads" for record in rule.records]
    return tuple(dict.fromkeys(works)) or None


def _side(plan: Plan, works: tuple[str, ...] | None) -> Side:
    if not plan.status.has_plan or plan.certificate is None:
        return Side(plan.status.value)
    return Side(
        status=plan.status.value,
        objective_usd=plan.objective_usd,
        bound_usd=plan.certificate.bound_usd,
        cost_usd=sum(plan.cost_usd.values()),
        unserved_share=unserved_share(plan),
        mean_ms=_mean_ms(plan, works),
        carbon_tonnes=emitted_tonnes(plan),
    )


def _mean_ms(plan: Plan, works: tuple[str, ...] | None) -> float | None:
    """Mean over the workloads of: sum of units x (round trip + service time) / sum of units.

    Queues are left out on both sides: without an objective none is modelled, so with it the two could not be compared.
    """
    assert plan.tables is not None
    rows = plan.tables.allocation
    chosen = works if works is not None else tuple(plan.scenario.workloads)
    rigid = [key for key in chosen if plan.scenario.workloads[key].flexibility == "rigid"]
    rows = rows.loc[rows["workload"].isin(rigid)].merge(plan.routes, on=["workload", "pool"])
    blocks = plan.scenario.horizon.blocks
    hours = rows["block"].map({key: block.weight * block.period_hours for key, block in blocks.items()}).astype(float)
    latency = rows["round_trip_ms"].astype(float) + rows["service_ms"].astype(float)
    # Work of different units: each workload counts by its share of what it is served, not by its unit.
    units = rows["units_per_hour"].astype(float) * hours
    whole = units.groupby(rows["workload"]).transform("sum")
    parts = (units / whole).where(latency.notna() & (whole > 0), 0.0)
    total = float(parts.sum())
    return float((parts * latency.fillna(0.0)).sum()) / total if total > 0 else None
