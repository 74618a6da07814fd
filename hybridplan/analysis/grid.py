"""Grid: a scenario at every combination of values of some of its numbers, and what the plan comes to at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import pandas as pd

from hybridplan.analysis.sensitivity.paths import describe, with_values
from hybridplan.analysis.sensitivity.points import INVALID, Point, point_of
from hybridplan.analysis.what_if import what_if
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue

MOST_POINTS: Final = 10_000
COLUMNS: Final = ("status", "objective_usd", "cost_usd", "unserved_share", "carbon_tonnes", "gap", "message")


@dataclass(frozen=True)
class GridPoint:
    """Values of the numbers that were changed, in the order of their paths, and what the cheapest plan comes to."""

    values: tuple[float, ...]
    point: Point


@dataclass(frozen=True)
class Grid:
    """Points in the order of their values, the last path changing fastest; only those that were solved."""

    paths: tuple[str, ...]
    points: tuple[GridPoint, ...]
    asked: int
    """How many points were asked for."""

    @property
    def complete(self) -> bool:
        """False: ended before all points were solved."""
        return len(self.points) == self.asked

    def table(self) -> pd.DataFrame:
        """One row per point: its values by path, then COLUMNS.

        ``status`` is that of the solve, or ``invalid`` where the scenario does not pass its checks; ``message`` says
        why there is no plan, where that is known.
        """
        rows = [[*found.values, *(getattr(found.point, name) for name in COLUMNS)] for found in self.points]
        return pd.DataFrame(rows, columns=[*self.paths, *COLUMNS])


def combinations(scenario: Scenario, values: Mapping[str, Sequence[float]]) -> list[tuple[float, ...]]:
    """Every combination of the values of some paths (see :func:`hybridplan.analysis.sensitivity.paths.numeric_paths`).

    Raises :class:`InvalidInput` for a path that is no number of the scenario, one without values, or too many points.
    """
    if not values:
        raise InvalidInput([Issue("values", "name no number to change", mend="Give a path and its values.")])
    for path, numbers in values.items():
        unit = describe(scenario, path).unit
        if not numbers:
            raise InvalidInput([Issue(path, "has no values", unit=unit, mend="Give at least one.")])
    count = 1
    for numbers in values.values():
        count *= len(numbers)
    if count > MOST_POINTS:
        raise InvalidInput(
            [Issue("values", f"make more than {MOST_POINTS:,} points", f"{count:,}", mend="Give fewer.")]
        )
    return list(product(*values.values()))


def changed(scenario: Scenario, paths: Sequence[str], values: Sequence[float]) -> Scenario:
    """The scenario at one point. Raises :class:`InvalidInput` where it is not valid there."""
    return with_values(scenario, dict(zip(paths, values, strict=True)))


def invalid(error: InvalidInput) -> Point:
    """The point of a scenario that is not valid."""
    return Point(0.0, INVALID, message=str(error.issues[0]))


def sweep_point(scenario: Scenario, *, time_limit_seconds: float | None = None) -> Point:
    """The figures of one point, from where the last one in this process ended. Its ``value`` means nothing."""
    return point_of(what_if(scenario, time_limit_seconds=time_limit_seconds), 0.0)
