"""Random failures: when each contingency begins and ends, in many runs."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Final, NamedTuple

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.units import HOURS_PER_YEAR

MOST_DRAWS: Final = 5_000_000
"""Most failures and repairs that are drawn for one contingency over all runs."""
_SPREAD: Final = 6.0
"""Standard deviations above the mean number of failures that are drawn at once; runs that need more get more."""


class Events(NamedTuple):
    """Failures of all runs, each array (E,), in any order. One contingency never overlaps itself in a run."""

    run: Ints
    contingency: Ints
    """Position among the contingencies of the policy."""
    begins: Floats
    """Hours since the start of the run."""
    ends: Floats
    """Repaired, in hours since the start of the run; at most its length."""


def draw(scenario: Scenario, hours: float, runs: int, seed: int) -> Events:
    """Failures in ``runs`` runs of ``hours`` hours, all up at the start.

    Up for an exponential time with mean 8,760 / failures_per_year, down for one with mean repair_hours; each
    contingency has its own stream of random numbers. Raises :class:`InvalidInput` where that would be too many.
    """
    parts = []
    for code, (key, one) in enumerate(scenario.policy.contingencies.items()):
        if one.failures_per_year > 0:
            up = HOURS_PER_YEAR / one.failures_per_year
            stream = np.random.default_rng([seed, code])
            parts.append(_of_one(stream, code, key, (up, one.repair_hours, hours, runs)))
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Events(nothing, nothing, np.zeros(0), np.zeros(0))
    return Events(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _of_one(stream: np.random.Generator, code: int, key: str, asked: tuple[float, float, float, int]) -> Events:
    up, down, hours, runs = asked
    mean = hours / (up + down)
    count = ceil(mean + _SPREAD * sqrt(mean)) + 2
    if count * runs > MOST_DRAWS:
        mend = "Ask for fewer runs or years, or correct how often that fails in a year."
        message = f"more than {MOST_DRAWS:,} failures would have to be drawn of {key}"
        raise InvalidInput([Issue("runs", message, mend=mend)])
    begins, ends, clock = list[Floats](), list[Floats](), np.zeros(runs)
    while clock.min() < hours:
        steps = np.stack([stream.exponential(up, (runs, count)), stream.exponential(down, (runs, count))], axis=2)
        times = clock[:, None] + np.cumsum(steps.reshape(runs, 2 * count), axis=1)
        begins.append(times[:, 0::2])
        ends.append(times[:, 1::2])
        clock = times[:, -1]
    first, last = np.concatenate(begins, axis=1), np.concatenate(ends, axis=1)
    run, place = np.nonzero(first < hours)
    found = np.full(len(run), code, dtype=np.int64)
    return Events(run, found, first[run, place], np.minimum(last[run, place], hours))
