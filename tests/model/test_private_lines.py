"""Private lines solved by hand: bought where they pay, fixed prices, cheaper data, traffic on both, after a failure."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from builders import hour, pool, rigid
from data_cases import GB, bought_gbps, busy, dear_here_cheap_there, link, needing, places, site
from hand import money, planned

from hybridplan.domain import require
from hybridplan.domain.features import whole_fields
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def on_a_line(demand: list[float], **line: Any) -> Plan:
    """Work of 1 GB per unit, at 3 USD here or 1 USD there."""
    return planned(
        dear_here_cheap_there(),
        {"w": rigid(demand, ingress_gb_per_unit=1.0)},
        periods=len(demand),
        sites=places(),
        links={"out": link("here", "there", **line)},
    )


@pytest.mark.parametrize(("price", "gb"), [(440.0, 4.0), (460.0, 2.0), (890.0, 2.0), (910.0, 0.0)])
def test_a_line_is_bought_as_far_as_it_pays(price: float, gb: float) -> None:
    """The link carries 4 GB per hour, the work wants 6 and 8. One GB per hour of a line costs price x 2 / 450 in both
    hours and saves 2 USD wherever it is used: the first two in both hours (4, pays below 900), two more in one hour
    (2, pays below 450)."""
    plan = on_a_line([6.0, 8.0], gbps=4.0 / GB, max_private_gbps=1.0, private_usd_per_gbps_hour=price)
    assert bought_gbps(plan, "out") == pytest.approx(gb / GB, abs=1e-12)
    assert busy(plan, "cheap") == pytest.approx([min(4.0 + gb, 6.0), 4.0 + gb])


@pytest.mark.parametrize(("fixed", "is_bought"), [(5.0, True), (5.2, False)])
def test_a_fixed_price_is_paid_once_or_nothing_is_bought(fixed: float, is_bought: bool) -> None:
    """As above at 100 per Gbit/s and hour: 4 GB per hour cost 100 x 2 x 4 / 450 = 1.7778 and save (2 + 4) x 2 = 12.
    The rest, 10.2222, pays a fixed price below 5.1111 an hour."""
    line = {"max_private_gbps": 1.0, "private_usd_per_gbps_hour": 100.0, "private_usd_per_hour": fixed}
    plan = on_a_line([6.0, 8.0], gbps=4.0 / GB, **line)
    assert plan.kind == "mixed_integer"
    assert bought_gbps(plan, "out") == pytest.approx(4.0 / GB if is_bought else 0.0, abs=1e-12)
    fees = 200.0 * 4.0 / GB + 2.0 * fixed
    assert money(plan) == pytest.approx({"usage": 14.0, "link_fixed": fees} if is_bought else {"usage": 26.0})


def test_what_is_on_offer_limits_a_line() -> None:
    """4 GB per hour on the link and 2 on the line: 6 units fit, of 6.5 the rest stays here."""
    line = {"gbps": 4.0 / GB, "max_private_gbps": 2.0 / GB, "private_usd_per_gbps_hour": 1.0}
    assert busy(on_a_line([6.0], **line), "cheap") == pytest.approx([6.0])
    plan = on_a_line([6.5], **line)
    assert busy(plan, "cheap") == pytest.approx([6.0])
    prices = plan.shadow_prices.set_index("limit")["usd_per_unit"]
    # One more Gbit/s on offer carries 450 more units at 2 USD less, and costs 1 USD.
    assert prices["private_line"] == pytest.approx(450.0 * 2.0 - 1.0)
    assert prices["link_bandwidth"] == pytest.approx(450.0 * 2.0)


@pytest.mark.parametrize(("price", "gb"), [(35.0, 5.0), (37.0, 0.0)])
def test_cheaper_data_alone_may_pay_a_line(price: float, gb: float) -> None:
    """No limit on the link. A GB saves 0.1 - 0.02: 0.16 in two hours against price x 2 / 450, so below 36 it pays."""
    line = {"max_private_gbps": 1.0, "private_usd_per_gbps_hour": price, "private_usd_per_gb": 0.02}
    plan = on_a_line([5.0, 5.0], usd_per_gb=0.1, **line)
    assert bought_gbps(plan, "out") == pytest.approx(gb / GB, abs=1e-12)
    assert plan.cost_usd["transfer"] == pytest.approx(0.2 if gb else 1.0)
    assert plan.cost_usd["link_fixed"] == pytest.approx(2.0 * price * gb / GB)


def test_on_a_dearer_line_goes_only_what_the_link_cannot_carry() -> None:
    """2 of 6 GB per hour: 2 x 0.5 = 1, and 45 x 2 / 450 = 0.2 for the line.

    One more Gbit/s of the line is worth its price, 45; one of the link 450 x 0.5 more.
    """
    line = {"max_private_gbps": 1.0, "private_usd_per_gbps_hour": 45.0, "private_usd_per_gb": 0.5}
    plan = on_a_line([6.0], gbps=4.0 / GB, **line)
    assert plan.tables is not None
    assert plan.tables.private_flows["gb_per_hour"].tolist() == pytest.approx([2.0])
    assert money(plan) == pytest.approx({"usage": 6.0, "transfer": 1.0, "link_fixed": 0.2})
    prices = plan.shadow_prices.set_index("limit")["usd_per_unit"]
    assert prices["private_flow"] == pytest.approx(45.0)
    assert prices["link_bandwidth"] == pytest.approx(45.0 + 225.0)


def test_a_link_with_a_price_by_the_hour_is_paid_whatever_is_decided() -> None:
    """A block of 2 hours that counts 3 times: 6 x 0.5 = 3, used or not."""
    plan = planned(
        {"o": pool("owned", 1, 0.0)},
        {"w": rigid([1.0, 1.0])},
        horizon=hour(2, weight=3.0),
        sites=places(),
        links={"out": link("here", "there", usd_per_hour=0.5)},
    )
    assert money(plan) == pytest.approx({"link_fixed": 3.0})


@pytest.mark.parametrize(("change", "line_gb"), [(0.0, 1.5), (1.0, 2.5)])
def test_after_a_failure_link_and_line_carry_together(change: float, line_gb: float) -> None:
    """All 6 units run here; if that fails they go on there, 1 GB each: the link carries 4.5, so the line 1.5, and 1
    more where a copy is kept in sync. Standby 6 x 1, the line 300 / 450 for each GB per hour."""
    data = {
        "home_site": "here",
        "size_gb": 10.0,
        "change_gb_per_hour": change,
        "copies": {"there": {"state": "present"}},
    }
    plan = planned(
        {"o": pool("owned", 6, 0.0), "c": pool("on_demand", 10, 1.0, site="there")},
        needing([6.0], "d", promised_share=1.0, must_serve=True, ingress_gb_per_unit=1.0),
        sites=places(),
        links={"out": link("here", "there", gbps=4.5 / GB, max_private_gbps=1.0, private_usd_per_gbps_hour=300.0)},
        datasets={"d": data},
        policy={"contingencies": {"fire": {"kind": "site", "record": "here"}}},
    )
    assert bought_gbps(plan, "out") == pytest.approx(line_gb / GB)
    assert money(plan) == pytest.approx({"usage": 6.0, "link_fixed": 300.0 * line_gb / GB})


def random_lines(seed: int) -> dict[str, Any]:
    """Work from home to two or three clouds over thin links, each with a private line at a fixed price."""
    rng = np.random.default_rng([seed, 29])
    clouds = [f"c{i}" for i in range(rng.integers(2, 4))]
    periods = int(rng.integers(1, 4))
    links = {
        c: link(
            "here",
            c,
            gbps=float(rng.uniform(0.001, 0.01)),
            usd_per_gb=float(rng.choice([0.0, 0.1])),
            max_private_gbps=float(rng.uniform(0.002, 0.02)),
            private_usd_per_gbps_hour=float(rng.uniform(10, 200)),
            private_usd_per_hour=float(rng.uniform(0.5, 6)),
            private_usd_per_gb=float(rng.choice([0.0, 0.05, 0.2])),
        )
        for c in clouds
    }
    works = {
        w: rigid([float(x) for x in rng.integers(2, 9, size=periods)], ingress_gb_per_unit=float(rng.uniform(0.2, 1)))
        for w in ("v", "w")
    }
    clouds_of = {c: pool("on_demand", 8.0, float(rng.uniform(0.3, 2)), site=c) for c in clouds}
    return {
        "schema_version": 1,
        "name": f"lines {seed}",
        "horizon": hour(periods, weight=float(rng.choice([1.0, 3.0]))),
        "sites": {
            "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
            **{c: site("x") for c in clouds},
        },
        "pools": {"dear": pool("on_demand", 20.0, 3.0), **clouds_of},
        "workloads": works,
        "links": links,
    }


@pytest.mark.parametrize("seed", range(30))
def test_fixed_prices_against_trying_all_sets_of_lines(seed: int) -> None:
    """Each set of lines is a linear model in which these cost nothing once and the others are not on offer."""
    document = random_lines(seed)
    scenario = require(document)
    assert set(whole_fields(scenario)) == {f"links.{c}.private_usd_per_hour" for c in document["links"]}
    best = np.inf
    for chosen in product([False, True], repeat=len(document["links"])):
        links, fixed = {}, 0.0
        for (key, one), is_bought in zip(document["links"].items(), chosen, strict=True):
            offered = one["max_private_gbps"] if is_bought else 0.0
            links[key] = {**one, "private_usd_per_hour": 0.0, "max_private_gbps": offered}
            fixed += one["private_usd_per_hour"] * scenario.horizon.plan_hours if is_bought else 0.0
        plan = optimise(require({**document, "links": links}))
        assert plan.objective_usd is not None
        assert plan.kind == "linear"
        best = min(best, plan.objective_usd + fixed)
    found = optimise(scenario)
    assert found.status is SolveStatus.OPTIMAL
    assert found.objective_usd == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize(("rate", "usd"), [({}, 0.0), ({"first_copy_gbps": 0.995}, 200.0)])
def test_more_bandwidth_saves_nothing_that_a_first_copy_fills_itself(rate: dict[str, float], usd: float) -> None:
    """450 GB of a first copy take all of a link of 1 Gbit/s in the first hour, however wide it is: 6 GB per hour
    of work go over a line at 100 USD an hour. With a rate of its own the copy leaves 2.25 of them on the link, and
    one more Gbit/s saves as much of the line: 2 x 100.
    """
    line = {"gbps": 1.0, "max_private_gbps": 1.0, "private_usd_per_gbps_hour": 100.0}
    plan = planned(
        dear_here_cheap_there(),
        {"w": rigid([6.0, 0.0], ingress_gb_per_unit=1.0)},
        periods=2,
        sites=places(),
        links={"out": link("here", "there", **line)},
        datasets={"d": {"home_site": "here", "size_gb": 450.0, "copies": {"there": {"state": "planned"}}, **rate}},
    )
    assert bought_gbps(plan, "out") == pytest.approx((3.75 if rate else 6.0) / GB)
    prices = plan.shadow_prices.groupby("limit")["usd_per_unit"].sum()
    assert prices["link_bandwidth"] == pytest.approx(200.0)
    assert prices.get("one_more_gbps", 0.0) == pytest.approx(usd)
