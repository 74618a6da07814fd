"""What if: what each move does to the inputs, and to the cheapest plan, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.analysis import what_if as study
from hybridplan.analysis.what_if import Moves, movable, moved, what_if
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.warm import WarmPlanner


def document() -> dict[str, Any]:
    """100 owned accelerators (sunk, 0.5 an hour) and 200 on demand (0.3 an hour) for a demand of 150, in one hour.

    Both draw 1 kW on a grid of 500 g/kWh, so each busy accelerator-hour emits 0.0005 t.
    """
    site = {"provider": "p", "region": "r", "jurisdiction": "EU", "grid_carbon_g_per_kwh": 500.0, "pue": 1.0}
    pool = {"sku": "gpu", "busy_kw": 1.0}
    work = {
        "kind": "inference",
        "origin_site": "home",
        "demand_units_per_hour": {"hour": [150.0]},
        "unserved_usd_per_unit": 5.0,
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0}},
    }
    owned = {"site": "home", "purchase_option": "owned", "capacity_accelerators": 100.0}
    rented = {"site": "cloud", "purchase_option": "on_demand", "capacity_accelerators": 200.0}
    return {
        "schema_version": 1,
        "name": "Two pools",
        "horizon": {"blocks": {"hour": {"start": "2026-06-01T00:00:00+00:00", "periods": 1}}},
        "sites": {"home": {**site, "kind": "private"}, "cloud": {**site, "kind": "public"}},
        "pools": {
            "own": {**pool, **owned, "price_usd_per_accelerator_hour": 0.5},
            "rent": {**pool, **rented, "price_usd_per_accelerator_hour": 0.3},
        },
        "links": {
            "out": {"from_site": "home", "to_site": "cloud", "round_trip_ms": 20.0},
            "back": {"from_site": "cloud", "to_site": "home", "round_trip_ms": 20.0},
        },
        "workloads": {"w": work},
    }


def scenario(**fields: Any) -> Scenario:
    """With these fields of the workload."""
    made = document()
    made["workloads"]["w"] |= fields
    return require(made)


def cost(of: Scenario) -> float:
    plan = what_if(of)
    assert plan.status == "optimal"
    assert plan.objective_usd is not None
    return plan.objective_usd


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        # 100 x 0.5 is paid in any case, 50 x 0.3 rented.
        (Moves(), 65.0),
        # 180 of demand: 50 + 80 x 0.3.
        (Moves(demand=1.2), 74.0),
        # 50 + 50 x 0.6.
        (Moves(rented_prices=2.0), 80.0),
        # 65 + 150 h x 0.0005 t x 100 USD/t.
        (Moves(carbon_usd_per_tonne=100.0), 72.5),
        # 120 x 0.5 + 30 x 0.3.
        (Moves(owned=1.2), 69.0),
        # Nothing owned: 150 x 0.3.
        (Moves(owned=0.0), 45.0),
        # All together: 195 of demand, 110 owned at 0.5, 85 rented at 0.6, 195 x 0.0005 x 100 of carbon.
        (Moves(demand=1.3, rented_prices=2.0, carbon_usd_per_tonne=100.0, owned=1.1), 55 + 51 + 9.75),
    ],
)
def test_each_move_costs_what_it_costs_by_hand(moves: Moves, expected: float) -> None:
    assert cost(moved(scenario(), moves)) == pytest.approx(expected, rel=1e-6)


def test_a_stricter_latency_objective_rules_the_cloud_out() -> None:
    """20 ms away against 30 ms: allowed. Against 15 ms it is not: 50 units stay unserved at 5 USD, 50 + 250."""
    far = scenario(latency_objective_ms=30.0)
    assert cost(far) == pytest.approx(65.0, rel=1e-6)
    assert cost(moved(far, Moves(latency=0.5))) == pytest.approx(300.0, rel=1e-6)


def promised(share: float) -> Scenario:
    """The cloud serves 50 of 150; where it fails, ``share`` of all must go on. 200 owned stand at home, paid for."""
    made = document()
    made["pools"]["own"] |= {"capacity_accelerators": 200.0, "owned_cost": "avoidable"}
    made["workloads"]["w"]["promised_share"] = share
    made["policy"] = {"contingencies": {"cloud": {"kind": "site", "record": "cloud"}}}
    return require(made)


def test_a_promise_costs_the_standby_that_it_needs() -> None:
    """All 150 run in the cloud at 0.3, 45 USD. Half of it promised: 75 at home, kept for 0.5 each; they work, so that
    only 75 are rented: 37.5 + 22.5 = 60. 20 points more: 105 at home and 45 rented, 52.5 + 13.5 = 66.
    """
    assert cost(promised(0.0)) == pytest.approx(45.0, rel=1e-6)
    assert cost(promised(0.5)) == pytest.approx(60.0, rel=1e-6)
    assert cost(moved(promised(0.5), Moves(promise=0.2))) == pytest.approx(66.0, rel=1e-6)


def test_a_promise_stays_a_share() -> None:
    shares = [moved(promised(0.9), Moves(promise=by)).workloads["w"].promised_share for by in (0.0, 0.05, 0.2, -1.0)]
    assert shares == [0.9, 0.95, 1.0, 0.0]


def test_a_scenario_has_the_moves_that_change_something_in_it() -> None:
    assert movable(scenario()) == ["demand", "rented_prices", "carbon_usd_per_tonne", "owned"]
    assert "latency" in movable(scenario(latency_objective_ms=30.0))
    assert "promise" in movable(promised(0.5))
    assert "promise" not in movable(promised(0.0))


def test_a_workload_without_a_promise_gets_none() -> None:
    assert moved(scenario(), Moves(promise=0.5, latency=0.5)).content_hash == scenario().content_hash


def test_products_have_no_dust() -> None:
    """In floating point 1.1 x 1.1 is 1.2100000000000002."""
    again = moved(moved(scenario(), Moves(demand=1.1)), Moves(demand=1.1))
    assert again.horizon.blocks["hour"].demand_factor == 1.21


@pytest.mark.parametrize(
    ("moves", "field"),
    [
        (Moves(demand=0.0), "demand_factor"),
        (Moves(rented_prices=-1.0), "price_factor"),
        (Moves(carbon_usd_per_tonne=-5.0), "carbon_usd_per_tonne"),
        (Moves(owned=-0.5), "capacity_accelerators"),
        (Moves(demand=float("nan")), "demand_factor"),
        (Moves(latency=0.0), "latency_objective_ms"),
    ],
)
def test_what_leaves_no_scenario_is_refused_by_field(moves: Moves, field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        moved(scenario(latency_objective_ms=30.0), moves)


factors = st.floats(0.5, 2.0).map(lambda value: round(value, 2))


@given(demand=factors, prices=factors, owned=factors)
def test_the_base_is_left_as_it_is_and_comes_back(demand: float, prices: float, owned: float) -> None:
    base = scenario()
    moves = Moves(demand=demand, rented_prices=prices, owned=owned)
    there = moved(base, moves)
    assert base.content_hash == scenario().content_hash
    assert (there.content_hash == base.content_hash) == moves.is_neutral
    back = moved(there, Moves(demand=1 / demand, rented_prices=1 / prices, owned=1 / owned))
    assert back.horizon.blocks["hour"].demand_factor == pytest.approx(1.0, rel=1e-9)
    assert back.pools["own"].capacity_accelerators == pytest.approx(100.0, rel=1e-9)


def test_one_move_after_the_other_gives_what_each_gives_alone() -> None:
    """What the last move left behind changes no answer, also after one with another structure."""
    moves = [Moves(demand=1.2), Moves(latency=0.5), Moves(owned=0.5), Moves(), Moves(rented_prices=1.5)]
    scenarios = [moved(scenario(latency_objective_ms=30.0), one) for one in moves]
    alone = [WarmPlanner().plan(one).objective_usd for one in scenarios]
    assert [cost(one) for one in scenarios] == pytest.approx(alone, rel=1e-6)


def test_what_an_exception_leaves_behind_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cost(scenario())
    before = study._KEPT.planner
    monkeypatch.setattr(before, "plan", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        what_if(scenario())
    assert cost(scenario()) == pytest.approx(65.0, rel=1e-6)
    assert study._KEPT.planner is not before
