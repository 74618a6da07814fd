"""Numbers and times from text: what is read, what is refused, and that nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.io.alignment import ShortTraceFault, fit
from hybridplan.io.numbers import parse_money, parse_number
from hybridplan.io.times import date_in_name, is_naive, parse_time


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), ("1.5", 1.5), (".5", 0.5), ("-2.", -2.0), ("1e-3", 0.001), (" 7 ", 7.0), ("+3", 3.0)],
)
def test_plain_numbers(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "1,5", "1_0", "0x1", "１", "٣", "−1", "NaN", "inf", "1e999", "1 000", "$1", "1e", "--1"]
)
def test_what_is_no_plain_number_gives_a_reason(text: str) -> None:
    assert isinstance(parse_number(text), str)


def test_the_decimal_comma_is_a_choice() -> None:
    assert parse_number("1,5", ",") == 1.5
    assert isinstance(parse_number("1.5", ","), str)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_is_written_in_full_is_read_back(value: float) -> None:
    assert parse_number(repr(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$0.204 hourly", 0.204),
        ("$1,234.50", 1234.5),
        ("USD 2.5", 2.5),
        ("2.5 USD", 2.5),
        ("3.06/hr", 3.06),
        ("$50,000.00 ", 50000.0),
        ("-$4", -4.0),
    ],
)
def test_prices_as_text(text: str, value: float) -> None:
    assert parse_money(text) == value


@pytest.mark.parametrize(
    "text", ["unavailable", "€3", "3 EUR", "£1", "¥5", "1,23", "12,34,567", "free", "", "10 GPUs", "1.2.3"]
)
def test_prices_that_are_none_give_a_reason(text: str) -> None:
    assert isinstance(parse_money(text), str)


def test_prices_as_text_with_a_decimal_comma() -> None:
    assert parse_money("$1.234,50", ",") == 1234.5


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-840, 840))
def test_every_instant_is_read_back(naive: datetime, minutes: int) -> None:
    offset = timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    text = f"{naive.isoformat()}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    assert parse_time(text) == (naive - offset).replace(tzinfo=UTC)
    assert not is_naive(text)


def test_times_without_offset_need_a_zone() -> None:
    assert isinstance(parse_time("2026-06-01 12:00"), str)
    assert is_naive("2026-06-01 12:00")
    assert parse_time("2026-06-01 12:00", "Europe/Berlin") == datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "skipped", "hours"), [("2026-03-29", True, 23), ("2026-10-25", False, 25), ("2026-06-01", False, 24)]
)
def test_days_on_which_the_clocks_change(day: str, skipped: bool, hours: int) -> None:
    """Berlin skips 02:30 on 29 March 2026 and has it twice on 25 October; neither names one instant."""
    at_half_past_two = parse_time(f"{day} 02:30", "Europe/Berlin")
    assert isinstance(at_half_past_two, str) == (hours != 24)
    if skipped:
        assert "does not exist" in str(at_half_past_two)
    start = parse_time(f"{day} 00:00", "Europe/Berlin")
    end = parse_time(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00", "Europe/Berlin")
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("azure_2026-05-20.csv", date(2026, 5, 20)),
        ("latency_2022-04.csv", date(2022, 4, 1)),
        ("x_20260520.csv", date(2026, 5, 20)),
        ("part_4_of_2026.csv", None),
        ("x.csv", None),
    ],
)
def test_the_date_in_a_file_name(name: str, found: date | None) -> None:
    assert date_in_name(name) == found


def test_whole_hours_keep_their_value_and_a_long_trace_is_cut() -> None:
    assert fit([0.1, 0.2, 0.3], [1.0, 1.0], None) == [0.1, 0.2]


def test_longer_and_shorter_periods_take_means() -> None:
    """Two hours at 10 and 20 make one period of two hours at 15; half hours keep the rate of their hour."""
    assert fit([10, 20], [2.0], None) == [15]
    assert fit([10, 20], [0.5] * 4, None) == [10, 10, 20, 20]


def test_a_short_trace_needs_a_choice_and_the_message_counts() -> None:
    with pytest.raises(ShortTraceFault, match=r"2 of 5 hours, so 3 of 5 periods are missing"):
        fit([1, 2], [1.0] * 5, None)
    assert fit([1, 2], [1.0] * 5, "repeat") == [1, 2, 1, 2, 1]
    assert fit([1, 2], [1.0] * 5, "pad") == [1, 2, 0, 0, 0]
    assert fit([1, 2], [1.0] * 4, "scale") == pytest.approx([1, 1, 2, 2])


@given(
    hourly=st.lists(st.floats(0, 1e6), min_size=1, max_size=30),
    lengths=st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=30),
)
def test_stretching_keeps_the_mean_rate(hourly: list[float], lengths: list[float]) -> None:
    """``scale``: sum of rate x length over the periods / their length = mean of the trace."""
    total = sum(lengths)
    if len(hourly) >= total:
        return
    values = fit(hourly, lengths, "scale")
    mean = sum(value * length for value, length in zip(values, lengths, strict=True)) / total
    assert mean == pytest.approx(sum(hourly) / len(hourly), rel=1e-6, abs=1e-6)
