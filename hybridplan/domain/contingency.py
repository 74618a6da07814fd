"""Contingencies: single failures that promised work must survive, and what each of them takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hybridplan.domain.record import Identifier, NonNegative, Positive, Record, Text

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.site import Site

ContingencyKind = Literal["site", "zone", "provider", "link", "spot", "group"]


class Contingency(Record):
    """One failure, by itself, of a failure domain: what fails together."""

    name: Text = ""
    kind: ContingencyKind
    """site, zone, provider: all that stands there; link: it and the link back between the same two sites; spot:
    everything interruptible at once; group: what is named in ``sites``, ``pools`` and ``links``."""
    record: Identifier | None = None
    """Id of the site, zone, provider or link; absent for ``spot`` and ``group``."""
    sites: tuple[Identifier, ...] = ()
    """Group: sites that fail, with all that stands there."""
    pools: tuple[Identifier, ...] = ()
    """Group: pools that fail."""
    links: tuple[Identifier, ...] = ()
    """Group: links that fail, each with the link back."""
    failures_per_year: NonNegative = 0.0
    """How often it fails in a year of 8,760 hours in the mean; read by the replay of random failures only; 0: never."""
    repair_hours: Positive = 4.0
    """Mean time until it is repaired; read by the replay of random failures only."""


@dataclass(frozen=True)
class Lost:
    """What a contingency takes. Pools of a lost site are among ``pools``."""

    sites: frozenset[str]
    """Sites that are lost as a whole, with the copies of data there."""
    pools: frozenset[str]
    links: frozenset[str]


def zone_of(pool: Pool, site: Site) -> str | None:
    """The zone of a pool: its own, else that of its site."""
    return pool.zone or site.zone


def lost(contingency: Contingency, scenario: Scenario) -> Lost:
    """Sites, pools and links that fail with it; ids that do not exist take nothing."""
    sites, record = scenario.sites, contingency.record
    gone: set[str] = set(contingency.sites) if contingency.kind == "group" else set()
    if contingency.kind == "site":
        gone = {key for key in sites if key == record}
    elif contingency.kind == "zone":
        gone = {key for key, site in sites.items() if site.zone is not None and site.zone == record}
    elif contingency.kind == "provider":
        gone = {key for key, site in sites.items() if site.provider == record}
    placed = {key: pool for key, pool in scenario.pools.items() if pool.site in sites}
    pools = {key for key, pool in placed.items() if _fails(contingency, gone, key, pool, sites[pool.site])}
    return Lost(frozenset(gone), frozenset(pools), _links(contingency, scenario))


def _fails(contingency: Contingency, gone: set[str], key: str, pool: Pool, site: Site) -> bool:
    if contingency.kind == "zone":
        return pool.site in gone or (contingency.record is not None and zone_of(pool, site) == contingency.record)
    if contingency.kind == "spot":
        return pool.purchase_option == "interruptible"
    named = contingency.kind == "group" and key in contingency.pools
    return named or pool.site in gone


def _links(contingency: Contingency, scenario: Scenario) -> frozenset[str]:
    """The links named, and those back between the same two sites."""
    named: tuple[str, ...] = contingency.links if contingency.kind == "group" else ()
    if contingency.kind == "link" and contingency.record is not None:
        named = (contingency.record,)
    links = scenario.links
    ends = {frozenset((links[key].from_site, links[key].to_site)) for key in named if key in links}
    return frozenset(key for key, link in links.items() if frozenset((link.from_site, link.to_site)) in ends)
