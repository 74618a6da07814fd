"""Random scenarios: an oracle in another style, two solvers, the audit, the bound, and properties that must hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import random_document
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle

from hybridplan.analysis.baselines import baselines
from hybridplan.audit import audit
from hybridplan.domain import Scenario, require
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.linear import run
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

seeds = st.integers(min_value=0, max_value=100_000)
few = settings(max_examples=30)


def solved(document: dict[str, Any] | Scenario) -> Plan:
    scenario = document if isinstance(document, Scenario) else require(document)
    plan = optimise(scenario)
    assert plan.status is SolveStatus.OPTIMAL, (plan.status, plan.certificate, plan.solver)
    return plan


def objective(document: dict[str, Any]) -> float:
    value = solved(document).objective_usd
    assert value is not None
    return value


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_the_oracle_agrees_and_each_optimised_term_is_the_audited_one(start: int) -> None:
    """300 scenarios: the objective equals SciPy's to 1e-6, and the optimiser's terms equal the audit's dollars."""
    for seed in range(start, start + 50):
        scenario = require(random_document(seed))
        plan = solved(scenario)
        assert plan.objective_usd == pytest.approx(Oracle(scenario).objective(), rel=1e-6, abs=1e-6), seed
        model = formulate(Data(scenario))
        assert run(model.problem(model.total_usd / model.money_scale), 30).outcome == "optimal"
        audited = {**plan.cost_usd, **plan.penalty_usd}
        for name, term in model.costs.items():
            assert audited.get(name, 0.0) == pytest.approx(float(term.value), rel=1e-6, abs=1e-6), (seed, name)
        assert sum(audited.values()) == pytest.approx(plan.objective_usd, rel=1e-9)
        assert plan.cost_lines["usd"].sum() == pytest.approx(plan.objective_usd, rel=1e-9)


@few
@given(seeds)
def test_two_solvers_agree(seed: int) -> None:
    scenario = require(random_document(seed))
    ours, theirs = optimise(scenario), optimise(scenario, solver="clarabel")
    assert theirs.objective_usd == pytest.approx(ours.objective_usd, rel=1e-6, abs=1e-6)


@few
@given(seeds)
def test_baselines_that_break_nothing_are_never_below_the_bound(seed: int) -> None:
    plan = solved(random_document(seed))
    assert plan.certificate is not None
    for baseline in baselines(plan.scenario).values():
        if not baseline.breaks:
            slack = 1e-6 * max(1.0, abs(plan.certificate.bound_usd))
            assert baseline.objective_usd >= plan.certificate.bound_usd - slack


@few
@given(seeds)
def test_doubling_every_price_doubles_the_cost(seed: int) -> None:
    document = random_document(seed)
    before = objective(document)
    for pool in document["pools"].values():
        pool["price_usd_per_accelerator_hour"] *= 2
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
    assert objective(document) == pytest.approx(2 * before, rel=1e-7, abs=1e-7)


@few
@given(seeds, st.integers(0, 9), st.floats(1, 50))
def test_more_rented_capacity_never_costs_more(seed: int, which: int, added: float) -> None:
    document = random_document(seed)
    rented = [p for p in document["pools"].values() if p["purchase_option"] in ("on_demand", "interruptible")]
    assume(rented)
    before = objective(document)
    rented[which % len(rented)]["capacity_accelerators"] += added
    assert objective(document) <= before * (1 + 1e-7) + 1e-7


@few
@given(seeds, st.floats(1.05, 2.0))
def test_more_demand_never_costs_less(seed: int, factor: float) -> None:
    document = random_document(seed)
    before = objective(document)
    for block in document["horizon"]["blocks"].values():
        block["demand_factor"] *= factor
    assert objective(document) >= before * (1 - 1e-7) - 1e-7


@few
@given(seeds)
def test_order_of_records_is_irrelevant(seed: int) -> None:
    document = random_document(seed)
    turned = {**document}
    for name in ("sites", "pools", "workloads", "links", "commitments"):
        turned[name] = dict(reversed(document[name].items()))
    turned["horizon"] = {"blocks": dict(reversed(document["horizon"]["blocks"].items()))}
    assert objective(turned) == pytest.approx(objective(document), rel=1e-9, abs=1e-9)
    assert require(turned).content_hash == require(document).content_hash


@few
@given(seeds, st.integers(0, 9))
def test_splitting_a_pool_in_two_changes_nothing(seed: int, which: int) -> None:
    document = random_document(seed)
    name = list(document["pools"])[which % len(document["pools"])]
    pool = document["pools"][name]
    assume(pool["purchase_option"] != "reserved")
    before = objective(document)
    half = {**pool, "capacity_accelerators": pool["capacity_accelerators"] / 2}
    document["pools"][name] = half
    document["pools"]["twin"] = half
    for work in document["workloads"].values():
        routes = work.get("route_cost_usd_per_unit", {})
        if name in routes:
            routes["twin"] = routes[name]
    assert objective(document) == pytest.approx(before, rel=1e-7, abs=1e-7)


@few
@given(seeds, st.integers(0, 9))
def test_shadow_price_of_demand_lies_between_the_differences(seed: int, which: int) -> None:
    """Dual of one hour's demand: not below the left difference, not above the right one."""
    document = random_document(seed)
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


@few
@given(seeds, st.integers(0, 9))
def test_one_more_accelerator_lies_between_the_differences(seed: int, which: int) -> None:
    """Net value of capacity, own rent and energy included: between the saving by one step more and one step less."""
    document = random_document(seed)
    names = [p for p, pool in document["pools"].items() if pool["capacity_accelerators"] > 1]
    assume(names)
    name = names[which % len(names)]
    plan = solved(document)
    prices = plan.shadow_prices
    mine = prices[(prices["limit"] == "one_more_accelerator") & (prices["record"] == name)]
    value = float(mine["usd_per_unit"].sum())
    size = document["pools"][name]["capacity_accelerators"]
    savings = []
    for sign in (-1, 1):
        document["pools"][name]["capacity_accelerators"] = size + sign * 1e-2
        savings.append((plan.objective_usd - objective(document)) / (sign * 1e-2))
    slack = 1e-5 * max(abs(plan.objective_usd), 1.0) / 1e-2 * 1e-4 + 1e-4 * abs(value)
    assert savings[1] - slack <= value <= savings[0] + slack


@few
@given(seeds)
def test_the_plan_survives_its_own_audit_and_no_cheaper_mutation_does(seed: int) -> None:
    """Shaving the allocation by 0.1 % would save money if the audit let it pass; it does not."""
    plan = solved(random_document(seed))
    assert plan.tables is not None
    report = audit(plan.scenario, plan.tables)
    assert report.ok
    assert report.objective_usd == pytest.approx(plan.objective_usd)
    rows = plan.tables.allocation
    assume(len(rows) > 0)
    shaved = rows.assign(accelerators_busy=rows["accelerators_busy"] * np.where(np.arange(len(rows)) == 0, 0.999, 1.0))
    assert not audit(plan.scenario, replace(plan.tables, allocation=shaved)).ok


@few
@given(seeds)
def test_owned_first_pays_least_to_others_and_never_less_in_all(seed: int) -> None:
    document = random_document(seed)
    free = solved(document)
    bound = solved({**document, "policy": {**document["policy"], "owned_first": True}})

    def others(plan: Plan) -> float:
        return sum(plan.cost_usd[term] for term in ("usage", "commitment", "transfer")) + plan.penalty_usd["unserved"]

    assert others(bound) <= others(free) + 1e-6 * max(1.0, others(free))
    assert bound.objective_usd >= free.objective_usd * (1 - 1e-7) - 1e-7
