"""Every published figure that the model can state is reproduced, each as its own test."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from hybridplan.analysis import planner, published
from hybridplan.analysis.published import CaseResult
from hybridplan.analysis.published_cases import CASES, Check
from hybridplan.io import catalogue, scenario_json


@cache
def results() -> dict[str, CaseResult]:
    """All rows, solved once."""
    return {f"{row.name}: {row.quantity}": row for row in published.cases()}


def expected_figures() -> list[str]:
    """Names without solving, so that collecting tests stays quick."""
    names = [f"{case.name}: {check.quantity}" for case in CASES for check in case.checks]
    return names + [f"{row.name}: {row.quantity}" for row in published._closed_forms()]


@pytest.mark.parametrize("name", expected_figures())
def test_figure(name: str) -> None:
    row = results()[name]
    assert row.passed, f"{name}: published {row.expected} {row.unit}, ours {row.got} ({row.source})"
    assert abs(row.got - row.expected) <= row.tolerance
    assert row.source


def test_the_cases_that_the_model_can_state_are_all_there() -> None:
    found = {name.split(" ")[0] for name in expected_figures()}
    assert {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "Reference,"} <= found


def test_every_optimised_case_carries_a_gap() -> None:
    optimised = [row for row in results().values() if not row.name.startswith("P7")]
    assert all(row.gap is not None and row.gap <= 1e-6 for row in optimised)


def test_nan_never_passes() -> None:
    """A case that could not be solved gives NaN; a comparison written the other way round would let it pass."""
    check = Check("objective", 1.0, "USD", lambda plan: float("nan"))
    assert published._compare("case", check, float("nan"), "a book", None).passed is False


def test_a_wrong_figure_is_refused() -> None:
    """1e-5 beside a published 100 is inside the tolerance of 1e-4; 1e-3 is not."""
    check = Check("objective", 100.0, "USD", lambda plan: 0.0)
    assert published._compare("case", check, 100.00001, "a book", None).passed
    assert not published._compare("case", check, 100.001, "a book", None).passed


def test_parallel_queues_are_solved_as_cones_and_whole_things_as_whole_numbers() -> None:
    """P6 by tangents would be right to a few digits only; P3, P5 and P9 without whole numbers would be cheaper."""
    kinds = {case.scenario: planner.solve(scenario_json.load(path(case.scenario))).kind for case in CASES}
    assert {name for name, kind in kinds.items() if kind == "conic"} == {"p6_parallel_queues"}
    whole = {"p3_gpu_mix_whole", "p5_storage_tiers", "p9_whole_second", "p9_whole_first"}
    assert {name for name, kind in kinds.items() if kind == "mixed_integer"} == whole


def test_two_stages_cost_the_same_with_the_capacities_that_the_source_prints() -> None:
    """140 and 70 are one of many answers: 150 x 140 + 120 x 70 + 4,540 to run them = 33,940; 130 and 80 cost more.

    To run them: 0.6 x 3,100 + 0.3 x (380 x 10 + 20 x 70) + 0.1 x (420 x 10 + 100 x 70) = 1,860 + 1,560 + 1,120.
    """
    found = scenario_json.load(path("p8_two_stage"))

    def cost(base: float, peak: float) -> float | None:
        sizes = {"more-base": base, "more-peak": peak}
        fixed = {
            key: one.model_copy(update={"min_accelerators": sizes[key], "max_accelerators": sizes[key]})
            for key, one in found.expansions.items()
        }
        return planner.solve(found.model_copy(update={"expansions": fixed})).objective_usd

    assert cost(140, 70) == pytest.approx(33_940)
    assert cost(160, 50) == pytest.approx(33_940)
    more = cost(130, 80)
    assert more is not None
    assert more > 33_940


def path(name: str) -> Path:
    """The file of a case, in either folder."""
    found = [catalogue.data_dir() / folder / f"{name}.json" for folder in ("cases", "scenarios")]
    return next(file for file in found if file.is_file())


def test_queue_figures_follow_from_the_square_root_rule() -> None:
    """Spare rate 10 + 6 + 3 - 11 = 8, divided by the square roots of the rates; numbers in system rate/spare - 1."""
    rates = (10, 6, 3)
    spare = [8 * math.sqrt(rate) / sum(map(math.sqrt, rates)) for rate in rates]
    checks = next(case for case in CASES if case.scenario == "p6_parallel_queues").checks
    number = sum(rate / left - 1 for rate, left in zip(rates, spare, strict=True))
    by_hand = [number, *(rate - left for rate, left in zip(rates, spare, strict=True))]
    for check, value in zip(checks, by_hand, strict=True):
        assert check.tolerance is not None
        assert abs(check.expected - value) <= check.tolerance
