"""Narrows the place where a statement turns from true to false, by halving with good guesses in between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_INSIDE: Final = 0.45
"""Guesses keep this part of the tolerance away from the ends, so that one beside an end closes the bracket."""
_PARALLEL: Final = 1e-9


@dataclass(frozen=True)
class Sample:
    """A value, by how much the statement holds there (above 0: it holds), and how high a curve is there (NaN: not)."""

    at: float
    excess: float
    height: float

    @property
    def holds(self) -> bool:
        """Whether the statement is true here."""
        return self.excess > 0.0


def narrowed(
    low: Sample,
    high: Sample,
    look: Callable[[float], Sample | None],
    *,
    tolerance: float,
    is_continuous: bool,
) -> tuple[Sample, Sample]:
    """The bracket, no wider than ``tolerance`` unless ``look`` gives None before (no time, or no plan there).

    ``low`` and ``high`` must differ in what they hold. ``is_continuous``: the excess crosses 0 without a jump, and
    guesses are those of the Illinois method (Dowell and Jarratt, 1971); else they are where the lines through the
    heights on both sides meet, since a plan changes where its cost has a kink. Guesses only save solves: what is true
    on which side decides, and the bracket at least halves with every second one (third, for a crossing).
    """
    search = _Search(low, high, is_continuous)
    while search.width > tolerance:
        at = search.next(tolerance)
        if not search.low.at < at < search.high.at:
            break
        found = look(at)
        if found is None:
            break
        search.take(found)
    return search.low, search.high


class _Search:
    def __init__(self, low: Sample, high: Sample, is_continuous: bool) -> None:
        self.low, self.high = low, high
        self._is_continuous = is_continuous
        self._weights = {True: 1.0, False: 1.0}
        """Of the excess at the low (True) and high end: halved while the other end alone moves."""
        self._last: bool | None = None
        self._below: list[Sample] = [low]
        self._above: list[Sample] = [high]
        self._widths = [math.inf] * (3 if is_continuous else 2)
        """Before the last looks; Illinois needs three of them to bring the far end near."""

    @property
    def width(self) -> float:
        """Of the bracket."""
        return self.high.at - self.low.at

    def next(self, tolerance: float) -> float:
        """Where to look: at the guess, or in the middle where the last looks did not halve the bracket."""
        middle = (self.low.at + self.high.at) / 2.0
        is_slow = self.width > self._widths[0] / 2.0
        self._widths = [*self._widths[1:], self.width]
        guess = None if is_slow else self._crossing() if self._is_continuous else self._kink()
        if guess is None or not self.low.at <= guess <= self.high.at:
            return middle
        room = min(_INSIDE * tolerance, self.width / 2.0)
        return min(max(guess, self.low.at + room), self.high.at - room)

    def take(self, found: Sample) -> None:
        """Move one end to what was found."""
        is_low = found.holds == self.low.holds
        if is_low:
            self.low = found
            self._below.append(found)
        else:
            self.high = found
            self._above.append(found)
        self._weights = {is_low: 1.0, not is_low: self._weights[not is_low] / (2.0 if self._last is is_low else 1.0)}
        self._last = is_low

    def _crossing(self) -> float | None:
        """Where the line through both ends crosses 0 (Illinois)."""
        low, high = self.low.excess * self._weights[True], self.high.excess * self._weights[False]
        return None if low == high else self.low.at - low * self.width / (high - low)

    def _kink(self) -> float | None:
        """Where the lines through the two nearest heights on each side meet."""
        if len(self._below) < 2 or len(self._above) < 2:
            return None
        (far_low, low), (far_high, high) = self._below[-2:], self._above[-2:]
        left = (low.height - far_low.height) / (low.at - far_low.at)
        right = (far_high.height - high.height) / (far_high.at - high.at)
        if abs(left - right) <= _PARALLEL * max(abs(left), abs(right)):
            return None
        return (high.height - low.height + left * low.at - right * high.at) / (left - right)
