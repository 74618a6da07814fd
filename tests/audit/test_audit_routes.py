"""Productivity and eligibility of routes against hand-worked figures."""

from __future__ import annotations

from math import sqrt
from typing import Any

import pytest
from audit_cases import estate, tables

from hybridplan.audit import audit, eligibility, units_per_accelerator_hour


def rate(pool: str = "spot", pools: dict[str, Any] | None = None, **web: Any) -> float:
    scenario = estate(workloads={"web": web}, pools={pool: pools or {}})
    return units_per_accelerator_hour(scenario, "web", pool)


def test_productivity_is_throughput_times_efficiency() -> None:
    """2 x 0.9 = 1.8."""
    assert rate("own", {"efficiency": 0.9}) == pytest.approx(1.8, rel=1e-15)


def test_interruptions_cost_restarts_where_there_is_no_checkpoint() -> None:
    """lambda x restart = 0.1 x 0.5 = 0.05: 2 x 0.95 = 1.9."""
    assert rate(pools={"interruptions_per_hour": 0.1}, restart_hours=0.5) == pytest.approx(1.9, rel=1e-15)


def test_the_checkpoint_interval_that_loses_least_is_taken() -> None:
    """c = 0.05, lambda = 0.1: tau = sqrt(1) = 1; 0.05 / 1 + 0.1 (0.5 + 0.2) = 0.12: 2 x 0.88 = 1.76."""
    found = rate(pools={"interruptions_per_hour": 0.1}, checkpoint_hours=0.05, restart_hours=0.2)
    assert found == pytest.approx(1.76, rel=1e-15)
    assert sqrt(2 * 0.05 / 0.1) == pytest.approx(1.0)


def test_a_given_checkpoint_interval_is_used() -> None:
    """tau = 2: 0.05 / 2 + 0.1 (1 + 0.2) = 0.145: 2 x 0.855 = 1.71; with c = 0: 0.1 x 1.2 = 0.12: 1.76."""
    pools = {"interruptions_per_hour": 0.1}
    given = {"checkpoint_interval_hours": 2.0, "restart_hours": 0.2}
    assert rate(pools=pools, checkpoint_hours=0.05, **given) == pytest.approx(1.71, rel=1e-15)
    assert rate(pools=pools, **given) == pytest.approx(1.76, rel=1e-15)


def test_no_overhead_without_interruptions_or_on_other_pools() -> None:
    work = {"checkpoint_hours": 0.05, "restart_hours": 0.5}
    assert rate(**work) == 2.0
    assert rate("od", {"interruptions_per_hour": 0.1}, **work) == 2.0


def test_an_overhead_of_all_the_time_is_no_route() -> None:
    """1 x 0.999 leaves 0.1 %; 1 x 1 leaves nothing."""
    pools = {"interruptions_per_hour": 1.0}
    assert rate(pools=pools, restart_hours=0.999) == pytest.approx(0.002, rel=1e-9)
    assert rate(pools=pools, restart_hours=1.0) == 0.0
    for restart, expected in ((0.999, True), (1.0, False)):
        scenario = estate(workloads={"web": {"restart_hours": restart}}, pools={"spot": pools})
        assert eligibility(scenario, "web", "spot")[0] is expected


def test_demand_is_met_with_what_interruptions_leave() -> None:
    """spot at 1.9: web on 2 and 3 yields 3.8 and 5.7 instead of 4 and 6: 0.2 of 20 and 0.3 of 30 are missing."""
    scenario = estate(pools={"spot": {"interruptions_per_hour": 0.1}}, workloads={"web": {"restart_hours": 0.5}})
    report = audit(scenario, tables())
    rigid = report.residuals.query("rule == 'rigid_demand'").iloc[0]
    assert rigid["relative"] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("pool", "changes", "reason"),
    [
        ("own", {}, ""),
        ("od", {}, ""),
        (
            "od",
            {"workloads": {"web": {"throughput": {"S": None, "T": {"units_per_accelerator_hour": 1.0}}}}},
            "no throughput on S",
        ),
        ("spot", {"workloads": {"web": {"interruptible": False}}}, "the work cannot be interrupted"),
        ("od", {"workloads": {"web": {"allowed_jurisdictions": ["DE"]}}}, "residency: NL is not allowed"),
        ("own", {"workloads": {"web": {"allowed_jurisdictions": ["DE"]}}}, ""),
        ("own", {"workloads": {"web": {"required_attributes": ["tee"]}}}, "attribute tee is missing"),
        (
            "own",
            {"workloads": {"web": {"required_attributes": ["tee"]}}, "pools": {"own": {"attributes": ["tee"]}}},
            "",
        ),
        ("od", {"workloads": {"web": {"allowed_sites": ["home"]}}}, "site cloud is not among the allowed sites"),
        ("od", {"workloads": {"web": {"denied_sites": ["cloud"]}}}, "site cloud is denied"),
        ("od", {"links": {"out": None}}, "no link from home to cloud"),
        ("od", {"links": {"back": None}}, "no link from cloud to home"),
        ("own", {"links": {"back": None, "out": None}}, ""),
        ("od", {"workloads": {"web": {"latency_objective_ms": 15.0}}}, ""),
        ("od", {"workloads": {"web": {"latency_objective_ms": 14.0}}}, "latency floor 15 ms is above 14 ms"),
        ("own", {"workloads": {"web": {"latency_objective_ms": 5.0}}}, ""),
        ("own", {"workloads": {"web": {"latency_objective_ms": 4.0}}}, "latency floor 5 ms is above 4 ms"),
    ],
)
def test_each_reason_why_a_pair_is_no_route(pool: str, changes: dict[str, Any], reason: str) -> None:
    """The round trip is that of the link out (10 ms), not of the link back (30 ms)."""
    assert eligibility(estate(**changes), "web", pool) == (not reason, reason)


def test_an_unknown_id_raises() -> None:
    with pytest.raises(KeyError):
        eligibility(estate(), "web", "nowhere")
    with pytest.raises(KeyError):
        units_per_accelerator_hour(estate(), "nobody", "own")
