"""Texts that are numbers, and texts that are not, or not surely."""

from __future__ import annotations

import pytest

from hybridplan.ui.editors.cells import number, text_of, time


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", 8),
        ("-3", -3),
        ("0.10", 0.1),
        (".01", 0.01),
        ("1e-3", 0.001),
        ("$2.50", 2.5),
        ("2.50 USD", 2.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567),
        ("\u00a07 ", 7),
    ],
)
def test_a_plain_number_is_read(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["1,5", "1,234", "12k", "1.2.3", "nan", "inf", "1e999", "0x10", "5%", "1 000", "١٢", "9" * 41, "=1+1"]
)
def test_what_is_no_plain_number_or_could_be_two_stays_text(text: str) -> None:
    """1,234 is 1234 in English and 1.234 in German."""
    assert number(text) == text


def test_a_percentage_is_a_share_only_where_shares_are_asked_for() -> None:
    """5 / 100 = 0.05 exactly as typed 0.05; 7 / 100 = 0.07, where 7 x 0.01 is 0.07000000000000001."""
    assert number("5%", is_share=True) == 0.05
    assert number("7 %", is_share=True) == 0.07
    assert number("0.05", is_share=True) == 0.05


def test_numbers_are_shown_with_all_their_digits() -> None:
    assert [text_of(v) for v in (64, 64.0, 0.1 + 0.2, 1e-06, True, None, float("nan"), ["a", "b"])] == [
        "64",
        "64",
        "0.30000000000000004",
        "1e-06",
        "true",
        "",
        "",
        "a, b",
    ]


def test_times() -> None:
    """Berlin is +01:00 in winter and +02:00 in summer."""
    assert time("2026-01-05 09:00", "Europe/Berlin") == "2026-01-05T09:00:00+01:00"
    assert time("2026-06-01T00:00Z", "Europe/Berlin") == "2026-06-01T00:00:00+00:00"
    assert time("2026-06-01T00:00", "Nowhere/Town") == "2026-06-01T00:00"
    assert time("tomorrow", "UTC") == "tomorrow"
