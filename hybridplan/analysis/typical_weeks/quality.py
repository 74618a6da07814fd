"""What typical weeks get wrong about the year: total, peak, and the load-duration curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis.typical_weeks.year import Floats

ALL: Final = ""
"""In place of a workload: all of them together, in accelerators."""
ERROR_COLUMNS: Final = (
    "workload",
    "year_total",
    "weeks_total",
    "total_error_share",
    "year_peak",
    "weeks_peak",
    "peak_error_share",
    "curve_mean_error_share",
    "curve_max_error_share",
)


@dataclass(frozen=True)
class Load:
    """Load by hour and how many hours of the year each stands for."""

    rate: Floats
    hours: Floats

    @property
    def total(self) -> float:
        """Sum of rate x hours."""
        return float(self.rate @ self.hours)

    @property
    def peak(self) -> float:
        """Highest rate of any hour."""
        return float(self.rate.max(initial=0.0))

    def duration(self) -> tuple[Floats, Floats]:
        """Hours passed at the end of each step, and the rate of each step, highest first."""
        order = np.argsort(-self.rate, kind="stable")
        return np.cumsum(self.hours[order]), self.rate[order]


def curve_differences(year: Load, weeks: Load) -> tuple[float, float]:
    """Mean over the hours, and largest, of the absolute difference of the two load-duration curves."""
    (until_a, rate_a), (until_b, rate_b) = year.duration(), weeks.duration()
    edges = np.union1d(until_a, until_b)
    widths = np.diff(edges, prepend=0.0)
    middle = edges - widths / 2
    a = rate_a[np.minimum(np.searchsorted(until_a, middle), len(rate_a) - 1)]
    b = rate_b[np.minimum(np.searchsorted(until_b, middle), len(rate_b) - 1)]
    # Sums of weights differ from whole hours by rounding: such slivers between two steps are no difference.
    wide = widths > 1e-6
    gap = np.abs(a - b)[wide]
    return float(gap @ widths[wide] / widths[wide].sum()), float(gap.max(initial=0.0))


def error_row(name: str, year: Load, weeks: Load) -> tuple[str | float, ...]:
    """ERROR_COLUMNS of one workload, or of all: shares of the year's total, peak, mean and peak, in this order."""
    mean, largest = curve_differences(year, weeks)
    average = year.total / float(year.hours.sum())
    return (
        name,
        year.total,
        weeks.total,
        _share(weeks.total - year.total, year.total),
        year.peak,
        weeks.peak,
        _share(weeks.peak - year.peak, year.peak),
        _share(mean, average),
        _share(largest, year.peak),
    )


def duration_table(year: Load, weeks: Load) -> pd.DataFrame:
    """Both load-duration curves as steps: ``series`` (year or weeks), ``from_hour``, ``to_hour``, ``load``."""
    parts = []
    for series, load in (("year", year), ("weeks", weeks)):
        until, rate = load.duration()
        parts.append(
            pd.DataFrame({"series": series, "from_hour": np.r_[0.0, until[:-1]], "to_hour": until, "load": rate})
        )
    return pd.concat(parts, ignore_index=True)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0 if part == 0 else float("inf")
