"""The cap on carbon: what it does not see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_SHOWN = 3


def check_policy(scenario: Scenario) -> Iterator[Issue]:
    """Warnings about the cap on carbon."""
    if scenario.policy.carbon_cap is not None:
        yield from _unseen_carbon(scenario)


def _unseen_carbon(scenario: Scenario) -> Iterator[Issue]:
    unseen = [key for key, pool in scenario.pools.items() if not _has_carbon(scenario, pool)]
    if unseen:
        yield Issue(
            "policy.carbon_cap",
            "does not see pools whose power or whose site's grid carbon is not given: they count as 0 t",
            _named(unseen),
            mend="Enter busy_kw of the pools and grid_carbon_g_per_kwh of their sites.",
            severity="warning",
        )


def _has_carbon(scenario: Scenario, pool: Pool) -> bool:
    site = scenario.sites.get(pool.site)
    return pool.busy_kw > 0 and (site is None or site.grid_carbon_g_per_kwh is not None)


def _named(keys: list[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more
