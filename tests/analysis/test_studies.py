"""The registry of studies: every one can be found, gets what it takes, and refuses what it does not."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from hybridplan.analysis import studies
from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue, scenario_json

SCENARIO = scenario_json.load(catalogue.data_dir() / "scenarios" / "reference_avoidable.json")


@pytest.mark.parametrize("name", studies.STUDIES)
def test_every_study_is_a_function_of_a_scenario_and_named_options(name: str) -> None:
    parameters = list(inspect.signature(studies.find(name)).parameters.values())
    assert parameters[0].annotation == "Scenario"
    assert "time_limit_seconds" in {parameter.name for parameter in parameters}


def test_the_runner_gives_the_plan_of_the_planner() -> None:
    """150 servers rented for an hour at 0.30 USD: 45 USD."""
    said: list[str] = []
    run = studies.runner()
    plan: Any = run("plan", SCENARIO, {}, time_limit_seconds=20.0, progress=said.append, partial=lambda _: None)
    assert plan.objective_usd == pytest.approx(45.0)
    assert plan.baselines
    assert said


@pytest.mark.parametrize(
    ("study", "options", "said"),
    [
        ("plant", {}, "not known"),
        ("plan", {"points": 5}, "points"),
        ("plan", {"time_limit_seconds": 5}, "not an option"),
        ("frontier", {}, "against"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(study: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        studies.run(study, SCENARIO, options)
