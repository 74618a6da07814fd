"""The certificate: what it demands, and on which scale it judges money."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_cases import estate, tables

from hybridplan.audit import audit, certify, decided_usd, gap

REPORT = replace(audit(estate(), tables()), objective_usd=1100.0, constant_usd=1000.0)
"""100 USD are decided; the other 1000 are sunk."""


def test_it_passes_and_says_how_far_the_bound_is() -> None:
    """(1100 - 1099) / 100 = 0.01: sound, though not proven cheapest."""
    found = certify(REPORT, 1100.0, 1099.0, "weak duality")
    assert found.passed is True
    assert found.gap == pytest.approx(0.01)
    assert (found.bound_usd, found.bound_source, found.optimised_usd) == (1099.0, "weak duality", 1100.0)
    assert found.rules_checked == REPORT.rules_checked > 0
    assert found.failures == ()


@pytest.mark.parametrize(("optimised", "passed"), [(1100.00009, True), (1100.0002, False), (1099.9998, False)])
def test_audited_and_optimised_agree_on_the_scale_of_what_is_decided(optimised: float, passed: bool) -> None:
    """1e-6 x 100 = 1e-4 USD, not 1e-6 x 1100: sunk money must not flatter the comparison."""
    assert certify(REPORT, optimised, 1100.0, "solver").passed is passed


@pytest.mark.parametrize(("bound", "passed"), [(1100.00009, True), (1100.0002, False), (2000.0, False)])
def test_no_plan_costs_less_than_its_bound(bound: float, passed: bool) -> None:
    found = certify(REPORT, 1100.0, bound, "weak duality")
    assert found.passed is passed
    assert passed or "is above the plan" in found.failures[0]


@pytest.mark.parametrize("bound", [float("nan"), float("inf"), float("-inf")])
def test_a_bound_must_be_a_finite_number(bound: float) -> None:
    found = certify(REPORT, 1100.0, bound, "weak duality")
    assert found.passed is False
    assert "no finite bound" in found.failures[0]


def test_no_bound_is_no_proof() -> None:
    assert certify(REPORT, 1100.0, 1100.0, "none").passed is False


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_money_that_is_no_number_never_passes(value: float) -> None:
    assert certify(REPORT, value, 1100.0, "solver").passed is False
    assert certify(replace(REPORT, objective_usd=value), 1100.0, 1100.0, "solver").passed is False
    assert certify(replace(REPORT, objective_usd=value), value, value, "solver").passed is False


def test_a_broken_rule_fails_and_is_named() -> None:
    report = audit(estate(workloads={"web": {"must_serve": True}}), tables())
    found = certify(report, report.objective_usd, report.objective_usd, "weak duality")
    assert found.passed is False
    assert found.worst_rule == "must_serve"
    assert found.max_residual == pytest.approx(2 / 30)
    assert found.failures[0].startswith("must_serve, web")


def test_the_tolerance_can_be_set() -> None:
    assert certify(REPORT, 1100.01, 1100.01, "solver", tolerance=1e-3).passed is True


def test_the_scale_of_gaps() -> None:
    """Decided money; at least 1e-6 USD and 1e-8 of the constants, so that 0 decided USD give a finite gap."""
    assert decided_usd(1100.0, 1000.0) == 100.0
    assert decided_usd(0.0, 0.0) == 1e-6
    assert decided_usd(1e6, 1e6) == pytest.approx(0.01)
    assert gap(5e-7, 0.0, 0.0) == pytest.approx(0.5)
    assert gap(1e6, 1e6, 1e6) == 0.0
    assert gap(float("nan"), 0.0, 0.0) != gap(float("nan"), 0.0, 0.0)


CURVED = replace(REPORT, penalty_usd={"unserved": 90.0, "congestion": 3.0, "balance": 2.0})
"""Curved terms of 5 USD."""


@pytest.mark.parametrize(
    ("error", "optimised", "passed"),
    [
        (0.0, 1100.0, True),
        (2.0, 1098.0, True),
        (2.0, 1098.00009, True),
        (2.0, 1098.0002, False),
        (2.0, 1100.0, False),
        (0.0, 1098.0, False),
        (-0.00009, 1100.0, True),
        (-0.0002, 1100.0002, False),
        (5.0, 1095.0, True),
        (5.0002, 1094.9998, False),
        (float("nan"), 1100.0, False),
        (float("inf"), float("-inf"), False),
    ],
)
def test_straight_lines_under_estimate_by_no_more_than_the_curved_terms(
    error: float, optimised: float, passed: bool
) -> None:
    """Audited 1100 = optimised + error, within 1e-4 USD; the error lies between 0 and 3 + 2 USD."""
    found = certify(CURVED, optimised, 1090.0, "weak duality", tangent_error_usd=error)
    assert found.passed is passed
    assert bool(found.failures) is not passed
    assert found.tangent_error_usd == pytest.approx(error, nan_ok=True)


def test_the_error_of_straight_lines_is_part_of_the_gap() -> None:
    """The bound is one on the model: (1100 - 1098) / 100 = 0.02."""
    found = certify(CURVED, 1098.0, 1098.0, "weak duality", tangent_error_usd=2.0)
    assert found.passed is True
    assert found.gap == pytest.approx(0.02)


def test_without_curved_terms_there_is_no_error() -> None:
    """A wrong objective cannot be called an error of straight lines that no term has."""
    assert certify(REPORT, 1098.0, 1098.0, "weak duality", tangent_error_usd=2.0).passed is False


@pytest.mark.parametrize(
    ("relaxed", "passed"),
    [
        (None, True),
        (1050.0, True),
        (1100.00009, True),
        (1100.0002, False),
        (float("nan"), False),
        (float("-inf"), False),
        (float("inf"), False),
    ],
)
def test_the_bound_without_whole_numbers_is_not_above_the_plan(relaxed: float | None, passed: bool) -> None:
    found = certify(REPORT, 1100.0, 1099.0, "solver", relaxation_bound_usd=relaxed)
    assert found.passed is passed
    assert (found.bound_usd, found.bound_source) == (1099.0, "solver")
    if relaxed == relaxed:
        assert found.relaxation_bound_usd == relaxed


def test_both_values_are_absent_unless_given() -> None:
    found = certify(REPORT, 1100.0, 1099.0, "solver")
    assert (found.tangent_error_usd, found.relaxation_bound_usd) == (0.0, None)
