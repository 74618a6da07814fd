"""Coverage: for every workload and dataset, every rule and every site, whether the site keeps the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hybridplan.audit.routes import (
    LEAST_LOAD,
    backup_site,
    interruption_overhead,
    latency_floor_ms,
    links_by_sites,
    load_limit,
)
from hybridplan.domain import Dataset, Link, Pool, Scenario, Site, Workload
from hybridplan.domain.features import has_queue
from hybridplan.plan import PlanTables

State = Literal["met", "not_met", "not_asked"]
Kind = Literal["workload", "dataset"]
Ends = dict[tuple[str, str], Link]
_SAME: Final = 1.0 + 1e-9
"""A floor above an objective by less than this meets it."""


@dataclass(frozen=True)
class Cell:
    """Whether one rule of one record is kept at one site.

    A rule that pools decide (attributes, latency) is met where at least one pool of the site keeps it; ``names`` then
    says which do not. Latency is that without load, or with the least load that its queue allows.
    """

    kind: Kind
    record: str
    rule: str
    """residency, sites, attribute, link_there, link_back, link_backup, link_sync, latency, latency_after, data, backup
    (whether results made here are kept at another site too), attribute_backup (of a site that may keep them)."""
    subject: str
    """The attribute that is required; empty for other rules."""
    site: str
    state: State
    why: str = ""
    """Code: elsewhere, denied, not_allowed, lacking, some_pools, no_link, no_backup, no_pool, too_slow, no_copy,
    may_copy, backed_up, no_backup_link; empty where there is nothing to add."""
    names: tuple[str, ...] = ()
    """Ids that ``why`` speaks of: pools, links, datasets or sites; the jurisdiction for ``elsewhere``."""


Answer = tuple[State, str, tuple[str, ...]]
_MET: Final[Answer] = ("met", "", ())
_NOT_ASKED: Final[Answer] = ("not_asked", "", ())


def matrix(scenario: Scenario, tables: PlanTables | None = None) -> list[Cell]:
    """Every record x rule x site; attributes that only other records require are not asked.

    ``tables``: with them data that may be copied counts as present only where the plan makes the copy.
    """
    looked = _Look(scenario, tables)
    return [*looked.workloads(), *looked.datasets()]


class _Look:
    """One scenario, with what is asked again and again."""

    def __init__(self, scenario: Scenario, tables: PlanTables | None) -> None:
        self._scenario, self._links = scenario, links_by_sites(scenario)
        self._ids = {(link.from_site, link.to_site): key for key, link in scenario.links.items()}
        self._pools: dict[str, dict[str, Pool]] = {site: {} for site in scenario.sites}
        for key, pool in scenario.pools.items():
            self._pools[pool.site][key] = pool
        self._made: set[tuple[str, str]] | None = None
        if tables is not None:
            copies = tables.copies
            self._made = set(zip(copies["dataset"].astype(str), copies["site"].astype(str), strict=True))

    def workloads(self) -> Iterator[Cell]:
        works = self._scenario.workloads
        attributes = _all(work.required_attributes for work in works.values())
        on_links = _all(work.required_link_attributes for work in works.values())
        for key, work in works.items():
            for site_id, site in self._scenario.sites.items():
                yield _cell("workload", key, "residency", "", site_id, _residency(work.allowed_jurisdictions, site))
                yield _cell("workload", key, "sites", "", site_id, _sites(work, site_id))
                for one in attributes:
                    answer = self._attribute(work, one, site_id, site) if one in work.required_attributes else None
                    yield _cell("workload", key, "attribute", one, site_id, answer)
                for one in on_links:
                    asked = one in work.required_link_attributes
                    for rule, answer in self._on_the_way(work, one, site_id).items():
                        yield _cell("workload", key, rule, one, site_id, answer if asked else None)
                yield _cell("workload", key, "latency", "", site_id, self._latency(key, work, site_id))
                yield _cell("workload", key, "latency_after", "", site_id, self._after(key, work, site_id))
                yield _cell("workload", key, "data", "", site_id, self._data(work, site_id))
                yield _cell("workload", key, "backup", "", site_id, self._backup(work, site_id))
                for one in attributes:
                    kept = one in work.required_attributes and _backs_up(work) and site_id in work.backup_sites
                    yield _cell("workload", key, "attribute_backup", one, site_id, _at(site, one) if kept else None)

    def datasets(self) -> Iterator[Cell]:
        records = self._scenario.datasets
        attributes = _all(one.required_attributes for one in records.values())
        on_links = _all(one.required_link_attributes for one in records.values())
        for key, dataset in records.items():
            for site_id, site in self._scenario.sites.items():
                yield _cell("dataset", key, "residency", "", site_id, _residency(dataset.allowed_jurisdictions, site))
                for one in attributes:
                    asked = one in dataset.required_attributes
                    yield _cell("dataset", key, "attribute", one, site_id, _at(site, one) if asked else None)
                for one in on_links:
                    asked = one in dataset.required_link_attributes
                    answer = self._into(dataset, one, site_id)
                    yield _cell("dataset", key, "link_sync", one, site_id, answer if asked else None)

    # -- one rule at one site -------------------------------------------------------------------------------------

    def _attribute(self, work: Workload, one: str, site_id: str, site: Site) -> Answer:
        """By the site, else by its pools that can do the work, else by any of its pools."""
        pools = self._pools[site_id]
        able = {key: pool for key, pool in pools.items() if pool.sku in work.throughput} or pools
        if one in site.attributes:
            return _MET
        return _by_pool(able, {key for key, pool in able.items() if one in pool.attributes}, "lacking")

    def _on_the_way(self, work: Workload, one: str, site: str) -> dict[str, Answer]:
        origin, backs_up = work.origin_site, _backs_up(work)
        found: dict[str, Answer] = {"link_there": self._link(origin, site, one)}
        found["link_back"] = self._link(site, origin, one) if work.egress_gb_per_unit > 0 else _NOT_ASKED
        backup = backup_site(self._scenario, work, site) if backs_up else None
        found["link_backup"] = ("not_met", "no_backup", ()) if backs_up else _NOT_ASKED
        if backup is not None:
            found["link_backup"] = self._link(site, backup, one)
        return found

    def _link(self, start: str, end: str, one: str) -> Answer:
        """Within a site it is always met."""
        if start == end:
            return _MET
        link = self._links.get((start, end))
        if link is None:
            return ("not_met", "no_link", ())
        return _MET if one in link.attributes else ("not_met", "lacking", (self._ids[start, end],))

    def _into(self, dataset: Dataset, one: str, site: str) -> Answer:
        """Met where one link or more into the site offers it; home needs none."""
        if site == dataset.home_site:
            return _MET
        into = {key: link for key, link in self._scenario.links.items() if link.to_site == site}
        if not into:
            return ("not_met", "no_link", ())
        without = tuple(key for key, link in into.items() if one not in link.attributes)
        return ("not_met", "lacking", without) if len(without) == len(into) else ("met", "", ())

    def _latency(self, key: str, work: Workload, site: str) -> Answer:
        return _NOT_ASKED if work.latency_objective_ms is None else self._in_time(self._scenario, key, work, site)

    def _after(self, key: str, work: Workload, site: str) -> Answer:
        """The objective that holds while something has failed, where it is another one."""
        if work.latency_after_failure_ms is None or work.promised_share == 0:
            return _NOT_ASKED
        later = work.model_copy(update={"latency_objective_ms": work.latency_after_failure_ms})
        works = {**self._scenario.workloads, key: later}
        return self._in_time(self._scenario.model_copy(update={"workloads": works}), key, later, site)

    def _in_time(self, scenario: Scenario, key: str, work: Workload, site: str) -> Answer:
        if site != work.origin_site and (work.origin_site, site) not in self._links:
            return ("not_met", "no_link", ())
        able = {name: pool for name, pool in self._pools[site].items() if _can_do(work, pool)}
        if not able:
            return ("not_met", "no_pool", ())
        quick = {name for name in able if _keeps(scenario, key, work, name, self._links)}
        return _by_pool(able, quick, "too_slow")

    def _backup(self, work: Workload, site: str) -> Answer:
        """Met where one of its backup sites is apart from this one and fit for them, and a link leads there."""
        if not _backs_up(work):
            return _NOT_ASKED
        backup = backup_site(self._scenario, work, site)
        if backup is None:
            return ("not_met", "no_backup", ())
        if (site, backup) not in self._links:
            return ("not_met", "no_backup_link", (backup,))
        return ("met", "backed_up", (backup,))

    def _data(self, work: Workload, site: str) -> Answer:
        if not work.datasets:
            return _NOT_ASKED
        absent, choosable = list[str](), list[str]()
        for key in work.datasets:
            dataset = self._scenario.datasets[key]
            copy = dataset.copies.get(site)
            if site == dataset.home_site or (copy is not None and copy.state != "choosable"):
                continue
            if copy is None or (self._made is not None and (key, site) not in self._made):
                absent.append(key)
            elif self._made is None:
                choosable.append(key)
        if absent:
            return ("not_met", "no_copy", tuple(absent))
        return ("met", "may_copy", tuple(choosable)) if choosable else _MET


def _backs_up(work: Workload) -> bool:
    return bool(work.result_gb_per_unit and work.backup_sites)


def _at(site: Site, attribute: str) -> Answer:
    """Offered by the site itself, whatever its pools do."""
    return _MET if attribute in site.attributes else ("not_met", "lacking", ())


def _cell(kind: Kind, record: str, rule: str, subject: str, site: str, answer: Answer | None) -> Cell:
    return Cell(kind, record, rule, subject, site, *(_NOT_ASKED if answer is None else answer))


def _residency(allowed: tuple[str, ...], site: Site) -> Answer:
    if not allowed:
        return _NOT_ASKED
    return _MET if site.jurisdiction in allowed else ("not_met", "elsewhere", (site.jurisdiction,))


def _sites(work: Workload, site: str) -> Answer:
    if not work.allowed_sites and not work.denied_sites:
        return _NOT_ASKED
    if site in work.denied_sites:
        return ("not_met", "denied", ())
    return _MET if not work.allowed_sites or site in work.allowed_sites else ("not_met", "not_allowed", ())


def _by_pool(able: dict[str, Pool], keep: set[str], why: str) -> Answer:
    """Met where one pool or more keeps the rule; which do not, in the order of the scenario."""
    without = tuple(key for key in able if key not in keep)
    if not keep:
        return ("not_met", why, without)
    return ("met", "some_pools", without) if without else _MET


def _can_do(work: Workload, pool: Pool) -> bool:
    is_barred = pool.purchase_option == "interruptible" and not work.interruptible
    return pool.sku in work.throughput and not is_barred and interruption_overhead(work, pool) < 1.0


def _keeps(scenario: Scenario, key: str, work: Workload, pool: str, links: Ends) -> bool:
    if has_queue(work) and work.latency_statistic != "no_queue":
        return load_limit(scenario, key, pool, links) >= LEAST_LOAD
    floor, objective = latency_floor_ms(scenario, key, pool, links), work.latency_objective_ms
    return floor is not None and objective is not None and floor <= objective * _SAME


def _all(groups: Iterator[tuple[str, ...]]) -> list[str]:
    """Everything named, once, in order."""
    return list(dict.fromkeys(one for group in groups for one in group))
