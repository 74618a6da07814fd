"""Numbers as people read them: money, shares, counts and hours, always with their unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from hybridplan.domain import DisplayCurrency
from hybridplan.units import HOURS_PER_YEAR, per_hour, per_year

LOCALE: Final = "en"
SIGNIFICANT_DIGITS: Final = 3
NO_VALUE: Final = "–"
MINUS: Final = "−"

Period = Literal["plan", "hour", "year"]
PERIODS: Final[tuple[Period, ...]] = ("plan", "hour", "year")

_SCALES: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def per_period(usd: float, plan_hours: float, period: Period) -> float:
    """An amount over ``plan_hours`` as it is (plan), per hour (/ plan_hours) or per year (x 8,760 / plan_hours)."""
    if period == "hour":
        return per_hour(usd, plan_hours)
    if period == "year":
        return per_year(usd, plan_hours)
    return usd


def round_significant(value: float, digits: int = SIGNIFICANT_DIGITS) -> float:
    """``value`` with that many significant digits; 0 stays 0."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def number(value: float, digits: int = SIGNIFICANT_DIGITS) -> str:
    """Three significant digits with grouping: 1,230; 0.0312; 1.23 million. A dash where there is no number."""
    if not math.isfinite(value):
        return NO_VALUE
    rounded = round_significant(value, digits)
    sign = MINUS if rounded < 0 else ""
    size = abs(rounded)
    for scale, word in _SCALES:
        if size >= scale:
            return f"{sign}{_decimals(size / scale, digits)} {word}"
    return sign + _decimals(size, digits)


def money(usd: float, currency: DisplayCurrency) -> str:
    """US dollars in the display currency with three significant digits: ``127 USD``, ``1.23 million EUR``."""
    return f"{number(usd * currency.units_per_usd)} {currency.code}"


def count(value: float) -> str:
    """A count to one decimal place at most: 214; 62.5; 1,204."""
    if not math.isfinite(value):
        return NO_VALUE
    rounded = round(value, 1) + 0.0
    text = format_decimal(abs(rounded), format="#,##0.#", locale=LOCALE)
    return (MINUS if rounded < 0 else "") + str(text)


def share(value: float) -> str:
    """A share as per cent: 12.3 %; below 0.1 % three significant digits; never 0 % or 100 % where it is not."""
    if not math.isfinite(value):
        return NO_VALUE
    percent = value * 100
    if 0 < abs(percent) < 0.1:
        return f"{number(percent)} %"
    if 99.9 < percent < 99.9995:
        return "more than 99.9 %"
    text = format_decimal(abs(round(percent, 1)), format="#,##0.#", locale=LOCALE)
    return f"{MINUS if percent < 0 else ''}{text} %"


def availability(value: float) -> str:
    """A share close to 1 with as many nines as it has: 97 %; 99.953 %; 100 % only where nothing lacks."""
    if not value >= 0.9:
        return share(value)
    lacks = (1 - value) * 100
    if lacks < 5e-10:
        return "100 %"
    places = min(max(1 - math.floor(math.log10(lacks)), 0), 8)
    digits = f"{value * 100:.{places}f}"
    return f"{digits.rstrip('0').rstrip('.') if places else digits} %"


def hours(value: float) -> str:
    """``1 hour``, ``41 hours``, ``0.5 hours``."""
    return f"{count(value)} {'hour' if value == 1 else 'hours'}"


def years(value: float) -> str:
    """A length of time: ``9 months``, ``4 years``, ``2.24 years``; in months below two years, where it is no year."""
    if value < 2 and value != 1:
        text = count(value * 12)
        return f"{text} {'month' if text == '1' else 'months'}"
    text = number(value)
    return f"{text} {'year' if text == '1' else 'years'}"


def tiny(value: float) -> str:
    """A residual or gap: ``8e-9``; 0 for 0."""
    if not math.isfinite(value):
        return NO_VALUE
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def exact(value: float) -> str:
    """All digits that tell this number from its neighbours, with grouping left out."""
    return repr(float(value)) if math.isfinite(value) else NO_VALUE


def precise(value: float) -> str:
    """Ten significant digits, for figures that are held against each other: 57,660.5447."""
    return f"{float(value):,.10g}" if math.isfinite(value) else NO_VALUE


def day(value: date) -> str:
    """A date: 24 Nov 2026."""
    return str(format_date(value, format="d MMM y", locale=LOCALE))


_SPANS: Final = {1.0: "hour", 24.0: "day", 168.0: "week", 8760.0: "year", 8784.0: "leap year"}


def span(plan_hours: float) -> str:
    """What a plan covers, in words: ``the week``, ``the 13 weeks``, ``the year``, ``the 30 hours planned``."""
    named = _SPANS.get(_tidy(plan_hours))
    return f"the {named}" if named else f"the {_several(_tidy(plan_hours))}"


def is_year(plan_hours: float) -> bool:
    """Whether the horizon is a year of 8,760 hours, so that its amounts are those per year already."""
    return _tidy(plan_hours) == HOURS_PER_YEAR


def whole_span(plan_hours: float) -> str:
    """The same, all of it: ``the whole week``, ``all 13 weeks``, ``all 30 hours planned``."""
    named = _SPANS.get(_tidy(plan_hours))
    return f"the whole {named}" if named else f"all {_several(_tidy(plan_hours))}"


def _tidy(plan_hours: float) -> float:
    """Weights that are fractions sum to whole hours up to rounding only."""
    return round(float(plan_hours), 6)


def _several(plan_hours: float) -> str:
    for length, word in ((168, "weeks"), (24, "days")):
        if plan_hours % length == 0 and plan_hours > length:
            return f"{count(plan_hours / length)} {word}"
    return f"{count(plan_hours)} hours planned"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def shortened(items: Sequence[str], most: int = 3) -> str:
    """Like :func:`listed`, with the rest counted: ``a, b, c and 4 more``."""
    if len(items) <= most:
        return listed(items)
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def _decimals(size: float, digits: int) -> str:
    """A number that is already rounded: whole numbers as they are, others padded to ``digits`` (3.10)."""
    if size == 0:
        return "0"
    if size == int(size):
        return str(format_decimal(size, format="#,##0", locale=LOCALE))
    places = max(0, digits - 1 - math.floor(math.log10(size)))
    return str(format_decimal(size, format=f"#,##0.{'0' * places}" if places else "#,##0", locale=LOCALE))
