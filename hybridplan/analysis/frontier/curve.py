"""The shape of a frontier: where the next point tells most, which points are dominated, and the knee."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from hybridplan.plan import SolveStatus

_FLAT: Final = 1e-9
"""Share of the costs below which a bend is rounding."""
_STRAIGHT: Final = 1e-4
"""Share of the range of costs below which a curve has no knee."""


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
    carbon_tonnes: float | None = None
    provider_share: float | None = None
    """What the largest public provider carries over all: busy accelerator-hours, or rent, as the policy says."""
    interruptible_share: float | None = None
    """Busy accelerator-hours on interruptible pools over all."""
    is_dominated: bool = False
    """Another point reaches no more and costs no more."""
    is_knee: bool = False
    """Furthest below the straight line between both ends: after it, less costs more and more."""


def next_cap(points: Sequence[Point]) -> float | None:
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


def marked(points: Sequence[Point]) -> tuple[Point, ...]:
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
    return best if below(best) > _STRAIGHT * max(abs(top - bottom), _FLAT) else None
