"""Replay of random failures: against closed forms, failures given by hand, and the plan itself."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import rigid
from failing_plans import FIRST, chat, estate, plan_of

import hybridplan as hp
from hybridplan.analysis import drills, studies
from hybridplan.analysis.drills.overlapping import times_by_state
from hybridplan.analysis.drills.random_failures import Events, draw
from hybridplan.analysis.drills.replaying import STUDY, replayed
from hybridplan.analysis.drills.timeline import timeline
from hybridplan.audit.axes import Axes
from hybridplan.errors import InvalidInput
from hybridplan.plan import Plan

YEAR = 8760.0


def events(*rows: tuple[int, int, float, float]) -> Events:
    """Run, position of the contingency, begin, end."""
    run, code, begins, ends = zip(*rows, strict=True)
    return Events(np.array(run), np.array(code), np.array(begins, dtype=float), np.array(ends, dtype=float))


def failing(rate: float, repair: float, **fields: Any) -> dict[str, Any]:
    return {"fra-lost": {"kind": "site", "record": "fra", "failures_per_year": rate, "repair_hours": repair, **fields}}


def half_lost(rate: float = 0.0, repair: float = 4.0, **work: Any) -> Plan:
    """10 units in every hour, 6 of them in Frankfurt; after its loss Berlin goes on with 4 and 1 that stands by."""
    made = estate({"w": chat(**work)}, policy={"contingencies": failing(rate, repair)})
    return plan_of(made, [("w", "a", [6.0]), ("w", "b", [4.0])], standby=[("w", "b", [1.0])])


def only(table: pd.DataFrame) -> dict[str, Any]:
    (row,) = table.to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_without_failures_it_is_exactly_as_planned() -> None:
    """A third of the demand is not served by the plan: no failure is blamed for it."""
    made = estate({"w": chat([9.0])}, policy={"contingencies": failing(0.0, 4.0)})
    found = hp.replay(plan_of(made, [("w", "a", [6.0])], unserved=[("w", [3.0])]), years=2.5, runs=7)
    work = only(found.works)
    assert (work["availability"], work["of_planned"]) == (work["planned_availability"], 1.0)
    assert work["availability"] == pytest.approx(6 / 9)
    assert (work["standard_error"], work["short_minutes_per_year"]) == (0.0, 0.0)
    assert work["availability_p5"] == work["worst_availability"] == work["availability"]
    assert found.losses.empty
    assert found.events.empty


@pytest.mark.parametrize(("rate", "repair"), [(12.0, 50.0), (100.0, 4.0), (1.0, 200.0)])
def test_one_contingency_loses_its_share_of_the_time(rate: float, repair: float) -> None:
    """Up at first, so that it is down for p = r / (u + r) of the time less p (1 - e^-(m Y)) / (m Y), with u = 8760 /
    rate, r the repair time, m = 1/u + 1/r and Y the hours of a run; half of the work, 5 of 10, is lost meanwhile.
    """
    found = drills.replay(half_lost(rate, repair), years=1.0, runs=2000, seed=3)
    up = YEAR / rate
    passed = (1 / up + 1 / repair) * YEAR
    down = repair / (up + repair) * (1 - (1 - exp(-passed)) / passed)
    work = only(found.works)
    assert abs(work["availability"] - (1 - 0.5 * down)) <= 4 * work["standard_error"]
    assert work["standard_error"] == pytest.approx(found.runs_table["availability"].std() / sqrt(2000))
    assert work["short_minutes_per_year"] == pytest.approx((1 - work["availability"]) / 0.5 * YEAR * 60)
    failures = only(found.failures)
    assert failures["hours_down"] * 60 == pytest.approx(work["short_minutes_per_year"])
    assert only(found.losses)["units_lost"] == pytest.approx((1 - work["availability"]) * 10 * YEAR)


def test_until_the_recovery_minutes_are_over_only_what_survives_serves() -> None:
    """From hour 100 to 103: for half an hour 4 of 10 go on, then 5: 0.5 x 6 + 2.5 x 5 = 15.5 units. Another one, of a
    quarter of an hour, is over before anything takes over: 0.25 x 6 = 1.5.
    """
    given = events((0, 0, 100.0, 103.0), (0, 0, 200.0, 200.25))
    found = replayed(half_lost(recovery_minutes=30.0), given, years=1.0)
    work = only(found.works)
    assert only(found.losses)["units_lost"] == pytest.approx(17.0)
    assert work["availability"] == pytest.approx(1 - 17.0 / (10 * YEAR))
    assert work["short_minutes_per_year"] == pytest.approx(3.25 * 60)
    assert only(replayed(half_lost(), given, years=1.0).losses)["units_lost"] == pytest.approx(3.25 * 5)


def test_while_several_are_down_the_answer_to_the_first_serves_less_what_the_others_take() -> None:
    """6 in Frankfurt, 4 in Berlin, 6 on standby in each of Berlin and Dublin, the nearer first. Frankfurt is lost from
    10 to 20: Berlin serves all 10. Berlin is lost from 15 to 30. Until 20 the answer to Frankfurt holds, and nothing of
    it is left: 5 x 10 = 50 units. From 20 on the answer to Berlin: 6 in Frankfurt and 4 of Dublin, all of it.
    """
    failures = {"fra-lost": {"kind": "site", "record": "fra"}, "ber-lost": {"kind": "site", "record": "ber"}}
    made = estate({"w": chat(promised_share=1.0)}, policy={"contingencies": failures})
    plan = plan_of(made, [("w", "a", [6.0]), ("w", "b", [4.0])], standby=[("w", "b", [6.0]), ("w", "c", [6.0])])
    found = replayed(plan, events((0, 1, 15.0, 30.0), (0, 0, 10.0, 20.0)), years=1.0)
    assert found.losses.to_dict("records") == [
        {"contingency": "fra-lost", "workload": "w", "units_lost": pytest.approx(50.0)}
    ]
    assert found.events[["contingency", "begins_hours", "hours_down"]].to_numpy().tolist() == [
        ["fra-lost", 10.0, 10.0],
        ["ber-lost", 15.0, 15.0],
    ]


def test_times_are_cut_where_what_is_down_changes() -> None:
    given = events((0, 0, 1.0, 4.0), (1, 0, 1.0, 4.0), (1, 1, 2.0, 3.0), (1, 2, 4.0, 5.0))
    found = {state: [tuple(row) for row in zip(*times, strict=True)] for state, times in times_by_state(given).items()}
    assert found == {
        (0,): [(0, 1.0, 4.0, 1.0), (1, 1.0, 2.0, 1.0), (1, 3.0, 4.0, 1.0)],
        (0, 1): [(1, 2.0, 3.0, 1.0)],
        (2,): [(1, 4.0, 5.0, 4.0)],
    }


def test_blocks_follow_each_other_as_often_as_they_weigh() -> None:
    """A block of 2 hours 1.75 times is 2 h, 1.5 h; then one of 3 hours half a time: its first 1.5 h. Then again."""
    horizon = {
        "blocks": {
            "b": {"start": FIRST.isoformat(), "periods": 2, "weight": 1.75},
            "later": {"start": "2026-07-01T00:00:00+00:00", "periods": 1, "period_hours": 3.0, "weight": 0.5},
        }
    }
    work = rigid([1.0, 2.0], origin_site="fra", demand_units_per_hour={"b": [1.0, 2.0], "later": [10.0]})
    line = timeline(Axes(estate({"w": work}, horizon=horizon)))
    assert line.period.tolist() == [0, 1, 0, 1, 2]
    assert line.edges.tolist() == pytest.approx([0.0, 1.0, 2.0, 3.0, 3.5, 5.0])
    sums = line.added_up(np.array([1.0, 2.0, 10.0]))
    assert sums.tolist() == pytest.approx([0.0, 1.0, 3.0, 4.0, 5.0, 20.0])
    assert line.until(sums, np.array([0.5, 3.25, 5.0, 11.0])).tolist() == pytest.approx([0.5, 4.5, 20.0, 41.0])
    assert [line.period_at(when) for when in (0.5, 3.25, 4.9, 5.5)] == [0, 1, 2, 0]


def test_what_a_failure_takes_depends_on_the_hour_in_which_it_comes() -> None:
    """Frankfurt serves 10 in the first hour and 2 in the second, nothing stands by. Lost from 1.5 to 2.25: half an hour
    of 2, a quarter of 10.
    """
    made = estate({"w": chat([10.0, 2.0])}, periods=2, policy={"contingencies": failing(1.0, 1.0)})
    plan = plan_of(made, [("w", "a", [10.0, 2.0])])
    found = replayed(plan, events((0, 0, 1.5, 2.25)), years=1.0)
    assert only(found.losses)["units_lost"] == pytest.approx(0.5 * 2 + 0.25 * 10)
    assert found.events[["block", "period_start"]].to_numpy().tolist() == [["b", FIRST + pd.Timedelta(hours=1)]]


def test_work_without_a_promise_stops_or_runs_on() -> None:
    made = estate({"o": rigid([10.0], origin_site="fra")}, policy={"contingencies": failing(1.0, 1.0)})
    plan = plan_of(made, [("o", "a", [6.0]), ("o", "b", [4.0])])
    for keep, lost in ((False, 20.0), (True, 12.0)):
        found = replayed(plan, events((0, 0, 5.0, 7.0)), years=1.0, keep_unpromised=keep)
        assert only(found.losses)["units_lost"] == pytest.approx(lost)


def test_runs_are_held_against_the_objective() -> None:
    """Of 4 runs one loses 2 x 5 units and one 20 x 5 of 87,600: shares of 0.99989 and 0.99886 against 0.999."""
    plan = half_lost(availability_objective_share=0.999)
    found = replayed(plan, events((1, 0, 10.0, 12.0), (3, 0, 10.0, 30.0)), years=1.0, runs=4)
    work = only(found.works)
    assert (work["availability_objective_share"], work["runs_that_meet_share"]) == (0.999, 0.75)
    assert (work["worst_run"], work["worst_availability"]) == (3, pytest.approx(1 - 100 / 87_600))
    assert work["availability"] == pytest.approx(1 - 110 / 4 / 87_600)
    assert found.events["run"].tolist() == [3]
    assert only(found.failures)["most_failures"] == 1
    assert found.runs_table["short_minutes"].tolist() == pytest.approx([0.0, 120.0, 0.0, 1200.0])


def test_equal_seeds_give_equal_results_and_a_worker_the_same() -> None:
    plan = half_lost(20.0, 5.0)
    first, again, other = (drills.replay(plan, years=0.5, runs=50, seed=seed) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(first.runs_table, again.runs_table)
    assert not first.runs_table.equals(other.runs_table)
    options = drills.replay_options(plan, years=0.5, runs=50, seed=4)
    by_worker: Any = studies.run(STUDY, plan.scenario, options, time_limit_seconds=20.0)
    pd.testing.assert_frame_equal(by_worker.works, first.works)
    with pytest.raises(InvalidInput, match="longer than there is time"):
        studies.run(STUDY, plan.scenario, options, time_limit_seconds=-1.0)


def test_failures_come_and_are_repaired_at_their_rates_and_never_overlap_themselves() -> None:
    """Mean times up 8760 / 40 = 219 h and down 20 h: 36.65 failures a year, less what the first time up lacks."""
    made = estate({"w": chat()}, policy={"contingencies": failing(40.0, 20.0)})
    found = draw(made, YEAR, 500, seed=11)
    assert found.begins.min() >= 0
    assert found.ends.max() <= YEAR
    order = np.lexsort((found.begins, found.run))
    same = np.diff(found.run[order]) == 0
    assert np.all(found.begins[order][1:][same] >= found.ends[order][:-1][same])
    counts = np.bincount(found.run, minlength=500)
    assert abs(counts.mean() - YEAR / 239.0) < 1.0
    whole = found.ends < YEAR
    hours = (found.ends - found.begins)[whole]
    assert abs(hours.mean() - 20.0) < 5 * 20.0 / sqrt(len(hours)) + 0.5


@pytest.mark.parametrize("options", [{"years": 0.0}, {"years": float("nan")}, {"runs": 0}, {"seed": -1}])
def test_what_cannot_be_replayed_is_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(options))):
        drills.replay(half_lost(), **options)


def test_too_many_failures_are_refused() -> None:
    with pytest.raises(InvalidInput, match="fewer runs or years"):
        drills.replay(half_lost(1e6, 0.001), years=10.0, runs=1000)
