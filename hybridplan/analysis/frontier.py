"""Frontier: what each step of a second aim costs, from the cheapest plan to the strictest one that still exists."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from time import monotonic
from typing import Any, Final, Literal

import pandas as pd

from hybridplan.analysis import caps
from hybridplan.domain import Scenario
from hybridplan.domain.policy import CarbonCap
from hybridplan.errors import SolveFailed
from hybridplan.model.solve import optimise
from hybridplan.model.sweep import CapSweep
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

Aim = Literal["carbon", "provider_share"]

_CLOSE: Final = 1e-4
"""Share of the range within which the strictest cap is found."""
_FLAT: Final = 1e-9
"""Share of the costs below which a bend is rounding."""


@dataclass(frozen=True)
class Measure:
    """An aim that can be capped: its limit in the model, its unit, and what a plan reaches."""

    limit: str
    unit: str
    reached: Callable[[Plan], float]
    field: Callable[[float | None], dict[str, Any]]
    """Fields of the policy that cap it; None: no cap."""
    example: float
    """Some cap that is one."""


MEASURES: Final[dict[Aim, Measure]] = {
    "carbon": Measure(
        "carbon_cap",
        "t CO2e over the horizon",
        caps.emitted_tonnes,
        lambda cap: {"carbon_cap": None if cap is None else CarbonCap(tonnes=cap)},
        1.0,
    ),
    "provider_share": Measure(
        "provider_share",
        "share of busy accelerator-hours of the largest public provider",
        lambda plan: float(caps.by_provider(plan)["share"].max()) if len(caps.by_provider(plan)) else 0.0,
        lambda cap: {"provider_share_cap": cap},
        0.5,
    ),
}


@dataclass(frozen=True)
class Point:
    """One plan of the frontier, the cheapest within ``cap``; numbers are None where there is no plan."""

    cap: float
    status: SolveStatus
    reached: float | None = None
    objective_usd: float | None = None
    cost_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest over the workloads."""
    usd_per_unit: float | None = None
    """What one more unit of the cap saves; None where a plan has no prices."""
    gap: float | None = None
    is_dominated: bool = False
    """Another point reaches no more and costs no more."""
    is_knee: bool = False
    """Furthest below the straight line between both ends: after it, less costs more and more."""


@dataclass(frozen=True)
class Frontier:
    """Points in the order of their caps, the strictest first.

    ``serves_all``: the cheapest plan serves all work, so every point has to; else what is not served may differ from
    point to point and stands in each. ``status``: how the solve without the cap ended.
    """

    aim: Aim
    unit: str
    serves_all: bool
    status: SolveStatus
    points: tuple[Point, ...]
    solves: int
    """How many problems were solved, the search for the strictest cap included."""

    def table(self) -> pd.DataFrame:
        """One row per point, with the fields of :class:`Point`."""
        rows = [{**vars(point), "status": point.status.value} for point in self.points]
        return pd.DataFrame(rows, columns=list(Point.__dataclass_fields__))


def capped(scenario: Scenario, aim: Aim, cap: float | None) -> Scenario:
    """The scenario with this cap in place of its own; None: without one."""
    policy = scenario.policy.model_copy(update=MEASURES[aim].field(cap))
    return scenario.model_copy(update={"policy": policy})


def frontier(
    scenario: Scenario,
    against: Aim,
    *,
    points: int = 25,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Frontier:
    """Cheapest plans under caps on ``against``, from what the cheapest plan of all reaches down to the strictest cap.

    Each point is proven like a plan that is solved alone. After both ends every further point is put where the curve
    may bend most: between the chord of two neighbours and their slopes, which are the prices of the cap. Stops with
    what it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS).
    """
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    study = _Study(scenario, against, monotonic() + limit, progress or (lambda text: None))
    base = study.solve(None)
    if base is None or not base.status.has_plan:
        status = SolveStatus.NO_PLAN_IN_TIME if base is None else base.status
        return Frontier(against, study.measure.unit, False, status, (), study.solves)
    study.hold_service(base)
    loosest = study.measure.reached(base)
    known = {point.cap: point for cap in (loosest, study.strictest(loosest)) if (point := study.point(cap))}
    while len(known) < points and (cap := _next(sorted(known.values(), key=lambda p: p.cap))) is not None:
        found = study.point(cap)
        if found is None:
            break
        known[cap] = found
    ordered = _marked(sorted(known.values(), key=lambda p: p.cap))
    return Frontier(against, study.measure.unit, study.serves_all, base.status, ordered, study.solves)


class _Study:
    """Solves one scenario under one cap after another; linear ones from the basis of the last."""

    def __init__(self, scenario: Scenario, aim: Aim, deadline: float, progress: Callable[[str], None]) -> None:
        self.aim, self.measure = aim, MEASURES[aim]
        self.serves_all, self.solves = False, 0
        self._scenario, self._deadline, self._progress = scenario, deadline, progress
        self._sweep: CapSweep | None = None
        self._price: float | None = None
        """Of the last plan; None where it was solved alone."""

    def solve(self, cap: float | None) -> Plan | None:
        """The cheapest plan under the cap (None: without one); None where no time is left."""
        left = self._deadline - monotonic()
        if left <= 0:
            return None
        self.solves += 1
        self._price = None
        if cap is not None and self._sweep is not None:
            plan = self._sweep.plan(capped(self._scenario, self.aim, cap), cap, left)
            if plan.status is SolveStatus.OPTIMAL:
                self._price = self._sweep.usd_per_unit()
            if plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE):
                return plan
            self._begin_sweep()
            left = max(self._deadline - monotonic(), 0.0)
        return optimise(capped(self._scenario, self.aim, cap), time_limit_seconds=left)

    def _begin_sweep(self) -> None:
        """Compile anew, or do without where the model is no linear one."""
        cap = self.measure.example
        try:
            self._sweep = CapSweep(capped(self._scenario, self.aim, cap), self.measure.limit, cap)
        except SolveFailed:
            self._sweep = None

    def hold_service(self, base: Plan) -> None:
        """Where the cheapest plan serves everything, every other one must: a plan that does less is no cheaper one."""
        self.serves_all = all(amount.share <= 0 for amount in base.unserved.values())
        if self.serves_all:
            works = self._scenario.workloads.items()
            strict = {key: work.model_copy(update={"must_serve": True}) for key, work in works}
            self._scenario = self._scenario.model_copy(update={"workloads": strict})
        self._begin_sweep()

    def strictest(self, loosest: float) -> float:
        """The strictest cap that leaves a plan, by halving; ``loosest`` where no time is left to look."""
        low, high = 0.0, loosest
        if self._has_plan(0.0):
            return 0.0
        while high - low > _CLOSE * loosest:
            middle = (low + high) / 2.0
            if self._has_plan(middle):
                high = middle
            else:
                low = middle
        return high

    def _has_plan(self, cap: float) -> bool:
        self._progress("Looking for the strictest cap")
        plan = self.solve(cap)
        return plan is not None and plan.status.has_plan

    def point(self, cap: float) -> Point | None:
        """The point under a cap; None where no time is left."""
        self._progress(f"Solving under a cap of {cap:.4g}")
        plan = self.solve(cap)
        if plan is None:
            return None
        if not plan.status.has_plan or plan.certificate is None:
            return Point(cap, plan.status)
        return Point(
            cap,
            plan.status,
            self.measure.reached(plan),
            plan.objective_usd,
            sum(plan.cost_usd.values()),
            max((amount.share for amount in plan.unserved.values()), default=0.0),
            self._price,
            plan.certificate.gap,
        )


def _next(points: list[Point]) -> float | None:
    """Where the next point tells most; None where two neighbours are as close as numbers can be.

    Where no bend is left to find, in the middle of the widest gap.
    """
    pairs = [(a, b) for a, b in pairwise(points) if a.objective_usd is not None and b.objective_usd is not None]
    if not pairs:
        return None
    bends = [_bend(a, b) for a, b in pairs]
    at = max(range(len(pairs)), key=lambda i: (bends[i][0], pairs[i][1].cap - pairs[i][0].cap))
    (a, b), (_, cap) = pairs[at], bends[at]
    return cap if a.cap < cap < b.cap else None


def _bend(a: Point, b: Point) -> tuple[float, float]:
    """By how much the curve may lie below the chord of two points, in USD, and at which cap; 0 where it cannot.

    A convex curve lies above both tangents, so it can be lowest where they meet. Without prices: the middle, by what
    the chord rises.
    """
    if a.objective_usd is None or b.objective_usd is None:
        return 0.0, math.nan
    width, rise, middle = b.cap - a.cap, a.objective_usd - b.objective_usd, (a.cap + b.cap) / 2.0
    if a.usd_per_unit is None or b.usd_per_unit is None:
        return rise, middle
    steeper = a.usd_per_unit - b.usd_per_unit
    if steeper <= 0 or width <= 0:
        return 0.0, middle
    step = (rise - b.usd_per_unit * width) / steeper
    below = a.usd_per_unit * step - rise * step / width
    if below <= _FLAT * max(abs(a.objective_usd), 1.0) or not 0 < step < width:
        return 0.0, middle
    return below, a.cap + step


def _marked(points: list[Point]) -> tuple[Point, ...]:
    solved = [point for point in points if point.objective_usd is not None]
    knee = _knee(solved)
    return tuple(
        replace(point, is_dominated=_is_dominated(point, solved), is_knee=point is knee)
        if point.objective_usd is not None
        else point
        for point in points
    )


def _is_dominated(point: Point, others: list[Point]) -> bool:
    assert point.objective_usd is not None
    assert point.reached is not None
    slack = _FLAT * max(abs(point.objective_usd), 1.0)
    for other in others:
        if other is point or other.objective_usd is None or other.reached is None:
            continue
        no_worse = other.reached <= point.reached and other.objective_usd <= point.objective_usd
        better = other.reached < point.reached * (1.0 - _FLAT) or other.objective_usd < point.objective_usd - slack
        if no_worse and better:
            return True
    return False


def _knee(points: list[Point]) -> Point | None:
    """The point furthest below the straight line between both ends; None where the curve is straight."""
    if len(points) < 3:
        return None
    first, last = points[0], points[-1]
    top, bottom = first.objective_usd or 0.0, last.objective_usd or 0.0

    def below(point: Point) -> float:
        share = (point.cap - first.cap) / (last.cap - first.cap)
        return top + share * (bottom - top) - (point.objective_usd or 0.0)

    best = max(points, key=below)
    return best if below(best) > _CLOSE * max(abs(top - bottom), _FLAT) else None
