"""Throughputs of models from the bundled catalogue, in a workload's own work unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal

import pandas as pd

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
ServiceTime = Literal["time to first token", "whole answer", "token rates", "leave at 0"]
SERVICE_TIMES: Final[tuple[ServiceTime, ...]] = ("time to first token", "whole answer", "token rates", "leave at 0")
"""Token rates: for work that times tokens; the service time is not used there."""
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
    """Throughput records by SKU, in work units per accelerator-hour; SKUs without a figure are left out.

    Token rates of SKUs without measured times are those of the measured one, by the ratio of their throughputs; where
    nothing is measured at this operating point there are none.
    """
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
            if service == "token rates":
                record |= _token_rates(row, table)
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
    if service in ("leave at 0", "token rates"):
        return 0.0
    value = first if service == "time to first token" else first + (float(row["output_tokens"]) - 1) * each
    return float(f"{value:.6g}") if math.isfinite(value) else 0.0


def _token_rates(row: Mapping[Any, Any], table: pd.DataFrame) -> Record:
    """Prompt tokens / TTFT and 1 / TPOT, of this row or of the measured one, scaled to this row's throughput."""
    times = ["time_to_first_token_ms", "time_per_output_token_ms"]
    measured = table[table[times].notna().all(axis="columns") & (table[times] > 0).all(axis="columns")]
    if measured.empty:
        return {}
    same = measured[measured["sku"] == row["sku"]]
    base = (measured if same.empty else same).iloc[0]
    per_second = "output_tokens_per_s_per_accelerator"
    ratio = 1.0 if len(same) else float(row[per_second]) / float(base[per_second])
    prefill = ratio * 1000.0 * float(base["input_tokens"]) / float(base["time_to_first_token_ms"])
    decode = ratio * 1000.0 / float(base["time_per_output_token_ms"])
    rates = {"prefill_tokens_per_second": prefill, "decode_tokens_per_second": decode}
    return {name: float(f"{rate:.6g}") for name, rate in rates.items() if math.isfinite(rate) and rate > 0}
