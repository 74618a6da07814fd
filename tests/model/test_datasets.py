"""Datasets solved by hand: sync on thin links, relays, first copies, chosen copies, results with a backup."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import cvxpy as cp
import numpy as np
import pytest
from builders import START, hour, pool, rigid, scenario
from data_cases import (
    GB,
    bought_gbps,
    busy,
    copies,
    dear_here_cheap_there,
    link,
    needing,
    places,
    shares,
    site,
)
from hand import money, planned, usd

from hybridplan.audit import audit
from hybridplan.domain import Scenario, parse, require
from hybridplan.errors import InvalidInput
from hybridplan.model.choices.copies import Copies, read_copies
from hybridplan.model.data import Data
from hybridplan.model.routes import backup_fault, backup_site
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

PRESENT = {"there": {"state": "present"}}


def thin(change: float, **line: Any) -> dict[str, Any]:
    """A link of 4.5 GB per hour to the cheap pool; the work sends 0.3 GB per unit, a copy there is kept in sync."""
    return {
        "sites": places(),
        "links": {"out": link("here", "there", gbps=4.5 / GB, **line)},
        "datasets": {"d": {"home_site": "here", "size_gb": 100.0, "change_gb_per_hour": change, "copies": PRESENT}},
    }


@pytest.mark.parametrize(("change", "there"), [(0.0, 10.0), (1.5, 10.0), (1.51, 9.96667), (2.7, 6.0), (4.5, 0.0)])
def test_a_sync_leaves_a_thin_link_to_less_work(change: float, there: float) -> None:
    """4.5 GB per hour less the sync, at 0.3 GB per unit: with 2.7 (60 % of the link) 1.8 / 0.3 = 6 units run there.

    The other 4 cost 3 USD at home in place of 1: 6 + 12 = 18 USD in place of 10. Up to 1.5 GB per hour all 10 fit.
    """
    plan = planned(dear_here_cheap_there(), needing([10.0], "d", ingress_gb_per_unit=0.3), **thin(change))
    assert busy(plan, "cheap") == pytest.approx([there], rel=1e-5)
    assert plan.objective_usd == pytest.approx(there + 3.0 * (10.0 - there), rel=1e-5)


@pytest.mark.parametrize(("price", "is_bought"), [(2900.0, True), (3100.0, False)])
def test_a_private_line_is_bought_where_a_sync_fills_the_link_and_its_price_pays(price: float, is_bought: bool) -> None:
    """The sync takes 60 %; the 4 units that do not fit need 1.2 GB per hour = 1.2 / 450 Gbit/s and save 4 x 2 = 8 USD.

    So a line pays below 8 / (1.2 / 450) = 3000 USD per Gbit/s and hour. At 2900: 10 + 7.7333; at 3100 nothing: 18.
    """
    line = {"max_private_gbps": 1.0, "private_usd_per_gbps_hour": price}
    plan = planned(dear_here_cheap_there(), needing([10.0], "d", ingress_gb_per_unit=0.3), **thin(2.7, **line))
    assert bought_gbps(plan, "out") == pytest.approx(1.2 / GB if is_bought else 0.0)
    assert money(plan) == pytest.approx(
        {"usage": 10.0, "link_fixed": 2900.0 * 1.2 / GB} if is_bought else {"usage": 18}
    )


def relayed(direct: dict[str, Any] | None, **dataset: Any) -> dict[str, Any]:
    """From here to far, straight or by way of mid at 0.1 + 0.2 USD per GB; 2 GB per hour change."""
    links = {"first": link("here", "mid", usd_per_gb=0.1), "second": link("mid", "far", usd_per_gb=0.2)}
    data = {"home_site": "here", "size_gb": 100.0, "change_gb_per_hour": 2.0, "relay_sites": ["mid"], **dataset}
    return {
        "sites": places(mid=site("y"), far=site("z")),
        "links": {**links, **({"direct": link("here", "far", **direct)} if direct else {})},
        "datasets": {"d": {"copies": {"far": {"state": "present"}}, **data}},
    }


@pytest.mark.parametrize(
    ("direct", "ways", "cost"),
    [
        (None, {"first": 1.0, "second": 1.0}, 0.6),
        ({"usd_per_gb": 0.5}, {"first": 1.0, "second": 1.0}, 0.6),
        ({"usd_per_gb": 0.25}, {"direct": 1.0}, 0.5),
        ({"usd_per_gb": 0.1, "gbps": 0.5 / GB}, {"direct": 0.25, "first": 0.75, "second": 0.75}, 0.5),
    ],
)
def test_data_goes_by_a_relay_where_the_direct_link_is_missing_dear_or_thin(
    direct: dict[str, Any] | None, ways: dict[str, float], cost: float
) -> None:
    """2 GB per hour: by mid 2 x 0.3 = 0.6; straight 2 x 0.25 = 0.5; 0.5 GB straight at 0.1 and 1.5 by mid: 0.5."""
    plan = planned({"o": pool("owned", 1, 0.0)}, needing([1.0], "d"), **relayed(direct))
    assert shares(plan, "d", "far") == pytest.approx(ways)
    assert money(plan) == pytest.approx({"transfer": cost})


def test_only_relays_and_copies_that_stand_pass_data_on() -> None:
    """Without a relay the dear link carries it: 2 x 0.5 = 1. A present copy at mid passes it on: 2 x 0.1 for itself
    and 2 x 0.3 for far = 0.8. A copy at mid that may be chosen does not."""
    one = {"o": pool("owned", 1, 0.0)}
    dear = {"usd_per_gb": 0.5}
    assert usd(one, needing([1.0], "d"), **relayed(dear, relay_sites=[])) == pytest.approx(1.0)
    far = {"far": {"state": "present"}}
    holds = relayed(dear, relay_sites=[], copies={**far, "mid": {"state": "present"}})
    assert usd(one, needing([1.0], "d"), **holds) == pytest.approx(0.8)
    may = relayed(dear, relay_sites=[], copies={**far, "mid": {"state": "choosable"}})
    assert usd(one, needing([1.0], "d"), **may) == pytest.approx(1.0)


def made(state: str, **fields: Any) -> dict[str, Any]:
    """A copy there that is not present yet; 900 GB."""
    return {"home_site": "here", "size_gb": 900.0, "copies": {"there": {"state": state}}, **fields}


@pytest.mark.parametrize(("gbps", "closed"), [(1.0, 2), (0.99, 3), (2.1, 1), (2.0, 1)])
def test_work_waits_for_a_first_copy(gbps: float, closed: int) -> None:
    """900 GB at 450 GB per hour take 2 hours: hours 0 and 1 at home, 5 x 3 each, hours 2 and 3 there, 5 x 1 each; at
    0.99 Gbit/s hour 2 begins before it is done. The copy is paid once: 900 x 0.01 = 9."""
    plan = planned(
        dear_here_cheap_there(),
        needing([5.0] * 4, "d"),
        periods=4,
        sites=places(),
        links={"out": link("here", "there", usd_per_gb=0.01)},
        datasets={"d": made("planned", first_copy_gbps=gbps)},
    )
    assert busy(plan, "cheap") == pytest.approx([0.0] * closed + [5.0] * (4 - closed))
    assert money(plan) == pytest.approx({"usage": 15.0 * closed + 5.0 * (4 - closed), "transfer": 9.0})


def test_only_the_first_block_waits_and_takes_the_bandwidth() -> None:
    """Two blocks of two hours, the first counts 3 times. The copy takes 1 of 1.5 Gbit/s for 2 hours: no work is there
    in the first block, in the second all is. 2 GB per unit: 5 x 2 = 10 GB per hour fit.

    First block: 3 x 2 x 5 x 3 = 90; second: 2 x 5 x 1 = 10; the copy is paid once: 9; work 2 x 10 x 0.01 = 0.2.
    """
    blocks = {
        "b": {"start": START, "periods": 2, "weight": 3.0},
        "c": {"start": "2026-06-08T00:00:00+00:00", "periods": 2},
    }
    work = needing([5.0, 5.0], "d", ingress_gb_per_unit=2.0)
    work["w"]["demand_units_per_hour"]["c"] = [5.0, 5.0]
    plan = planned(
        dear_here_cheap_there(),
        work,
        horizon={"blocks": blocks},
        sites=places(),
        links={"out": link("here", "there", usd_per_gb=0.01, gbps=1.5)},
        datasets={"d": made("planned", first_copy_gbps=1.0)},
    )
    assert busy(plan, "cheap") == pytest.approx([0.0, 0.0, 5.0, 5.0])
    assert money(plan) == pytest.approx({"usage": 100.0, "transfer": 9.2})


def test_a_first_copy_takes_room_from_other_work() -> None:
    """The copy takes 0.6 of 1 Gbit/s for 900 / 270 = 3.33 hours, so 180 GB per hour are left in hours 0 to 3: work
    without the dataset at 36 GB per unit gets 180 / 36 = 5 of 10 units there; in hour 4 all 10 (360 GB)."""
    plan = planned(
        dear_here_cheap_there(),
        needing([10.0] * 5, ingress_gb_per_unit=36.0),
        periods=5,
        sites=places(),
        links={"out": link("here", "there", gbps=1.0)},
        datasets={"d": made("planned", first_copy_gbps=0.6)},
    )
    assert busy(plan, "cheap") == pytest.approx([5.0, 5.0, 5.0, 5.0, 10.0])


def test_a_first_copy_takes_no_room_on_a_private_line() -> None:
    """The first copy fills the link (0.99 of 1 Gbit/s); 10 units x 1 GB need 10 GB per hour, 4.5 are left on the link:
    at least 5.5 GB per hour go over the private line. It saves 10 x 2 each hour and costs 100 x 5.5 / 450 = 1.2222."""
    plan = planned(
        dear_here_cheap_there(),
        needing([10.0], ingress_gb_per_unit=1.0),
        sites=places(),
        links={"out": link("here", "there", gbps=1.0, max_private_gbps=1.0, private_usd_per_gbps_hour=100.0)},
        datasets={"d": made("planned", first_copy_gbps=0.99)},
    )
    assert bought_gbps(plan, "out") == pytest.approx(5.5 / GB)
    assert plan.objective_usd == pytest.approx(10.0 + 100.0 * 5.5 / GB)


def test_work_without_its_copy_fails_the_audit() -> None:
    """The plan above at 48 USD, with its copy struck out: work runs without it, and data is sent to nobody."""
    estate = scenario(
        dear_here_cheap_there(),
        needing([5.0] * 3, "d"),
        periods=3,
        sites=places(),
        links={"out": link("here", "there", usd_per_gb=0.1)},
        datasets={"d": made("choosable", size_gb=100.0)},
    )
    plan = optimise(estate)
    assert plan.tables is not None
    assert not {"copy_needed", "sync"} & set(plan.shadow_prices["limit"])
    struck = audit(estate, replace(plan.tables, copies=plan.tables.copies.iloc[:0])).failures
    assert {text.split(",")[0] for text in struck} == {"copy_needed", "sync"}


@pytest.mark.parametrize(("price", "is_made"), [(48.0, True), (49.0, False)])
def test_a_copy_is_made_where_it_pays(price: float, is_made: bool) -> None:
    """In 3 hours the cheaper pool saves 3 x 5 x 2 = 30. The copy: 100 GB x 0.1 = 10 once, and 100 x 3 / 730 x price.

    It pays below 20 / (300 / 730) = 48.667 USD per GB and month.
    """
    plan = planned(
        dear_here_cheap_there(),
        needing([5.0] * 3, "d"),
        periods=3,
        sites=places(there=site("x", storage_usd_per_gb_month=price)),
        links={"out": link("here", "there", usd_per_gb=0.1)},
        datasets={"d": made("choosable", size_gb=100.0)},
    )
    assert plan.kind == "mixed_integer"
    assert copies(plan) == ({("d", "there")} if is_made else set())
    assert busy(plan, "cheap") == pytest.approx([5.0 if is_made else 0.0] * 3)
    storage = {"usage": 15.0, "transfer": 10.0, "storage": 300.0 / 730.0 * price}
    assert money(plan) == pytest.approx(storage if is_made else {"usage": 45.0})


def test_standby_needs_the_copy_too() -> None:
    """If the site here fails, 4 units must go on there, where the data must be: the copy is made for that alone.

    All 4 run here (sunk), 4 stand by there at 1 USD: 4 + storage of the copy 100 x 7.3 / 730 = 1.
    """
    plan = planned(
        {"o": pool("owned", 4, 0.0), "c": pool("on_demand", 10, 1.0, site="there")},
        needing([4.0], "d", promised_share=1.0, must_serve=True),
        sites=places(there=site("x", storage_usd_per_gb_month=7.3)),
        links={"out": link("here", "there")},
        datasets={"d": made("choosable", size_gb=100.0)},
        policy={"contingencies": {"fire": {"kind": "site", "record": "here"}}},
    )
    assert copies(plan) == {("d", "there")}
    assert money(plan) == pytest.approx({"usage": 4.0, "storage": 1.0})


@pytest.mark.parametrize(
    ("apart", "least", "chosen"),
    [
        ("site", 1, set()),
        ("site", 2, {"a1"}),
        ("site", 3, {"a1", "a2"}),
        ("provider", 2, {"a1"}),
        ("provider", 3, {"a1", "b1"}),
        ("zone", 1, set()),
        ("zone", 2, {"a2"}),
        ("zone", 3, {"a2", "b1"}),
    ],
)
def test_enough_copies_in_different_failure_domains(apart: str, least: int, chosen: set[str]) -> None:
    """a1 and a2 are of one provider at 73 and 146 USD per GB and month, b1 of another at 365; 10 GB for an hour cost
    10 / 730 of that: 1, 2 and 5 USD. Two more sites: a1 + a2 = 3; two more providers: a1 + b1 = 6. a1 is in the zone
    of home, so that one more zone is a2 and two more are a2 + b1 = 7."""
    usd_of = {"a1": 1.0, "a2": 2.0, "b1": 5.0}
    cloud = {s: site(s[0], storage_usd_per_gb_month=73.0 * price, zone=s) for s, price in usd_of.items()}
    cloud["a1"]["zone"] = "home"
    around = places(**cloud)
    around["here"]["zone"] = "home"
    plan = planned(
        {"o": pool("owned", 1, 0.0)},
        needing([1.0], "d"),
        sites=around,
        links={s: link("here", s) for s in cloud},
        datasets={
            "d": {
                "home_site": "here",
                "size_gb": 10.0,
                "min_copies": least,
                "copies_apart": apart,
                "copies": {s: {} for s in cloud},
            }
        },
    )
    assert {s for _, s in copies(plan)} == chosen
    assert plan.objective_usd == pytest.approx(sum(usd_of[s] for s in chosen), abs=1e-7)


def test_a_copy_may_not_stand_outside_residency() -> None:
    """A copy in the US is refused, whoever placed it."""
    for state in ("present", "planned", "choosable"):
        with pytest.raises(InvalidInput, match="residency"):
            scenario(
                dear_here_cheap_there(),
                needing([1.0], "d"),
                sites=places(there=site("x", jurisdiction="US")),
                links={"out": link("here", "there")},
                datasets={"d": made(state, allowed_jurisdictions=["DE"])},
            )


def test_work_runs_only_where_its_data_may_be() -> None:
    """No copy may come there: no route, with its reason, and 10 x 3 at home."""
    plan = planned(
        dear_here_cheap_there(),
        needing([10.0], "d"),
        sites=places(),
        links={"out": link("here", "there")},
        datasets={"d": {"home_site": "here", "size_gb": 1.0}},
    )
    ruled_out = plan.routes.set_index("pool").loc["cheap"]
    assert ruled_out["reason"] == "no_dataset"
    assert "d" in ruled_out["detail"]
    assert plan.objective_usd == pytest.approx(30.0)


def backed_up(**fields: Any) -> dict[str, Any]:
    """Results of 2 GB per unit kept for a month, from a pool here at a price of 0.02 per GB and month."""
    sites = places(there=site("own", storage_usd_per_gb_month=0.03), far=site("z", storage_usd_per_gb_month=0.05))
    sites["here"]["storage_usd_per_gb_month"] = 0.02
    work = rigid([10.0], result_gb_per_unit=2.0, result_kept_hours=730.0, **fields)
    links = {"out": link("here", "there", usd_per_gb=0.1), "farther": link("here", "far", usd_per_gb=0.2)}
    return {"pools": {"o": pool("owned", 10, 0.0)}, "workloads": {"w": work}, "sites": sites, "links": links}


@pytest.mark.parametrize(
    ("fields", "storage", "transfer"),
    [
        ({}, 0.4, 0.0),
        ({"backup_sites": ["here", "there", "far"]}, 1.0, 2.0),
        ({"backup_sites": ["here", "there", "far"], "backup_apart": "provider"}, 1.4, 4.0),
        ({"backup_sites": ["here", "there", "far"], "backup_apart": "zone"}, 1.4, 4.0),
    ],
)
def test_results_are_kept_and_backed_up(fields: dict[str, Any], storage: float, transfer: float) -> None:
    """20 GB: alone 20 x 0.02; with the backup there 20 x (0.02 + 0.03) and 20 x 0.1 to send; that site belongs to the
    same owner, so with another provider it is far: 20 x (0.02 + 0.05) and 20 x 0.2; so it is with another zone."""
    case = backed_up(**fields)
    for key, zone in {"here": "a", "there": "a", "far": "b"}.items():
        case["sites"][key]["zone"] = zone
    plan = planned(**case)
    assert money(plan) == pytest.approx({"storage": storage, **({"transfer": transfer} if transfer else {})})


def test_results_that_cannot_reach_a_backup_rule_a_pool_out() -> None:
    """From there no link leads on, so the work stays here: 10 x 3 in place of 10 x 1."""
    case = backed_up(backup_sites=["far"])
    case["pools"] = dear_here_cheap_there()
    plan = planned(**case)
    ruled_out = plan.routes.set_index("pool").loc["cheap"]
    assert ruled_out["reason"] == "no_backup"
    assert plan.cost_usd["usage"] == pytest.approx(30.0)


def test_a_site_that_lacks_an_attribute_keeps_no_backup_whatever_its_pools_offer() -> None:
    """The backup there would cost 1 + 2 USD; only far offers by itself what the work requires: 1.4 + 4, as with
    another provider. The pool here offers it in place of its site."""
    case = backed_up(backup_sites=["there", "far"], required_attributes=["sealed"])
    case["pools"] = {"o": pool("owned", 10, 0.0, attributes=["sealed"])}
    case["pools"]["p"] = pool("on_demand", 1, 9.0, site="there", attributes=["sealed"])
    case["sites"]["far"]["attributes"] = ["sealed"]
    with pytest.raises(InvalidInput, match="there does not offer sealed"):
        scenario(**case)
    case["workloads"]["w"]["backup_sites"] = ["far"]
    assert money(planned(**case)) == pytest.approx({"storage": 1.4, "transfer": 4.0})
    # The rule holds in the model by itself, whoever made the scenario.
    found = scenario(**case)
    unchecked = found.workloads["w"].model_copy(update={"backup_sites": ("there", "far")})
    assert backup_site(found, unchecked, found.pools["o"]) == "far"
    assert backup_fault(found, unchecked, found.pools["o"], "there") == "attributes"


@pytest.mark.parametrize(("zone", "cost"), [("a", 30.0), ("b", 10.0)])
def test_work_whose_backup_would_share_its_zone_runs_elsewhere(zone: str, cost: float) -> None:
    """10 x 1 there, where far in zone a keeps the backup, if far is in another zone; else 10 x 3 here."""
    case = backed_up(backup_sites=["far"], backup_apart="zone")
    case["workloads"]["w"]["result_kept_hours"] = 0.0
    case["pools"] = dear_here_cheap_there()
    case["links"] |= {"on": link("there", "far")}
    case["links"]["farther"]["usd_per_gb"] = 0.0
    case["sites"]["here"]["zone"], case["sites"]["there"]["zone"], case["sites"]["far"]["zone"] = "c", zone, "a"
    plan = planned(**case)
    assert plan.objective_usd == pytest.approx(cost)
    assert (plan.routes.set_index("pool").loc["cheap", "reason"] == "no_backup") == (zone == "a")


def test_work_with_backups_by_zone_does_not_run_where_the_zone_is_not_known() -> None:
    case = backed_up(backup_sites=["far"], backup_apart="zone")
    case["sites"]["far"]["zone"] = "a"
    plan = planned(**case)
    assert plan.routes.set_index("pool").loc["o", "reason"] == "no_backup"
    assert plan.unserved["w"].quantity == pytest.approx(10.0)


@pytest.mark.parametrize(("gb_per_hour", "unserved"), [(20.0, 0.0), (18.0, 1.0)])
def test_backups_of_results_take_bandwidth(gb_per_hour: float, unserved: float) -> None:
    """10 units send 20 GB per hour to their backup; over 18 only 9 fit."""
    case = backed_up(backup_sites=["there"])
    case["links"]["out"]["gbps"] = gb_per_hour / GB
    assert planned(**case).unserved["w"].quantity == pytest.approx(unserved, abs=1e-7)


def test_a_planned_copy_that_cannot_be_kept_in_sync_leaves_no_plan() -> None:
    """6 GB per hour change, the only link carries 4.5."""
    estate = thin(6.0)
    plan = optimise(scenario(dear_here_cheap_there(), needing([1.0], "d"), **estate))
    assert plan.status is SolveStatus.INFEASIBLE
    estate["links"]["out"]["gbps"] = 6.0 / GB
    assert usd(dear_here_cheap_there(), needing([1.0], "d"), **estate) == pytest.approx(1.0)


@pytest.mark.parametrize(("first", "cost"), [({}, None), ({"first_copy_gbps": 0.9}, 50.0)])
def test_a_first_copy_that_takes_all_leaves_nothing_for_changes(first: dict[str, Any], cost: float | None) -> None:
    """450 GB per hour are the link's all; 1 GB per hour changes. So nothing is possible, and that is said beforehand.

    At 0.9 Gbit/s it takes 2.22 hours: three hours at home, 5 x 3 each, one there, 5 x 1.
    """
    estate = scenario(
        dear_here_cheap_there(),
        needing([5.0] * 4, "d"),
        periods=4,
        sites=places(),
        links={"out": link("here", "there", gbps=1.0)},
        datasets={"d": made("planned", change_gb_per_hour=1.0, **first)},
    )
    _, issues = parse(estate.to_dict())
    assert [issue.path for issue in issues] == ([] if cost else ["datasets.d.first_copy_gbps"])
    assert optimise(estate).objective_usd == (pytest.approx(cost) if cost else None)


def test_data_that_goes_in_circles_is_no_part_of_the_plan() -> None:
    """Straight to far, and 0.3 of it round from one relay to the other and back, which costs nothing: that is left
    out. What goes by both relays to far stays."""
    free = {f"{a}>{b}": link(a, b) for a, b in (("here", "r"), ("r", "q"), ("q", "r"), ("q", "far"), ("here", "far"))}
    data = {"home_site": "here", "size_gb": 9.0, "change_gb_per_hour": 1.0, "relay_sites": ["r", "q"]}
    estate = Data(
        scenario(
            {"o": pool("owned", 1, 0.0)},
            needing([1.0], "d"),
            sites=places(r=site("x"), q=site("y"), far=site("z")),
            links=free,
            datasets={"d": {**data, "copies": {"far": {"state": "present"}}}},
        )
    )
    arcs = [way for _, way in estate.datasets.arcs]

    def read(given: dict[str, float]) -> dict[str, float]:
        values = cp.Constant(np.array([given.get(way, 0.0) for way in arcs]))
        nothing = cp.Constant(np.zeros(0))
        _, found = read_copies(Copies(nothing, values, 1.0, nothing), estate, 1e-9)
        return {way: share for way, share in zip(arcs, found.tolist(), strict=True) if share}

    assert read({"here>far": 1.0, "r>q": 0.3, "q>r": 0.3}) == {"here>far": 1.0}
    by_both = {"here>r": 1.0, "r>q": 1.0, "q>far": 1.0}
    assert read({**by_both, "q>r": 0.0}) == by_both


def random_star(seed: int) -> dict[str, Any]:
    """One or two datasets at home with up to three choosable copies around it; links lead from home only."""
    rng = np.random.default_rng([seed, 23])
    clouds = [f"c{i}" for i in range(rng.integers(1, 4))]
    sites = {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "storage_usd_per_gb_month": 0.1}}
    sites |= {c: site(str(rng.choice(["x", "y"])), storage_usd_per_gb_month=float(rng.uniform(0, 30))) for c in clouds}
    periods = int(rng.integers(1, 5))
    datasets = {}
    for d in ["d", "e"][: rng.integers(1, 3)]:
        datasets[d] = {
            "home_site": "here",
            "size_gb": float(rng.uniform(5, 60)),
            "change_gb_per_hour": float(rng.choice([0.0, 1.0, 3.0])),
            "first_copy_gbps": float(rng.choice([0.02, 0.05, 0.2])),
            "copies": {c: {} for c in clouds if rng.random() < 0.8},
        }
        datasets[d]["min_copies"] = int(rng.integers(1, len(datasets[d]["copies"]) + 2))
    pools = {"dear": pool("on_demand", 12.0, 4.0)}
    pools |= {c: pool("on_demand", float(rng.integers(3, 12)), float(rng.uniform(0.5, 3)), site=c) for c in clouds}
    works = {}
    for w in ("v", "w"):
        demand = [float(x) for x in rng.integers(1, 8, size=periods)]
        needs = [d for d in datasets if rng.random() < 0.7]
        works[w] = rigid(demand, datasets=needs, ingress_gb_per_unit=float(rng.choice([0.0, 1.0])))
    links = {
        c: link("here", c, usd_per_gb=float(rng.choice([0.0, 0.05])), gbps=float(rng.choice([0.05, 0.2])))
        for c in clouds
    }
    return {
        "schema_version": 1,
        "name": f"star {seed}",
        "horizon": hour(periods, weight=float(rng.choice([1.0, 4.0]))),
        "sites": sites,
        "pools": pools,
        "workloads": works,
        "links": links,
        "datasets": datasets,
    }


def by_trying_all(document: dict[str, Any]) -> float:
    """Least objective over all sets of copies, each a linear model in which they are planned or not there at all."""
    pairs = [(d, c) for d, data in document["datasets"].items() for c in data["copies"]]
    best = np.inf
    for chosen in product([False, True], repeat=len(pairs)):
        there = {pair for pair, is_made in zip(pairs, chosen, strict=True) if is_made}
        datasets = {
            d: {**data, "min_copies": 1, "copies": {c: {"state": "planned"} for c in data["copies"] if (d, c) in there}}
            for d, data in document["datasets"].items()
        }
        if any(1 + len(datasets[d]["copies"]) < data["min_copies"] for d, data in document["datasets"].items()):
            continue
        plan = optimise(require({**document, "datasets": datasets}))
        if plan.objective_usd is not None:
            best = min(best, plan.objective_usd)
    return best


@pytest.mark.parametrize("seed", range(50))
def test_chosen_copies_are_the_best_of_all_sets(seed: int) -> None:
    """Every set of copies is tried; none is cheaper than what the search chose."""
    document = random_star(seed)
    found: Scenario = require(document)
    plan, best = optimise(found), by_trying_all(document)
    if plan.objective_usd is None:
        assert plan.status is SolveStatus.INFEASIBLE
        assert best == np.inf
    else:
        assert plan.objective_usd == pytest.approx(best, rel=1e-6)
