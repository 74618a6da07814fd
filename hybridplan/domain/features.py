"""Which parts of a scenario need whole numbers, and which need curved terms: solvers take one or the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.site import Site
    from hybridplan.domain.workload import Workload


def public_provider(pool: Pool, site: Site) -> str:
    """The provider whose share the work on this pool counts for; empty for what is owned or at a private site."""
    return "" if pool.purchase_option == "owned" or site.kind == "private" else site.provider


def is_always_on(pool: Pool) -> bool:
    """Owned and never switched off: all that is kept and up is provisioned."""
    return pool.purchase_option == "owned" and not pool.can_power_down


def counts_nodes(pool: Pool) -> bool:
    """Whether some number of this pool is decided in whole nodes: what is provisioned, or what is kept."""
    return pool.whole_nodes and not (is_always_on(pool) and pool.owned_cost == "sunk")


def has_queue(work: Workload) -> bool:
    """Whether accelerators are assigned to this workload beyond its load, so that its queue stays short."""
    limited = work.latency_objective_ms is not None and work.latency_statistic != "no_queue"
    return work.flexibility == "rigid" and (limited or has_curve(work))


def has_curve(work: Workload) -> bool:
    """Whether the mean latency of this workload has a price or a cap."""
    return work.congestion_usd_per_unit_second > 0 or work.mean_latency_cap_ms is not None


def whole_fields(scenario: Scenario) -> list[str]:
    """Paths of the fields that need whole numbers (a mixed-integer program)."""
    return [
        *(f"pools.{key}.whole_nodes" for key, pool in scenario.pools.items() if counts_nodes(pool)),
        *(
            f"expansions.{key}.max_accelerators"
            for key, one in scenario.expansions.items()
            if one.pool in scenario.pools and scenario.pools[one.pool].whole_nodes
        ),
        *(f"workloads.{key}.whole_replicas" for key, work in scenario.workloads.items() if work.whole_replicas),
        *(f"workloads.{key}.one_site" for key, work in scenario.workloads.items() if work.one_site),
    ]


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
