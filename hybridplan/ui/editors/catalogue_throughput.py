"""Throughputs of models from the bundled catalogue, in a workload's own work unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal

from hybridplan.io import catalogue
from hybridplan.ui.editors.rows import Document, section

_LONGEST_TEXT: Final = 200
Record = dict[str, Any]

WorkUnit = Literal["request", "thousand requests", "million requests", "thousand tokens", "million tokens"]
WORK_UNITS: Final[tuple[WorkUnit, ...]] = (
    "request",
    "thousand requests",
    "million requests",
    "thousand tokens",
    "million tokens",
)
"""What one work unit may stand for; tokens are output tokens."""
ServiceTime = Literal["time to first token", "whole answer", "leave at 0"]
SERVICE_TIMES: Final[tuple[ServiceTime, ...]] = ("time to first token", "whole answer", "leave at 0")
_SIZE: Final = {"request": 1.0, "thousand": 1e3, "million": 1e6}


def guess_unit(unit: str) -> WorkUnit:
    """The work unit that a workload's unit text names, as far as it does; a request where it does not."""
    text = unit.casefold()
    thing = "tokens" if "token" in text else "requests"
    size = "million" if "million" in text else "thousand" if "thousand" in text or thing == "tokens" else ""
    found = f"{size} {thing}".strip()
    return next((one for one in WORK_UNITS if one == found), "request")


def throughputs(
    model: str, precision: str, operating_point: str, unit: WorkUnit, service: ServiceTime
) -> dict[str, Record]:
    """Throughput records by SKU, in work units per accelerator-hour; SKUs without a figure are left out."""
    table = catalogue.throughput(model)
    table = table[(table["precision"] == precision) & (table["operating_point"] == operating_point)]
    out: dict[str, Record] = {}
    for row in table.to_dict("records"):
        per_hour = _per_hour(row, unit)
        if math.isfinite(per_hour) and per_hour > 0:
            record: Record = {
                "units_per_accelerator_hour": per_hour,
                "accelerators_per_replica": int(row["tensor_parallel"]),
            }
            service_ms = _service_ms(row, service)
            if service_ms > 0:
                record["service_ms"] = service_ms
            if row["is_estimate"]:
                record["is_estimate"] = True
            record["source"] = f"{model} {precision}, {operating_point}: {row['source']}"[:_LONGEST_TEXT]
            record["as_of"] = str(row["as_of"])
            out[str(row["sku"])] = record
    return out


def operating_points(model: str) -> list[tuple[str, str]]:
    """(precision, operating point) of a model, those that cover most SKUs first."""
    table = catalogue.throughput(model)
    counts = table.groupby(["precision", "operating_point"]).size().sort_values(ascending=False, kind="stable")
    return [(str(precision), str(point)) for precision, point in counts.index]


def with_throughputs(document: Document, workload: str, model: str, found: Mapping[str, Record]) -> Document:
    """The document with these throughputs in the workload, in place of older ones of the same SKUs."""
    works = section(document, "workloads")
    work = dict(works[workload])
    work["throughput"] = {**section(work, "throughput"), **found}
    work["model"] = model
    return {**document, "workloads": {**works, workload: work}}


def _per_hour(row: Mapping[Any, Any], unit: WorkUnit) -> float:
    if unit.endswith("tokens"):
        per_hour = float(row["output_tokens_per_s_per_accelerator"]) * 3600.0
    else:
        per_hour = float(row["requests_per_hour_per_accelerator"])
    value = per_hour / _SIZE[unit.split(" ")[0]]
    return float(f"{value:.6g}") if math.isfinite(value) else value


def _service_ms(row: Mapping[Any, Any], service: ServiceTime) -> float:
    """TTFT, or TTFT + (output tokens - 1) x TPOT; 0 where the catalogue lacks a part."""
    first, each = float(row["time_to_first_token_ms"]), float(row["time_per_output_token_ms"])
    if service == "leave at 0":
        return 0.0
    value = first if service == "time to first token" else first + (float(row["output_tokens"]) - 1) * each
    return float(f"{value:.6g}") if math.isfinite(value) else 0.0
