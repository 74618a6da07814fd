"""Annuity, break-even and periods by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hybridplan.domain import Block
from hybridplan.domain.periods import periods_in_window
from hybridplan.domain.prices import annuity_usd_per_year, break_even_hours, owned_price_usd_per_hour


def test_annuity_pays_back_in_present_value() -> None:
    """1,000 at 10 % over 2 years: x / 1.1 + x / 1.21 = 1,000, x = 1,000 / 1.7355... = 576.190476."""
    assert annuity_usd_per_year(1000, 0.1, 2) == pytest.approx(1000 / (1 / 1.1 + 1 / 1.21))


def test_salvage_lowers_the_annuity() -> None:
    """With 121 left after 2 years at 10 %, 100 of the 1,000 come back in present value: 900 / 1.7355..."""
    assert annuity_usd_per_year(1000, 0.1, 2, 0.121) == pytest.approx(900 / (1 / 1.1 + 1 / 1.21))


def test_without_interest_it_is_spread_evenly() -> None:
    """(8,760 - 0) / 4 = 2,190 a year, 0.25 USD an hour; 876 a year more: 0.35."""
    assert annuity_usd_per_year(8760, 0.0, 4) == pytest.approx(2190)
    assert owned_price_usd_per_hour(8760, 0.0, 4, 0.0) == pytest.approx(0.25)
    assert owned_price_usd_per_hour(8760, 0.0, 4, 0.0, 876) == pytest.approx(0.35)


def test_break_even() -> None:
    """100 USD against 2 USD saved an hour: 50 hours; never where nothing is saved."""
    assert break_even_hours(100, 1, 3) == 50
    assert break_even_hours(100, 3, 3) == float("inf")


@pytest.mark.parametrize("hours", [0.1, 0.25, 0.55, 1.0, 65 / 60, 1.1, 2.0])
def test_a_window_of_whole_periods_holds_them_all(hours: float) -> None:
    block = Block(start=datetime(2026, 6, 1, tzinfo=UTC), periods=20, period_hours=hours)
    edges = [*block.starts(), block.end]
    for first, last in ((0, 20), (3, 4), (7, 19)):
        assert periods_in_window(block, edges[first], edges[last]) == range(first, last)
        just_inside = edges[last] - timedelta(seconds=1)
        assert periods_in_window(block, edges[first], just_inside) == range(first, last - 1) or last - first == 1


def test_periods_count_real_hours_where_clocks_change() -> None:
    """On 25 October 2026 Berlin has 25 hours: 25 hourly periods end at the next local midnight."""
    berlin = ZoneInfo("Europe/Berlin")
    block = Block(start=datetime(2026, 10, 25, tzinfo=berlin), periods=25)
    assert block.end == datetime(2026, 10, 26, tzinfo=berlin)
    assert len(set(block.starts())) == 25
