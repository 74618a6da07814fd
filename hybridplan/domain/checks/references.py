"""Every id that a record names must exist."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario


def check_references(scenario: Scenario) -> Iterator[Issue]:
    """Unknown sites, pools and blocks, and ids that differ only in case."""
    sites, pools, blocks = scenario.sites, scenario.pools, scenario.horizon.blocks
    for pool_id, pool in scenario.pools.items():
        yield from _known(f"pools.{pool_id}.site", [pool.site], sites, "site")
        yield from _known(f"pools.{pool_id}.up_share", pool.up_share, blocks, "block")
    for work_id, work in scenario.workloads.items():
        here = f"workloads.{work_id}"
        yield from _known(f"{here}.origin_site", [work.origin_site], sites, "site")
        yield from _known(f"{here}.allowed_sites", work.allowed_sites, sites, "site")
        yield from _known(f"{here}.denied_sites", work.denied_sites, sites, "site")
        yield from _known(f"{here}.route_cost_usd_per_unit", work.route_cost_usd_per_unit, pools, "pool")
        yield from _known(f"{here}.demand_units_per_hour", work.demand_units_per_hour, blocks, "block")
        yield from _known(f"{here}.datasets", work.datasets, scenario.datasets, "dataset")
        yield from _known(f"{here}.backup_sites", work.backup_sites, sites, "site")
        for window_id, window in work.windows.items():
            yield from _known(f"{here}.windows.{window_id}.block", [window.block], blocks, "block")
    for link_id, link in scenario.links.items():
        yield from _known(f"links.{link_id}.from_site", [link.from_site], sites, "site")
        yield from _known(f"links.{link_id}.to_site", [link.to_site], sites, "site")
    yield from _purchases_and_data(scenario)
    for name in ("sites", "pools", "workloads", "spend_commitments", "expansions", "datasets"):
        yield from _same_but_for_case(name, getattr(scenario, name))
    yield from check_links(scenario)


def _purchases_and_data(scenario: Scenario) -> Iterator[Issue]:
    sites, pools = scenario.sites, scenario.pools
    for key, commitment in scenario.commitments.items():
        yield from _known(f"commitments.{key}.pool", [commitment.pool], pools, "pool")
    for key, spend in scenario.spend_commitments.items():
        here = f"spend_commitments.{key}.rates_usd_per_accelerator_hour"
        yield from _known(here, spend.rates_usd_per_accelerator_hour, pools, "pool")
    for key, expansion in scenario.expansions.items():
        yield from _known(f"expansions.{key}.pool", [expansion.pool], pools, "pool")
    for key, dataset in scenario.datasets.items():
        here = f"datasets.{key}"
        yield from _known(f"{here}.home_site", [dataset.home_site], sites, "site")
        yield from _known(f"{here}.copies", dataset.copies, sites, "site")
        yield from _known(f"{here}.relay_sites", dataset.relay_sites, sites, "site")


def check_links(scenario: Scenario) -> Iterator[Issue]:
    """A link joins two different sites, and each directed pair is given once."""
    seen: dict[tuple[str, str], str] = {}
    for link_id, link in scenario.links.items():
        if link.from_site == link.to_site:
            yield Issue(
                f"links.{link_id}.to_site",
                "a link must join two different sites",
                link.to_site,
                mend="Remove the link: traffic within a site is free and instant.",
            )
        pair = (link.from_site, link.to_site)
        if pair in seen:
            yield Issue(
                f"links.{link_id}",
                f"the pair {pair[0]} to {pair[1]} is given twice",
                link_id,
                mend=f"Keep one of {seen[pair]} and {link_id}.",
            )
        seen.setdefault(pair, link_id)


def _known(path: str, ids: Iterable[str], known: Container[str], noun: str) -> Iterator[Issue]:
    for identifier in ids:
        if identifier not in known:
            yield Issue(
                path, f"there is no {noun} with this id", identifier, mend=f"Add the {noun}, or correct the id."
            )


def _same_but_for_case(name: str, ids: Iterable[str]) -> Iterator[Issue]:
    seen: dict[str, str] = {}
    for identifier in ids:
        other = seen.setdefault(identifier.casefold(), identifier)
        if other != identifier:
            yield Issue(f"{name}.{identifier}", f"differs from {other} only in case", identifier, mend="Rename one.")
