"""Attributes that are required: of sites, pools and links, at least one must offer each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from hybridplan.domain.attributes import LINK_ATTRIBUTES, PLACE_ATTRIBUTES
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.dataset import Dataset
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload


def check_attributes(scenario: Scenario) -> Iterator[Issue]:
    """Warnings about required attributes that no site, pool or link offers, each by name.

    Of sites that hold a dataset, the checks of datasets demand them already.
    """
    at_sites = {name for site in scenario.sites.values() for name in site.attributes}
    at_pools = {name for pool in scenario.pools.values() for name in pool.attributes}
    on_links = {name for link in scenario.links.values() for name in link.attributes}
    for key, work in scenario.workloads.items():
        path = f"workloads.{key}.required_attributes"
        yield from _missing(path, work.required_attributes, at_sites | at_pools, "site or pool")
    if scenario.links:
        needing: dict[str, Mapping[str, Workload | Dataset]] = {
            "workloads": scenario.workloads,
            "datasets": scenario.datasets,
        }
        for name, records in needing.items():
            for key, record in records.items():
                path = f"{name}.{key}.required_link_attributes"
                yield from _missing(path, record.required_link_attributes, on_links, "link")


def _missing(path: str, required: Collection[str], offered: Collection[str], noun: str) -> Iterator[Issue]:
    for name in dict.fromkeys(required):
        if name in offered:
            continue
        names = LINK_ATTRIBUTES if noun == "link" else PLACE_ATTRIBUTES
        mend = f"Add it to attributes of what offers it, or correct the name ({', '.join(names)}, or one of your own)."
        yield Issue(path, f"no {noun} offers {name}", name, mend=mend, severity="warning")
