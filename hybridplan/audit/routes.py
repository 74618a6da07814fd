"""Which (workload, pool) pairs may be used, and what one accelerator does there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import Final

from hybridplan.domain import Link, Pool, Scenario, Workload
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import FACTORS, LOADS, SAME
from hybridplan.units import MS_PER_SECOND

Links = Mapping[tuple[str, str], Link]
"""By (from site, to site)."""

_EQUAL: Final = 1.0 + 1e-9
"""A floor above an objective by less than this meets it: the two were rounded in different ways."""
LEAST_LOAD: Final = 1e-6
"""A route whose accelerators may be busy no more than this is none."""


def links_by_sites(scenario: Scenario) -> dict[tuple[str, str], Link]:
    """The links by their directed pair of sites."""
    return {(link.from_site, link.to_site): link for link in scenario.links.values()}


def interruption_overhead(work: Workload, pool: Pool) -> float:
    """Share of an accelerator's time lost to checkpoints and interruptions.

    c / tau + lambda (tau / 2 + restart), with c = checkpoint_hours, lambda = interruptions_per_hour, and tau the given
    interval or else sqrt(2 c / lambda); without a checkpoint (c = 0, no tau) lambda x restart. 0 on pools that are not
    interruptible or never interrupted. A value of 1 or more means that no work gets done.
    """
    rate = pool.interruptions_per_hour
    if pool.purchase_option != "interruptible" or rate <= 0:
        return 0.0
    write, tau = work.checkpoint_hours, work.checkpoint_interval_hours
    if tau is None:
        if write == 0:
            return rate * work.restart_hours
        tau = sqrt(2.0 * write / rate)
    return write / tau + rate * (tau / 2.0 + work.restart_hours)


def units_per_accelerator_hour(scenario: Scenario, workload_id: str, pool_id: str) -> float:
    """e_k: work units per accelerator-hour = throughput x pool efficiency x (1 - interruption overhead).

    0 where the workload names no throughput for the pool's SKU, or the overhead takes all the time. It says nothing
    about whether the route is allowed: see :func:`eligibility`. Raises KeyError for an unknown id.
    """
    work, pool = scenario.workloads[workload_id], scenario.pools[pool_id]
    throughput = work.throughput.get(pool.sku)
    if throughput is None:
        return 0.0
    left = 1.0 - interruption_overhead(work, pool)
    return throughput.units_per_accelerator_hour * pool.efficiency * max(left, 0.0)


def service_ms(work: Workload, pool: Pool) -> float | None:
    """s_k: milliseconds of one request with no queue and no network, up to what is timed; None without throughput.

    request: as given. first_token: 1000 prompt tokens / prefill rate. last_token: that + 1000 output tokens / decode
    rate. All over the pool's efficiency. NaN where a number of tokens or a rate is missing.
    """
    throughput = work.throughput.get(pool.sku)
    if throughput is None:
        return None
    if work.latency_point == "request":
        return throughput.service_ms / pool.efficiency
    first = _ms(work.prompt_tokens, throughput.prefill_tokens_per_second)
    if work.latency_point == "first_token":
        return first / pool.efficiency
    return (first + _ms(work.output_tokens, throughput.decode_tokens_per_second)) / pool.efficiency


def _ms(tokens: float | None, per_second: float | None) -> float:
    return float("nan") if tokens is None or per_second is None else MS_PER_SECOND * tokens / per_second


def round_trip_ms(work: Workload, pool: Pool, links: Links) -> float | None:
    """Round trip on the link from the origin to the pool's site, 0 within a site, None without a link; ms."""
    if pool.site == work.origin_site:
        return 0.0
    link = links.get((work.origin_site, pool.site))
    return None if link is None else link.round_trip_ms


def latency_factor(work: Workload) -> float:
    """Statistic / mean at no load; 1 for the mean and without a queue."""
    table = FACTORS.get(work.latency_statistic)
    return 1.0 if table is None else table[0]


@lru_cache(maxsize=4096)
def _largest_load(statistic: str, stretch: float, most: float) -> float:
    """Largest load up to ``most`` at which factor / (1 - load) is at most ``stretch``; 0 or less where there is none.

    In each step of the table the factor is at most the larger of its ends, and factor / (1 - load), which grows with
    the load, at most that of the step's end.
    """
    if statistic == "mean":
        best = 1.0 - 1.0 / stretch
        # min() would drop a NaN.
        return most if best >= most else best
    table = FACTORS[statistic]
    best = min(0.0, 1.0 - table[0] / stretch)
    for step, (low, high) in enumerate(pairwise(LOADS)):
        ends = table[step], table[step + 1]
        is_whole = ends[1] / (1.0 - high) <= stretch * (1.0 + SAME)
        top = high if is_whole else 1.0 - max(ends) / stretch
        if low < min(top, most):
            best = min(top, most)
    return best


def latency_floor_ms(scenario: Scenario, workload_id: str, pool_id: str, links: Links | None = None) -> float | None:
    """Round trip + factor x service time: the statistic at no load, in milliseconds.

    None where there is no link or no throughput. Raises KeyError for an unknown id.
    """
    work, pool = scenario.workloads[workload_id], scenario.pools[pool_id]
    known = links_by_sites(scenario) if links is None else links
    service, trip = service_ms(work, pool), round_trip_ms(work, pool, known)
    return None if service is None or trip is None else trip + latency_factor(work) * service


def objective_ms(work: Workload, after_failure: bool = False) -> float | None:
    """The latency objective, or the one that holds while something has failed; None without an objective."""
    if work.latency_objective_ms is None or not after_failure or work.latency_after_failure_ms is None:
        return work.latency_objective_ms
    return work.latency_after_failure_ms


def load_limit(
    scenario: Scenario, workload_id: str, pool_id: str, links: Links | None = None, *, after_failure: bool = False
) -> float:
    """c_k: largest busy / assigned of a route with a queue; c_k^f with the objective that holds after a failure.

    ``max_load_share``, or less where a statistic with its queue has an objective T: the largest load with
    round trip + factor(load) s / (1 - load) <= T. 0 where T is not above the round trip, 1 where no queue is modelled,
    NaN where a queue is modelled and there is no link or throughput.
    Raises KeyError for an unknown id.
    """
    work, pool = scenario.workloads[workload_id], scenario.pools[pool_id]
    if not has_queue(work):
        return 1.0
    known = links_by_sites(scenario) if links is None else links
    service, trip = service_ms(work, pool), round_trip_ms(work, pool, known)
    if service is None or trip is None:
        return float("nan")
    objective = objective_ms(work, after_failure)
    if objective is None or work.latency_statistic == "no_queue":
        return work.max_load_share
    if objective <= trip:
        return 0.0
    if service == 0:
        return work.max_load_share
    return _largest_load(work.latency_statistic, (objective - trip) / service, work.max_load_share)


def eligibility(
    scenario: Scenario, workload_id: str, pool_id: str, links: Links | None = None, *, after_failure: bool = False
) -> tuple[bool, str]:
    """Whether ``workload_id`` may run on ``pool_id``, and the first reason why not ("" where it may).

    ``links``: the result of :func:`links_by_sites`, to save time over many pairs. ``after_failure``: whether it may run
    there while something has failed, by the latency objective that holds then. Raises KeyError for an unknown id.
    """
    work, pool = scenario.workloads[workload_id], scenario.pools[pool_id]
    known = links_by_sites(scenario) if links is None else links
    reason = (
        _speed(work, pool)
        or _place(scenario, work, pool)
        or _path(work, pool, known)
        or _data(scenario, work, pool, known)
        or _link_attributes(scenario, work, pool, known)
        or _latency(scenario, workload_id, pool_id, known, after_failure)
    )
    return not reason, reason


def _speed(work: Workload, pool: Pool) -> str:
    if pool.sku not in work.throughput:
        return f"no throughput on {pool.sku}"
    if pool.purchase_option == "interruptible" and not work.interruptible:
        return "the work cannot be interrupted"
    if interruption_overhead(work, pool) >= 1.0:
        return "interruptions take all the time"
    return ""


def _place(scenario: Scenario, work: Workload, pool: Pool) -> str:
    site = scenario.sites[pool.site]
    if work.allowed_jurisdictions and site.jurisdiction not in work.allowed_jurisdictions:
        return f"residency: {site.jurisdiction} is not allowed"
    missing = set(work.required_attributes) - set(site.attributes) - set(pool.attributes)
    if missing:
        return f"attribute {min(missing)} is missing"
    if work.allowed_sites and pool.site not in work.allowed_sites:
        return f"site {pool.site} is not among the allowed sites"
    if pool.site in work.denied_sites:
        return f"site {pool.site} is denied"
    return ""


def _path(work: Workload, pool: Pool, links: Links) -> str:
    """Across sites the way there is always needed, the way back only where data is sent back."""
    return next((f"no link from {a} to {b}" for a, b in _ways(work, pool) if (a, b) not in links), "")


def _ways(work: Workload, pool: Pool) -> list[tuple[str, str]]:
    """Directed pairs of sites between origin and pool that must have a link."""
    if pool.site == work.origin_site:
        return []
    there, back = (work.origin_site, pool.site), (pool.site, work.origin_site)
    return [there, back] if work.egress_gb_per_unit > 0 else [there]


def _link_attributes(scenario: Scenario, work: Workload, pool: Pool, links: Links) -> str:
    """Code link_attributes: every link that its data uses offers what is required, that to the backup included."""
    if not work.required_link_attributes:
        return ""
    ways = _ways(work, pool)
    if work.result_gb_per_unit > 0 and work.backup_sites:
        backup = backup_site(scenario, work, pool.site)
        ways += [] if backup is None else [(pool.site, backup)]
    for way in ways:
        missing = set(work.required_link_attributes) - set(links[way].attributes)
        if missing:
            return f"attribute {min(missing)} is missing on the link from {way[0]} to {way[1]}"
    return ""


def _data(scenario: Scenario, work: Workload, pool: Pool, links: Links) -> str:
    """Codes no_dataset and no_backup: the data must be there, or may come there, and results must find their backup."""
    for key in work.datasets:
        dataset = scenario.datasets[key]
        if pool.site != dataset.home_site and pool.site not in dataset.copies:
            return f"there is no copy of {key} at {pool.site}, and none may be made"
    if work.result_gb_per_unit == 0 or not work.backup_sites:
        return ""
    backup = backup_site(scenario, work, pool.site)
    if backup is None:
        return f"no backup site is apart from {pool.site} and keeps residency and attributes"
    return "" if (pool.site, backup) in links else f"no link from {pool.site} to the backup at {backup}"


def backup_site(scenario: Scenario, work: Workload, site_id: str) -> str | None:
    """The first of the backup sites that is apart from this one, within the residency of the work, and offers by
    itself all that the work requires of places; None: none is."""
    for name in work.backup_sites:
        site = scenario.sites[name]
        is_lawful = not work.allowed_jurisdictions or site.jurisdiction in work.allowed_jurisdictions
        is_secure = all(one in site.attributes for one in work.required_attributes)
        if is_lawful and is_secure and _is_apart(scenario, work, site_id, name):
            return name
    return None


def _is_apart(scenario: Scenario, work: Workload, site_id: str, backup_id: str) -> bool:
    """Whether results and their backup share neither the site nor what they must not share; an unknown zone may be
    any."""
    here, there = scenario.sites[site_id], scenario.sites[backup_id]
    if site_id == backup_id or (work.backup_apart == "provider" and here.provider == there.provider):
        return False
    return work.backup_apart != "zone" or (here.zone != there.zone and None not in (here.zone, there.zone))


def _latency(scenario: Scenario, workload_id: str, pool_id: str, links: Links, after_failure: bool) -> str:
    """The objective may be met exactly where no queue is modelled; a queue needs room above the floor."""
    work = scenario.workloads[workload_id]
    objective = objective_ms(work, after_failure)
    if objective is None:
        return ""
    floor = latency_floor_ms(scenario, workload_id, pool_id, links)
    shown = "unknown" if floor is None else f"{floor:g} ms"
    if work.latency_statistic == "no_queue" or not has_queue(work):
        return (
            ""
            if floor is not None and floor <= objective * _EQUAL
            else f"latency floor {shown} is above {objective:g} ms"
        )
    if load_limit(scenario, workload_id, pool_id, links, after_failure=after_failure) >= LEAST_LOAD:
        return ""
    return f"latency floor {shown} leaves no room for a queue within {objective:g} ms"
