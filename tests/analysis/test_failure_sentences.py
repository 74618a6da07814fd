"""Replays in words, from tables made by hand: which objectives are met, missed, out of reach or undecided."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import format as fmt
from hybridplan.analysis.drills import Replay
from hybridplan.analysis.sentences import replays

SITES = {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"}}
NAN = float("nan")


def replay(**row: Any) -> list[str]:
    """One workload over 100 runs of a year, with two failures a year that take 50 units."""
    made = scenario(
        {"own": pool("owned", 10, 1.0)},
        {"w": rigid([10.0], unit="requests")},
        sites=SITES,
        policy={"contingencies": {"lost": {"kind": "site", "record": "here", "failures_per_year": 2.0}}},
    )
    usual = {"workload": "w", "unit": "requests", "planned_availability": 1.0, "availability": 0.9995}
    usual |= {"standard_error": 1e-5, "availability_objective_share": 0.999, "runs_that_meet_share": 0.9}
    found = Replay(
        1.0,
        100,
        1,
        False,
        works=pd.DataFrame([usual | row]),
        failures=pd.DataFrame([{"contingency": "lost", "failures": 2.0}]),
        losses=pd.DataFrame([{"contingency": "lost", "workload": "w", "units_lost": 50.0}]),
    )
    return replays.summary(found, made)


def test_an_objective_that_is_met() -> None:
    assert replay() == [
        "100 runs of 1 year each, with 2 failures per year in the mean.",
        "w: 99.95 % of its demand is served; the objective is 99.9 %. 90 % of the runs meet it.",
        "Most of what w loses goes with the loss of Frankfurt: 50 requests a year in the mean.",
    ]


def test_an_objective_that_is_missed_or_out_of_reach() -> None:
    assert replay(availability=0.99)[1].startswith("w misses its objective: 99 % of its demand")
    assert replay(planned_availability=0.98)[1].startswith("w cannot meet its objective of 99.9 %: the plan itself")
    assert replay(availability_objective_share=NAN)[1] == "w: 99.95 % of its demand is served; it has no objective."


def test_too_few_runs_to_tell_are_said_to_be() -> None:
    assert "More runs tell." in replay(standard_error=1e-3)[2]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "100 %"), (0.99953, "99.953 %"), (0.97, "97 %"), (0.1234, "12.3 %"), (NAN, fmt.NO_VALUE)],
)
def test_availability_has_as_many_digits_as_nines(value: float, text: str) -> None:
    assert fmt.availability(value) == text
