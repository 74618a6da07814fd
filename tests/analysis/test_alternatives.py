"""Alternatives near the cheapest plan: hand-solved ranges, the limits that every one must keep, and their proofs.

Ten units of work an hour may run on ``a`` (2 USD), ``b`` (2.1 USD) or ``c`` (2.5 USD) of three providers, two more on
owned accelerators that cost 1 USD whether they are used or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import deferrable, one_site, pool, random_document, rigid, scenario
from feature_documents import random_feature_document

from hybridplan.analysis.alternatives import alternatives
from hybridplan.analysis.near_results import Alternative, Alternatives
from hybridplan.analysis.sentences import alternatives as words
from hybridplan.audit import audit
from hybridplan.audit.certificate import decided_usd
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.near import NearOptimal
from hybridplan.model.near_measures import busy_hours
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

NAMES = ("a", "b", "c")


def estate(demand: float = 12.0, *, quota: float = 50.0, work: dict[str, Any] | None = None, **fields: Any) -> Scenario:
    """Owned ``own`` of 2 accelerators, and one pool at each of three public providers."""
    sites = {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE"}}
    sites |= {f"s{n}": {"kind": "public", "provider": n, "jurisdiction": "DE"} for n in NAMES}
    links = {n: {"from_site": "here", "to_site": f"s{n}", "round_trip_ms": 1.0} for n in NAMES}
    prices = dict(zip(NAMES, (2.0, 2.1, 2.5), strict=True))
    pools = {"own": pool("owned", 2, 1.0)}
    pools |= {n: pool("on_demand", quota, price, site=f"s{n}", **fields) for n, price in prices.items()}
    return scenario(pools, {"w": rigid([demand], **(work or {}))}, sites=sites, links=links)


def of(found: Alternatives, aim: str, record: str = "") -> Alternative:
    (row,) = [row for row in found.alternatives if (row.aim, row.record) == (aim, record)]
    return row


def busy(row: Alternative, pool_id: str) -> float:
    assert row.plan is not None
    return float(row.plan.quantities.set_index("pool")["busy_accelerator_hours"][pool_id])


def test_ranges_and_least_use_by_hand() -> None:
    """Cheapest: 2 on own, 10 on a: 20 USD decided (2 USD sunk). 2 % of 20 is 0.4 USD: 4 units may move to b at 0.1 USD
    each, or 0.8 to c at 0.5 each, or 0.2 may leave own at 2 each. Least on a: all of the slack on b, 6 hours."""
    found = alternatives(estate(), slack_percent=2.0)
    assert (found.complete, found.slack_usd, found.status) == (True, pytest.approx(0.4), SolveStatus.OPTIMAL)
    row = of(found, "least_provider", "a")
    assert (row.amount, row.bound, row.optimum_amount) == pytest.approx((6.0, 6.0, 10.0), rel=1e-6)
    assert (row.more_usd, row.more_share) == pytest.approx((0.4, 0.02), rel=1e-5)
    assert (busy(row, "b"), busy(row, "c")) == (pytest.approx(4.0, rel=1e-6), 0.0)
    ranges = {r.pool: (r.least, r.most) for r in found.ranges}
    assert ranges["own"] == pytest.approx((1.8, 2.0), rel=1e-6)
    assert ranges["a"] == pytest.approx((6.0, 10.2), rel=1e-6)
    assert ranges["b"] == pytest.approx((0.0, 4.0), rel=1e-6)
    assert ranges["c"] == pytest.approx((0.0, 0.8), rel=1e-6)
    for r in found.ranges:
        assert (r.least_bound, r.most_bound) == pytest.approx((r.least, r.most), rel=1e-6, abs=1e-6)


def test_of_the_plans_that_reach_an_aim_the_cheapest_is_shown() -> None:
    """With 10 % (2 USD) all of a can go to b for 1 USD: no more than that is spent, though 2 USD were allowed."""
    row = of(alternatives(estate(), slack_percent=10.0), "least_provider", "a")
    assert (row.amount, row.more_usd) == (0.0, pytest.approx(1.0, rel=1e-6))


def test_one_provider_is_fewer_than_two() -> None:
    """Quotas of 8: cheapest 8 on a and 2 on b, 20.2 USD. c alone cannot take 10 either, so two it stays; with quotas of
    10 for b alone it is one: b takes all for 21 USD, 4 % more than 20.2."""
    two = estate(quota=8.0)
    assert of(alternatives(two, slack_percent=5.0), "fewest_providers").amount == 2.0
    document = two.to_dict()
    document["pools"]["b"]["capacity_accelerators"] = 10.0
    row = of(alternatives(require(document), slack_percent=5.0), "fewest_providers")
    assert (row.amount, row.bound, row.optimum_amount) == (1.0, 1.0, 2.0)
    assert row.more_usd == pytest.approx(0.8, rel=1e-6)
    assert busy(row, "b") == pytest.approx(10.0)
    assert of(alternatives(require(document), slack_percent=3.0), "fewest_providers").amount == 2.0


def test_closest_to_the_plan_that_runs_today() -> None:
    """Today 8 run on b and 2 on a (its quota). Now a takes all: 16 hours change. 0.4 USD leave 4 on b: 8 hours."""
    document = estate().to_dict()
    document["pools"]["a"]["capacity_accelerators"] = 2.0
    today = optimise(require(document))
    row = of(alternatives(estate(), slack_percent=2.0, today=today), "closest")
    assert (row.amount, row.bound, row.optimum_amount) == pytest.approx((8.0, 8.0, 16.0), rel=1e-6)
    assert busy(row, "b") == pytest.approx(4.0, rel=1e-6)
    as_document = alternatives(estate(), slack_percent=2.0, today=document)
    assert (as_document.today, of(as_document, "closest").amount) == ("given", pytest.approx(8.0, rel=1e-6))
    document["workloads"]["w"] |= {"must_serve": True, "demand_units_per_hour": {"b": [900.0]}}
    assert alternatives(estate(), today=document).today == "private_first"


def test_work_that_may_not_be_served_less() -> None:
    """Unserved at 1.5 USD a unit, all beyond own stays unserved; a costs 2. With 10 % of 15 USD, 3 of the 10 may be
    served at 0.5 USD more each; 0.75 may leave own, but only for a, at 2 USD each: nobody may serve less."""
    found = alternatives(estate(work={"unserved_usd_per_unit": 1.5}), slack_percent=10.0)
    assert found.best is not None
    assert found.best.unserved["w"].quantity == pytest.approx(10.0)
    for row in found.alternatives:
        assert row.plan is not None
        assert row.plan.unserved["w"].quantity <= 10.0 + 1e-6
    ranges = {r.pool: (r.least, r.most) for r in found.ranges}
    assert ranges["a"] == pytest.approx((0.0, 3.0), rel=1e-6)
    assert ranges["own"] == pytest.approx((1.25, 2.0), rel=1e-6)


def keeps_all_promises(found: Alternatives) -> None:
    """Audited anew: within the slack, nothing served less, no worse than the cheapest plan, and proven."""
    best = found.best
    assert best is not None
    assert best.objective_usd is not None
    scale = decided_usd(best.objective_usd, best.constant_usd)
    for row in found.alternatives:
        assert row.plan is not None, row
        assert row.plan.tables is not None
        report = audit(best.scenario, row.plan.tables)
        assert report.ok
        assert report.objective_usd == pytest.approx(row.plan.objective_usd, rel=1e-12)
        assert report.objective_usd <= best.objective_usd + found.slack_usd + 1e-6 * scale
        for work, amount in report.unserved.items():
            assert amount.quantity <= best.unserved[work].quantity * (1 + 1e-6) + 1e-6
        assert row.amount is not None
        assert row.bound is not None
        sign = -1.0 if row.aim == "most_owned" else 1.0
        room = 1e-6 * max(row.optimum_amount, 1.0)
        assert sign * row.amount <= sign * row.optimum_amount + room
        assert sign * (row.amount - row.bound) >= -room
        assert abs(row.amount - row.bound) <= max(room, 1e-5 * abs(row.bound))


@pytest.mark.parametrize("seed", range(5))
def test_every_alternative_keeps_its_promises_and_more_slack_gives_more(seed: int) -> None:
    base = require(random_document(seed))
    found = [alternatives(base, slack_percent=percent) for percent in (0.0, 1.0, 10.0)]
    if not found[0].status.has_plan:
        assert all(one.alternatives == () for one in found)
        return
    for one in found:
        keeps_all_promises(one)
    for row in found[0].alternatives:
        assert row.more_usd == pytest.approx(0.0, abs=1e-6 * max(1.0, abs(found[0].best.objective_usd or 0.0)))  # type: ignore[union-attr]
    for rows in zip(*(one.alternatives for one in found), strict=True):
        amounts = [float(row.amount or 0.0) * (-1.0 if row.aim == "most_owned" else 1.0) for row in rows]
        room = 1e-5 * max(1.0, *map(abs, amounts))
        assert amounts[0] >= amounts[1] - room
        assert amounts[1] >= amounts[2] - room
    for pools in zip(*(one.ranges for one in found), strict=True):
        widths = [float(r.most or 0.0) - float(r.least or 0.0) for r in pools]
        assert -1e-6 <= widths[0] <= widths[1] + 1e-5 * max(1.0, widths[1]) <= widths[2] + 2e-5 * max(1.0, widths[2])


@pytest.mark.parametrize("seed", [1, 3])
def test_two_solvers_agree(seed: int) -> None:
    best = optimise(require(random_document(seed)))
    measures = {key: busy_hours(frozenset([key])) for key in best.scenario.pools}
    one, other = NearOptimal(best, 0.05, measures), NearOptimal(best, 0.05, measures, solver="clarabel")
    for key in measures:
        for sense in ("least", "most"):
            mine, theirs = one.ask(key, sense, 30.0), other.ask(key, sense, 30.0)  # type: ignore[arg-type]
            assert theirs.amount == pytest.approx(mine.amount, rel=1e-5, abs=1e-4)


def test_no_plan_within_the_slack_lies_outside_the_ranges() -> None:
    """1,000 plans drawn at random on three pools, those that cost at most 2 % more: none is outside, some come near."""
    found = alternatives(estate(), slack_percent=2.0)
    draw = np.random.default_rng(5).dirichlet((1.0, 0.4, 0.1), 1000) * 10.0
    cheap = draw[draw @ np.array([2.0, 2.1, 2.5]) <= 20.4]
    ranges = {r.pool: r for r in found.ranges}
    for column, key in enumerate(NAMES):
        low, high = ranges[key].least, ranges[key].most
        assert low is not None
        assert high is not None
        assert cheap[:, column].min() >= low - 1e-6
        assert cheap[:, column].max() <= high + 1e-6
    assert cheap[:, 0].min() <= 6.5


def test_whole_nodes_stay_whole() -> None:
    """Nodes of four: 10 units on a need 3 nodes (12 accelerators, 24 USD). 5 % are 1.2 USD: all on b cost 25.2 USD."""
    document = estate().to_dict()
    for key in NAMES:
        document["pools"][key] |= {"accelerators_per_node": 4, "whole_nodes": True}
    found = alternatives(require(document), slack_percent=5.0)
    assert found.best is not None
    assert found.best.objective_usd == pytest.approx(26.0)
    row = of(found, "least_provider", "a")
    assert (row.amount, row.more_usd) == (pytest.approx(0.0, abs=1e-9), pytest.approx(1.2, rel=1e-6))
    assert row.plan is not None
    assert row.plan.tables is not None
    nodes = row.plan.tables.provisioned["accelerators_provisioned"].astype(float) / 4.0
    assert np.allclose(nodes[row.plan.tables.provisioned["pool"] == "b"], 3.0)


def test_curved_terms_are_kept_and_whole_numbers_are_refused_by_name() -> None:
    work = {"congestion_usd_per_unit_second": 0.5}
    document = estate(work=work).to_dict()
    document["workloads"]["w"]["throughput"]["gpu"]["service_ms"] = 1000.0
    found = alternatives(require(document), slack_percent=2.0)
    assert of(found, "fewest_providers").outcome == "curved"
    row = of(found, "least_provider", "a")
    assert row.plan is not None
    assert row.amount is not None
    assert row.amount < row.optimum_amount
    assert row.more_share == pytest.approx(0.02, rel=1e-3)
    assert row.bound == pytest.approx(row.amount, rel=1e-4)


def test_owned_first_stays_the_first_aim() -> None:
    """As little as possible is paid to others: own is avoidable and dearer, yet full in every alternative."""
    document = estate().to_dict()
    document["pools"]["own"] |= {"owned_cost": "avoidable", "price_usd_per_accelerator_hour": 5.0}
    document["policy"] = {"owned_first": True}
    found = alternatives(require(document), slack_percent=10.0)
    ranges = {r.pool: (r.least, r.most) for r in found.ranges}
    assert ranges["own"] == pytest.approx((2.0, 2.0), rel=1e-5)
    assert ranges["b"] == pytest.approx((0.0, 0.0), abs=1e-4)


def test_what_cannot_be_told_is_said() -> None:
    impossible = alternatives(estate(500.0, work={"must_serve": True}))
    assert (impossible.status, impossible.alternatives, impossible.complete) == (SolveStatus.INFEASIBLE, (), False)
    late = alternatives(estate(), time_limit_seconds=1e-9)
    assert not late.complete
    with pytest.raises(InvalidInput, match="slack_percent"):
        alternatives(estate(), slack_percent=-1.0)


def test_partial_results_grow_and_the_last_one_is_the_result() -> None:
    seen: list[Alternatives] = []
    found = alternatives(estate(), partial=seen.append)
    assert [len(one.alternatives) for one in seen[:3]] == [1, 2, 3]
    assert seen[-1] is found
    assert not seen[0].complete
    assert list(found.table().columns)[:2] == ["aim", "record"]
    assert list(found.range_table()["pool"]) == ["own", *NAMES]


def test_words_of_ranges_never_promise_too_much() -> None:
    """Rounded outwards: 1,234 run on a, 493.6 of them may go to b (740.4 stay), and 2 may come from own (1,236)."""
    found = alternatives(estate(1234.0 + 2.0, quota=5000.0), slack_percent=2.0)
    assert found.best is not None
    scenario_ = found.best.scenario
    row = {r.pool: r for r in found.ranges}["a"]
    assert row.least == pytest.approx(740.4, rel=1e-6)
    (line,) = [text for text in words.ranges(scenario_, found) if text.startswith("a is busy")]
    assert line.startswith("a is busy between 740 and 1,240 accelerator-hours in every plan within 2 % of the cheapest")
    assert "Fewest providers: 1, as in the cheapest plan" in words.line(scenario_, of(found, "fewest_providers"))
    assert words.proof(of(found, "least_provider", "a")).startswith("No plan within the slack does better than 740 ")
    assert "0.400 USD" in words.headline(alternatives(estate()), optimise(estate()))


def curved(volume: float) -> Scenario:
    """A job of so many units in an hour: five accelerators do four, ten do five; an owned one draws 0.1 USD an hour."""
    sites = one_site(electricity_usd_per_kwh=0.1, pue=1.0)
    own = pool("owned", 10, 1.0, price_includes_energy=False, busy_kw=1.0, idle_kw=0.0)
    curve = {"a": {"accelerators": 5.0, "efficiency_share": 0.8}, "b": {"accelerators": 10.0, "efficiency_share": 0.5}}
    pools = {"own": own, "cloud": pool("on_demand", 50, 2.0)}
    return scenario(pools, {"j": deferrable(volume, 0, 1, scaling=curve)}, sites=sites)


def test_closest_to_today_does_not_pay_for_accelerators_that_only_idle() -> None:
    """Today five units keep all ten busy, now four need five: 0.5 USD, and as much again may be paid.

    Up to eight could be on for four units, 2 from today, but three of them with nothing to do: the change is 5.
    """
    row = of(alternatives(curved(4.0), slack_percent=100.0, today=curved(5.0).to_dict()), "closest")
    assert (row.outcome, row.amount, row.bound) == ("optimal", pytest.approx(5.0), pytest.approx(2.0, rel=1e-6))
    assert row.more_usd == pytest.approx(0.0, abs=1e-6)


def test_most_on_what_is_owned_does_not_count_accelerators_that_only_idle() -> None:
    """Five accelerators do four units in the hour, ten do five. A cloud could do them too, at 2 USD each.

    Cheapest: five owned at 0.1 USD of energy, 0.5 USD. As much again would pay five more to be busy with nothing: the
    most work that can be there is all of it, on five. By a straight line to the end of the curve (10 for 5) no more
    than eight are busy for four units: that is what is proven.
    """
    found = alternatives(curved(4.0), slack_percent=100.0)
    assert (found.complete, found.slack_usd) == (True, pytest.approx(0.5))
    row = of(found, "most_owned")
    assert (row.outcome, row.amount, row.bound) == ("optimal", pytest.approx(5.0), pytest.approx(8.0, rel=1e-6))
    assert row.more_usd == pytest.approx(0.0, abs=1e-6)
    (own_range,) = [r for r in found.ranges if r.pool == "own"]
    assert (own_range.most, own_range.most_bound) == pytest.approx((5.0, 8.0), rel=1e-6)


def test_no_alternative_is_worse_than_the_cheapest_plan() -> None:
    """Where one does little at the end of a curve, most work on what is owned may take fewer hours of it."""
    found = alternatives(require(random_feature_document(6427)), slack_percent=1.0)
    row = of(found, "most_owned")
    assert row.amount is not None
    assert row.amount >= row.optimum_amount * (1 - 1e-6)
