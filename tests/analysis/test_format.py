"""Numbers as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from hybridplan.analysis import format as fmt
from hybridplan.domain import DisplayCurrency

USD = DisplayCurrency()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (127.4, "127"),
        (3.1, "3.10"),
        (1234.5, "1,230"),
        (999_999.0, "1 million"),
        (1_234_567.0, "1.23 million"),
        (-12.34, "−12.3"),
        (0.0031234, "0.00312"),
        (9.999, "10"),
        (99.96, "100"),
        (45.0, "45"),
        (8.0, "8"),
        (2.5e9, "2.50 billion"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_numbers_have_three_significant_digits(value: float, text: str) -> None:
    assert fmt.number(value) == text


def test_money_is_shown_in_the_display_currency() -> None:
    """100 USD at 0.92 EUR per USD are 92 EUR."""
    assert fmt.money(127.4, USD) == "127 USD"
    assert fmt.money(100.0, DisplayCurrency(code="EUR", units_per_usd=0.92)) == "92 EUR"


def test_money_per_hour_and_year() -> None:
    """168 USD a week are 1 USD per hour and 8,760 USD per year."""
    assert fmt.per_period(168.0, 168.0, "plan") == 168.0
    assert fmt.per_period(168.0, 168.0, "hour") == 1.0
    assert fmt.per_period(168.0, 168.0, "year") == 8760.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (0.05, "5 %"),
        (0.1234, "12.3 %"),
        (1.0, "100 %"),
        (0.99951, "more than 99.9 %"),
        (0.0000123, "0.00123 %"),
        (-0.05, "−5 %"),
        (float("nan"), "–"),
    ],
)
def test_shares_never_round_to_none_or_all(value: float, text: str) -> None:
    assert fmt.share(value) == text


@pytest.mark.parametrize(("value", "text"), [(8.2e-9, "8e-9"), (0.0, "0"), (3e-13, "3e-13"), (float("nan"), "–")])
def test_residuals(value: float, text: str) -> None:
    assert fmt.tiny(value) == text


def test_words_for_time_and_lists() -> None:
    assert fmt.hours(1) == "1 hour"
    assert fmt.hours(41) == "41 hours"
    assert fmt.span(168.0) == "the week"
    assert fmt.span(336.0) == "the 2 weeks"
    assert fmt.span(4 * 13 * 168.0) == "the 52 weeks"
    assert fmt.span(8760.000000000002) == "the year", "weights of typical weeks are fractions"
    assert fmt.is_year(8760.000000000002)
    assert not fmt.is_year(52 * 168)
    assert fmt.span(72.0) == "the 3 days"
    assert fmt.span(30.0) == "the 30 hours planned"
    assert fmt.whole_span(168.0) == "the whole week"
    assert fmt.whole_span(336.0) == "all 2 weeks"
    assert fmt.whole_span(4.0) == "all 4 hours planned"
    assert fmt.day(date(2026, 3, 2)) == "2 Mar 2026"
    assert fmt.listed([]) == ""
    assert fmt.listed(["a", "b", "c"]) == "a, b and c"
    assert fmt.listed(["a", "b"], "or") == "a or b"
    assert fmt.shortened(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_exact_keeps_all_digits() -> None:
    assert float(fmt.exact(0.1 + 0.2)) == 0.1 + 0.2
    assert fmt.exact(float("nan")) == "–"


def test_precise_keeps_ten_digits() -> None:
    assert fmt.precise(0.1 + 0.2) == "0.3"
    assert fmt.precise(57660.54469991405) == "57,660.5447"
    assert fmt.precise(float("nan")) == "–"


def test_counts() -> None:
    assert fmt.count(1204.0) == "1,204"
    assert fmt.count(62.53) == "62.5"
    assert fmt.count(-0.001) == "0"
    assert fmt.count(float("nan")) == "–"
