"""Whole nodes, replicas and sites: 500 tiny scenarios against every whole number tried in plain Python."""

from __future__ import annotations

from typing import Any

import pytest
from feature_documents import random_feature_document
from feature_oracle import FeatureOracle
from tiny_documents import tiny_document
from tiny_wholes import TinyWholes

from hybridplan.audit import audit
from hybridplan.domain import require
from hybridplan.domain.features import whole_fields
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def proven(plan: Plan, expected: float, seed: int) -> None:
    """An optimal mixed-integer plan of this cost with a certificate that passed."""
    assert plan.status is SolveStatus.OPTIMAL, (seed, plan.status, plan.certificate)
    assert plan.kind == "mixed_integer"
    assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-6), seed
    assert plan.tables is not None
    assert audit(plan.scenario, plan.tables).ok
    certificate = plan.certificate
    assert certificate is not None
    assert certificate.passed
    assert certificate.bound_source == "solver"
    assert certificate.bound_usd <= expected + 1e-6 * max(1.0, abs(expected))
    assert certificate.relaxation_bound_usd is not None
    assert certificate.relaxation_bound_usd <= expected + 1e-6 * max(1.0, abs(expected))


def without_wholes(document: dict[str, Any]) -> dict[str, Any]:
    """The same scenario with everything divisible."""
    pools = {name: {**pool, "whole_nodes": False} for name, pool in document["pools"].items()}
    works = {w: {**work, "whole_replicas": False, "one_site": False} for w, work in document["workloads"].items()}
    return {**document, "pools": pools, "workloads": works}


@pytest.mark.parametrize("start", range(0, 500, 25))
def test_no_whole_number_was_missed(start: int) -> None:
    """Where no plan exists both say so; every tenth is also solved divisible, which is never dearer."""
    for seed in range(start, start + 25):
        document = tiny_document(seed)
        scenario = require(document)
        assert whole_fields(scenario)
        expected = TinyWholes(scenario).least()
        plan = optimise(scenario)
        if expected is None:
            assert plan.status is SolveStatus.INFEASIBLE, seed
            continue
        proven(plan, expected, seed)
        if seed % 10 == 0:
            divisible = optimise(require(without_wholes(document)))
            assert divisible.kind == "linear"
            assert divisible.objective_usd <= expected + 1e-6 * max(1.0, abs(expected))


SLOW = {28}
"""Seeds on which SciPy alone needs many seconds."""


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_a_second_formulation_agrees_with_all_features_at_once(start: int) -> None:
    """Nodes, replicas and sites on top of ramps, queues, followers and curves: rows of the oracle with integers."""
    for seed in sorted(set(range(start, start + 10)) - SLOW):
        scenario = require(random_feature_document(seed, whole=True))
        oracle = FeatureOracle(scenario)
        oracle.build()
        expected = oracle.least()
        plan = optimise(scenario)
        if expected is None:
            assert plan.status is SolveStatus.INFEASIBLE, seed
        else:
            assert plan.status is SolveStatus.OPTIMAL, seed
            assert plan.kind == ("mixed_integer" if whole_fields(scenario) else "linear")
            assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-6), seed
