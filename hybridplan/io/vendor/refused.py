"""Tables that are known and hold nothing that a scenario could take: refused line by line, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hybridplan.io.options import KINDS
from hybridplan.io.vendor.context import Context, Recogniser

_ALL: Final = frozenset(KINDS)

_TABLES: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    (
        "list of accelerators by region",
        ("NAME", "ZONE"),
        "says where an accelerator is offered, but no price",
    ),
    (
        "table of billing units",
        ("UnitOfMeasure", "PricingBlockSize", "DistinctUnits"),
        "explains a unit of bills, and is no price",
    ),
    (
        "table of region names",
        ("OriginalValue", "RegionId", "RegionName"),
        "explains a spelling of a region, and is no price",
    ),
    (
        "summary of clusters",
        ("id", "gpu_job_num", "avg_run_time_gpu", "avg_que_time_gpu"),
        "is one figure of a whole cluster: it has neither times nor an accelerator model",
    ),
    (
        "table of accelerator power",
        ("name", "type", "tdp_watts"),
        "is a data sheet: the board's limit is not the power of an accelerator at the wall; enter busy_kw of the pool",
    ),
    (
        "table of GPU systems",
        ("system", "power_w", "mem_capacity_bytes"),
        "is a data sheet: it has no capacity, price or throughput of a workload",
    ),
    (
        "CPU power coefficients",
        ("Architecture", "Min Watts", "Max Watts"),
        "is the power of a vCPU, not of an accelerator",
    ),
    (
        "latency measurements of a serving system",
        ("system", "isl", "osl", "silicon_ttft_ms"),
        "is a latency at one batch size; the bundled catalogue has throughputs by model, chosen on the workload's page",
    ),
    (
        "benchmark results",
        ("submitter", "accelerator", "benchmark", "samples_per_second"),
        "is a result of one system; the bundled catalogue has the medians by model, chosen on the workload's page",
    ),
    (
        "operator times",
        ("num_tokens", "num_tensor_parallel_workers"),
        "is the time of one operator of one layer, not the throughput of a workload",
    ),
    (
        "network collective times",
        ("collective", "num_workers", "size"),
        "is the time inside a cluster, not between sites",
    ),
)


def _refuse(reason: str) -> Callable[[Context], None]:
    def read(context: Context) -> None:
        for line, cells in context.table.rows:
            context.report.reject(line, "", cells[0], reason)

    return read


def _has(columns: tuple[str, ...]) -> Callable[[Context], bool]:
    return lambda context: context.has(*columns)


def _is_availability(context: Context) -> bool:
    document = context.table.document
    return (
        isinstance(document, dict)
        and isinstance(document.get("metadata"), dict)
        and "gap_seconds" in document["metadata"]
        and isinstance(document.get("data"), list)
    )


def _refuse_availability(context: Context) -> None:
    reason = "is how many interruptible instances were to be had, neither a price nor a demand; see up_share of a pool"
    context.table.columns = ["data"]
    context.table.rows = [(i, [str(value)]) for i, value in enumerate(context.table.document["data"], start=1)]
    _refuse(reason)(context)


REFUSED: Final = (
    *(Recogniser(name, _ALL, _has(columns), _refuse(reason)) for name, columns, reason in _TABLES),
    Recogniser("availability of interruptible instances", _ALL, _is_availability, _refuse_availability),
)
