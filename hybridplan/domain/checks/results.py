"""Data of work: datasets that it needs where it runs, results that are kept and backed up, and the price of keeping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.site import failure_domain
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

_UNIT: Final = "USD per GB and month"


def check_results(scenario: Scenario) -> Iterator[Issue]:
    """Issues of the data of every workload, and of sites that keep data without a price for it."""
    kept: dict[str, str] = {}
    for key, dataset in scenario.datasets.items():
        for site_id in (dataset.home_site, *dataset.copies):
            kept.setdefault(site_id, f"dataset {key} is or may be kept here")
    for key, work in scenario.workloads.items():
        here = f"workloads.{key}"
        yield from _no_effect(here, work)
        if not work.datasets and not work.result_gb_per_unit:
            continue
        places = _places(work, scenario)
        yield from _datasets(here, work, places, scenario)
        if not work.result_gb_per_unit:
            continue
        yield from _unfit(here, work, scenario)
        backups = {site_id: _backup(work, site_id, scenario) for site_id in places}
        yield from _no_backup(here, work, backups, scenario)
        if work.result_kept_hours:
            for site_id in (*places, *(backup for backup in backups.values() if backup)):
                kept.setdefault(site_id, f"results of {key} are or may be kept here")
    for site_id, reason in kept.items():
        site = scenario.sites.get(site_id)
        if site is not None and site.storage_usd_per_gb_month is None:
            path, mend = f"sites.{site_id}.storage_usd_per_gb_month", "Enter the price, 0 where keeping is free."
            yield Issue(path, f"is needed, since {reason}", unit=_UNIT, mend=mend)


def _places(work: Workload, scenario: Scenario) -> dict[str, None]:
    """Sites whose pools may do the work, as far as SKU, named sites, residency and purchase option say."""
    return dict.fromkeys(pool.site for pool in scenario.pools.values() if may_run(work, pool, scenario))


def may_run(work: Workload, pool: Pool, scenario: Scenario) -> bool:
    """Whether the pool may do the work, as far as SKU, named sites, residency, attributes and purchase option say."""
    site = scenario.sites.get(pool.site) if pool.sku in work.throughput else None
    return (
        site is not None
        and (not work.allowed_sites or pool.site in work.allowed_sites)
        and pool.site not in work.denied_sites
        and (not work.allowed_jurisdictions or site.jurisdiction in work.allowed_jurisdictions)
        and (pool.purchase_option != "interruptible" or work.interruptible)
        and set(work.required_attributes) <= {*site.attributes, *pool.attributes}
    )


def _datasets(here: str, work: Workload, places: dict[str, None], scenario: Scenario) -> Iterator[Issue]:
    path = f"{here}.datasets"
    twice = sorted({name for name in work.datasets if work.datasets.count(name) > 1})
    if twice:
        yield Issue(path, "is named twice", ", ".join(twice[:8]), mend="Name each dataset once.")
    holds = [
        {scenario.datasets[name].home_site, *scenario.datasets[name].copies}
        for name in work.datasets
        if name in scenario.datasets
    ]
    if holds and places and not any(all(site_id in held for held in holds) for site_id in places):
        message = "no site where this work can run holds, or may hold, all of them, so nothing can serve it"
        mend = "Allow a copy at a site with a fitting pool."
        yield Issue(path, message, ", ".join(work.datasets[:8]), mend=mend, severity="warning")


def _no_effect(here: str, work: Workload) -> Iterator[Issue]:
    gb, hours = work.result_gb_per_unit, work.result_kept_hours
    if not gb:
        mend = "Enter result_gb_per_unit, or remove it."
        if hours:
            message = "has no effect: the work has no results to keep"
            yield Issue(f"{here}.result_kept_hours", message, f"{hours:g}", "hours", mend, "warning")
        if work.backup_sites:
            message, value = "has no effect: the work has no results to back up", ", ".join(work.backup_sites[:8])
            yield Issue(f"{here}.backup_sites", message, value, mend=mend, severity="warning")
    elif not hours:
        message, mend = "is 0, so keeping results costs nothing", "Enter how long results are kept."
        yield Issue(f"{here}.result_kept_hours", message, "0", "hours", mend, "warning")
    if work.backup_apart != "site" and not work.backup_sites:
        message, mend = "has no effect without backup_sites", "Name backup_sites, or remove it."
        yield Issue(f"{here}.backup_apart", message, work.backup_apart, mend=mend, severity="warning")


def _backup(work: Workload, site_id: str, scenario: Scenario) -> str | None:
    """The first backup site in another failure domain and within residency; None where there is none."""
    sites, apart = scenario.sites, work.backup_apart
    here = failure_domain(site_id, sites[site_id], apart)
    for backup in work.backup_sites:
        if backup not in sites or (
            work.allowed_jurisdictions and sites[backup].jurisdiction not in work.allowed_jurisdictions
        ):
            continue
        there = failure_domain(backup, sites[backup], apart)
        if here is not None and there is not None and here != there:
            return backup
    return None


def _unfit(here: str, work: Workload, scenario: Scenario) -> Iterator[Issue]:
    """A site that keeps a backup offers by itself all that the work requires: attributes of pools do not count."""
    for site_id in dict.fromkeys(work.backup_sites):
        site = scenario.sites.get(site_id)
        missing = [] if site is None else [one for one in work.required_attributes if one not in site.attributes]
        if missing:
            message = f"{site_id} does not offer {', '.join(missing[:8])}, which this work requires of every place"
            mend = f"Name another site, or correct sites.{site_id}.attributes or required_attributes of the work."
            yield Issue(f"{here}.backup_sites", message, site_id, mend=mend)


def _no_backup(here: str, work: Workload, backups: dict[str, str | None], scenario: Scenario) -> Iterator[Issue]:
    pairs = {
        (link.from_site, link.to_site)
        for link in scenario.links.values()
        if set(work.required_link_attributes) <= set(link.attributes)
    }
    if work.backup_sites and backups and not any((place, to) in pairs for place, to in backups.items() if to):
        yield Issue(
            f"{here}.backup_sites",
            "no site where this work can run has a link to one of them that is apart, so nothing can serve it",
            ", ".join(work.backup_sites[:8]),
            mend="Name another site, or add a link to it.",
            severity="warning",
        )
