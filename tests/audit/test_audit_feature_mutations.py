"""A wrong plan never passes, with queues, elastic pools, gangs, curves and followers in one estate.

Four hours, weight 2, one accelerator does one unit per hour; all at home but for pool ``far``.

    workload  pool   busy        assigned    units       what holds it
    web       own    4 4 4 4     5 5 5 5     4 4 4 4     mean of 50 ms: at most 0.8 busy
    web       od     2 2 2 2     4 4 4 4     2 2 2 2     at most 0.8 busy; mean (4 x 50 + 2 x 20) / 6 = 40 of 45 ms
    job       plain  4 4 0 0     4 4 0 0     3 3 0 0     gangs of 2; 4 accelerators work as 3; one site
    next      plain  0 1 2 0     0 1 2 0     0 1 2 0     after job, which has done 0, 3, 6, 6

n: own 8 in whole nodes of 4, of 16, may power down; od 4 5 5 4 after an initial 4, an hour of lead time, ramps of 1,
2 h on, starts; plain the least, 4 5 2 0; far nothing. Unserved: web 1 in the last hour, job 1, next 0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from audit_cases import changed, merged
from audit_tables import broken, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import audit, certify
from hybridplan.domain import Scenario, require
from hybridplan.plan import Certificate, PlanTables

RENTED = {"sku": "S", "purchase_option": "on_demand", "capacity_accelerators": 20.0}


def _job(volume: float) -> dict[str, Any]:
    window = {"block": "b", "start": "2026-01-05T00:00:00Z", "end": "2026-01-05T04:00:00Z", "volume_units": volume}
    return {
        "kind": "training",
        "origin_site": "home",
        "flexibility": "deferrable",
        "windows": {"w": window},
        "unserved_usd_per_unit": 5.0,
        "throughput": {"S": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 2}},
    }


FULL: dict[str, Any] = {
    "schema_version": 1,
    "name": "Queues, elastic pools, whole things and jobs",
    "horizon": {"blocks": {"b": {"start": "2026-01-05T00:00:00Z", "periods": 4, "weight": 2.0}}},
    "sites": {site: {"kind": "public", "provider": "acme", "jurisdiction": "DE"} for site in ("home", "away")},
    "links": {"out": {"from_site": "home", "to_site": "away", "round_trip_ms": 5.0, "usd_per_gb": 0.0}},
    "pools": {
        "own": {
            "site": "home",
            "sku": "S",
            "purchase_option": "owned",
            "capacity_accelerators": 16.0,
            "price_usd_per_accelerator_hour": 0.5,
            "price_includes_energy": False,
            "electricity_usd_per_kwh": 0.5,
            "busy_kw": 1.0,
            "idle_kw": 0.5,
            "can_power_down": True,
            "whole_nodes": True,
            "accelerators_per_node": 4,
        },
        "od": {
            **RENTED,
            "site": "home",
            "price_usd_per_accelerator_hour": 2.0,
            "ramp_up_accelerators_per_hour": 1.0,
            "ramp_down_accelerators_per_hour": 1.0,
            "lead_time_hours": 1.0,
            "min_provisioned_accelerators": 3.0,
            "min_busy_share": 0.4,
            "min_on_hours": 2.0,
            "start_usd_per_node": 6.0,
            "accelerators_per_node": 2,
            "initial_provisioned_accelerators": 4.0,
        },
        "plain": {**RENTED, "site": "home", "price_usd_per_accelerator_hour": 1.5},
        "far": {**RENTED, "site": "away", "price_usd_per_accelerator_hour": 1.5},
    },
    "workloads": {
        "web": {
            "kind": "inference",
            "origin_site": "home",
            "demand_units_per_hour": {"b": [6.0, 6.0, 6.0, 7.0]},
            "unserved_usd_per_unit": 9.0,
            "throughput": {"S": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}},
            "latency_objective_ms": 50.0,
            "latency_statistic": "mean",
            "mean_latency_cap_ms": 45.0,
            "congestion_usd_per_unit_second": 3.0,
        },
        "job": _job(7.0)
        | {
            "one_site": True,
            "whole_replicas": True,
            "scaling": {
                "two": {"accelerators": 2.0, "efficiency_share": 1.0},
                "four": {"accelerators": 4.0, "efficiency_share": 0.75},
            },
        },
        "next": _job(3.5) | {"after": "job"},
    },
    "policy": {"queue_form": "tangents", "balance": {"form": "squared", "weight_usd_per_hour": 2.0}},
}
BUSY = {
    ("web", "own"): [4.0] * 4,
    ("web", "od"): [2.0] * 4,
    ("job", "plain"): [4.0, 4.0, 0.0, 0.0],
    ("next", "plain"): [0.0, 1.0, 2.0, 0.0],
}
ASSIGNED = {("web", "own"): [5.0] * 4, ("web", "od"): [4.0] * 4}
UNITS = {("job", "plain"): [3.0, 3.0, 0.0, 0.0]}
N = {"own": [8.0] * 4, "od": [4.0, 5.0, 5.0, 4.0]}


def full(**changes: Any) -> Scenario:
    return require(merged(FULL, changes))


def plan(
    busy: Any = None, assigned: Any = None, units: Any = None, n: Any = None, scenario: Scenario | None = None
) -> PlanTables:
    """The plan of the module's docstring, with parts replaced."""
    return plan_of(
        scenario or full(),
        BUSY | (busy or {}),
        assigned=ASSIGNED | (assigned or {}),
        units=UNITS | (units or {}),
        n=N | (n or {}),
    )


OBJECTIVE = audit(full(), plan()).objective_usd


def certificate(tables: PlanTables, scenario: Scenario | None = None) -> Certificate:
    """As if the valid plan had been found and proven."""
    return certify(audit(scenario or full(), tables), OBJECTIVE, OBJECTIVE, "solver", relaxation_bound_usd=0.0)


def test_the_plan_itself_passes_with_these_dollars() -> None:
    """usage: od 2 x 2 x 18 = 72, plain 1.5 x 2 x 11 = 33; owned 0.5 x 16 x 8 = 64; energy 0.5 x 8 x (4 + 2) = 24.

    start: half a node x 6 x 2 = 6; congestion: 8 h x (4 x 50 + 2 x 20) ms / 1000 x 3 = 5.76; balance: 2 x 8 x 16 / 16
    = 16; unserved: web 2 x 9, job 2 x 5, next 2 x 0.5 x 5: 33. Together 253.76.
    """
    report = audit(full(), plan())
    assert report.failures == ()
    paid = {term: usd for term, usd in (report.cost_usd | report.penalty_usd).items() if usd}
    assert paid == pytest.approx(
        {
            "usage": 105.0,
            "owned_fixed": 64.0,
            "energy": 24.0,
            "start": 6.0,
            "congestion": 5.76,
            "balance": 16.0,
            "unserved": 33.0,
        }
    )
    assert pytest.approx(253.76) == OBJECTIVE
    assert certificate(plan()).passed is True


NUMBERS = {
    "allocation": ("accelerators_busy", "accelerators_assigned", "units_per_hour"),
    "provisioned": ("accelerators_provisioned", "accelerators_available", "accelerators_busy"),
    "unserved_hourly": ("units_per_hour",),
    "unserved_windows": ("units",),
    "kept": ("accelerators_kept",),
}
CELLS: dict[str, Callable[[float], float]] = {
    "a thousandth less": lambda x: x * 0.999,
    "a ten-thousandth more": lambda x: x * 1.0001,
    "one more": lambda x: x + 1.0,
    "zero": lambda x: 0.0,
    "negative": lambda x: -x,
    "NaN": lambda x: float("nan"),
    "infinite": lambda x: float("inf"),
    "a thousandfold": lambda x: x * 1000,
}


@pytest.mark.parametrize("kind", CELLS)
def test_every_changed_number_is_refused(kind: str) -> None:
    """All cells of all tables; 0 becomes another number in some kinds only.

    One cell may differ a little: od has an accelerator to spare in hour 2, so a ten-thousandth more may be assigned
    there; what the shorter queue is worth, 2 h x 3 USD x 10 ms x 0.0004, is less than a millionth of the cost.
    """
    spare = {("a ten-thousandth more", "allocation", "accelerators_assigned", 6)}
    passed = []
    for table, columns in NUMBERS.items():
        for column in columns:
            for row in range(len(getattr(plan(), table))):
                tables = plan()
                frame = getattr(tables, table).copy()
                was = frame.loc[row, column]
                frame.loc[row, column] = CELLS[kind](was)
                if frame.loc[row, column] == was or (kind, table, column, row) in spare:
                    continue
                if certificate(changed(tables, table, frame)).passed is not False:
                    passed.append((table, column, row))
    assert passed == []


WRONG: dict[str, tuple[PlanTables, set[str]]] = {
    "a rented pool that is not elastic provisions more than its load": (
        plan(n={"plain": [4.0, 5.0, 2.0, 1.0]}),
        {"capacity"},
    ),
    "the work of one window moves to another site": (
        plan(
            busy={("job", "plain"): [4.0, 0.0, 0.0, 0.0], ("job", "far"): [0.0, 4.0, 0.0, 0.0]},
            units={("job", "plain"): [3.0, 0.0, 0.0, 0.0], ("job", "far"): [0.0, 3.0, 0.0, 0.0]},
        ),
        {"one_site"},
    ),
    "the follower starts with the work that it follows": (
        plan(busy={("next", "plain"): [1.0, 0.0, 2.0, 0.0]}),
        {"after"},
    ),
    "the follower does in hour 1 what is ready in hour 2": (
        plan(busy={("next", "plain"): [0.0, 3.25, 0.0, 0.0]}),
        {"after"},
    ),
    "more accelerators do more than they can": (
        plan(units={("job", "plain"): [4.0, 2.0, 0.0, 0.0]}),
        {"scaling"},
    ),
    "gains do not shrink": (plan(busy={("job", "plain"): [3.0, 3.0, 0.0, 0.0]}), {"scaling", "whole_replicas"}),
    "half a gang": (
        plan(busy={("job", "plain"): [4.0, 3.0, 2.0, 0.0]}, units={("job", "plain"): [2.5, 2.0, 1.5, 0.0]}),
        {"whole_replicas"},
    ),
    "a busier queue": (plan(assigned={("web", "own"): [4.9] * 4}), {"latency"}),
    "work moves to the pool with the longer queue": (
        plan(busy={("web", "own"): [5.0] * 4, ("web", "od"): [1.0] * 4}, assigned={("web", "own"): [6.25] * 4}),
        {"min_busy"},
    ),
    "a slower mean": (
        plan(assigned={("web", "od"): [2.7] * 4}),
        {"mean_latency"},
    ),
    "a part of a node is on": (plan(n={"own": [8.0, 8.0, 6.0, 8.0]}), {"whole_nodes"}),
    "less is on than is assigned": (plan(n={"own": [8.0, 4.0, 8.0, 8.0]}), {"provisioning"}),
    "it grows too fast": (plan(n={"od": [4.0, 5.1, 5.1, 4.1]}), {"ramp_up", "min_busy"}),
    "it shrinks too fast": (plan(n={"od": [4.0, 5.0, 5.0, 3.9]}), {"ramp_down", "provisioning"}),
    "it grows at another time, which no rule forbids": (plan(n={"od": [4.0, 4.5, 5.0, 4.0]}), set()),
    "it is too small": (
        plan(
            busy={("web", "od"): [2.0, 2.0, 2.0, 1.2]},
            assigned={("web", "od"): [4.0, 4.0, 4.0, 2.0]},
            n={"od": [4.0, 4.0, 4.0, 2.9]},
        ),
        {"min_provisioned", "ramp_down"},
    ),
    "it is too idle": (plan(n={"od": [5.0, 5.0, 5.0, 5.1]}), {"min_busy"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_plan_is_refused_by_name(name: str) -> None:
    """Each breaks the rule that it is about, or, where every rule still holds, its dollars are not those proven."""
    tables, expected = WRONG[name]
    assert broken(audit(full(), tables)) == expected
    assert certificate(tables).passed is False


@pytest.mark.parametrize(
    "change",
    [
        {"pools": {"od": {"start_usd_per_node": 6.01}}},
        {"pools": {"od": {"lead_time_hours": 2.0, "initial_provisioned_accelerators": 3.9}}},
        {"pools": {"od": {"min_on_hours": 4.0, "initial_provisioned_accelerators": 0.0}}},
        {"pools": {"od": {"min_provisioned_accelerators": 4.1}}},
        {"pools": {"od": {"min_busy_share": 0.41}}},
        {"pools": {"od": {"ramp_up_accelerators_per_hour": 0.99}}},
        {"pools": {"od": {"ramp_down_accelerators_per_hour": 0.99}}},
        {"pools": {"od": {"held_back_share": 0.1}}},
        {"pools": {"od": {"whole_nodes": True}}},
        {"pools": {"plain": {"whole_nodes": True, "accelerators_per_node": 2}}},
        {"pools": {"own": {"accelerators_per_node": 3}}},
        {"pools": {"own": {"can_power_down": False}}},
        {"pools": {"own": {"idle_kw": 0.501}}},
        {"workloads": {"web": {"latency_objective_ms": 49.9}}},
        {"workloads": {"web": {"latency_statistic": "p90"}}},
        {"workloads": {"web": {"latency_statistic": "no_queue", "max_load_share": 0.79}}},
        {"workloads": {"web": {"mean_latency_cap_ms": 39.9}}},
        {"workloads": {"web": {"congestion_usd_per_unit_second": 3.003}}},
        {"workloads": {"web": {"throughput": {"S": {"service_ms": 10.01}}}}},
        {"workloads": {"job": {"scaling": {"four": {"efficiency_share": 0.74}}}}},
        {"workloads": {"job": {"scaling": {"four": None}}}},
        {"workloads": {"job": {"throughput": {"S": {"accelerators_per_replica": 3}}}}},
        {"workloads": {"job": {"parallel_limit_accelerators": 3.9}}},
        {"workloads": {"next": {"whole_replicas": True}}},
        {"workloads": {"next": {"after_units_per_unit": 3.01}}},
        {"policy": {"balance": {"weight_usd_per_hour": 2.001}}},
        {"policy": {"balance": {"form": "largest"}}},
    ],
)
def test_a_rule_or_price_that_the_plan_never_saw_is_refused(change: dict[str, Any]) -> None:
    assert certificate(plan(), full(**change)).passed is False


@given(st.floats(1e-2, 1e2))
def test_a_plan_scales_with_all_its_amounts(factor: float) -> None:
    """Everything that counts accelerators or units times a factor, whole things apart: every dollar times it."""
    pools = {
        "own": {"capacity_accelerators": 16.0 * factor, "whole_nodes": False},
        "od": {
            "ramp_up_accelerators_per_hour": factor,
            "ramp_down_accelerators_per_hour": factor,
            "min_provisioned_accelerators": 3.0 * factor,
            "initial_provisioned_accelerators": 4.0 * factor,
        },
    }
    for name in ("od", "plain", "far"):
        pools.setdefault(name, {})["capacity_accelerators"] = 20.0 * factor
    points = {name: {"accelerators": amount * factor} for name, amount in (("two", 2.0), ("four", 4.0))}
    works = {
        "web": {"demand_units_per_hour": {"b": [6.0 * factor] * 3 + [7.0 * factor]}},
        "job": {"whole_replicas": False, "scaling": points, "windows": {"w": {"volume_units": 7.0 * factor}}},
        "next": {"windows": {"w": {"volume_units": 3.5 * factor}}},
    }
    tables = plan()
    for name, columns in NUMBERS.items():
        frame = getattr(tables, name)
        tables = changed(tables, name, frame.assign(**{column: frame[column] * factor for column in columns}))
    report = audit(full(pools=pools, workloads=works), tables)
    assert report.failures == ()
    assert report.objective_usd == pytest.approx(253.76 * factor, rel=1e-9)


def test_300_random_cells_of_nan_never_pass() -> None:
    random = np.random.default_rng(20260106)
    every = [(t, c, r) for t, columns in NUMBERS.items() for c in columns for r in range(len(getattr(plan(), t)))]
    base = plan()
    for _ in range(300):
        tables = base
        for table, column, row in (every[i] for i in random.integers(0, len(every), random.integers(1, 4))):
            frame = getattr(tables, table).copy()
            frame.loc[row, column] = np.nan
            tables = changed(tables, table, frame)
        assert not certificate(tables).passed
