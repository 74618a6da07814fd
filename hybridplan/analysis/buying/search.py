"""The least of a convex function of whole numbers, in few calls."""

from __future__ import annotations

from collections.abc import Callable


class OutOfTime(Exception):
    """No further value can be had."""


def least(cost: Callable[[int], float], most: int, dust: float) -> int:
    """The least n from 0 to ``most`` after which ``cost`` falls no more, for ``cost`` convex.

    A fall of at most ``dust`` is none. Doubles n until one more costs something, then halves the range: about twice the
    logarithm of the answer, two calls each (a value that was asked for is not worked out again by its caller). Calls
    may raise :class:`OutOfTime`, which is passed on.
    """

    def falls(n: int) -> bool:
        return cost(n + 1) < cost(n) - dust

    if most < 1 or not falls(0):
        return 0
    low, high = 0, 1
    while high < most and falls(high):
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        if falls(middle):
            low = middle
        else:
            high = middle
    return high
