"""Rules of the policy on providers: bounds, names, and what they leave to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from hybridplan.domain.features import public_provider
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

_SHARE: Final = "share from 0 to 1"
_ROUNDING: Final = 1e-9


def check_providers(scenario: Scenario) -> Iterator[Issue]:
    """Errors and warnings about the number, the share and the price of providers of public and edge sites."""
    providers = {
        key: public_provider(pool, scenario.sites[pool.site])
        for key, pool in scenario.pools.items()
        if pool.site in scenario.sites
    }
    public = {name for name in providers.values() if name}
    yield from _number(scenario, public)
    yield from _fixed_prices(scenario, public)
    yield from _share(scenario, providers)


def _number(scenario: Scenario, public: set[str]) -> Iterator[Issue]:
    policy, unit, here = scenario.policy, "providers", "policy.min_providers"
    least, most = policy.min_providers, policy.max_providers
    if most is not None and least > most:
        yield Issue(here, f"is above max_providers ({most})", f"{least}", unit, "Swap or correct the two.")
    elif least > len(public):
        names = f" ({', '.join(sorted(public)[:8])})" if public else ""
        message = f"cannot be met: pools are rented from {len(public)} at public and edge sites{names}"
        yield Issue(here, message, f"{least}", unit, "Lower it, or add a pool of another provider.")
    if most is not None and public and most >= len(public):
        message = f"has no effect: there are {len(public)} to rent from"
        yield Issue("policy.max_providers", message, f"{most}", unit, "Lower it, or remove it.", "warning")
    hours = policy.provider_counts_from_accelerator_hours
    if hours != 1 and not least:
        path, mend = "policy.provider_counts_from_accelerator_hours", "Enter min_providers, or remove it."
        yield Issue(path, "has no effect without min_providers", f"{hours:g}", "accelerator-hours", mend, "warning")


def _fixed_prices(scenario: Scenario, public: set[str]) -> Iterator[Issue]:
    known = {site.provider for site in scenario.sites.values()}
    for name, usd in scenario.policy.provider_fixed_usd_per_hour.items():
        path, value, unit = f"policy.provider_fixed_usd_per_hour.{name}", f"{usd:g}", "USD per hour"
        if name not in known:
            mend = "Correct the name, as it is written in the table of sites, or remove it."
            yield Issue(path, f"no site has the provider {name}", value, unit, mend)
        elif name not in public:
            message = f"has no effect: nothing is rented from {name} at a public or edge site"
            yield Issue(path, message, value, unit, "Remove it.", "warning")


def _share(scenario: Scenario, providers: Mapping[str, str]) -> Iterator[Issue]:
    policy = scenario.policy
    cap, is_money = policy.provider_share_cap, policy.provider_share_of == "rented_usd"
    if cap is None:
        if is_money:
            path, mend = "policy.provider_share_of", "Enter provider_share_cap, or remove it."
            yield Issue(path, "has no effect without provider_share_cap", "rented_usd", mend=mend, severity="warning")
        return
    path, value = "policy.provider_share_cap", f"{cap:g}"
    public = {name for name in providers.values() if name}
    shared = [name for key, name in providers.items() if name or not (is_money and _is_owned(scenario, key))]
    if not public:
        message = "has no effect: no pool is rented at a public or edge site"
        yield Issue(path, message, value, _SHARE, "Remove it.", "warning")
    elif "" not in shared and cap * len(public) < 1.0 - _ROUNDING:
        count = f"{len(public)} provider" + ("s" if len(public) > 1 else "")
        message = f"leaves nothing to run: {count} carry all work, and nothing is owned or private"
        if is_money:
            message = f"leaves nothing to rent: all that is paid for rented pools goes to {count}"
        mend = f"Allow at least {1.0 / len(public):.4g}, or add capacity of your own."
        yield Issue(path, message, value, _SHARE, mend, "warning")
    if is_money:
        yield from _spend(scenario, providers)


def _is_owned(scenario: Scenario, pool: str) -> bool:
    return scenario.pools[pool].purchase_option == "owned"


def _spend(scenario: Scenario, providers: Mapping[str, str]) -> Iterator[Issue]:
    """What a spend commitment costs must belong to one provider, so that his share can be told."""
    for key, spend in scenario.spend_commitments.items():
        found = {providers[pool] for pool in spend.rates_usd_per_accelerator_hour if pool in providers}
        if len(found) > 1:
            names = ", ".join(sorted(name or "private sites" for name in found)[:8])
            message = f"cannot count {key} for one provider: it covers pools of {names}"
            mend = "Split the spend commitment by provider, or set provider_share_of to accelerator_hours."
            yield Issue("policy.provider_share_of", message, "rented_usd", mend=mend)
