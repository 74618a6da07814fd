"""Contingencies: what they name must exist, belong to their kind, and be a failure of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from hybridplan.domain.contingency import Contingency, Lost, zone_of
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

_NOUNS: Final = {"sites": "site", "pools": "pool", "links": "link"}
"""Fields of a group, and what one entry of each is."""
_NO_RECORD: Final = {
    "spot": "spot means everything interruptible: it names no record",
    "group": "a group names its sites, pools and links: it names no record",
}


def check_contingencies(scenario: Scenario, losses: Mapping[str, Lost]) -> Iterator[Issue]:
    """Errors of what contingencies name; warnings of those that take nothing, or what another takes.

    ``losses``: what each of them takes.
    """
    known = {
        "site": set(scenario.sites),
        "zone": _zones(scenario),
        "provider": {site.provider for site in scenario.sites.values()},
        "link": set(scenario.links),
        "pool": set(scenario.pools),
    }
    holders = {key for data in scenario.datasets.values() for key in (data.home_site, *data.copies)}
    seen: dict[Lost, str] = {}
    for key, contingency in scenario.policy.contingencies.items():
        here = f"policy.contingencies.{key}"
        faults = [*_record(here, contingency, known), *_group(here, contingency, known)]
        yield from faults
        loss = losses[key]
        if faults:
            continue
        if not loss.pools and not loss.links and not loss.sites & holders:
            yield _nothing(here, contingency)
            continue
        first = seen.setdefault(loss, key)
        if first != key:
            message = f"is the same failure as {first}: both take the same sites, pools and links"
            yield Issue(here, message, contingency.kind, mend="Remove one of the two.", severity="warning")


def _zones(scenario: Scenario) -> set[str]:
    """Zones of sites, and of pools where they have one of their own."""
    found = {site.zone for site in scenario.sites.values()}
    placed = [pool for pool in scenario.pools.values() if pool.site in scenario.sites]
    found |= {zone_of(pool, scenario.sites[pool.site]) for pool in placed}
    return {zone for zone in found if zone is not None}


def _record(here: str, contingency: Contingency, known: Mapping[str, Collection[str]]) -> Iterator[Issue]:
    record, kind = contingency.record, contingency.kind
    if kind in _NO_RECORD:
        if record is not None:
            yield Issue(f"{here}.record", _NO_RECORD[kind], record, mend="Remove it.")
    elif record is None:
        yield Issue(f"{here}.record", f"must name the {kind} that fails", mend=f"Name a {kind}.")
    elif record not in known[kind]:
        mend = f"Add the {kind}, or correct the id."
        yield Issue(f"{here}.record", f"there is no {kind} with this id", record, mend=mend)


def _group(here: str, contingency: Contingency, known: Mapping[str, Collection[str]]) -> Iterator[Issue]:
    named = {field: getattr(contingency, field) for field in _NOUNS}
    if contingency.kind != "group":
        for field, ids in named.items():
            if ids:
                message = f"only a group names {field}: a failure of kind {contingency.kind} would not take them"
                yield Issue(f"{here}.{field}", message, ", ".join(ids[:8]), mend="Remove it, or set kind to group.")
    elif not any(named.values()):
        message = "a group must name the sites, pools or links that fail together"
        yield Issue(f"{here}.sites", message, mend="Name at least one of them in sites, pools or links.")
    else:
        for field, noun in _NOUNS.items():
            for one in named[field]:
                if one not in known[noun]:
                    mend = f"Add the {noun}, or correct the id."
                    yield Issue(f"{here}.{field}", f"there is no {noun} with this id", one, mend=mend)


def _nothing(here: str, contingency: Contingency) -> Issue:
    if contingency.kind == "spot":
        message, mend = "takes nothing: no pool is interruptible", "Add an interruptible pool, or remove it."
    else:
        message, mend = "takes nothing: no pool, link or copy of data is lost", "Correct what it names, or remove it."
    return Issue(here, message, contingency.record or contingency.kind, mend=mend, severity="warning")
