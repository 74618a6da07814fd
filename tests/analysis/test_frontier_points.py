"""Points of a frontier as they are shown, in words, and as scenarios to open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import pool, rigid, scenario
from test_frontier import estate, solved

from hybridplan.analysis import frontier_points
from hybridplan.analysis.frontier import MEASURES, Aim, Frontier, Point, frontier
from hybridplan.analysis.sentences import frontier as words
from hybridplan.domain import DisplayCurrency, Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

USD = DisplayCurrency()


def bent() -> tuple[Scenario, Frontier]:
    """Ten units: dirty (2 USD, 0.6 kg), between (3 USD, 0.3 kg), clean (5 USD, 0.1 kg); the knee is at 3 kg, 30 USD."""
    base = estate(between=True)
    return base, frontier(base, "carbon", points=5)


def test_each_point_opens_as_the_plan_that_it_is() -> None:
    base, found = bent()
    for point in solved(found):
        one = frontier_points.at_point(base, found, point)
        plan = optimise(one)
        assert plan.objective_usd == pytest.approx(point.objective_usd, rel=1e-6)
        assert one.policy.carbon_cap is not None
        assert point.cap <= one.policy.carbon_cap.tonnes <= point.cap * (1 + 2e-8)
        assert all(work.must_serve for work in one.workloads.values())


def test_a_steep_point_opens_with_all_digits_of_its_cap() -> None:
    """At 4e8 USD a tonne, a rounding by 4e-9 t would be 1.6 USD of 100,000."""
    base, found = bent()
    cap = 5.0509545508522725
    steep = Point(cap, SolveStatus.OPTIMAL, cap, 100_000.0, 100_000.0, 0.0, 4e8)
    flat = replace(steep, usd_per_unit=10.0)
    caps = [frontier_points.at_point(base, found, one).policy.carbon_cap for one in (steep, flat)]
    assert [one.tonnes for one in caps if one] == [cap, 5.05095456]


def test_where_not_all_is_served_nothing_must_be() -> None:
    """120 units on 100 accelerators: shedding is part of every point, so it stays allowed in what is opened."""
    base = estate(120.0)
    found = frontier(base, "carbon", points=4)
    for point in solved(found):
        one = frontier_points.at_point(base, found, point)
        assert not any(work.must_serve for work in one.workloads.values())
        assert optimise(one).objective_usd == pytest.approx(point.objective_usd, rel=1e-6)


def test_the_rows_are_in_shown_units_and_marked() -> None:
    """At the knee 3 kg and 30 USD, 27 EUR; a tonne more saves 3,333 to 10,000 USD, 3,000 to 9,000 EUR."""
    base = estate(between=True, display_currency={"code": "EUR", "units_per_usd": 0.9})
    rows = frontier_points.rows(frontier(base, "carbon", points=5), base, "base")
    (knee,) = rows.loc[rows["mark"] == "knee"].to_dict("records")
    assert (knee["reached"], knee["money"], knee["penalty"]) == pytest.approx((0.003, 27.0, 0.0), abs=1e-7)
    assert 2999.0 < knee["rate"] < 9001.0
    assert rows["series"].tolist() == ["base"] * len(rows)
    assert rows["number"].tolist() == list(range(len(rows)))


def test_shares_are_shown_in_per_cent() -> None:
    """Half each is the least: 50 % of coal, and 15 USD for the whole way, 0.3 USD a point."""
    base = estate()
    found = frontier(base, "provider_share", points=4)
    rows = frontier_points.rows(found, base)
    assert (rows["reached"].iloc[0], rows["reached"].iloc[-1]) == pytest.approx((50.0, 100.0), abs=0.02)
    assert rows["rate"].iloc[1:-1].tolist() == pytest.approx([0.3] * (len(rows) - 2))
    assert (
        words.summary(found, USD)[0] == "All 50 points less cost 0.300 USD per percentage point: the line is straight."
    )


def test_the_summary_says_what_the_first_and_the_last_steps_cost() -> None:
    """From 6 to 3 kg 10 USD, 3,333 a tonne; from 3 to 1 kg 20 USD, 10,000 a tonne."""
    _, found = bent()
    said = words.summary(found, USD)
    assert said[0] == "The first 0.00300 t less cost 3,330 USD per tonne, the last 0.00200 t 10,000 USD per tonne."
    assert said[1:] == [
        "After 0.00300 t it gets dearer fast: that is the knee.",
        "The least that is possible is 0.00100 t; a stricter limit leaves no plan that serves all work.",
        "Every point serves all work.",
    ]


def point(cap: float, usd: float | None, **fields: object) -> Point:
    status = SolveStatus.INFEASIBLE if usd is None else SolveStatus.OPTIMAL
    made = Point(cap, status, None if usd is None else cap, usd, usd, None if usd is None else 0.0)
    return replace(made, **fields)  # type: ignore[arg-type]


def drawn(*points: Point, serves_all: bool = True) -> Frontier:
    base = frontier(estate(), "carbon", points=2)
    return replace(base, points=points, serves_all=serves_all)


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (drawn(point(2.0, 10.0)), "There is one point only"),
        (drawn(point(1.0, 10.0), point(3.0, 10.0)), "All 2 t less cost nothing."),
        (drawn(point(1.0, 30.0), point(3.0, 10.0)), "All 2 t less cost 10 USD per tonne on average."),
        (drawn(point(1.0, 30.0), point(2.0, 29.0), point(3.0, 10.0)), "All 2 t less cost 10 USD per tonne on average."),
        (
            drawn(point(1.0, 30.0), point(2.0, 20.0), point(3.0, 10.0)),
            "All 2 t less cost 10 USD per tonne: the line is",
        ),
        (drawn(), "There is no line: the cheapest plan serves nothing"),
        (replace(drawn(), status=SolveStatus.INFEASIBLE), "There is no line: without the limit"),
        (replace(drawn(), status=SolveStatus.FAILED), "There is no line: the solve without the limit did not end"),
        (replace(drawn(), complete=False), "Time was up before the first point"),
        (replace(drawn(point(2.0, 10.0)), complete=False), "Every point serves all work."),
        (replace(drawn(), status=SolveStatus.NO_PLAN_IN_TIME), "Time was up"),
        (drawn(point(1.0, None)), "There is no line"),
    ],
)
def test_lines_without_a_bend_are_said_as_what_they_are(found: Frontier, first: str) -> None:
    assert words.summary(found, USD)[0].startswith(first)


def test_what_is_not_served_is_said() -> None:
    found = drawn(point(0.0, 90.0, unserved_share=0.5), point(3.0, 10.0, unserved_share=0.1), serves_all=False)
    assert words.summary(found, USD)[-1].endswith("from 10 % to 50 % of a workload.")


def test_where_time_was_up_no_limit_is_called_the_strictest() -> None:
    found = drawn(point(1.0, 30.0), point(3.0, 10.0))
    assert any("a stricter limit leaves no plan" in line for line in words.summary(found, USD))
    said = words.summary(replace(found, complete=False), USD)
    assert not any("a stricter limit leaves no plan" in line for line in said)
    assert said[-1] == "Time was up: points are missing, and stricter limits may leave plans too."


def test_where_work_may_be_left_no_time_is_called_the_least_possible() -> None:
    """Nothing need be served, so every limit has a plan; below 100 ms, what a request takes, all is left."""
    work = rigid([10.0], latency_objective_ms=400.0, latency_statistic="mean", unserved_usd_per_unit=1.0)
    work["throughput"] = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 100.0}}
    base = scenario({"cloud": pool("on_demand", 5, 0.5)}, {"w": work})
    found = frontier(base, "latency_objective", of="w", points=4)
    assert not found.serves_all
    assert found.points[0].unserved_share == pytest.approx(1.0)
    assert not any("least that is possible" in line for line in words.summary(found, USD))


def test_marks_say_what_is_special() -> None:
    found = drawn(
        point(1.0, None), point(2.0, 30.0, is_dominated=True), point(3.0, 20.0, is_knee=True), point(4.0, 1.0)
    )
    assert frontier_points.rows(found, estate())["mark"].tolist() == ["no_plan", "dominated", "knee", ""]


def test_todays_plan_stands_on_the_line_where_nothing_caps_it() -> None:
    """Without a cap all ten units run dirty: 6 kg, 20 USD."""
    assert frontier_points.today(optimise(require(estate().to_dict())), "carbon") == pytest.approx((0.006, 20.0))


@pytest.mark.parametrize("aim", MEASURES)
def test_every_aim_has_words(aim: Aim) -> None:
    of = next(iter(MEASURES[aim].records(queued())), "")
    assert words.name(aim)
    assert words.question(aim).endswith("?")
    assert "(" in words.axis(queued(), aim, of)
    assert words.value(aim, of, 0.5)
    unit = words.scale(aim, of).unit
    assert unit in words.axis(queued(), aim, of)


def queued() -> Scenario:
    """With a workload whose latency can be limited in each way."""
    made = estate().to_dict()
    made["workloads"]["w"] |= {"latency_objective_ms": 500.0, "latency_statistic": "mean"}
    return require(made)
