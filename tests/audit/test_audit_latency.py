"""Latency: service time by what is timed, load limits, queues, their price and their cap, against hand arithmetic.

The estate is ONE_POOL of audit_tables with an empty sibling site ``away``, 20 ms off, where pool ``far`` is rented.
One request takes 10 ms; demand is 4 requests per hour in each of four hours.
"""

from __future__ import annotations

from typing import Any

import pytest
from audit_tables import ONE_POOL, broken, one_pool, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit, certify, eligibility
from hybridplan.audit.routes import latency_factor, latency_floor_ms, load_limit, service_ms
from hybridplan.domain import Scenario

AWAY: dict[str, Any] = {
    "sites": {"away": {"kind": "public", "provider": "acme", "jurisdiction": "DE"}},
    "links": {
        "out": {"from_site": "home", "to_site": "away", "round_trip_ms": 20.0, "usd_per_gb": 0.0},
    },
    "pools": {
        "far": {
            "site": "away",
            "sku": "S",
            "purchase_option": "on_demand",
            "capacity_accelerators": 20.0,
            "price_usd_per_accelerator_hour": 1.0,
        }
    },
}
TOKENS = {
    "prompt_tokens": 500.0,
    "output_tokens": 100.0,
    "throughput": {"S": {"service_ms": 0.0, "prefill_tokens_per_second": 10_000.0, "decode_tokens_per_second": 50.0}},
}


def case(*changes: dict[str, Any], **web: Any) -> Scenario:
    return one_pool(AWAY, {"workloads": {"web": web}}, *changes)


def report_of(
    scenario: Scenario, near: float, assigned: float, far: float = 0.0, far_assigned: float = 0.0
) -> AuditReport:
    """The same in all four hours."""
    busy = {("web", "od"): [near] * 4, ("web", "far"): [far] * 4}
    held = {("web", "od"): [assigned] * 4, ("web", "far"): [far_assigned] * 4}
    return audit(scenario, plan_of(scenario, busy, assigned=held))


@pytest.mark.parametrize(("point", "expected"), [("request", 10.0), ("first_token", 50.0), ("last_token", 2050.0)])
def test_service_time_is_that_of_what_is_timed(point: str, expected: float) -> None:
    """500 tokens at 10,000 per second: 50 ms; 100 tokens at 50 per second: 2,000 ms more; a request: as given."""
    changes = {} if point == "request" else TOKENS
    scenario = case(latency_point=point, **changes)
    assert service_ms(scenario.workloads["web"], scenario.pools["od"]) == pytest.approx(expected, rel=1e-15)
    assert latency_floor_ms(scenario, "web", "far") == pytest.approx(20.0 + expected, rel=1e-15)


def test_a_rate_that_is_missing_is_no_route() -> None:
    """Such a scenario is refused on input; the audit does not take what is missing for 0 ms."""
    web = case(latency_objective_ms=100.0).workloads["web"].model_copy(update={"latency_point": "first_token"})
    scenario = case(latency_objective_ms=100.0)
    changed = scenario.model_copy(update={"workloads": {"web": web}})
    assert eligibility(changed, "web", "od")[0] is False


@pytest.mark.parametrize(
    ("statistic", "factor"), [("no_queue", 1.0), ("mean", 1.0), ("p95", 2.996), ("p50", 0.694), ("p99", 4.606)]
)
def test_the_floor_holds_the_statistic_at_no_load(statistic: str, factor: float) -> None:
    """The first factor of the table; floor = 20 + factor x 10 ms."""
    scenario = case(latency_statistic=statistic, latency_objective_ms=500.0)
    assert latency_factor(scenario.workloads["web"]) == factor
    assert latency_floor_ms(scenario, "web", "far") == pytest.approx(20.0 + 10.0 * factor, rel=1e-15)


@pytest.mark.parametrize(
    ("web", "pool", "expected"),
    [
        ({"latency_statistic": "mean", "latency_objective_ms": 50.0}, "od", 0.8),
        ({"latency_statistic": "mean", "latency_objective_ms": 50.0}, "far", 1 - 10 / 30),
        ({"latency_statistic": "mean", "latency_objective_ms": 50.0, "max_load_share": 0.7}, "od", 0.7),
        ({"latency_statistic": "mean", "latency_objective_ms": 1000.0}, "od", 0.95),
        ({"latency_statistic": "p95", "latency_objective_ms": 68.64}, "od", 0.5),
        ({"latency_statistic": "p95", "latency_objective_ms": 66.0}, "od", 0.48),
        ({"latency_statistic": "p95", "latency_objective_ms": 69.0}, "od", 0.5),
        ({"latency_statistic": "p95", "latency_objective_ms": 1000.0, "max_load_share": 0.62}, "od", 0.62),
        ({"latency_statistic": "p50", "latency_objective_ms": 20.0}, "od", 0.756),
        ({"latency_statistic": "mean", "latency_objective_ms": 20.0}, "far", 0.0),
        ({"latency_statistic": "mean", "latency_objective_ms": 15.0}, "far", 0.0),
        ({"mean_latency_cap_ms": 50.0, "max_load_share": 0.6}, "od", 0.6),
        ({"congestion_usd_per_unit_second": 1.0, "max_load_share": 0.6}, "od", 0.6),
        ({"congestion_usd_per_unit_second": 1.0, "latency_objective_ms": 50.0}, "od", 0.95),
        ({"latency_objective_ms": 50.0}, "od", 1.0),
    ],
)
def test_load_limit(web: dict[str, Any], pool: str, expected: float) -> None:
    """1 - 10 / 50 = 0.8; with 20 ms on the way 1 - 10 / 30; at most the largest.

    p95: 3.432 x 10 / (1 - 0.5) = 68.64, and a little more does not reach the next factor; 1 - 3.432 x 10 / 66 = 0.48.
    p50: 0.488 x 10 / 0.25 = 19.52 at 0.75, 0.471 x 10 / 0.2 = 23.55 at 0.8, so 1 - 0.488 x 10 / 20 = 0.756.
    """
    assert load_limit(case(**web), "web", pool) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("statistic", "objective", "eligible"),
    [
        ("no_queue", 30.0, True),
        ("no_queue", 29.99, False),
        ("mean", 30.0, False),
        ("mean", 30.00001, False),
        ("mean", 30.0001, True),
        ("mean", 20.0, False),
        ("p50", 27.0, True),
        ("p50", 26.94, False),
        ("p99", 66.05, False),
        ("p99", 68.0, True),
    ],
)
def test_a_queue_needs_room_above_the_floor(statistic: str, objective: float, eligible: bool) -> None:
    """far: 20 + 10 ms; c = 1 - 10 / 10.00001 is a little less than 1e-6 and no route, 1 - 10 / 10.0001 is one.

    p50: 20 + 6.94 ms; p99: 20 + 46.06 ms with no load, 20 + 47.57 up to the first step.
    """
    scenario = case(latency_statistic=statistic, latency_objective_ms=objective)
    found, reason = eligibility(scenario, "web", "far")
    assert found is eligible
    assert eligible or reason.startswith("latency floor")


def test_the_reason_tells_floor_and_objective() -> None:
    scenario = case(latency_statistic="mean", latency_objective_ms=30.0)
    assert eligibility(scenario, "web", "far")[1] == "latency floor 30 ms leaves no room for a queue within 30 ms"
    assert "routes" in broken(report_of(scenario, 3.0, 5.0, 1.0, 2.0))


@pytest.mark.parametrize(
    ("assigned", "expected"), [(5.0, set()), (6.0, set()), (4.99, {"latency"}), (4.0, {"latency"})]
)
def test_latency_objective(assigned: float, expected: set[str]) -> None:
    """c = 0.8: 4 busy accelerators need 4 / 0.8 = 5. Mean at 4 of 5: 10 / (1 - 0.8) = 50 ms, the objective."""
    scenario = case(latency_statistic="mean", latency_objective_ms=50.0)
    assert broken(report_of(scenario, 4.0, assigned)) == expected


@pytest.mark.parametrize(("assigned", "expected"), [(8.0, set()), (7.99, {"latency"})])
def test_largest_load_without_an_objective(assigned: float, expected: set[str]) -> None:
    """At most half busy: 4 / 0.5 = 8."""
    scenario = case(congestion_usd_per_unit_second=1.0, max_load_share=0.5)
    assert broken(report_of(scenario, 4.0, assigned)) == expected


def test_fewer_assigned_than_busy_is_refused_by_two_rules() -> None:
    scenario = case(congestion_usd_per_unit_second=1.0)
    assert broken(report_of(scenario, 4.0, 3.0)) == {"latency", "routes"}


def test_without_a_queue_assigned_is_busy() -> None:
    assert broken(report_of(case(), 4.0, 4.0)) == set()
    assert broken(report_of(case(), 4.0, 4.1)) == {"routes"}
    assert broken(report_of(case(latency_objective_ms=50.0), 4.0, 4.1)) == {"routes"}


def test_assigned_accelerators_with_nothing_to_do_are_no_fault() -> None:
    """Nothing busy, two assigned: 4 requests per hour stay unserved, latency is 0."""
    report = report_of(case(mean_latency_cap_ms=50.0, congestion_usd_per_unit_second=1.0), 0.0, 2.0)
    assert report.failures == ()
    assert report.penalty_usd["congestion"] == 0.0
    assert report.cost_usd["usage"] == pytest.approx(8.0)


@pytest.mark.parametrize(("cap", "expected"), [(30.0, set()), (29.99, {"mean_latency"}), (1000.0, set())])
def test_mean_latency_is_over_all_routes(cap: float, expected: set[str]) -> None:
    """od, 3 of 6 busy: 10 x (3 + 3^2 / 3) = 60 unit-ms, 20 ms each; far, 1 of 4/3: 20 + 10 x (1 + 1 / (1/3)) = 60 ms.

    Mean (60 + 60) / 4 = 30 ms.
    """
    report = report_of(case(mean_latency_cap_ms=cap), 3.0, 6.0, 1.0, 1.0 + 1 / 3)
    assert broken(report) == expected


def test_mean_latency_counts_units_not_accelerators() -> None:
    """far is half as fast: e = 1 and 0.5, s = 10 and 20. 3 of 6 at 20 ms: 3 units; 2 of 4 at 20 + 40 ms: 1 unit.

    (3 x 20 + 1 x 60) / 4 = 30 ms, not (3 x 20 + 2 x 60) / 5 = 36.
    """
    slow = {"pools": {"far": {"efficiency": 0.5}}}
    for cap, expected in ((30.0, set()), (29.99, {"mean_latency"})):
        assert broken(report_of(case(slow, mean_latency_cap_ms=cap), 3.0, 6.0, 2.0, 4.0)) == expected


def test_the_residual_of_the_cap_is_in_ms() -> None:
    """One hour at 4 of 5: 50 ms against 40."""
    row = report_of(case(mean_latency_cap_ms=40.0), 4.0, 5.0).residuals.iloc[0]
    assert (row["rule"], row["record"], row["unit"]) == ("mean_latency", "web", "ms")
    assert (row["violation"], row["scale"]) == (pytest.approx(10.0), pytest.approx(50.0))


def test_congestion_charges_each_second_of_latency() -> None:
    """od: 3 of 6: 20 ms; far: 1 of 2: 20 + 20 = 40 ms; 3 x 20 + 1 x 40 = 100 unit-ms per hour.

    4 h x 0.1 unit-seconds x 2 USD = 0.8: od 0.48, far 0.32. A penalty: a budget leaves it out.
    """
    scenario = case(congestion_usd_per_unit_second=2.0)
    report = report_of(scenario, 3.0, 6.0, 1.0, 2.0)
    assert report.failures == ()
    assert report.penalty_usd["congestion"] == pytest.approx(0.8, rel=1e-12)
    lines = report.cost_lines.query("term == 'congestion'")
    assert dict(zip(lines["pool"], lines["usd"], strict=True)) == pytest.approx({"od": 0.48, "far": 0.32})
    assert lines["workload"].tolist() == ["web", "web"]
    assert lines["is_penalty"].all()
    budget = {"policy": {"budget": {"usd": 32.0}}}
    assert report.cost_usd["usage"] == 32.0
    assert report_of(case(budget, congestion_usd_per_unit_second=2.0), 3.0, 6.0, 1.0, 2.0).failures == ()


def test_congestion_takes_weight_and_length_of_the_period() -> None:
    """Weight 3, periods of 2 h: 6 times the 0.8 USD above over the same number of periods."""
    block = {"horizon": {"blocks": {"b": {"period_hours": 2.0, "weight": 3.0}}}}
    report = report_of(case(block, congestion_usd_per_unit_second=2.0), 3.0, 6.0, 1.0, 2.0)
    assert report.penalty_usd["congestion"] == pytest.approx(4.8, rel=1e-12)


@pytest.mark.parametrize("web", [{"congestion_usd_per_unit_second": 1.0}, {"mean_latency_cap_ms": 1e6}])
@pytest.mark.parametrize("assigned", [4.0, 3.0, 1.0])
def test_a_queue_that_never_ends_is_refused(web: dict[str, Any], assigned: float) -> None:
    """All that is assigned is busy, or more: an infinite queue, never a negative one."""
    report = report_of(case(**web), 4.0, assigned)
    assert not report.ok
    assert "latency" in broken(report)
    if "mean_latency_cap_ms" in web:
        assert "mean_latency" in broken(report)
        assert report.residuals.query("rule == 'mean_latency'")["relative"].tolist() == [float("inf")]
    else:
        assert report.penalty_usd["congestion"] == float("inf")
        assert not certify(report, float("inf"), 0.0, "solver").passed


def test_a_trace_of_busy_work_with_nothing_free_is_refused_too() -> None:
    for amount in (1e-300, 1e-9):
        assert "mean_latency" in broken(report_of(case(mean_latency_cap_ms=1e6), amount, amount))


def test_latency_that_is_no_number_is_refused() -> None:
    report = report_of(case(mean_latency_cap_ms=50.0, congestion_usd_per_unit_second=1.0), 4.0, float("nan"))
    assert {"latency", "mean_latency"} <= broken(report)
    assert any(failure.startswith("objective") for failure in report.failures)


def test_work_without_service_time_waits_for_nothing_but_the_way() -> None:
    """0 ms of service: 20 ms on the way to far. 4 h x 4 x 0.02 s x 1 USD = 0.32."""
    web = {"throughput": {"S": {"service_ms": 0.0}}, "congestion_usd_per_unit_second": 1.0}
    report = report_of(case(**web), 0.0, 0.0, 4.0, 5.0)
    assert report.failures == ()
    assert report.penalty_usd["congestion"] == pytest.approx(0.32, rel=1e-12)


def test_rented_accelerators_are_paid_for_the_workload_they_are_assigned_to() -> None:
    """od: 5 assigned to web, 3 to mail, all billed: 4 h x 1 USD; busy are 4 and 1."""
    mail = {"workloads": {"mail": ONE_POOL["workloads"]["web"]}}
    capped = {"workloads": {key: {"mean_latency_cap_ms": 100.0} for key in ("web", "mail")}}
    scenario = one_pool(AWAY, mail, capped)
    busy = {("web", "od"): [4.0] * 4, ("mail", "od"): [1.0] * 4}
    held = {("web", "od"): [5.0] * 4, ("mail", "od"): [3.0] * 4}
    report = audit(scenario, plan_of(scenario, busy, assigned=held))
    assert report.failures == ()
    lines = report.cost_lines.query("term == 'usage'")
    assert dict(zip(lines["workload"], lines["usd"], strict=True)) == pytest.approx({"web": 20.0, "mail": 12.0})


shares = st.floats(0.05, 0.9)


@given(st.floats(0.01, 1.0), shares, st.floats(0.01, 1.0), shares)
def test_the_mean_of_any_loads_is_that_of_the_formula_for_one_request(
    near: float, near_load: float, far: float, far_load: float
) -> None:
    """A request takes round trip + s / (1 - load); the cap sits on either side of the mean over all requests."""
    mean = (near * 10.0 / (1 - near_load) + far * (20.0 + 10.0 / (1 - far_load))) / (near + far)
    demand = {"demand_units_per_hour": {"b": [near + far] * 4}}
    for factor, expected in ((1 + 1e-4, set()), (1 - 1e-4, {"mean_latency"})):
        scenario = case(mean_latency_cap_ms=mean * factor, **demand)
        assert broken(report_of(scenario, near, near / near_load, far, far / far_load)) == expected


@given(shares, st.floats(11.0, 2000.0))
def test_the_load_limit_is_where_the_mean_meets_the_objective(load: float, objective: float) -> None:
    """10 / (1 - c) <= T at every load up to c, and above T beyond it, unless the largest load came first."""
    limit = load_limit(case(latency_statistic="mean", latency_objective_ms=objective), "web", "od")
    if load < limit * (1 - 1e-9):
        assert 10.0 / (1 - load) <= objective * (1 + 1e-9)
    elif limit < 0.95:
        assert 10.0 / (1 - load) >= objective * (1 - 1e-9)
