"""Zones of sites between which data is kept apart by zone: a site whose zone is not known cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.domain.checks.results import may_run
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario


def check_zones(scenario: Scenario) -> Iterator[Issue]:
    """One issue for each site without a zone that copies or backups are told apart by.

    An error where the inputs name the site for it; a warning where work could run, which then does not run there.
    """
    needed = dict[str, str]()
    for key, dataset in scenario.datasets.items():
        if dataset.copies_apart == "zone" and dataset.min_copies > 1:
            for site_id in (dataset.home_site, *dataset.copies):
                needed.setdefault(site_id, f"copies of {key} are kept apart by zone")
    works = {
        key: work
        for key, work in scenario.workloads.items()
        if work.backup_apart == "zone" and work.backup_sites and work.result_gb_per_unit
    }
    for key, work in works.items():
        for site_id in work.backup_sites:
            needed.setdefault(site_id, f"results of {key} are backed up here, in another zone than where they are made")
    closed = dict[str, str]()
    for key, work in works.items():
        for pool in scenario.pools.values():
            if may_run(work, pool, scenario):
                closed.setdefault(pool.site, f"{key}, whose results are backed up in another zone, does not run here")
    mend = "Name the zone: what the site as a whole shares a failure with."
    for site_id, site in scenario.sites.items():
        path = f"sites.{site_id}.zone"
        if site.zone is None and site_id in needed:
            yield Issue(path, f"is needed, since {needed[site_id]}", mend=mend)
        elif site.zone is None and site_id in closed:
            yield Issue(path, f"is not given, so {closed[site_id]}", mend=mend, severity="warning")
