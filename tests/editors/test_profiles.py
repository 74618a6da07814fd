"""Profiles by hand: scaling, shifting, repeating, fitting to a block, and taking a shape."""

from __future__ import annotations

import pytest
from documents import broken, small

from hybridplan.domain import parse
from hybridplan.ui.editors import profiles
from hybridplan.ui.editors.profiles import Misfit, Place

CHAT = Place("demand_units_per_hour", "chat", "day")
UP = Place("up_share", "own-h100", "day")


def test_scaling_leaves_what_is_no_number_alone() -> None:
    """3 x 1.1 = 3.3 (plain floating point would say 3.3000000000000003)."""
    assert profiles.scaled([3, None, "x", 2.5], 1.1) == [3.3, None, "x", 2.75]


@pytest.mark.parametrize(("by", "out"), [(1, [4, 1, 2, 3]), (-1, [2, 3, 4, 1]), (4, [1, 2, 3, 4]), (5, [4, 1, 2, 3])])
def test_shifting_wraps_round(by: int, out: list[int]) -> None:
    assert profiles.shifted([1, 2, 3, 4], by) == out


def test_one_day_on_every_day() -> None:
    """Periods of 12 hours: a day has two. Day 2 of 1 2 3 4 5 is 3 4."""
    assert profiles.day_repeated([1, 2, 3, 4, 5], 2, 12) == [3, 4, 3, 4, 3]
    with pytest.raises(ValueError, match="no complete day 3"):
        profiles.day_repeated([1, 2, 3, 4, 5], 3, 12)
    with pytest.raises(ValueError, match="no whole number"):
        profiles.day_repeated([1, 2, 3, 4], 1, 7)


def test_a_shape_keeps_its_ratios_and_gets_the_mean() -> None:
    """Hours 1 3, four periods of one hour: 1 3 1 3, mean 2, scaled to a mean of 10: 5 15 5 15."""
    assert profiles.shaped([1.0, 3.0], 4, 1.0, 10.0) == [5.0, 15.0, 5.0, 15.0]


def test_a_shape_is_averaged_over_long_periods() -> None:
    """Hours 1 3 5 7 in periods of two hours: 2 and 6, mean 4; at a mean of 1: 0.5 and 1.5."""
    assert profiles.shaped([1.0, 3.0, 5.0, 7.0], 2, 2.0, 1.0) == [0.5, 1.5]


def test_profiles_that_do_not_fit_are_named_and_only_then_fitted_by_choice() -> None:
    document = small()
    document["horizon"]["blocks"]["day"]["periods"] = 5
    assert profiles.misfits(document) == [Misfit(CHAT, 3, 5), Misfit(UP, 3, 5)]
    longer = profiles.fitted(document, profiles.misfits(document))
    assert profiles.values_at(longer, CHAT) == [10, 20.5, 30, 10, 20.5]
    document["horizon"]["blocks"]["day"]["periods"] = 2
    assert profiles.values_at(profiles.fitted(document, profiles.misfits(document)), UP) == [1, 0.5]
    assert profiles.values_at(document, CHAT) == [10, 20.5, 30], "the given document is left alone"


def test_a_block_that_cannot_be_read_has_no_misfits() -> None:
    assert profiles.block_at(broken(), "day") is None
    assert profiles.misfits(broken()) == []


def test_a_written_profile_is_part_of_a_valid_scenario() -> None:
    document = profiles.with_values(small(), CHAT, [1, 2, 3])
    scenario, _ = parse(document)
    assert scenario is not None
    assert scenario.workloads["chat"].demand_units_per_hour == {"day": (1.0, 2.0, 3.0)}
    gone = profiles.without_values(document, UP)
    assert "day" not in gone["pools"]["own-h100"]["up_share"]


def test_periods_are_named_in_local_time() -> None:
    """The block starts at midnight in Berlin."""
    assert profiles.starts(small(), "day", 4) == [
        "1  Mon 01 Jun 00:00",
        "2  Mon 01 Jun 01:00",
        "3  Mon 01 Jun 02:00",
        "4",
    ]


def test_mean_and_peak_skip_what_is_no_number() -> None:
    """(1 + 3) / 2 = 2."""
    assert profiles.mean_and_peak([1, None, "x", 3, True]) == (2.0, 3.0)
    assert profiles.mean_and_peak([]) == (0.0, 0.0)
