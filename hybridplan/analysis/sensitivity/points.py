"""One solved point of a study: the scenario with some numbers changed, and what its plan comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from hybridplan.analysis.sensitivity.paths import with_values
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

INVALID: Final = "invalid"
"""Status of a point whose scenario does not pass the checks."""


@dataclass(frozen=True)
class Point:
    """What the cheapest plan comes to at one value; figures are None, tables empty, where there is no plan.

    ``status``: how the solve ended (see :class:`hybridplan.plan.SolveStatus`), or ``invalid``.
    """

    value: float
    status: str
    objective_usd: float | None = None
    """Costs and penalties over the horizon."""
    cost_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest over the workloads."""
    carbon_tonnes: float | None = None
    """Pools whose power or grid carbon is not given count as 0."""
    busy_hours: Mapping[str, float] = field(default_factory=dict)
    """Busy accelerator-hours over the horizon by pool."""
    kept: Mapping[str, float] = field(default_factory=dict)
    """Accelerators kept by owned pool."""
    unserved: Mapping[str, float] = field(default_factory=dict)
    """Share of the demand that is not served, by workload."""
    purchased: Mapping[str, float] = field(default_factory=dict)
    """What is taken of each offer, by ``kind/id``: accelerators, USD per hour or Gbit/s."""
    gap: float | None = None
    """Proven distance to the cheapest plan, as a share of what decisions can change."""
    message: str = ""
    """Why the scenario is not valid."""

    @property
    def has_plan(self) -> bool:
        """Whether there are figures."""
        return self.objective_usd is not None


def point_of(plan: Plan, value: float) -> Point:
    """The figures of a plan."""
    if not plan.status.has_plan or plan.tables is None or plan.certificate is None:
        return Point(value, plan.status.value)
    rows, kept = plan.quantities, plan.tables.kept
    shares = {key: amount.share for key, amount in plan.unserved.items()}
    return Point(
        value,
        plan.status.value,
        plan.objective_usd,
        sum(plan.cost_usd.values()),
        max(shares.values(), default=0.0),
        float(rows["carbon_tonnes"].fillna(0.0).sum()),
        dict(zip(rows["pool"].astype(str), rows["busy_accelerator_hours"].astype(float), strict=True)),
        dict(zip(kept["pool"].astype(str), kept["accelerators_kept"].astype(float), strict=True)),
        shares,
        {f"{kind}/{key}": float(size) for kind, key, size in plan.tables.purchases.itertuples(index=False, name=None)},
        plan.certificate.gap,
    )


class PointSolver:
    """Solves a scenario with one change after another, from the last basis, until the time is up. One thread only."""

    def __init__(self, scenario: Scenario, time_limit_seconds: float | None) -> None:
        # Results are read on pages, where nothing is solved: only who solves loads the optimiser (about a second).
        from hybridplan.model.warm import WarmPlanner

        limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
        self._scenario, self._deadline = scenario, monotonic() + limit
        self._planner = WarmPlanner()
        self.solves = 0
        """How many plans were looked for."""

    @property
    def has_time(self) -> bool:
        """Whether another solve may begin."""
        return monotonic() < self._deadline

    def base(self) -> Point | None:
        """The scenario as it is, at the value 1."""
        return self.at({}, 1.0)

    def priced(self) -> Plan | None:
        """The plan of the scenario as it is, with its shadow prices; None where no time is left for it."""
        if not self.has_time:
            return None
        self.solves += 1
        return self._planner.plan(self._scenario, time_limit_seconds=self._deadline - monotonic())

    def at(self, changes: Mapping[str, float], value: float) -> Point | None:
        """The point with these numbers changed, called ``value``; None where no time is left for it.

        A solve that the time limit cut short counts as no point.
        """
        try:
            changed = with_values(self._scenario, changes) if changes else self._scenario
        except InvalidInput as error:
            return Point(value, INVALID, message=str(error.issues[0]))
        return self.of(changed, value)

    def of(self, scenario: Scenario, value: float) -> Point | None:
        """The point of any scenario; None where no time is left for it, and where its solve was cut short."""
        if not self.has_time:
            return None
        self.solves += 1
        plan = self._planner.plan(scenario, time_limit_seconds=self._deadline - monotonic(), priced=False)
        is_cut = plan.solver.stopped_early or (not self.has_time and plan.status is not SolveStatus.INFEASIBLE)
        return None if is_cut and not _is_proven(plan) else point_of(plan, value)


def _is_proven(plan: Plan) -> bool:
    return plan.status is SolveStatus.OPTIMAL and not plan.solver.stopped_early
