"""Commitments for spend: what they cover and cost, each limit from both sides, and their best sizes by enumeration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import START, hour, pool, rigid, scenario
from hand import money, nearly, planned, shadow

from hybridplan.audit import audit
from hybridplan.audit.axes import Axes
from hybridplan.audit.ledger import open_ledger
from hybridplan.model.aligned import ledger
from hybridplan.model.data import Data
from hybridplan.model.extract import read
from hybridplan.model.formulation import formulate
from hybridplan.model.values import tables
from hybridplan.plan import Plan

LATER = "2026-07-01T00:00:00+00:00"


def spend(usd_per_hour: float, most: float = 0.0, *, rates: dict[str, float] | None = None, **more: Any) -> Any:
    """One commitment called s, for the pool a at half a dollar."""
    return {
        "s": {
            "usd_per_hour": usd_per_hour,
            "max_new_usd_per_hour": most,
            "rates_usd_per_accelerator_hour": rates or {"a": 0.5},
            **more,
        }
    }


def covered(plan: Plan, commitment: str = "s") -> dict[str, float]:
    """Covered accelerators by pool and hour, as a0; hours without are left out."""
    assert plan.tables is not None
    rows = plan.tables.covered
    mine = rows[rows["spend_commitment"] == commitment]
    return {f"{row.pool}{row.period_start.hour}": row.accelerators_covered for row in mine.itertuples()}


def bought(plan: Plan, record: str = "s") -> float:
    """What was newly committed."""
    assert plan.tables is not None
    rows = plan.tables.purchases
    return float(rows.loc[rows["record"] == record, "quantity"].sum())


def test_it_covers_up_to_what_is_committed_and_the_rest_is_lost() -> None:
    """Price 2, rate 0.5, committed 2 USD per hour: 4 accelerators an hour. Load 6, 4, 1.

    Usage (6 - 4) x 2 = 4, commitment 3 x 2 = 6. Used 2 + 2 + 0.5 = 4.5, unused 1.5.
    """
    plan = planned({"a": pool("on_demand", 10, 2.0)}, {"w": rigid([6, 4, 1])}, periods=3, spend_commitments=spend(2.0))
    assert money(plan) == nearly({"usage": 4.0, "commitment": 6.0})
    assert covered(plan) == nearly({"a0": 4.0, "a1": 4.0, "a2": 1.0})
    lines = plan.cost_lines[plan.cost_lines["term"] == "commitment"]
    by_part = {(row.pool, row.record, row.detail): row.usd for row in lines.itertuples()}
    assert by_part == nearly({("a", "s", ""): 4.5, ("", "s", "unused"): 1.5})
    assert plan.constant_usd == nearly(6.0)


def test_it_adds_no_capacity() -> None:
    """Quota 3, load 5: 2 stay unserved at 100 though 10 USD per hour could cover 20."""
    plan = planned({"a": pool("on_demand", 3, 2.0)}, {"w": rigid([5])}, spend_commitments=spend(10.0))
    assert money(plan) == nearly({"commitment": 10.0, "unserved": 200.0})
    assert covered(plan) == nearly({"a0": 3.0})


def test_work_moves_to_what_is_covered() -> None:
    """a at 2 and b at 1, 3 USD committed for a at 0.5: all 5 run on a for nothing more, though b is cheaper."""
    pools = {"a": pool("on_demand", 10, 2.0), "b": pool("on_demand", 10, 1.0)}
    plan = planned(pools, {"w": rigid([5])}, spend_commitments=spend(3.0))
    assert money(plan) == nearly({"commitment": 3.0})


def test_it_covers_what_saves_most_per_dollar() -> None:
    """a: 2 at rate 1 saves 2 per USD, b: 3 at rate 1.2 saves 2.5 per USD. 6 USD: 4 of b (4.8), 1.2 of a.

    Usage (4 - 1.2) x 2 = 5.6. The other way round a takes 4, b 2 / 1.2: (4 - 1.6667) x 3 = 7.
    """
    sku = {"a": "gpu", "b": "other"}
    pools = {name: {**pool("on_demand", 10, price), "sku": sku[name]} for name, price in (("a", 2.0), ("b", 3.0))}
    works = {f"w{name}": rigid([4], throughput={sku[name]: {"units_per_accelerator_hour": 1.0}}) for name in "ab"}
    plan = planned(pools, works, spend_commitments=spend(6.0, rates={"a": 1.0, "b": 1.2}))
    assert money(plan) == nearly({"usage": 5.6, "commitment": 6.0})
    assert covered(plan) == nearly({"a0": 1.2, "b0": 4.0})


def test_money_and_cover_run_over_the_blocks_in_service() -> None:
    """Two blocks of one hour, weights 2 and 3, load 4 at 1. The commitment of 1 USD (2 accelerators) ends in between.

    Usage 2 x (4 - 2) + 3 x 4 = 16, commitment 2 x 1. In the second block prices are 1.5 times: 2 x 2 + 3 x 6 = 22.
    """
    blocks = {"b": {"start": START, "periods": 1, "weight": 2.0}, "c": {"start": LATER, "periods": 1, "weight": 3.0}}
    work = {"w": rigid([4], demand_units_per_hour={"b": [4], "c": [4]})}
    pools, until = {"a": pool("on_demand", 10, 1.0)}, spend(1.0, ends=LATER)
    plan = planned(pools, work, horizon={"blocks": blocks}, spend_commitments=until)
    assert money(plan) == nearly({"usage": 16.0, "commitment": 2.0})
    dearer = {"b": blocks["b"], "c": {**blocks["c"], "price_factor": 1.5}}
    plan = planned(pools, work, horizon={"blocks": dearer}, spend_commitments=until)
    assert money(plan) == nearly({"usage": 22.0, "commitment": 2.0})
    begins = planned(pools, work, horizon={"blocks": dearer}, spend_commitments=spend(1.0, starts=LATER))
    assert money(begins) == nearly({"usage": 8.0 + 3 * 1.5 * 2, "commitment": 3.0})


@pytest.mark.parametrize(("committed", "paid"), [(1.999, 0.004), (2.0, 0.0), (2.5, 0.0)])
def test_spending_stays_within_what_is_committed(committed: float, paid: float) -> None:
    """4 accelerators at rate 0.5 take 2 USD; a thousandth less leaves 0.002 of one at 2 USD."""
    plan = planned({"a": pool("on_demand", 10, 2.0)}, {"w": rigid([4])}, spend_commitments=spend(committed))
    assert plan.cost_usd["usage"] == pytest.approx(paid, abs=1e-9)
    worth = shadow(plan, "spend_commitment", "s")
    assert worth == nearly(4.0) if committed < 2 else worth == pytest.approx(0.0, abs=4.0)


def test_no_more_is_covered_than_runs() -> None:
    """Two commitments, each enough for all 4: together they cover 4, and the audit finds 4.1."""
    both = {"s": spend(2.0)["s"], "r": spend(2.0, rates={"a": 0.4})["s"]}
    plan = planned({"a": pool("on_demand", 10, 2.0)}, {"w": rigid([4])}, spend_commitments=both)
    assert money(plan) == nearly({"commitment": 4.0})
    total = sum(covered(plan, name).get("a0", 0.0) for name in both)
    assert total == nearly(4.0)
    assert plan.tables is not None
    plan.tables.covered.loc[0, "accelerators_covered"] += 0.1
    rows = audit(plan.scenario, plan.tables).residuals
    assert "covered" in set(rows.loc[rows["relative"] > 1e-6, "rule"])


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(0.0, 10.0, 2.0), (0.0, 1.5, 1.5), (0.0, 0.0, 0.0), (3.0, 10.0, 3.0), (2.0, 2.0, 2.0)],
)
def test_new_spend_keeps_to_its_bounds(least: float, most: float, expected: float) -> None:
    """Price 2, rate 0.5, load 4 in both hours: each USD saves 4 up to 2 USD, then nothing."""
    offer = spend(0.0, most, min_new_usd_per_hour=least)
    plan = planned({"a": pool("on_demand", 10, 2.0)}, {"w": rigid([4, 4])}, periods=2, spend_commitments=offer)
    assert bought(plan) == nearly(expected)
    assert plan.objective_usd == nearly(2 * (expected + 2.0 * max(4 - 2 * expected, 0.0)))
    price = shadow(plan, "new_commitment", "s")
    assert price == nearly(6.0) if 0 < most < 2 else price == pytest.approx(0.0, abs=6.0)


def test_a_dearer_year_is_not_committed_for() -> None:
    """Load 4, 1, 1, 1 at price 1 and rate 0.5: a level that one hour in four uses costs 4 x 0.5 and saves 1."""
    loads = {"w": rigid([4, 1, 1, 1])}
    plan = planned({"a": pool("on_demand", 10, 1.0)}, loads, periods=4, spend_commitments=spend(0.0, 10.0))
    assert bought(plan) == nearly(0.5)
    assert plan.objective_usd == nearly(4 * 0.5 + 3.0)


def cost_of(size: float, load: np.ndarray, price: float, rate: float) -> float:
    """What an hourly load costs with one commitment of this size."""
    return len(load) * size + price * float(np.maximum(load - size / rate, 0.0).sum())


@pytest.mark.parametrize("seed", range(20))
def test_the_best_size_is_a_level_of_the_load(seed: int) -> None:
    """Ten loads in ten places, each with one commitment: the cost of each is convex in its size, and straight between
    the levels of its load, so that one of these, nothing, or all that is on offer is cheapest."""
    rng = np.random.default_rng(seed)
    pools, works, offers, least = dict[str, Any](), dict[str, Any](), dict[str, Any](), 0.0
    drawn = []
    for i in range(10):
        load, price = rng.integers(0, 20, size=6) / 2.0, float(rng.choice([1.0, 2.0]))
        rate, most = float(rng.uniform(0.4, 1.2) * price), float(rng.choice([3.0, 50.0]))
        pools[f"p{i}"] = {**pool("on_demand", 20, price), "sku": f"x{i}"}
        works[f"w{i}"] = rigid(load.tolist(), throughput={f"x{i}": {"units_per_accelerator_hour": 1.0}})
        offers[f"s{i}"] = spend(0.0, most, rates={f"p{i}": rate})["s"]
        drawn.append((load, price, rate))
        sizes = [0.0, most, *(level * rate for level in load if level * rate <= most)]
        least += min(cost_of(size, load, price, rate) for size in sizes)
    plan = planned(pools, works, periods=6, spend_commitments=offers)
    assert plan.objective_usd == nearly(least)
    assert sum(cost_of(bought(plan, f"s{i}"), *one) for i, one in enumerate(drawn)) == nearly(least)


def test_the_way_without_tables_gives_the_same_ledger() -> None:
    both = spend(1.0, 3.0) | {"r": spend(0.5, rates={"b": 0.3})["s"]}
    pools = {"b": pool("on_demand", 10, 1.0), "a": pool("on_demand", 2, 2.0)}
    made = scenario(pools, {"w": rigid([4, 1])}, horizon=hour(2), spend_commitments=both)
    model = formulate(Data(made))
    model.problem(model.total_usd).solve(solver="HIGHS")
    values = read(model.decisions, model.data)
    quick, slow = ledger(model.data, values, Axes(made)), open_ledger(made, tables(model.data, values))
    assert quick.new_spend_usd_per_hour == pytest.approx(slow.new_spend_usd_per_hour)

    def by_pair(found: Any) -> dict[tuple[int, int], list[float]]:
        rows = zip(found.covered_by.tolist(), found.covered_pool.tolist(), found.covered, strict=True)
        return {(s, p): row.tolist() for s, p, row in rows if row.any()}

    assert by_pair(quick) == by_pair(slow)
    assert by_pair(quick)
