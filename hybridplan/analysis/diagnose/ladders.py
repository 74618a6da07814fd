"""Offers on one rule of one record, each of which allows all that those before it allow; the least that suffices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from hybridplan.analysis.diagnose.attempt import SLACK, Search, holds
from hybridplan.plan import Relaxation

_DIGITS: Final = 1e-12
"""Relative difference below which two values are taken as one."""
_FOR_PROOF: Final = 0.2
"""Share of the time that is left for the proof of what was found."""
_WIDER: Final = 1e-5
"""Part of a change by which it is widened where its plan does not pass the audit."""


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
        low, high, first = 0, len(self.offers) - 1, search.within(1.0 - _FOR_PROOF)
        while low < high and first.left:
            middle = (low + high) // 2
            if first.likely(self.offers[middle], *others):
                high = middle
            else:
                low = middle + 1
        is_least = low >= high
        return _surest(search, [replace(offer, is_least=is_least) for offer in self.offers[high:]], others)


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
        enough, short, best = self.enough, self.short, self.furthest
        least, first = _DIGITS * max(abs(enough), abs(short)), search.within(1.0 - _FOR_PROOF)
        while abs(enough - short) > max(SLACK * best.amount, least) and first.left:
            middle = (enough + short) / 2.0
            if first.likely(self.offer(middle), *others):
                best, enough = self.offer(middle), middle
            else:
                short = middle
        wider = self.offer(enough + _WIDER * (enough - self.short))
        is_least = first.left > 0
        found = [replace(offer, is_least=is_least) for offer in (best, wider)]
        return _surest(search, (*found, replace(self.furthest, is_least=False)), others)


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


def _surest(search: Search, offers: Sequence[Relaxation], others: tuple[Relaxation, ...]) -> Relaxation:
    """The first that passes the audit too, of which the last is known to."""
    for offer in offers[:-1]:
        found = search.proven(offer, *others)
        if found is not None:
            return found
    return replace(offers[-1], proven=True, is_least=offers[-1].is_least and len(offers) == 1)
