"""Prices and caps on mean latency, squared balance: cones against cutting planes, straight lines against cones."""

from __future__ import annotations

from functools import cache

import pytest
from builders import pool, rigid, scenario
from curved_documents import curved_document
from cutting_planes import CuttingPlanes

from hybridplan.audit import audit
from hybridplan.domain import require
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan


def solved(document: dict[str, object]) -> Plan:
    plan = optimise(require(document))
    assert plan.status.has_plan, (plan.status, plan.certificate, plan.solver)
    assert plan.tables is not None
    assert audit(plan.scenario, plan.tables).ok
    return plan


@cache
def by_cones(seed: int) -> Plan:
    """The plan of a random scenario as it stands."""
    return solved(curved_document(seed))


@pytest.mark.parametrize("start", range(0, 60, 12))
def test_cones_agree_with_cutting_planes(start: int) -> None:
    """60 scenarios, to 1e-6 relative."""
    for seed in range(start, start + 12):
        plan = by_cones(seed)
        assert plan.kind == "conic"
        expected = CuttingPlanes(plan.scenario).curved_objective()
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-5), seed
        assert plan.certificate is not None
        assert plan.certificate.bound_usd <= expected + 1e-6 * max(1.0, abs(expected)), seed


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_straight_lines_enclose_the_exact_optimum(start: int) -> None:
    """bound of the lines <= exact optimum <= audited cost of their plan <= exact optimum + stated error."""
    for seed in range(start, start + 10):
        document = curved_document(seed, caps=False)
        exact = CuttingPlanes(require(document)).curved_objective()
        assert exact is not None
        plan = solved({**document, "policy": {**document["policy"], "queue_form": "tangents"}})
        certificate, slack = plan.certificate, 1e-6 * max(1.0, abs(exact))
        assert certificate is not None
        assert plan.kind == "linear"
        assert certificate.bound_usd <= exact + slack, seed
        assert certificate.optimised_usd <= exact + slack, seed
        assert exact - slack <= plan.objective_usd <= exact + certificate.tangent_error_usd + slack, seed
        assert plan.objective_usd == pytest.approx(certificate.optimised_usd + certificate.tangent_error_usd, rel=1e-7)
        assert plan.objective_usd - certificate.bound_usd >= certificate.tangent_error_usd - slack


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_chords_keep_the_cap_and_cost_a_little_more(start: int) -> None:
    """A cap by straight lines is on the safe side: the exact rule holds, at a cost not below the exact optimum."""
    for seed in range(start, start + 10):
        document = curved_document(seed)
        if not any("mean_latency_cap_ms" in work for work in document["workloads"].values()):
            continue
        exact = by_cones(seed).objective_usd
        plan = solved({**document, "policy": {**document["policy"], "queue_form": "tangents"}})
        assert plan.objective_usd >= exact - 1e-6 * max(1.0, abs(exact)), seed


def test_a_price_of_zero_is_no_price() -> None:
    """Without the price nothing is assigned beyond the load: 6 x 2 = 12, a linear plan."""
    for fields in ({}, {"congestion_usd_per_unit_second": 0.0}):
        plan = optimise(scenario({"c": pool("on_demand", 50, 2.0)}, {"w": rigid([6], **fields)}))
        assert plan.kind == "linear"
        assert plan.objective_usd == pytest.approx(12.0)


def test_a_small_price_comes_close_to_the_linear_plan() -> None:
    """At most 80 % busy: 6 / 0.8 = 7.5 accelerators x 2 = 15. The price adds 6 x 1 s / (1 - 0.8) x 1e-6 at most."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    fields = {"throughput": through, "max_load_share": 0.8, "congestion_usd_per_unit_second": 1e-6}
    plan = optimise(scenario({"c": pool("on_demand", 50, 2.0)}, {"w": rigid([6], **fields)}))
    assert 15.0 - 1e-5 <= plan.objective_usd <= 15.0 + 6 * 5 * 1e-6 + 1e-5


def test_the_best_number_of_idle_accelerators_is_a_square_root() -> None:
    """One route, 10 units per hour, s = 1 s, price of a second P = 0.9 USD, accelerators at 0.1 USD per hour.

    Cost = 0.1 a + 0.9 (10 + 100 / (a - 10)). Its slope is 0 at (a - 10)^2 = 0.9 x 100 / 0.1 = 900: a = 40.
    4 + 0.9 (10 + 100 / 30) = 4 + 12 = 16; usage 4, "congestion" 12.
    """
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    work = rigid([10], throughput=through, congestion_usd_per_unit_second=0.9)
    plan = optimise(scenario({"c": pool("on_demand", 500, 0.1)}, {"w": work}))
    assert plan.kind == "conic"
    assert plan.objective_usd == pytest.approx(16.0, rel=1e-6)
    assert plan.cost_usd["usage"] == pytest.approx(4.0, rel=1e-3)
    assert plan.penalty_usd["congestion"] == pytest.approx(12.0, rel=1e-3)
    assert plan.tables is not None
    assert plan.tables.allocation["accelerators_assigned"].sum() == pytest.approx(40.0, rel=1e-3)


def test_congestion_is_not_part_of_the_budget() -> None:
    """As above; 4 USD of budget suffice for 40 accelerators. With 2 USD there are 20: 2 + 0.9 (10 + 10) = 20."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    work = rigid([10], throughput=through, congestion_usd_per_unit_second=0.9)
    for usd, total in ((4.001, 16.0), (2.0, 20.0)):
        policy = {"budget": {"usd": usd}}
        plan = optimise(scenario({"c": pool("on_demand", 500, 0.1)}, {"w": work}, policy=policy))
        assert plan.objective_usd == pytest.approx(total, rel=1e-5)


def test_users_far_away_wait_for_the_round_trip_too() -> None:
    """With the best number of accelerators a unit costs price + 0.9 (1 + trip) + 2 sqrt(0.9 x price), as above.

    Near at 0.4: 0.4 + 0.9 + 1.2 = 2.5. Far at 0.1: 0.1 + 0.9 + 0.9 trip + 0.6 = 1.6 + 0.9 trip. Equal at a trip of
    1 s: at 0.9 s all 10 run far for 24.1, at 1.1 s all run near for 25.
    """
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    work = rigid([10], throughput=through, congestion_usd_per_unit_second=0.9)
    for trip_ms, total in ((900.0, 24.1), (1100.0, 25.0)):
        plan = optimise(
            scenario(
                {"near": pool("on_demand", 500, 0.4), "far": pool("on_demand", 500, 0.1, site="far")},
                {"w": work},
                sites={
                    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
                    "far": {"kind": "public", "provider": "x", "jurisdiction": "US"},
                },
                links={"out": {"from_site": "here", "to_site": "far", "round_trip_ms": trip_ms}},
            )
        )
        assert plan.objective_usd == pytest.approx(total, rel=1e-5), trip_ms
