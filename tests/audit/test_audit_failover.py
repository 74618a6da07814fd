"""Shared and cold promises in the audit, by hand: where work goes after a failure, and the room that it needs there.

The estate of failover_cases.py, on both sides of each limit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_tables import broken
from failover_cases import after, failing, moving, unchecked

from hybridplan.analysis import promises
from hybridplan.audit import audit
from hybridplan.audit.axes import Axes
from hybridplan.audit.failover import after as running_after
from hybridplan.audit.failover import carried
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.domain import Scenario
from hybridplan.model.aligned import ledger as aligned
from hybridplan.model.data import Data
from hybridplan.model.values import Values
from hybridplan.model.values import tables as to_tables

LOST = "east-lost"
OWN, WEST = (LOST, "web", "own"), (LOST, "web", "west")
COLD = {
    "workloads": {"web": {"promise_form": "cold", "recovery_minutes": 30.0}},
    "pools": {"west": {"ramp_up_accelerators_per_hour": 4.0, "lead_time_hours": 0.25}},
}
"""West can add 4 x (1/2 - 1/4) = 1 accelerator in the half hour that web may take, and what boots takes a quarter."""


def judged(*changes: dict[str, Any], **plan: Any) -> set[str]:
    scenario = failing(*changes)
    return broken(audit(scenario, moving(scenario, **plan)))


def west(second: float, first: float = 2.0) -> dict[str, Any]:
    """web in west after the failure, and n that is the least for it."""
    return {"moved": {WEST: [first, second]}, "n": {"west": [first, second]}}


# -- shared -------------------------------------------------------------------------------------------------------


def test_the_plan_of_the_estate_holds_and_costs_what_it_must() -> None:
    """own 10 x 2 h x 1 USD, east (10 + 12.5) x 2 USD, and west (2 + 3.6) x 3 USD for the failure: 81.8 USD."""
    scenario = failing()
    report = audit(scenario, moving(scenario))
    assert report.failures == ()
    assert report.objective_usd == pytest.approx(20.0 + 45.0 + 16.8)
    lines = report.cost_lines.set_index(["term", "workload", "pool"])["usd"]
    assert lines["usage", "", "west"] == pytest.approx(16.8)


@pytest.mark.parametrize(("share", "expected"), [(0.8, set()), (0.79, set()), (0.801, {"promise"}), (1.0, {"promise"})])
def test_enough_of_shared_work_is_placed_anew(share: float, expected: set[str]) -> None:
    """8 of 10 and 9.6 of 12."""
    assert judged({"workloads": {"web": {"promised_share": share}}}) == expected


def test_what_is_not_served_is_not_promised() -> None:
    """One of 12 units stays unserved: 0.8 x 11 = 8.8 are enough, 2.8 of them in west."""
    busy = {("web", "east"): [8.0, 9.0]}
    assert judged(busy=busy, **west(2.8)) == set()
    assert judged(busy=busy, **west(2.79)) == {"promise"}


def test_what_is_placed_anew_shares_the_pool_with_dedicated_work_but_not_with_the_rest() -> None:
    """own has 10: core keeps 4 and web gets 6; side stops. One hundredth more of web, or of core, is too much."""
    assert judged(moved={OWN: [6.01, 6.0]}) == {"failover_capacity"}
    more = {"workloads": {"core": {"demand_units_per_hour": {"b": [4.01, 4.0]}}}}
    assert judged(more, busy={("core", "own"): [4.01, 4.0]}) == {"failover_capacity"}
    less = {"workloads": {"side": {"demand_units_per_hour": {"b": [3.0, 3.0]}}}}
    assert judged(less, busy={("side", "own"): [3.0, 3.0]}) == set()


def test_dedicated_standby_takes_room_after_every_failure() -> None:
    """For the loss of home 2 of core stand by in west; after that of east, which does not call it, n is 4 and 5.6.

    web goes to east after the loss of home: 8 of 12.5 that are there, held back or not, and 9.6.
    """
    both = {"policy": {"contingencies": {"home-lost": {"kind": "site", "record": "home"}}}}
    home = {("home-lost", "web", "east"): [8.0, 9.6]}
    standby = {("core", "west"): [2.0, 2.0]}
    assert judged(both, moved=home, standby=standby, n={"west": [4.0, 5.6]}) == set()
    assert judged(both, moved=home, standby=standby, n={"west": [4.0, 5.59]}) == {"failover_capacity"}
    assert judged(both, moved=home, standby=standby, n={"west": [4.0, 5.61]}) == {"capacity"}
    assert judged(both, moved=home, standby={}, n={"west": [2.0, 3.6]}) == {"promise"}


def test_what_is_held_back_is_released() -> None:
    """East is loaded with 8 of 10; after the loss of west web may fill all 10 there, but not 10.01."""
    lost = after(kind="site", record="west")
    none = {"west": [0.0, 0.0]}
    rest = {WEST: [0.0, 0.0], OWN: [0.0, 0.0]}
    for first, expected in ((10.0, set()), (10.01, {"failover_capacity", "capacity"})):
        found = judged(lost, n=none, moved={**rest, (LOST, "web", "east"): [first, 9.6]})
        assert found <= expected
        assert ("failover_capacity" in found) is bool(expected)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        ([2.0, 3.6], set()),
        ([2.0, 3.6 * 0.999], {"failover_capacity"}),
        ([2.0 * 0.999, 3.6], {"failover_capacity"}),
        ([2.0, 3.6 * 1.001], {"capacity"}),
    ],
)
def test_what_is_provisioned_is_the_least_for_load_and_failures(n: list[float], expected: set[str]) -> None:
    assert judged(n={"west": n}) == expected


def test_the_larger_of_load_and_need_counts() -> None:
    """With 10 % held back in west, and 2 and 4 of side there in place of own: 2 / 0.9 > 2, and 4 / 0.9 > 3.6."""
    change = {
        "pools": {"west": {"held_back_share": 0.1}},
        "workloads": {"side": {"demand_units_per_hour": {"b": [2.0, 3.0]}}},
    }
    busy = {("side", "own"): [0.0, 0.0], ("side", "west"): [2.0, 3.0]}
    assert judged(change, busy=busy, n={"west": [2.0 / 0.9, 3.6]}) == set()
    assert judged(change, busy=busy, n={"west": [2.0, 3.6]}) == {"capacity"}
    assert judged(change, busy=busy, n={"west": [2.0 / 0.9, 3.0 / 0.9]}) == {"failover_capacity"}
    assert judged(change, busy=busy, n={"west": [2.0 / 0.9, 3.65]}) == {"capacity"}


def test_one_need_at_a_time() -> None:
    """Two failures that take the same: the larger need counts, not the sum."""
    twice = {"policy": {"contingencies": {"acme-lost": {"kind": "provider", "record": "acme"}}}}
    again = {("acme-lost", "web", "own"): [6.0, 6.0], ("acme-lost", "web", "west"): [2.0, 3.6]}
    assert judged(twice, moved=again) == set()
    assert judged(twice) == {"promise"}
    again["acme-lost", "web", "west"] = [3.0, 3.6]
    assert judged(twice, moved=again) == {"failover_capacity"}
    assert judged(twice, moved=again, n={"west": [3.0, 3.6]}) == set()


# -- where it may be placed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pool",
    [
        "east",  # It is lost.
        "far",  # In the US.
        "spot",  # It cannot be interrupted.
    ],
)
def test_nothing_is_placed_where_it_may_not_run(pool: str) -> None:
    """However little it is."""
    for amount in (1.0, 1e-12):
        assert "promise" in judged(moved={(LOST, "web", pool): [amount, 0.0]})
    scenario = failing()
    found = audit(scenario, moving(scenario, moved={(LOST, "web", pool): [1e-12, 0.0]})).failures
    assert any(f"web/{pool}/east-lost" in text and "where it may not run then" in text for text in found)


@pytest.mark.parametrize("work", ["core", "side"])
def test_only_shared_and_cold_work_is_placed_anew(work: str) -> None:
    assert "promise" in judged(moved={(LOST, work, "west"): [0.5, 0.5]}, n={"west": [2.5, 4.1]})


def test_nothing_is_placed_anew_after_a_failure_that_hits_no_shared_work() -> None:
    """The loss of far takes no route: no rows for it, and n in west is 0 with none."""
    unhit = after(kind="site", record="far")
    nothing = {OWN: [0.0, 0.0], WEST: [0.0, 0.0]}
    assert judged(unhit, moved=nothing, n={"west": [0.0, 0.0]}) == set()
    assert judged(unhit, n={"west": [0.0, 0.0]}) == {"promise"}
    assert judged(unhit) == {"promise", "capacity"}


def test_a_link_that_is_lost_takes_the_work_behind_it_but_no_pool() -> None:
    """As if east were lost, but what sits in east goes on there: its room is looked at too."""
    lost = after(kind="link", record="back-e")
    assert judged(lost) == set()
    assert judged(lost, moved={(LOST, "web", "east"): [0.1, 0.0]}) == {"promise"}
    local = {"workloads": {"core": {"origin_site": "east", "allowed_sites": ["east"]}}}
    busy = {("core", "own"): [0.0, 0.0], ("core", "east"): [4.0, 4.0]}
    assert judged(lost, local, busy=busy) == set()


def test_data_must_be_there_when_work_is_placed_anew() -> None:
    """web needs d, at home and by choice in the west; the 3.6 TB are there at once, or after an hour at 8 Gbit/s."""
    data: dict[str, Any] = {
        "datasets": {
            "d": {"home_site": "home", "size_gb": 3600.0, "copies": {"west": {}, "east": {"state": "present"}}}
        },
        "workloads": {"web": {"datasets": ["d"]}},
        "sites": {site: {"storage_usd_per_gb_month": 0.01} for site in ("home", "east", "west")},
    }
    slow = {"datasets": {"d": {"first_copy_gbps": 8.0}}}
    for change, copies, expected in (
        ({}, ["west", "east"], set()),
        ({}, ["east"], {"promise"}),
        (slow, ["west", "east"], {"promise"}),
    ):
        assert with_copies(failing(data, change), copies) == expected, (change, copies)


def with_copies(scenario: Scenario, sites: list[str]) -> set[str]:
    """The plan with these copies of d, each sent from home where it has to be made."""
    plan = moving(scenario)
    links = [("d", "west", "out-w", 1.0)] if "west" in sites else []
    return broken(
        audit(
            scenario,
            replace(
                plan,
                copies=pd.DataFrame([("d", site) for site in sites], columns=["dataset", "site"]),
                syncs=pd.DataFrame(links, columns=["dataset", "site", "link", "share"]),
            ),
        )
    )


# -- latency after the failure ------------------------------------------------------------------------------------


def test_pairs_beyond_the_objective_serve_by_the_one_after_a_failure() -> None:
    """West takes 40 ms: too far for 35, near enough for 40 after a failure."""
    near = {"workloads": {"web": {"latency_objective_ms": 35.0}}}
    assert judged(near) == {"promise"}
    assert judged(near, {"workloads": {"web": {"latency_after_failure_ms": 40.0}}}) == set()
    assert judged(near, {"workloads": {"web": {"latency_after_failure_ms": 39.0}}}) == {"promise"}


def test_accelerators_are_no_busier_after_a_failure_than_the_objective_allows() -> None:
    """Mean of 10 ms of work in 25 ms before, and 40 ms after a failure: at home 1 - 10/25 = 0.6, then 1 - 10/40 = 0.75.

    East is 10 ms away: 1 - 10/15 = 1/3 before. So 1.2 units take 2 at home and 8.8, 10.8 take 26.4, 32.4 in east. After
    the loss of east 0.75 x 6 = 4.5 units go on at home; that is 0.45 of 10 and 0.375 of 12.
    """
    mean = {"latency_statistic": "mean", "latency_objective_ms": 25.0, "latency_after_failure_ms": 40.0}
    change = {"workloads": {"web": mean}, "pools": {"east": {"capacity_accelerators": 50.0}}}
    plan: dict[str, Any] = {
        "busy": {("web", "own"): [1.2, 1.2], ("web", "east"): [8.8, 10.8]},
        "assigned": {("web", "own"): [2.0, 2.0], ("web", "east"): [26.4, 32.4]},
        "moved": {OWN: [6.0, 6.0], WEST: [0.0, 0.0]},
        "n": {"west": [0.0, 0.0]},
    }
    per = {("web", "own"): 0.75}
    for share, expected in ((0.375, set()), (0.376, {"promise"})):
        promised = {"workloads": {"web": {"promised_share": share}}}
        assert judged(change, promised, per=per, **plan) == expected
    told = {"workloads": {"web": {"promised_share": 0.375}}}
    assert judged(change, told, per={("web", "own"): 1.0}, **plan) == {"promise"}, "units that it cannot serve"


def test_standby_of_dedicated_work_serves_by_the_objective_after_a_failure() -> None:
    """core is bound to 25 ms at home and east, and to 40 ms after a failure: standby in west, which is no route.

    After the loss of home 0.5 x 4 = 2 are promised: 2 on standby in west, 1 per accelerator.
    """
    lost = after(kind="site", record="home")
    near = {"workloads": {"core": {"latency_objective_ms": 25.0, "latency_after_failure_ms": 40.0}}}
    moved = {OWN: [0.0, 0.0], WEST: [0.0, 0.0], (LOST, "web", "east"): [8.0, 9.6]}
    for count, expected in ((2.0, set()), (1.99, {"promise"})):
        standby = {("core", "west"): [count, count]}
        assert judged(lost, near, moved=moved, standby=standby, n={"west": [count, count]}) == expected
    far = {"workloads": {"core": {"latency_objective_ms": 25.0, "latency_after_failure_ms": 39.0}}}
    assert judged(lost, far, moved=moved, standby={("core", "west"): [2.0, 2.0]}, n={"west": [2.0, 2.0]}) == {"promise"}


# -- cold ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        ([2.6, 2.6], set()),
        ([2.6, 2.59], {"failover_capacity", "failover_started"}),
        ([2.59, 2.6], {"failover_started"}),
        ([3.0, 3.0], set()),  # n is a decision here: more than is needed is no fault.
    ],
)
def test_cold_work_waits_for_what_boots_in_time(n: list[float], expected: set[str]) -> None:
    """3.6 in the second period: 2.6 and 1 that is added; what boots in the first hour is not there in the second."""
    assert judged(COLD, n={"west": n}) == expected


@pytest.mark.parametrize(
    ("change", "added"),
    [
        ({"workloads": {"web": {"recovery_minutes": 60.0}}}, 3.0),
        ({"workloads": {"web": {"recovery_minutes": 15.0}}}, 0.0),
        ({"workloads": {"web": {"recovery_minutes": 0.0}}}, 0.0),
        ({"workloads": {"web": {"promise_form": "shared"}}}, 0.0),
        ({"pools": {"west": {"lead_time_hours": 0.0}}}, 2.0),
        ({"pools": {"west": {"ramp_up_accelerators_per_hour": None}}}, 0.0),
    ],
)
def test_how_much_is_added_in_time(change: dict[str, Any], added: float) -> None:
    """ramp x (recovery - lead time): 4 x (1 - 1/4) = 3, 4 x (1/4 - 1/4) = 0, 4 x 1/2 = 2; shared work cannot wait."""
    n = 3.6 - added
    assert judged(COLD, change, n={"west": [n, n]}) == set()
    assert "failover_capacity" in judged(COLD, change, n={"west": [n * 0.999, n * 0.999]})


def test_only_on_demand_pools_can_add() -> None:
    """A pool of spot with the same ramp adds nothing."""
    kind = {"pools": {"west": {"purchase_option": "interruptible"}}, "workloads": {"web": {"interruptible": True}}}
    assert judged(COLD, kind, n={"west": [3.6, 3.6]}) == set()
    assert judged(COLD, kind, n={"west": [3.5, 3.5]}) == {"failover_capacity", "failover_started"}


def test_no_more_is_added_than_the_quota_holds() -> None:
    """18 % of 20 are up in the second period: 3.6, which is just what is needed."""
    for up, expected in ((0.18, set()), (0.1799, {"failover_capacity"})):
        share = {"pools": {"west": {"up_share": {"b": [1.0, up]}}}}
        assert judged(COLD, share, n={"west": [2.6, 2.6]}) == expected


def test_shared_work_cannot_wait_for_what_cold_work_waits_for() -> None:
    """side shares its promise: 1 more in west. It must fit n at once; with web, after half an hour, n + 1."""
    shared = {"workloads": {"side": {"promised_share": 1.0, "promise_form": "shared"}}}
    side = {(LOST, "side", "west"): [1.0, 1.0]}
    assert judged(COLD, shared, moved=side, n={"west": [3.6, 3.6]}) == set()
    assert judged(COLD, shared, moved=side, n={"west": [3.59, 3.59]}) == {"failover_capacity", "failover_started"}
    little = {WEST: [0.5, 0.5], OWN: [7.5, 9.1]}
    swapped = {"workloads": {"core": {"demand_units_per_hour": {"b": [0.9, 0.9]}}}}
    plan: dict[str, Any] = {"moved": {**side, **little}, "busy": {("core", "own"): [0.9, 0.9]}}
    assert judged(COLD, shared, swapped, n={"west": [1.0, 1.0]}, **plan) == set()
    assert judged(COLD, shared, swapped, n={"west": [0.99, 0.99]}, **plan) == {"failover_capacity", "failover_started"}


# -- bandwidth ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ({"gbps": 0.004}, set()),
        ({"gbps": 0.00399}, {"promise_bandwidth"}),
        ({"gbps": 0.003, "max_private_gbps": 0.001}, set()),
    ],
)
def test_what_is_placed_anew_fits_the_links(link: dict[str, Any], expected: set[str]) -> None:
    """Half a GB per unit: 3.6 units are 1.8 GB per hour, and 0.004 Gbit/s carry 1.8; nothing crosses it before."""
    scenario = failing({"links": {"out-w": link}})
    plan = moving(scenario)
    if "max_private_gbps" in link:
        line = pd.DataFrame([("private_line", "out-w", 0.001)], columns=["kind", "record", "quantity"])
        plan = replace(plan, purchases=line)
    assert broken(audit(scenario, plan)) == expected


def test_a_link_that_is_lost_carries_nothing() -> None:
    """East's link is cut and takes nothing that would not fit; that to the west is still looked at."""
    lost = after(kind="link", record="out-e")
    assert judged(lost, {"links": {"out-e": {"gbps": 0.0112}}}) == set()
    assert judged(lost, {"links": {"out-w": {"gbps": 0.00399}}}) == {"promise_bandwidth"}


def test_the_results_of_shared_work_go_to_their_backup_over_what_is_left() -> None:
    """1 GB of results per unit from home to the west, from the west home: 6 GB per hour on out-w after the failure.

    0.5 GB x 3.6 units to the west, and 6 units at home: 7.8 GB per hour, 0.0173333 Gbit/s.
    """
    back = {"workloads": {"web": {"result_gb_per_unit": 1.0, "backup_sites": ["west", "home"]}}}
    ways = {"links": {"e-w": {"from_site": "east", "to_site": "west", "round_trip_ms": 5.0}}}
    rates = {"sites": {site: {"storage_usd_per_gb_month": 0.0} for site in ("home", "east", "west")}}
    assert judged(back, ways, rates, {"links": {"out-w": {"gbps": 0.01734}}}) == set()
    assert judged(back, ways, rates, {"links": {"out-w": {"gbps": 0.01733}}}) == {"promise_bandwidth"}


# -- what goes on -------------------------------------------------------------------------------------------------


def units(
    scenario: Scenario, key: str = LOST, *, keep: bool = False, **plan: Any
) -> dict[tuple[str, str], list[float]]:
    """Units per hour by workload and pool after the failure; accelerators are the same here, one per unit."""
    ledger = open_ledger(scenario, moving(scenario, **plan))
    found = running_after(ledger, key, keep_unpromised=keep)
    assert found.units == pytest.approx(found.accelerators)
    works, pools = ledger.axes.workloads, ledger.axes.pools
    rows = zip(found.workload.tolist(), found.pool.tolist(), found.units.tolist(), strict=True)
    return {(works[w], pools[p]): row for w, p, row in rows}


def test_what_goes_on_where_after_a_failure() -> None:
    """web where it is placed, core where it runs, side stops unless it is kept; nothing in east."""
    expected = {
        ("web", "own"): [6.0, 6.0],
        ("web", "west"): [2.0, 3.6],
        ("core", "own"): [4.0, 4.0],
    }
    assert units(failing()) == expected
    assert units(failing(), keep=True) == {**expected, ("side", "own"): [1.0, 1.0]}
    ledger = open_ledger(failing(), moving(failing()))
    assert carried(ledger, LOST) == pytest.approx(np.array([[8.0, 9.6], [4.0, 4.0], [0.0, 0.0]]))


def test_shared_work_stays_where_a_failure_hits_none_of_it() -> None:
    """The loss of far, which nothing may use: what a table places anew all the same is no plan."""
    scenario = failing(after(kind="site", record="far"))
    stays = {("web", "own"): [2.0, 2.0], ("web", "east"): [8.0, 10.0], ("core", "own"): [4.0, 4.0]}
    assert units(scenario) == stays


def test_standby_is_called_only_by_a_failure_that_hits_its_work() -> None:
    """2 of core stand by in west: after the loss of home they work, after that of far they wait."""
    change = {"policy": {"contingencies": {"far-lost": {"kind": "site", "record": "far"}}}}
    scenario = failing(after(kind="site", record="home"), change)
    standby = {("core", "west"): [2.0, 2.0]}
    assert units(scenario, standby=standby)["core", "west"] == [2.0, 2.0]
    assert ("core", "own") not in units(scenario, standby=standby)
    assert units(scenario, "far-lost", standby=standby)["core", "west"] == [0.0, 0.0]


def test_rent_of_standby_leaves_out_what_other_work_needs_after_a_failure() -> None:
    """Of 4 and 5.6 in the west 2 stand by for core: 2 x 2 h x 3 USD, the rest is for web."""
    both = {"policy": {"contingencies": {"home-lost": {"kind": "site", "record": "home"}}}}
    home = {("home-lost", "web", "east"): [8.0, 9.6]}
    scenario = failing(both)
    plan = moving(scenario, moved=home, standby={("core", "west"): [2.0, 2.0]}, n={"west": [4.0, 5.6]})
    (row,) = promises.standby(scenario, plan).to_dict("records")
    assert (row["workload"], row["pool"], row["most"]) == ("core", "west", 2.0)
    assert (row["accelerator_hours"], row["rent_usd"]) == (4.0, pytest.approx(12.0))


def test_a_failure_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        running_after(open_ledger(failing(), moving(failing())), "none")


def test_a_promise_of_work_that_can_wait_is_no_promise_here() -> None:
    """Refused as an input; the audit does not fall over it."""
    windows = {"w": {"block": "b", "start": "2026-01-05T00:00:00Z", "end": "2026-01-05T02:00:00Z", "volume_units": 2.0}}
    change = {"flexibility": "deferrable", "windows": windows, "demand_units_per_hour": None, "promised_share": 0.5}
    scenario = unchecked({"workloads": {"side": {**change, "promise_form": "shared"}}})
    assert broken(audit(scenario, moving(scenario))) == set()


@pytest.mark.parametrize("form", ["shared", "cold"])
def test_the_failover_of_an_answer_is_the_table_it_becomes(form: str) -> None:
    """The audit without tables, for sweeps, sees the same work after each failure."""
    home = {"policy": {"contingencies": {"home-lost": {"kind": "site", "record": "home"}}}}
    data = Data(failing(home, {"workloads": {"web": {"promise_form": form}}}))
    busy = np.ones((len(data.routes), 2))
    moved = 1.0 + np.arange(2.0 * len(data.promises.moves)).reshape(-1, 2)
    rest = np.zeros_like(data.demand), np.zeros(len(data.windows)), data.capacity
    values = Values(busy, busy, busy, *rest, redispatch=moved)
    direct, read = aligned(data, values, Axes(data.scenario)), open_ledger(data.scenario, to_tables(data, values))
    assert {place for place, _ in placed(read)} == {
        ("east-lost", "web", "own"),
        ("east-lost", "web", "west"),
        ("home-lost", "web", "east"),
        ("home-lost", "web", "west"),
    }
    assert placed(direct) == placed(read)


def placed(ledger: Ledger) -> list[tuple[tuple[str, str, str], tuple[list[float], list[float]]]]:
    """Accelerators and units by (contingency, workload, pool), in order."""
    codes = (ledger.redispatch_failure.tolist(), ledger.redispatch_workload.tolist(), ledger.redispatch_pool.tolist())
    axes, failures = ledger.axes, ledger.axes.failures.ids
    numbers = zip(ledger.redispatched.tolist(), ledger.redispatched_units.tolist(), strict=True)
    names = [(failures[f], axes.workloads[w], axes.pools[p]) for f, w, p in zip(*codes, strict=True)]
    return sorted(zip(names, numbers, strict=True))
