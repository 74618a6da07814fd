"""From events, samples and intervals to demand per hour: the common end of every trace format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Final

from hybridplan.io.alignment import ShortTraceFault, fit
from hybridplan.io.report import count
from hybridplan.io.times import is_naive, iso, parse_time
from hybridplan.io.vendor.context import Context, as_id
from hybridplan.units import MAGNITUDE_MAX, MAGNITUDE_MIN

SECONDS: Final = 3600.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_HOURS: Final = 100_000
_LEAST_SHARE: Final = 1 / 60
_EPOCH_SECONDS: Final = 1e9
_EPOCH_MILLISECONDS: Final = 1e12
TOKEN_UNITS: Final = ("input_tokens", "output_tokens")


def moment_of(context: Context, cell: str, seconds: float = 1.0) -> float | str:
    """Seconds since 1970 (or since the trace's own start, where it counts from 0), or the reason why not.

    ``seconds``: of one unit of a time that is a number.
    """
    if ":" not in cell:
        number = context.number(cell)
        if not isinstance(number, str):
            return number / 1000 if number >= _EPOCH_MILLISECONDS else number * seconds
    moment = parse_time(cell, context.zone if is_naive(cell) else None)
    return moment if isinstance(moment, str) else (moment - _EPOCH).total_seconds()


def unit_of(context: Context, offered: tuple[str, ...]) -> str | None:
    """The unit to count in: as chosen, else the first that the trace offers; None after noting a choice it lacks."""
    units = (*offered, "tokens") if set(TOKEN_UNITS) <= set(offered) else offered
    chosen = context.options.unit
    if chosen is None:
        if len(units) > 1:
            context.report.assume("unit", units[0], f"the file offers {', '.join(units)}")
        return units[0]
    if chosen in units:
        return chosen
    context.report.reject(0, "unit", chosen, f"this trace does not say it; it offers {', '.join(units)}")
    return None


def amount(values: dict[str, float], unit: str) -> float:
    """The amount of one event in a unit; tokens are input and output together."""
    if unit == "tokens":
        return sum(values.get(name, 0.0) for name in TOKEN_UNITS)
    return values[unit]


class Bins:
    """Events summed by hour. Hours that the trace covers only in part are scaled to a whole hour, and reported."""

    def __init__(self, context: Context, offered: tuple[str, ...], width_s: float = 0.0) -> None:
        self.context, self.width_s = context, width_s
        self.unit = unit_of(context, offered)
        self.sums: dict[int, float] = {}
        self.first, self.last = float("inf"), float("-inf")

    def add_count(self, line: int, moment: float, values: dict[str, float]) -> None:
        """Add what happened at ``moment`` (or in the ``width_s`` after it)."""
        if self.unit is None:
            return
        hour = int(moment // SECONDS)
        self.sums[hour] = self.sums.get(hour, 0.0) + amount(values, self.unit)
        self.first, self.last = min(self.first, moment), max(self.last, moment + self.width_s)
        self.context.report.used.add(line)

    def finish(self) -> None:
        """Write one row per hour from the first to the last; an hour without events has demand 0."""
        if self.unit is None or not self.sums:
            return
        start, end = min(self.sums), max(self.sums)
        if _is_too_long(self.context, start, end):
            return
        hourly = {hour: self.sums.get(hour, 0.0) for hour in range(start, end + 1)}
        for hour in {start, end}:
            begins, ends = hour * SECONDS, (hour + 1) * SECONDS
            share = (min(self.last, ends) - max(self.first, begins)) / SECONDS
            if _LEAST_SHARE <= share < 0.999:
                hourly[hour] /= share
                why = "the first or last hour is covered in part only; its amount is divided by the covered share"
                self.context.report.assume("partial_hours", "scaled to a whole hour", why)
        write_hours(self.context, hourly, self.unit)


class Samples:
    """Rates or counts that are sampled: the mean of each series in each hour, summed over the series."""

    def __init__(self, context: Context, factor: float, unit: str) -> None:
        self.context, self.factor, self.unit = context, factor, unit
        self.sums: dict[tuple[int, str], tuple[float, int]] = {}

    def add(self, line: int, moment: float, series: str, value: float) -> None:
        """Add one sample of one series."""
        key = (int(moment // SECONDS), series)
        total, number = self.sums.get(key, (0.0, 0))
        self.sums[key] = (total + value, number + 1)
        self.context.report.used.add(line)

    def finish(self) -> None:
        """Write one row per hour; an hour without any sample takes the value of the hour before, and is reported."""
        if not self.sums:
            return
        means: dict[int, float] = {}
        for (hour, _), (total, number) in self.sums.items():
            means[hour] = means.get(hour, 0.0) + total / number * self.factor
        start, end = min(means), max(means)
        if _is_too_long(self.context, start, end):
            return
        hourly: dict[int, float] = {}
        for hour in range(start, end + 1):
            hourly[hour] = means.get(hour, hourly.get(hour - 1, 0.0))
        missing = len(hourly) - len(means)
        if missing:
            why = f"{count(missing, 'hour')} without any sample"
            self.context.report.assume("gaps", "the value of the hour before", why)
        write_hours(self.context, hourly, self.unit)


class Intervals:
    """Things in use from one moment to another: the mean number in use in each hour."""

    def __init__(self, context: Context, unit: str) -> None:
        self.context, self.unit = context, unit
        self.spans: list[tuple[float | None, float | None, float]] = []

    def add(self, line: int, start: float | None, end: float | None, number: float) -> None:
        """Add ``number`` things; None: in use before the trace began, or after it ended."""
        self.spans.append((start, end, number))
        self.context.report.used.add(line)

    def finish(self, per_hour: float) -> None:
        """Write one row per hour: mean number in use x ``per_hour``."""
        moments = [moment for start, end, _ in self.spans for moment in (start, end) if moment is not None]
        if not moments:
            return
        begin, stop = min(moments), max(moments)
        first, last = int(begin // SECONDS), int(stop // SECONDS)
        if _is_too_long(self.context, first, last):
            return
        parts = [0.0] * (last - first + 1)
        steps = [0.0] * (last - first + 2)
        for start, end, number in self.spans:
            _spread(parts, steps, begin if start is None else start, stop if end is None else end, number, first)
        hourly, level = {}, 0.0
        for position, part in enumerate(parts):
            level += steps[position]
            hourly[first + position] = max(0.0, level + part) * per_hour
        # The last hour is not over when the trace ends: what it shows is no hour's demand.
        if len(hourly) > 1:
            del hourly[last]
        write_hours(self.context, hourly, self.unit)


def _spread(parts: list[float], steps: list[float], start: float, end: float, number: float, first: int) -> None:
    from_hour, to_hour = int(start // SECONDS) - first, int(end // SECONDS) - first
    if from_hour == to_hour:
        parts[from_hour] += number * (end - start) / SECONDS
        return
    parts[from_hour] += number * ((from_hour + first + 1) - start / SECONDS)
    parts[to_hour] += number * (end / SECONDS - (to_hour + first))
    steps[from_hour + 1] += number
    steps[to_hour] -= number


def per_thing(context: Context, thing: str) -> tuple[float, str]:
    """(work units per hour of one thing in use, unit): the throughput option, else thing-hours."""
    if context.options.throughput is None:
        context.report.assume("throughput", "1", f"one {thing} in use counts as one {thing}-hour per hour")
        return 1.0, context.options.unit or f"{thing}-hours"
    return context.options.throughput, context.options.unit or "units"


def _is_too_long(context: Context, start: int, end: int) -> bool:
    hours = end - start + 1
    if hours <= _MOST_HOURS:
        return False
    context.report.fail(f"the times span {hours:,} hours; at most {_MOST_HOURS:,} are read. Check the times")
    _withdraw(context, "the times of the file span too many hours")
    return True


def _withdraw(context: Context, reason: str) -> None:
    """Turn all lines that were used into rejected ones."""
    for line in sorted(context.report.used):
        context.report.reject(line, "", "", reason)
    context.report.used.clear()


def write_hours(context: Context, hourly: dict[int, float], unit: str) -> None:
    """Rows of workload_id, period_start, value, unit; fitted to ``options.hours`` where that is given."""
    hours = sorted(hourly)
    values = [hourly[hour] for hour in hours]
    if context.options.hours is not None:
        try:
            values = fit(values, [1.0] * context.options.hours, context.options.short_trace)
        except ShortTraceFault as fault:
            context.report.fail(str(fault), "hours", str(len(values)))
            _withdraw(context, "the trace is shorter than the horizon, and nothing was chosen for the rest")
            return
        if context.options.short_trace and len(hours) < context.options.hours:
            context.report.warn(
                f"{len(hours):,} hours of the trace became {len(values):,}: {context.options.short_trace}"
            )
    scale = 1.0
    if max(values) > MAGNITUDE_MAX:
        scale, unit = 1e-3, f"thousand {unit}"
        context.report.assume("unit", unit, f"values above {MAGNITUDE_MAX:g} per hour are counted in thousands")
    if hours[0] * SECONDS < _EPOCH_SECONDS:
        why = "the trace counts from its own start, which has no date; its hour 0 is the first period of a horizon"
        context.report.assume("start", "1970-01-01 stands for it", why)
    workload = context.options.workload or as_id(_stem(context.filename))
    start = _EPOCH + timedelta(hours=hours[0])
    for position, value in enumerate(values):
        scaled = value * scale
        context.report.rows.append(
            {
                "workload_id": workload,
                "period_start": iso(start + timedelta(hours=position)),
                "value": scaled if scaled >= MAGNITUDE_MIN else 0.0,
                "unit": f"{unit} per hour",
            }
        )
    if context.options.workload is None:
        context.report.assume("workload", workload, "the name of the file")


def _stem(filename: str) -> str:
    name = PurePath(filename.replace("\\", "/")).name
    for ending in (".gz", ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".xlsx", ".txt"):
        name = name.removesuffix(ending)
    return name
