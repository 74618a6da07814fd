"""Sampled rates: requests per second in windows, with and without a header, and samples per container."""

from __future__ import annotations

from typing import Final

from hybridplan.io.options import Kind
from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.hours import SECONDS, TOKEN_UNITS, Samples, moment_of, unit_of

_TRACE: Final[frozenset[Kind]] = frozenset({"trace", "demand"})
_GAP_FITS: Final = frozenset({"Gamma", "Weibull", "Exponential", ""})


def _is_windows(context: Context) -> bool:
    return context.has("seconds_from_start", "requests_per_second")


def _read_windows(context: Context) -> None:
    """Rates per window; token rates cover a part of the requests only, so they are scaled to all requests."""
    tokens = {name: f"{name}_per_second" for name in TOKEN_UNITS}
    offered = ("requests", *(name for name, column in tokens.items() if context.has(column)))
    unit = unit_of(context, offered)
    if unit is None:
        return
    used = TOKEN_UNITS if unit == "tokens" else (unit,)
    columns = [tokens.get(name, "requests_per_second") for name in used]
    covered = "requests_per_second_with_token_data"
    scales = unit != "requests" and context.has(covered)
    if scales:
        why = "token rates are known for a part of the requests; they are scaled to all of them"
        context.report.assume("scaled", "by requests with and without token data", why)
    samples = Samples(context, SECONDS, unit)
    for line, cells in context.table.rows:
        numbers = _numbers(context, line, cells, ["seconds_from_start", "requests_per_second", *columns])
        if numbers is None:
            continue
        moment, requests, *rates = numbers
        total = sum(rates)
        if scales:
            part = context.number(cells[context.at(covered)])
            if isinstance(part, str) or (part <= 0 < requests):
                reason = part if isinstance(part, str) else "no request of this window has token data"
                context.report.reject(line, covered, cells[context.at(covered)], reason)
                continue
            total *= requests / part if part else 0.0
        samples.add(line, moment, "", total)
    samples.finish()


def _numbers(context: Context, line: int, cells: list[str], columns: list[str]) -> list[float] | None:
    found = []
    for column in columns:
        cell = cells[context.at(column)]
        value = context.number(cell)
        if isinstance(value, str) or value < 0:
            context.report.reject(line, column, cell, value if isinstance(value, str) else "is negative")
            return None
        found.append(value)
    return found


def _is_headerless(context: Context) -> bool:
    """Six columns without names: window start (s), requests/s, variation of gaps, name of their distribution, ..."""
    table = context.table
    if table.has_header or len(table.columns) != 6 or not table.rows:
        return False
    return all(cells[3].strip() in _GAP_FITS for _, cells in table.rows[:50])


def _read_headerless(context: Context) -> None:
    names = "window start (s), requests per second, variation, distribution, two parameters"
    context.report.assume("columns", names, "the file has no header; this is how the published rate files are laid out")
    samples = Samples(context, SECONDS, "requests")
    for line, cells in context.table.rows:
        numbers = _numbers(context, line, cells, context.table.columns[:2])
        if numbers is not None:
            samples.add(line, numbers[0], "", numbers[1])
    samples.finish()


def _is_containers(context: Context) -> bool:
    return context.has("timestamp_anon", "value", "container_ip", "request_type")


def _read_containers(context: Context) -> None:
    why = "rates are sampled per container at irregular times: mean of each container in each hour, summed"
    context.report.assume("sampling", "hourly mean per container and request type", why)
    samples = Samples(context, SECONDS, "requests")
    at_time, at_value = context.at("timestamp_anon"), context.at("value")
    at_container, at_type = context.at("container_ip"), context.at("request_type")
    for line, cells in context.table.rows:
        moment, value = moment_of(context, cells[at_time]), context.number(cells[at_value])
        if isinstance(moment, str):
            context.report.reject(line, "timestamp_anon", cells[at_time], moment)
        elif isinstance(value, str) or value < 0:
            reason = value if isinstance(value, str) else "is negative"
            context.report.reject(line, "value", cells[at_value], reason)
        else:
            samples.add(line, moment, f"{cells[at_container]} {cells[at_type]}", value)
    samples.finish()


RATES: Final = (
    Recogniser("request rates by window", _TRACE, _is_windows, _read_windows),
    Recogniser("request rates by window, no header", _TRACE, _is_headerless, _read_headerless),
    Recogniser("request rates by container", _TRACE, _is_containers, _read_containers),
)
