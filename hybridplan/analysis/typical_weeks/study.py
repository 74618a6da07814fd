"""Typical weeks from a year of demand: choose, scale, judge, and write them into the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from hybridplan.analysis.demand import fastest_units_per_hour
from hybridplan.analysis.typical_weeks.choice import Choice, choose, totals_of
from hybridplan.analysis.typical_weeks.document import Document, pattern_of, with_weeks
from hybridplan.analysis.typical_weeks.pattern import Pattern
from hybridplan.analysis.typical_weeks.quality import ALL, ERROR_COLUMNS, Load, duration_table, error_row
from hybridplan.analysis.typical_weeks.year import Floats, Year, raise_any, read_year
from hybridplan.domain import Scenario, require
from hybridplan.errors import Issue

WEEK_COLUMNS = ("block", "start", "taken_from", "hours", "weight", "stands_for_hours", "is_extreme")


@dataclass(frozen=True)
class TypicalWeeks:
    """What came out: the scenario with the weeks as its blocks, and what they get wrong about the year."""

    document: Document
    """The scenario with the new blocks, as plain values."""
    weeks: pd.DataFrame
    """WEEK_COLUMNS: start of the block and of the real week in local time, how often it occurs."""
    errors: pd.DataFrame
    """ERROR_COLUMNS by workload, in its unit; the row "" is all of them together. Shares of the year's total, of its
    peak, of its mean (mean difference of the load-duration curves) and of its peak (largest difference)."""
    load_duration: pd.DataFrame
    """All workloads together: series (year or weeks), from_hour, to_hour, load; highest first."""
    year_hours: int
    year_start: datetime
    year_end: datetime
    """First and last hour of the year, in local time."""
    unit: str
    """Of ``load_duration`` and of the row "": accelerators; else times the mean, where no pool can serve any."""
    averaged: tuple[str, ...]
    """Workloads that got their average week, since no scaled real week can have their total."""
    peak_outside: bool
    """The busiest hour lies in days at the edge of the year that make no whole week, so no week has it."""

    @property
    def scenario(self) -> Scenario:
        """The new scenario, checked. Raises :class:`InvalidInput` with every error."""
        return require(self.document)


def typical_weeks(
    scenario: Scenario,
    year: pd.DataFrame | Iterable[Mapping[str, Any]],
    weeks: int = 4,
    *,
    extreme: bool = False,
    weeks_later: int = 0,
    source: str = "",
) -> TypicalWeeks:
    """The scenario with ``weeks`` (1 to 12) typical weeks of ``year`` as its blocks, weights and all.

    ``year``: hourly demand in the long form, columns workload_id, period_start (with offset) and value (units per
    hour), of rigid workloads. Weeks begin at local midnight of the weekday on which the scenario's first block begins;
    a week in which clocks change has 167 or 169 hours, and days at the edges that make no whole week count as part of
    the week nearest to them. The weeks are real ones (k-medoids), the same for the same year whatever the order of its
    rows; each workload is scaled so that sum of weight x demand is its total of the year and no hour is above its peak.
    ``extreme``: the week with the busiest hour is one of them, not scaled, with weight 1. sum of weight x hours = hours
    of the year. ``weeks_later``: the blocks start so many weeks after the weeks of the year (52: next year). Raises
    :class:`InvalidInput` for a year with gaps or of other workloads.
    """
    zone = ZoneInfo(scenario.horizon.time_zone)
    patterns = pattern_of(scenario.horizon.blocks, zone)
    read = read_year(_records(year))
    raise_any(_strangers(scenario, read))
    scale, unit = _scale(scenario, read)
    weekday = next(iter(patterns.values())).block.start.astimezone(zone).weekday()
    choice = choose(read, zone, scale, weeks, extreme=extreme, first_weekday=weekday, weeks_later=weeks_later)
    return _result(scenario.to_dict(), patterns, read, choice, scale, unit, source)


def _records(year: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    if not isinstance(year, pd.DataFrame):
        return year
    raise_any(
        Issue(f"year.{name}", "the column is missing", mend="Give workload_id, period_start and value.")
        for name in ("workload_id", "period_start", "value")
        if name not in year
    )
    return cast("list[Mapping[str, Any]]", year.to_dict("records"))


def _result(
    document: Document,
    patterns: Mapping[str, Pattern],
    year: Year,
    choice: Choice,
    scale: Floats,
    unit: str,
    source: str,
) -> TypicalWeeks:
    loads = {name: np.eye(len(scale))[w] for w, name in enumerate(year.workloads)} | {ALL: scale}
    pairs = {
        name: (Load(of @ year.units_per_hour, np.ones(year.hours)), Load(*totals_of(choice.weeks, of)))
        for name, of in loads.items()
    }
    new = with_weeks(document, patterns, year.workloads, choice.weeks, source)
    blocks, zone = list(new["horizon"]["blocks"]), next(iter(patterns.values())).zone
    rows = [
        (key, one.start, one.taken_from, one.hours, one.weight, one.stands_for_hours, one.is_extreme)
        for key, one in zip(blocks, choice.weeks, strict=True)
    ]
    return TypicalWeeks(
        new,
        pd.DataFrame(rows, columns=list(WEEK_COLUMNS)),
        pd.DataFrame([error_row(name, *pair) for name, pair in pairs.items()], columns=list(ERROR_COLUMNS)),
        duration_table(*pairs[ALL]),
        year.hours,
        year.start.astimezone(zone),
        (year.start + timedelta(hours=year.hours - 1)).astimezone(zone),
        unit,
        choice.averaged,
        choice.peak_outside,
    )


def _strangers(scenario: Scenario, year: Year) -> Iterable[Issue]:
    for name in year.workloads:
        work = scenario.workloads.get(name)
        if work is None:
            yield Issue(f"year.{name}", "the scenario has no workload with this id", mend="Correct the id, or add it.")
        elif work.flexibility == "deferrable":
            mend = "Leave it out: its windows are taken over, week by week."
            yield Issue(f"year.{name}", "is deferrable, so it has windows and no hourly demand", mend=mend)


def _scale(scenario: Scenario, year: Year) -> tuple[Floats, str]:
    """Accelerators per unit and hour on the fastest SKU there is; 0 where no pool serves a workload."""
    speeds = [fastest_units_per_hour(scenario, scenario.workloads[name]) for name in year.workloads]
    if any(speeds):
        return np.asarray([1.0 / speed if speed else 0.0 for speed in speeds]), "accelerators"
    means = year.units_per_hour.mean(axis=1)
    return np.divide(1.0, means, out=np.zeros_like(means), where=means > 0), "times the mean"
