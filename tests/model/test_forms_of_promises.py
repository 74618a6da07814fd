"""Promises of three forms, and failures of every kind: hand-solved.

Two sites own ten accelerators each, 20 USD whatever is decided, and each serves ten units an hour of its own users.
At a third site accelerators are rented at 3 USD. Data costs nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario
from hand import nearly, planned, shadow

from hybridplan.analysis.rounding import whole_nodes
from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan

FORMS = ("dedicated", "shared", "cold")


def site(provider: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "public", "provider": provider, "jurisdiction": "DE", **fields}


def link(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"from_site": start, "to_site": end, "round_trip_ms": 10.0, **fields}


SITES = {"north": site("own"), "south": site("own"), "cloud": site("cloud")}
LINKS = {"n": link("north", "cloud"), "s": link("south", "cloud")}
LOST = {"no-north": {"kind": "site", "record": "north"}, "no-south": {"kind": "site", "record": "south"}}


def pools(**rented: Any) -> dict[str, Any]:
    return {
        "north": pool("owned", 10, 1.0, site="north"),
        "south": pool("owned", 10, 1.0, site="south"),
        "rented": pool("on_demand", 50, 3.0, site="cloud", **rented),
    }


def works(form: str = "shared", share: float = 1.0, **fields: Any) -> dict[str, Any]:
    made = {"promised_share": share, "promise_form": form, **fields}
    return {
        "a": rigid([10.0], origin_site="north", **made),
        "b": rigid([10.0], origin_site="south", **made),
    }


def document(
    some: dict[str, Any], found: dict[str, Any] | None = None, failures: dict[str, Any] = LOST, **fields: Any
) -> Scenario:
    fields = {"sites": SITES, "links": LINKS, **fields}
    return scenario(found or pools(), some, policy={"contingencies": failures, **fields.pop("policy", {})}, **fields)


def solved(*args: Any, **fields: Any) -> Plan:
    plan = optimise(document(*args, **fields))
    assert plan.status.has_plan, plan.certificate
    return plan


def after(plan: Plan, contingency: str) -> dict[tuple[str, str], float]:
    """Accelerators after a failure by workload and pool, summed over periods."""
    assert plan.tables is not None
    rows = plan.tables.redispatch
    rows = rows[rows["contingency"] == contingency]
    sums = rows.groupby(["workload", "pool"])["accelerators_assigned"].sum()
    return {(str(w), str(p)): float(total) for (w, p), total in sums.items()}


def provisioned(plan: Plan, pool_id: str = "rented") -> float:
    assert plan.tables is not None
    rows = plan.tables.provisioned
    return float(rows.loc[rows["pool"] == pool_id, "accelerators_provisioned"].sum())


@pytest.mark.parametrize(("form", "rented"), [("dedicated", 20.0), ("shared", 10.0), ("cold", 10.0)])
def test_what_is_shared_is_there_once(form: str, rented: float) -> None:
    """Either site may fail, never both: standby of their own is 10 + 10, shared room 10; cold without a ramp too."""
    plan = solved(works(form, recovery_minutes=30.0))
    assert plan.objective_usd == nearly(20.0 + 3 * rented)
    assert provisioned(plan) == nearly(rented)
    if form != "dedicated":
        assert after(plan, "no-north") == {("a", "rented"): nearly(10.0), ("b", "south"): nearly(10.0)}
        assert after(plan, "no-south") == {("a", "north"): nearly(10.0), ("b", "rented"): nearly(10.0)}
    # A unit of a promised less is a third of an hour's rent saved once: 3 USD where one failure decides, else shared.
    prices = [shadow(plan, "promise", record) for record in ("a/no-north", "b/no-south")]
    assert sum(prices) == nearly(6.0 if form == "dedicated" else 3.0)


@pytest.mark.parametrize(
    ("ramp", "minutes", "lead", "quota", "rented"),
    [
        (12.0, 30.0, 0.0, 50, 4.0),  # 12 per hour bring 6 in half an hour: 4 are on before.
        (12.0, 30.0, 0.25, 50, 7.0),  # A quarter of an hour to start: 12 x 0.25 = 3 in time.
        (12.0, 30.0, 0.5, 50, 10.0),  # Nothing starts in time.
        (100.0, 30.0, 0.0, 50, 0.0),  # All of it comes in time.
        (12.0, 0.0, 0.0, 50, 10.0),  # No time to wait.
        (12.0, 30.0, 0.0, 10, 4.0),  # The quota holds 10.
    ],
)
def test_cold_counts_on_what_on_demand_pools_grow_by(
    ramp: float, minutes: float, lead: float, quota: int, rented: float
) -> None:
    found = pools(ramp_up_accelerators_per_hour=ramp, lead_time_hours=lead)
    found["rented"]["capacity_accelerators"] = quota
    plan = solved(works("cold", recovery_minutes=minutes), found)
    assert plan.objective_usd == nearly(20.0 + 3 * rented)
    assert solved(works("shared"), found).objective_usd == nearly(50.0), "a ramp brings a shared promise nothing"


def test_cold_never_grows_beyond_the_quota() -> None:
    """Of 8 that may be rented all come in time; 2 of 10 units of each work are not served: 4 x 100 USD."""
    found = pools(ramp_up_accelerators_per_hour=100.0)
    found["rented"]["capacity_accelerators"] = 8
    plan = solved(works("cold", recovery_minutes=30.0), found)
    assert plan.objective_usd == nearly(20.0 + 400.0)
    assert shadow(plan, "one_more_accelerator", "rented") == nearly(200.0)


def test_work_without_a_promise_makes_room_and_what_is_held_back_is_released() -> None:
    """South holds 20 % of 10 back and serves 8 units of b, which stops: a takes all 10. On its own a would rent 10."""
    found = {**pools(), "south": pool("owned", 10, 1.0, site="south", held_back_share=0.2)}
    links = {**LINKS, "ns": link("north", "south")}
    failures = {"no-north": LOST["no-north"]}
    some = works()
    some["b"] = rigid([8.0], origin_site="south")
    plan = solved(some, found, failures, links=links)
    assert plan.objective_usd == nearly(20.0)
    assert after(plan, "no-north") == {("a", "south"): nearly(10.0)}
    some["a"]["promise_form"] = "dedicated"
    assert solved(some, found, failures, links=links).objective_usd == nearly(20.0 + 30.0)


def test_standby_of_its_own_stays_out_of_the_shared_room() -> None:
    """a keeps 10 rented for itself, b shares: if south fails, a's standby is not there for b, so 20 are rented."""
    some = works()
    some["a"]["promise_form"] = "dedicated"
    assert provisioned(solved(some)) == nearly(20.0)


def test_a_promise_of_a_half_and_demand_by_the_hour() -> None:
    """Two hours: a needs 10 and 4, b 2 and 6; a half of the larger is 5 and 3: 8 accelerator-hours at 3 USD.

    Without north a has 5, and 3 of 4 where 2 are promised: they are there for b. b stays where it is, with all it has.
    """
    some = works(share=0.5)
    some["a"]["demand_units_per_hour"] = {"b": [10.0, 4.0]}
    some["b"]["demand_units_per_hour"] = {"b": [2.0, 6.0]}
    plan = solved(some, periods=2)
    assert plan.objective_usd == nearly(40.0 + 24.0)
    assert after(plan, "no-north") == {
        ("a", "rented"): nearly(8.0),
        ("b", "south"): nearly(8.0),
    }
    assert after(plan, "no-south") == {("a", "north"): nearly(14.0), ("b", "rented"): nearly(5.0)}


@pytest.mark.parametrize("form", FORMS)
def test_farther_away_after_a_failure(form: str) -> None:
    """The cloud is 10 ms away: too far for 5 ms, near enough for 10 ms after a failure. No work runs there before."""
    far = works(form, latency_objective_ms=5.0)
    assert solved(far).objective_usd == nearly(20.0 + 2 * 1000.0), "nothing survives, so nothing is served"
    near = works(form, latency_objective_ms=5.0, latency_after_failure_ms=10.0)
    plan = solved(near)
    assert plan.objective_usd == nearly(20.0 + (60.0 if form == "dedicated" else 30.0))
    assert plan.tables is not None
    assert set(plan.tables.allocation["pool"]) == {"north", "south"}


def test_queues_after_a_failure() -> None:
    """Mean at most 50 ms, 10 ms each: 10 ms away 1 - 10 / 40 = 75 % busy, 13.33 for 10 units; with 30 ms after a
    failure 1 - 10 / 20 = 50 % would need 20, but that is shorter; with 90 ms 1 - 10 / 80 = 87.5 %: 11.43."""
    queue = {
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}},
        "latency_objective_ms": 50.0,
        "latency_statistic": "mean",
    }
    found = {**pools(), "north": pool("owned", 20, 0.5, site="north"), "south": pool("owned", 20, 0.5, site="south")}
    for more, count in (({}, 40 / 3), ({"latency_after_failure_ms": 90.0}, 80 / 7)):
        plan = solved(works(**queue, **more), found)
        assert provisioned(plan) == nearly(count)
        assert plan.tables is not None
        rows = plan.tables.redispatch
        assert rows.loc[rows["pool"] == "rented", "units_per_hour"].tolist() == pytest.approx([10.0, 10.0])


# -- what fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "rented"),
    [
        ({"kind": "site", "record": "north"}, 10.0),
        ({"kind": "zone", "record": "z"}, 20.0),  # Both sites lie in it.
        ({"kind": "provider", "record": "own"}, 20.0),
        ({"kind": "group", "pools": ["south"]}, 10.0),
        ({"kind": "group", "sites": ["north"], "pools": ["south"]}, 20.0),
        ({"kind": "spot"}, 0.0),
        ({"kind": "link", "record": "n"}, 0.0),  # Nobody uses it.
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_failure(form: str, failure: dict[str, Any], rented: float) -> None:
    sites = {key: {**one, "zone": "z"} if key != "cloud" else one for key, one in SITES.items()}
    plan = solved(works(form), None, {"f": failure}, sites=sites)
    assert provisioned(plan) == nearly(rented)


def test_a_zone_inside_a_site() -> None:
    """Pools name their own zone: half of north is left, so 5 are rented."""
    found = {**pools(), "north": pool("owned", 5, 1.0, site="north", zone="n1")}
    found["north2"] = pool("owned", 5, 1.0, site="north", zone="n2")
    plan = solved(works(), found, {"f": {"kind": "zone", "record": "n1"}})
    assert provisioned(plan) == nearly(5.0)


@pytest.mark.parametrize(("egress", "record"), [(0.0, "there"), (0.1, "there"), (0.0, "back"), (0.1, "back")])
def test_a_link_fails_both_ways(egress: float, record: str) -> None:
    """a runs at the cloud only, over one link or another site: without the link nothing is left, and none is served."""
    links = {"there": link("north", "cloud"), "back": link("cloud", "north")}
    some = {"a": rigid([10.0], origin_site="north", promised_share=0.1, egress_gb_per_unit=egress)}
    found = {"rented": pool("on_demand", 50, 3.0, site="cloud")}
    plan = solved(some, found, {"f": {"kind": "link", "record": record}}, links=links)
    assert plan.unserved["a"].share == nearly(1.0)


def test_spot_fails_and_on_demand_takes_over() -> None:
    """10 units on spot at 1 USD, and room on demand at 3 that nobody else has: 10 + 30; without a promise 10."""
    found = {"spot": pool("interruptible", 50, 1.0), "od": pool("on_demand", 50, 3.0)}
    some = {"w": rigid([10.0], promised_share=1.0, promise_form="shared", interruptible=True)}
    # On demand throughout is 30: cheaper than 40.
    plan = planned(found, some, policy={"contingencies": {"f": {"kind": "spot"}}})
    assert plan.objective_usd == nearly(30.0)


def test_links_are_wide_enough_after_a_failure() -> None:
    """0.02 Gbit/s are 9 GB per hour, 1 GB per unit: 9 of a's 10 units can be promised, so 9 are served.

    A Gbit/s more carries 450 units, each 100 USD of unserved work, less 3 of rent.
    """
    links = {**LINKS, "n": link("north", "cloud", gbps=0.02)}
    failures = {"no-north": LOST["no-north"]}
    some = works(ingress_gb_per_unit=1.0)
    plan = solved(some, None, failures, links=links)
    assert plan.objective_usd == nearly(20.0 + 27.0 + 100.0)
    assert shadow(plan, "one_more_gbps", "n") == nearly(450 * 97.0)


def test_data_has_to_be_where_work_goes() -> None:
    """a needs data of 10 GB at 1 USD per GB and month of 730 hours: a copy at the cloud costs 10 / 730 more."""
    sites = {key: {**one, "storage_usd_per_gb_month": 1.0} for key, one in SITES.items()}
    data = {"d": {"home_site": "north", "size_gb": 10.0, "copies": {"cloud": {"state": "choosable"}}}}
    some = works()
    some["a"]["datasets"] = ["d"]
    fields: dict[str, Any] = {"sites": sites, "datasets": data}
    plan = solved(some, None, {"f": LOST["no-north"]}, **fields)
    assert plan.objective_usd == nearly(20.0 + 30.0 + 20.0 / 730.0)
    assert plan.tables is not None
    assert plan.tables.copies.to_numpy().tolist() == [["d", "cloud"]]
    del data["d"]["copies"]
    assert solved(some, None, {"f": LOST["no-north"]}, **fields).unserved["a"].share == nearly(1.0)


def test_a_lost_site_takes_its_pools_whatever_their_zone() -> None:
    """The zone of the site fails; the pool there names another zone, and is lost all the same."""
    sites = {**SITES, "north": {**SITES["north"], "zone": "z"}}
    found = {"north": pool("owned", 10, 1.0, site="north", zone="other")}
    some = {"a": rigid([10.0], origin_site="north", promised_share=1.0)}
    for zone in ("z", "other"):
        plan = solved(some, found, {"f": {"kind": "zone", "record": zone}}, sites=sites)
        assert plan.unserved["a"].share == nearly(1.0)


# -- how it is solved ---------------------------------------------------------------------------------------------


def test_whole_nodes_hold_the_room() -> None:
    """In nodes of 8, 10 need 16."""
    plan = solved(works(), pools(whole_nodes=True, accelerators_per_node=8))
    assert (plan.objective_usd, plan.kind) == (nearly(20.0 + 48.0), "mixed_integer")


def test_room_is_there_early_enough() -> None:
    """Work in the second of two hours only, an hour to start: 10 are on in both, at 3 USD."""
    some = works()
    for one in some.values():
        one["demand_units_per_hour"] = {"b": [0.0, 10.0]}
    plan = solved(some, pools(lead_time_hours=1.0), periods=2)
    assert plan.objective_usd == nearly(40.0 + 60.0)


def test_room_is_rounded_up_to_nodes_as_load_is() -> None:
    plan = solved(works(), pools(accelerators_per_node=8))
    assert plan.objective_usd == nearly(50.0)
    rounded = whole_nodes(plan)
    assert rounded is not None
    assert rounded.objective_usd == nearly(20.0 + 3 * 16.0)


def test_a_planner_that_keeps_its_basis_agrees() -> None:
    planner = WarmPlanner()
    for share in (1.0, 0.5, 0.8, 0.0, 1.0):
        made = require(document(works(share=share)).to_dict())
        warm = planner.plan(made)
        assert warm.status.has_plan, warm.certificate
        assert warm.objective_usd == nearly(20.0 + 30.0 * share)


@pytest.mark.parametrize("form", FORMS)
def test_without_a_failure_nothing_is_decided(form: str) -> None:
    plan = solved(works(form), None, {})
    assert plan.tables is not None
    assert (len(plan.tables.redispatch), len(plan.tables.standby)) == (0, 0)
    assert plan.solver.columns == solved(works(share=0.0), None, {}).solver.columns
