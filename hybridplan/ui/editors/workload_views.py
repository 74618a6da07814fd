"""More tables of workloads: latency and queues, jobs, and what more accelerators gain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hybridplan.ui.editors.columns import AutoId, Column, Table, picked, view_of
from hybridplan.ui.editors.demand_tables import WORKLOADS

_LATENCY: Final = (
    *picked(WORKLOADS, "latency_objective_ms"),
    Column(
        "latency_statistic",
        "Who must be faster",
        "choice",
        "95 of 100: so many requests must be faster than the objective. No queue: round trip + service time must be.",
        ("no_queue", "mean", "p50", "p90", "p95", "p99"),
        (
            ("no_queue", "no queue"),
            ("mean", "mean, with queue"),
            ("p50", "50 of 100, with queue"),
            ("p90", "90 of 100, with queue"),
            ("p95", "95 of 100, with queue"),
            ("p99", "99 of 100, with queue"),
        ),
        default="no_queue",
    ),
    Column(
        "latency_point",
        "What is timed",
        "choice",
        "A whole request takes the service time; tokens take the token rates in the table of throughput (All fields).",
        ("request", "first_token", "last_token"),
        (
            ("request", "a whole request"),
            ("first_token", "until the first token"),
            ("last_token", "until the last token"),
        ),
        default="request",
    ),
    Column("prompt_tokens", "Prompt (tokens, mean)", "number", "Needed where tokens are timed."),
    Column("output_tokens", "Answer (tokens, mean)", "number", "Needed where the last token is timed."),
    Column(
        "max_load_share",
        "Busy at most (share, to 0.95)",
        "share",
        "Where a queue is planned for: busy / assigned accelerators. Less load, shorter queue.",
        default=0.95,
    ),
    Column(
        "mean_latency_cap_ms",
        "Mean at most (ms)",
        "number",
        "Over all requests of a period together, queue included; empty: no cap.",
    ),
    Column(
        "congestion_usd_per_unit_second",
        "Price of waiting (USD per work unit and second)",
        "number",
        "What a second of latency, queue included, is worth: more accelerators where that is cheaper. A penalty.",
        default=0,
    ),
)

_JOBS: Final = (
    Column("parallel_limit_accelerators", "Most at one time (accelerators)", "number", "Empty: any number."),
    *picked(WORKLOADS, "whole_replicas"),
    Column(
        "one_site",
        "One site per window",
        "flag",
        "On: all work of one window runs at one site. Off: it may be spread.",
        default=False,
    ),
    Column(
        "after",
        "Follows workload",
        "choice",
        "In each block it never gets ahead of what that workload has done. Empty: follows none.",
        section="workloads",
    ),
    Column(
        "after_units_per_unit",
        "Needs per unit (units of that workload)",
        "number",
        "Units of the workload that it follows for one unit of this work.",
        default=1,
    ),
)


def _shows(flexibility: str, *fields: str) -> Callable[[Any], bool]:
    """Work of one kind, and any other that has a value in one of ``fields``, so that no value is out of reach."""

    def holds(record: Any) -> bool:
        if not isinstance(record, Mapping):
            return False
        is_deferrable = record.get("flexibility", "rigid") == "deferrable"
        return is_deferrable is (flexibility == "deferrable") or any(field in record for field in fields)

    return holds


LATENCY: Final = view_of(
    WORKLOADS,
    "latency",
    "Latency",
    ("id",),
    _LATENCY,
    only=_shows("rigid", *(column.field for column in _LATENCY)),
    repeated=("latency_objective_ms",),
)

JOBS: Final = view_of(
    WORKLOADS,
    "jobs",
    "Jobs",
    ("id",),
    _JOBS,
    only=_shows("deferrable", *(column.field for column in _JOBS if column.field != "whole_replicas")),
    repeated=("whole_replicas",),
)

SCALING: Final = Table(
    "scaling",
    "Scaling points",
    "point",
    ("workloads", "*", "scaling", "*"),
    (
        Column("workload", "Workload", "key", "Deferrable work only.", section="workloads"),
        Column("point", "Id", "key", "Left empty: numbered.", basic=False),
        Column(
            "interconnect",
            "Interconnect",
            hint="For pools with this interconnect, e.g. infiniband. Empty: for pools that have none of theirs.",
        ),
        Column("accelerators", "Accelerators (at once)", "number", "The largest point is also the most at one time."),
        Column(
            "efficiency_share",
            "Speed left (share, 0 to 1)",
            "share",
            "Of the ideal, which is number x speed of one. 64 accelerators at 0.9 do the work of 57.6.",
        ),
    ),
    auto_id=AutoId(prefix="n"),
)
