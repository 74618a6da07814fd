"""A vendor's order of applying commitments: a published hour, ties, and never below the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import START, pool, rigid, scenario

from hybridplan.analysis import planner
from hybridplan.analysis.commitments.vendor_order import of_plan, vendor_bill
from hybridplan.analysis.sentences import commitments as sentences
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

HOUR = {
    # Running, on demand, general plan, instance plan.
    "r5": (4.0, 1.0, 0.70, 0.60),
    "vcpu": (400.0, 0.04, 0.03, None),
    "gb": (1600.0, 0.004, 0.003, None),
    "m5": (1.0, 10.0, 8.20, None),
    "lambda": (1.5e6, 1.5e-5, 1.275e-5, None),
    "requests": (1.0, 0.20, 0.20, None),
}
"""The hour of the AWS Savings Plans user guide; requests in millions."""


def published(general: float, instance: float = 0.0) -> tuple[Scenario, pd.DataFrame]:
    """That hour with these commitments, and what runs."""
    rates = {key: row[2] for key, row in HOUR.items()}
    commitments: dict[str, Any] = {"general": {"usd_per_hour": general, "rates_usd_per_accelerator_hour": rates}}
    if instance:
        commitments["instance"] = {"usd_per_hour": instance, "rates_usd_per_accelerator_hour": {"r5": HOUR["r5"][3]}}
    pools = {key: pool("on_demand", row[0], row[1]) for key, row in HOUR.items()}
    made = scenario(pools, {}, spend_commitments=commitments)
    when = pd.Timestamp(START)
    rows = [(key, "b", when, row[0]) for key, row in HOUR.items()]
    return made, pd.DataFrame(rows, columns=["pool", "block", "period_start", "accelerators_provisioned"])


@pytest.mark.parametrize(
    ("general", "instance", "left", "used"),
    [(0.0, 0.0, 59.10, 0.0), (2.0, 0.0, 56.24, 2.0), (19.6, 0.0, 32.70, 19.6), (16.8, 3.0, 32.70, 16.8 + 2.4)],
)
def test_a_published_hour(general: float, instance: float, left: float, used: float) -> None:
    """2.00 covers 2.857 of 4 r5, so that 1.14 of 4 USD are left; 19.60 covers all but m5, lambda and requests."""
    bill = vendor_bill(*published(general, instance), {})
    assert bill.usage_usd == pytest.approx(left, abs=0.005)
    assert sum(bill.used_usd.values()) == pytest.approx(used)
    assert bill.commitment_usd == pytest.approx(general + instance)


def test_of_equal_shares_the_lowest_rate_comes_first() -> None:
    """vcpu and gb both save a quarter. 2.8 for r5, then 2.2 for gb at 0.003 before any vcpu."""
    bill = vendor_bill(*published(5.0), {})
    by_pool = bill.covered.set_index("pool")["accelerators_covered"].to_dict()
    assert by_pool == pytest.approx({"r5": 4.0, "gb": 2.2 / 0.003})


def test_new_spend_counts_like_what_is_committed() -> None:
    made, running = published(1.0)
    assert vendor_bill(made, running, {"general": 1.0}).usage_usd == pytest.approx(56.24, abs=0.005)


def test_a_plan_may_cover_more_with_the_same_money() -> None:
    """a and b cost 2 and run once each; 1 USD for a at 1 or b at 1.25, 1 USD for a at 1 or c, d at 1.

    The vendor: the first covers a (half saved), the second finds nothing left: 2 USD for b. The plan: the first covers
    0.8 of b, the second a: 0.2 x 2 = 0.4 USD.
    """
    several = {
        "narrow": {"usd_per_hour": 1.0, "rates_usd_per_accelerator_hour": {"a": 1.0, "b": 1.25}},
        "broad": {"usd_per_hour": 1.0, "rates_usd_per_accelerator_hour": {"a": 1.0, "c": 1.0, "d": 1.0}},
    }
    pools = {key: {**pool("on_demand", 1, 2.0), "sku": key} for key in "abcd"}
    works = {f"w{key}": rigid([1], throughput={key: {"units_per_accelerator_hour": 1.0}}) for key in "ab"}
    plan = optimise(scenario(pools, works, spend_commitments=several))
    assert plan.tables is not None
    ours, vendors = of_plan(plan, plan.tables)
    assert (ours.usage_usd, vendors.usage_usd) == pytest.approx((0.4, 2.0))
    assert vendors.used_usd == pytest.approx({"narrow": 1.0, "broad": 0.0})
    assert ours.used_usd == pytest.approx({"narrow": 1.0, "broad": 1.0})
    assert any("would bill 1.60 USD more: 4 USD over" in line for line in sentences.bills(plan))


def test_where_the_order_changes_nothing_the_bill_is_said_to_be_the_same() -> None:
    """One commitment alone: 1 USD covers a, at 1 in place of 2."""
    one = {"narrow": {"usd_per_hour": 1.0, "rates_usd_per_accelerator_hour": {"a": 1.0}}}
    pools, work = {"a": {**pool("on_demand", 1, 2.0), "sku": "a"}}, rigid([1])
    throughput = {"throughput": {"a": {"units_per_accelerator_hour": 1.0}}}
    plan = optimise(scenario(pools, {"w": {**work, **throughput}}, spend_commitments=one))
    assert say("billing.vendor_same") in sentences.bills(plan)
    assert say("billing.vendor_same") not in sentences.bills(optimise(scenario(pools, {"w": {**work, **throughput}})))


def estate(seed: int) -> Scenario:
    """Four pools of two SKUs, loads over two blocks, and three commitments for two, three and all pools."""
    rng = np.random.default_rng(seed)
    blocks = {
        "b": {"start": START, "periods": 3, "weight": 5.0},
        "c": {"start": "2026-07-01T00:00:00+00:00", "periods": 2, "price_factor": float(rng.choice([0.8, 1.0]))},
    }
    pools = {
        f"p{i}": {**pool("on_demand", float(rng.integers(3, 12)), float(rng.uniform(1, 4))), "sku": f"x{i % 2}"}
        for i in range(4)
    }
    works = {
        f"w{i}": rigid(
            [],
            demand_units_per_hour={"b": rng.uniform(0, 12, 3).tolist(), "c": rng.uniform(0, 12, 2).tolist()},
            throughput={f"x{i}": {"units_per_accelerator_hour": 1.0}},
        )
        for i in range(2)
    }
    several = {}
    for i, width in enumerate((2, 3, 4)):
        names = [str(name) for name in rng.choice(list(pools), size=width, replace=False)]
        rates = {key: float(rng.uniform(0.4, 1.0)) * pools[key]["price_usd_per_accelerator_hour"] for key in names}
        several[f"s{i}"] = {
            "usd_per_hour": float(rng.uniform(2, 10)),
            "max_new_usd_per_hour": float(rng.choice([0.0, 5.0])),
            "rates_usd_per_accelerator_hour": rates,
        }
    several["s1"]["ends"] = "2026-07-01T00:00:00+00:00"
    return scenario(pools, works, horizon={"blocks": blocks}, spend_commitments=several)


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_the_plan_is_never_dearer_than_the_vendors_order(start: int) -> None:
    """The same machines and sizes on 100 random estates; the plan's own money is that of the audit."""
    dearer = 0
    for seed in range(start, start + 20):
        plan = optimise(estate(seed))
        assert plan.status is SolveStatus.OPTIMAL, seed
        assert plan.tables is not None
        ours, vendors = of_plan(plan, plan.tables)
        assert ours.usage_usd == pytest.approx(plan.cost_usd["usage"] - apart(plan.scenario, plan), rel=1e-9, abs=1e-9)
        assert ours.commitment_usd == pytest.approx(plan.cost_usd["commitment"], rel=1e-9, abs=1e-9)
        assert ours.total_usd <= vendors.total_usd * (1 + 1e-9) + 1e-9, seed
        dearer += vendors.total_usd > ours.total_usd * (1 + 1e-6)
    assert dearer, "the order never mattered, so that nothing was compared"


def apart(made: Scenario, plan: Any) -> float:
    """Usage of pools without a rate."""
    rated = {key for one in made.spend_commitments.values() for key in one.rates_usd_per_accelerator_hour}
    lines = plan.cost_lines[(plan.cost_lines["term"] == "usage") & ~plan.cost_lines["pool"].isin(rated)]
    return float(lines["usd"].sum())


def test_with_one_commitment_the_order_is_the_cheapest() -> None:
    """Highest share saved is highest saving per dollar spent, so that the plan and the vendor agree."""
    for seed in range(10):
        made = estate(seed)
        only = made.model_copy(update={"spend_commitments": {"s2": made.spend_commitments["s2"]}})
        plan = optimise(only)
        assert plan.tables is not None
        ours, vendors = of_plan(plan, plan.tables)
        assert ours.total_usd == pytest.approx(vendors.total_usd, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_simple_rules_are_covered_in_the_vendors_order(seed: int) -> None:
    """A rule that is compared with the plan gets the commitments that exist already, and nothing new."""
    plan = planner.solve(estate(seed))
    assert plan.baselines
    for rule in plan.baselines.values():
        assert rule.tables.purchases["quantity"].sum() == 0
        vendors = vendor_bill(plan.scenario, rule.tables.provisioned, {})
        left = rule.cost_usd["usage"] + rule.cost_usd["commitment"]
        assert left - vendors.total_usd == pytest.approx(_unrated(plan.scenario, rule.tables.provisioned), abs=1e-6)
        assert rule.objective_usd >= (plan.objective_usd or 0.0) - 1e-6


def _unrated(made: Scenario, provisioned: pd.DataFrame) -> float:
    """Usage of pools without a rate, from what runs."""
    rated = {key for one in made.spend_commitments.values() for key in one.rates_usd_per_accelerator_hour}
    usd = 0.0
    for row in provisioned[~provisioned["pool"].isin(rated)].itertuples():
        block = made.horizon.blocks[row.block]
        price = made.pools[row.pool].price_usd_per_accelerator_hour * block.price_factor
        usd += price * block.weight * block.period_hours * row.accelerators_provisioned
    return usd
