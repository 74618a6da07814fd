"""Pairs: the plan with and without residency, latency objectives and promises, or any kind of rule, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite
from time import monotonic
from typing import Final

import pandas as pd

from hybridplan.analysis.caps import emitted_tonnes
from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.rule_kinds import KINDS, Rule, rules_of, without
from hybridplan.analysis.rule_ledger import LATE
from hybridplan.analysis.rule_prices import no_worse
from hybridplan.domain import Scenario
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

MAIN: Final[dict[str, tuple[str, ...]]] = {
    "residency": ("residency", "data_residency"),
    "latency": ("latency", "mean_latency"),
    "promise": ("promise",),
}
"""The pairs that are always asked for, each with the kinds of rules that go together."""


@dataclass(frozen=True)
class Side:
    """One plan of a pair, in figures of the audit; None where there is no plan."""

    status: str = LATE
    """A SolveStatus, or ``late``: not tried, since the time was up."""
    objective_usd: float | None = None
    bound_usd: float | None = None
    """No plan can cost less."""
    cost_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served."""
    mean_ms: float | None = None
    """Round trip + service time without queues of the affected rigid workloads, in the mean over what is served of each
    and then over them; None where none of it is known."""
    carbon_tonnes: float | None = None


@dataclass(frozen=True)
class Pair:
    """The plan without some rules, against the plan as it is."""

    code: str
    """residency, latency, promise, or a kind of rule."""
    records: tuple[str, ...]
    """What these rules are on: workloads, pools, ...; ``policy`` for the whole."""
    with_rules: Side
    without: Side = Side()

    @property
    def usd(self) -> float | None:
        """What the rules cost: the objective with less that without; None where one of the two is not known."""
        if self.with_rules.objective_usd is None or self.without.objective_usd is None:
            return None
        return self.with_rules.objective_usd - self.without.objective_usd

    @property
    def range_usd(self) -> tuple[float, float] | None:
        """What they cost lies between these two for certain, whatever the gaps of both plans hide."""
        usd, sides = self.usd, (self.with_rules, self.without)
        if usd is None:
            return None
        hidden = [_hidden_usd(side) for side in sides]
        return usd - hidden[0], usd + hidden[1]


@dataclass(frozen=True)
class Pairs:
    """Pairs of one scenario, the main ones first."""

    status: SolveStatus
    """How the plan with all rules ended."""
    plan_hours: float
    rows: tuple[Pair, ...] = ()
    constant_usd: float = 0.0
    """Part of the objective that no decision changes."""
    complete: bool = False
    """False where the time was up before everything was solved."""

    def table(self) -> pd.DataFrame:
        """Two rows per pair: pair, records, rules (``with`` or ``without``), and the fields of :class:`Side`."""
        sides = [(row, name, getattr(row, name)) for row in self.rows for name in ("with_rules", "without")]
        rows = [
            {
                "pair": row.code,
                "records": ", ".join(row.records),
                "rules": "with" if name == "with_rules" else "without",
                **vars(side),
            }
            for row, name, side in sides
        ]
        return pd.DataFrame(rows, columns=["pair", "records", "rules", *Side.__dataclass_fields__])


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


def _hidden_usd(side: Side) -> float:
    """By how much a plan may be dearer than the cheapest one."""
    hidden = (side.objective_usd or 0.0) - (side.bound_usd or 0.0)
    return max(hidden, 0.0) if isfinite(hidden) else float("inf")
