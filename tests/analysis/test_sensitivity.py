"""Tornado, sweep and break-even: hand-worked values on the textbook scenario, and properties on others.

The textbook scenario (reference_avoidable.json): one hour, 150 units; 100 private units that need not be kept at 0.50
USD, 200 public ones at 0.30 USD; 5 USD for each unit that is not served. Least cost 150 x 0.3 = 45.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import deferrable, pool, random_document, rigid, scenario

from hybridplan.analysis import studies
from hybridplan.analysis.sensitivity.assumptions import main_assumptions
from hybridplan.analysis.sensitivity.break_even import BreakEven, break_even
from hybridplan.analysis.sensitivity.field_sweep import field_sweep
from hybridplan.analysis.sensitivity.paths import with_value
from hybridplan.analysis.sensitivity.points import PointSolver
from hybridplan.analysis.sensitivity.tornado import Bar, Tornado, tornado
from hybridplan.analysis.sentences import break_even as turning
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus

FILES = Path(__file__).resolve().parents[2] / "data" / "scenarios"
PRIVATE = "pools.private.price_usd_per_accelerator_hour"
PUBLIC = "pools.public.price_usd_per_accelerator_hour"
DEMAND = "workloads.demand.demand_units_per_hour"


def shipped(name: str) -> Scenario:
    return require(json.loads((FILES / f"{name}.json").read_text(encoding="utf-8")))


def textbook() -> Scenario:
    return shipped("reference_avoidable")


def bar(found: Tornado, code: str) -> Bar:
    (one,) = [one for one in found.bars if one.code == code]
    return one


# ---------------------------------------------------------------- tornado


def test_tornado_of_the_textbook_scenario() -> None:
    """A fifth less and more. Demand: 120 x 0.3 = 36, 180 x 0.3 = 54. Public price: 150 x 0.24 = 36, 150 x 0.36 = 54.

    Throughput: 150 / 0.8 x 0.3 = 56.25, 150 / 1.2 x 0.3 = 37.5. Price and number of the private units: nothing, since
    none is kept at 0.4 either. Penalty: nothing, since all is served.
    """
    found = tornado(textbook())
    assert found.complete
    ends = {
        one.code: (one.low.objective_usd, one.high.objective_usd, one.span_usd) for one in found.bars if one.span_usd
    }
    assert ends == {
        "throughput": pytest.approx((56.25, 37.5, 18.75)),
        "demand": pytest.approx((36.0, 54.0, 18.0)),
        "demand_of": pytest.approx((36.0, 54.0, 18.0)),
        "on_demand": pytest.approx((36.0, 54.0, 18.0)),
    }
    assert {one.code for one in found.bars if not one.span_usd} == {"owned_price", "capacity", "unserved"}
    assert bar(found, "on_demand").change_usd(bar(found, "on_demand").low) == pytest.approx(-9.0)
    assert (bar(found, "on_demand").low.value, bar(found, "on_demand").unit) == (0.24, "USD per accelerator-hour")


def test_bars_stand_by_their_span() -> None:
    spans = [one.span_usd for one in tornado(textbook()).bars]
    assert spans == sorted(spans, reverse=True)


def test_an_end_without_a_plan_is_marked_and_stands_first() -> None:
    """10 units must be served by 11 accelerators: a fifth more demand, or a fifth fewer accelerators, is impossible."""
    of = scenario({"own": pool("owned", 11, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = tornado(of)
    assert bar(found, "demand").high.status == "infeasible"
    assert bar(found, "demand").high.objective_usd is None
    assert bar(found, "capacity").low.status == "infeasible"
    assert found.bars[0].is_broken
    assert not found.bars[-1].is_broken
    row = found.table().set_index("assumption").loc["All demand"]
    assert row["high_status"] == "infeasible"
    assert row["high_change_usd"] != row["high_change_usd"]


def test_without_a_plan_there_is_nothing_to_compare_with() -> None:
    of = scenario({"own": pool("owned", 5, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = tornado(of)
    assert found.base is not None
    assert found.base.status == "infeasible"
    assert found.bars == ()


def test_only_assumptions_that_the_scenario_makes() -> None:
    """No spot pool, no carbon price, no energy paid apart, no latency objective: none of these is listed."""
    codes = {one.code for one in main_assumptions(textbook())}
    assert codes == {"demand", "demand_of", "on_demand", "owned_price", "capacity", "throughput", "unserved"}
    assert main_assumptions(scenario({}, {})) == []


def test_every_main_assumption_of_the_demo_is_there() -> None:
    found = main_assumptions(shipped("demo"))
    wanted = {"demand", "demand_of", "on_demand", "spot", "interruptions", "transfer", "electricity", "pue"}
    wanted |= {"carbon_price", "grid_carbon", "capacity", "committed", "throughput", "latency", "unserved"}
    assert {one.code for one in found} == wanted
    assert len({one.label for one in found}) == len(found)


def test_pue_stops_at_one() -> None:
    """1.1 less a fifth would be 0.88; nothing is below 1."""
    site = {"kind": "private", "provider": "own", "jurisdiction": "DE", "pue": 1.1, "electricity_usd_per_kwh": 0.2}
    own = pool("owned", 10, 1.0, price_includes_energy=False, busy_kw=1.0)
    of = scenario({"own": own}, {"w": rigid([5.0])}, sites={"here": site})
    (pue,) = [one for one in main_assumptions(of) if one.code == "pue"]
    assert pue.moved(-0.2) == ({"sites.here.pue": 1.0}, 1.0)
    assert bar(tornado(of), "pue").low.value == 1.0


def test_tornado_tells_what_it_has_when_the_time_is_up() -> None:
    found = tornado(textbook(), time_limit_seconds=0.0)
    assert not found.complete
    assert found.base is None
    assert found.assumptions == 7


def test_partial_results_of_a_tornado_grow() -> None:
    seen: list[int] = []
    found = tornado(textbook(), partial=lambda part: seen.append(len(part.bars)))
    assert seen == list(range(1, len(found.bars) + 1))


@pytest.mark.parametrize("ends", [(0.0, 0.0), (-1.0, 0.2), (0.1, 0.2), (-0.2, -0.1), (float("nan"), 0.2)])
def test_ends_that_are_none_are_refused(ends: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput, match="low"):
        tornado(textbook(), low=ends[0], high=ends[1])


# ---------------------------------------------------------------- sweep


def test_sweep_of_a_price() -> None:
    """Public price 0.1, 0.3, 0.5, 0.7: 15, 45, 75, then 100 x 0.5 + 50 x 0.7 = 85 with the private units kept."""
    found = field_sweep(textbook(), PUBLIC, 0.1, 0.7, count=4)
    assert [point.value for point in found.points] == pytest.approx([0.1, 0.3, 0.5, 0.7])
    assert [point.objective_usd for point in found.points] == pytest.approx([15.0, 45.0, 75.0, 85.0])
    assert found.points[0].busy_hours == pytest.approx({"private": 0.0, "public": 150.0})
    assert found.points[3].busy_hours == pytest.approx({"private": 100.0, "public": 50.0})
    assert found.field.value == 0.3
    assert found.complete
    assert found.table()["busy_hours:private"].tolist() == pytest.approx(
        [0.0, 0.0, found.points[2].kept["private"], 100.0]
    )


def test_sweep_marks_values_without_a_plan_and_values_that_are_not_valid() -> None:
    """11 accelerators for demand of 10 x 0.5, 1, 1.5 that must be served; a PUE of 0.5 is none."""
    of = scenario({"own": pool("owned", 11, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = field_sweep(of, "workloads.w.demand_units_per_hour", 0.5, 1.5, count=3)
    assert [point.status for point in found.points] == ["optimal", "optimal", "infeasible"]
    found = field_sweep(of, "sites.here.pue", 0.5, 1.0, count=2)
    assert [point.status for point in found.points] == ["invalid", "optimal"]
    assert "sites.here.pue" in found.points[0].message


@pytest.mark.parametrize(
    ("path", "start", "stop", "count"),
    [
        ("pools.gone.busy_kw", 0.0, 1.0, 3),
        (PUBLIC, 1.0, 1.0, 3),
        (PUBLIC, 1.0, 0.5, 3),
        (PUBLIC, 0.0, float("inf"), 3),
        (PUBLIC, 0.0, 1.0, 1),
        (PUBLIC, 0.0, 1.0, 201),
    ],
)
def test_a_sweep_that_is_none_is_refused(path: str, start: float, stop: float, count: int) -> None:
    with pytest.raises(InvalidInput):
        field_sweep(textbook(), path, start, stop, count=count)


def test_points_of_a_sweep_are_plans_solved_alone() -> None:
    of = require(random_document(11))
    price = next(iter(of.pools))
    found = field_sweep(of, f"pools.{price}.efficiency", 0.5, 1.0, count=4)
    for point in found.points:
        alone = optimise(with_value(of, f"pools.{price}.efficiency", point.value))
        assert point.objective_usd == pytest.approx(alone.objective_usd, rel=1e-6)


# ---------------------------------------------------------------- break-even


@pytest.mark.parametrize(
    ("path", "outcome", "start", "stop", "expected"),
    [
        # Private units are kept while they are cheaper than public ones: below 0.30.
        (PRIVATE, {"kind": "kept", "record": "private"}, 0.1, 1.0, 0.3),
        (PRIVATE, {"kind": "pool_used", "record": "private"}, 0.1, 1.0, 0.3),
        # They are worth 0.50: above that public price they are used.
        (PUBLIC, {"kind": "pool_used", "record": "private"}, 0.1, 1.0, 0.5),
        # 150 x price = 60.
        (PUBLIC, {"kind": "objective", "level": 60.0}, 0.1, 0.5, 0.4),
        # 100 x 0.5 + 50 x price = 85.
        (PUBLIC, {"kind": "objective", "level": 85.0}, 0.1, 1.0, 0.7),
        # 300 units serve twice the demand of 150.
        (DEMAND, {"kind": "unserved", "record": "demand"}, 0.5, 3.0, 2.0),
        # Public units are used for 75 hours at half the demand.
        (DEMAND, {"kind": "pool_used", "record": "public", "level": 75.0}, 0.1, 1.0, 0.5),
        # Leaving a unit unserved is cheaper than renting it below 0.30.
        ("workloads.demand.unserved_usd_per_unit", {"kind": "unserved", "record": "demand"}, 0.0, 5.0, 0.3),
    ],
)
def test_break_even_by_hand(path: str, outcome: dict[str, Any], start: float, stop: float, expected: float) -> None:
    found = break_even(textbook(), path, start, stop, outcome)
    assert found.verdict == "found"
    assert found.complete
    low, high = found.bracket or (0.0, 0.0)
    assert high - low <= found.tolerance
    assert low - 1e-7 <= expected <= high + 1e-7
    assert found.value == pytest.approx(expected, abs=found.tolerance)
    assert found.below is not None
    assert found.above is not None
    assert {found.below.holds, found.above.holds} == {True, False}


def test_the_plans_on_both_sides_are_there() -> None:
    """At 0.5 all 150 run public; just above, 100 run private."""
    found = break_even(textbook(), PUBLIC, 0.1, 1.0, {"kind": "pool_used", "record": "private"})
    assert found.below is not None
    assert found.above is not None
    assert found.below.point.busy_hours == pytest.approx({"private": 0.0, "public": 150.0})
    assert found.above.point.busy_hours == pytest.approx({"private": 100.0, "public": 50.0})


def test_break_even_of_two_scenarios_in_which_the_same_price_changes() -> None:
    """Rent all: 150 p. Own 100 at 0.25 a unit, sunk: 25 + 50 p. Equal at p = 0.25."""
    document = textbook().to_dict()
    document["pools"]["private"] |= {"owned_cost": "sunk", "price_usd_per_accelerator_hour": 0.25}
    found = break_even(textbook(), PUBLIC, 0.1, 0.4, {"kind": "objective", "other": document})
    assert found.value == pytest.approx(0.25, abs=1e-6)
    assert found.below is not None
    assert found.below.other is not None
    assert found.below.other.objective_usd == pytest.approx(37.5, abs=1e-4)


def test_a_number_that_the_other_scenario_lacks_changes_in_the_first_alone() -> None:
    """The other has no public pool and serves 100 units for 100 x 0.2 = 20 USD, so 150 p = 20 at p = 0.1333."""
    document = textbook().to_dict()
    del document["pools"]["public"]
    document["pools"]["private"] |= {"price_usd_per_accelerator_hour": 0.2, "owned_cost": "sunk"}
    document["workloads"]["demand"]["demand_units_per_hour"]["hour"] = [100.0]
    found = break_even(textbook(), PUBLIC, 0.1, 0.4, {"kind": "objective", "other": document})
    assert found.value == pytest.approx(20.0 / 150.0, abs=1e-6)


def test_where_nothing_changes_it_says_so() -> None:
    found = break_even(textbook(), PRIVATE, 0.4, 1.0, {"kind": "kept", "record": "private"})
    assert found.verdict == "no_change"
    assert found.value is None
    assert found.bracket is None
    assert [look.holds for look in found.looks] == [False] * 9
    assert found.complete


def test_values_without_a_plan_are_told_from_no_change() -> None:
    """11 accelerators: more than 1.1 times the demand of 10 has no plan, and below that all is served."""
    of = scenario({"own": pool("owned", 11, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = break_even(of, "workloads.w.demand_units_per_hour", 0.5, 2.0, {"kind": "unserved", "record": "w"})
    assert found.verdict == "no_plan"
    assert [look.holds for look in found.looks[:4]] == [False] * 4
    assert found.looks[-1].holds is None


def test_where_no_plan_is_left() -> None:
    """11 accelerators serve 10 x 1.1."""
    of = scenario({"own": pool("owned", 11, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = break_even(of, "workloads.w.demand_units_per_hour", 0.5, 2.0, {"kind": "possible"})
    assert found.value == pytest.approx(1.1, abs=2 * found.tolerance)
    assert found.above is not None
    assert found.above.point.status == "infeasible"
    assert turning.summary(found, of)[1:3] == [
        "Below that, there is a plan; above it, no plan keeps every rule.",
        "There the plan costs 11 USD, penalties included.",
    ]


def test_out_of_time_is_no_answer() -> None:
    outcome = {"kind": "kept", "record": "private"}
    found = break_even(textbook(), PRIVATE, 0.1, 1.0, outcome, time_limit_seconds=0.0)
    assert (found.verdict, found.complete, found.value) == ("out_of_time", False, None)


def test_changes_back_and_forth_are_counted_and_the_first_is_narrowed_down() -> None:
    """1 kW busy: at c USD per tonne an hour costs 1 + c / 1000 (1,000 g), 1.2 + c / 2000 (500 g) or 1.6 (0 g).

    The pool in the middle is cheapest from c = 400 (1.4 each) to c = 800 (1.6 each).
    """
    grams = {"here": 1000.0, "middle": 500.0, "clean": 0.0}
    place = {"kind": "private", "provider": "own", "jurisdiction": "DE"}
    of = scenario(
        {
            key: pool("on_demand", 20, price, site=key, busy_kw=1.0)
            for key, price in (("here", 1.0), ("middle", 1.2), ("clean", 1.6))
        },
        {"w": rigid([10.0])},
        sites={key: {**place, "grid_carbon_g_per_kwh": carbon} for key, carbon in grams.items()},
        links={
            f"{way[0]}>{way[1]}": {"from_site": way[0], "to_site": way[1], "round_trip_ms": 1.0}
            for key in ("middle", "clean")
            for way in (("here", key), (key, "here"))
        },
    )
    outcome = {"kind": "pool_used", "record": "middle"}
    found = break_even(of, "policy.carbon_usd_per_tonne", 0.0, 1500.0, outcome)
    assert found.changes == 2
    assert found.value == pytest.approx(400.0, abs=found.tolerance)
    second = break_even(of, "policy.carbon_usd_per_tonne", 600.0, 1500.0, outcome)
    assert second.value == pytest.approx(800.0, abs=second.tolerance)


@pytest.mark.parametrize(
    "outcome",
    [
        {},
        {"kind": "weather"},
        {"kind": "pool_used", "record": "gone"},
        {"kind": "kept", "record": "public"},
        {"kind": "unserved", "record": "private"},
        {"kind": "objective", "level": "much"},
        {"kind": "objective", "other": {"name": "none"}},
    ],
)
def test_an_outcome_that_is_none_is_refused(outcome: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        break_even(textbook(), PRIVATE, 0.1, 1.0, outcome)


def test_results_travel_between_processes() -> None:
    document = textbook().to_dict()
    outcome = {"kind": "objective", "other": document}
    for found in (break_even(textbook(), PUBLIC, 0.1, 0.4, outcome), tornado(textbook())):
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize(
    ("study", "options"),
    [
        ("tornado", {"low": -0.1, "high": 0.1}),
        ("field_sweep", {"path": PUBLIC, "start": 0.1, "stop": 0.5, "count": 2}),
        ("break_even", {"path": PUBLIC, "start": 0.1, "stop": 1.0, "outcome": {"kind": "kept", "record": "private"}}),
        ("price_ranges", {}),
    ],
)
def test_each_is_a_study_with_plain_options(study: str, options: dict[str, Any]) -> None:
    told: list[str] = []
    found = studies.run(study, textbook(), json.loads(json.dumps(options)), progress=told.append)
    assert getattr(found, "complete", False)
    assert told


# ---------------------------------------------------------------- break-even against cold bisection


def is_used(plan: Plan, key: str) -> bool:
    rows = plan.quantities.set_index("pool")["busy_accelerator_hours"].astype(float)
    return bool(rows[key] > 1e-8)


def bisected(of: Scenario, path: str, low: float, high: float, key: str, tolerance: float) -> tuple[float, float]:
    """Plain halving, each plan solved anew from nothing; the pool is used at one end only."""
    at_low = is_used(optimise(with_value(of, path, low)), key)
    assert at_low != is_used(optimise(with_value(of, path, high)), key)
    while high - low > tolerance:
        middle = (low + high) / 2.0
        if is_used(optimise(with_value(of, path, middle)), key) == at_low:
            low = middle
        else:
            high = middle
    return low, high


def same_as_bisection(found: BreakEven, of: Scenario, path: str, key: str) -> None:
    """Both brackets hold the same change, so they overlap."""
    first = next(i for i, look in enumerate(found.looks) if look.holds != found.looks[0].holds)
    ends = found.looks[first - 1].point.value, found.looks[first].point.value
    low, high = bisected(of, path, *ends, key, found.tolerance)
    assert found.bracket is not None
    assert found.bracket[0] <= high + 1e-9
    assert low <= found.bracket[1] + 1e-9


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 7])
def test_break_even_equals_bisection_on_cold_solves(seed: int) -> None:
    """At which price does a pool fall out of use? The same as by halving with plans solved from nothing."""
    of, compared = require(random_document(seed)), 0
    for key, one in of.pools.items():
        if one.purchase_option in ("on_demand", "interruptible"):
            path = f"pools.{key}.price_usd_per_accelerator_hour"
            found = break_even(of, path, 0.01, 40.0, {"kind": "pool_used", "record": key}, tolerance=1e-2)
            if found.verdict == "found":
                same_as_bisection(found, of, path, key)
                compared += 1
    assert compared, "no pool of this scenario falls out of use"


def test_break_even_of_the_demo_equals_bisection_on_cold_solves() -> None:
    """At which price does the AWS A100 on demand come into use? Found to five cents."""
    of, key = shipped("demo"), "aws-fra-a100"
    path = f"pools.{key}.price_usd_per_accelerator_hour"
    found = break_even(of, path, 0.5, 8.5, {"kind": "pool_used", "record": key}, tolerance=0.05)
    assert found.verdict == "found"
    same_as_bisection(found, of, path, key)


def test_a_deferrable_volume_begins_to_stay_unserved_where_the_window_is_full() -> None:
    """4 accelerators for 3 hours do 12 units; a volume of 6 is served up to a factor of 2."""
    of = scenario({"own": pool("owned", 4, 1.0)}, {"t": deferrable(6, 0, 3)}, periods=3)
    found = break_even(of, "workloads.t.windows", 0.5, 4.0, {"kind": "unserved", "record": "t"})
    assert found.value == pytest.approx(2.0, abs=1e-5)


def test_a_plan_that_the_time_limit_cut_short_is_no_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cost may lie anywhere above the cheapest, so a difference to it would mislead."""
    whole = WarmPlanner.plan

    def cut(self: WarmPlanner, of: Scenario, **options: Any) -> Plan:
        plan = whole(self, of, **options)
        return replace(plan, status=SolveStatus.WITHIN_GAP, solver=replace(plan.solver, stopped_early=True))

    solver = PointSolver(textbook(), None)
    assert solver.base() is not None
    monkeypatch.setattr(WarmPlanner, "plan", cut)
    assert solver.at({PUBLIC: 0.4}, 0.4) is None
    found = tornado(textbook())
    assert (found.base, found.complete) == (None, False)
