"""Among equally cheap plans the one that is closest to another plan: hand-worked ties, and random scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import deferrable, pool, random_document, rigid, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.audit.certificate import decided_usd
from hybridplan.domain import Scenario, require
from hybridplan.model.data import Data
from hybridplan.model.least_change import HOLD, before, least_change
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def clouds(a: float, b: float, demand: float = 15.0, **fields: Any) -> Scenario:
    """Ten accelerators owned at sunk cost, and two clouds of 20 accelerators at ``a`` and ``b`` USD an hour."""
    pools = {"own": pool("owned", 10, 0.0), "a": pool("on_demand", 20, a), "b": pool("on_demand", 20, b)}
    return scenario(pools, {"w": rigid([demand])}, **fields)


def busy(plan: Plan) -> dict[str, float]:
    """Busy accelerator-hours by pool."""
    rows = plan.quantities
    return dict(zip(rows["pool"], rows["busy_accelerator_hours"].astype(float), strict=True))


def change(first: Plan, plan: Plan) -> float:
    """Accelerator-hours that differ on routes which both have."""
    data = Data(plan.scenario)
    known, is_common = before(first, data)
    now, _ = before(plan, data)
    return float(np.abs(now - known).sum(axis=0) @ (is_common * data.periods.weight_hours))


@pytest.mark.parametrize("dear", ["a", "b"])
def test_a_tie_moves_nothing(dear: str) -> None:
    """Five accelerators beyond the ten owned run in the cheap cloud, 2 against 3 USD. Then both cost 2: 10 USD.

    Whichever cloud it was, the five stay there.
    """
    first = optimise(clouds(3.0 if dear == "a" else 2.0, 3.0 if dear == "b" else 2.0))
    cheap = "b" if dear == "a" else "a"
    found = least_change(first, optimise(clouds(2.0, 2.0)), 10.0)
    assert found.plainly == ""
    assert found.plan.objective_usd == pytest.approx(10.0)
    assert busy(found.plan) == pytest.approx({"own": 10.0, cheap: 5.0, dear: 0.0})
    assert found.plan.certificate is not None
    assert found.plan.certificate.passed
    assert (found.plan.status, found.plan.certificate.gap <= 1e-6) == (SolveStatus.OPTIMAL, True)


def test_only_what_must_move_moves() -> None:
    """Demand falls from 15 to 12 and both clouds now cost the same: three of the five in b go, none comes to a."""
    first = optimise(clouds(3.0, 2.0))
    found = least_change(first, optimise(clouds(2.0, 2.0, demand=12.0)), 10.0)
    assert busy(found.plan) == pytest.approx({"own": 10.0, "a": 0.0, "b": 2.0})
    assert change(first, found.plan) == pytest.approx(3.0)


def test_a_difference_in_price_is_worth_a_move() -> None:
    """A cloud that is cheaper by 0.002 USD gets the five: a move is only avoided where it saves next to nothing.

    The plan may cost 1e-7 of 9.99 USD more, 1e-6 USD: that leaves at most 1e-6 / 0.002 = 0.0005 accelerators in b.
    """
    first = optimise(clouds(3.0, 2.0))
    found = least_change(first, optimise(clouds(1.998, 2.0)), 10.0)
    assert busy(found.plan) == pytest.approx({"own": 10.0, "a": 5.0, "b": 0.0}, abs=0.0005)


def test_work_that_could_run_at_any_hour_stays_in_its_hours() -> None:
    """Six units within three hours on four owned accelerators; the price of a pool that nobody needs changes."""
    pools = {"own": pool("owned", 4, 0.0), "spare": pool("on_demand", 9, 5.0)}
    work = {"w": deferrable(6.0, 0, 3)}
    first = optimise(scenario(pools, work, periods=3))
    pools = {"spare": pool("on_demand", 9, 6.0), "own": pool("owned", 4, 0.0)}
    found = least_change(first, optimise(scenario(pools, work, periods=3)), 10.0)
    assert change(first, found.plan) == pytest.approx(0.0, abs=1e-9)


def test_what_may_be_paid_more_is_neither_wasted_nor_work_left_undone() -> None:
    """Demand rises from 15 to 16: leaving a hair of the new unit undone would be less change. All of it is served.

    Owned accelerators that could be given back: exactly those that work are kept, so the cost is that of the optimum.
    """
    first = optimise(clouds(3.0, 2.0))
    found = least_change(first, optimise(clouds(3.0, 2.0, demand=16.0)), 10.0)
    assert (found.plainly, found.plan.unserved["w"].quantity) == ("", 0.0)
    pools = {"own": pool("owned", 10, 1.0, owned_cost="avoidable"), "a": pool("on_demand", 20, 2.0)}
    kept = optimise(scenario(pools, {"w": rigid([7.0])}))
    closest = least_change(kept, optimise(scenario(pools, {"w": rigid([7.0])})), 10.0).plan
    assert closest.objective_usd == pytest.approx(7.0, abs=1e-9)


def test_shadow_prices_are_those_of_the_optimum() -> None:
    """Demand of 15 against 10 owned: one more owned saves 2 USD; it would be 0 in a problem that counts moves."""
    first = optimise(clouds(3.0, 2.0))
    found = least_change(first, optimise(clouds(2.0, 2.0)), 10.0)
    prices = found.plan.shadow_prices
    one_more = prices.loc[(prices["limit"] == "one_more_accelerator") & (prices["record"] == "own"), "usd_per_unit"]
    assert one_more.tolist() == pytest.approx([2.0])


def test_other_hours_are_nothing_to_be_close_to() -> None:
    """Another block: no hour is common. A block of the same id that starts a week later has the same places."""
    first = optimise(clouds(3.0, 2.0))
    other = {"blocks": {"c": {"start": "2026-06-01T00:00:00+00:00", "periods": 1}}}
    work = {"w": {**rigid([15.0]), "demand_units_per_hour": {"c": [15.0]}}}
    pools = {"own": pool("owned", 10, 0.0), "a": pool("on_demand", 20, 2.0), "b": pool("on_demand", 20, 2.0)}
    assert least_change(first, optimise(scenario(pools, work, horizon=other)), 10.0).plainly == "horizon"
    later = {"blocks": {"b": {"start": "2026-06-08T00:00:00+00:00", "periods": 1}}}
    found = least_change(first, optimise(clouds(2.0, 2.0, horizon=later)), 10.0)
    assert busy(found.plan) == pytest.approx({"own": 10.0, "a": 0.0, "b": 5.0})


def test_where_it_is_not_possible_the_plan_stays_as_it_is() -> None:
    first = optimise(clouds(3.0, 2.0))
    wholes = {"own": pool("owned", 10, 1.0, owned_cost="avoidable", whole_nodes=True, accelerators_per_node=2)}
    cases = {
        "mixed_integer": scenario({**wholes, "a": pool("on_demand", 20, 2.0)}, {"w": rigid([15.0])}),
        "owned_first": clouds(2.0, 2.0, policy={"owned_first": True}),
        "conic": clouds(2.0, 2.0, policy={"balance": {"form": "squared", "weight_usd_per_hour": 0.1}}),
        "no_plan": scenario({"a": pool("on_demand", 1, 2.0)}, {"w": rigid([15.0], must_serve=True)}),
    }
    for reason, case in cases.items():
        plan = optimise(case)
        found = least_change(first, plan, 10.0)
        assert (found.plainly, found.plan is plan) == (reason, True)
    assert least_change(first, optimise(clouds(2.0, 2.0)), 0.0).plainly == "not_found"


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_random_scenarios_stay_as_cheap_and_change_no_more(seed: int) -> None:
    """Prices of one pool rise: the closest plan is proven, as cheap as any, and no further from the first."""
    document = random_document(seed)
    first = optimise(require(document))
    rng = np.random.default_rng(seed)
    name = str(rng.choice([key for key, one in document["pools"].items() if one["purchase_option"] != "reserved"]))
    document["pools"][name]["price_usd_per_accelerator_hour"] *= float(rng.choice([1.0, 1.1, 0.5]))
    plain = optimise(require(document))
    found = least_change(first, plain, 30.0)
    assert found.plainly == ""
    assert plain.objective_usd is not None
    assert found.plan.objective_usd is not None
    room = HOLD * decided_usd(plain.objective_usd, plain.constant_usd)
    assert found.plan.objective_usd <= plain.objective_usd + room
    assert found.plan.status is SolveStatus.OPTIMAL
    assert change(first, found.plan) <= change(first, plain) + 1e-6
