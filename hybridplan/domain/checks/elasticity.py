"""Pools that grow and shrink: rates, lead times and least amounts that fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.features import is_always_on
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_ELASTIC: Final = (
    "ramp_up_accelerators_per_hour",
    "ramp_down_accelerators_per_hour",
    "lead_time_hours",
    "min_provisioned_accelerators",
    "min_busy_share",
    "min_on_hours",
    "start_usd_per_node",
    "initial_provisioned_accelerators",
)
_WHOLE: Final = 1e-9


def check_elasticity(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every pool whose number of accelerators is decided over time."""
    growing = {expansion.pool for expansion in scenario.expansions.values()}
    existing, most = _numbers(scenario)
    for pool_id, pool in scenario.pools.items():
        here = f"pools.{pool_id}"
        if is_always_on(pool):
            yield from _no_effect(here, pool, may_grow=pool_id in growing)
            continue
        if pool.can_power_down and pool.purchase_option != "owned":
            yield _warning(f"{here}.can_power_down", "has no effect: only owned pools are ever on without need", "true")
        yield from _amounts(here, pool, most[pool_id])
        yield from _nodes(here, pool, existing[pool_id])
        yield from _times(here, pool, scenario)


def _warning(path: str, message: str, value: str) -> Issue:
    return Issue(path, message, value, mend="Remove it, or correct the pool.", severity="warning")


def _no_effect(here: str, pool: Pool, *, may_grow: bool) -> Iterator[Issue]:
    for field in _ELASTIC:
        if getattr(pool, field):
            message = "has no effect: an owned pool that may not power down is always on"
            yield _warning(f"{here}.{field}", message, f"{getattr(pool, field):g}")
    if pool.whole_nodes and pool.owned_cost == "sunk" and not may_grow:
        yield _warning(f"{here}.whole_nodes", "has no effect: all of this pool is kept and on", "true")


def _numbers(scenario: Scenario) -> tuple[dict[str, float], dict[str, float]]:
    """Accelerators of each pool: what there is, and the most that there can be with all that may be bought."""
    existing = {
        key: 0.0 if pool.purchase_option == "reserved" else pool.capacity_accelerators
        for key, pool in scenario.pools.items()
    }
    new = dict.fromkeys(scenario.pools, 0.0)
    for commitment in scenario.commitments.values():
        if commitment.pool in existing and scenario.pools[commitment.pool].purchase_option == "reserved":
            existing[commitment.pool] += commitment.accelerators
            new[commitment.pool] += commitment.max_new_accelerators
    for expansion in scenario.expansions.values():
        if expansion.pool in existing and scenario.pools[expansion.pool].purchase_option == "owned":
            new[expansion.pool] += expansion.max_accelerators
    return existing, {key: number + new[key] for key, number in existing.items()}


def _amounts(here: str, pool: Pool, most: float) -> Iterator[Issue]:
    unit = "accelerators"
    for field in ("min_provisioned_accelerators", "initial_provisioned_accelerators"):
        value = getattr(pool, field)
        if value is not None and value > most:
            mend = "Lower it, or raise the capacity."
            yield Issue(f"{here}.{field}", f"is above the capacity ({most:g})", f"{value:g}", unit, mend)


def _nodes(here: str, pool: Pool, existing: float) -> Iterator[Issue]:
    initial, node, unit = pool.initial_provisioned_accelerators, pool.accelerators_per_node, "accelerators"
    if not pool.whole_nodes:
        return
    if initial is not None and abs(initial / node - round(initial / node)) > _WHOLE:
        message = f"is no whole number of nodes of {node} accelerators"
        mend = "Give a multiple of accelerators_per_node."
        yield Issue(f"{here}.initial_provisioned_accelerators", message, f"{initial:g}", unit, mend)
    if existing % node:
        rest = existing % node
        path = f"{here}.capacity_accelerators"
        message = f"is no whole number of nodes of {node}: {rest:g} accelerators can never be provisioned"
        yield Issue(path, message, f"{existing:g}", unit, "Give a multiple of accelerators_per_node.", "warning")


def _times(here: str, pool: Pool, scenario: Scenario) -> Iterator[Issue]:
    for block_id, block in scenario.horizon.blocks.items():
        hours = block.periods * block.period_hours
        if pool.lead_time_hours >= hours and pool.lead_time_hours > 0:
            yield Issue(
                f"{here}.lead_time_hours",
                f"must be shorter than block {block_id} ({hours:g} hours)",
                f"{pool.lead_time_hours:g}",
                "hours",
                "Use longer blocks, or plan this pool as always there (min_provisioned_accelerators).",
            )
        if pool.min_on_hours > hours:
            yield Issue(
                f"{here}.min_on_hours",
                f"must not be longer than block {block_id} ({hours:g} hours)",
                f"{pool.min_on_hours:g}",
                "hours",
                "Use longer blocks, or set min_provisioned_accelerators.",
            )
