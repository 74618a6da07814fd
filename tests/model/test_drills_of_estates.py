"""Drills of random estates with failures of every kind and promises of every form: what is stored is what goes on."""

from __future__ import annotations

import pandas as pd
import pytest
from estate_failures import resilient_estate

from hybridplan.analysis import drills
from hybridplan.domain import require
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan

SEEDS = range(7)
FEWEST = 3
"""Plans that there are at least: some random estates have none."""


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    found = [optimise(require(resilient_estate(seed))) for seed in SEEDS]
    return [plan for plan in found if plan.tables is not None]


def test_there_are_plans_with_failures(plans: list[Plan]) -> None:
    assert sum(len(plan.scenario.policy.contingencies) > 0 for plan in plans) >= FEWEST


def test_every_drill_keeps_its_promises_and_shows_the_stored_failover(plans: list[Plan]) -> None:
    """Of each contingency in its worst hour; of rows of the failover table each, to the last digit."""
    for plan in plans:
        assert plan.tables is not None
        stored = plan.tables.redispatch
        for failure in plan.scenario.policy.contingencies:
            block, start = drills.worst_hour(plan, failure)
            found = drills.stored(plan, failure, block, start)
            assert found.works["kept_promise"].all(), failure
            mine = stored.loc[
                stored["contingency"].eq(failure)
                & stored["block"].eq(block)
                & stored["period_start"].eq(pd.Timestamp(start))
            ]
            ready = found.after.set_index(["workload", "pool"])["ready_units_per_hour"].to_dict()
            for row in mine.to_dict("records"):
                assert ready[row["workload"], row["pool"]] == pytest.approx(row["units_per_hour"], rel=1e-9)


def test_the_best_answer_serves_promised_work_at_least_as_much(plans: list[Plan]) -> None:
    for plan in plans:
        for failure in plan.scenario.policy.contingencies:
            block, start = drills.worst_hour(plan, failure)
            found = drills.stored(plan, failure, block, start).works
            best = drills.reoptimised(plan, failure, block, start)
            assert best.status.has_plan, failure
            short = (found["served_after"] - best.works["served_after"]) / found["demand"].clip(lower=1e-9)
            assert not (short[found["promised_units_per_hour"] > 0] > 3e-6).any(), failure


def test_work_that_runs_on_without_a_promise_takes_nothing_from_promised_work(plans: list[Plan]) -> None:
    for plan in plans:
        for failure in plan.scenario.policy.contingencies:
            block, start = drills.worst_hour(plan, failure)
            stops = drills.stored(plan, failure, block, start)
            runs = drills.stored(plan, failure, block, start, keep_unpromised=True)
            promised = stops.works["promised_units_per_hour"] > 0
            assert (runs.works["served_after"] >= stops.works["served_after"]).all()
            assert runs.works.loc[promised, "kept_promise"].all()
            assert (runs.works["served_after"] <= runs.works["served_before"] * (1 + 1e-9)).all()
