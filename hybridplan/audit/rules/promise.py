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
    """After a contingency promised work, the standby of what it hit, and what copies are sent fit every limited link.

    GB per hour, results to their backup included; what the link carries, and its private line beside it.
    """
    links = list(ledger.scenario.links.items())
    flows, records, found, most = Flows(ledger), list[str](), list[Floats](), list[float]()
    for key, contingency in ledger.scenario.policy.contingencies.items():
        for code, flow in _after(ledger, flows, contingency).items():
            name, link = links[code]
            if link.gbps is not None:
                records.append(f"{name}/{key}")
                found.append(flow + flows.of_changes[code] + flows.of_first_copies[code])
                most.append(gb_per_hour(link.gbps + float(ledger.private_gbps[code])))
    shape = len(records), len(ledger.axes.hours)
    flow, limit = _stacked(found, shape), np.broadcast_to(np.array(most, dtype=np.float64)[:, None], shape)
    what = "more data crosses the link after the failure than it carries"
    return [by_period(what, records, ["GB per hour"] * len(records), flow - limit, scale_of(flow, limit))]


def _after(ledger: Ledger, flows: Flows, contingency: Contingency) -> dict[int, Floats]:
    """(T,) GB per hour of promised work and of called standby, by the code of each link that they use."""
    works = list(ledger.scenario.workloads.values())
    left, hit, can = _left(ledger, contingency), _hit(ledger, contingency), ready(ledger)
    found: dict[int, Floats] = {}
    for k, w in enumerate(ledger.pair_workload.tolist()):
        if not left[k] or works[w].promised_share <= 0:
            continue
        units = ledger.served[k] + (can[k] if hit[w] else 0.0)
        for leg in flows.legs:
            gb, code = leg.gb_per_unit[k], flows.link_of.get(leg.sites[k])
            if gb and code is not None:
                found[code] = found.get(code, np.zeros_like(units)) + gb * units
    return found


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
