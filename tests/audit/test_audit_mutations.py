"""A wrong plan never passes: every mutation of a valid plan is refused by its certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from audit_cases import STARTS, changed, estate, tables

from hybridplan.audit import audit, certify
from hybridplan.domain import Scenario
from hybridplan.plan import Certificate, PlanTables

OBJECTIVE = 395.9295
"""Worked out in test_audit_costs."""
TABLES = ("allocation", "provisioned", "unserved_hourly", "unserved_windows", "kept")
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
    "zero": lambda x: 0.0,
    "negative": lambda x: -x,
    "NaN": lambda x: float("nan"),
    "infinite": lambda x: float("inf"),
    "minus infinite": lambda x: float("-inf"),
    "a thousandfold": lambda x: x * 1000,
}


def certificate(plan: PlanTables, scenario: Scenario | None = None) -> Certificate:
    """Optimised value and bound as if the valid plan had been found and proven."""
    return certify(audit(scenario or estate(), plan), OBJECTIVE, OBJECTIVE, "weak duality")


def test_the_plan_itself_passes() -> None:
    found = certificate(tables())
    assert found.failures == ()
    assert found.passed is True
    assert abs(found.gap) < 1e-12


def cells() -> Iterator[tuple[str, str, int]]:
    plan = tables()
    for table in TABLES:
        for column in NUMBERS[table]:
            for row in range(len(getattr(plan, table))):
                yield table, column, row


@pytest.mark.parametrize("kind", CELLS)
def test_every_changed_number_is_refused(kind: str) -> None:
    """All cells of all tables. A reserved pool may be provisioned a little above need: nothing is paid for it."""
    passed = []
    for table, column, row in cells():
        plan = tables()
        frame = getattr(plan, table).copy()
        frame.loc[row, column] = CELLS[kind](frame.loc[row, column])
        is_slack = (kind, column, frame.loc[row].get("pool")) == (
            "a ten-thousandth more",
            "accelerators_provisioned",
            "res",
        )
        if not is_slack and certificate(changed(plan, table, frame)).passed is not False:
            passed.append((table, column, row))
    assert passed == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["dropped", "doubled"])
def test_every_dropped_or_doubled_row_is_refused(table: str, kind: str) -> None:
    plan = tables()
    frame = getattr(plan, table)
    for row in range(len(frame)):
        other = frame.drop(index=row) if kind == "dropped" else pd.concat([frame, frame.iloc[[row]]])
        assert not certificate(changed(plan, table, other)).passed, row


@pytest.mark.parametrize("table", ["allocation", "provisioned", "unserved_hourly"])
def test_every_moved_period_and_wrong_block_is_refused(table: str) -> None:
    plan = tables()
    for row in range(len(getattr(plan, table))):
        frame = getattr(plan, table).copy()
        now = frame.loc[row, "period_start"]
        for moment in (STARTS[0], STARTS[1], STARTS[0] - pd.Timedelta("2h"), now + pd.Timedelta("1h"), pd.NaT):
            if moment != now:
                frame.loc[row, "period_start"] = moment
                assert not certificate(changed(plan, table, frame)).passed
        wrong = getattr(plan, table).copy()
        wrong.loc[row, "block"] = "another"
        assert not certificate(changed(plan, table, wrong)).passed


def swapped(frame: pd.DataFrame, column: str, one: str, other: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].replace({one: "~", other: one}).replace({"~": other})})


@pytest.mark.parametrize(
    ("one", "other"), [("own", "od"), ("own", "spot"), ("own", "res"), ("od", "spot"), ("od", "res"), ("spot", "res")]
)
def test_permuted_pools_are_refused(one: str, other: str) -> None:
    plan = tables()
    for table in ("allocation", "provisioned"):
        frame = swapped(getattr(plan, table), "pool", one, other)
        assert not certificate(changed(plan, table, frame)).passed, table
    both = changed(plan, "allocation", swapped(plan.allocation, "pool", one, other))
    assert not certificate(changed(both, "provisioned", swapped(plan.provisioned, "pool", one, other))).passed


def test_permuted_workloads_are_refused() -> None:
    plan = tables()
    frame = swapped(plan.allocation, "workload", "web", "nightly")
    assert not certificate(changed(plan, "allocation", frame)).passed
    for row in range(len(plan.allocation)):
        frame = plan.allocation.copy()
        frame.loc[row, "workload"] = "web" if frame.loc[row, "workload"] == "nightly" else "nightly"
        assert not certificate(changed(plan, "allocation", frame)).passed


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -1.0])
def test_a_whole_table_of_one_value_is_refused(table: str, value: float) -> None:
    plan = tables()
    frame = getattr(plan, table).assign(**dict.fromkeys(NUMBERS[table], value))
    assert not certificate(changed(plan, table, frame)).passed


def test_a_plan_of_nothing_is_refused() -> None:
    plan = tables()
    for table in TABLES:
        plan = changed(plan, table, getattr(plan, table).iloc[:0])
    assert not certificate(plan).passed


@pytest.mark.parametrize("factor", [1000.0, 8.0, 0.125, 0.001])
def test_a_slip_in_the_unit_of_capacity_is_refused(factor: float) -> None:
    """Nodes of 8 taken for accelerators, or thousands for units, in the plan or in the scenario it is held against."""
    plan = tables()
    for columns in (["accelerators_provisioned"], ["accelerators_available"], list(NUMBERS["provisioned"])):
        frame = plan.provisioned.copy()
        frame[columns] *= factor
        assert not certificate(changed(plan, "provisioned", frame)).passed, columns
    for pool, capacity in (("own", 10.0), ("od", 20.0), ("spot", 20.0)):
        scenario = estate(pools={pool: {"capacity_accelerators": capacity * factor}})
        assert not certificate(plan, scenario).passed, pool


@pytest.mark.parametrize(
    "change",
    [
        {"pools": {"od": {"price_usd_per_accelerator_hour": 2.002}}},
        {"pools": {"spot": {"discount_share": 0.001}}},
        {"pools": {"own": {"price_usd_per_accelerator_hour": 0.5005}}},
        {"pools": {"own": {"busy_kw": 1.001}}},
        {"pools": {"own": {"electricity_usd_per_kwh": 0.2002}}},
        {"commitments": {"c": {"fee_usd_per_accelerator_hour": 0.7507}}},
        {"links": {"out": {"usd_per_gb": 0.0201}}},
        {"links": {"back": {"usd_per_gb": 0.0401}}},
        {"policy": {"carbon_usd_per_tonne": 50.1}},
        {"sites": {"cloud": {"pue": 1.21}}},
        {"workloads": {"web": {"unserved_usd_per_unit": 7.007}}},
        {"workloads": {"nightly": {"unserved_usd_per_unit": 5.005}}},
        {"workloads": {"web": {"route_cost_usd_per_unit": {"od": 0.0101}}}},
        {"horizon": {"blocks": {"b": {"weight": 3.003}}}},
        {"horizon": {"blocks": {"b": {"price_factor": 1.001}}}},
    ],
)
def test_another_price_is_refused(change: dict[str, object]) -> None:
    """The plan keeps every rule, but its dollars are not those that were optimised."""
    found = certificate(tables(), estate(**change))
    assert not found.passed
    assert any(failure.startswith("objective") for failure in found.failures)


@pytest.mark.parametrize(
    "change",
    [
        {"workloads": {"web": {"allowed_jurisdictions": ["DE"]}}},
        {"workloads": {"nightly": {"allowed_jurisdictions": ["DE"]}}},
        {"workloads": {"web": {"latency_objective_ms": 12.0}}},
        {"links": {"out": {"gbps": 0.02}}},
        {"links": {"back": {"gbps": 0.002}}},
        {"links": {"out": None, "back": None}},
        {"policy": {"budget": {"usd": 260.0}}},
        {"policy": {"carbon_cap": {"tonnes": 0.062}}},
        {"policy": {"provider_share_cap": 0.56}},
        {"workloads": {"web": {"must_serve": True}}},
        {"workloads": {"web": {"interruptible": False}}},
        {"workloads": {"web": {"interruptible_share_cap": 0.1}}},
        {"workloads": {"nightly": {"parallel_limit_accelerators": 3.0}}},
    ],
)
def test_a_rule_that_the_plan_never_saw_is_refused(change: dict[str, object]) -> None:
    found = certificate(tables(), estate(**change))
    assert not found.passed
    assert found.max_residual > 1e-6 or np.isnan(found.max_residual)


def test_300_random_cells_of_nan_never_pass() -> None:
    """A check written ``if residual > tolerance: fail`` would let all of them through."""
    random = np.random.default_rng(20260105)
    every = list(cells())
    for _ in range(300):
        plan = tables()
        for table, column, row in (every[i] for i in random.integers(0, len(every), random.integers(1, 6))):
            frame = getattr(plan, table).copy()
            frame.loc[row, column] = np.nan
            plan = changed(plan, table, frame)
        assert not certificate(plan).passed
