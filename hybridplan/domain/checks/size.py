"""A scenario must not be larger than what can be solved here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sized
from typing import TYPE_CHECKING, Final

from hybridplan.errors import Issue
from hybridplan.settings import MAX_ROUTE_PERIODS

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

MAX_RECORDS: Final = 5_000
"""Of each kind: some checks look at pairs of them."""


def route_periods(scenario: Scenario) -> int:
    """Most (workload, pool, period) triples the model could need: pairs with a throughput x periods.

    Work with a dedicated promise counts twice (its standby), with a shared or cold one 2 + contingencies times (what
    takes over after each).
    """
    pools = Counter(pool.sku for pool in scenario.pools.values())
    failures = len(scenario.policy.contingencies)
    works = scenario.workloads.values()
    pairs = sum(_times(work, failures) * sum(pools[sku] for sku in work.throughput) for work in works)
    return pairs * scenario.horizon.periods


def _times(work: Workload, failures: int) -> int:
    if not work.promised_share:
        return 1
    return 2 if work.promise_form == "dedicated" else 2 + failures


def check_size(scenario: Scenario) -> Iterator[Issue]:
    """Records within MAX_RECORDS; routes x periods within HYBRIDPLAN_MAX_ROUTE_PERIODS, failures of work too."""
    kinds: dict[str, Sized] = {
        "horizon.blocks": scenario.horizon.blocks,
        "sites": scenario.sites,
        "pools": scenario.pools,
        "workloads": scenario.workloads,
        "links": scenario.links,
        "commitments": scenario.commitments,
        "spend_commitments": scenario.spend_commitments,
        "expansions": scenario.expansions,
        "datasets": scenario.datasets,
        "policy.contingencies": scenario.policy.contingencies,
    }
    counts = {path: len(records) for path, records in kinds.items()} | {
        "datasets.*.copies": sum(len(dataset.copies) for dataset in scenario.datasets.values()),
        "pools.*.price_tiers": sum(len(pool.price_tiers) for pool in scenario.pools.values()),
        "spend_commitments.*.rates_usd_per_accelerator_hour": _rates(scenario),
    }
    for path, number in counts.items():
        if number > MAX_RECORDS:
            mend = "Put records together that are alike."
            yield Issue(path, f"at most {MAX_RECORDS:,} records can be planned", f"{number:,}", "records", mend)
    promised = sum(work.promised_share > 0 for work in scenario.workloads.values())
    failures = promised * len(scenario.policy.contingencies) * scenario.horizon.periods
    size, most = route_periods(scenario) + failures + _choices(scenario), MAX_ROUTE_PERIODS.read()
    if size > most:
        yield Issue(
            "horizon",
            f"the model is too large: {size:,} routes x periods, at most {most:,.0f}",
            f"{scenario.horizon.periods:,} periods",
            "routes x periods",
            "Use fewer or longer periods, fewer pools, fewer workloads, or fewer failures to survive.",
        )


def _rates(scenario: Scenario) -> int:
    return sum(len(spend.rates_usd_per_accelerator_hour) for spend in scenario.spend_commitments.values())


def _choices(scenario: Scenario) -> int:
    """What is decided beside routes, in the same measure: by period what is covered by spend, tiers counted by the
    hour, and copies that may be chosen; and the way of every copy over the links."""
    periods = scenario.horizon.periods
    tiers = sum(len(pool.price_tiers) for pool in scenario.pools.values() if pool.tier_basis == "hour")
    copies = [copy for dataset in scenario.datasets.values() for copy in dataset.copies.values()]
    chosen = sum(copy.state == "choosable" for copy in copies)
    return (_rates(scenario) + tiers + chosen) * periods + len(copies) * len(scenario.links)
