"""Rules on how many providers are used: by how much they must give way."""

from __future__ import annotations

from collections.abc import Iterator

from hybridplan.analysis.diagnose.attempt import Search, fewest
from hybridplan.domain.features import public_provider
from hybridplan.plan import Relaxation


def providers(search: Search) -> Iterator[Relaxation]:
    """More providers, or fewer that must be used."""
    policy, scenario = search.scenario.policy, search.scenario
    names = {public_provider(pool, scenario.sites[pool.site]) for pool in scenario.pools.values()} - {""}
    most, least = policy.max_providers, policy.min_providers
    steps = [] if most is None else [("max_providers", most, range(most + 1, len(names) + 1))]
    if least:
        steps.append(("min_providers", least, range(least - 1, -1, -1)))
    for rule, now, numbers in steps:
        found = fewest(search, [_change(rule, "providers", now, number) for number in numbers])
        if found is not None:
            yield found


def furthest(search: Search) -> Iterator[Relaxation]:
    """All providers allowed, and none asked for."""
    policy, scenario = search.scenario.policy, search.scenario
    names = {public_provider(pool, scenario.sites[pool.site]) for pool in scenario.pools.values()} - {""}
    if policy.max_providers is not None and len(names) > policy.max_providers:
        yield _change("max_providers", "providers", policy.max_providers, len(names))
    if policy.min_providers:
        yield _change("min_providers", "providers", policy.min_providers, 0)


def _change(rule: str, unit: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, "policy", abs(value - now), unit, False, f"policy/{rule}", value)
