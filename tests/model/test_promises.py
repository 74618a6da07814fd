"""Promises: hand-solved, with every kind of model, against the oracle, and properties that must hold.

Ten units of work an hour run on ten accelerators that are owned, 10 USD whatever is decided. Standby is to be had at
another site, at 3 USD per accelerator; running there costs 0.1 USD per unit more, for data.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from builders import pool, rigid, scenario
from feature_documents import random_feature_document
from hand import money, nearly, planned, shadow, usd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from promise_cases import PromiseOracle, random_promise_document

from hybridplan.audit import audit
from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus

few = settings(max_examples=10)
seeds = st.integers(min_value=0, max_value=100_000)


def site(provider: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "public", "provider": provider, "jurisdiction": "DE", **fields}


def link(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"from_site": start, "to_site": end, "round_trip_ms": 10.0, "usd_per_gb": 1.0, **fields}


SITES = {"here": site("own", kind="private"), "far": site("cloud"), "east": site("cloud")}
LINKS = {"far": link("here", "far"), "east": link("here", "east"), "back": link("far", "here")}
LOST = {"lost": {"kind": "site", "record": "here"}}


def pools(**far: Any) -> dict[str, Any]:
    """Owned here, rented at the other site; ``far`` changes the second."""
    return {"own": pool("owned", 10, 1.0), "far": pool("on_demand", 50, 3.0, **{"site": "far", **far})}


def work(share: float, demand: float = 10.0, **fields: Any) -> dict[str, Any]:
    return {"w": rigid([demand], promised_share=share, ingress_gb_per_unit=0.1, **fields)}


def solved(
    works: dict[str, Any], found: dict[str, Any] | None = None, failures: dict[str, Any] = LOST, **policy: Any
) -> Plan:
    policy = {"contingencies": failures, **policy}
    return planned(found or pools(), works, sites=SITES, links=LINKS, policy=policy)


def standby(plan: Plan) -> dict[str, float]:
    """Accelerators on standby by pool, summed over periods."""
    assert plan.tables is not None
    rows = plan.tables.standby
    return {str(key): float(total) for key, total in rows.groupby("pool")["accelerators_standby"].sum().items()}


@pytest.mark.parametrize(("share", "total"), [(0.0, 10.0), (0.4, 22.0), (1.0, 40.0)])
def test_standby_at_another_site(share: float, total: float) -> None:
    """10 x share accelerators stand by at 3 USD each. A unit less promised saves one of them."""
    plan = solved(work(share))
    assert plan.objective_usd == nearly(total)
    assert standby(plan) == ({"far": nearly(10 * share)} if share else {})
    assert money(plan) == nearly({"owned_fixed": 10.0, **({"usage": 30 * share} if share else {})})
    assert shadow(plan, "promise", "w/lost") == nearly(3.0 if share else 0.0)
    assert plan.quantities["busy_accelerator_hours"].tolist() == pytest.approx([10.0, 0.0]), "standby is not busy"


def test_work_that_runs_at_what_survives_needs_no_standby() -> None:
    """Spot at 1 USD, on demand at 3, half promised: 5 on each are 5 + 15; 10 on spot and 5 on standby 10 + 15."""
    found = {"spot": pool("interruptible", 50, 1.0), "od": pool("on_demand", 50, 3.0)}
    plan = solved(work(0.5, interruptible=True), found, {"f": {"kind": "spot"}})
    assert plan.objective_usd == nearly(20.0)
    assert standby(plan) == {}
    assert shadow(plan, "promise") == nearly(2.0)


def test_three_sites_keep_a_half_more() -> None:
    """Any one of three may fail: n - n_i >= 10 for each, so 5 each, 15 in all, at 3 USD. Two sites would take 20."""
    sites = {name: site(name) for name in ("here", "far", "east")}
    ways = {f"{a}>{b}": {**link(a, b), "usd_per_gb": 0.0} for a in sites for b in sites if a != b}
    found = {name: pool("on_demand", 50, 3.0, site=name) for name in sites}
    failures = {name: {"kind": "site", "record": name} for name in sites}
    fields: dict[str, Any] = {"sites": sites, "links": ways}
    plan = planned(found, work(1.0), policy={"contingencies": failures}, **fields)
    assert plan.objective_usd == nearly(45.0)
    del found["east"], failures["east"]
    assert usd(found, work(1.0), policy={"contingencies": failures}, **fields) == nearly(60.0)


def test_a_provider_takes_all_its_sites() -> None:
    """Work may run at far and east only, both of one provider, at 3 and 4 USD, or on 2 of its own accelerators here.

    If the provider fails half of what is served must go on: 2 here, so no more than 4 are served: 2 + 2 at far.
    """
    found = {
        "own": pool("owned", 2, 0.0),
        "far": pool("on_demand", 50, 3.0, site="far"),
        "east": pool("on_demand", 50, 4.0, site="east"),
    }
    works = {"w": rigid([10.0], promised_share=0.5)}
    plan = solved(works, found, {"f": {"kind": "provider", "record": "cloud"}})
    assert plan.objective_usd == nearly(6.0 + 600.0)
    assert plan.unserved["w"].quantity == nearly(6.0)
    # If only far fails, east stands by for 3 of 5 of what is served beyond the two: all is served.
    plan = solved(works, found, {"f": {"kind": "site", "record": "far"}})
    assert plan.objective_usd == nearly(8 * 3.0 + 3 * 1.0), "of 8 rented ones 3 run at east, for 1 USD more each"


def test_what_nothing_survives_is_not_served() -> None:
    plan = solved(work(0.1), {"own": pool("owned", 10, 1.0)})
    assert plan.unserved["w"].share == nearly(1.0)


def test_users_of_a_lost_site_stay_and_work_without_a_promise_may_stop() -> None:
    """v runs at far without a promise, 5 units: its accelerators are not there for w, which keeps its own 10."""
    works = {**work(1.0), "v": rigid([5.0], allowed_sites=["far"])}
    plan = solved(works)
    assert plan.objective_usd == nearly(40.0 + 15.0)


def test_standby_follows_the_hours_and_their_weights() -> None:
    """10, then 4 units, twice: 14 accelerators on standby, at 3 USD x 2; in the second hour prices are the same."""
    blocks = {"b": {"start": "2026-06-01T00:00:00+00:00", "periods": 2, "weight": 2.0}}
    works = {"w": rigid([10.0, 4.0], promised_share=1.0, ingress_gb_per_unit=0.1)}
    fields: dict[str, Any] = {"sites": SITES, "links": LINKS, "horizon": {"blocks": blocks}}
    plan = planned(pools(), works, policy={"contingencies": LOST}, **fields)
    assert plan.objective_usd == nearly(10 * 4 + 14 * 3 * 2)
    assert standby(plan) == {"far": nearly(14.0)}


def test_standby_keeps_the_latency_objective() -> None:
    """Mean at most 50 ms, 10 ms each: far, 10 ms away, may be 1 - 10 / 40 = 75 % busy, so 10 units need 13.33."""
    queue = {
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}},
        "latency_objective_ms": 50.0,
        "latency_statistic": "mean",
    }
    found = {**pools(), "own": pool("owned", 20, 0.5)}
    plan = solved(work(1.0, **queue), found)
    assert standby(plan) == {"far": nearly(40 / 3)}
    assert plan.objective_usd == nearly(10.0 + 40.0)
    assert plan.tables is not None
    assert plan.tables.standby["units_per_hour"].tolist() == pytest.approx([10.0])
    # A millisecond more: 10 / (1 - 10 / 41) = 13.226, so about 0.1075 of an accelerator less, 0.32 USD.
    more = solved(work(1.0, **{**queue, "latency_objective_ms": 50.001}), found).objective_usd
    assert more is not None
    assert shadow(plan, "latency", "w") == pytest.approx((50.0 - more) / 0.001, rel=1e-3)


def test_standby_is_billed_with_what_is_held_back_and_its_idle_power() -> None:
    """20 % held back: 10 need 12.5 at 3 USD. At 0.4 kW idle and 1 USD per kWh 12.5 x 0.4 = 5 USD more."""
    far = {"held_back_share": 0.2, "busy_kw": 1.0, "idle_kw": 0.4, "price_includes_energy": False}
    plan = solved(work(1.0), pools(**far, electricity_usd_per_kwh=1.0))
    assert money(plan) == nearly({"owned_fixed": 10.0, "usage": 37.5, "energy": 5.0})


@pytest.mark.parametrize(("lead", "total"), [(0.0, 50.0), (1.0, 80.0)])
def test_standby_has_to_be_up_early_enough(lead: float, total: float) -> None:
    """Work in the first of two hours only: 20 owned, 30 of standby. With an hour to boot 30 more the hour before."""
    works = {"w": rigid([10.0, 0.0], promised_share=1.0, ingress_gb_per_unit=0.1)}
    fields: dict[str, Any] = {"sites": SITES, "links": LINKS, "periods": 2}
    found = pools(lead_time_hours=lead, min_busy_share=0.0)
    plan = planned(found, works, policy={"contingencies": LOST}, **fields)
    assert plan.objective_usd == nearly(total)
    assert standby(plan) == {"far": nearly(10.0)}


def test_standby_in_whole_nodes() -> None:
    """In nodes of 8, 10 stand by on 16, at 3 USD."""
    plan = solved(work(1.0), pools(whole_nodes=True, accelerators_per_node=8))
    assert (plan.objective_usd, plan.kind) == (nearly(58.0), "mixed_integer")
    assert standby(plan) == {"far": nearly(10.0)}


@pytest.mark.parametrize(("form", "kind", "near"), [("exact", "conic", 1e-6), ("tangents", "linear", 1e-3)])
def test_with_cones_and_with_straight_lines(form: str, kind: str, near: float) -> None:
    """Uneven use y^2 / 10 x 0.1 for y units on owned ones, data 0.1 for each of the others: y = 5, 0.25 + 0.5 USD."""
    even = {"balance": {"form": "squared", "weight_usd_per_hour": 0.1}, "queue_form": form}
    plan = optimise(scenario(pools(), work(1.0), sites=SITES, links=LINKS, policy={"contingencies": LOST, **even}))
    assert (plan.kind, plan.status.has_plan) == (kind, True)
    assert plan.objective_usd == pytest.approx(40.75, rel=near)


def test_with_owned_first() -> None:
    assert solved(work(1.0), owned_first=True).objective_usd == nearly(40.0)


def test_a_link_that_is_too_thin_after_the_failure() -> None:
    """0.02 Gbit/s are 9 GB per hour: at 1 GB per unit only 9 may go to far, so 9 are served; 1 Gbit/s more: 450 units.

    Each further unit per hour costs 3 USD of standby in place of 100 that are missing.
    """
    thin = {**LINKS, "far": link("here", "far", gbps=0.02)}
    works = {"w": rigid([10.0], promised_share=1.0, ingress_gb_per_unit=1.0)}
    plan = planned(pools(), works, sites=SITES, links=thin, policy={"contingencies": LOST})
    assert plan.objective_usd == nearly(10.0 + 27.0 + 100.0)
    assert shadow(plan, "promise_bandwidth", "far/lost") == nearly(450 * 97.0)
    assert shadow(plan, "one_more_gbps", "far") == nearly(450 * 97.0)
    assert shadow(plan, "link_bandwidth") == nearly(0.0)


def test_one_more_unit_of_demand_pays_for_its_standby() -> None:
    """On 20 owned ones a unit more costs its standby alone, 0.8 x 3 USD."""
    found = {**pools(), "own": pool("owned", 20, 0.5)}
    plan, more = solved(work(0.8), found), solved(work(0.8, demand=11.0), found)
    assert shadow(plan, "rigid_demand") == nearly(2.4)
    assert more.objective_usd == nearly(plan.objective_usd + 2.4)


def test_without_promises_nothing_is_decided_or_told() -> None:
    """A contingency alone, or a promise alone, changes neither model nor plan; hashes without the fields stay."""
    plain = scenario(pools(), work(0.0), sites=SITES, links=LINKS)
    assert "promised_share" not in plain.to_dict()["workloads"]["w"]
    for other in (
        scenario(pools(), work(0.0), sites=SITES, links=LINKS, policy={"contingencies": LOST}),
        scenario(pools(), work(0.7), sites=SITES, links=LINKS),
    ):
        plan = optimise(other)
        assert plan.objective_usd == nearly(10.0)
        assert (plan.solver.columns, plan.solver.rows) == (optimise(plain).solver.columns, optimise(plain).solver.rows)
        assert plan.tables is not None
        assert plan.tables.standby.empty
    assert plain.content_hash == require({**plain.to_dict(), "policy": {"contingencies": {}}}).content_hash


def test_idle_owned_capacity_stands_by_for_nothing_and_no_more_than_needed() -> None:
    """40 more are owned at east, idle: 10 of them stand by, not 40."""
    found = {"own": pool("owned", 10, 1.0), "east": pool("owned", 40, 0.5, site="east")}
    plan = solved(work(1.0), found)
    assert plan.objective_usd == nearly(30.0)
    assert standby(plan) == {"east": nearly(10.0)}


# -- random scenarios ---------------------------------------------------------------------------------------------


def best(document: dict[str, Any]) -> Plan:
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (plan.status, plan.certificate)
    return plan


def with_shares(document: dict[str, Any], factor: float) -> dict[str, Any]:
    """Every promise times a factor."""
    works = {
        key: {**one, "promised_share": factor * one.get("promised_share", 0.0)}
        for key, one in document["workloads"].items()
    }
    return {**document, "workloads": works}


@pytest.mark.parametrize("start", [0, 30])
def test_the_oracle_agrees_and_survivors_carry_what_is_promised(start: int) -> None:
    """60 scenarios: SciPy's objective to 1e-6, the audit, and each failure gone through by plain loops."""
    used = 0
    for seed in range(start, start + 30):
        made = require(random_promise_document(seed, features=seed % 2 == 0))
        oracle = PromiseOracle(made)
        oracle.build()
        plan, expected = optimise(made), oracle.least()
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-6), seed
        assert plan.tables is not None
        assert audit(made, plan.tables).ok, seed
        used += len(plan.tables.standby) > 0
        survives(made, plan, oracle, seed)
    assert used > 0


def survives(made: Scenario, plan: Plan, oracle: PromiseOracle, seed: int) -> None:
    """Units of what runs and of what stands by at pools that are left, against the share of all that is served."""
    assert plan.tables is not None
    served: dict[Any, float] = {}
    left: dict[Any, float] = {}
    for frame in (plan.tables.allocation, plan.tables.standby):
        for row in frame.to_dict("records"):
            w, p, when, units = row["workload"], row["pool"], row["period_start"], row["units_per_hour"]
            if frame is plan.tables.allocation:
                served[w, when] = served.get((w, when), 0.0) + units
            for key, failure in made.policy.contingencies.items():
                if not oracle.lost(p, failure):
                    left[w, when, key] = left.get((w, when, key), 0.0) + units
    for (w, when), units in served.items():
        for key in made.policy.contingencies:
            promise = made.workloads[w].promised_share * units
            assert left.get((w, when, key), 0.0) >= promise * (1 - 1e-6) - 1e-9, (seed, w, key)


@few
@given(seeds, st.floats(0.05, 0.95))
def test_more_is_promised_at_no_lower_cost(seed: int, factor: float) -> None:
    """No promise, a part of each, and all of each."""
    document = random_promise_document(seed, features=False)
    costs = [best(with_shares(document, share)).objective_usd or 0.0 for share in (0.0, factor, 1.0)]
    for less, more in pairwise(costs):
        assert more >= less - 1e-7 * abs(less) - 1e-7


@few
@given(seeds, st.floats(0.2, 0.9))
def test_the_value_of_a_promise_lies_between_the_differences(seed: int, factor: float) -> None:
    """Dual x what is served, times each share, against a little more and a little less of every promise."""
    document = random_promise_document(seed, features=False)
    step = 1e-4
    plan, more, less = (best(with_shares(document, factor + by)) for by in (0.0, step, -step))
    assume(plan.objective_usd is not None and plan.tables is not None)
    assert plan.objective_usd is not None
    assert plan.tables is not None
    rows = plan.shadow_prices[plan.shadow_prices["limit"] == "promise"]
    units = plan.tables.allocation.groupby(["workload", "period_start"])["units_per_hour"].sum()
    price = 0.0
    for row in rows.to_dict("records"):
        work_id = row["record"].split("/")[0]
        share = document["workloads"][work_id]["promised_share"]
        price += row["usd_per_unit"] * share * float(units.get((work_id, row["period_start"]), 0.0))
    gained = (plan.objective_usd - (less.objective_usd or 0.0)) / step
    lost = ((more.objective_usd or 0.0) - plan.objective_usd) / step
    slack = 1e-3 * max(abs(lost), abs(price)) + 1e-6 * abs(plan.objective_usd) / step + 1e-6
    assert gained - slack <= price <= lost + slack


def test_a_planner_that_keeps_its_basis_gives_the_same_plans() -> None:
    planner = WarmPlanner()
    document = random_promise_document(2)
    for factor in (1.0, 0.5, 0.8, 0.0):
        changed = with_shares(document, factor)
        warm, cold = planner.plan(require(changed)), best(changed)
        assert warm.status is SolveStatus.OPTIMAL
        assert warm.objective_usd == pytest.approx(cold.objective_usd, rel=1e-7)


def test_with_whole_things_at_random() -> None:
    """Twelve scenarios with whole nodes: the plan passes its audit, and costs no less than without the promise."""
    for seed in range(12):
        document = random_feature_document(seed, whole=True)
        rng = np.random.default_rng([seed, 29])
        document["policy"]["contingencies"] = {
            "f": {"kind": "site", "record": str(rng.choice(list(document["sites"])))}
        }
        before = optimise(require(document))
        for one in document["workloads"].values():
            if "windows" not in one:
                one["whole_replicas"] = False
                one["promised_share"] = 0.5
        plan = optimise(require(document))
        assert before.status.has_plan
        assert plan.status.has_plan, (seed, plan.certificate)
