"""k-medoids: which weeks stand for which, exactly repeatable: built up one by one, then swapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from hybridplan.analysis.typical_weeks.year import Floats

_LEAST_GAIN: Final = 1e-12
"""Part of the cost below which a swap is rounding."""


def distances(features: Floats) -> Floats:
    """(N, N) mean squared difference of weeks (N, W, 168) over the hours that both have; infinite where none is."""
    known = np.isfinite(features)
    out = np.full((len(features), len(features)), np.inf)
    for i, week in enumerate(features):
        both = known & known[i]
        squares = np.where(both, np.nan_to_num(features) - np.nan_to_num(week), 0.0) ** 2
        hours = both.any(axis=1).sum(axis=1)
        out[i] = np.divide(squares.sum(axis=(1, 2)), hours, out=np.full(len(features), np.inf), where=hours > 0)
    return out


def medoids(distance: Floats, hours: Floats, candidates: Sequence[int], count: int) -> list[int]:
    """``count`` of the candidates for which sum of hours x distance to the nearest one is least, as far as swaps find.

    First the best one, then always the one that lowers the sum most, then swaps of one for another while they lower it.
    Of equals the earliest is taken, so that the same weeks give the same answer.
    """
    chosen = list[int]()
    nearest = np.full(len(distance), np.inf)
    for _ in range(count):
        rest = [one for one in candidates if one not in chosen]
        best = min(rest, key=lambda one: (_sum(hours, np.minimum(nearest, distance[one])), one))
        chosen.append(best)
        nearest = np.minimum(nearest, distance[best])
    while swap := _best_swap(distance, hours, candidates, chosen):
        chosen = swap
    return sorted(chosen)


def _best_swap(distance: Floats, hours: Floats, candidates: Sequence[int], chosen: list[int]) -> list[int]:
    """The choice with the one swap that lowers the sum most; empty where none does."""
    now = _sum(hours, distance[chosen].min(axis=0))
    best, lowest = list[int](), now - _LEAST_GAIN * abs(now)
    for out in sorted(chosen):
        kept = [one for one in chosen if one != out]
        others = distance[kept].min(axis=0) if kept else np.full(len(distance), np.inf)
        for new in candidates:
            if new not in chosen and (value := _sum(hours, np.minimum(others, distance[new]))) < lowest:
                best, lowest = [*kept, new], value
    return best


def nearest_of(distance: Floats, chosen: Sequence[int]) -> npt.NDArray[np.int64]:
    """For each week the position in ``chosen`` of the nearest one; itself where it is chosen, else the earliest."""
    nearest: npt.NDArray[np.int64] = np.argmin(distance[list(chosen)], axis=0).astype(np.int64)
    nearest[list(chosen)] = np.arange(len(chosen))
    return nearest


def _sum(hours: Floats, distance: Floats) -> float:
    """Weeks that share no hour with any candidate count nothing: whoever takes them, nothing is known."""
    finite = np.isfinite(distance)
    return float(np.sum(hours[finite] * distance[finite])) if finite.any() else 0.0
