"""Prices that change with the quantity: by hand at and beside each breakpoint, and by trying every candidate."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from builders import START, pool, rigid, scenario
from hand import money, nearly, planned, provisioned, usd

from hybridplan.analysis.rounding import whole_nodes
from hybridplan.domain import parse
from hybridplan.domain.features import whole_fields
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus


def tiered(
    tiers: dict[float, float], form: str, basis: str, price: float = 2.0, quota: float = 10, **more: Any
) -> dict[str, Any]:
    """An on-demand pool whose price changes at these quantities."""
    parts = {f"from-{quantity:g}": (quantity, usd_there) for quantity, usd_there in tiers.items()}
    return pool(
        "on_demand",
        quota,
        price,
        price_tiers={
            key: {"from_quantity": quantity, "usd_per_accelerator_hour": usd_there}
            for key, (quantity, usd_there) in parts.items()
        },
        tier_form=form,
        tier_basis=basis,
        **more,
    )


@pytest.mark.parametrize(
    ("form", "tiers", "load", "expected"),
    [
        # 2 up to 5, then 1.
        ("graduated", {5: 1.0}, 4, 8.0),
        ("graduated", {5: 1.0}, 5, 10.0),
        ("graduated", {5: 1.0}, 6, 11.0),
        ("volume", {5: 1.0}, 4.999, 9.998),
        ("volume", {5: 1.0}, 5, 5.0),
        ("volume", {5: 1.0}, 6, 6.0),
        # 2 up to 5, then 3.
        ("graduated", {5: 3.0}, 5, 10.0),
        ("graduated", {5: 3.0}, 6, 13.0),
        ("volume", {5: 3.0}, 4.999, 9.998),
        ("volume", {5: 3.0}, 5, 15.0),
        ("volume", {5: 3.0}, 6, 18.0),
        # 2 up to 2, then 3 up to 6, then 1.
        ("graduated", {2: 3.0, 6: 1.0}, 8, 4 + 12 + 2.0),
        ("graduated", {2: 3.0, 6: 1.0}, 6, 4 + 12.0),
        ("volume", {2: 3.0, 6: 1.0}, 5, 15.0),
        ("volume", {2: 3.0, 6: 1.0}, 6, 6.0),
        # Up to the quota, and a tier that lies beyond it.
        ("graduated", {5: 1.0, 10: 0.5}, 10, 15.0),
        ("volume", {5: 1.0, 10: 0.5}, 10, 5.0),
        ("volume", {5: 1.0, 11: 0.1}, 10, 10.0),
    ],
)
@pytest.mark.parametrize("basis", ["hour", "horizon"])
def test_what_a_quantity_costs(form: str, basis: str, tiers: dict[float, float], load: float, expected: float) -> None:
    """One pool, one hour: the load must be served, so that the quantity is the load."""
    plan = planned({"a": tiered(tiers, form, basis)}, {"w": rigid([load], must_serve=True)})
    assert money(plan) == nearly({"usage": expected})
    assert plan.certificate is not None
    assert plan.certificate.optimised_usd == pytest.approx(expected, abs=1e-6)


def test_a_quantity_per_hour_starts_anew_in_each_period() -> None:
    """2 up to 5, then 1, loads 6, 4, 6. Per hour (5 x 2 + 1) + 8 + (5 x 2 + 1) = 30; 16 over the horizon: 10 + 11."""
    loads = {"w": rigid([6, 4, 6], must_serve=True)}
    assert usd({"a": tiered({5: 1.0}, "graduated", "hour")}, loads, periods=3) == nearly(30.0)
    assert usd({"a": tiered({5: 1.0}, "graduated", "horizon")}, loads, periods=3) == nearly(21.0)


def test_weights_and_lengths_of_periods_count_in_the_quantity() -> None:
    """A block of two periods of 2 h, ten times: load 3 is 3 x 2 x 2 x 10 = 120 accelerator-hours.

    2 up to 100, then 1, less 10 %: (100 x 2 + 20) x 0.9 = 198. Per hour with a factor of 1.5 and 2 up to 2, then 1:
    1.5 x 40 h x (4 + 1) x 0.9 = 270.
    """
    block = {"start": START, "periods": 2, "period_hours": 2.0, "weight": 10.0}
    loads = {"w": rigid([3, 3], must_serve=True)}
    by_horizon = tiered({100: 1.0}, "graduated", "horizon", discount_share=0.1)
    assert usd({"a": by_horizon}, loads, horizon={"blocks": {"b": block}}) == nearly(198.0)
    by_hour = tiered({2: 1.0}, "graduated", "hour", discount_share=0.1)
    dearer = {"blocks": {"b": {**block, "price_factor": 1.5}}}
    assert usd({"a": by_hour}, loads, horizon=dearer) == nearly(270.0)


def test_work_is_gathered_where_a_tier_is_reached() -> None:
    """Load 6. a costs 2, and 1 for all from 5 on; b costs 1.5: all 6 on a for 6, though a's first price is higher.

    With 4 the tier is out of reach: b for 6 (4 x 1.5).
    """
    pools = {"a": tiered({5: 1.0}, "volume", "hour"), "b": pool("on_demand", 10, 1.5)}
    plan = planned(pools, {"w": rigid([6, 4])}, periods=2)
    assert provisioned(plan, "a") == nearly([6.0, 0.0])
    assert money(plan) == nearly({"usage": 12.0})


def test_a_dearer_volume_price_is_kept_away_from() -> None:
    """1 up to 5, then 3 for all; b costs 2. Load 6: just under 5 on a, the rest on b: 5 + 2 = 7, to a millionth."""
    pools = {"a": tiered({5: 3.0}, "volume", "hour", price=1.0), "b": pool("on_demand", 10, 2.0)}
    plan = planned(pools, {"w": rigid([6], must_serve=True)})
    assert plan.objective_usd == nearly(7.0)
    assert provisioned(plan, "a")[0] < 5.0


def test_more_is_provisioned_where_that_is_cheaper() -> None:
    """A pool with a start price may provision more than it needs: 4 at 2 cost 8, 5 at 1 cost 5."""
    plan = planned(
        {"a": tiered({5: 1.0}, "volume", "hour", start_usd_per_node=1e-6)}, {"w": rigid([4], must_serve=True)}
    )
    assert provisioned(plan, "a") == nearly([5.0])
    assert plan.objective_usd == nearly(5.0)


def test_rising_prices_need_no_whole_numbers() -> None:
    """Rising parts fill in order by themselves; what falls, or holds for all, is chosen."""
    kinds = {}
    for form, price in (("graduated", 3.0), ("graduated", 1.0), ("volume", 3.0)):
        made = scenario({"a": tiered({5: price}, form, "hour")}, {"w": rigid([6])})
        kinds[form, price] = formulate(Data(made)).kind
        assert bool(whole_fields(made)) == (kinds[form, price] == "mixed_integer")
    assert list(kinds.values()) == ["linear", "mixed_integer", "mixed_integer"]
    assert whole_fields(made) == ["pools.a.price_tiers"]


def test_tiers_that_are_chosen_do_not_go_with_exact_curves() -> None:
    even = {"balance": {"form": "squared", "weight_usd_per_hour": 1.0}}
    for price, allowed in ((1.0, False), (3.0, True)):
        made = scenario({"a": tiered({5: price}, "graduated", "hour")}, {"w": rigid([6])}).to_dict()
        found, issues = parse({**made, "policy": even})
        assert (found is not None) == allowed
        assert allowed or any("pools.a.price_tiers" in issue.message for issue in issues), issues


@pytest.mark.parametrize("form", ["graduated", "volume"])
def test_tiers_bind_together_with_whole_nodes(form: str) -> None:
    """Nodes of 4, load 5: 8 accelerators. 2 up to 5, then 1: graduated 10 + 3, volume 8."""
    made = tiered({5: 1.0}, form, "hour", whole_nodes=True, accelerators_per_node=4)
    plan = planned({"a": made}, {"w": rigid([5], must_serve=True)})
    assert provisioned(plan, "a") == nearly([8.0])
    assert plan.objective_usd == nearly(13.0 if form == "graduated" else 8.0)


def test_nothing_can_be_provisioned() -> None:
    plan = optimise(scenario({"a": tiered({5: 1.0}, "volume", "hour", quota=0)}, {"w": rigid([6])}))
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.objective_usd == nearly(600.0)


def test_no_plan_is_told_from_none() -> None:
    plan = optimise(scenario({"a": tiered({5: 1.0}, "graduated", "hour")}, {"w": rigid([11], must_serve=True)}))
    assert plan.status is SolveStatus.INFEASIBLE


Tiers = list[tuple[float, float]]


def cost(tiers: Tiers, form: str, quantity: float) -> float:
    """C(q), the tier of a volume price being reached at its exact beginning."""
    if form == "volume":
        return quantity * [price for begin, price in tiers if quantity >= begin][-1]
    ends = [*(begin for begin, _ in tiers[1:]), np.inf]
    return sum(price * max(min(quantity, end) - begin, 0.0) for (begin, price), end in zip(tiers, ends, strict=True))


def least(tiers: Tiers, form: str, load: float, most: float, other: float) -> float:
    """Cheapest split of a load between the tiered pool (at most ``most``) and another at one price.

    Cost is straight between breakpoints, so that one of these or an end is cheapest; just below a dearer volume price
    the cheaper one still holds.
    """
    top = min(load, most)
    inner = [begin for begin, _ in tiers if 0 < begin <= top]
    found = [cost(tiers, form, q) + other * (load - q) for q in (0.0, top, *inner)]
    if form == "volume":
        for (_, price), (end, _) in pairwise(tiers):
            if end <= top:
                found.append(price * end + other * (load - end))
    return min(found)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("form", ["graduated", "volume"])
@pytest.mark.parametrize("basis", ["hour", "horizon"])
def test_every_candidate_was_tried(form: str, basis: str, seed: int) -> None:
    """Two or three tiers at random prices, beside a pool at one price, over three hours of load."""
    rng = np.random.default_rng(seed)
    load, quota, other = rng.integers(0, 11, size=3) * 1.0, float(rng.integers(2, 11)), 2.0
    span = quota if basis == "hour" else 3 * quota
    begins = np.sort(rng.choice(np.arange(1, int(span) + 3), size=rng.integers(1, 3), replace=False)) * 1.0
    prices = rng.integers(2, 9, size=len(begins) + 1) / 2.0
    tiers = list(zip([0.0, *begins.tolist()], prices.tolist(), strict=True))
    made = tiered(dict(tiers[1:]), form, basis, price=tiers[0][1], quota=quota)
    pools = {"a": made, "b": pool("on_demand", 100, other)}
    if basis == "hour":
        expected = sum(least(tiers, form, x, quota, other) for x in load)
    else:
        expected = least(tiers, form, float(load.sum()), float(np.minimum(load, quota).sum()), other)
    found = usd(pools, {"w": rigid(load.tolist(), must_serve=True)}, periods=3)
    assert found == pytest.approx(expected, rel=2e-6, abs=1e-6)


@pytest.mark.parametrize("form", ["graduated", "volume"])
@pytest.mark.parametrize("basis", ["hour", "horizon"])
def test_money_without_a_model_is_that_of_the_audit(form: str, basis: str) -> None:
    """What rounding to whole nodes charges is worked out from arrays alone: 4 and 6 with tiers at 5 and 8."""
    made = scenario({"a": tiered({5: 1.0, 8: 3.0}, form, basis)}, {"w": rigid([4, 6], must_serve=True)}, periods=2)
    plan = optimise(made)
    assert plan.objective_usd is not None
    assert Data(made).price_tiers.usage_usd(np.array([[4.0, 6.0]])) == nearly(plan.objective_usd)


def test_whole_nodes_of_a_divisible_plan_pay_their_tier() -> None:
    """Load 4.5 at 2 up to 4, then 3: 8 + 1.5. A fifth accelerator comes whole: half of one more at 3."""
    made = scenario({"a": tiered({4: 3.0}, "graduated", "hour")}, {"w": rigid([4.5], must_serve=True)})
    found = whole_nodes(optimise(made))
    assert found is not None
    assert found.extra_usd == nearly(1.5)
