"""Request traces and their per-minute sums: one line per request, or per minute, with input and output tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.hours import Bins, moment_of

_REQUESTS: Final = ("requests", "input_tokens", "output_tokens")
_MINUTE: Final = 60.0


@dataclass(frozen=True)
class _Layout:
    """Columns of one trace format. ``seconds``: of one unit of a time that is a number."""

    name: str
    time: str
    amounts: dict[str, str]
    """Our measure -> column."""
    seconds: float = 1.0
    width_s: float = 0.0
    requests: str = ""
    """Column with the number of requests; "": one line is one request."""


_LAYOUTS: Final = (
    _Layout("request trace", "TIMESTAMP", {"input_tokens": "ContextTokens", "output_tokens": "GeneratedTokens"}),
    _Layout(
        "request trace in milliseconds",
        "timestamp",
        {"input_tokens": "input_length", "output_tokens": "output_length"},
        seconds=1e-3,
    ),
    _Layout(
        "requests per minute",
        "minute_utc",
        {"input_tokens": "context_tokens", "output_tokens": "generated_tokens"},
        width_s=_MINUTE,
        requests="requests",
    ),
    _Layout(
        "requests per minute from the start",
        "minute_from_start",
        {"input_tokens": "input_tokens", "output_tokens": "output_tokens"},
        seconds=_MINUTE,
        width_s=_MINUTE,
        requests="requests",
    ),
)


def _recogniser(layout: _Layout) -> Recogniser:
    needed = (layout.time, *layout.amounts.values(), *([layout.requests] if layout.requests else []))
    return Recogniser(
        layout.name,
        frozenset({"trace", "demand"}),
        lambda context: context.has(*needed),
        lambda context: _read(context, layout),
    )


def _read(context: Context, layout: _Layout) -> None:
    bins = Bins(context, _REQUESTS, layout.width_s)
    at_time = context.at(layout.time)
    columns = {measure: (column, context.at(column)) for measure, column in layout.amounts.items()}
    if layout.requests:
        columns["requests"] = (layout.requests, context.at(layout.requests))
    for line, cells in context.table.rows:
        moment = moment_of(context, cells[at_time], layout.seconds)
        if isinstance(moment, str):
            context.report.reject(line, layout.time, cells[at_time], moment)
            continue
        values = {"requests": 1.0}
        for measure, (column, position) in columns.items():
            value = context.number(cells[position])
            if isinstance(value, str) or value < 0:
                reason = value if isinstance(value, str) else "is negative"
                context.report.reject(line, column, cells[position], reason)
                break
            values[measure] = value
        else:
            bins.add_count(line, moment, values)
    bins.finish()


def _is_generation(context: Context) -> bool:
    return context.has("gmt_create", "predict_type", "predict_status", "exec_time_seconds")


def _read_generation(context: Context) -> None:
    """Image generation requests with their run time; failed ones were no served demand and are left out by name."""
    bins = Bins(context, ("requests", "accelerator-hours"))
    at_time, at_status, at_seconds = (context.at(c) for c in ("gmt_create", "predict_status", "exec_time_seconds"))
    for line, cells in context.table.rows:
        moment = moment_of(context, cells[at_time])
        seconds = context.number(cells[at_seconds])
        if isinstance(moment, str):
            context.report.reject(line, "gmt_create", cells[at_time], moment)
        elif cells[at_status].strip().upper() not in {"SUCCEED", "SUCCEEDED", "SUCCESS"}:
            context.report.reject(line, "predict_status", cells[at_status], "the request did not succeed")
        elif bins.unit == "accelerator-hours" and (isinstance(seconds, str) or seconds < 0):
            reason = seconds if isinstance(seconds, str) else "is negative"
            context.report.reject(line, "exec_time_seconds", cells[at_seconds], reason)
        else:
            run = 0.0 if isinstance(seconds, str) else seconds / 3600.0
            bins.add_count(line, moment, {"requests": 1.0, "accelerator-hours": run})
    bins.finish()


REQUEST_TRACES: Final = tuple(_recogniser(layout) for layout in _LAYOUTS)
GENERATION_TRACE: Final = Recogniser(
    "generation request trace", frozenset({"trace", "demand"}), _is_generation, _read_generation
)
