"""Random scenarios with queues, elastic pools and jobs: the oracle, the audit, and properties that must hold."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest
from feature_documents import random_feature_document
from feature_oracle import FeatureOracle
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hybridplan.analysis.instant import instant_scaling
from hybridplan.audit import audit
from hybridplan.domain import Scenario, require
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.linear import run
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

seeds = st.integers(min_value=0, max_value=100_000)
few = settings(max_examples=15)
RAMPS = ("ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour")


def solved(document: dict[str, Any] | Scenario) -> Plan:
    scenario = document if isinstance(document, Scenario) else require(document)
    plan = optimise(scenario)
    assert plan.status is SolveStatus.OPTIMAL, (plan.status, plan.certificate, plan.solver)
    return plan


def objective(document: dict[str, Any]) -> float:
    value = solved(document).objective_usd
    assert value is not None
    return value


def objective_or_none(document: dict[str, Any]) -> float:
    """Infinite where no plan exists."""
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), plan.status
    return inf if plan.objective_usd is None else plan.objective_usd


def no_more(after: float, before: float) -> bool:
    return after <= before + 1e-7 * abs(before) + 1e-7


def terms_agree(scenario: Scenario, plan: Plan) -> None:
    """What the optimiser charged by term is what the audit charges."""
    model = formulate(Data(scenario))
    assert run(model.problem(model.total_usd / model.money_scale), 30).outcome == "optimal"
    audited = {**plan.cost_usd, **plan.penalty_usd}
    assert set(audited) <= set(model.costs)
    for name, term in model.costs.items():
        assert audited.get(name, 0.0) == pytest.approx(float(term.value), rel=1e-6, abs=1e-6), name
    assert sum(audited.values()) == pytest.approx(plan.objective_usd, rel=1e-9)
    assert plan.cost_lines["usd"].sum() == pytest.approx(plan.objective_usd, rel=1e-9)


@pytest.mark.parametrize("start", range(0, 300, 25))
def test_the_oracle_agrees_and_each_optimised_term_is_the_audited_one(start: int) -> None:
    """300 scenarios: the objective equals SciPy's to 1e-6, each term equals the audit's dollars, the audit passes.

    Every sixth may ask for what cannot be done: then both say so.
    """
    for seed in range(start, start + 25):
        scenario = require(random_feature_document(seed, careful=seed % 6 != 0))
        oracle = FeatureOracle(scenario)
        oracle.build()
        expected = oracle.least()
        plan = optimise(scenario)
        if expected is None:
            assert plan.status is SolveStatus.INFEASIBLE, seed
            continue
        assert plan.status is SolveStatus.OPTIMAL, (seed, plan.status, plan.certificate)
        assert plan.kind == "linear"
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-6), seed
        assert plan.tables is not None
        assert audit(scenario, plan.tables).ok, seed
        if plan.certificate is not None:
            assert plan.certificate.tangent_error_usd == 0.0
        try:
            terms_agree(scenario, plan)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


@few
@given(seeds, st.integers(0, 9), st.floats(1, 50))
def test_more_rented_capacity_never_costs_more(seed: int, which: int, added: float) -> None:
    """Where no least number is tied to what is up."""
    document = random_feature_document(seed)
    rented = [p for p in document["pools"].values() if p["purchase_option"] in ("on_demand", "interruptible")]
    assume(rented)
    pool = rented[which % len(rented)]
    assume("up_share" not in pool or "min_provisioned_accelerators" not in pool)
    before = objective(document)
    pool["capacity_accelerators"] += added
    assert no_more(objective(document), before)


@few
@given(seeds, st.floats(1.0, 3.0))
def test_a_looser_latency_objective_never_costs_more(seed: int, factor: float) -> None:
    document = random_feature_document(seed)
    timed = [work for work in document["workloads"].values() if "latency_objective_ms" in work]
    assume(timed)
    before = objective(document)
    for work in timed:
        work["latency_objective_ms"] *= factor
    assert no_more(objective(document), before)


@few
@given(seeds, st.floats(0.1, 1.0))
def test_a_lower_most_load_never_costs_less(seed: int, factor: float) -> None:
    """With the mean, whose factor does not depend on it."""
    document = random_feature_document(seed)
    queued = [
        work for work in document["workloads"].values() if work.get("latency_statistic", "no_queue") != "no_queue"
    ]
    assume(queued)
    for work in queued:
        work["latency_statistic"] = "mean"
    before = objective(document)
    for work in queued:
        work["max_load_share"] *= factor
    assert no_more(before, objective(document))


@few
@given(seeds, st.floats(0.1, 1.0))
def test_slower_ramps_never_cost_less(seed: int, factor: float) -> None:
    document = random_feature_document(seed)
    pools = [pool for pool in document["pools"].values() if any(field in pool for field in RAMPS)]
    assume(pools)
    before = objective(document)
    for pool in pools:
        pool.update({field: pool[field] * factor for field in RAMPS if field in pool})
    assert no_more(before, objective_or_none(document))


@few
@given(seeds, st.sampled_from([0.0, 0.3, 0.6, 0.9]))
def test_a_shorter_lead_time_never_costs_more(seed: int, factor: float) -> None:
    document = random_feature_document(seed)
    pools = [pool for pool in document["pools"].values() if "lead_time_hours" in pool]
    assume(pools)
    before = objective(document)
    for pool in pools:
        pool["lead_time_hours"] *= factor
    assert no_more(objective(document), before)


@few
@given(seeds)
def test_doubling_every_price_doubles_the_cost(seed: int) -> None:
    document = random_feature_document(seed)
    before = objective(document)
    for pool in document["pools"].values():
        pool["price_usd_per_accelerator_hour"] *= 2
        pool["start_usd_per_node"] = 2 * pool.get("start_usd_per_node", 0.0)
    for commitment in document["commitments"].values():
        commitment["fee_usd_per_accelerator_hour"] *= 2
    for site in document["sites"].values():
        site["electricity_usd_per_kwh"] *= 2
    for link in document["links"].values():
        link["usd_per_gb"] *= 2
    for work in document["workloads"].values():
        work["unserved_usd_per_unit"] *= 2
        routes = work.get("route_cost_usd_per_unit", {})
        work["route_cost_usd_per_unit"] = {pool: 2 * usd for pool, usd in routes.items()}
    document["policy"]["carbon_usd_per_tonne"] *= 2
    if "balance" in document["policy"]:
        document["policy"]["balance"]["weight_usd_per_hour"] *= 2
    assert objective(document) == pytest.approx(2 * before, rel=1e-7, abs=1e-7)


@few
@given(seeds)
def test_order_of_records_is_irrelevant(seed: int) -> None:
    document = random_feature_document(seed)
    turned = {**document}
    for name in ("sites", "pools", "workloads", "links", "commitments"):
        turned[name] = dict(reversed(document[name].items()))
    turned["workloads"] = {
        name: {**work, **({"scaling": dict(reversed(work["scaling"].items()))} if "scaling" in work else {})}
        for name, work in turned["workloads"].items()
    }
    turned["horizon"] = {"blocks": dict(reversed(document["horizon"]["blocks"].items()))}
    assert objective(turned) == pytest.approx(objective(document), rel=1e-9, abs=1e-9)
    assert require(turned).content_hash == require(document).content_hash


@few
@given(seeds)
def test_the_price_of_slow_scaling_is_what_a_solve_without_ramps_and_lead_times_saves(seed: int) -> None:
    document = random_feature_document(seed)
    slow = [*RAMPS, "lead_time_hours"]
    changing = [p for p in document["pools"].values() if p["purchase_option"] != "owned" or p.get("can_power_down")]
    pools = [pool for pool in changing if any(field in pool for field in slow)]
    quick = instant_scaling(require(document))
    assert (quick is None) == (not pools)
    assume(quick is not None)
    before = objective(document)
    for pool in pools:
        for field in slow:
            pool.pop(field, None)
    saved = before - solved(quick).objective_usd
    assert saved == pytest.approx(before - objective(document), abs=1e-6 * max(1.0, before))
    assert saved >= -1e-7 * max(1.0, before)


@few
@given(seeds, st.integers(0, 9))
def test_shadow_price_of_demand_lies_between_the_differences(seed: int, which: int) -> None:
    """Dual of one hour's demand: not below the left difference, not above the right one."""
    document = random_feature_document(seed)
    rigid = [w for w, work in document["workloads"].items() if "demand_units_per_hour" in work]
    assume(rigid)
    name = rigid[which % len(rigid)]
    block = next(iter(document["horizon"]["blocks"]))
    values = document["workloads"][name]["demand_units_per_hour"][block]
    assume(values[0] > 1)
    plan = solved(document)
    prices = plan.shadow_prices
    start = require(document).horizon.blocks[block].start
    mine = prices[(prices["limit"] == "rigid_demand") & (prices["record"] == name) & (prices["period_start"] == start)]
    dual = float(mine["usd_per_unit"].sum())
    step = 1e-3 * values[0]
    sides = []
    for sign in (-1, 1):
        document["workloads"][name]["demand_units_per_hour"][block] = [values[0] + sign * step, *values[1:]]
        factor = document["horizon"]["blocks"][block]["demand_factor"]
        sides.append((objective(document) - plan.objective_usd) / (sign * step * factor))
    slack = 1e-5 * max(abs(sides[1]), abs(dual), 1e-3)
    assert sides[0] - slack <= dual <= sides[1] + slack
