"""Units and their conversions: one place, so that no factor is typed twice."""

from __future__ import annotations

from typing import Final, Literal

HOURS_PER_YEAR: Final = 8760.0
HOURS_PER_MONTH: Final = 730.0
GB_PER_HOUR_PER_GBPS: Final = 450.0
"""1 Gbit/s = 1e9 / 8 bytes/s = 0.125 GB/s = 450 GB/h (decimal gigabytes)."""
MINUTES_PER_HOUR: Final = 60.0
MS_PER_SECOND: Final = 1000.0
GRAMS_PER_TONNE: Final = 1e6

MAGNITUDE_MIN: Final = 1e-6
MAGNITUDE_MAX: Final = 1e9
"""Numbers outside [MAGNITUDE_MIN, MAGNITUDE_MAX] (0 apart) are refused: beyond them solvers lose digits."""


def gb_per_hour(gbps: float) -> float:
    """Bandwidth in GB per hour of a link of ``gbps`` gigabits per second."""
    return gbps * GB_PER_HOUR_PER_GBPS


def per_year(amount: float, plan_hours: float) -> float:
    """Scale an amount over ``plan_hours`` to a year of 8,760 hours."""
    return amount * HOURS_PER_YEAR / plan_hours


def of_horizon(amount: float, per: Literal["horizon", "year"], plan_hours: float) -> float:
    """What an amount stated for the horizon, or per year of 8,760 hours, is for ``plan_hours``."""
    return amount * (plan_hours / HOURS_PER_YEAR if per == "year" else 1.0)


def per_hour(amount: float, plan_hours: float) -> float:
    """Scale an amount over ``plan_hours`` to one hour."""
    return amount / plan_hours
