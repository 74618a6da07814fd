"""The failures that most people want to survive, made from a scenario: each site, each provider, everything spot."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from hybridplan.domain.contingency import Contingency, lost
from hybridplan.domain.features import public_provider

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

_LONGEST_ID: Final = 80


def usual_failures(scenario: Scenario) -> dict[str, Contingency]:
    """Contingencies to add, by id: every site with pools, every provider that rents pools out at public or edge sites,
    and spot where there are interruptible pools.

    What takes the same sites, pools and links as a contingency that is there, or as an earlier one of these (a provider
    with one site), is left out.
    """
    pools = [(pool, scenario.sites[pool.site]) for pool in scenario.pools.values()]
    used = {pool.site for pool, _ in pools}
    providers = dict.fromkeys(name for pool, site in pools if (name := public_provider(pool, site)))
    wanted = [
        *(Contingency(kind="site", record=key) for key in scenario.sites if key in used),
        *(Contingency(kind="provider", record=name) for name in providers),
    ]
    if any(pool.purchase_option == "interruptible" for pool, _ in pools):
        wanted.append(Contingency(kind="spot"))
    there = scenario.policy.contingencies
    seen = {lost(contingency, scenario) for contingency in there.values()}
    found: dict[str, Contingency] = {}
    for contingency in wanted:
        loss = lost(contingency, scenario)
        if loss not in seen:
            seen.add(loss)
            found[_free_id(contingency, {*there, *found})] = contingency
    return found


def _free_id(contingency: Contingency, taken: Collection[str]) -> str:
    """``site-fra``, ``provider-acme``, ``spot``; with a number where that is taken."""
    wanted = "-".join(part for part in (contingency.kind, contingency.record) if part)[: _LONGEST_ID - 5]
    return next(name for name in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
