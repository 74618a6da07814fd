"""Promises: after any one contingency enough of what runs, and of what stands by, is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Floats
from hybridplan.audit.data import Flows
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.domain import Contingency
from hybridplan.units import gb_per_hour


def promise(ledger: Ledger) -> list[Rows]:
    """share x (demand - unserved) <= what survivors serve + what their standby can; work units per hour.

    Standby is kept on routes of promised work only, and can do what its accelerators do as busy as the latency
    objective allows.
    """
    works = list(ledger.scenario.workloads.values())
    share = np.array([work.promised_share for work in works], dtype=np.float64)
    codes = np.flatnonzero((share > 0) & ~ledger.axes.is_deferrable)
    records, units, short, promised = list[str](), list[str](), list[Floats](), list[Floats]()
    for key, contingency in ledger.scenario.policy.contingencies.items():
        after = carried(ledger, contingency)
        for w in codes.tolist():
            asked = share[w] * (ledger.axes.demand[w] - ledger.unserved[w])
            records.append(f"{ledger.axes.workloads[w]}/{key}")
            units.append(f"{works[w].unit} per hour")
            short.append(asked - after[w])
            promised.append(scale_of(ledger.axes.demand[w], after[w]))
    what = "less than promised is left after the failure"
    shape = len(records), len(ledger.axes.hours)
    found = by_period(what, records, units, _stacked(short, shape), _stacked(promised, shape))
    return [found, *_standby(ledger, share)]


def promise_bandwidth(ledger: Ledger) -> list[Rows]:
    """After a contingency promised work, the standby of what it hit and what copies are sent fit every limited link and
    the private line beside it together; GB per hour."""
    scenario, axes, flows = ledger.scenario, ledger.axes, Flows(ledger)
    works = list(scenario.workloads.values())
    limits = {pair: code for pair, code in flows.link_of.items() if scenario.links[axes.records.links[code]].gbps}
    always = flows.of_changes + flows.of_first_copies
    found: dict[tuple[int, str], Floats] = {}
    for key, contingency in scenario.policy.contingencies.items():
        left, hit = _left(ledger, contingency), _hit(ledger, contingency)
        for k, w in enumerate(ledger.pair_workload.tolist()):
            if not left[k] or works[w].promised_share <= 0:
                continue
            units = ledger.served[k] + (ready(ledger)[k] if hit[w] else 0.0)
            for leg in flows.legs:
                gb, link = leg.gb_per_unit[k], limits.get(leg.sites[k])
                if gb and link is not None:
                    found[link, key] = found.get((link, key), always[link]) + gb * units
    shape = len(found), len(axes.hours)
    flow = _stacked(list(found.values()), shape)
    links = [scenario.links[axes.records.links[code]] for code, _ in found]
    line = [float(ledger.private_gbps[code]) for code, _ in found]
    most = np.array([gb_per_hour((link.gbps or 0.0) + gbps) for link, gbps in zip(links, line, strict=True)])[:, None]
    what = "more data crosses the link after the failure than it carries"
    names, unit = [f"{axes.records.links[code]}/{key}" for code, key in found], ["GB per hour"] * len(found)
    return [by_period(what, names, unit, flow - most, scale_of(flow, np.broadcast_to(most, shape)))]


def carried(ledger: Ledger, contingency: Contingency) -> Floats:
    """(W, T) work units per hour that go on after it: what survives, and what its standby can serve."""
    left = _left(ledger, contingency)[:, None]
    return ledger.per_workload(np.where(left, ledger.served + ready(ledger), 0.0))


def ready(ledger: Ledger) -> Floats:
    """(K, T) work units per hour that standby can serve: e_k x c_k x accelerators."""
    most: Floats = ledger.axes.load_limit[ledger.pair_workload, ledger.pair_pool]
    found: Floats = np.where(ledger.standby != 0, (ledger.rate * most)[:, None] * ledger.standby, 0.0)
    return found


def _standby(ledger: Ledger, share: Floats) -> list[Rows]:
    """Where standby may be, and that the table says of it what it can do."""
    may = (share[ledger.pair_workload] > 0) & ledger.is_open & ~ledger.axes.is_deferrable[ledger.pair_workload]
    works = list(ledger.scenario.workloads.values())
    units = [f"{works[w].unit} per hour" for w in ledger.pair_workload.tolist()]
    count = ["accelerators"] * len(ledger.pairs)
    said, can = ledger.standby_units, ready(ledger)
    outside = np.where(may[:, None], 0.0, np.abs(ledger.standby))
    return [
        by_period("standby is kept where no promised work may run", ledger.pairs, count, outside, scale_of(outside)),
        by_period(
            "standby can serve something else than is said",
            ledger.pairs,
            units,
            np.abs(said - can),
            scale_of(said, can),
        ),
    ]


def _lost(ledger: Ledger, contingency: Contingency) -> NDArray[np.bool_]:
    """(P,) True where the pool fails."""
    sites, kind, record = ledger.scenario.sites, contingency.kind, contingency.record
    found = []
    for pool in ledger.scenario.pools.values():
        if kind == "spot":
            found.append(pool.purchase_option == "interruptible")
        else:
            found.append(record == (pool.site if kind == "site" else sites[pool.site].provider))
    return np.array(found, dtype=bool)


def _left(ledger: Ledger, contingency: Contingency) -> NDArray[np.bool_]:
    """(K,) True where the pair goes on."""
    return ~_lost(ledger, contingency)[ledger.pair_pool]


def _hit(ledger: Ledger, contingency: Contingency) -> NDArray[np.bool_]:
    """(W,) True where the failure takes a route, used or not, so that standby is called."""
    lost = _lost(ledger, contingency)
    return np.array(
        [any(lost[p] and not why for p, why in enumerate(row)) for row in ledger.axes.ruled_out], dtype=bool
    )


def _stacked(rows: list[Floats], shape: tuple[int, int]) -> Floats:
    return np.asarray(rows, dtype=np.float64).reshape(shape)
