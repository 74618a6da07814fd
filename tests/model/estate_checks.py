"""What a solved estate must show beside the oracle: its objective, its certificate, and every dollar once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from estate_flows import FlowsOracle
from estate_lines import each_record_pays_its_own
from estate_providers import ProvidersOracle
from estate_survivors import (
    copies_and_backups_are_apart_and_secured,
    nothing_lies_outside,
    survivors_carry_what_is_promised,
)

from hybridplan.domain import Scenario
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def agree(scenario: Scenario) -> Plan:
    """The plan of the scenario, once it agrees with the oracle and with itself; AssertionError where it does not."""
    oracle = ProvidersOracle(scenario)
    oracle.build()
    expected, plan = oracle.least(), optimise(scenario)
    if expected is None:
        assert plan.status is SolveStatus.INFEASIBLE, f"the oracle finds no plan: {plan.status} {plan.objective_usd}"
        return plan
    assert plan.status is SolveStatus.OPTIMAL, f"oracle {expected}: {plan.status} {plan.certificate} {plan.solver}"
    assert plan.kind == ("mixed_integer" if oracle.integer else "linear"), plan.kind
    # Holding what is paid to others to 1e-9 can move the objective by more than that.
    close = 2e-6 if scenario.policy.owned_first else 1e-6
    assert plan.objective_usd == pytest.approx(expected, rel=close, abs=1e-6)
    assert plan.certificate is not None
    assert plan.certificate.passed, plan.certificate.failures
    assert plan.certificate.optimised_usd == pytest.approx(plan.objective_usd, rel=1e-7, abs=1e-7)
    constants_are_what_is_sunk(scenario, plan)
    each_dollar_once(plan)
    what_is_committed_is_used_or_not(scenario, plan)
    each_record_pays_its_own(scenario, plan)
    survivors_carry_what_is_promised(scenario, plan)
    nothing_lies_outside(scenario, plan)
    copies_and_backups_are_apart_and_secured(scenario, plan)
    return plan


def terms_agree(scenario: Scenario, plan: Plan) -> None:
    """What the optimiser charges by term at its own optimum is what the audit charges; linear models only."""
    from hybridplan.model.linear import run

    model = formulate(Data(scenario))
    assert run(model.problem(model.total_usd / model.money_scale), 30).outcome == "optimal"
    audited = {**plan.cost_usd, **plan.penalty_usd}
    assert set(audited) <= set(model.costs), set(audited) - set(model.costs)
    for name, term in model.costs.items():
        assert audited.get(name, 0.0) == pytest.approx(float(term.value), rel=1e-6, abs=1e-6), name


def each_dollar_once(plan: Plan) -> None:
    """Lines sum to each term, and terms to the objective."""
    lines = plan.cost_lines
    terms = {**plan.cost_usd, **plan.penalty_usd}
    assert sum(terms.values()) == pytest.approx(plan.objective_usd, rel=1e-9, abs=1e-9)
    assert lines["usd"].sum() == pytest.approx(plan.objective_usd, rel=1e-9, abs=1e-9)
    summed = lines.groupby("term")["usd"].sum().to_dict()
    for name in {*terms, *summed}:
        assert summed.get(name, 0.0) == pytest.approx(terms.get(name, 0.0), rel=1e-9, abs=1e-9), name
    known = (lines["usd"] >= -1e-7) & lines["usd"].notna()
    assert known.all(), lines[~known]


def constants_are_what_is_sunk(scenario: Scenario, plan: Plan) -> None:
    """Sunk owned cost while it stands, commitments that exist while they last, and the fixed price of links."""
    oracle, total = FlowsOracle(scenario), 0.0
    for c in scenario.commitments.values():
        total += c.fee_usd_per_accelerator_hour * c.accelerators * hours(oracle, c)
    for s in scenario.spend_commitments.values():
        total += s.usd_per_hour * hours(oracle, s)
    for p, pool in scenario.pools.items():
        if pool.purchase_option == "owned" and pool.owned_cost == "sunk":
            stands = sum(oracle.standing(p, b) * oracle.hours_of([b]) for b in oracle.order)
            total += oracle.price(pool) * pool.capacity_accelerators * stands
    total += sum(link.usd_per_hour for link in scenario.links.values()) * oracle.hours
    assert plan.constant_usd == pytest.approx(total, rel=1e-9, abs=1e-9)


def hours(oracle: FlowsOracle, record: Any) -> float:
    """Service hours of a commitment."""
    return oracle.hours_of([b for b in oracle.order if oracle.in_service(record, b)])


def what_is_committed_is_used_or_not(scenario: Scenario, plan: Plan) -> None:
    """The used and the unused line of each commitment, worked out from the tables of decisions."""
    assert plan.tables is not None
    oracle, tables = FlowsOracle(scenario), plan.tables
    standby = tables.standby.rename(columns={"accelerators_standby": "accelerators_assigned"})
    bought = {(row.kind, row.record): float(row.quantity) for row in tables.purchases.itertuples()}
    lines = plan.cost_lines[plan.cost_lines["term"] == "commitment"]
    got = lines.groupby([lines["record"], lines["detail"] == "unused"])["usd"].sum().to_dict()
    expected: dict[tuple[str, bool], float] = {}
    assigned = loads(pd.concat([tables.allocation, standby]) if len(standby) else tables.allocation)
    for b in oracle.order:
        block = scenario.horizon.blocks[b]
        for at in block.starts():
            gh, now = block.weight * block.period_hours, pd.Timestamp(at)
            expected = _capacity(scenario, oracle, bought, assigned, b, now, gh, expected)
            expected = _spent(scenario, oracle, bought, tables.covered, b, now, gh, expected)
    for key in {*got, *expected}:
        assert got.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), rel=1e-6, abs=1e-6), key


def loads(allocation: pd.DataFrame) -> dict[Any, float]:
    """Accelerators assigned, standby among them, by pool and start of the period."""
    summed = allocation.groupby(["pool", "period_start"])["accelerators_assigned"].sum()
    return {key: float(value) for key, value in summed.items()}


def _capacity(
    scenario: Scenario, oracle: FlowsOracle, bought: Any, assigned: Any, b: str, now: Any, gh: float, total: Any
) -> Any:
    sizes = {
        c: x.accelerators + bought.get(("commitment", c), 0.0)
        for c, x in scenario.commitments.items()
        if oracle.in_service(x, b)
    }
    for c, size in sizes.items():
        commitment = scenario.commitments[c]
        committed = sum(n for k, n in sizes.items() if scenario.commitments[k].pool == commitment.pool)
        used = min(assigned.get((commitment.pool, now), 0.0) / committed, 1.0) if committed > 0 else 0.0
        fee = gh * commitment.fee_usd_per_accelerator_hour * size
        total[c, False] = total.get((c, False), 0.0) + used * fee
        total[c, True] = total.get((c, True), 0.0) + (1 - used) * fee
    return total


def _spent(
    scenario: Scenario, oracle: FlowsOracle, bought: Any, covered: pd.DataFrame, b: str, now: Any, gh: float, total: Any
) -> Any:
    for c, spend in scenario.spend_commitments.items():
        if not oracle.in_service(spend, b):
            continue
        mine = covered[(covered["spend_commitment"] == c) & (covered["period_start"] == now)]
        rates = spend.rates_usd_per_accelerator_hour
        used = sum(rates[row.pool] * row.accelerators_covered for row in mine.itertuples())
        paid = spend.usd_per_hour + bought.get(("spend_commitment", c), 0.0)
        total[c, False] = total.get((c, False), 0.0) + gh * used
        total[c, True] = total.get((c, True), 0.0) + gh * (paid - used)
    return total
