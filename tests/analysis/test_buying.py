"""What to buy: hand-worked quantiles of a load, annuities, commitments, and enumeration of cold solves."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import one_site, pool, random_document, rigid, scenario

from hybridplan.analysis.buying import Advice, Buying, Terms, buying
from hybridplan.analysis.buying.mix import summary
from hybridplan.analysis.buying.purchase import with_more
from hybridplan.analysis.buying.search import least
from hybridplan.analysis.sentences import buying as sentences
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus
from hybridplan.units import HOURS_PER_YEAR

TERMS = {"capex_usd": 32_000.0, "life_years": 2.0, "interest_rate": 0.0, "salvage_share": 0.25, "yearly_usd": 1_140.0}
"""(32,000 - 8,000) / 2 + 1,140 = 13,140 USD a year: 1.50 USD an hour."""


def load(owned: float = 0.0, price: float = 3.0, **fields: Any) -> Scenario:
    """Work for 0, 10 and 20 accelerators in three hours; ``owned`` at sunk cost, more at ``price`` USD an hour."""
    pools = {"own": pool("owned", owned, 1.0, **fields), "cloud": pool("on_demand", 99, price)}
    return scenario(pools, {"w": rigid([0.0, 10.0, 20.0])}, periods=3)


def terms(usd_per_hour: float) -> dict[str, float]:
    """Terms of a purchase that comes to so much an hour."""
    return {
        "capex_usd": usd_per_hour * HOURS_PER_YEAR,
        "life_years": 1.0,
        "interest_rate": 0.0,
        "salvage_share": 0.0,
        "yearly_usd": 0.0,
    }


def only(found: Buying) -> Advice:
    (advice,) = found.advice
    assert found.complete
    assert advice.complete
    assert advice.is_proven
    return advice


def test_the_quantile_of_the_load_is_bought() -> None:
    """One of the first ten saves 3 USD in two of three hours: 2 USD an hour, 17,520 a year. One of the next ten saves
    1 USD an hour, 8,760 a year. At 1.50 USD an hour (13,140 a year) ten are bought.

    They save 175,200 and cost 131,400: 43,800 a year are gained. Purchase 320,000, saved less yearly cost 175,200 -
    11,400 = 163,800: paid back in 1.95 years. An annuity of x costs 0.375 C a year: the first pays up to (17,520 -
    1,140) / 0.375 = 43,680 USD, above which none of the ten does; more pay below (8,760 - 1,140) / 0.375 = 20,320.
    Rent of 3 USD is matched where one is busy in half of all hours.
    """
    found = only(buying(load(), {"own": TERMS}))
    assert found.terms.usd_per_year == pytest.approx(13_140.0)
    assert found.best == 10
    assert found.at_best.value_usd_per_year == pytest.approx(175_200.0)
    assert found.at_best.price_usd_per_year == pytest.approx(131_400.0)
    assert found.at_best.net_usd_per_year == pytest.approx(43_800.0)
    assert (found.first_usd_per_year, found.last_usd_per_year) == pytest.approx((17_520.0, 17_520.0))
    assert found.next_usd_per_year == pytest.approx(8_760.0)
    assert found.payback_years == pytest.approx(320_000.0 / 163_800.0)
    assert found.pays_below_usd == pytest.approx(43_680.0)
    assert found.fewer_above_usd == pytest.approx(43_680.0)
    assert found.more_below_usd == pytest.approx(20_320.0)
    assert found.busy_share_to_pay == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("usd_per_hour", "owned", "best"),
    [(2.5, 0.0, 0), (1.5, 0.0, 10), (0.5, 0.0, 20), (0.0, 0.0, 20), (1.5, 4.0, 6), (0.5, 4.0, 16), (1.5, 12.0, 0)],
)
def test_what_is_owned_already_is_not_bought_again(usd_per_hour: float, owned: float, best: int) -> None:
    """The first ten are worth 2 USD an hour each, the next ten 1 USD; those that are owned count among them."""
    assert only(buying(load(owned), {"own": terms(usd_per_hour)})).best == best


def test_whole_nodes_are_bought_only() -> None:
    """Nodes of four: the third, for accelerators 9 to 12, saves 2 x 2 + 2 x 1 = 6 USD an hour, 1.50 each: at 1.40 it
    pays, at 1.60 it does not.
    """
    cheap = only(buying(load(accelerators_per_node=4), {"own": terms(1.4)}))
    assert (cheap.best, cheap.step) == (12, 4)
    assert cheap.last_usd_per_year == pytest.approx(1.5 * HOURS_PER_YEAR)
    assert cheap.next_usd_per_year == pytest.approx(1.0 * HOURS_PER_YEAR)
    assert only(buying(load(accelerators_per_node=4), {"own": terms(1.6)})).best == 8


def test_the_share_held_back_is_not_worth_anything() -> None:
    """Half is held back: 20 are bought where 10 would do, each worth half: at 0.90 USD they pay, at 1.10 not."""
    assert only(buying(load(held_back_share=0.5), {"own": terms(0.9)})).best == 20
    assert only(buying(load(held_back_share=0.5), {"own": terms(1.1)})).best == 0


def test_owned_capacity_that_could_be_given_back_is_no_reason_not_to_buy() -> None:
    """Ten owned at 2.50 USD are kept only while rent at 3 USD in two of three hours (2 USD) is more: none is kept.

    Bought ones at 1.50 are paid whatever happens: ten of them, as if nothing were owned.
    """
    avoidable = load(10.0, owned_cost="avoidable")
    pools = avoidable.pools["own"].model_copy(update={"price_usd_per_accelerator_hour": 2.5})
    found = only(buying(avoidable.model_copy(update={"pools": {**avoidable.pools, "own": pools}}), {"own": TERMS}))
    assert found.best == 10
    assert found.first_usd_per_year == pytest.approx(17_520.0)


def test_commitments_are_weighed_by_their_fee() -> None:
    """Four are committed; the next six are worth 2 USD an hour each, the ten after these 1 USD."""
    document = load().to_dict()
    document["pools"]["own"] = pool("reserved", 0, 0.0)
    document["commitments"] = {"c": {"pool": "own", "accelerators": 4, "fee_usd_per_accelerator_hour": 1.2}}
    given = require(document)
    found = only(buying(given, {"own": {"fee_usd_per_accelerator_hour": 1.2}}))
    assert found.best == 6
    assert found.payback_years is None
    assert found.pays_below_usd == pytest.approx(2.0)
    assert found.more_below_usd == pytest.approx(1.0)
    assert only(buying(given, {"own": {"fee_usd_per_accelerator_hour": 0.9}})).best == 16


def test_a_budget_pays_for_what_is_bought() -> None:
    """Rent is 30 x 3 = 90 USD; ten bought at 1.50 leave 10 x 3 = 30 rented and cost 45: 75 USD fit a budget of 80."""
    given = load().model_copy(update={"policy": load().policy.model_copy(update={"budget": None})})
    document = {**given.to_dict(), "policy": {"budget": {"usd": 80.0}}}
    plan = optimise(with_more(require(document), "own", 10, 1.5))
    assert plan.objective_usd == pytest.approx(75.0)
    assert plan.status is SolveStatus.OPTIMAL
    assert only(buying(require(document), {"own": TERMS})).best == 10


def test_what_is_bought_fails_with_the_pool_it_is_bought_for() -> None:
    """5 must go on without the own pool, so 5 are rented at 3 USD whatever is bought for it: 15, and 5 x 1 for that."""
    pools = {
        "own": pool("owned", 5.0, 1.0, owned_cost="avoidable"),
        "cloud": pool("on_demand", 50.0, 3.0),
    }
    works = {"w": rigid([5.0], promised_share=1.0, promise_form="shared")}
    planted = scenario(pools, works, policy={"contingencies": {"hall": {"kind": "group", "pools": ["own"]}}})
    assert optimise(planted).objective_usd == pytest.approx(15.0)
    assert optimise(with_more(planted, "own", 5, 1.0)).objective_usd == pytest.approx(20.0)


def test_no_more_is_bought_than_the_site_has_space_for() -> None:
    """Each of 10 saves 3 - 1 USD an hour; 1 stands there already, and the racks hold 4."""
    pools = {"own": pool("owned", 1.0, 1.0, rack_units_per_accelerator=1.0), "cloud": pool("on_demand", 50.0, 3.0)}
    planted = scenario(pools, {"w": rigid([10.0])}, sites=one_site(rack_units_limit=4.0))
    (advice,) = buying(planted, {"own": terms(1.0)}).advice
    assert advice.best == 3
    assert [one.count for one in advice.tried] == [0, 1, 2, 3]


def own_cost(document: dict[str, Any], key: str, count: int, usd_per_hour: float) -> float:
    """Cost of the horizon with ``count`` more, solved cold, by a second way of writing it: the new ones are a pool of
    their own at sunk cost."""
    pools = document["pools"]
    fields = {"owned_cost": "sunk", "capacity_accelerators": count, "price_usd_per_accelerator_hour": usd_per_hour}
    new = {**pools[key], **fields, "discount_share": 0.0}
    works = {
        name: {**work, "route_cost_usd_per_unit": {**costs, "new": costs[key]} if key in costs else costs}
        for name, work in document["workloads"].items()
        for costs in [work.get("route_cost_usd_per_unit", {})]
    }
    plan = optimise(require({**document, "pools": {**pools, "new": new}, "workloads": works}))
    assert plan.objective_usd is not None
    return plan.objective_usd


@pytest.mark.parametrize("seed", [2, 7, 11, 12, 18, 23])
def test_enumeration_of_cold_solves_finds_nothing_better(seed: int) -> None:
    document = random_document(seed)
    owned = [key for key, one in document["pools"].items() if one["purchase_option"] == "owned"]
    if not owned:
        document["pools"]["p0"] |= {"purchase_option": "owned", "capacity_accelerators": 3.0}
        document["commitments"] = {k: c for k, c in document["commitments"].items() if c["pool"] != "p0"}
        owned = ["p0"]
    key, price = owned[0], float(np.random.default_rng(seed).uniform(0.05, 1.5))
    given = require(document)
    found = only(buying(given, {key: terms(price)}))
    hours = given.horizon.plan_hours
    some = {*range(0, found.best, max(1, found.best // 8)), *range(max(found.best - 1, 0), found.best + 4)}
    costs = {count: own_cost(document, key, count, price) for count in sorted(some)}
    base = optimise(given).objective_usd
    assert base is not None
    assert costs[0] == pytest.approx(base, rel=1e-7)
    assert costs[found.best] <= min(costs.values()) + 1e-7 * abs(base)
    gain = (base - costs[found.best]) * HOURS_PER_YEAR / hours
    assert found.at_best.net_usd_per_year == pytest.approx(
        gain, rel=1e-6, abs=1e-6 * abs(base) * HOURS_PER_YEAR / hours
    )
    if found.best:
        assert costs[found.best - 1] > costs[found.best]


def test_the_load_is_split_by_purchase_option() -> None:
    """Twelve owned: hours of 20, 10 and 0 busy: 12 + 8 rented, 10, none. 22 of 30 accelerator-hours are owned."""
    mix = buying(load(12.0), {"own": terms(2.0)}).mix
    assert mix["owned"].tolist() == pytest.approx([12.0, 10.0, 0.0])
    assert mix["on_demand"].tolist() == pytest.approx([8.0, 0.0, 0.0])
    assert mix[["from_hour", "to_hour"]].to_numpy().tolist() == [[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]]
    found = summary(mix).set_index("purchase_option")
    assert found["accelerator_hours"].to_dict() == pytest.approx({"owned": 22.0, "on_demand": 8.0})
    assert found.loc["owned", "share"] == pytest.approx(22.0 / 30.0)
    assert found.loc["on_demand", "hours_used_share"] == pytest.approx(1.0 / 3.0)
    after = only(buying(load(), {"own": TERMS})).mix
    assert after["owned"].tolist() == pytest.approx([10.0, 10.0, 0.0])


def test_without_a_plan_there_is_no_advice() -> None:
    tight = scenario({"own": pool("owned", 4, 1.0)}, {"w": rigid([9.0], must_serve=True)})
    found = buying(tight, {"own": TERMS})
    assert (found.status, found.advice) == (SolveStatus.INFEASIBLE, ())


def test_more_than_the_budget_allows_is_not_bought() -> None:
    """Ten owned cost 10 USD, all of the budget: with one more there is no plan."""
    given = scenario({"own": pool("owned", 10, 1.0)}, {"w": rigid([9.0])}, policy={"budget": {"usd": 10.0}})
    found = only(buying(given, {"own": terms(0.1)}))
    assert (found.best, found.pays_below_usd) == (0, None)
    assert sentences.advice(given, found) == [
        "Buy none in own: with one more gpu no plan keeps all rules.",
        "What would overturn it: no price would; rules decide that leave no plan with one more.",
    ]


def test_what_saves_nothing_is_bought_at_no_price() -> None:
    given = scenario({"own": pool("owned", 10, 1.0)}, {"w": rigid([9.0])})
    found = only(buying(given, {"own": terms(0.1)}))
    assert "no purchase price is low enough" in " ".join(sentences.advice(given, found))


def test_what_only_draws_power_saves_nothing() -> None:
    """Twenty are busy at most; idle, one more draws 0.2 kW at 0.1 USD: 0.02 USD an hour more, which is no saving."""
    power = {"price_includes_energy": False, "busy_kw": 0.2, "idle_kw": 0.2, "electricity_usd_per_kwh": 0.1}
    base = load(20.0, **power)
    advice = only(buying(base, {"own": terms(1.0)}))
    assert advice.first_usd_per_year == pytest.approx(-0.02 * HOURS_PER_YEAR)
    assert (
        sentences.advice(base, advice)[0]
        == "Buy none in own: one more gpu would save nothing and costs 8,760 USD a year."
    )


def test_no_time_leaves_what_was_tried() -> None:
    found = buying(load(), {"own": TERMS}, time_limit_seconds=0.0)
    assert (found.complete, found.status) == (False, SolveStatus.NO_PLAN_IN_TIME)


def test_progress_partial_results_and_pickles() -> None:
    said, parts = list[str](), list[Buying]()
    given = load().to_dict()
    given["pools"]["other"] = pool("owned", 0, 1.0)
    asked = {"own": TERMS, "other": TERMS}
    found = buying(require(given), asked, progress=said.append, partial=parts.append)
    assert [len(part.advice) for part in parts] == [1]
    assert said[0] == "Pool 1 of 2: trying 1 more"
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - what a worker sends
    pd.testing.assert_frame_equal(again.table(), found.table())
    assert found.table().loc[found.table()["is_best"], "count"].tolist() == [10, 10]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "name at least one"),
        ({"cloud": TERMS}, "no owned or committed pool"),
        ({"own": {**TERMS, "capex_usd": -1.0}}, "0 or more"),
        ({"own": {**TERMS, "life_years": 0.0}}, "above 0"),
        ({"own": {**TERMS, "interest_rate": 8.0}}, "from 0 to 1"),
        ({"own": {"capex_usd": 1.0}}, "is missing"),
        ({"own": {**TERMS, "tax": 1.0}}, "not known here"),
        ({"own": 3}, "must be an object"),
    ],
)
def test_terms_that_are_none_are_refused_by_name(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        buying(load(), asked)


def test_price_at_is_the_way_back() -> None:
    given = Terms(33_000.0, 4.0, 0.08, 0.1, 3_000.0)
    assert given.price_at(given.usd_per_year) == pytest.approx(33_000.0)
    assert given.price_at(2_999.0) is None
    assert Terms(fee_usd_per_accelerator_hour=2.0).price_at(17_520.0) == pytest.approx(2.0)


@pytest.mark.parametrize("best", [0, 1, 2, 3, 5, 17, 100, 1000])
def test_the_search_finds_the_least_in_few_calls(best: int) -> None:
    asked = set[int]()

    def cost(n: int) -> float:
        asked.add(n)
        return abs(n - best) * 1.0

    assert least(cost, 1000, 0.5) == best
    assert len(asked) <= 4 * (best.bit_length() + 1)
