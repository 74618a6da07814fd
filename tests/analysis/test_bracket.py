"""Narrowing a bracket: always the truth of the two sides decides, and good guesses only save looks."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.analysis.sensitivity.bracket import Sample, narrowed

Curve = Callable[[float], float]


def search(excess: Curve, height: Curve, *, tolerance: float, is_continuous: bool) -> tuple[Sample, Sample, int]:
    """The bracket of a change in 0 to 1, and how many values were looked at beyond the ends."""
    seen: list[float] = []

    def sample(at: float) -> Sample:
        return Sample(at, excess(at), height(at))

    def look(at: float) -> Sample:
        seen.append(at)
        return sample(at)

    low, high = narrowed(sample(0.0), sample(1.0), look, tolerance=tolerance, is_continuous=is_continuous)
    return low, high, len(seen)


def flat(at: float) -> float:
    """A height that tells nothing."""
    return 0.0


@given(at=st.floats(0.01, 0.99), tolerance=st.floats(1e-9, 1e-2), rises=st.booleans())
def test_a_step_is_found_whatever_the_heights_say(at: float, tolerance: float, rises: bool) -> None:
    """Halving n times leaves 2^-n; where guesses say nothing that is all there is, and one look more by rounding."""
    low, high, looks = search(
        lambda x: 1.0 if (x > at) == rises else -1.0, flat, tolerance=tolerance, is_continuous=False
    )
    assert low.at <= at <= high.at
    assert high.at - low.at <= tolerance
    assert low.holds != high.holds
    assert looks <= math.ceil(math.log2(1.0 / tolerance)) + 1


@given(at=st.floats(0.01, 0.99), left=st.floats(-5, 5), right=st.floats(-5, 5))
def test_heights_that_mislead_cost_at_most_every_second_look(at: float, left: float, right: float) -> None:
    """The kink of the heights lies elsewhere, at 1 - at."""
    other = 1.0 - at
    low, high, looks = search(
        lambda x: 1.0 if x > at else -1.0,
        lambda x: left * min(x, other) + right * max(x - other, 0.0),
        tolerance=1e-6,
        is_continuous=False,
    )
    assert low.at <= at <= high.at
    assert high.at - low.at <= 1e-6
    assert looks <= 2 * math.ceil(math.log2(1e6)) + 2


def test_a_kink_is_found_in_a_few_looks() -> None:
    """Height min(x, 0.3): looks at 1/2, 1/4, 3/8 leave two on each side of 0.3, whose lines meet there; then two."""
    low, high, looks = search(
        lambda x: 1.0 if x > 0.3 else -1.0, lambda x: min(x, 0.3), tolerance=1e-9, is_continuous=False
    )
    assert low.at <= 0.3 <= high.at
    assert high.at - low.at <= 1e-9
    assert looks <= 7


def test_a_straight_crossing_takes_the_root_and_one_look_beside_it() -> None:
    low, high, looks = search(lambda x: x - 0.3, flat, tolerance=1e-9, is_continuous=True)
    assert low.at - 1e-12 <= 0.3 <= high.at + 1e-12
    assert high.at - low.at <= 1e-9
    assert looks == 2


@given(root=st.floats(0.1, 0.99), power=st.sampled_from([0.5, 1.0, 2.0]))
def test_a_crossing_is_found_with_fewer_looks_than_halving(root: float, power: float) -> None:
    """Halving from 1 to 1e-9 takes 30."""

    def excess(x: float) -> float:
        return x**power - root**power

    low, high, looks = search(excess, flat, tolerance=1e-9, is_continuous=True)
    assert low.at - 1e-9 <= root <= high.at + 1e-9
    assert high.at - low.at <= 1e-9
    assert looks <= 24


@pytest.mark.parametrize("is_continuous", [True, False])
def test_where_no_look_is_left_the_bracket_stays_as_it_is(is_continuous: bool) -> None:
    ends = Sample(0.0, -1.0, 0.0), Sample(1.0, 1.0, 1.0)
    assert narrowed(*ends, lambda at: None, tolerance=1e-6, is_continuous=is_continuous) == ends
