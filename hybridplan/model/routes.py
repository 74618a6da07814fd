"""Routes: which (workload, pool) pairs exist, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan, sqrt

import pandas as pd

from hybridplan.domain import Pool, Scenario, Site, Throughput, Workload, failure_domain
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import factor_at, largest_load
from hybridplan.plan import ROUTE_COLUMNS
from hybridplan.units import MS_PER_SECOND

LEAST_LOAD = 1e-6
"""A route whose accelerators may be less busy than this is closed."""
SAME_LATENCY = 1e-9
"""Relative difference below which a floor meets its objective."""


@dataclass(frozen=True)
class Reason:
    """Why a pair is ruled out: a code, and its detail in words."""

    code: str
    detail: str


@dataclass(frozen=True)
class Pair:
    """One (workload, pool) pair. It is a route where ``reasons`` is empty."""

    workload: str
    pool: str
    units_per_accelerator_hour: float
    """Productivity e_k; 0 where the SKU has no throughput or interruptions eat all of it."""
    latency_floor_ms: float
    """Round trip + service time x factor of the statistic at no load; NaN where there is no link or throughput."""
    is_estimate: bool
    reasons: tuple[Reason, ...]
    round_trip_ms: float = nan
    service_ms: float = nan
    """s_k, mean time of one request or up to the token that is timed, with no queue."""
    load_limit: float = 1.0
    """c_k: busy <= c_k x assigned; 1 where no queue is modelled."""


def service_ms(work: Workload, throughput: Throughput, pool: Pool) -> float:
    """s_k: the service time given, or prompt (and output) tokens over their rates, longer on a less efficient pool."""
    if work.latency_point == "request":
        return throughput.service_ms / pool.efficiency
    seconds = (work.prompt_tokens or nan) / (throughput.prefill_tokens_per_second or nan)
    if work.latency_point == "last_token":
        seconds += (work.output_tokens or nan) / (throughput.decode_tokens_per_second or nan)
    return MS_PER_SECOND * seconds / pool.efficiency


def load_limit(work: Workload, round_trip_ms: float, service: float) -> float:
    """c_k, the largest load that keeps the objective: factor x s / (1 - load) <= T - round trip.

    1 without a queue, 0 or less where T is out of reach.
    """
    if not has_queue(work):
        return 1.0
    if work.latency_objective_ms is None or work.latency_statistic == "no_queue":
        return work.max_load_share
    left = work.latency_objective_ms - round_trip_ms
    if not left > 0:
        return -1.0
    return largest_load(work.latency_statistic, left / service, work.max_load_share) if service else work.max_load_share


def load_under(route: Pair, work: Workload) -> float | None:
    """c_k of a route under the latency objective that ``work`` has now; None where that rules it out."""
    load = load_limit(work, route.round_trip_ms, route.service_ms)
    return None if _latency_reasons(work, route.latency_floor_ms, load) else load


def floor_factor(work: Workload) -> float:
    """Statistic / mean at no load; 1 where no queue is modelled."""
    is_plain = not has_queue(work) or work.latency_statistic == "no_queue"
    return 1.0 if is_plain else factor_at(work.latency_statistic, 0.0)


def interruption_overhead(work: Workload, pool: Pool) -> float:
    """Share of time lost on an interruptible pool: c/tau + lambda (tau/2 + restart).

    tau is given, or sqrt(2 c / lambda), which loses least; without checkpoints (c = 0, no tau) only lambda x restart.
    """
    rate = pool.interruptions_per_hour
    if pool.purchase_option != "interruptible" or rate == 0:
        return 0.0
    cost, interval = work.checkpoint_hours, work.checkpoint_interval_hours
    if interval is None:
        if cost == 0:
            return rate * work.restart_hours
        interval = sqrt(2.0 * cost / rate)
    return cost / interval + rate * (interval / 2.0 + work.restart_hours)


def backup_site(scenario: Scenario, work: Workload, pool: Pool) -> str | None:
    """Where results of a route are kept a second time: the first site named against which nothing speaks; None where
    there is none, or nothing to back up."""
    if not work.result_gb_per_unit:
        return None
    return next((site for site in work.backup_sites if not backup_fault(scenario, work, pool, site)), None)


def backup_fault(scenario: Scenario, work: Workload, pool: Pool, site_id: str) -> str:
    """Why a site keeps no backup of results of a pool; "" where it may.

    ``not_apart``: it shares the failure domain of the pool's site; ``no_zone``: the zone of either is not known;
    ``residency``; ``attributes``: the site itself, whatever its pools do, lacks some of what the workload requires.
    """
    site, apart = scenario.sites[site_id], work.backup_apart
    ends = failure_domain(pool.site, scenario.sites[pool.site], apart), failure_domain(site_id, site, apart)
    if site_id == pool.site or (ends[0] is not None and ends[0] == ends[1]):
        return "not_apart"
    if None in ends:
        return "no_zone"
    if work.allowed_jurisdictions and site.jurisdiction not in work.allowed_jurisdictions:
        return "residency"
    return "" if set(work.required_attributes) <= set(site.attributes) else "attributes"


class RouteIndex:
    """All pairs of a scenario, decided once; ``links`` maps (from_site, to_site) to the link's id."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.links = {(link.from_site, link.to_site): link_id for link_id, link in scenario.links.items()}
        self.pairs = [
            self._pair(work_id, work, pool_id, pool)
            for work_id, work in scenario.workloads.items()
            for pool_id, pool in scenario.pools.items()
        ]

    @property
    def routes(self) -> list[Pair]:
        """The pairs that may be used."""
        return [pair for pair in self.pairs if not pair.reasons]

    def table(self) -> pd.DataFrame:
        """Every pair as a row of ROUTE_COLUMNS; the reason is the first that rules it out, the detail names all."""
        rows = [
            (
                pair.workload,
                pair.pool,
                not pair.reasons,
                pair.reasons[0].code if pair.reasons else "",
                "; ".join(reason.detail for reason in pair.reasons),
                pair.units_per_accelerator_hour,
                pair.latency_floor_ms,
                pair.is_estimate,
                pair.round_trip_ms,
                pair.service_ms,
                pair.load_limit,
            )
            for pair in self.pairs
        ]
        return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))

    def _pair(self, work_id: str, work: Workload, pool_id: str, pool: Pool) -> Pair:
        site = self.scenario.sites[pool.site]
        throughput = work.throughput.get(pool.sku)
        overhead = interruption_overhead(work, pool)
        productivity, service = 0.0, nan
        round_trip = self._round_trip_ms(work.origin_site, pool.site)
        if throughput is not None:
            productivity = throughput.units_per_accelerator_hour * pool.efficiency * max(0.0, 1.0 - overhead)
            service = service_ms(work, throughput, pool)
        trip, factor = nan if round_trip is None else round_trip, floor_factor(work)
        floor = trip + factor * service
        reasons = [
            *_placement_reasons(work, pool, site),
            *self._link_reasons(work, pool, round_trip),
            *self._data_reasons(work, pool),
            *_productivity_reasons(work, pool, overhead),
        ]
        load = load_limit(work, trip, service)
        reasons += _latency_reasons(work, floor, load)
        estimate = throughput is not None and throughput.is_estimate
        return Pair(work_id, pool_id, productivity, floor, estimate, tuple(reasons), trip, service, load)

    def _round_trip_ms(self, origin: str, site: str) -> float | None:
        if origin == site:
            return 0.0
        link_id = self.links.get((origin, site))
        return None if link_id is None else self.scenario.links[link_id].round_trip_ms

    def _link_reasons(self, work: Workload, pool: Pool, round_trip: float | None) -> list[Reason]:
        if round_trip is None:
            return [Reason("no_link", f"no link from {work.origin_site} to {pool.site}")]
        back = (pool.site, work.origin_site)
        if work.egress_gb_per_unit > 0 and back[0] != back[1] and back not in self.links:
            return [Reason("no_link", f"no link back from {pool.site} to {work.origin_site}")]
        return self._attributes_of_links(work, pool)

    def _attributes_of_links(self, work: Workload, pool: Pool) -> list[Reason]:
        """Every link that its data takes must offer what it asks of links."""
        ways = [(work.origin_site, pool.site)]
        if work.egress_gb_per_unit > 0:
            ways.append((pool.site, work.origin_site))
        backup = backup_site(self.scenario, work, pool)
        if backup is not None:
            ways.append((pool.site, backup))
        found = []
        for link in (self.links.get(way) for way in ways):
            missing = set(work.required_link_attributes) - set(self.scenario.links[link].attributes) if link else set()
            if missing:
                found.append(Reason("link_attributes", f"the link {link} lacks {', '.join(sorted(missing))}"))
        return found

    def _data_reasons(self, work: Workload, pool: Pool) -> list[Reason]:
        """What it needs must be, or may come, to the site, and its results must be able to leave it."""
        datasets = self.scenario.datasets
        absent = [d for d in work.datasets if pool.site not in (datasets[d].home_site, *datasets[d].copies)]
        reasons = [Reason("no_dataset", f"no copy of {', '.join(absent)} at {pool.site}")] if absent else []
        if work.backup_sites and work.result_gb_per_unit:
            backup = backup_site(self.scenario, work, pool)
            if backup is None:
                reasons.append(
                    Reason("no_backup", f"none of its backup sites is apart from {pool.site} and keeps its rules")
                )
            elif (pool.site, backup) not in self.links:
                reasons.append(Reason("no_backup", f"no link from {pool.site} to {backup}"))
        return reasons


def _latency_reasons(work: Workload, floor: float, load: float) -> list[Reason]:
    """Equality is allowed without a queue; with one some load must be left. A floor that is not known is no reason: the
    link or the throughput that is missing stands as one of its own."""
    objective = work.latency_objective_ms
    if objective is None or isnan(floor) or not (floor > objective * (1.0 + SAME_LATENCY) or load < LEAST_LOAD):
        return []
    what = "" if work.latency_statistic == "no_queue" else f"{work.latency_statistic} of "
    return [Reason("latency", f"{what}at least {floor:.4g} ms, the objective is {objective:.4g} ms")]


def _placement_reasons(work: Workload, pool: Pool, site: Site) -> list[Reason]:
    reasons = []
    if work.allowed_jurisdictions and site.jurisdiction not in work.allowed_jurisdictions:
        allowed = ", ".join(work.allowed_jurisdictions)
        reasons.append(Reason("residency", f"{site.jurisdiction} is not among {allowed}"))
    missing = set(work.required_attributes) - set(site.attributes) - set(pool.attributes)
    if missing:
        reasons.append(Reason("attributes", f"lacks {', '.join(sorted(missing))}"))
    if work.allowed_sites and pool.site not in work.allowed_sites:
        reasons.append(Reason("not_allowed_site", f"{pool.site} is not an allowed site"))
    if pool.site in work.denied_sites:
        reasons.append(Reason("denied_site", f"{pool.site} is a denied site"))
    return reasons


def _productivity_reasons(work: Workload, pool: Pool, overhead: float) -> list[Reason]:
    reasons = []
    if pool.sku not in work.throughput:
        reasons.append(Reason("no_throughput", f"no throughput on {pool.sku}"))
    if pool.purchase_option == "interruptible" and not work.interruptible:
        reasons.append(Reason("not_interruptible", "must not be interrupted"))
    if overhead >= 1.0:
        reasons.append(Reason("overhead", f"interruptions would lose {overhead:.0%} of the time"))
    return reasons
