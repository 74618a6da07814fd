"""Latency with a queue: the statistic, what is timed, and the token rates that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.errors import Issue
from hybridplan.units import MAGNITUDE_MIN

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload


def check_queues(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every workload that concern latency."""
    for work_id, work in scenario.workloads.items():
        here = f"workloads.{work_id}"
        if work.max_load_share < MAGNITUDE_MIN:
            message, mend = f"is below {MAGNITUDE_MIN:g}, so nothing could run", "Write 0.8 for 80 %."
            yield Issue(f"{here}.max_load_share", message, f"{work.max_load_share:g}", "share from 0 to 1", mend)
        if work.flexibility == "deferrable":
            yield from _deferrable(here, work)
        elif work.latency_statistic != "no_queue" and work.latency_objective_ms is None:
            yield Issue(
                f"{here}.latency_statistic",
                "has no effect without an objective",
                work.latency_statistic,
                mend="Set latency_objective_ms, or set this to no_queue.",
                severity="warning",
            )
        if work.latency_point != "request":
            yield from _tokens(here, work)


def _deferrable(here: str, work: Workload) -> Iterator[Issue]:
    price = work.congestion_usd_per_unit_second
    set_here = {
        "latency_statistic": work.latency_statistic if work.latency_statistic != "no_queue" else "",
        "mean_latency_cap_ms": f"{work.mean_latency_cap_ms:g}" if work.mean_latency_cap_ms is not None else "",
        "congestion_usd_per_unit_second": f"{price:g}" if price else "",
    }
    for field, value in set_here.items():
        if value:
            message = "is for rigid work only: work that waits for a window has no queue"
            yield Issue(f"{here}.{field}", message, value, mend="Remove it, or set flexibility to rigid.")


def _tokens(here: str, work: Workload) -> Iterator[Issue]:
    last = work.latency_point == "last_token"
    mend = "Enter it, or set latency_point to request."
    if work.prompt_tokens is None:
        yield Issue(f"{here}.prompt_tokens", "is needed to time tokens", unit="tokens", mend=mend)
    if last and work.output_tokens is None:
        yield Issue(f"{here}.output_tokens", "is needed to time the last token", unit="tokens", mend=mend)
    for sku, throughput in work.throughput.items():
        path, unit = f"{here}.throughput.{sku}", "tokens per second"
        if throughput.prefill_tokens_per_second is None:
            yield Issue(f"{path}.prefill_tokens_per_second", "is needed to time tokens", unit=unit, mend=mend)
        if last and throughput.decode_tokens_per_second is None:
            yield Issue(f"{path}.decode_tokens_per_second", "is needed to time the last token", unit=unit, mend=mend)
        if throughput.service_ms:
            yield Issue(
                f"{path}.service_ms",
                "is not used, since tokens are timed",
                f"{throughput.service_ms:g}",
                "ms",
                "Set it to 0, or set latency_point to request.",
                "warning",
            )
