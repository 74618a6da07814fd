"""Each pair of workload and pool that is ruled out as a whole sentence: why, in figures, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf, isfinite, log10, nan, sqrt
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.domain import Pool, Scenario, Workload
from hybridplan.domain.attributes import attribute_labels
from hybridplan.model.routes import Pair, Reason, RouteIndex, backup_fault, backup_site

_DIGITS: Final = 4


def by_pair(scenario: Scenario) -> dict[tuple[str, str], str]:
    """Sentences by (workload, pool); pairs that are routes have none."""
    names = _Names(labels.workloads(scenario), labels.pools(scenario), labels.sites(scenario), labels.links(scenario))
    pairs = [pair for pair in RouteIndex(scenario).pairs if pair.reasons]
    return {(pair.workload, pair.pool): _sentence(scenario, pair, names) for pair in pairs}


@dataclass(frozen=True)
class _Names:
    """Names by id."""

    works: dict[str, str]
    pools: dict[str, str]
    sites: dict[str, str]
    links: dict[str, str]


def _sentence(scenario: Scenario, pair: Pair, names: _Names) -> str:
    """``chat cannot run on A100 in Stockholm: at least 31 ms ...; an objective of 31 ms would allow it.``"""
    work, pool = scenario.workloads[pair.workload], scenario.pools[pair.pool]
    parts = [
        (_code(work, reason), _figures(scenario, pair, reason, names, way))
        for reason, way in _with_ways(scenario, work, pool, pair)
    ]
    causes = [say(code, **given) for code, given in parts]
    changes = [say(f"{code}.change", **given) for code, given in parts]
    would = "route.would" if len(changes) == 1 else "route.would_together"
    return say(
        "route.no",
        workload=names.works[pair.workload],
        sku=labels.accelerator(scenario, pair.pool),
        pool=names.pools[pair.pool],
        causes=fmt.listed(causes),
        changes=say(would, change=fmt.listed(changes)),
    )


def _code(work: Workload, reason: Reason) -> str:
    """Which template says it."""
    has_queue = reason.code == "latency" and work.latency_statistic != "no_queue"
    code = f"route.{reason.code}_queue" if has_queue else f"route.{reason.code}"
    return code if code in ENGLISH else "route.other"


def _with_ways(scenario: Scenario, work: Workload, pool: Pool, pair: Pair) -> list[tuple[Reason, tuple[str, str]]]:
    """Reasons of a pair, each with the two sites between which a link is missing or lacks something."""
    there, back = (work.origin_site, pool.site), (pool.site, work.origin_site)
    known = {(link.from_site, link.to_site): set(link.attributes) for link in scenario.links.values()}
    backup = backup_site(scenario, work, pool)
    ways = [there, *([back] if work.egress_gb_per_unit > 0 else []), *([(pool.site, backup)] if backup else [])]
    asked = set(work.required_link_attributes)
    lacking = iter([way for way in ways if way in known and asked - known[way]])
    is_linked = there[0] == there[1] or there in known
    return [
        (reason, next(lacking, there) if reason.code == "link_attributes" else back if is_linked else there)
        for reason in pair.reasons
    ]


def _figures(scenario: Scenario, pair: Pair, reason: Reason, names: _Names, way: tuple[str, str]) -> dict[str, str]:
    """What may stand in the template of a reason."""
    work, pool = scenario.workloads[pair.workload], scenario.pools[pair.pool]
    ends = [names.sites.get(site, site) for site in way]
    allowed = work.allowed_jurisdictions
    if reason.code == "not_allowed_site":
        allowed = tuple(names.sites.get(site, site) for site in work.allowed_sites)
    return {
        "floor": _up(pair.latency_floor_ms),
        "objective": fmt.number(work.latency_objective_ms or nan, _DIGITS),
        "statistic": work.latency_statistic,
        "site": names.sites[pool.site],
        "sku": pool.sku,
        "unit": work.unit,
        "jurisdiction": scenario.sites[pool.site].jurisdiction,
        "allowed": fmt.listed(list(allowed)),
        "missing": _missing(scenario, work, pool, reason, way),
        "from_site": ends[0],
        "to_site": ends[1],
        "link": " to ".join(ends),
        "rate": fmt.number(pool.interruptions_per_hour),
        "least": fmt.number(most_interruptions(work)),
        "backups": _backups(scenario, work, pool, names) if reason.code == "no_backup" else "",
        "detail": reason.detail,
    }


def _backups(scenario: Scenario, work: Workload, pool: Pool, names: _Names) -> str:
    """Why none of the backup sites keeps results of the pool: each up to the first one that lacks but a link."""
    parts = []
    for key in work.backup_sites:
        fault, site = backup_fault(scenario, work, pool, key) or "no_link", scenario.sites[key]
        same = "site" if key == pool.site else work.backup_apart
        given = {
            "backup": names.sites[key],
            "site": names.sites[pool.site],
            "jurisdiction": site.jurisdiction,
            "allowed": fmt.listed(list(work.allowed_jurisdictions)),
            "missing": fmt.listed(attribute_labels(x for x in work.required_attributes if x not in site.attributes)),
        }
        parts.append(say(f"route.backup.{same if fault == 'not_apart' else fault}", **given))
        if fault == "no_link":
            break
    return fmt.listed(parts)


def _missing(scenario: Scenario, work: Workload, pool: Pool, reason: Reason, way: tuple[str, str]) -> str:
    """Attributes, or data, that are not there."""
    if reason.code == "no_dataset":
        data, names = scenario.datasets, labels.datasets(scenario)
        return fmt.listed([names[d] for d in work.datasets if pool.site not in (data[d].home_site, *data[d].copies)])
    if reason.code == "link_attributes":
        links = [link for link in scenario.links.values() if (link.from_site, link.to_site) == way]
        asked, offered = work.required_link_attributes, {one for link in links for one in link.attributes}
    else:
        asked = work.required_attributes
        offered = {*scenario.sites[pool.site].attributes, *pool.attributes}
    return fmt.listed(attribute_labels(one for one in asked if one not in offered))


def most_interruptions(work: Workload) -> float:
    """Interruptions of an accelerator in an hour from which on all of the time is lost.

    Root of cost / interval + rate (interval / 2 + restart) = 1; with the interval that loses least, of
    sqrt(2 cost rate) + rate restart = 1.
    """
    cost, restart, interval = work.checkpoint_hours, work.restart_hours, work.checkpoint_interval_hours
    if interval is not None:
        return max(1.0 - cost / interval, 0.0) / (interval / 2.0 + restart)
    if restart == 0:
        return 1.0 / (2.0 * cost) if cost > 0 else inf
    root = (sqrt(2.0 * cost + 4.0 * restart) - sqrt(2.0 * cost)) / (2.0 * restart)
    return root * root


def _up(value: float) -> str:
    """Rounded up to four digits, so that what is read is enough; a dash where it is not known."""
    if not value > 0 or not isfinite(value):
        return fmt.number(value, _DIGITS)
    step = 10.0 ** (floor(log10(value)) + 1 - _DIGITS)
    return fmt.number(ceil(value / step * (1.0 - 1e-12)) * step, _DIGITS)
