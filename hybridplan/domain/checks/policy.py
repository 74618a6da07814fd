"""Caps of the policy: what they do not see, and where they have no effect or leave nothing to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.domain.features import public_provider
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_SHOWN = 3


def check_policy(scenario: Scenario) -> Iterator[Issue]:
    """Warnings about the caps on carbon and on the share of a provider."""
    if scenario.policy.carbon_cap is not None:
        yield from _unseen_carbon(scenario)
    if scenario.policy.provider_share_cap is not None:
        yield from _providers(scenario, scenario.policy.provider_share_cap)


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


def _providers(scenario: Scenario, cap: float) -> Iterator[Issue]:
    known = [pool for pool in scenario.pools.values() if pool.site in scenario.sites]
    found = [public_provider(pool, scenario.sites[pool.site]) for pool in known]
    providers, unit = {name for name in found if name}, "share from 0 to 1"
    if not providers:
        message = "has no effect: no pool is rented at a public or edge site"
        yield Issue("policy.provider_share_cap", message, f"{cap:g}", unit, "Remove it.", "warning")
    elif "" not in found and cap * len(providers) < 1.0 - 1e-9:
        count = f"{len(providers)} provider" + ("s" if len(providers) > 1 else "")
        yield Issue(
            "policy.provider_share_cap",
            f"leaves nothing to run: {count} carry all work, and nothing is owned or private",
            f"{cap:g}",
            unit,
            f"Allow at least {1.0 / len(providers):.4g}, or add capacity of your own.",
            "warning",
        )


def _named(keys: list[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more
