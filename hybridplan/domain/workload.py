"""Workloads: demand with one service objective."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from hybridplan.domain.record import (
    Date,
    Identifier,
    NonNegative,
    Positive,
    Profile,
    Record,
    Share,
    Text,
)

WorkloadKind = Literal["training", "inference", "batch", "data"]
Flexibility = Literal["rigid", "deferrable"]


class Throughput(Record):
    """What one accelerator of a SKU does for a workload."""

    units_per_accelerator_hour: Positive
    service_ms: NonNegative = 0.0
    """Time of one request with no queue and no network."""
    accelerators_per_replica: Annotated[int, Field(ge=1, le=10_000)] = 1
    is_estimate: bool = False
    """True: derived, not measured; every figure that rests on it says so."""
    source: Text = ""
    as_of: Date | None = None


class Window(Record):
    """A volume of deferrable work that must be done inside [start, end) of one block."""

    block: Identifier
    start: AwareDatetime
    end: AwareDatetime
    volume_units: NonNegative
    """Work units per occurrence of the block."""


class Workload(Record):
    """Demand with one service objective, from users at one site.

    Rigid work gives ``demand_units_per_hour`` per block and is served in its own period; deferrable work gives
    ``windows``. The work unit is the workload's own (requests, tokens, accelerator-hours).
    """

    name: Text = ""
    kind: WorkloadKind
    unit: Text = "accelerator-hours"
    origin_site: Identifier
    flexibility: Flexibility = "rigid"
    demand_units_per_hour: dict[Identifier, Profile] = Field(default_factory=dict)
    windows: dict[Identifier, Window] = Field(default_factory=dict)
    parallel_limit_accelerators: Positive | None = None
    """Deferrable work: most accelerators at one time."""
    must_serve: bool = False
    unserved_usd_per_unit: NonNegative
    """Penalty for a work unit that is not served."""
    throughput: dict[Identifier, Throughput]
    """By SKU; a SKU that is absent cannot serve this workload."""
    latency_objective_ms: Positive | None = None
    """Round trip + service time must not exceed this (no queue is modelled)."""
    ingress_gb_per_unit: NonNegative = 0.0
    """Data sent from the origin to the pool's site per work unit."""
    egress_gb_per_unit: NonNegative = 0.0
    """Data sent back to the origin per work unit."""
    interruptible: bool = False
    """May run on interruptible pools."""
    interruptible_share_cap: Share = 1.0
    """Largest share of served units on interruptible pools, per period (rigid) or window (deferrable)."""
    checkpoint_hours: NonNegative = 0.0
    """Time to write one checkpoint."""
    checkpoint_interval_hours: Positive | None = None
    """Absent: sqrt(2 checkpoint_hours / interruptions_per_hour), the interval that loses least."""
    restart_hours: NonNegative = 0.0
    allowed_jurisdictions: tuple[Identifier, ...] = ()
    """Residency: where the work may run; empty: anywhere."""
    required_attributes: tuple[Identifier, ...] = ()
    allowed_sites: tuple[Identifier, ...] = ()
    denied_sites: tuple[Identifier, ...] = ()
    route_cost_usd_per_unit: dict[Identifier, NonNegative] = Field(default_factory=dict)
    """By pool: an explicit cost per work unit of that route (e.g. freight, a licence)."""
    model: Text = ""
    """The AI model served or trained, e.g. llama-2-70b; descriptive."""
    demand_source: Text = ""
    demand_date: Date | None = None
    notes: Text = ""
