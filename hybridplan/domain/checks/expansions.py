"""Expansions: owned pools only, bounds that whole nodes can meet, and an arrival inside the horizon."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.checks.commitments import check_bounds
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.expansion import Expansion
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_WHOLE: Final = 1e-9


def check_expansions(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every expansion that concern more than one field."""
    for key, expansion in scenario.expansions.items():
        here, pool = f"expansions.{key}", scenario.pools.get(expansion.pool)
        if pool is not None and pool.purchase_option != "owned":
            mend = f"Name an owned pool, or set the purchase option of {expansion.pool} to owned."
            yield Issue(f"{here}.pool", "must name an owned pool", expansion.pool, mend=mend)
        least, most = expansion.min_accelerators, expansion.max_accelerators
        yield from check_bounds(here, "accelerators", least, most, "accelerators")
        if pool is not None and pool.whole_nodes and least <= most:
            yield from _nodes(here, expansion, pool)
        blocks = len(scenario.horizon.blocks)
        if blocks and expansion.lead_time_blocks >= blocks:
            message = f"they arrive after the last of {blocks} blocks, so they neither cost nor give anything"
            mend = f"Use at most {blocks - 1}, or add later blocks."
            value = f"{expansion.lead_time_blocks}"
            yield Issue(f"{here}.lead_time_blocks", message, value, "blocks", mend, "warning")
        if not expansion.capex_usd_per_accelerator:
            message = "is 0, so these accelerators cost no purchase"
            path, mend = f"{here}.capex_usd_per_accelerator", "Check that this is meant."
            yield Issue(path, message, "0", "USD per accelerator", mend, "warning")


def _nodes(here: str, expansion: Expansion, pool: Pool) -> Iterator[Issue]:
    node, most = pool.accelerators_per_node, expansion.max_accelerators
    largest = node * math.floor(most / node + _WHOLE)
    smallest = node * math.ceil(expansion.min_accelerators / node - _WHOLE)
    if smallest > largest:
        message = f"no whole number of nodes of {node} lies between min_accelerators and this"
        mend = "Allow a multiple of accelerators_per_node of the pool."
        yield Issue(f"{here}.max_accelerators", message, f"{most:g}", "accelerators", mend)
    elif most - largest > _WHOLE * most:
        message = f"is no whole number of nodes of {node}: at most {largest} can be bought"
        mend = "Give a multiple of accelerators_per_node of the pool."
        yield Issue(f"{here}.max_accelerators", message, f"{most:g}", "accelerators", mend, "warning")
