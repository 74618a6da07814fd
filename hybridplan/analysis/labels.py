"""What records and codes are called where people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import say
from hybridplan.domain import Block, Contingency, Scenario

PURCHASE_OPTION: Final = {
    "owned": "owned",
    "reserved": "committed",
    "on_demand": "on demand",
    "interruptible": "interruptible",
}
TERM: Final = {
    "usage": "Rented by the hour",
    "owned_fixed": "Owned, fixed",
    "commitment": "Commitments",
    "expansion": "Expansion",
    "energy": "Energy",
    "carbon": "Carbon price",
    "transfer": "Data transfer",
    "route": "Route costs",
    "storage": "Storage",
    "start": "Starts",
    "provider_fixed": "Provider fees",
    "link_fixed": "Link fees",
    "unserved": "Penalty: not served",
    "congestion": "Penalty: latency",
    "balance": "Penalty: uneven use",
}
BASELINE: Final = {"all_on_demand": "All on demand", "private_first": "Private first"}
PLAN: Final = "This plan"
NO_POOL: Final = "Not tied to a pool"


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; where a name is empty the id, and where two share a name the id stands beside it."""
    seen = Counter(name or key for key, name in names.items())
    return {
        key: (name or key) if seen[name or key] == 1 else f"{name or key} ({key})" if name else key
        for key, name in names.items()
    }


def pools(scenario: Scenario) -> dict[str, str]:
    """Pool names by id, no two alike."""
    return _unique({key: pool.name for key, pool in scenario.pools.items()})


def workloads(scenario: Scenario) -> dict[str, str]:
    """Workload names by id, no two alike."""
    return _unique({key: work.name for key, work in scenario.workloads.items()})


def pairs(scenario: Scenario) -> dict[str, str]:
    """Routes by ``workload/pool``, as the audit and the limits name them: ``Chat on fra-private``."""
    works, places = workloads(scenario), pools(scenario)
    return {f"{w}/{p}": f"{works[w]} on {places[p]}" for w in works for p in places}


def sites(scenario: Scenario) -> dict[str, str]:
    """Site names by id, no two alike."""
    return _unique({key: site.name for key, site in scenario.sites.items()})


def contingencies(scenario: Scenario) -> dict[str, str]:
    """Failures by id, no two alike: their name, or ``loss of fra-private``."""
    failures = scenario.policy.contingencies.items()
    return _unique({key: one.name or _failure(scenario, one) for key, one in failures})


def _failure(scenario: Scenario, one: Contingency) -> str:
    """What fails, in words: a contingency without a name."""
    places, record = sites(scenario), one.record or ""
    if one.kind == "site":
        record = places.get(record, record)
    elif one.kind == "link":
        link = scenario.links.get(record)
        ends = (link.from_site, link.to_site) if link is not None else ()
        record = " and ".join(named(ends, places)) or record
    elif one.kind == "group":
        record = _all_of(scenario, one)
    return say(f"contingency.{one.kind}", record=record)


def _all_of(scenario: Scenario, one: Contingency) -> str:
    """What a group names, shortened after three."""
    found = [*named(one.sites, sites(scenario)), *named(one.pools, pools(scenario)), *named(one.links, links(scenario))]
    return fmt.shortened(found)


def after_failures(scenario: Scenario) -> dict[str, str]:
    """Workloads and links after each failure, as limits and the audit name them: ``Chat, loss of fra-private``."""
    named_ones = {**workloads(scenario), **links(scenario)}
    failures = contingencies(scenario).items()
    return {f"{key}/{one}": f"{name}, {failure}" for key, name in named_ones.items() for one, failure in failures}


def window_owners(scenario: Scenario) -> dict[str, str]:
    """Workload id by the names of its windows: ``workload:window`` in limits, ``workload/window`` in the audit."""
    return {
        f"{key}{mark}{window}": key
        for key, work in scenario.workloads.items()
        for window in work.windows
        for mark in ":/"
    }


def links(scenario: Scenario) -> dict[str, str]:
    """Links by id as ``from to to``."""
    names = sites(scenario)
    return {
        key: f"{names.get(link.from_site, link.from_site)} to {names.get(link.to_site, link.to_site)}"
        for key, link in scenario.links.items()
    }


def commitments(scenario: Scenario) -> dict[str, str]:
    """Names of commitments for capacity by id, no two alike."""
    return _unique({key: one.name for key, one in scenario.commitments.items()})


def spend_commitments(scenario: Scenario) -> dict[str, str]:
    """Names of spend commitments by id, no two alike."""
    return _unique({key: one.name for key, one in scenario.spend_commitments.items()})


def expansions(scenario: Scenario) -> dict[str, str]:
    """Names of expansions by id, no two alike."""
    return _unique({key: one.name for key, one in scenario.expansions.items()})


def datasets(scenario: Scenario) -> dict[str, str]:
    """Names of datasets by id, no two alike."""
    return _unique({key: one.name for key, one in scenario.datasets.items()})


def offers(scenario: Scenario) -> dict[str, str]:
    """Names of all that may be bought or newly committed to, by ``kind/id`` as in the table of purchases."""
    growing = {f"commitment/{key}": name for key, name in commitments(scenario).items()}
    growing |= {f"spend_commitment/{key}": name for key, name in spend_commitments(scenario).items()}
    growing |= {f"expansion/{key}": name for key, name in expansions(scenario).items()}
    growing |= {f"private_line/{key}": f"private line from {name}" for key, name in links(scenario).items()}
    taken = {f"commitment/{key}" for key, one in scenario.commitments.items() if one.max_new_accelerators > 0}
    taken |= {f"spend_commitment/{k}" for k, one in scenario.spend_commitments.items() if one.max_new_usd_per_hour > 0}
    taken |= {f"expansion/{key}" for key in scenario.expansions}
    taken |= {f"private_line/{key}" for key, link in scenario.links.items() if link.max_private_gbps > 0}
    return _unique({key: name for key, name in growing.items() if key in taken})


def blocks(scenario: Scenario) -> dict[str, str]:
    """Block labels by id, in the order of their start."""
    return _unique({key: block.label for key, block in scenario.horizon.ordered()})


def baseline(code: str) -> str:
    """The name of a baseline."""
    return BASELINE.get(code, code.replace("_", " "))


def term(code: str) -> str:
    """The name of a cost or penalty term."""
    return TERM.get(code, code.replace("_", " ").capitalize())


def accelerator(scenario: Scenario, pool_id: str) -> str:
    """What one unit of a pool is called: its SKU, with its own unit where that is not an accelerator."""
    pool = scenario.pools[pool_id]
    return pool.sku if pool.unit == "accelerator" else f"{pool.sku} {pool.unit}"


def zone(scenario: Scenario) -> ZoneInfo:
    """The time zone for display; UTC where the name is not known here."""
    try:
        return ZoneInfo(scenario.horizon.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def wall_clock(scenario: Scenario, block: Block, starts: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """UTC starts as naive local time, at the offset in force when the block starts, so that time never runs back."""
    offset = block.start.astimezone(zone(scenario)).utcoffset()
    return starts.dt.tz_convert("UTC").dt.tz_localize(None) + pd.Timedelta(offset or 0)


def clock_name(scenario: Scenario, block: Block) -> str:
    """Name of that clock: the zone, or its fixed offset where the clocks change inside the block."""
    place = zone(scenario)
    first, last = (moment.astimezone(place) for moment in (block.start, block.end))
    return place.key if first.utcoffset() == last.utcoffset() else f"UTC{first:%z}"


def moment(scenario: Scenario, start: datetime) -> str:
    """One start in local time: ``Mon 24 Nov 2026, 15:00``."""
    return f"{start.astimezone(zone(scenario)):%a %d %b %Y, %H:%M}"


def named(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Names of ids; an id without a name stands for itself."""
    return [names.get(key, key) for key in ids]
