"""Offers on one rule of one record, each of which allows all that those before it allow; the least that suffices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hybridplan.analysis.diagnose.attempt import SLACK, Search, holds
from hybridplan.plan import Relaxation

_DIGITS: Final = 1e-12
"""Relative difference below which two values are taken as one."""


class Ladder(Protocol):
    """How one rule of one record may give way."""

    @property
    def furthest(self) -> Relaxation:
        """As far as it may."""
        ...

    def least(self, search: Search, *others: Relaxation) -> Relaxation:
        """The proven offer that changes least, beside ``others``; ``furthest`` is known to suffice with them.

        Where time runs out it is the one that changes least of those that were proven.
        """
        ...


@dataclass(frozen=True)
class Steps:
    """A list of offers, the first of which changes least."""

    offers: tuple[Relaxation, ...]

    @property
    def furthest(self) -> Relaxation:
        """The last."""
        return self.offers[-1]

    def least(self, search: Search, *others: Relaxation) -> Relaxation:
        """By halving the list."""
        best, low, high = _as_proven(self.furthest), 0, len(self.offers) - 1
        while low < high and search.left:
            middle = (low + high) // 2
            found = search.proven(self.offers[middle], *others)
            if found is not None:
                best, high = found, middle
            else:
                low = middle + 1
        return best


@dataclass(frozen=True)
class Slope:
    """Every value between one that changes next to nothing and one that changes most."""

    offer: Callable[[float], Relaxation]
    enough: float
    short: float

    @property
    def furthest(self) -> Relaxation:
        """At ``enough``."""
        return self.offer(self.enough)

    def least(self, search: Search, *others: Relaxation) -> Relaxation:
        """By bisection, to SLACK of the amount."""
        best, enough, short = _as_proven(self.furthest), self.enough, self.short
        least = _DIGITS * max(abs(enough), abs(short))
        while abs(enough - short) > max(SLACK * best.amount, least) and search.left:
            middle = (enough + short) / 2.0
            found = search.proven(self.offer(middle), *others)
            if found is not None:
                best, enough = found, middle
            else:
                short = middle
        return best


def sufficient(search: Search, ladders: Sequence[Ladder]) -> Iterator[Ladder]:
    """Those of which the furthest offer suffices alone: where all together do not, none does; else each half is tried.

    Offers that together make no valid scenario say nothing, and are halved too.
    """
    if not ladders:
        return
    if not search.left:
        search.untried.extend(ladder.furthest.rule for ladder in ladders)
        return
    first, *others = [ladder.furthest for ladder in ladders]
    found = search.tried(first, *others)
    if found is None:
        return
    if len(ladders) == 1:
        if holds(found):
            yield ladders[0]
        elif not search.left:
            search.untried.append(first.rule)
        return
    half = len(ladders) // 2
    yield from sufficient(search, ladders[:half])
    yield from sufficient(search, ladders[half:])


def _as_proven(change: Relaxation) -> Relaxation:
    return Relaxation(**{**vars(change), "proven": True})
