"""Scenarios held against each other: hand-worked costs, moves and causes; what is no difference makes none."""

from __future__ import annotations

import math
import pickle
from copy import deepcopy
from typing import Any

import pandas as pd
import pytest
from builders import deferrable, pool, random_document, rigid, scenario

from hybridplan.analysis.compare import Comparison, compare
from hybridplan.analysis.compare.causes import causes
from hybridplan.analysis.sentences import compared_figures
from hybridplan.analysis.sentences.comparing import both_names
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.plan import SolveStatus


def two_pools(owned: float = 10.0, price: float = 2.0, **fields: Any) -> Scenario:
    """``owned`` accelerators at sunk cost of 1 USD an hour; a cloud at ``price``; work for 16, then for 8."""
    pools = {"own": pool("owned", owned, 1.0), "cloud": pool("on_demand", 50, price)}
    return scenario(pools, {"w": rigid([16.0, 8.0])}, periods=2, **fields)


def figure(found: Comparison, name: str, code: str, column: str = "value") -> float:
    rows = found.figures.loc[(found.figures["name"] == name) & (found.figures["figure"] == code), column]
    return float(rows.iloc[0])


def moved(found: Comparison, name: str) -> dict[str, float]:
    rows = found.moves.loc[found.moves["name"] == name]
    return dict(zip(rows["pool"], rows["change"], strict=True))


def text(found: Comparison, position: int = 1) -> str:
    return " ".join(found.sentences[position])


def test_more_owned_accelerators_by_hand() -> None:
    """First: 10 x 2 h x 1 USD = 20 owned, and 6 rented in the first hour, 6 x 2 = 12 USD: 32 in all.

    With 13: 26 owned and 3 rented, 6 USD: 32 too. Rented falls by 6, owned rises by 6: bars -6 and +6, sum 0.
    With 16 at the dearer cloud of 3 USD: 32 owned and nothing rented: 32, bars -12 and +12.
    With 20: 40 owned: 40, bars -12 and +20 = 8 more. Three (six) accelerator-hours move to the owned ones.
    """
    found = compare(two_pools(), [two_pools(13.0), two_pools(16.0, 3.0), two_pools(20.0)], names=["a", "b", "c", "d"])
    assert found.names == ("a", "b", "c", "d")
    assert found.complete
    assert [figure(found, name, "objective") for name in "abcd"] == pytest.approx([32.0, 32.0, 32.0, 40.0])
    assert figure(found, "d", "objective", "change") == pytest.approx(8.0)
    assert figure(found, "d", "objective", "change_share") == pytest.approx(0.25)
    bars = found.waterfall.set_index(["name", "term"])["usd"]
    assert bars["b"].to_dict() == pytest.approx({"usage": -6.0, "owned_fixed": 6.0})
    assert bars["d"].to_dict() == pytest.approx({"owned_fixed": 20.0, "usage": -12.0})
    assert moved(found, "b") == pytest.approx({"own": 3.0, "cloud": -3.0})
    assert moved(found, "c") == pytest.approx({"own": 6.0, "cloud": -6.0})
    hourly = found.hourly.loc[found.hourly["name"] == "b"]
    assert hourly["period_start"].unique().tolist() == [pd.Timestamp("2026-06-01T00:00Z")]
    assert figure(found, "a", "utilisation") == pytest.approx(18.0 / 20.0)
    assert figure(found, "d", "utilisation") == pytest.approx(24.0 / 40.0)


def test_because_is_said_of_a_limit_that_binds_and_has_a_price_only() -> None:
    """With sunk cost left out one more owned saves 2 USD in the full hour: 13 in place of 10 explains 6 USD less."""
    free = {"own": pool("owned", 10, 0.0), "cloud": pool("on_demand", 50, 2.0)}
    work = {"w": rigid([16.0, 8.0])}
    first = scenario(free, work, periods=2)
    more = scenario({**free, "own": pool("owned", 13, 0.0)}, work, periods=2)
    quota = scenario({**free, "cloud": pool("on_demand", 80, 2.0)}, work, periods=2)
    both = scenario({"own": pool("owned", 13, 0.0), "cloud": pool("on_demand", 80, 1.5)}, work, periods=2)
    found = compare(first, [more, quota, both], names=["first", "more", "quota", "both"])
    assert "costs 6 USD (50 %) less" in text(found)
    assert "because capacity of own (10 to 13 accelerators) changed." in text(found)
    assert "because" not in text(found, 2)
    assert "costs the same" in text(found, 2)
    assert [cause.is_cause for cause in causes(found.entrants[0], found.entrants[3])] == [True, False, False]
    assert "because capacity of own (10 to 13 accelerators) changed." in text(found, 3)
    together = text(found, 3).split("goes together with ")[1]
    assert "capacity of cloud (50 to 80 accelerators)" in together
    assert "price of cloud (2 to 1.5 USD per accelerator-hour)" in together


def test_a_price_is_no_cause_and_neither_is_a_limit_that_pulled_the_other_way() -> None:
    """Two more owned save 4 USD, yet rent of 4 in place of 2 USD makes 16 of 12: the two more are not why."""
    free = {"own": pool("owned", 10, 0.0), "cloud": pool("on_demand", 50, 2.0)}
    work = {"w": rigid([16.0, 8.0])}
    dearer = scenario({"own": pool("owned", 12, 0.0), "cloud": pool("on_demand", 50, 4.0)}, work, periods=2)
    found = compare(scenario(free, work, periods=2), [dearer])
    assert figure(found, found.names[1], "objective", "change") == pytest.approx(4.0)
    assert "because" not in text(found)
    together = text(found).split("goes together with ")[1]
    assert "capacity of own (10 to 12 accelerators)" in together
    assert "price of cloud (2 to 4 USD per accelerator-hour)" in together


def test_demand_and_caps_are_causes_with_their_amounts() -> None:
    """Two more units in the full hour cost 4 USD; a budget of 20 USD in place of none leaves 4 of 32 USD undone."""
    demand = scenario(
        {"own": pool("owned", 10, 1.0), "cloud": pool("on_demand", 50, 2.0)}, {"w": rigid([18.0, 8.0])}, periods=2
    )
    budget = two_pools(policy={"budget": {"usd": 28.0}})
    found = compare(two_pools(), [demand, budget], names=["first", "demand", "budget"])
    assert figure(found, "demand", "objective", "change") == pytest.approx(4.0)
    assert "because demand of w (mean 12 to" not in text(found)  # two hours are no profile
    assert "because demand of w (" in text(found)
    assert "because budget (none to 28 USD per horizon) changed" in text(found, 2)
    assert "Not served: 8.3 % of w (0 % in first)." in text(found, 2)
    assert "penalties included" in text(found, 2)


def test_texts_and_order_of_records_make_no_difference() -> None:
    """Names, notes and the order of records differ, and two clouds cost the same: nothing moves, nothing is a cause."""
    pools = {"own": pool("owned", 4, 0.5), "a": pool("on_demand", 20, 2.0), "b": pool("on_demand", 20, 2.0)}
    works = {"w": rigid([9.0, 7.0, 3.0]), "v": deferrable(5.0, 0, 3)}
    first = scenario(pools, works, periods=3)
    other = scenario(
        {key: {**pools[key], "notes": "as before"} for key in reversed(pools)},
        {key: works[key] for key in reversed(works)},
        periods=3,
        name="other",
    )
    found = compare(first, [other, first])
    for name in found.names[1:]:
        assert found.moves.loc[found.moves["name"] == name].empty
        assert figure(found, name, "objective", "change") == pytest.approx(0.0, abs=1e-9)
    assert found.hourly.empty
    assert not found.inputs["matters"].any()
    assert "No work runs elsewhere" in text(found)
    assert "Only texts differ" in text(found)
    assert "No input differs" in text(found, 2)


def test_a_limit_that_is_gone_leaves_its_unit_beside_the_number() -> None:
    """Two at a time do 4 of 10 units in two hours; with no limit all 10 are done."""
    work = deferrable(10.0, 0, 2, parallel_limit_accelerators=2.0)
    pools = {"own": pool("owned", 20, 1.0)}
    first = scenario(pools, {"w": work}, periods=2)
    del work["parallel_limit_accelerators"]
    found = compare(first, [scenario(pools, {"w": work}, periods=2, name="free")])
    assert "parallel limit of w (2 accelerators to none)" in text(found)


def test_where_numbers_come_from_is_no_input_that_can_change_a_plan() -> None:
    """Of a workload and a site: sources, dates, the model's name, the word for a unit, the region."""
    first = scenario({"own": pool("owned", 4, 0.5)}, {"w": rigid([3.0])}).to_dict()
    other = deepcopy(first)
    other["workloads"]["w"] |= {"demand_source": "log", "demand_date": "2026-05-01", "model": "m", "unit": "requests"}
    other["sites"]["here"] |= {"rates_source": "tariff", "rates_date": "2026-05-02", "region": "north"}
    found = compare(require(first), [other])
    assert len(found.inputs) == 7
    assert not found.inputs["matters"].any()
    assert "Only texts differ" in text(found)


@pytest.mark.parametrize("seed", [3, 4, 8, 15])
def test_order_of_records_of_both_is_irrelevant(seed: int) -> None:
    """Random scenarios, one pool dearer: the same figures, bars and moves whichever way the records stand."""
    document = random_document(seed)
    other = random_document(seed)
    name = next(key for key, one in other["pools"].items() if one["purchase_option"] != "reserved")
    other["pools"][name]["price_usd_per_accelerator_hour"] *= 1.3

    def turned(one: dict[str, Any]) -> dict[str, Any]:
        parts = ("sites", "pools", "workloads", "links", "commitments")
        return {**one, **{part: dict(reversed(one[part].items())) for part in parts}}

    found = compare(require(document), [other])
    again = compare(require(turned(document)), [turned(other)])
    pd.testing.assert_frame_equal(found.figures, again.figures)
    pd.testing.assert_frame_equal(found.moves, again.moves)
    pd.testing.assert_frame_equal(found.waterfall, again.waterfall)
    assert found.sentences == again.sentences


@pytest.mark.parametrize("seed", [1, 2, 5, 6, 9])
def test_bars_add_up_to_the_difference(seed: int) -> None:
    """Of scenarios that have little in common: amounts per year where their horizons differ in length."""
    found = compare(require(random_document(seed)), [random_document(seed + 20), random_document(seed + 40)])
    for name in found.names[1:]:
        bars = found.waterfall.loc[found.waterfall["name"] == name, "usd"].astype(float)
        change, size = figure(found, name, "objective", "change"), abs(figure(found, name, "objective"))
        assert math.isclose(math.fsum(bars), change, rel_tol=0.0, abs_tol=1e-12 * size + 1e-9)
    for entrant in found.entrants:
        hours = entrant.plan.scenario.horizon.plan_hours
        factor = 8760.0 / hours if found.span == "year" else 1.0
        assert figure(found, entrant.name, "objective") == pytest.approx(factor * (entrant.plan.objective_usd or 0.0))


def test_without_a_plan_it_is_said_and_nothing_is_made_up() -> None:
    impossible = scenario({"own": pool("owned", 4, 1.0)}, {"w": rigid([16.0, 8.0], must_serve=True)}, periods=2)
    found = compare(two_pools(), [impossible], names=["first", "tight"])
    assert found.entrants[1].plan.status is SolveStatus.INFEASIBLE
    assert math.isnan(figure(found, "tight", "objective"))
    assert found.waterfall.empty
    assert found.moves.empty
    assert "tight has no plan: not all of its rules can be met at once." in text(found)
    turned = compare(impossible, [two_pools()], names=["tight", "first"])
    assert turned.waterfall.empty
    assert "tight has no plan" in text(turned, 0)


def test_whole_numbers_are_told_as_such() -> None:
    """Whole nodes: the plan is as it was solved, and nothing is called a cause."""
    nodes = {"own": pool("owned", 10, 1.0), "cloud": pool("on_demand", 50, 2.0, whole_nodes=True)}
    whole = scenario(nodes, {"w": rigid([16.0, 8.0])}, periods=2)
    found = compare(two_pools(8.0), [whole], names=["first", "whole"])
    assert found.entrants[1].plainly == "mixed_integer"
    assert "some of the moves may be ties" in text(found)
    assert "because" not in text(found).replace("because it", "")


def test_names_are_unlike_and_results_travel_between_processes() -> None:
    found = compare(two_pools(), [two_pools(), two_pools()], names=["", "own"])
    assert found.names == ("test (1)", "own", "test (3)")
    odd = compare(two_pools(), [two_pools(12.0)] * 3, names=["path", "own", "change: own", "unit"])
    assert len({*odd.names, "path", "unit"}) == 6
    for table in (odd.inputs, compared_figures.rows(odd)):
        assert not table.columns.has_duplicates
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - what a worker sends
    pd.testing.assert_frame_equal(again.figures, found.figures)


def test_no_time_is_said() -> None:
    found = compare(two_pools(), [two_pools(12.0)], time_limit_seconds=0.0)
    assert not found.complete
    assert "Time was up" in text(found, 0) or "found in time" in text(found, 0)


@pytest.mark.parametrize("count", [0, 4])
def test_two_to_four_are_held_against_each_other(count: int) -> None:
    with pytest.raises(InvalidInput, match="from 1 to 3"):
        compare(two_pools(), [two_pools()] * count)


def test_one_name_for_two_things_of_two_scenarios_is_told_apart() -> None:
    first, other = two_pools(), two_pools(price=3.0)
    known = {id(first): {"a": "Own", "b": "Rented"}, id(other): {"c": "Own", "b": "Rented"}}
    names = both_names(lambda one: known[id(one)], first, other)
    assert names == {"a": "Own (a)", "c": "Own (c)", "b": "Rented"}
