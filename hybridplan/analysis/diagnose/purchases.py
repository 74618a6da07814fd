"""What is on offer, and what must be taken of it: by how much either must change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hybridplan.analysis.diagnose.attempt import SLACK, Search, apply
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.model.least_size import Kind, roomy, size
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


def purchases(search: Search) -> Iterator[Relaxation]:
    """More on offer, where anything is; and less that must be bought or newly committed."""
    for offer in _OFFERS:
        for key, record in getattr(search.scenario, offer.section).items():
            most = getattr(record, offer.most)
            least = getattr(record, offer.least) if offer.least else 0.0
            for change in (_more(search, offer, key, most), _fewer(search, offer, key, least)):
                if change is not None:
                    yield change


def furthest(search: Search) -> Iterator[Relaxation]:
    """As much on offer as could be of use, and nothing that must be taken."""
    for offer in _OFFERS:
        for key, record in getattr(search.scenario, offer.section).items():
            most, least = getattr(record, offer.most), getattr(record, offer.least) if offer.least else 0.0
            if most > 0:
                yield _change(offer.most, offer, key, most, _enough(search, offer, key, most))
            if least > 0:
                yield _change(offer.least, offer, key, least, 0.0)


def _enough(search: Search, offer: _Offer, key: str, now: float) -> float:
    pool = offer.pool(search.scenario, key)
    return _MANY * now if pool is None else now + roomy(search.scenario, pool)


def _more(search: Search, offer: _Offer, key: str, now: float) -> Relaxation | None:
    if not now > 0 or not search.left:
        return None
    enough = _enough(search, offer, key, now)
    found = _size(search, offer, key, _change(offer.most, offer, key, now, enough))
    if found is None or found <= now:
        return None
    return search.proven(_change(offer.most, offer, key, now, found * (1.0 + SLACK)))


def _fewer(search: Search, offer: _Offer, key: str, now: float) -> Relaxation | None:
    if not now > 0 or not search.left:
        return None
    found = _size(search, offer, key, _change(offer.least, offer, key, now, 0.0), largest=True)
    if found is None or found >= now:
        return None
    return search.proven(_change(offer.least, offer, key, now, found * (1.0 - SLACK)))


def _size(search: Search, offer: _Offer, key: str, lifted: Relaxation, *, largest: bool = False) -> float | None:
    """The size that the rule would have to allow; None where lifting it is not enough."""
    try:
        scenario = apply(search.scenario, lifted)
    except InvalidInput:
        return None
    return size(scenario, offer.kind, key, search.left, largest=largest)


def _change(field: str, offer: _Offer, key: str, now: float, value: float) -> Relaxation:
    return Relaxation(field, key, abs(value - now), offer.unit, False, f"{offer.section}/{key}/{field}", value)
