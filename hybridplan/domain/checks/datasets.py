"""Datasets: where copies may stand, how many there can be, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.checks.reach import Reach
from hybridplan.domain.site import failure_domain
from hybridplan.errors import Issue
from hybridplan.units import gb_per_hour

if TYPE_CHECKING:
    from hybridplan.domain.dataset import Copy, Dataset
    from hybridplan.domain.link import Link
    from hybridplan.domain.scenario import Scenario

_SHOWN: Final = 8


def check_datasets(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every dataset that concern more than one field."""
    needed = {name for work in scenario.workloads.values() for name in work.datasets}
    for key, dataset in scenario.datasets.items():
        here = f"datasets.{key}"
        reach = Reach(_links(dataset, scenario))
        yield from _places(here, dataset, scenario)
        yield from _number(here, dataset, scenario)
        for site_id, copy in dataset.copies.items():
            if site_id != dataset.home_site:
                yield from _sync(here, site_id, copy, dataset, reach)
        yield from _first_copies(here, dataset, scenario)
        yield from _changes_meanwhile(here, dataset, scenario)
        if key not in needed and dataset.min_copies == 1:
            message, mend = "no workload needs it", "Name it in datasets of a workload, or remove it."
            yield Issue(here, message, mend=mend, severity="warning")


def _links(dataset: Dataset, scenario: Scenario) -> dict[str, Link]:
    """The links that offer what the dataset asks of them."""
    needed = set(dataset.required_link_attributes)
    return {key: link for key, link in scenario.links.items() if needed <= set(link.attributes)}


def outside(site_id: str, dataset: Dataset, scenario: Scenario) -> str:
    """Why neither a copy nor a relay of the dataset may stand at the site; "" where it may."""
    site = scenario.sites.get(site_id)
    if site is None:
        return ""
    allowed = dataset.allowed_jurisdictions
    if allowed and site.jurisdiction not in allowed:
        return f"{site_id} is in {site.jurisdiction}, outside its residency ({', '.join(allowed[:_SHOWN])})"
    missing = [name for name in dataset.required_attributes if name not in site.attributes]
    return f"{site_id} does not offer {', '.join(missing[:_SHOWN])}" if missing else ""


def _places(here: str, dataset: Dataset, scenario: Scenario) -> Iterator[Issue]:
    if dataset.home_site in dataset.copies:
        message, mend = "the home site holds it already", "Remove this copy."
        yield Issue(f"{here}.copies.{dataset.home_site}", message, dataset.home_site, mend=mend)
    places = [
        ("home_site", dataset.home_site),
        *((f"copies.{site_id}", site_id) for site_id in dataset.copies if site_id != dataset.home_site),
        *(("relay_sites", site_id) for site_id in dataset.relay_sites),
    ]
    for field, site_id in places:
        if fault := outside(site_id, dataset, scenario):
            mend = "Choose another site, or correct allowed_jurisdictions and required_attributes."
            yield Issue(f"{here}.{field}", fault, site_id, mend=mend)


def _number(here: str, dataset: Dataset, scenario: Scenario) -> Iterator[Issue]:
    sites = {dataset.home_site, *dataset.copies}
    if not sites <= set(scenario.sites):
        return
    domains = {failure_domain(site_id, scenario.sites[site_id], dataset.copies_apart) for site_id in sites}
    if dataset.min_copies > 1 and None in domains:
        return
    if dataset.min_copies > len(domains):
        message = f"cannot be met: home and copies stand at {len(domains)} {dataset.copies_apart}(s) at most"
        mend = f"Lower it, or allow a copy at another {dataset.copies_apart}."
        yield Issue(f"{here}.min_copies", message, f"{dataset.min_copies}", "copies", mend)


def _sync(here: str, site_id: str, copy: Copy, dataset: Dataset, reach: Reach) -> Iterator[Issue]:
    """Issues of the way from home to one copy; none is needed where it is there already and nothing changes."""
    if copy.state == "present" and not dataset.change_gb_per_hour:
        return
    path = f"{here}.copies.{site_id}"
    holders = {key for key, other in dataset.copies.items() if other.state != "choosable"}
    if not reach.leads(dataset.home_site, site_id, holders | set(dataset.relay_sites)):
        choosable = copy.state == "choosable"
        offers = f" that offer {', '.join(dataset.required_link_attributes[:_SHOWN])}"
        message = (
            f"no links{offers if dataset.required_link_attributes else ''} lead from {dataset.home_site} to this copy"
        )
        message += ", so it is never made" if choosable else ""
        mend = "Add a link, or name relay_sites on the way."
        yield Issue(path, message, site_id, mend=mend, severity="warning" if choosable else "error")
    elif copy.state != "present" and dataset.first_copy_gbps is None and not reach.joins(dataset.home_site, site_id):
        message = f"is needed, since no link leads straight from {dataset.home_site} to {site_id}"
        mend = "Give the bandwidth that is kept for a first copy."
        yield Issue(f"{here}.first_copy_gbps", message, unit="Gbit/s", mend=mend)


def _first_copies(here: str, dataset: Dataset, scenario: Scenario) -> Iterator[Issue]:
    made = any(copy.state != "present" for copy in dataset.copies.values())
    if not made or dataset.first_copy_gbps is None or not scenario.horizon.blocks:
        return
    _, block = scenario.horizon.ordered()[0]
    hours, most = dataset.size_gb / gb_per_hour(dataset.first_copy_gbps), block.periods * block.period_hours
    if hours > most:
        message = f"a first copy takes {hours:,.4g} hours, longer than the first block ({most:g} hours)"
        mend = "Work there waits for the first block only; give more bandwidth, or call the copy present."
        value = f"{dataset.first_copy_gbps:g}"
        yield Issue(f"{here}.first_copy_gbps", message, value, "Gbit/s", mend, "warning")


def _changes_meanwhile(here: str, dataset: Dataset, scenario: Scenario) -> Iterator[Issue]:
    """A first copy that takes all of a limited direct link leaves none for changes meanwhile, or other datasets."""
    if dataset.first_copy_gbps is not None:
        return
    new = {site_id for site_id, copy in dataset.copies.items() if copy.state != "present"}
    for key, link in _links(dataset, scenario).items():
        is_direct = link.from_site == dataset.home_site and link.to_site in new
        if not is_direct or link.gbps is None or link.max_private_gbps:
            continue
        others = any(_sends(other, link.to_site, dataset) for other in scenario.datasets.values())
        if dataset.change_gb_per_hour or others:
            what = (
                "what changes meanwhile" if dataset.change_gb_per_hour else "what other datasets send there meanwhile"
            )
            yield Issue(
                f"{here}.first_copy_gbps",
                f"is not given, so a first copy takes all of {key}, and {what} does not fit",
                unit="Gbit/s",
                mend="Give less than the bandwidth of that link.",
                severity="warning",
            )


def _sends(other: Dataset, site_id: str, dataset: Dataset) -> bool:
    """Whether another dataset from the same home must reach the same site during the first copy."""
    copy = other.copies.get(site_id)
    if other is dataset or copy is None or other.home_site != dataset.home_site:
        return False
    return bool(other.change_gb_per_hour) or copy.state == "planned"
