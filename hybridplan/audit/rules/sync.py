"""Sync: the data of each copy flows from home to it, once, on ways that it may take."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.data import fits, needs_sync
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once
from hybridplan.domain import Dataset


def sync(ledger: Ledger) -> list[Rows]:
    """Shares of each copy that is made or changes: out less in = 1 at home, -1 at the copy, 0 at every other site.

    No share is above 1, and there is none for a copy that needs nothing. Ways lead through relays that keep residency
    and attributes, and through sites whose copy is present or planned, over links that offer what the data requires.
    """
    sites = ledger.axes.records.sites
    keys, off, above, stray = list[str](), list[float](), list[float](), list[float]()
    for code, (key, dataset) in enumerate(ledger.scenario.datasets.items()):
        for number, site in enumerate(sites):
            rows = np.flatnonzero((ledger.sync_dataset == code) & (ledger.sync_site == number))
            stands = bool(ledger.copies[code, number]) or site in _given(dataset)
            asked = stands and needs_sync(dataset, site)
            if not rows.size and not asked:
                continue
            may_pass = {dataset.home_site, site, *_relays(ledger, dataset)} if asked else set()
            share = ledger.sync_share[rows]
            is_open = [_may_take(ledger, dataset, row, may_pass) for row in rows.tolist()]
            keys.append(f"{key}/{site}")
            off.append(float(np.abs(_net(ledger, rows.tolist()) - asked * _wanted(ledger, dataset, site)).max()))
            above.append(float(share.max(initial=0.0)) - 1.0)
            stray.append(float(np.abs(share[~np.array(is_open, dtype=bool)]).sum()))
    units, one = ["of the data"] * len(keys), np.ones(len(keys))
    return [
        once("the shares do not lead from home to the copy", keys, units, np.array(off, dtype=np.float64), one),
        once("more than all of the data goes over a link", keys, units, np.array(above, dtype=np.float64), one),
        once("data is sent where it may not pass or is not asked for", keys, units, np.array(stray, dtype=float), one),
    ]


def _relays(ledger: Ledger, dataset: Dataset) -> set[str]:
    """Sites that may pass the data on, beside home."""
    return _given(dataset) | {site for site in dataset.relay_sites if fits(ledger.scenario, dataset, site)}


def _given(dataset: Dataset) -> set[str]:
    return {site for site, copy in dataset.copies.items() if copy.state != "choosable"}


def _may_take(ledger: Ledger, dataset: Dataset, row: int, may_pass: set[str]) -> bool:
    """Whether the link of this row joins sites that may pass the data on, and offers what it requires."""
    link = ledger.scenario.links[ledger.axes.records.links[ledger.sync_link[row]]]
    return {link.from_site, link.to_site} <= may_pass and set(dataset.required_link_attributes) <= set(link.attributes)


def _net(ledger: Ledger, rows: list[int]) -> Floats:
    """(sites,) what leaves each site less what arrives."""
    place = {site: number for number, site in enumerate(ledger.axes.records.sites)}
    found = np.zeros(len(place))
    for row in rows:
        link = ledger.scenario.links[ledger.axes.records.links[ledger.sync_link[row]]]
        found[place[link.from_site]] += ledger.sync_share[row]
        found[place[link.to_site]] -= ledger.sync_share[row]
    return found


def _wanted(ledger: Ledger, dataset: Dataset, site: str) -> Floats:
    """(sites,) 1 at home and -1 at the copy."""
    found = np.zeros(len(ledger.axes.records.sites))
    found[ledger.axes.records.sites.index(dataset.home_site)] += 1.0
    found[ledger.axes.records.sites.index(site)] -= 1.0
    return found
