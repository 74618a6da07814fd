"""Jobs and whole things: gangs, whole nodes, one site, work that follows other work, gains that shrink.

Two sites, ``a`` with pools ``a1`` and ``a2`` and ``z`` with pool ``z1``, all rented with 20 accelerators at 1 USD. Four
hours, in block b. Job ``first`` has 24 units in its window (all four hours), job ``second`` 8.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from audit_cases import merged
from audit_tables import broken, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit
from hybridplan.domain import Scenario, require


def _pool(site: str) -> dict[str, Any]:
    return {
        "site": site,
        "sku": "S",
        "purchase_option": "on_demand",
        "capacity_accelerators": 20.0,
        "price_usd_per_accelerator_hour": 1.0,
    }


def _job(volume: float) -> dict[str, Any]:
    window = {"block": "b", "start": "2026-01-05T00:00:00Z", "end": "2026-01-05T04:00:00Z", "volume_units": volume}
    return {
        "kind": "training",
        "unit": "steps",
        "origin_site": "a",
        "flexibility": "deferrable",
        "windows": {"w": window},
        "unserved_usd_per_unit": 5.0,
        "throughput": {"S": {"units_per_accelerator_hour": 2.0, "accelerators_per_replica": 4}},
    }


JOBS: dict[str, Any] = {
    "schema_version": 1,
    "name": "Two jobs at two sites",
    "horizon": {"blocks": {"b": {"start": "2026-01-05T00:00:00Z", "periods": 4}}},
    "sites": {site: {"kind": "public", "provider": "acme", "jurisdiction": "DE"} for site in ("a", "z")},
    "links": {"out": {"from_site": "a", "to_site": "z", "round_trip_ms": 20.0, "usd_per_gb": 0.0}},
    "pools": {"a1": _pool("a"), "a2": _pool("a"), "z1": _pool("z")},
    "workloads": {"first": _job(24.0), "second": _job(8.0)},
}
NONE = [0.0] * 4


def case(*changes: dict[str, Any], first: Any = None, second: Any = None) -> Scenario:
    document: Any = JOBS
    for change in (*changes, {"workloads": {"first": first or {}, "second": second or {}}}):
        document = merged(document, change)
    return require(document)


def report_of(scenario: Scenario, first: Any, second: Any = None, **given: Any) -> AuditReport:
    """Busy accelerators by pool."""
    busy = {("first", pool): values for pool, values in first.items()}
    busy |= {("second", pool): values for pool, values in (second or {}).items()}
    return audit(scenario, plan_of(scenario, busy, **given))


def test_a_job_may_be_spread_unless_told_otherwise() -> None:
    """2 x (1 + 2 + 3 + 6) = 24 units."""
    work = {"a1": [1.0, 0.0, 0.0, 0.0], "a2": [0.0, 2.0, 3.0, 0.0], "z1": [0.0, 0.0, 0.0, 6.0]}
    assert report_of(case(), work).failures == ()
    assert broken(report_of(case(first={"one_site": True}), work)) == {"one_site"}


def test_pools_of_one_site_may_share_the_work_of_a_window() -> None:
    work = {"a1": [1.0, 0.0, 0.0, 0.0], "a2": [0.0, 2.0, 3.0, 6.0], "z1": NONE}
    assert report_of(case(first={"one_site": True}), work).failures == ()
    row = report_of(case(first={"one_site": True}), work).residuals.query("rule == 'one_site'").iloc[0]
    assert (row["record"], row["unit"], row["violation"]) == ("first/w", "accelerator-hours", 0.0)


@pytest.mark.parametrize(("elsewhere", "expected"), [(1e-4, {"one_site"}), (1.0, {"one_site"}), (0.0, set())])
def test_work_at_another_site_is_refused(elsewhere: float, expected: set[str]) -> None:
    work = {"a1": [4.0, 4.0, 4.0, 0.0], "z1": [elsewhere, 0.0, 0.0, 0.0]}
    volume = {"windows": {"w": {"volume_units": 24.0 + 2 * elsewhere}}}
    assert broken(report_of(case(first={"one_site": True} | volume), work)) == expected


def test_each_window_may_choose_its_own_site() -> None:
    """Hours 0 and 1 at a, hours 2 and 3 at z; another job may be elsewhere."""
    halves = {
        "w": {"end": "2026-01-05T02:00:00Z", "volume_units": 12.0},
        "x": {
            "block": "b",
            "start": "2026-01-05T02:00:00Z",
            "end": "2026-01-05T04:00:00Z",
            "volume_units": 12.0,
        },
    }
    scenario = case(first={"one_site": True, "windows": halves})
    work = {"a1": [3.0, 3.0, 0.0, 0.0], "z1": [0.0, 0.0, 3.0, 3.0]}
    assert report_of(scenario, work, {"z1": [4.0, 0.0, 0.0, 0.0]}).failures == ()
    stray = {"a1": [3.0, 2.0, 0.0, 0.0], "z1": [0.0, 1.0, 3.0, 3.0]}
    found = report_of(scenario, stray)
    assert broken(found) == {"one_site"}
    assert "one_site, first/w:" in found.failures[0]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([0.0, 1.0, 1.0, 1.0], set()),
        ([0.0, 1.01, 0.0, 0.0], {"after"}),
        ([0.1, 0.0, 0.0, 0.0], {"after"}),
        ([0.0, 0.0, 0.0, 3.0], set()),
        ([0.0, 0.0, 0.0, 3.01], {"after"}),
        ([0.0, 0.0, 2.0, 0.0], set()),
        ([0.0, 0.0, 2.01, 0.0], {"after"}),
    ],
)
def test_the_follower_is_never_ahead(second: list[float], expected: set[str]) -> None:
    """first does 2 units in each hour; second may have done 0, 2, 4, 6 units by the end of hours 0 to 3."""
    assert broken(report_of(case(second={"after": "first"}), {"a1": [1.0] * 4}, {"z1": second})) == expected


@pytest.mark.parametrize(("units", "expected"), [(3.0, set()), (3.01, {"after"}), (2.0, set())])
def test_units_that_one_unit_needs(units: float, expected: set[str]) -> None:
    """2 units of second by hour 3 need 3 x 2 = 6 of first, which has done 6 by hour 2."""
    follower = {"after": "first", "after_units_per_unit": units}
    report = report_of(case(second=follower), {"a1": [1.0] * 4}, {"a1": [0.0, 0.0, 0.0, 1.0]})
    assert broken(report) == expected


def test_the_follower_counts_within_its_block_by_hours() -> None:
    """Block c, two periods of 2 h: first does 2 x 2 h = 4 units in its first; what block b has done does not count."""
    later = {"block": "c", "start": "2026-01-12T00:00:00Z", "end": "2026-01-12T04:00:00Z", "volume_units": 16.0}
    two = {
        "horizon": {"blocks": {"c": {"start": "2026-01-12T00:00:00Z", "periods": 2, "period_hours": 2.0}}},
        "workloads": {name: {"windows": {"x": later}} for name in ("first", "second")},
    }
    scenario = case(two, second={"after": "first"})
    first = [3.0, 3.0, 3.0, 3.0, 1.0, 1.0]
    for second, expected in (
        ([0.0, 1.0, 1.0, 0.0, 0.0, 1.0], set()),
        ([0.0, 1.0, 1.0, 0.0, 0.0, 1.01], {"after"}),
        ([0.0, 1.0, 1.0, 0.0, 0.1, 0.0], {"after"}),
    ):
        assert broken(report_of(scenario, {"a1": first}, {"a1": second})) == expected


def test_work_may_follow_rigid_work() -> None:
    """first as demand of 2 units per hour: second may do 2 units in hour 1."""
    rigid = {"flexibility": "rigid", "windows": None, "demand_units_per_hour": {"b": [2.0] * 4}}
    scenario = case({"workloads": {"first": rigid}}, second={"after": "first"})
    for amount, expected in ((1.0, set()), (1.01, {"after"})):
        report = report_of(scenario, {"a1": [1.0] * 4}, {"a1": [0.0, amount, 0.0, 0.0]})
        assert broken(report) == expected


CURVE = {
    "one": {"accelerators": 2.0, "efficiency_share": 1.0},
    "two": {"accelerators": 6.0, "efficiency_share": 0.5},
    "fast": {"interconnect": "nvlink", "accelerators": 8.0, "efficiency_share": 0.75},
}
"""Without an interconnect: 2 accelerators work as 2, 6 as 3; with nvlink 8 work as 6."""


@pytest.mark.parametrize(
    ("pool", "busy", "units", "expected"),
    [
        ("a1", 2.0, 4.0, set()),
        ("a1", 2.0, 4.01, {"scaling"}),
        ("a1", 1.0, 2.0, set()),
        ("a1", 4.0, 5.0, set()),
        ("a1", 4.0, 5.01, {"scaling"}),
        ("a1", 4.0, 3.0, set()),
        ("a1", 6.0, 6.0, set()),
        ("a1", 6.01, 6.0, {"scaling"}),
        ("a1", 0.0, 0.01, {"scaling"}),
        ("z1", 6.0, 9.0, set()),
        ("z1", 6.0, 9.01, {"scaling"}),
        ("z1", 8.0, 12.0, set()),
        ("z1", 8.01, 12.0, {"scaling"}),
    ],
)
def test_scaling(pool: str, busy: float, units: float, expected: set[str]) -> None:
    """e = 2. a1: 4 accelerators lie half way from 2 to 3: 2.5 x 2 = 5 units; z1 (nvlink): 6 work as 4.5: 9 units."""
    scenario = case({"pools": {"z1": {"interconnect": "nvlink"}}}, first={"scaling": CURVE})
    key = ("first", pool)
    plan = plan_of(scenario, {key: [busy, 0.0, 0.0, 0.0]}, units={key: [units, 0.0, 0.0, 0.0]})
    assert broken(audit(scenario, plan)) == expected


def test_units_are_what_was_done_not_what_is_busy() -> None:
    """4 busy do 5 units of 24 in their hour; 19 stay unserved: 19 x 5 USD; 4 accelerators are billed: 4 USD.

    Without points the same table does not add up: 4 accelerators do 8 units.
    """
    key = ("first", "a1")
    given: dict[str, Any] = {"busy": {key: [4.0, 0.0, 0.0, 0.0]}, "units": {key: [5.0, 0.0, 0.0, 0.0]}}
    scenario = case({"workloads": {"first": {"route_cost_usd_per_unit": {"a1": 0.1}}}}, first={"scaling": CURVE})
    report = audit(scenario, plan_of(scenario, **given))
    assert report.failures == ()
    assert report.unserved["first"].quantity == pytest.approx(19.0)
    assert report.cost_usd["usage"] == pytest.approx(4.0)
    assert report.cost_usd["route"] == pytest.approx(0.5)
    assert broken(audit(case(), plan_of(case(), **given))) == {"routes", "window_demand"}


def test_points_of_another_interconnect_say_nothing() -> None:
    """Points for nvlink alone: on a1, which has none, 7 accelerators do all of their 14 units."""
    scenario = case(first={"scaling": {"fast": CURVE["fast"]}})
    assert report_of(scenario, {"a1": [7.0, 0.0, 0.0, 0.0]}).failures == ()


@given(st.floats(0.0, 6.0, allow_subnormal=False), st.floats(0.0, 6.0, allow_subnormal=False))
def test_what_more_accelerators_do_lies_below_every_line_through_the_points(one: float, other: float) -> None:
    """The curve of a1 is min(y, 2 + (y - 2) / 4): exactly that passes, a thousandth more does not."""
    scenario = case(first={"scaling": CURVE})
    key = ("first", "a1")
    most = [2.0 * min(y, 2.0 + (y - 2.0) / 4.0) for y in (one, other)]
    busy = {key: [one, other, 0.0, 0.0]}
    assert broken(audit(scenario, plan_of(scenario, busy, units={key: [*most, 0.0, 0.0]}))) == set()
    assert broken(audit(scenario, plan_of(scenario, busy, units={key: [most[0], most[1] + 0.1, 0.0, 0.0]}))) == {
        "scaling"
    }


@pytest.mark.parametrize(
    ("assigned", "expected"),
    [
        (4.0, set()),
        (8.0, set()),
        (0.0, {"routes"}),
        (3.0, {"whole_replicas"}),
        (4.01, {"whole_replicas"}),
        (4.0000001, set()),
        (2.9, {"routes", "whole_replicas"}),
    ],
)
def test_gangs_are_assigned_whole(assigned: float, expected: set[str]) -> None:
    """3 busy accelerators need a gang of 4, or two; none assigned is whole, but fewer than are busy."""
    key = ("first", "a1")
    scenario = case(first={"whole_replicas": True})
    plan = plan_of(scenario, {key: [3.0, 0.0, 0.0, 0.0]}, assigned={key: [assigned, 0.0, 4.0, 0.0]})
    assert broken(audit(scenario, plan)) == expected


def test_gangs_are_counted_in_each_pool() -> None:
    """2 + 2 in two pools are no gang of 4."""
    scenario = case(first={"whole_replicas": True})
    work = {"a1": [2.0, 0.0, 0.0, 0.0], "a2": [2.0, 0.0, 0.0, 0.0]}
    assert broken(report_of(scenario, work)) == {"whole_replicas"}


def test_the_parallel_limit_counts_whole_gangs() -> None:
    """3 busy of 4 assigned: a limit of 3.9 is broken, one of 4 is not."""
    key = ("first", "a1")
    for limit, expected in ((4.0, set()), (3.9, {"parallel_limit"})):
        scenario = case(first={"whole_replicas": True, "parallel_limit_accelerators": limit})
        plan = plan_of(scenario, {key: [3.0, 0.0, 0.0, 0.0]}, assigned={key: [4.0, 0.0, 0.0, 0.0]})
        assert broken(audit(scenario, plan)) == expected


def test_gangs_are_billed_whole() -> None:
    """3 busy of 4 assigned: 4 accelerator-hours at 1 USD, on the workload that holds them."""
    key = ("first", "a1")
    scenario = case(first={"whole_replicas": True})
    plan = plan_of(scenario, {key: [3.0, 0.0, 0.0, 0.0]}, assigned={key: [4.0, 0.0, 0.0, 0.0]})
    lines = audit(scenario, plan).cost_lines.query("term == 'usage'")
    assert lines[["workload", "pool", "usd"]].to_numpy().tolist() == [["first", "a1", 4.0]]


NODES = {"whole_nodes": True, "accelerators_per_node": 8}


@pytest.mark.parametrize(
    ("n", "expected"),
    [(8.0, set()), (16.0, set()), (7.0, {"whole_nodes"}), (8.001, {"whole_nodes"}), (9.0, {"whole_nodes"})],
)
def test_rented_nodes_are_provisioned_whole(n: float, expected: set[str]) -> None:
    """6 busy accelerators in nodes of 8."""
    scenario = case({"pools": {"a1": NODES}})
    assert broken(report_of(scenario, {"a1": [6.0, 0.0, 0.0, 0.0]}, n={"a1": [n, 0.0, 0.0, 8.0]})) == expected


@pytest.mark.parametrize(
    ("pool", "n", "kept", "expected"),
    [
        ({"owned_cost": "avoidable"}, 16.0, 16.0, set()),
        ({"owned_cost": "avoidable"}, 15.0, 15.0, {"whole_nodes"}),
        ({"owned_cost": "sunk"}, 20.0, 20.0, set()),
        ({"owned_cost": "avoidable", "can_power_down": True}, 8.0, 16.0, set()),
        ({"owned_cost": "avoidable", "can_power_down": True}, 8.0, 15.0, {"whole_nodes"}),
        ({"owned_cost": "avoidable", "can_power_down": True}, 7.0, 16.0, {"whole_nodes"}),
        ({"owned_cost": "sunk", "can_power_down": True}, 8.0, 20.0, set()),
        ({"owned_cost": "sunk", "can_power_down": True}, 7.0, 20.0, {"whole_nodes"}),
    ],
)
def test_owned_nodes_are_kept_or_on_whole(pool: dict[str, Any], n: float, kept: float, expected: set[str]) -> None:
    """20 installed in nodes of 8: what is sunk is kept, part of a node or not; what is chosen is whole."""
    scenario = case({"pools": {"a1": NODES | pool | {"purchase_option": "owned"}}})
    plan = plan_of(scenario, {("first", "a1"): [6.0, 0.0, 0.0, 0.0]}, n={"a1": [n] * 4}, kept={"a1": kept})
    assert broken(audit(scenario, plan)) == expected


def test_a_kept_pool_in_maintenance_may_be_on_in_parts() -> None:
    """16 kept, 3/4 up in hour 0: 12 are on."""
    pool = NODES | {"purchase_option": "owned", "owned_cost": "avoidable", "up_share": {"b": [0.75, 1.0, 1.0, 1.0]}}
    scenario = case({"pools": {"a1": pool}})
    plan = plan_of(scenario, {("first", "a1"): [3.0] * 4}, kept={"a1": 16.0})
    assert broken(audit(scenario, plan)) == set()


def test_whole_numbers_that_are_none_are_refused() -> None:
    scenario = case({"pools": {"a1": NODES}}, first={"whole_replicas": True})
    for value in (np.nan, np.inf):
        key = ("first", "a1")
        plan = plan_of(scenario, {key: [3.0, 0.0, 0.0, 0.0]}, assigned={key: [value] * 4}, n={"a1": [value] * 4})
        assert {"whole_nodes", "whole_replicas"} <= broken(audit(scenario, plan))
