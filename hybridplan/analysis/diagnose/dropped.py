"""Rules that hold or do not, and least numbers that are counted or shared: dropped, or lowered as suffices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil

from hybridplan.analysis.diagnose.attempt import Search
from hybridplan.analysis.diagnose.ladders import Ladder, Slope, Steps
from hybridplan.plan import Relaxation


def dropped(search: Search) -> Iterator[Ladder]:
    """Whole things, one site, and what work follows, each dropped; least use, least time on, and copies lowered."""
    works, pools = search.scenario.workloads, search.scenario.pools
    yield from (_off("whole_nodes", "pools", key) for key, pool in pools.items() if pool.whole_nodes)
    for rule in ("whole_replicas", "one_site", "after"):
        yield from (_off(rule, "workloads", key) for key, work in works.items() if getattr(work, rule))
    yield from _pools(search)
    yield from _fewer_copies(search)


def _off(rule: str, section: str, key: str) -> Ladder:
    return Steps((Relaxation(rule, key, 1.0, "", False, f"{section}/{key}/{rule}", None),))


def _pools(search: Search) -> Iterator[Ladder]:
    """Least use, and least time on in whole periods."""
    shortest = min(block.period_hours for block in search.scenario.horizon.blocks.values())
    for key, pool in search.scenario.pools.items():
        if now := pool.min_busy_share:
            yield Slope(partial(_lower, "min_busy_share", "pools", key, "share", now), enough=0.0, short=now)
        if now := pool.min_on_hours:
            steps = [shortest * step for step in range(ceil(now / shortest) - 1, -1, -1)]
            yield Steps(tuple(_lower("min_on_hours", "pools", key, "h", now, hours) for hours in steps))


def _fewer_copies(search: Search) -> Iterator[Ladder]:
    for key, dataset in search.scenario.datasets.items():
        if (now := dataset.min_copies) > 1:
            fewer = range(now - 1, 0, -1)
            yield Steps(tuple(_lower("min_copies", "datasets", key, "copies", now, number) for number in fewer))


def more_copies(search: Search) -> Iterator[Ladder]:
    """A copy of a dataset at one more site, where its own rules allow it."""
    for key, dataset in search.scenario.datasets.items():
        for site_id, site in search.scenario.sites.items():
            allowed = not dataset.allowed_jurisdictions or site.jurisdiction in dataset.allowed_jurisdictions
            secure = set(dataset.required_attributes) <= set(site.attributes)
            if site_id == dataset.home_site or site_id in dataset.copies or not allowed or not secure:
                continue
            path = f"datasets/{key}/copies/{site_id}/state"
            yield Steps((Relaxation("copies", f"{key}/{site_id}", 1.0, "copies", False, path, "choosable"),))


def _lower(rule: str, section: str, key: str, unit: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, key, now - value, unit, False, f"{section}/{key}/{rule}", value)
