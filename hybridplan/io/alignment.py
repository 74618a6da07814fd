"""Hourly demand onto the periods of a horizon: as it is, or repeated, stretched or padded by explicit choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

ShortTrace = Literal["repeat", "scale", "pad"]

CHOICES: Final = {
    "repeat": "begin again from its first hour",
    "scale": "stretch it over the whole horizon, rates kept",
    "pad": "no demand after its end",
}


class ShortTraceFault(ValueError):
    """The trace is shorter than the horizon and nothing was chosen; the message says what is missing."""


def fit(hourly: Sequence[float], period_hours: Sequence[float], short_trace: ShortTrace | None) -> list[float]:
    """Mean rate of an hourly series in each of consecutive periods (lengths in hours).

    A series that is longer than the periods is cut. A shorter one needs a choice: ``repeat`` begins again, ``scale``
    stretches the series in time over all periods (rates kept), ``pad`` continues with 0. Raises
    :class:`ShortTraceFault` without one, and for an empty series.
    """
    total = sum(period_hours)
    if not hourly:
        raise ShortTraceFault("the trace holds no hour with data")
    if len(hourly) + 1e-9 < total and short_trace is None:
        missing = _periods_beyond(period_hours, len(hourly))
        raise ShortTraceFault(
            f"the trace covers {len(hourly):,} of {total:,.10g} hours, so {missing:,} of {len(period_hours):,} periods "
            f"are missing; choose repeat ({CHOICES['repeat']}), scale ({CHOICES['scale']}) or pad ({CHOICES['pad']})"
        )
    speed = len(hourly) / total if short_trace == "scale" and len(hourly) < total else 1.0
    sums = [0.0]
    for rate in hourly:
        sums.append(sums[-1] + rate)
    values, start = [], 0.0
    for length in period_hours:
        end = start + length * speed
        values.append(_mean(hourly, sums, start, end, repeat=short_trace == "repeat"))
        start = end
    return values


def _periods_beyond(period_hours: Sequence[float], covered: float) -> int:
    end, beyond = 0.0, 0
    for length in period_hours:
        end += length
        beyond += end > covered + 1e-9
    return beyond


def _mean(hourly: Sequence[float], sums: list[float], start: float, end: float, *, repeat: bool) -> float:
    first, last = round(start), round(end)
    if last - first == 1 and abs(start - first) < 1e-9 and abs(end - last) < 1e-9:
        # Whole hours keep their value to the last digit; differences of running sums would not.
        position = first % len(hourly) if repeat else first
        return float(hourly[position]) if position < len(hourly) else 0.0
    area = _integral(hourly, sums, end, repeat=repeat) - _integral(hourly, sums, start, repeat=repeat)
    return max(0.0, area / (end - start))


def _integral(hourly: Sequence[float], sums: list[float], until: float, *, repeat: bool) -> float:
    rounds, rest = divmod(until, len(hourly)) if repeat else (0.0, min(until, float(len(hourly))))
    whole = min(int(rest), len(hourly))
    part = (rest - whole) * hourly[whole] if whole < len(hourly) else 0.0
    return rounds * sums[-1] + sums[whole] + part
