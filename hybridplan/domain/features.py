"""Which parts of a scenario need whole numbers, and which need curved terms: solvers take one or the other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hybridplan.domain.prices import price_tiers

if TYPE_CHECKING:
    from hybridplan.domain.dataset import Dataset
    from hybridplan.domain.link import Link
    from hybridplan.domain.policy import Policy
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.site import Site
    from hybridplan.domain.workload import Workload


def public_provider(pool: Pool, site: Site) -> str:
    """The provider whose share the work on this pool counts for; empty for what is owned or at a private site."""
    return "" if pool.purchase_option == "owned" or site.kind == "private" else site.provider


def public_providers(scenario: Scenario) -> list[str]:
    """Providers of public and edge sites at which something may be rented, in the order of the pools."""
    sites = scenario.sites
    found = [public_provider(pool, sites[pool.site]) for pool in scenario.pools.values() if pool.site in sites]
    return list(dict.fromkeys(name for name in found if name))


def limits_providers(scenario: Scenario) -> bool:
    """Whether fewer providers may be used than there are."""
    most = scenario.policy.max_providers
    return most is not None and most < len(public_providers(scenario))


def charged_providers(scenario: Scenario) -> list[str]:
    """Providers that cost something as soon as anything of theirs is used."""
    fees = scenario.policy.provider_fixed_usd_per_hour
    return [name for name in public_providers(scenario) if fees.get(name, 0.0) > 0]


def is_always_on(pool: Pool) -> bool:
    """Owned and never switched off: all that is kept and up is provisioned."""
    return pool.purchase_option == "owned" and not pool.can_power_down


def counts_nodes(pool: Pool) -> bool:
    """Whether some number of this pool is decided in whole nodes: what is provisioned, or what is kept."""
    return pool.whole_nodes and not (is_always_on(pool) and pool.owned_cost == "sunk")


def has_tiers(pool: Pool) -> bool:
    """Whether the price of what is rented changes with the quantity."""
    return bool(pool.price_tiers) and pool.purchase_option in ("on_demand", "interruptible")


def caps_rent(policy: Policy) -> bool:
    """Whether the share of a provider in all that is paid for what is rented has a cap: paying more may then help."""
    return policy.provider_share_cap is not None and policy.provider_share_of == "rented_usd"


def chooses_tiers(pool: Pool, policy: Policy) -> bool:
    """Whether whole numbers say which tier is reached: a volume price, or one that falls from tier to tier.

    Prices that only rise need none, since the cheapest tiers fill first by themselves; but where paying more may help.
    """
    prices = [usd for _, usd in price_tiers(pool)]
    falls = any(later < earlier for earlier, later in pairwise(prices))
    return has_tiers(pool) and (pool.tier_form == "volume" or falls or caps_rent(policy))


def rewards_provisioning(scenario: Scenario) -> bool:
    """Whether something rewards what is provisioned without need: a least use of providers, the share of one in all
    that is paid, or a price that falls for all once a tier is reached."""
    has_volume = any(has_tiers(pool) and pool.tier_form == "volume" for pool in scenario.pools.values())
    return scenario.policy.min_providers > 0 or caps_rent(scenario.policy) or has_volume


def has_queue(work: Workload) -> bool:
    """Whether accelerators are assigned to this workload beyond its load, so that its queue stays short."""
    limited = work.latency_objective_ms is not None and work.latency_statistic != "no_queue"
    return work.flexibility == "rigid" and (limited or has_curve(work))


def has_curve(work: Workload) -> bool:
    """Whether the mean latency of this workload has a price or a cap."""
    return work.congestion_usd_per_unit_second > 0 or work.mean_latency_cap_ms is not None


def has_choice(dataset: Dataset) -> bool:
    """Whether a copy of this dataset is made or not."""
    return any(copy.state == "choosable" for copy in dataset.copies.values())


def is_priced_once(link: Link) -> bool:
    """Whether a private line beside this link is bought or not, at a fixed price."""
    return link.max_private_gbps > 0 and link.private_usd_per_hour > 0


def whole_fields(scenario: Scenario) -> list[str]:
    """Paths of the fields that need whole numbers (a mixed-integer program)."""
    policy = scenario.policy
    return [
        *(f"pools.{key}.whole_nodes" for key, pool in scenario.pools.items() if counts_nodes(pool)),
        *(f"pools.{key}.price_tiers" for key, pool in scenario.pools.items() if chooses_tiers(pool, policy)),
        *(
            f"expansions.{key}.max_accelerators"
            for key, one in scenario.expansions.items()
            if one.pool in scenario.pools and scenario.pools[one.pool].whole_nodes
        ),
        *(f"workloads.{key}.whole_replicas" for key, work in scenario.workloads.items() if work.whole_replicas),
        *(f"workloads.{key}.one_site" for key, work in scenario.workloads.items() if work.one_site),
        *(f"datasets.{key}.copies" for key, data in scenario.datasets.items() if has_choice(data)),
        *(f"links.{key}.private_usd_per_hour" for key, link in scenario.links.items() if is_priced_once(link)),
        *_of_providers(scenario),
    ]


def _of_providers(scenario: Scenario) -> list[str]:
    wanted = {
        "max_providers": limits_providers(scenario),
        "min_providers": scenario.policy.min_providers > 0 and bool(public_providers(scenario)),
        "provider_fixed_usd_per_hour": bool(charged_providers(scenario)),
    }
    return [f"policy.{field}" for field, needs in wanted.items() if needs]


def curved_fields(scenario: Scenario) -> list[str]:
    """Paths of the fields that need curved terms, whether these are solved exactly or by tangents."""
    found = []
    for key, work in scenario.workloads.items():
        if work.congestion_usd_per_unit_second > 0:
            found.append(f"workloads.{key}.congestion_usd_per_unit_second")
        if work.mean_latency_cap_ms is not None:
            found.append(f"workloads.{key}.mean_latency_cap_ms")
    balance = scenario.policy.balance
    if balance is not None and balance.form == "squared":
        found.append("policy.balance")
    return found
