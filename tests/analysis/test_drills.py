"""Drills of the stored plan: what goes on in an hour and in every hour, and who takes over for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from builders import deferrable, pool, rigid
from failing_plans import FAILURES, FIRST, LINKS, POOLS, chat, estate, plan_of

import hybridplan as hp
from hybridplan.analysis import drills
from hybridplan.analysis.drills.drilling import period_at
from hybridplan.audit.ledger import open_ledger
from hybridplan.audit.rules.promise import carried
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def drilled(plan: Plan, failure: str = "fra-lost", hour: int = 0, **options: Any) -> drills.Drill:
    return drills.stored(plan, failure, "b", FIRST + timedelta(hours=hour), **options)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def only(frame: pd.DataFrame, workload: str = "w") -> dict[str, Any]:
    (found,) = frame.loc[frame["workload"] == workload].to_dict("records")
    return {str(key): value for key, value in found.items()}


def test_standby_takes_over() -> None:
    """10 in Frankfurt; 8 on standby in Berlin, 10 ms away, service 5 ms there and here."""
    work = chat(throughput={"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}})
    plan = plan_of(estate({"w": work}), [("w", "a", [10.0])], standby=[("w", "b", [8.0])])
    found = drilled(plan)
    assert rows(found.before, "workload", "pool", "site", "units_per_hour", "accelerators", "latency_floor_ms") == [
        ("w", "a", "fra", 10.0, 10.0, 5.0)
    ]
    assert rows(found.after, "pool", "site", "units_per_hour", "accelerators", "latency_floor_ms", "moved_units") == [
        ("b", "ber", 8.0, 8.0, 15.0, 8.0)
    ]
    assert only(found.works) == {
        "workload": "w",
        "unit": "requests",
        "flexibility": "rigid",
        "demand": 10.0,
        "served_before": 10.0,
        "served_after": 8.0,
        "promised_units_per_hour": 8.0,
        "kept_promise": True,
        "unserved_after": 2.0,
        "share_after": 0.8,
        "latency_before_ms": 5.0,
        "latency_after_ms": 15.0,
        "moved_units": 8.0,
    }
    assert found.lost.sites == {"fra"}
    assert found.lost.pools == {"a"}


def test_no_more_is_served_than_was_before_and_the_nearest_takes_over_first() -> None:
    """6 in Frankfurt and 4 in Berlin, 10 on standby in each of Berlin and Dublin for the loss of Frankfurt: 6 are
    missing, and Berlin is nearer. What stands by beyond that is ready, and serves nothing.
    """
    plan = plan_of(
        estate({"w": chat(promised_share=1.0)}),
        [("w", "a", [6.0]), ("w", "b", [4.0])],
        standby=[("w", "b", [5.0]), ("w", "c", [10.0])],
    )
    found = drilled(plan)
    assert rows(found.after, "pool", "units_per_hour", "ready_units_per_hour", "moved_units") == [
        ("b", 9.0, 9.0, 5.0),
        ("c", 1.0, 10.0, 1.0),
    ]
    assert only(found.works)["served_after"] == 10.0
    assert only(found.works)["latency_after_ms"] == pytest.approx((9 * 10 + 1 * 30) / 10)


def test_what_a_failure_does_not_touch_goes_on_without_standby() -> None:
    plan = plan_of(estate({"w": chat()}), [("w", "a", [10.0])], standby=[("w", "c", [8.0])])
    found = drilled(plan, "ber-lost")
    assert rows(found.after, "pool", "units_per_hour") == [("a", 10.0), ("c", 0.0)]
    assert only(found.works)["moved_units"] == 0.0


def test_a_link_that_is_lost_takes_what_needs_it() -> None:
    """Berlin is reached over the link alone: its 4 are lost, and 4 of the 8 on standby in Dublin serve."""
    plan = plan_of(estate({"w": chat()}), [("w", "a", [6.0]), ("w", "b", [4.0])], standby=[("w", "c", [8.0])])
    found = drilled(plan, "cut")
    assert rows(found.after, "pool", "units_per_hour", "ready_units_per_hour") == [("a", 6.0, 6.0), ("c", 4.0, 8.0)]
    assert (found.lost.sites, found.lost.pools, found.lost.links) == (frozenset(), frozenset(), {"fra-ber"})


def test_the_stored_failover_of_shared_promises_is_the_drill() -> None:
    """7 go to Berlin and 1.5 to Dublin, as the table says; a promise of 80 % of 10 is kept."""
    plan = plan_of(
        estate({"w": chat(promise_form="shared")}),
        [("w", "a", [10.0])],
        redispatch=[("fra-lost", "w", "b", [7.0]), ("fra-lost", "w", "c", [1.5])],
        provisioned={"b": [20.0], "c": [2.0]},
    )
    found = drilled(plan)
    assert plan.tables is not None
    table = plan.tables.redispatch
    assert rows(found.after, "workload", "pool", "units_per_hour", "accelerators") == rows(
        table, "workload", "pool", "units_per_hour", "accelerators_assigned"
    )
    assert only(found.works)["kept_promise"]
    assert drilled(plan, "ber-lost").works["kept_promise"].tolist() == [False]


def test_a_broken_promise_is_told() -> None:
    plan = plan_of(estate({"w": chat()}), [("w", "a", [10.0])], standby=[("w", "b", [7.9])])
    assert only(drilled(plan).works)["kept_promise"] is False


def test_what_the_plan_leaves_unserved_is_not_promised() -> None:
    """10 asked, 5 served: 80 % of 5 are promised."""
    plan = plan_of(estate({"w": chat()}), [("w", "a", [5.0])], standby=[("w", "b", [4.0])], unserved=[("w", [5.0])])
    work = only(drilled(plan).works)
    assert (work["promised_units_per_hour"], work["kept_promise"]) == (4.0, True)
    assert (work["share_after"], work["unserved_after"]) == (0.8, 6.0)


@pytest.mark.parametrize(("keep", "left"), [(False, 0.0), (True, 2.0)])
def test_work_without_a_promise_stops_or_runs_on_in_what_is_left(keep: bool, left: float) -> None:
    """In Berlin 8 stand by, and 6 do other work. Of 20 that are there 12 are left for it, of 10 only 2."""
    made = estate({"w": chat(), "o": rigid([6.0], origin_site="fra")})
    plan = plan_of(
        made,
        [("w", "a", [10.0]), ("o", "b", [6.0])],
        standby=[("w", "b", [8.0])],
    )
    assert only(drilled(plan, keep_unpromised=keep).works, "o")["served_after"] == (6.0 if keep else 0.0)
    pools = {**POOLS, "b": pool("owned", 10, 1.0, site="ber")}
    plan = replace(plan, scenario=estate({"w": chat(), "o": rigid([6.0], origin_site="fra")}, pools=pools))
    assert only(drilled(plan, keep_unpromised=keep).works, "o")["served_after"] == pytest.approx(left)
    assert only(drilled(plan, keep_unpromised=keep).works)["served_after"] == 8.0


def test_work_without_a_promise_leaves_the_links_to_promised_work() -> None:
    """The link carries 10 GB per hour; 8 promised units take 8 of them, so that 2 of 6 units run on."""
    links = {**LINKS, "fra-ber": {**LINKS["fra-ber"], "gbps": 10.0 / 450.0}}
    works = {"w": chat(ingress_gb_per_unit=1.0), "o": rigid([6.0], origin_site="fra", ingress_gb_per_unit=1.0)}
    plan = plan_of(estate(works, links=links), [("w", "a", [10.0]), ("o", "b", [6.0])], standby=[("w", "b", [8.0])])
    found = drilled(plan, keep_unpromised=True)
    assert only(found.works, "o")["served_after"] == pytest.approx(2.0)


def test_what_shared_work_serves_beyond_its_promise_runs_on_where_there_is_room() -> None:
    """Berlin is lost, and the tenth unit with it. Of the 9 in Frankfurt the stored failover keeps the promised 8."""
    plan = plan_of(
        estate({"w": chat(promise_form="shared")}),
        [("w", "a", [9.0]), ("w", "b", [1.0])],
        redispatch=[("ber-lost", "w", "a", [8.0])],
    )
    for keep, units in ((False, 8.0), (True, 9.0)):
        found = drilled(plan, "ber-lost", keep_unpromised=keep)
        assert rows(found.after, "pool", "units_per_hour", "accelerators", "moved_units") == [("a", units, units, 0.0)]


def test_deferrable_work_asks_for_what_is_under_way() -> None:
    plan = plan_of(estate({"d": deferrable(5.0, 0, 2, origin_site="fra")}, periods=2), [("d", "b", [2.0, 3.0])])
    for keep, left in ((False, 0.0), (True, 3.0)):
        work = only(drilled(plan, hour=1, keep_unpromised=keep).works, "d")
        assert (work["demand"], work["served_after"], work["kept_promise"]) == (3.0, left, True)


def test_left_by_hour_says_for_every_hour_what_the_drill_says() -> None:
    plan = plan_of(
        estate({"w": chat([10.0, 5.0])}, periods=2),
        [("w", "a", [10.0, 5.0])],
        standby=[("w", "b", [8.0, 5.0])],
    )
    table = drills.left_by_hour(plan, "fra-lost")
    assert rows(table, "workload", "block", "served", "left", "promised", "share") == [
        ("w", "b", 10.0, 8.0, 8.0, 0.8),
        ("w", "b", 5.0, 5.0, 4.0, 1.0),
    ]
    for hour, start in enumerate(table["period_start"]):
        assert start == FIRST + timedelta(hours=hour)
        assert table["left"][hour] == only(drilled(plan, hour=hour).works)["served_after"]


def test_the_worst_hour_is_the_one_with_most_promised_work_on_what_is_lost() -> None:
    """The other work, 30 in hour 2, has no promise and does not count."""
    made = estate({"w": chat([2.0, 9.0, 1.0]), "o": rigid([0.0, 0.0, 15.0], origin_site="fra")}, periods=3)
    plan = plan_of(made, [("w", "a", [2.0, 9.0, 1.0]), ("o", "a", [0.0, 0.0, 15.0])])
    assert drills.worst_hour(plan, "fra-lost") == ("b", FIRST + timedelta(hours=1))
    assert drills.worst_hour(plan, "ber-lost") == ("b", FIRST)


def test_who_takes_over_in_what_order_and_how_much() -> None:
    """Two hours. Of 10 and 6 in Frankfurt, Berlin (10 ms) takes 5 in each, Dublin (30 ms) the other 3 in the first;
    when Berlin is lost nothing has to move.
    """
    plan = plan_of(
        estate({"w": chat([10.0, 6.0])}, periods=2),
        [("w", "a", [10.0, 6.0])],
        standby=[("w", "b", [5.0, 5.0]), ("w", "c", [3.0, 0.0])],
    )
    table = drills.failover_table(plan)
    columns = ("workload", "contingency", "promise_form", "lost_pools", "pool", "order", "round_trip_ms")
    assert rows(table, *columns) == [
        ("w", "fra-lost", "dedicated", "a", "b", 1, 10.0),
        ("w", "fra-lost", "dedicated", "a", "c", 2, 30.0),
    ]
    assert rows(table, "most_units_per_hour", "most_accelerators", "units", "period_start") == [
        (5.0, 5.0, 10.0, FIRST),
        (3.0, 3.0, 3.0, FIRST),
    ]


def test_equally_near_pools_take_over_by_price_and_then_by_id() -> None:
    """All three in Berlin: dear, then z and y at the same lower price."""
    prices = {"dear": 4.0, "z": 2.0, "y": 2.0}
    pools = {**POOLS, **{key: pool("on_demand", 50, usd, site="ber") for key, usd in prices.items()}}
    standby = [("w", key, [3.0]) for key in prices]
    plan = plan_of(estate({"w": chat(promised_share=0.9)}, pools=pools), [("w", "a", [9.0])], standby=standby)
    assert rows(drills.failover_table(plan), "pool", "order") == [("y", 1), ("z", 2), ("dear", 3)]


def test_weights_count_in_units_taken_over() -> None:
    """1 hour that occurs 13 times: 13 x 8 units."""
    horizon = {"blocks": {"b": {"start": FIRST.isoformat(), "periods": 1, "weight": 13.0}}}
    plan = plan_of(estate({"w": chat()}, horizon=horizon), [("w", "a", [10.0])], standby=[("w", "b", [8.0])])
    assert drills.failover_table(plan)["units"].tolist() == [pytest.approx(104.0)]


def test_questions_that_cannot_be_answered_are_refused_in_words() -> None:
    plan = plan_of(estate({"w": chat()}), [("w", "a", [10.0])])
    with pytest.raises(InvalidInput, match="not known"):
        drilled(plan, "flood")
    with pytest.raises(InvalidInput, match="no period of the plan"):
        drilled(plan, hour=5)
    with pytest.raises(InvalidInput, match="no tables"):
        drilled(replace(plan, tables=None))
    with pytest.raises(InvalidInput, match="not planned"):
        hp.drill(plan, "fra-lost", datetime(2027, 1, 1))


def test_the_public_drill_takes_the_worst_hour_or_the_one_in_which_a_moment_lies() -> None:
    plan = plan_of(
        estate({"w": chat([5.0, 10.0])}, periods=2), [("w", "a", [5.0, 10.0])], standby=[("w", "b", [4.0, 8.0])]
    )
    assert hp.drill(plan, "fra-lost").period_start == FIRST + timedelta(hours=1)
    assert hp.drill(plan, "fra-lost", FIRST + timedelta(minutes=59)).period_start == FIRST
    assert period_at(plan, datetime(2026, 6, 1, 1, 30)) == ("b", FIRST + timedelta(hours=1))


@pytest.mark.parametrize("form", ["dedicated", "shared"])
def test_what_a_solved_plan_stores_is_what_its_drills_show(form: str) -> None:
    """Every row of standby and failover of a real plan stands in the drill of its hour with the same units."""
    work = chat([10.0, 6.0], promise_form=form)
    plan = optimise(estate({"w": work, "o": rigid([3.0, 3.0], origin_site="fra")}, periods=2))
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.tables is not None
    ledger = open_ledger(plan.scenario, plan.tables)
    for failure in FAILURES:
        for hour in (0, 1):
            found = drilled(plan, failure, hour)
            ready = found.after.groupby("workload")["ready_units_per_hour"].sum()
            assert float(ready.get("w", 0.0)) == pytest.approx(carried(ledger, failure)[0, hour])
            assert found.works["kept_promise"].all()
    table, column = plan.tables.standby.assign(contingency="fra-lost"), "units_per_hour"
    if form == "shared":
        table = plan.tables.redispatch
    assert len(table)
    for row in table.to_dict("records"):
        found = drilled(plan, str(row["contingency"]), int((row["period_start"] - FIRST) / timedelta(hours=1)))
        if row["pool"] in found.lost.pools:
            continue
        mine = found.after.loc[found.after["pool"].eq(row["pool"]) & found.after["workload"].eq(row["workload"])]
        runs = found.before.loc[found.before["pool"].eq(row["pool"]) & found.before["workload"].eq(row["workload"])]
        beside = 0.0 if form == "shared" else float(runs["units_per_hour"].sum())
        assert float(mine["ready_units_per_hour"].sum()) == pytest.approx(float(row[column]) + beside, rel=1e-12)


@pytest.mark.parametrize(
    "plan",
    [
        plan_of(estate({}), []),
        plan_of(estate({"w": chat()}, pools={}), [], unserved=[("w", [10.0])]),
        plan_of(estate({"w": chat([0.0])}), []),
    ],
    ids=["no work", "no pools", "no demand"],
)
def test_where_nothing_runs_drills_are_empty_and_solve(plan: Plan) -> None:
    for failure in FAILURES:
        block, start = drills.worst_hour(plan, failure)
        found = drills.stored(plan, failure, block, start, keep_unpromised=True)
        assert found.before.empty
        assert found.after.empty
        assert drills.reoptimised(plan, failure, block, start, rent_more=True).status is SolveStatus.OPTIMAL
    assert drills.failover_table(plan).empty
    assert drills.replay(plan, runs=3).losses.empty
