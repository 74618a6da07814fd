"""What one unit more or less of a limit is worth, and how far that holds: hand-worked values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis.sensitivity.price_ranges import PriceRange, PriceRanges, price_ranges
from hybridplan.analysis.sentences import sensitivity as say
from hybridplan.domain import Scenario


def one(found: PriceRanges, path: str) -> PriceRange:
    (only,) = [each for each in found.ranges if each.field.path == path]
    return only


def owned_and_rented() -> Scenario:
    """Demand 15: 10 own at 1 USD, sunk, and 5 rented at 3 USD."""
    return scenario({"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 20, 3.0)}, {"w": rigid([15.0])})


def test_one_more_owned_accelerator_saves_rent_less_its_own_price() -> None:
    """One more saves 3 - 1 = 2 up to all 15; one less costs 2 as long as the 20 rented ones suffice: down to 0.

    Steps down are 1, 2, 4, then none of 8, then 2 and 1 more, which are 9 of 10: the last one would leave no pool.
    """
    found = price_ranges(owned_and_rented())
    assert found.complete
    mine = one(found, "pools.own.capacity_accelerators")
    assert (mine.step, mine.saves_usd_per_unit, mine.holds_to) == (1.0, pytest.approx(2.0), 15.0)
    assert (mine.costs_usd_per_unit, mine.holds_from) == (pytest.approx(2.0), 1.0)


def test_a_cap_on_carbon_is_priced_per_tonne() -> None:
    """1 kW busy at 1,000 g: a dirty hour at 1 USD emits 0.001 t, a clean one at 2 USD nothing; demand 10.

    Each tonne allowed saves 1 / 0.001 = 1,000 USD, from none (all clean) to 0.010 t (all dirty); now 0.004 t.
    """
    place = {"kind": "private", "provider": "own", "jurisdiction": "DE"}
    of = scenario(
        {
            "dirty": pool("on_demand", 20, 1.0, busy_kw=1.0),
            "clean": pool("on_demand", 20, 2.0, site="far", busy_kw=1.0),
        },
        {"w": rigid([10.0])},
        sites={"here": {**place, "grid_carbon_g_per_kwh": 1000.0}, "far": {**place, "grid_carbon_g_per_kwh": 0.0}},
        links={
            "out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0},
            "back": {"from_site": "far", "to_site": "here", "round_trip_ms": 1.0},
        },
        policy={"carbon_cap": {"tonnes": 0.004}},
    )
    mine = one(price_ranges(of), "policy.carbon_cap.tonnes")
    assert mine.saves_usd_per_unit == pytest.approx(1000.0, rel=1e-4)
    assert mine.costs_usd_per_unit == pytest.approx(1000.0, rel=1e-4)
    # Within 1 % of the mean and one step of 0.00004 t.
    assert mine.holds_to == pytest.approx(0.010, abs=0.00015)
    assert mine.holds_from == pytest.approx(0.0, abs=0.00005)


def test_tightening_that_leaves_no_plan_is_said() -> None:
    """15 that must be served by 10 own and 5 rented: one less of either has no plan, one more own saves 3 - 1."""
    pools: dict[str, Any] = {"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 5, 3.0)}
    found = price_ranges(scenario(pools, {"w": rigid([15.0], must_serve=True)}))
    mine = one(found, "pools.own.capacity_accelerators")
    assert mine.saves_usd_per_unit == pytest.approx(2.0)
    assert mine.tighter_status == "infeasible"
    assert mine.costs_usd_per_unit is None


def test_without_a_binding_limit_there_is_none() -> None:
    of = scenario({"own": pool("owned", 20, 1.0)}, {"w": rigid([10.0])})
    found = price_ranges(of)
    assert found.ranges == ()
    assert found.complete
    assert say.price_ranges(found, of) == [
        "No limit that stands in the inputs as a number is worth money at the margin."
    ]


def test_without_a_plan_there_are_no_prices() -> None:
    of = scenario({"own": pool("owned", 5, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = price_ranges(of)
    assert found.status == "infeasible"
    assert say.price_ranges(found, of) == ["There is no plan, so limits have no prices."]


def test_prices_in_words() -> None:
    of = owned_and_rented()
    assert say.price_ranges(price_ranges(of), of) == [
        "Capacity of own: 1 more than 10 accelerators saves 2 USD over the hour; this holds up to 15. "
        "1 less costs 2 USD; this holds down to 1."
    ]


def test_time_that_is_up_is_said() -> None:
    base = owned_and_rented()
    found = price_ranges(base, time_limit_seconds=0.0)
    assert (found.complete, found.status) == (False, "no_plan_in_time")
    assert say.price_ranges(found, base) == ["Time was up before the plan as it is was found."]
    half = replace(price_ranges(base), ranges=(), complete=False)
    assert say.price_ranges(half, base) == ["Time was up after 0 of 1 limits."]


def test_a_limit_that_other_numbers_hold_up_is_not_said_to_leave_no_plan() -> None:
    """Ten of ten must be on: fewer is no valid capacity, which says nothing about plans."""
    base = scenario({"rent": pool("on_demand", 10, 2.0, min_provisioned_accelerators=10.0)}, {"w": rigid([20.0])})
    found = price_ranges(base)
    mine = one(found, "pools.rent.capacity_accelerators")
    assert (mine.tighter_status, mine.costs_usd_per_unit) == ("invalid", None)
    (said,) = [line for line in say.price_ranges(found, base) if line.startswith("Capacity of rent")]
    assert said.endswith("It cannot be lowered.")


def test_what_may_be_newly_committed_is_priced_with_its_fee_counted() -> None:
    """2 on offer at 1.25 USD in place of 3: one more saves 1.75 up to all 5 that are rented now."""
    of = scenario(
        {"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 20, 3.0), "res": pool("reserved", 0, 0.0)},
        {"w": rigid([15.0])},
        commitments={"c": {"pool": "res", "fee_usd_per_accelerator_hour": 1.25, "max_new_accelerators": 2.0}},
    )
    mine = one(price_ranges(of), "commitments.c.max_new_accelerators")
    assert mine.saves_usd_per_unit == pytest.approx(1.75)
    assert mine.costs_usd_per_unit == pytest.approx(1.75)


def test_one_more_spent_by_the_hour_is_priced_net_of_itself() -> None:
    """2 USD an hour cover one of the 5 rented at 3 USD: one more USD covers half of one, saves 1.50 and costs 1."""
    of = scenario(
        {"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 20, 3.0)},
        {"w": rigid([15.0])},
        spend_commitments={"s": {"usd_per_hour": 2.0, "rates_usd_per_accelerator_hour": {"rent": 2.0}}},
    )
    assert one(price_ranges(of), "spend_commitments.s.usd_per_hour").saves_usd_per_unit == pytest.approx(0.5)


def test_more_of_a_reserved_pool_stands_in_a_commitment_that_runs() -> None:
    """The first one is over: 2 more USD for one more of the other, at 1 USD, in place of one rented at 3."""
    terms = {"pool": "res", "fee_usd_per_accelerator_hour": 1.0}
    of = scenario(
        {"rent": pool("on_demand", 20, 3.0), "res": pool("reserved", 0, 0.0)},
        {"w": rigid([15.0])},
        commitments={
            "over": {**terms, "accelerators": 4.0, "ends": "2001-01-01T00:00:00+00:00"},
            "runs": {**terms, "accelerators": 2.0},
        },
    )
    mine = one(price_ranges(of), "commitments.runs.accelerators")
    assert mine.saves_usd_per_unit == pytest.approx(2.0)
