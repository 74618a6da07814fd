"""Solving a frontier: the cheapest plan of all, the strictest cap that leaves one, and points between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import pandas as pd
from scipy.optimize import brentq

from hybridplan.analysis.frontier import aims
from hybridplan.analysis.frontier.aims import MEASURES, Aim
from hybridplan.analysis.frontier.curve import Point, marked, next_cap
from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.plan import SolveStatus
from hybridplan.settings import SOLVE_SECONDS

if TYPE_CHECKING:
    from hybridplan.model.sweep import Sweep, Swept

_CLOSE: Final = 1e-3
"""Share of the range within which the strictest cap is found."""
_CLOSE_TIME: Final = 2e-3
"""The same for times, whose range goes up to twice today's objective."""
_BESIDE: Final = 1e-7
"""Share of the range by which a cap is looser than the one that is proven to leave no plan."""
_STEPS: Final = 40
"""Most solves on the way to the strictest cap."""


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
    of: str = ""
    """Workload that the aim is about; empty: all."""
    complete: bool = True
    """False: time ran out before all points were solved, or before the strictest cap was found."""

    def table(self) -> pd.DataFrame:
        """One row per point, with the fields of :class:`Point`."""
        rows = [{**vars(point), "status": point.status.value} for point in self.points]
        return pd.DataFrame(rows, columns=list(Point.__dataclass_fields__))


def frontier(
    scenario: Scenario,
    against: Aim,
    *,
    of: str = "",
    points: int = 25,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Frontier], None] | None = None,
) -> Frontier:
    """Cheapest plans under caps on ``against``, from what the cheapest plan of all reaches down to the strictest cap.

    ``of``: the workload whose latency is meant (latency objectives: empty for all of them, as multiples of today's).
    Each point is proven like a plan that is solved alone. After both ends every further point is put where the curve
    may bend most: between the chord of two neighbours and their slopes, which are the prices of the cap. Stops with
    what it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). ``partial`` gets the frontier as it grows.
    """
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    study = _Study(scenario, against, of, monotonic() + limit, progress or (lambda text: None))
    loosest = study.begin()
    known: dict[float, Point] = {}
    if loosest is not None:
        known = study.ends(loosest, points)
    while loosest is not None and len(known) < points:
        cap = next_cap(sorted(known.values(), key=lambda p: p.cap))
        found = None if cap is None else study.point(cap)
        if found is None:
            break
        known[found.cap] = found
        if partial is not None:
            partial(study.found(known))
    return study.found(known, complete=not study.is_late)


class _Study:
    """Solves one scenario under one cap after another; linear ones from the basis of the nearest."""

    def __init__(self, scenario: Scenario, aim: Aim, of: str, deadline: float, progress: Callable[[str], None]) -> None:
        self.aim, self.of, self.measure = aim, of, MEASURES[aim]
        self.serves_all, self.solves, self.is_late = False, 0, False
        self.status = SolveStatus.NO_PLAN_IN_TIME
        self._scenario, self._deadline, self._progress = self.measure.clear(scenario, of), deadline, progress
        self._loosest = self.measure.loosest(scenario, of)
        self._sweep: Sweep | None = None
        self._base: Point | None = None
        self._begin_sweep()

    def begin(self) -> float | None:
        """What the cheapest plan of all reaches; None where there is no such plan, or nothing takes time in it.

        Where it serves everything, every other one must: a plan that does less is no cheaper one.
        """
        self._progress("Solving without a cap")
        base = self.solve(self._loosest)
        if base is None:
            return None
        self.status = base.status
        if base.report is None or not base.status.has_plan:
            return None
        self.serves_all = aims.largest_unserved_share(base.report.ledger) <= 0 and self.aim != "unserved"
        if self.serves_all:
            works = self._scenario.workloads.items()
            strict = {key: work.model_copy(update={"must_serve": True}) for key, work in works}
            self._scenario = self._scenario.model_copy(update={"workloads": strict})
            if self._sweep is not None:
                self._sweep.serve_all()
        reached = self._reached(base, self._loosest)
        if self._sweep is not None:
            self._sweep.same_as_last(reached)
        if not self.measure.is_lined:
            self._base = self._point(reached, base)
        return None if self.measure.is_time and reached <= 0 else reached

    def found(self, known: dict[float, Point], *, complete: bool = False) -> Frontier:
        """The frontier of the points known by now."""
        ordered = marked(sorted(known.values(), key=lambda p: p.cap))
        unit = aims.unit(self._scenario, self.aim, self.of)
        return Frontier(
            self.aim, unit, self.serves_all, self.status, ordered, self.solves, of=self.of, complete=complete
        )

    def solve(self, cap: float) -> Swept | None:
        """The cheapest answer under the cap; None where the time is up, be it within the solve."""
        left = self._deadline - monotonic()
        found = self._solved(cap, left) if left > 0 else None
        if found is None or found.status is SolveStatus.NO_PLAN_IN_TIME:
            self.is_late = True
            return None
        return found

    def _solved(self, cap: float, left: float) -> Swept:
        self.solves += 1
        scenario = self._capped(cap)
        if self._sweep is not None:
            swept = self._sweep.solve(scenario, cap, left)
            if swept.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE):
                return swept
            self._begin_sweep()
            left = max(self._deadline - monotonic(), 0.0)
        return self._alone(scenario, left)

    @staticmethod
    def _alone(scenario: Scenario, seconds: float) -> Swept:
        """The same by a solve that keeps nothing."""
        from hybridplan.model.solve import optimise  # pages read frontiers, and need no solver for that
        from hybridplan.model.sweep import Swept

        plan = optimise(scenario, time_limit_seconds=seconds)
        if plan.tables is None:
            return Swept(plan.status)
        return Swept(plan.status, audit(scenario, plan.tables), plan.certificate)

    def _capped(self, cap: float) -> Scenario:
        return aims.capped(self._scenario, self.aim, cap, self.of)

    def _begin_sweep(self) -> None:
        """Compile anew, or do without where the model is no linear one."""
        from hybridplan.model.sweep import Sweep

        cap = self._loosest if self.measure.compiled is None else self.measure.compiled
        try:
            self._sweep = Sweep(self._capped(cap), self.measure.lever)
            if self.serves_all:
                self._sweep.serve_all()
        except SolveFailed:
            self._sweep = None

    def ends(self, loosest: float, points: int) -> dict[float, Point]:
        """The points at both ends of the curve, and those that were found on the way, where there is room for them."""
        cheapest = self.point(loosest) if self._base is None else self._base
        known = {} if cheapest is None else {loosest: cheapest}
        strictest = self._least(loosest)
        if strictest is not None and (end := self.point(strictest)) is not None and end.status.has_plan:
            return known | {end.cap: end}
        found = [point for point in self._towards_strictest(loosest) if point.status.has_plan]
        if found:
            end = min(found, key=lambda point: point.cap)
            known[end.cap] = end
            if len(known) + len(found) <= points:
                known |= {point.cap: point for point in found}
        return known

    def _least(self, loosest: float) -> float | None:
        """The strictest cap that leaves a plan, where one solve finds it."""
        left = self._deadline - monotonic()
        if self._sweep is None or loosest <= 0 or left <= 0:
            return None
        self._progress("Looking for the strictest cap")
        half = loosest / 2.0
        found = self._sweep.least(self._capped(half), self._capped(loosest), (half, loosest), left)
        self.solves += 1
        if found is None:
            return None
        return min(found + _BESIDE * loosest, loosest) if found > _BESIDE * loosest else 0.0

    def _towards_strictest(self, loosest: float) -> list[Point]:
        """Points with ever stricter caps, down to the strictest that leaves a plan.

        What proves that nothing is possible at a cap of 0 proves others so: the next one is put where that proof ends,
        which is often the strictest one; from there by halving what is still open.
        """
        found: list[Point] = []
        low, high, cap, close = 0.0, loosest, 0.0, _CLOSE
        if self.measure.is_time:  # Nothing is done in no time.
            cap, close = loosest / 2.0 if self.serves_all else _BESIDE * loosest, _CLOSE_TIME
        for step in range(_STEPS):
            self._progress("Looking for the strictest cap")
            point = self.point(cap)
            if point is None:
                break
            found.append(point)
            is_first = step == 0 and not point.status.has_plan and not self.measure.is_time
            proven = self._proven_impossible(cap, high) if is_first else None
            low, high = (low, cap) if point.status.has_plan else (proven or cap, high)
            if high - low <= (close if step else 0.0) * loosest:
                break
            cap = (low + high) / 2.0 if proven is None else min(low + _BESIDE * loosest, high)
        return found

    def _proven_impossible(self, low: float, high: float) -> float | None:
        """Up to which cap the proof that ``low`` leaves no plan holds; None where there is none."""

        def margin(cap: float) -> float:
            found = None if self._sweep is None else self._sweep.excludes(self._capped(cap))
            return 0.0 if found is None else found

        if not margin(low) > 0 > margin(high):
            return None
        return float(brentq(margin, low, high, xtol=_BESIDE * (high - low)))

    def _reached(self, swept: Swept, cap: float) -> float:
        assert swept.report is not None
        return cap if self.measure.reached is None else self.measure.reached(swept.report.ledger, self.of)

    def point(self, cap: float) -> Point | None:
        """The point under a cap; None where no time is left."""
        self._progress(f"Solving under a cap of {cap:.4g}")
        swept = self.solve(cap)
        return None if swept is None else self._point(cap, swept)

    def _point(self, cap: float, swept: Swept) -> Point:
        report, certificate = swept.report, swept.certificate
        if not swept.status.has_plan or report is None or certificate is None:
            return Point(cap, swept.status)
        return Point(
            cap,
            swept.status,
            self._reached(swept, cap),
            report.objective_usd,
            sum(report.cost_usd.values()),
            aims.largest_unserved_share(report.ledger),
            swept.usd_per_unit,
            certificate.gap,
            aims.carbon_tonnes(report.ledger),
            aims.largest_provider_share(report.ledger),
            aims.interruptible_share(report.ledger),
        )
