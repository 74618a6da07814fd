"""What is on offer, and what must be taken of it: by how much either must change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hybridplan.analysis.diagnose.attempt import SLACK, Search, apply
from hybridplan.analysis.diagnose.ladders import Ladder
from hybridplan.domain import Scenario
from hybridplan.model.least_size import Kind, roomy, size
from hybridplan.model.possible import essential
from hybridplan.plan import Relaxation


@dataclass(frozen=True)
class _Offer:
    """Fields of one kind of record with something on offer."""

    kind: Kind
    section: str
    most: str
    least: str
    unit: str
    pool: Callable[[Scenario, str], str | None]
    """The pool that grows, where one does."""


_OFFERS = (
    _Offer(
        "expansion",
        "expansions",
        "max_accelerators",
        "min_accelerators",
        "accelerators",
        lambda scenario, key: scenario.expansions[key].pool,
    ),
    _Offer(
        "commitment",
        "commitments",
        "max_new_accelerators",
        "min_new_accelerators",
        "accelerators",
        lambda scenario, key: scenario.commitments[key].pool,
    ),
    _Offer(
        "spend_commitment",
        "spend_commitments",
        "max_new_usd_per_hour",
        "min_new_usd_per_hour",
        "USD per hour",
        lambda scenario, key: None,
    ),
    _Offer("private_line", "links", "max_private_gbps", "", "Gbit/s", lambda scenario, key: None),
)
_MANY = 1000.0
"""Times what is on offer: enough of what has no pool of its own."""


@dataclass(frozen=True)
class _Size:
    """One offer, with a limit on its size lifted; the least change is what a solve for that size finds."""

    offer: _Offer
    key: str
    field: str
    now: float
    lifted: float

    @property
    def furthest(self) -> Relaxation:
        return self._change(self.lifted)

    def least(self, search: Search, *others: Relaxation) -> Relaxation:
        best, is_least = replace(self.furthest, proven=True), self.lifted < self.now
        scenario = apply(search.scenario, self.furthest, *others)
        found = size(essential(scenario), self.offer.kind, self.key, search.left, largest=is_least)
        if found is None or (found >= self.now if is_least else found <= self.now):
            return replace(best, is_least=False)
        return search.proven(self._change(found * (1.0 - SLACK if is_least else 1.0 + SLACK)), *others) or best

    def _change(self, value: float) -> Relaxation:
        path, amount = f"{self.offer.section}/{self.key}/{self.field}", abs(value - self.now)
        return Relaxation(self.field, self.key, amount, self.offer.unit, False, path, value)


def purchases(search: Search) -> Iterator[Ladder]:
    """More on offer, where anything is; and less that must be bought or newly committed."""
    for offer in _OFFERS:
        for key, record in getattr(search.scenario, offer.section).items():
            most, least = getattr(record, offer.most), getattr(record, offer.least) if offer.least else 0.0
            if most > 0:
                yield _Size(offer, key, offer.most, most, _enough(search, offer, key, most))
            if least > 0:
                yield _Size(offer, key, offer.least, least, 0.0)


def _enough(search: Search, offer: _Offer, key: str, now: float) -> float:
    pool = offer.pool(search.scenario, key)
    return _MANY * now if pool is None else now + roomy(search.scenario, pool)
