"""Sweep: one number of the scenario over a range, with the plan solved anew at each value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis.sensitivity.paths import NumericPath, describe
from hybridplan.analysis.sensitivity.points import Point, PointSolver
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue

MOST_POINTS: Final = 200
COLUMNS: Final = ("value", "status", "objective_usd", "cost_usd", "unserved_share", "carbon_tonnes")
_STEADY: Final = 1e-3
BUSY: Final = "busy_hours:"
"""Columns of busy accelerator-hours begin with this, then the pool's id."""


@dataclass(frozen=True)
class FieldSweep:
    """Points in the order of their values."""

    field: NumericPath
    """What was changed; its value is that of the scenario as it is."""
    points: tuple[Point, ...]
    asked: int
    """How many points were asked for."""
    complete: bool
    """False: the time was up before all were solved."""

    def moving_pools(self) -> list[str]:
        """Pools whose busy hours change over the points, by more than a thousandth of what the busiest pool does."""
        solved = [point.busy_hours for point in self.points if point.has_plan]
        pools = list(dict.fromkeys(pool for hours in solved for pool in hours))
        most = max((max(hours.values(), default=0.0) for hours in solved), default=0.0)
        spans = {pool: [hours.get(pool, 0.0) for hours in solved] for pool in pools}
        return [pool for pool, hours in spans.items() if max(hours) - min(hours) > _STEADY * most]

    def table(self) -> pd.DataFrame:
        """One row per point: COLUMNS, busy accelerator-hours by pool, and why a value is not valid."""
        pools = list(dict.fromkeys(pool for point in self.points for pool in point.busy_hours))
        rows = [
            [
                *(getattr(point, name) for name in COLUMNS),
                *(point.busy_hours.get(pool) for pool in pools),
                point.message,
            ]
            for point in self.points
        ]
        return pd.DataFrame(rows, columns=[*COLUMNS, *(BUSY + pool for pool in pools), "message"])


def field_sweep(
    scenario: Scenario,
    path: str,
    start: float,
    stop: float,
    *,
    count: int = 11,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[FieldSweep], None] | None = None,
) -> FieldSweep:
    """The cheapest plan at ``count`` values of a number from ``start`` to ``stop``, in equal steps and in its unit.

    Values at which there is no plan, or no valid scenario, are points with that status. Stops with what it has after
    ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput` for a path without such a number and
    for a range that is none.
    """
    field = describe(scenario, path)
    check_range(path, start, stop, field.unit)
    if not 2 <= count <= MOST_POINTS:
        raise InvalidInput([Issue("count", f"must be from 2 to {MOST_POINTS}", str(count), mend="Correct it.")])
    solver, tell = PointSolver(scenario, time_limit_seconds), progress or (lambda text: None)
    points: list[Point] = []
    for number, value in enumerate(spread(start, stop, count), start=1):
        tell(say("sensitivity.point", number=str(number), all=str(count)))
        point = solver.at({path: value}, value)
        if point is None:
            break
        points.append(point)
        if partial is not None:
            partial(FieldSweep(field, tuple(points), count, False))
    return FieldSweep(field, tuple(points), count, len(points) == count)


def check_range(path: str, start: float, stop: float, unit: str) -> None:
    """Raises :class:`InvalidInput` where ``start`` and ``stop`` are no range of numbers that rises."""
    if not (math.isfinite(start) and math.isfinite(stop) and start < stop):
        mend = "Give two plain numbers, the smaller one first."
        raise InvalidInput([Issue(path, "needs a range", f"{start} to {stop}", unit, mend)])


def spread(start: float, stop: float, count: int) -> list[float]:
    """``count`` values from ``start`` to ``stop`` in equal steps, both included exactly."""
    return [start + (stop - start) * step / (count - 1) for step in range(count - 1)] + [stop]
