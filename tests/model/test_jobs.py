"""Hand-solved jobs: work that follows other work, and gains that shrink. Each docstring does the arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
from builders import START, deferrable, one_site, pool, rigid, scenario
from hand import broken, money, nearly, planned, shadow, units, usd

FREE = {"o": pool("owned", 10, 0.0)}
RENTED = {"c": pool("on_demand", 50, 1.0)}


def curve(*points: tuple[float, float], interconnect: str | None = None) -> dict[str, Any]:
    """Points (accelerators, share of the ideal speed)."""
    kind = {"interconnect": interconnect} if interconnect else {}
    return {f"at{a:g}{interconnect or ''}": {"accelerators": a, "efficiency_share": s, **kind} for a, s in points}


FOUR_EIGHT = curve((4.0, 1.0), (8.0, 0.75))
"""4 accelerators do 4, 8 do 6: each of the second four does a half."""


@pytest.mark.parametrize(("periods", "unserved"), [(1, 10.0), (2, 0.0)])
def test_the_follower_starts_a_period_later(periods: int, unserved: float) -> None:
    """10 units of the first fill the pool for an hour; the follower's 10 need a second hour."""
    works = {"v": deferrable(10, 0, periods), "w": deferrable(10, 0, periods, after="v")}
    plan = planned({"o": pool("owned", 20, 0.0)}, works, periods=periods)
    assert plan.unserved["w"].quantity == nearly(unserved)
    assert plan.unserved["v"].quantity == nearly(0.0)


def test_the_follower_is_never_ahead() -> None:
    """9 + 9 units on 6 accelerators in 4 hours: 18 of 24 hours are enough, in an order that the rule allows."""
    works = {"v": deferrable(9, 0, 4), "w": deferrable(9, 0, 4, after="v")}
    plan = planned({"o": pool("owned", 6, 0.0)}, works, periods=4)
    assert plan.objective_usd == nearly(0.0)
    first, second = units(plan, "v", 4), units(plan, "w", 4)
    for hour in range(4):
        assert sum(second[: hour + 1]) <= sum(first[:hour]) + 1e-6
    assert sum(second) == nearly(9.0)


@pytest.mark.parametrize(("needs", "done"), [(1.0, 10.0), (2.0, 5.0), (0.5, 10.0)])
def test_units_that_the_follower_needs(needs: float, done: float) -> None:
    """The first does 10 units; at 2 of them per unit the follower does 5."""
    works = {"v": deferrable(10, 0, 1), "w": deferrable(10, 0, 2, after="v", after_units_per_unit=needs)}
    plan = planned({"o": pool("owned", 20, 0.0)}, works, periods=2)
    assert plan.unserved["w"].quantity == nearly(10.0 - done)


def test_following_rigid_work() -> None:
    """4 units in each of two hours; the follower may do 4 by the end of hour 2 and 8 by the end of hour 3."""
    for end, unserved in ((2, 4.0), (3, 0.0)):
        works = {"v": rigid([4, 4, 0]), "w": deferrable(8, 0, end, after="v")}
        plan = planned({"o": pool("owned", 20, 0.0)}, works, periods=3)
        assert plan.unserved["w"].quantity == nearly(unserved)


def test_what_was_not_served_cannot_be_followed() -> None:
    """6 in the first hour on 4 accelerators: 4 are served, so the follower does 4 of its 6: 2 x 100 + 2 x 5."""
    works = {"v": rigid([6, 0]), "w": deferrable(6, 0, 2, after="v", unserved_usd_per_unit=5.0)}
    assert usd({"o": pool("owned", 4, 0.0)}, works, periods=2) == nearly(210.0)


def test_work_of_another_block_does_not_count() -> None:
    """Both in two blocks of two hours: 5 then 10 units of the first, 10 and 10 of the follower: 5 stay undone."""
    blocks = {"b": {"start": START, "periods": 2}, "n": {"start": "2026-06-02T00:00:00+00:00", "periods": 2}}
    works = {"v": deferrable(5, 0, 2), "w": deferrable(10, 0, 2, after="v")}
    for name, volume in (("v", 10.0), ("w", 10.0)):
        works[name]["windows"]["n"] = {
            "block": "n",
            "start": "2026-06-02T00:00:00+00:00",
            "end": "2026-06-02T02:00:00+00:00",
            "volume_units": volume,
        }
    plan = planned({"o": pool("owned", 20, 0.0)}, works, horizon={"blocks": blocks})
    assert plan.unserved["w"].quantity == nearly(5.0)


def test_units_per_hour_count_by_the_length_of_the_period() -> None:
    """Half-hour periods: 10 per hour are 5 units, so the follower does 5 of its 6: 5 + 5 + 100."""
    horizon = {"blocks": {"b": {"start": START, "periods": 2, "period_hours": 0.5}}}
    works = {"v": rigid([10, 0]), "w": deferrable(6, 0, 1, after="v")}
    assert usd(RENTED, works, horizon=horizon) == nearly(110.0)


def test_following_has_a_price() -> None:
    """Rented at 1 USD then 3: both would run in the cheap hour. The follower's 4 must wait: 4 + 4 x 3 = 16 USD.

    One unit ahead in the first hour would save 2 USD.
    """
    pools = {
        "cheap": pool("on_demand", 50, 1.0, up_share={"b": [1.0, 0.0]}),
        "dear": pool("on_demand", 50, 3.0),
    }
    works = {"v": deferrable(4, 0, 2), "w": deferrable(4, 0, 2, after="v")}
    plan = planned(pools, works, periods=2)
    assert plan.objective_usd == nearly(16.0)
    assert shadow(plan, "after", "w", 0) == nearly(2.0)


def test_a_chain_needs_as_many_hours_as_it_has_links() -> None:
    works = {
        "u": deferrable(5, 0, 3),
        "v": deferrable(5, 0, 3, after="u"),
        "w": deferrable(5, 0, 3, after="v"),
    }
    assert usd({"o": pool("owned", 5, 0.0)}, works, periods=3) == nearly(0.0)
    assert usd({"o": pool("owned", 4.9, 0.0)}, works, periods=3) > 1.0


@pytest.mark.parametrize(("volume", "total"), [(4.0, 4.0), (5.0, 6.0), (6.0, 8.0), (7.0, 108.0)])
def test_more_accelerators_gain_less(volume: float, total: float) -> None:
    """4 accelerators do 4, 8 do 6: 5 units take 6 accelerators, 6 take 8, and no more can be done at once."""
    plan = planned(RENTED, {"w": deferrable(volume, 0, 1, scaling=FOUR_EIGHT)})
    assert plan.objective_usd == nearly(total)


def test_spreading_over_time_avoids_the_loss() -> None:
    """Two hours: 8 units as 4 + 4 on 8 accelerator-hours; 10 as 5 + 5 on 12, or 4 + 6 on 12."""
    for volume, total in ((8.0, 8.0), (10.0, 12.0)):
        assert usd(RENTED, {"w": deferrable(volume, 0, 2, scaling=FOUR_EIGHT)}, periods=2) == nearly(total)


def test_spreading_over_pools_avoids_the_loss() -> None:
    """The curve holds for each pool: 8 units as 4 + 4 on two pools."""
    pools = {"c": pool("on_demand", 50, 1.0), "d": pool("on_demand", 50, 1.1)}
    assert usd(pools, {"w": deferrable(8, 0, 1, scaling=FOUR_EIGHT)}) == nearly(4 + 4.4)


def test_units_follow_the_curve_everywhere() -> None:
    """3 units per accelerator-hour: 8 accelerators do 6 x 3 = 18 units. 8 x 1 + 18 x 0.5 GB x 0.1 + 18 x 0.2 = 12.5."""
    through = {"gpu": {"units_per_accelerator_hour": 3.0}}
    fields = {"throughput": through, "scaling": FOUR_EIGHT, "ingress_gb_per_unit": 0.5}
    plan = planned(
        {"c": pool("on_demand", 50, 1.0, site="far")},
        {"w": deferrable(18, 0, 1, route_cost_usd_per_unit={"c": 0.2}, **fields)},
        sites={**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}},
        links={"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 5.0, "usd_per_gb": 0.1}},
    )
    assert money(plan) == {"usage": nearly(8.0), "transfer": nearly(0.9), "route": nearly(3.6)}
    assert units(plan, "w", 1) == [nearly(18.0)]
    assert plan.tables is not None
    assert plan.tables.allocation["accelerators_busy"].tolist() == [nearly(8.0)]


@pytest.mark.parametrize(("interconnect", "total"), [("fast", 8.0), ("slow", 12.0), (None, 12.0)])
def test_points_of_the_interconnect_come_first(interconnect: str | None, total: float) -> None:
    """8 units in an hour: on the fast one 8 accelerators do 8; elsewhere 4 do 4 and 12 do 8."""
    points = {**curve((4.0, 1.0), (12.0, 2 / 3)), **curve((16.0, 1.0), interconnect="fast")}
    pools = {"c": pool("on_demand", 50, 1.0, interconnect=interconnect)}
    assert usd(pools, {"w": deferrable(8, 0, 1, scaling=points)}) == nearly(total)


def test_without_points_for_its_interconnect_a_pool_loses_nothing() -> None:
    """Points for the fast one only: on another pool 8 accelerators do 8."""
    points = curve((4.0, 0.5), interconnect="fast")
    pools = {"c": pool("on_demand", 50, 1.0, interconnect="slow")}
    assert usd(pools, {"w": deferrable(8, 0, 1, scaling=points)}) == nearly(8.0)


def test_points_that_gain_nothing_more() -> None:
    """4 do 4 and 8 do 4: 5 units leave one undone, and nobody pays for the other 4: 4 + 100."""
    points = curve((4.0, 1.0), (8.0, 0.5))
    assert usd(RENTED, {"w": deferrable(5, 0, 1, scaling=points)}) == nearly(104.0)


def test_the_first_point_may_lose_already() -> None:
    """8 accelerators do 4, and fewer do their half too: 2 units take 4 accelerators."""
    assert usd(RENTED, {"w": deferrable(2, 0, 1, scaling=curve((8.0, 0.5)))}) == nearly(4.0)


def test_the_curve_has_a_shadow_price() -> None:
    """5 units: the last one takes 2 accelerators. One more unit from the same accelerators saves 2 USD."""
    plan = planned(RENTED, {"w": deferrable(5, 0, 1, scaling=FOUR_EIGHT)})
    assert shadow(plan, "window_demand") == nearly(2.0)
    assert shadow(plan, "scaling") == nearly(2.0)


def test_the_audit_refuses_a_follower_ahead_and_gains_beyond_the_curve() -> None:
    """Plans made without the rule, judged with it."""
    pools = {"c": pool("on_demand", 10, 1.0)}
    loose = {"v": deferrable(10, 0, 1), "w": deferrable(10, 1, 2)}
    plan = planned(pools, loose, periods=2)
    strict = {"v": deferrable(10, 0, 1), "w": deferrable(10, 1, 2, after="v", after_units_per_unit=1.01)}
    assert broken(plan, scenario(pools, strict, periods=2)) == {"after"}
    plan = planned(pools, {"w": deferrable(8, 0, 1)})
    assert broken(plan, scenario(pools, {"w": deferrable(8, 0, 1, scaling=FOUR_EIGHT)})) == {"scaling"}
