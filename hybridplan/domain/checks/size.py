"""A scenario must not be larger than what can be solved here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.errors import Issue
from hybridplan.settings import MAX_ROUTE_PERIODS

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario


def route_periods(scenario: Scenario) -> int:
    """Most (workload, pool, period) triples the model could need: pairs with a throughput x periods."""
    pairs = sum(pool.sku in work.throughput for work in scenario.workloads.values() for pool in scenario.pools.values())
    return pairs * scenario.horizon.periods


def check_size(scenario: Scenario) -> Iterator[Issue]:
    """Routes x periods within HYBRIDPLAN_MAX_ROUTE_PERIODS."""
    size, most = route_periods(scenario), MAX_ROUTE_PERIODS.read()
    if size > most:
        yield Issue(
            "horizon",
            f"the model is too large: {size:,} routes x periods, at most {most:,.0f}",
            f"{scenario.horizon.periods:,} periods",
            "routes x periods",
            "Use fewer or longer periods, fewer pools, or fewer workloads.",
        )
