"""The blocks of a horizon one after another, again and again; and what adds up along it."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.errors import InvalidInput, Issue

MOST_STEPS: Final = 2_000_000
"""Most periods of all occurrences of all blocks."""
_WHOLE: Final = 1e-9


@dataclass(frozen=True)
class Timeline:
    """One round of the horizon, which then begins again: N periods one after another."""

    period: Ints
    """(N,) code of the period of the plan."""
    edges: Floats
    """(N + 1,) hours since the start of the round; the last is its length."""

    @property
    def hours(self) -> float:
        """Length of a round."""
        return float(self.edges[-1])

    def added_up(self, rates: Floats) -> Floats:
        """(N + 1,) what a rate (T,) per hour adds up to from the start of the round to each edge."""
        return np.concatenate([np.zeros(1), np.cumsum(rates[self.period] * np.diff(self.edges))])

    def until(self, added_up: Floats, when: Floats) -> Floats:
        """What has added up from the start to ``when``, hours since then, over as many rounds as that takes."""
        rounds = np.floor(when / self.hours)
        within = when - rounds * self.hours
        found: Floats = rounds * added_up[-1] + np.interp(within, self.edges, added_up)
        return found

    def period_at(self, when: float) -> int:
        """Code of the period of the plan at ``when``."""
        within = when % self.hours
        place = int(np.searchsorted(self.edges, within, side="right")) - 1
        return int(self.period[min(place, len(self.period) - 1)])


def timeline(axes: Axes) -> Timeline:
    """Blocks in the order of their start, each ``weight`` times; of a last part of an occurrence only its beginning.

    Raises :class:`InvalidInput` where that is too long.
    """
    if sum(block.weight * block.periods for _, block in axes.blocks) > MOST_STEPS:
        message = f"more than {MOST_STEPS:,} periods would have to be replayed"
        raise InvalidInput([Issue("horizon.blocks", message, mend="Lower the weights of the blocks.")])
    periods, lengths = list[Ints](), list[Floats]()
    for (_, block), place in zip(axes.blocks, axes.block_slices, strict=True):
        codes = np.arange(place.start, place.stop, dtype=np.int64)
        hours = np.full(block.periods, block.period_hours)
        times = floor(block.weight + _WHOLE)
        periods.append(np.tile(codes, times))
        lengths.append(np.tile(hours, times))
        part = max(block.weight - times, 0.0) * block.periods
        if part > _WHOLE:
            cut = np.clip(part - np.arange(block.periods), 0.0, 1.0)
            periods.append(codes[cut > 0])
            lengths.append((cut * hours)[cut > 0])
    edges = np.concatenate([np.zeros(1), np.cumsum(np.concatenate(lengths))])
    return Timeline(np.concatenate(periods), edges)
