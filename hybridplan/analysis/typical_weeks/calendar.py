"""The year cut into weeks of local time; a week in which clocks change has 167 or 169 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hybridplan.analysis.typical_weeks.year import HOUR_S, Floats, Year

WEEK_HOURS: Final = 168


@dataclass(frozen=True)
class Week:
    """Hours ``first`` to ``end`` (exclusive) of the year, from the local start of the week's first day in it."""

    first: int
    end: int
    start: datetime
    """Local time, with its offset."""
    is_whole: bool
    """All seven days lie in the year."""

    @property
    def hours(self) -> int:
        """Number of hours, 167 to 169 in a whole week."""
        return self.end - self.first


def weeks_of(year: Year, zone: ZoneInfo, first_weekday: int = 0) -> list[Week]:
    """Every week that has an hour in the year, from midnight of ``first_weekday`` (0: Monday) in ``zone``."""
    begin = year.start.astimezone(zone)
    day = begin.date() - timedelta(days=(begin.weekday() - first_weekday) % 7)
    out = list[Week]()
    while (first := _hour(year, day, zone)) < year.hours:
        following = day + timedelta(days=7)
        end = _hour(year, following, zone)
        inside = max(first, 0), min(end, year.hours)
        start = (year.start + timedelta(hours=inside[0])).astimezone(zone)
        out.append(Week(*inside, start, (first, end) == inside))
        day = following
    return [week for week in out if week.hours > 0]


def _hour(year: Year, day: date, zone: ZoneInfo) -> int:
    """Number of the hour of the year at which a local day begins; zones of half hours begin with the next full one."""
    midnight = datetime.combine(day, time(), zone)
    return -int((year.start - midnight.astimezone(UTC)).total_seconds() // HOUR_S)


def hour_of_week(year: Year, week: Week, zone: ZoneInfo, first_weekday: int = 0) -> npt.NDArray[np.int64]:
    """For each hour of the week its place on the local clock, 0 to 167."""
    moments = ((year.start + timedelta(hours=hour)).astimezone(zone) for hour in range(week.first, week.end))
    return np.asarray([((m.weekday() - first_weekday) % 7) * 24 + m.hour for m in moments], dtype=np.int64)


def on_the_clock(values: Floats, places: npt.NDArray[np.int64]) -> Floats:
    """(W, hours) values as (W, 168) by the local clock: two hours on one place are averaged, absent places NaN."""
    counts = np.bincount(places, minlength=WEEK_HOURS).astype(float)
    sums = np.stack([np.bincount(places, weights=row, minlength=WEEK_HOURS) for row in values])
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Floats = sums / counts
    return out
