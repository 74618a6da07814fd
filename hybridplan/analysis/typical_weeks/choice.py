"""Which weeks stand for the year, how often each occurs, and their demand scaled to the year's total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hybridplan.analysis.typical_weeks import calendar
from hybridplan.analysis.typical_weeks.calendar import WEEK_HOURS, Week
from hybridplan.analysis.typical_weeks.medoids import distances, medoids, nearest_of
from hybridplan.analysis.typical_weeks.rescale import scaled_to_total
from hybridplan.analysis.typical_weeks.year import Floats, Year
from hybridplan.errors import InvalidInput, Issue

MOST_WEEKS: Final = 12


@dataclass(frozen=True)
class TypicalWeek:
    """A week of the year that stands for several: its demand, scaled, and how often it occurs."""

    taken_from: datetime
    """Local start of the real week."""
    start: datetime
    """Local start of the block: the same, or some whole weeks later."""
    weight: float
    """Hours of the year that it stands for / its own hours."""
    stands_for_hours: int
    is_extreme: bool
    units_per_hour: Floats
    """(workloads, hours)."""

    @property
    def hours(self) -> int:
        """Its own hours."""
        return int(self.units_per_hour.shape[1])


@dataclass(frozen=True)
class Choice:
    """The typical weeks in the order of time, and what had to be done about single workloads."""

    weeks: tuple[TypicalWeek, ...]
    averaged: tuple[str, ...]
    """Workloads whose chosen weeks cannot be scaled to the year's total: they get their average week instead."""
    peak_outside: bool
    """The busiest hour lies in days at the edge of the year that make no whole week."""


def choose(
    year: Year, zone: ZoneInfo, scale: Floats, count: int, *, extreme: bool, first_weekday: int, weeks_later: int
) -> Choice:
    """``count`` typical weeks of ``year``; with ``extreme``, the week with its busiest hour is one of them, as it was.

    ``scale`` (workloads,) turns units per hour into accelerators, so that workloads can be added up and weeks compared.
    """
    weeks = calendar.weeks_of(year, zone, first_weekday)
    whole = [i for i, week in enumerate(weeks) if week.is_whole]
    _check(count, len(whole), extreme=extreme)
    load = scale @ year.units_per_hour
    peaks = [float(load[week.first : week.end].max()) for week in weeks]
    kept = max(whole, key=lambda i: (peaks[i], -i)) if extreme else None
    features = _features(year, weeks, zone, scale, first_weekday)
    rest = [i for i in range(len(weeks)) if i != kept]
    hours = np.asarray([weeks[i].hours for i in rest], dtype=float)
    distance = distances(features[rest])
    candidates = [position for position, i in enumerate(rest) if weeks[i].is_whole]
    chosen = medoids(distance, hours, candidates, count - (kept is not None))
    nearest = nearest_of(distance, chosen) if chosen else np.zeros(0, dtype=np.int64)
    stands = {rest[one]: int(hours[nearest == n].sum()) for n, one in enumerate(chosen)}
    if kept is not None:
        stands[kept] = weeks[kept].hours
    placed = [_placed(year, weeks[i], zone, first_weekday, weeks_later) for i in sorted(stands)]
    weights = [stands[i] / values.shape[1] for i, (_, values) in zip(sorted(stands), placed, strict=True)]
    scaled, averaged = _scaled(year, [v for _, v in placed], weights, [i == kept for i in sorted(stands)], features)
    found = [
        TypicalWeek(weeks[i].start, start, weight, stands[i], i == kept, values)
        for i, (start, _), weight, values in zip(sorted(stands), placed, weights, scaled, strict=True)
    ]
    return Choice(tuple(found), averaged, kept is not None and peaks[kept] < max(peaks))


def _check(count: int, whole: int, *, extreme: bool) -> None:
    least = 2 if extreme else 1
    if not least <= count <= MOST_WEEKS:
        why = " (the busiest week and one for the rest)" if extreme else ""
        raise InvalidInput([Issue("weeks", f"must be from {least}{why} to {MOST_WEEKS}", str(count), "weeks")])
    if count > whole:
        mend = "Give more weeks of demand, or choose fewer typical weeks."
        raise InvalidInput([Issue("weeks", f"the year holds only {whole} whole weeks", str(count), "weeks", mend)])


def _features(year: Year, weeks: list[Week], zone: ZoneInfo, scale: Floats, first_weekday: int) -> Floats:
    """(weeks, workloads, 168) demand in accelerators by the local clock; NaN where the year has no such hour."""
    out = np.full((len(weeks), len(scale), WEEK_HOURS), np.nan)
    for i, week in enumerate(weeks):
        places = calendar.hour_of_week(year, week, zone, first_weekday)
        out[i] = calendar.on_the_clock(year.units_per_hour[:, week.first : week.end], places)
    return out * scale[None, :, None]


def _placed(year: Year, week: Week, zone: ZoneInfo, first_weekday: int, weeks_later: int) -> tuple[datetime, Floats]:
    """Start and demand of a week moved by whole weeks; where clocks change in one of the two, by the local clock."""
    values = year.units_per_hour[:, week.first : week.end]
    if not weeks_later:
        return week.start, values
    first, after = (
        (week.start.replace(tzinfo=None) + timedelta(days=7 * weeks_later + days)).replace(tzinfo=zone)
        for days in (0, 7)
    )
    hours = round((after.timestamp() - first.timestamp()) / 3600)
    moved = Year(year.workloads, first.astimezone(UTC), np.zeros((1, hours)))
    places = calendar.hour_of_week(moved, Week(0, hours, first, True), zone, first_weekday)
    by_clock = calendar.on_the_clock(values, calendar.hour_of_week(year, week, zone, first_weekday))
    return first.astimezone(zone), _filled(by_clock)[:, places]


def _filled(by_clock: Floats) -> Floats:
    """Places of the clock that a week does not have take the value before them."""
    out = by_clock.copy()
    for place in range(1, out.shape[1]):
        out[:, place] = np.where(np.isnan(out[:, place]), out[:, place - 1], out[:, place])
    return out


def _scaled(
    year: Year, values: list[Floats], weights: list[float], is_kept: list[bool], features: Floats
) -> tuple[list[Floats], tuple[str, ...]]:
    """The weeks with each workload scaled to its total over the year; the busiest week stays as it was."""
    open_ = [i for i, kept in enumerate(is_kept) if not kept]
    if not open_:
        return values, ()
    out = [one.astype(float) for one in values]
    lengths = [values[i].shape[1] for i in open_]
    weight = np.repeat([weights[i] for i in open_], lengths)
    averaged = []
    for w, name in enumerate(year.workloads):
        whole, kept = (
            year.units_per_hour[w],
            sum(weights[i] * values[i][w].sum() for i in range(len(out)) if is_kept[i]),
        )
        total, most = float(whole.sum()) - float(kept), float(whole.max())
        row = scaled_to_total(np.concatenate([values[i][w] for i in open_]), weight, total, most)
        if row is None:
            averaged.append(name)
            row = scaled_to_total(_average(features[:, w], lengths), weight, total, most)
        if row is None:
            row = np.full(len(weight), total / float(weight.sum()))
        for i, part in zip(open_, np.split(row, np.cumsum(lengths)[:-1]), strict=True):
            out[i][w] = part
    return out, tuple(averaged)


def _average(by_clock: Floats, lengths: list[int]) -> Floats:
    """The mean week of one workload (any unit), once for each of the open weeks."""
    known = np.isfinite(by_clock)
    mean = np.where(known, by_clock, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.concatenate([np.resize(mean, length) for length in lengths])


def totals_of(weeks: tuple[TypicalWeek, ...], of: npt.NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Load of each hour of the weeks, workloads added up with the factors ``of``, and the hours it stands for."""
    rate = np.concatenate([of @ week.units_per_hour for week in weeks])
    return rate, np.concatenate([np.full(week.hours, week.weight) for week in weeks])
