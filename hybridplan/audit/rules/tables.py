"""Tables: the plan names only what exists, each thing once, in finite numbers that are not negative."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import FLOOR, Rows, by_period, once

_TABLES = (
    *("allocation", "provisioned", "unserved_hourly", "unserved_windows", "kept", "standby"),
    "redispatch",
    *("purchases", "covered", "private_flows", "copies", "syncs"),
)


def tables(ledger: Ledger) -> list[Rows]:
    """Faults of form count as rows broken, scale 1. A negative number is judged by its record's largest number."""
    faults = [[fault for fault in ledger.faults if fault.table == name] for name in _TABLES]
    words = ["; ".join(f"{fault.text} ({fault.rows} rows)" for fault in found) for found in faults]
    count = np.array([sum(fault.rows for fault in found) for found in faults], dtype=np.float64)
    return [once(words, _TABLES, ["rows"] * len(_TABLES), count, np.ones(len(_TABLES))), *_negatives(ledger)]


def _negatives(ledger: Ledger) -> list[Rows]:
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    pairs = [
        (f"{axes.workloads[w]}/{axes.pools[p]}", works[w].unit)
        for w, p in zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    ]
    routes, counted = [name for name, _ in pairs], ["accelerators"]
    per_hour = [f"{unit} per hour" for _, unit in pairs]
    pools, units = [*axes.pools], [f"{work.unit} per hour" for work in works]
    of_windows = [f"{axes.workloads[slot.workload]}/{slot.name}" for slot in axes.windows]
    owned = np.array([pool.purchase_option == "owned" for pool in ledger.scenario.pools.values()], dtype=bool)
    return [
        _negative("busy accelerators", routes, counted * len(routes), ledger.busy),
        _negative("assigned accelerators", routes, counted * len(routes), ledger.assigned),
        _negative("served units", routes, per_hour, ledger.units),
        _negative("accelerators on standby", routes, counted * len(routes), ledger.standby),
        _negative("provisioned accelerators", pools, counted * len(pools), ledger.provisioned),
        _negative("unserved units", axes.workloads, units, ledger.unserved),
        _negative_once(
            "unserved units", of_windows, [works[s.workload].unit for s in axes.windows], ledger.window_unserved
        ),
        _negative_once(
            "accelerators kept",
            [pool for pool, is_owned in zip(pools, owned.tolist(), strict=True) if is_owned],
            counted * int(owned.sum()),
            ledger.kept_said[owned],
        ),
        *_negatives_after_failures(ledger),
        *_negatives_of_choices(ledger),
    ]


def _negatives_after_failures(ledger: Ledger) -> list[Rows]:
    """What is placed after failures, and what it serves."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    codes = (ledger.redispatch_failure.tolist(), ledger.redispatch_workload.tolist(), ledger.redispatch_pool.tolist())
    rows = list(zip(*codes, strict=True))
    moved = [f"{axes.workloads[w]}/{axes.pools[p]}/{axes.failures.ids[f]}" for f, w, p in rows]
    units = [f"{works[w].unit} per hour" for _, w, _ in rows]
    return [
        _negative("accelerators after a failure", moved, ["accelerators"] * len(moved), ledger.redispatched),
        _negative("units served after a failure", moved, units, ledger.redispatched_units),
    ]


def _negatives_of_choices(ledger: Ledger) -> list[Rows]:
    """What is bought, covered, sent apart and in sync."""
    axes, records = ledger.axes, ledger.axes.records
    spend, counted = records.spend_commitments, ["accelerators"]
    covers = zip(ledger.covered_by.tolist(), ledger.covered_pool.tolist(), strict=True)
    covered = [f"{spend[c]}/{axes.pools[p]}" for c, p in covers]
    copies = zip(ledger.sync_dataset.tolist(), ledger.sync_site.tolist(), strict=True)
    synced = [f"{records.datasets[d]}/{records.sites[s]}" for d, s in copies]
    links, bought = [*records.links], [*records.expansions]
    new = [*records.commitments]
    return [
        _negative_once("new accelerators", new, counted * len(new), ledger.new_committed),
        _negative_once("new USD per hour", [*spend], ["USD per hour"] * len(spend), ledger.new_spend_usd_per_hour),
        _negative_once("accelerators bought", bought, counted * len(bought), ledger.bought),
        _negative_once("private lines", links, ["Gbit/s"] * len(links), ledger.private_gbps),
        _negative_once("shares of data", synced, ["of the data"] * len(synced), ledger.sync_share),
        _negative("covered accelerators", covered, counted * len(covered), ledger.covered),
        _negative("flows on private lines", links, ["GB per hour"] * len(links), ledger.private_flow),
    ]


def _negative(what: str, records: list[str] | tuple[str, ...], units: list[str], values: Floats) -> Rows:
    largest = np.max(np.abs(values), axis=1, keepdims=True, initial=FLOOR)
    return by_period(f"{what} are negative", records, units, -values, np.broadcast_to(largest, values.shape))


def _negative_once(what: str, records: list[str], units: list[str], values: Floats) -> Rows:
    return once(f"{what} are negative", records, units, -values, np.maximum(np.abs(values), FLOOR))
