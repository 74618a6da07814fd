"""Plans written by hand in which something fails: tables as they are meant, no solver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from builders import pool, rigid, scenario

from hybridplan.domain import Scenario
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    PROVISIONED_COLUMNS,
    REDISPATCH_COLUMNS,
    STANDBY_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    Plan,
    PlanTables,
    SolverRun,
    SolveStatus,
)

FIRST = pd.Timestamp("2026-06-01T00:00:00+00:00")

SITES: dict[str, Any] = {
    "fra": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
    "ber": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Berlin"},
    "dub": {"kind": "public", "provider": "cloud", "jurisdiction": "IE", "name": "Dublin"},
}
LINKS: dict[str, Any] = {
    "fra-ber": {"from_site": "fra", "to_site": "ber", "round_trip_ms": 10.0},
    "fra-dub": {"from_site": "fra", "to_site": "dub", "round_trip_ms": 30.0},
}
POOLS: dict[str, Any] = {
    "a": pool("owned", 20, 1.0, site="fra"),
    "b": pool("owned", 20, 1.0, site="ber"),
    "c": pool("on_demand", 50, 3.0, site="dub"),
}
FAILURES: dict[str, Any] = {
    "fra-lost": {"kind": "site", "record": "fra"},
    "ber-lost": {"kind": "site", "record": "ber"},
    "cut": {"kind": "link", "record": "fra-ber"},
}


def chat(demand: Sequence[float] = (10.0,), **fields: Any) -> dict[str, Any]:
    """Rigid work from Frankfurt that promises 80 %."""
    return rigid(list(demand), origin_site="fra", unit="requests", **{"promised_share": 0.8, **fields})


def estate(workloads: dict[str, Any], periods: int = 1, **fields: Any) -> Scenario:
    """Three sites with a pool each: a in Frankfurt, where the users sit, b in Berlin, c rented in Dublin."""
    given: dict[str, Any] = {"sites": SITES, "links": LINKS, "policy": {"contingencies": FAILURES}, **fields}
    pools = given.pop("pools", POOLS)
    return scenario(pools, workloads, periods=periods, **given)


def plan_of(
    made: Scenario,
    runs: Sequence[tuple[str, str, Sequence[float]]],
    *,
    standby: Sequence[tuple[str, str, Sequence[float]]] = (),
    redispatch: Sequence[tuple[str, str, str, Sequence[float]]] = (),
    unserved: Sequence[tuple[str, Sequence[float]]] = (),
    provisioned: dict[str, Sequence[float]] | None = None,
) -> Plan:
    """A plan over one block of hours in which one accelerator does one unit per hour.

    ``runs``, ``standby``: workload, pool, accelerators by hour; ``redispatch``: the same after a contingency.
    ``provisioned``: all that is used or stands by where it is not given.
    """
    (block, hours) = next(iter(made.horizon.blocks.items()))
    times = [FIRST + pd.Timedelta(hours=place) for place in range(hours.periods)]
    here = list(enumerate(times))
    used = {key: [0.0] * hours.periods for key in made.pools}
    for _, key, amounts in (*runs, *standby):
        used[key] = [old + new for old, new in zip(used[key], amounts, strict=True)]
    used |= {key: list(amounts) for key, amounts in (provisioned or {}).items()}
    tables = PlanTables(
        _frame(((w, p, block, at, n[t], n[t], n[t]) for w, p, n in runs for t, at in here), ALLOCATION_COLUMNS),
        _frame(((p, block, at, n[t], n[t], 0.0) for p, n in used.items() for t, at in here), PROVISIONED_COLUMNS),
        _frame(((w, block, at, n[t]) for w, n in unserved for t, at in here), UNSERVED_HOURLY_COLUMNS),
        pd.DataFrame(columns=list(UNSERVED_WINDOW_COLUMNS)),
        pd.DataFrame(
            [(key, one.capacity_accelerators) for key, one in made.pools.items() if one.purchase_option == "owned"],
            columns=["pool", "accelerators_kept"],
        ),
        standby=_frame(((w, p, block, at, n[t], n[t]) for w, p, n in standby for t, at in here), STANDBY_COLUMNS),
        redispatch=_frame(
            ((f, w, p, block, at, n[t], n[t]) for f, w, p, n in redispatch for t, at in here), REDISPATCH_COLUMNS
        ),
    )
    run = SolverRun("none", "", 0.0, 0.0, 1.0)
    return Plan(made, SolveStatus.OPTIMAL, run, pd.DataFrame(), tables=tables)


def _frame(rows: Any, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))
