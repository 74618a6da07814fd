"""Rules that hold or do not, and least numbers that are counted or shared: dropped, or lowered as suffices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil

from hybridplan.analysis.diagnose.attempt import Search, closest, fewest, holds
from hybridplan.plan import Relaxation


def dropped(search: Search) -> Iterator[Relaxation]:
    """Every such rule that suffices alone."""
    yield from _whole(search)
    yield from _pools(search)
    yield from _copies(search)


def furthest(search: Search) -> Iterator[Relaxation]:
    """Each such rule dropped, and each such number at its least."""
    yield from _off_all(search)
    for key, pool in search.scenario.pools.items():
        if pool.min_busy_share:
            yield _lower("min_busy_share", "pools", key, "share", pool.min_busy_share, 0.0)
        if pool.min_on_hours:
            yield _lower("min_on_hours", "pools", key, "h", pool.min_on_hours, 0.0)
    for key, dataset in search.scenario.datasets.items():
        if dataset.min_copies > 1:
            yield _lower("min_copies", "datasets", key, "copies", dataset.min_copies, 1)


def _off_all(search: Search) -> Iterator[Relaxation]:
    """Whole things, one site, and what work follows, each dropped."""
    works, pools = search.scenario.workloads, search.scenario.pools
    yield from (_off("whole_nodes", "pools", key) for key, pool in pools.items() if pool.whole_nodes)
    for rule in ("whole_replicas", "one_site", "after"):
        yield from (_off(rule, "workloads", key) for key, work in works.items() if getattr(work, rule))


def _whole(search: Search) -> Iterator[Relaxation]:
    for change in _off_all(search):
        if change.path.startswith("workloads/") and change.record in search.hopeless:
            continue
        tried = search.proven(change) if search.left else None
        if tried is not None:
            yield tried


def _off(rule: str, section: str, key: str) -> Relaxation:
    return Relaxation(rule, key, 1.0, "", False, f"{section}/{key}/{rule}", None)


def _pools(search: Search) -> Iterator[Relaxation]:
    """Least use, and least time on in whole periods."""
    shortest = min(block.period_hours for block in search.scenario.horizon.blocks.values())
    for key, pool in search.scenario.pools.items():
        if now := pool.min_busy_share:
            found = closest(
                search,
                partial(_lower, "min_busy_share", "pools", key, "share", now),
                enough=0.0,
                short=now,
            )
            if holds(found):
                yield found
        if now := pool.min_on_hours:
            steps = [shortest * step for step in range(ceil(now / shortest) - 1, -1, -1)]
            found = fewest(search, [_lower("min_on_hours", "pools", key, "h", now, hours) for hours in steps])
            if found is not None:
                yield found


def _copies(search: Search) -> Iterator[Relaxation]:
    """Fewer copies of a dataset; a copy at one more site, where its own rules allow it."""
    for key, dataset in search.scenario.datasets.items():
        numbers = range(dataset.min_copies - 1, 0, -1)
        offers = [_lower("min_copies", "datasets", key, "copies", dataset.min_copies, number) for number in numbers]
        found = fewest(search, offers)
        if found is not None:
            yield found
        for site_id, site in search.scenario.sites.items():
            allowed = not dataset.allowed_jurisdictions or site.jurisdiction in dataset.allowed_jurisdictions
            secure = set(dataset.required_attributes) <= set(site.attributes)
            if site_id == dataset.home_site or site_id in dataset.copies or not allowed or not secure:
                continue
            path = f"datasets/{key}/copies/{site_id}/state"
            found = search.proven(Relaxation("copies", f"{key}/{site_id}", 1.0, "copies", False, path, "choosable"))
            if found is not None:
                yield found


def _lower(rule: str, section: str, key: str, unit: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, key, now - value, unit, False, f"{section}/{key}/{rule}", value)
