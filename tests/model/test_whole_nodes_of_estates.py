"""Whole nodes of pools that retire or grow: what rounding adds is paid once, while it stands."""

from __future__ import annotations

from typing import Any

import pytest
from test_purchases import document, expansion, pool

from hybridplan.analysis.rounding import whole_nodes
from hybridplan.domain import require
from hybridplan.model.solve import optimise


def added(demand: list[float], **changes: Any) -> float:
    """USD that rounding up to whole nodes adds to the cheapest plan."""
    found = document(**changes)
    found["workloads"]["w"]["demand_units_per_hour"] = {"a": demand, "b": demand}
    whole = whole_nodes(optimise(require(found)))
    assert whole is not None
    assert whole.short_periods == 0
    return whole.extra_usd


def test_what_is_kept_beyond_the_plan_is_paid_until_it_retires() -> None:
    """8 of 9 are kept for 30 h, in nodes of 3: one more is kept, 30 h x 1 USD."""
    owned = pool("owned", 9.0, 1.0, owned_cost="avoidable", accelerators_per_node=3)
    changes = {"pools": {"own": {**owned, "retires": "2026-07-06T00:00:00+00:00"}}}
    assert added([5, 8, 8], **changes) == pytest.approx(30.0)


def test_what_is_bought_beyond_the_plan_is_not_kept_too() -> None:
    """3 are kept and 5 bought at 2 USD/h, in nodes of 3: 6 are bought, 60 h x 2 = 120, and 9 hold the 8."""
    owned = {"capacity": 3.0, "price": 1.0, "owned_cost": "avoidable", "accelerators_per_node": 3}
    offer = expansion(owned, capex_usd_per_accelerator=2 * 8760.0, max_accelerators=6.0)
    assert added([8, 8, 8], **offer) == pytest.approx(120.0)


def test_what_is_bought_beyond_the_plan_idles_too() -> None:
    """5 are bought at 1 USD/h and 6 stand, always on: 60 h x 1 USD, and 60 h x 0.5 kW x 0.2 USD = 6 while it idles."""
    owned = {"capacity": 0.0, "price": 1.0, "accelerators_per_node": 3, "busy_kw": 1.0, "idle_kw": 0.5}
    offer = expansion({**owned, "price_includes_energy": False, "electricity_usd_per_kwh": 0.2}, max_accelerators=6.0)
    offer["sites"] = {"s": {**document()["sites"]["s"], "pue": 1.0}}
    assert added([5, 5, 5], **offer) == pytest.approx(60.0 + 60.0 * 0.5 * 0.2)


def test_whole_nodes_hold_what_goes_on_after_a_failure() -> None:
    """4 run at s and 1 at t; each site keeps 4, 80 % of 5, for when the other one fails: 8 are kept in all.

    In nodes of 3 that takes 6 at each, also at t: 2 x 2 more, 60 h x 1 USD each.
    """
    owned = pool("owned", 9.0, 1.0, owned_cost="avoidable", accelerators_per_node=3)
    ends = {"round_trip_ms": 1.0, "usd_per_gb": 0.0}
    found = document(
        sites={"t": {"kind": "private", "provider": "q", "jurisdiction": "DE"}},
        pools={"near": owned, "far": {**owned, "site": "t"}},
        links={"st": {"from_site": "s", "to_site": "t", **ends}, "ts": {"from_site": "t", "to_site": "s", **ends}},
        policy={"contingencies": {site: {"kind": "site", "record": site} for site in ("s", "t")}},
    )
    del found["pools"]["od"]
    found["workloads"]["w"] |= {
        "demand_units_per_hour": {"a": [5, 5, 5], "b": [5, 5, 5]},
        "route_cost_usd_per_unit": {"far": 0.01},
        "promised_share": 0.8,
        "promise_form": "shared",
    }
    plan = optimise(require(found))
    assert plan.cost_usd["owned_fixed"] == pytest.approx(8.0 * 60.0)
    whole = whole_nodes(plan)
    assert whole is not None
    assert whole.provisioned["accelerators_provisioned"].tolist() == [6.0] * 12
    assert whole.extra_usd == pytest.approx(4.0 * 60.0)
