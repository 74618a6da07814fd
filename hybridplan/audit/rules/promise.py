"""Promises: after any one contingency enough of what runs, stands by, or is placed anew is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.data import Flows, holds, legs_of, waits
from hybridplan.audit.failover import After, after, can, carried, standby_can
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.units import gb_per_hour

__all__ = ["After", "after", "carried", "promise", "promise_bandwidth"]


def promise(ledger: Ledger) -> list[Rows]:
    """share x (demand - unserved) <= what goes on, in work units per hour.

    Of dedicated work after each failure that hits it: what survivors serve + what their standby can. Of shared and cold
    work, all of it, after each failure that hits any of it: what is redispatched. Both can do what their accelerators
    do as busy as the latency objective after a failure allows, and are only where they may be.
    """
    return [_kept(ledger), *_standby(ledger), *_redispatch(ledger)]


def promise_bandwidth(ledger: Ledger) -> list[Rows]:
    """After a contingency promised work as it then runs, and what copies are sent, fit every limited link that is left.

    GB per hour, results to their backup included; what the link carries, and its private line beside it.
    """
    failures, flows, links = ledger.axes.failures, Flows(ledger), list(ledger.scenario.links.items())
    to_copies = flows.of_changes + flows.of_first_copies
    records, found, most = list[str](), list[Floats](), list[float]()
    for key, gone in zip(failures.ids, failures.taken, strict=True):
        left = after(ledger, key)
        sent = flows.sent(legs_of(ledger.scenario, left.workload, left.pool), left.units)
        for code, (name, link) in enumerate(links):
            if link.gbps is not None and (link.from_site, link.to_site) not in gone.ways:
                records.append(f"{name}/{key}")
                found.append(sent[code] + to_copies[code])
                most.append(gb_per_hour(link.gbps + float(ledger.private_gbps[code])))
    shape = len(records), len(ledger.axes.hours)
    flow, limit = _stacked(found, shape), np.broadcast_to(np.array(most, dtype=np.float64)[:, None], shape)
    what = "more data crosses the link after the failure than it carries"
    return [by_period(what, records, ["GB per hour"] * len(records), flow - limit, scale_of(flow, limit))]


def _kept(ledger: Ledger) -> Rows:
    """What is promised against what goes on."""
    failures, works = ledger.axes.failures, list(ledger.scenario.workloads.items())
    records, units, short, promised = list[str](), list[str](), list[Floats](), list[Floats]()
    for f, key in enumerate(failures.ids):
        asked_of = np.flatnonzero((failures.is_dedicated & failures.hits[f]) | (failures.is_shared & failures.moves[f]))
        left = carried(ledger, key) if asked_of.size else np.zeros((0, 0))
        for w in asked_of.tolist():
            name, work = works[w]
            records.append(f"{name}/{key}")
            units.append(f"{work.unit} per hour")
            short.append(work.promised_share * (ledger.axes.demand[w] - ledger.unserved[w]) - left[w])
            promised.append(scale_of(ledger.axes.demand[w], left[w]))
    what, shape = "less than promised is left after the failure", (len(records), len(ledger.axes.hours))
    return by_period(what, records, units, _stacked(short, shape), _stacked(promised, shape))


def _standby(ledger: Ledger) -> list[Rows]:
    """Where standby may be, and that the table says of it what it can do."""
    may = ledger.axes.failures.may_stand_by[ledger.pair_workload, ledger.pair_pool]
    outside = np.where(may[:, None], 0.0, np.abs(ledger.standby))
    return [
        _stray("standby is kept where it is of no use, or where no promised work may run", ledger.pairs, outside),
        _said(
            "standby can serve something else than is said",
            ledger,
            (ledger.pairs, ledger.pair_workload),
            ledger.standby_units,
            standby_can(ledger),
        ),
    ]


def _redispatch(ledger: Ledger) -> list[Rows]:
    """Where work may be placed after a failure, and that the table says of it what it can do."""
    axes, works = ledger.axes, ledger.redispatch_workload
    codes = (ledger.redispatch_failure.tolist(), works.tolist(), ledger.redispatch_pool.tolist())
    names = [f"{axes.workloads[w]}/{axes.pools[p]}/{axes.failures.ids[f]}" for f, w, p in zip(*codes, strict=True)]
    outside = np.where(_may_move(ledger), 0.0, np.abs(ledger.redispatched))
    return [
        _stray("work is placed after the failure where it may not run then", names, outside),
        _said(
            "what is placed after the failure can serve something else than is said",
            ledger,
            (names, works),
            ledger.redispatched_units,
            can(ledger),
        ),
    ]


def _may_move(ledger: Ledger) -> NDArray[np.bool_]:
    """(R, T) True for shared and cold work after a failure that hits any of it, on surviving pairs with its data."""
    failures, found = ledger.axes.failures, np.zeros(ledger.redispatched.shape, dtype=bool)
    codes = (ledger.redispatch_failure.tolist(), ledger.redispatch_workload.tolist(), ledger.redispatch_pool.tolist())
    for row, (f, w, p) in enumerate(zip(*codes, strict=True)):
        is_asked = failures.is_shared[w] and failures.moves[f]
        if is_asked and failures.may_take_over[w, p] and failures.left[f, w, p] and holds(ledger, w, p):
            found[row] = ~waits(ledger.axes, w, p)
    return found


def _stray(what: str, names: list[str], outside: Floats) -> Rows:
    """Judged by itself, so that no amount is too small to count."""
    return by_period(what, names, ["accelerators"] * len(names), outside, np.where(outside == 0, 1.0, outside))


def _said(what: str, ledger: Ledger, rows: tuple[list[str], Ints], said: Floats, does: Floats) -> Rows:
    """Units per hour as the table says them against what the accelerators can serve."""
    names, codes = rows
    works = list(ledger.scenario.workloads.values())
    units = [f"{works[w].unit} per hour" for w in codes.tolist()]
    return by_period(what, names, units, np.abs(said - does), scale_of(said, does))


def _stacked(rows: list[Floats], shape: tuple[int, int]) -> Floats:
    return np.asarray(rows, dtype=np.float64).reshape(shape)
