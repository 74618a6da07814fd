"""Things in use over time: pods, service instances, and sampled counts of busy accelerators or nodes."""

from __future__ import annotations

from typing import Final

from hybridplan.io.options import Kind
from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.hours import Intervals, Samples, moment_of, per_thing

_TRACE: Final[frozenset[Kind]] = frozenset({"trace", "demand"})
_ACCELERATOR: Final = "accelerator"


def _is_pods(context: Context) -> bool:
    return context.has("name", "num_gpu", "gpu_milli", "scheduled_time", "deletion_time")


def _read_pods(context: Context) -> None:
    """Pods with a share of an accelerator (1/1000), in seconds from the start of the trace."""
    per_hour, unit = per_thing(context, _ACCELERATOR)
    spans = Intervals(context, unit)
    for line, cells in context.table.rows:
        number, milli = (context.number(cells[context.at(name)]) for name in ("num_gpu", "gpu_milli"))
        if isinstance(number, str) or isinstance(milli, str) or number < 0 or milli < 0:
            context.report.reject(line, "num_gpu", cells[context.at("num_gpu")], "is not a number of accelerators")
        elif number * milli == 0:
            context.report.reject(line, "num_gpu", cells[context.at("num_gpu")], "the pod asks for no accelerator")
        elif not cells[context.at("scheduled_time")].strip():
            phase = cells[context.at("pod_phase")] if context.has("pod_phase") else ""
            context.report.reject(line, "scheduled_time", phase, "the pod was never scheduled")
        else:
            _add_span(context, spans, line, cells, ("scheduled_time", "deletion_time"), number * milli / 1000)
    spans.finish(per_hour)


def _is_instances(context: Context) -> bool:
    return context.has("instance_sn", "gpu_request", "creation_time", "deletion_time")


def _read_instances(context: Context) -> None:
    """Service instances; an empty time means before the trace began or after it ended."""
    per_hour, unit = per_thing(context, _ACCELERATOR)
    spans = Intervals(context, unit)
    for line, cells in context.table.rows:
        number = context.number(cells[context.at("gpu_request")])
        if isinstance(number, str) or number < 0:
            reason = number if isinstance(number, str) else "is negative"
            context.report.reject(line, "gpu_request", cells[context.at("gpu_request")], reason)
        elif number == 0:
            context.report.reject(line, "gpu_request", "0", "the instance asks for no accelerator")
        else:
            _add_span(context, spans, line, cells, ("creation_time", "deletion_time"), number)
    spans.finish(per_hour)


def _add_span(
    context: Context, spans: Intervals, line: int, cells: list[str], columns: tuple[str, str], number: float
) -> None:
    ends: list[float | None] = []
    for column in columns:
        cell = cells[context.at(column)].strip()
        moment = context.number(cell) if cell else None
        if isinstance(moment, str) or (moment is not None and moment < 0):
            context.report.reject(line, column, cell, moment if isinstance(moment, str) else "is negative")
            return
        ends.append(moment)
    start, end = ends
    if start is not None and end is not None and end < start:
        context.report.reject(line, columns[1], cells[context.at(columns[1])], "ends before it starts")
        return
    spans.add(line, start, end, number)


def _is_accelerators(context: Context) -> bool:
    return context.has("time", "running_gpu_num", "total_gpu_num")


def _is_nodes(context: Context) -> bool:
    return context.has("time", "active", "total") and len(context.table.columns) == 3


def _read_accelerators(context: Context) -> None:
    context.report.assume("counted", "total_gpu_num", "demand is what jobs ask for, running and waiting together")
    _read_counts(context, "total_gpu_num", _ACCELERATOR)


def _read_nodes(context: Context) -> None:
    _read_counts(context, "active", "node")


def _read_counts(context: Context, column: str, thing: str) -> None:
    per_hour, unit = per_thing(context, thing)
    samples = Samples(context, per_hour, unit)
    at_time, at_value = context.at("time"), context.at(column)
    for line, cells in context.table.rows:
        moment, value = moment_of(context, cells[at_time]), context.number(cells[at_value])
        if isinstance(moment, str):
            context.report.reject(line, "time", cells[at_time], moment)
        elif isinstance(value, str) or value < 0:
            reason = value if isinstance(value, str) else "is negative"
            context.report.reject(line, column, cells[at_value], reason)
        else:
            samples.add(line, moment, "", value)
    samples.finish()


OCCUPANCY: Final = (
    Recogniser("pod list", _TRACE, _is_pods, _read_pods),
    Recogniser("service instance list", _TRACE, _is_instances, _read_instances),
    Recogniser("busy accelerators over time", _TRACE, _is_accelerators, _read_accelerators),
    Recogniser("busy nodes over time", _TRACE, _is_nodes, _read_nodes),
)
