"""Demand over a year: rows of the long form as one value per workload and hour, whole, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.domain.horizon import EARLIEST, LATEST
from hybridplan.errors import InvalidInput, Issue

Floats = npt.NDArray[np.float64]

HOUR_S: Final = 3600
LONGEST_STEP_S: Final = 24 * HOUR_S
LONGEST_HOURS: Final = 3 * 8784
"""Three years; more is a fault of the times."""


@dataclass(frozen=True)
class Year:
    """Hourly demand: ``units_per_hour`` (workloads, hours) from the hour that begins at ``start`` (UTC) on, no gaps."""

    workloads: tuple[str, ...]
    start: datetime
    units_per_hour: Floats

    @property
    def hours(self) -> int:
        """Number of hours."""
        return int(self.units_per_hour.shape[1])


def read_year(rows: Iterable[Mapping[str, Any]]) -> Year:
    """Rows with ``workload_id``, ``period_start`` (with offset) and ``value`` (units per hour), in any order.

    Periods shorter than an hour are averaged, longer ones (up to a day) hold in each of their hours. All workloads must
    cover the same whole hours, each once. Raises :class:`InvalidInput` with every workload that does not.
    """
    frame = pd.DataFrame([(row["workload_id"], row["period_start"], row["value"]) for row in rows])
    if frame.empty:
        raise InvalidInput([Issue("year", "holds no demand", mend="Give workload_id, period_start and value.")])
    frame.columns = pd.Index(["workload", "start", "value"])
    frame["second"] = _seconds(frame["start"])
    faults = list[Issue]()
    series = {str(name): _hourly(str(name), group, faults) for name, group in frame.groupby("workload", sort=True)}
    if faults:
        raise InvalidInput(faults)
    spans = {name: (first, len(values)) for name, (first, values) in series.items()}
    first, count = max(spans.values(), key=lambda span: (list(spans.values()).count(span), span[1], -span[0]))
    raise_any(_other_span(name, span, (first, count)) for name, span in spans.items() if span != (first, count))
    if count > LONGEST_HOURS:
        raise InvalidInput([Issue("year", "is longer than three years", f"{count:,}", "hours", "Give one year.")])
    return Year(
        tuple(series), datetime.fromtimestamp(first * HOUR_S, UTC), np.stack([values for _, values in series.values()])
    )


def raise_any(issues: Iterable[Issue]) -> None:
    """Raise :class:`InvalidInput` where there is an issue."""
    if found := list(issues):
        raise InvalidInput(found)


def _seconds(starts: pd.Series[Any]) -> npt.NDArray[np.int64]:
    found = []
    for given in starts:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
        if moment.tzinfo is None:
            mend = "Write 2026-06-01T00:00+02:00."
            raise InvalidInput([Issue("year.period_start", "has no offset from UTC", str(given), mend=mend)])
        if not EARLIEST < moment.year < LATEST:
            text = f"must lie between the years {EARLIEST} and {LATEST}"
            raise InvalidInput([Issue("year.period_start", text, str(given), mend="Correct the times.")])
        found.append(round(moment.timestamp()))
    return np.asarray(found, dtype=np.int64)


def _hourly(name: str, group: pd.DataFrame, faults: list[Issue]) -> tuple[int, Floats]:
    """Number of the first hour since 1970 and the mean rate of each hour; faults are noted and give nothing."""
    path = f"year.{name}"
    order = np.argsort(group["second"].to_numpy(), kind="stable")
    second = group["second"].to_numpy(dtype=np.int64)[order]
    value = group["value"].to_numpy(dtype=np.float64)[order]
    nothing: tuple[int, Floats] = (0, np.zeros(0))
    gaps = np.diff(second)
    fault = _fault_of(second, value, gaps)
    if fault:
        faults.append(Issue(path, *fault))
        return nothing
    step = int(np.min(gaps))
    missing = int(np.sum(gaps // step - 1))
    if missing:
        before = datetime.fromtimestamp(int(second[int(np.argmax(gaps > step))]) + step, UTC)
        text = f"{missing:,} of {len(second) + missing:,} values are missing, the first one at {before.isoformat()}"
        faults.append(Issue(path, text, mend="Give them, 0 where nothing was asked for."))
        return nothing
    if step >= HOUR_S:
        return int(second[0] // HOUR_S), np.repeat(value, step // HOUR_S)
    per_hour = HOUR_S // step
    if len(value) % per_hour:
        faults.append(Issue(path, "ends inside an hour", mend="Give whole hours."))
        return nothing
    return int(second[0] // HOUR_S), value.reshape(-1, per_hour).mean(axis=1)


def _fault_of(second: npt.NDArray[np.int64], value: Floats, gaps: npt.NDArray[np.int64]) -> tuple[str, str] | None:
    """What is wrong with the times or values, and what was found."""
    if not np.all(np.isfinite(value)) or np.any(value < 0):
        return "holds values that are negative or no numbers", ""
    if len(second) < 2:
        return "has a single value, which is no year", ""
    if np.any(gaps == 0):
        twice = datetime.fromtimestamp(int(second[int(np.argmax(gaps == 0))]), UTC)
        return "has two values for the same time", twice.isoformat()
    step = int(np.min(gaps))
    if step > LONGEST_STEP_S or (HOUR_S % step if step < HOUR_S else step % HOUR_S):
        return (
            "must have a value for every hour, or for equal parts of it or multiples up to a day",
            f"{step:,} s apart",
        )
    if np.any(gaps % step):
        odd = datetime.fromtimestamp(int(second[int(np.argmax(gaps % step > 0)) + 1]), UTC)
        return f"has times that are not {step:,} s apart", odd.isoformat()
    if second[0] % HOUR_S:
        return "does not begin at a full hour of UTC", datetime.fromtimestamp(int(second[0]), UTC).isoformat()
    return None


def _other_span(name: str, span: tuple[int, int], usual: tuple[int, int]) -> Issue:
    def words(one: tuple[int, int]) -> str:
        return f"{one[1]:,} hours from {datetime.fromtimestamp(one[0] * HOUR_S, UTC).isoformat()}"

    return Issue(
        f"year.{name}",
        f"does not cover the same time as the other workloads ({words(usual)})",
        words(span),
        mend="Give all workloads for the same hours, or this one in a file of its own.",
    )
