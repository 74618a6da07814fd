"""Rules on how many providers are used: by how much they must give way."""

from __future__ import annotations

from collections.abc import Iterator

from hybridplan.analysis.diagnose.attempt import Search
from hybridplan.analysis.diagnose.ladders import Ladder, Steps
from hybridplan.domain.features import public_providers
from hybridplan.plan import Relaxation


def providers(search: Search) -> Iterator[Ladder]:
    """More providers, or fewer that must be used."""
    policy, count = search.scenario.policy, len(public_providers(search.scenario))
    most, least = policy.max_providers, policy.min_providers
    if most is not None and most < count:
        yield Steps(tuple(_change("max_providers", most, number) for number in range(most + 1, count + 1)))
    if least:
        yield Steps(tuple(_change("min_providers", least, number) for number in range(least - 1, -1, -1)))


def _change(rule: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, "policy", abs(value - now), "providers", False, f"policy/{rule}", value)
