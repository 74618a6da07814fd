"""A search that runs out of time: what it found is shown with its gap and never called cheapest."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridplan.analysis.sentences.status import badge
from hybridplan.domain import Scenario, require
from hybridplan.io.scenario_json import load
from hybridplan.model.certified import GAP_TOLERANCE
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

DEMO = Path(__file__).parents[2] / "data" / "scenarios" / "demo.json"


@pytest.fixture(scope="module")
def in_nodes() -> Scenario:
    """The demo with every rented pool in whole nodes: thousands of whole numbers, far more than a second's search."""
    document = load(DEMO).to_dict()
    for pool in document["pools"].values():
        if pool["purchase_option"] in ("on_demand", "interruptible"):
            pool["whole_nodes"] = True
    return require(document)


def test_an_incumbent_has_a_gap_and_is_not_called_cheapest(in_nodes: Scenario) -> None:
    plan = optimise(in_nodes, time_limit_seconds=4.0)
    assert plan.kind == "mixed_integer"
    if plan.status is SolveStatus.NO_PLAN_IN_TIME:
        pytest.skip("this machine found no plan in 4 seconds")
    assert plan.status is SolveStatus.WITHIN_GAP
    assert plan.solver.stopped_early
    assert plan.certificate is not None
    assert plan.certificate.passed
    assert plan.certificate.gap > GAP_TOLERANCE
    assert plan.certificate.bound_source == "solver"
    assert plan.certificate.relaxation_bound_usd is not None
    assert plan.certificate.relaxation_bound_usd <= plan.certificate.bound_usd
    text = badge(plan).text
    assert "Cheapest for" not in text
    assert "%" in text


def test_no_time_means_no_numbers(in_nodes: Scenario) -> None:
    plan = optimise(in_nodes, time_limit_seconds=0.0)
    assert plan.status is SolveStatus.NO_PLAN_IN_TIME
    assert plan.tables is None
    assert plan.objective_usd is None
    assert plan.certificate is None
    assert not plan.cost_usd
