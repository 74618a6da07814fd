"""Every published figure that the model can state is reproduced, each as its own test."""

from __future__ import annotations

from functools import cache

import pytest

from hybridplan.analysis import published
from hybridplan.analysis.published import CaseResult


@cache
def results() -> dict[str, CaseResult]:
    """All rows, solved once."""
    return {f"{row.name}: {row.quantity}": row for row in published.cases()}


def expected_figures() -> list[str]:
    """Names without solving, so that collecting tests stays quick."""
    names = [f"{case.name}: {check.quantity}" for case in published._CASES for check in case.checks]
    return names + [f"{row.name}: {row.quantity}" for row in published._closed_forms()]


@pytest.mark.parametrize("name", expected_figures())
def test_figure(name: str) -> None:
    row = results()[name]
    assert row.passed, f"{name}: published {row.expected} {row.unit}, ours {row.got} ({row.source})"
    assert abs(row.got - row.expected) <= row.tolerance
    assert row.source


def test_the_cases_that_the_first_model_can_state_are_all_there() -> None:
    found = {name.split(" ")[0] for name in expected_figures()}
    assert {"P1", "P2", "P3", "P7", "Reference,"} <= found


def test_every_optimised_case_carries_a_gap() -> None:
    optimised = [row for row in results().values() if not row.name.startswith("P7")]
    assert all(row.gap is not None and row.gap <= 1e-6 for row in optimised)


def test_nan_never_passes() -> None:
    """A case that could not be solved gives NaN; a comparison written the other way round would let it pass."""
    check = published._Check("objective", 1.0, "USD", lambda plan: float("nan"))
    assert published._compare("case", check, float("nan"), "a book", None).passed is False


def test_a_wrong_figure_is_refused() -> None:
    """1e-5 beside a published 100 is inside the tolerance of 1e-4; 1e-3 is not."""
    check = published._Check("objective", 100.0, "USD", lambda plan: 0.0)
    assert published._compare("case", check, 100.00001, "a book", None).passed
    assert not published._compare("case", check, 100.001, "a book", None).passed
