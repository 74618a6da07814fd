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
from hybridplan.domain.site import Apart

WorkloadKind = Literal["training", "inference", "batch", "data"]
Flexibility = Literal["rigid", "deferrable"]
LatencyStatistic = Literal["no_queue", "mean", "p50", "p90", "p95", "p99"]
LatencyPoint = Literal["request", "first_token", "last_token"]


class Throughput(Record):
    """What one accelerator of a SKU does for a workload."""

    units_per_accelerator_hour: Positive
    service_ms: NonNegative = 0.0
    """Mean time of one request with no queue and no network; not used where tokens are timed."""
    prefill_tokens_per_second: Positive | None = None
    """Prompt tokens of one request read in a second, with no queue."""
    decode_tokens_per_second: Positive | None = None
    """Output tokens of one request written in a second, with no queue."""
    accelerators_per_replica: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Smallest number of accelerators that does this work together; the size of a gang."""
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


class ScalingPoint(Record):
    """How much of the ideal speed is left when one job uses this many accelerators of a pool at once."""

    interconnect: Identifier | None = None
    """Pools with this interconnect; absent: pools for whose interconnect there are no points."""
    accelerators: Positive
    efficiency_share: Annotated[float, Field(gt=0, le=1)]
    """Units per hour = accelerators x units per accelerator-hour x this."""


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
    whole_replicas: bool = False
    """Gangs: assigned in whole multiples of ``accelerators_per_replica``, all of them or none."""
    one_site: bool = False
    """Deferrable work: all work of one window runs at one site; else it may be spread."""
    after: Identifier | None = None
    """Deferrable work that follows another workload: in each block it never gets ahead of what that one has done."""
    after_units_per_unit: Positive = 1.0
    """Units of the workload that it follows that one unit of this work needs."""
    scaling: dict[Identifier, ScalingPoint] = Field(default_factory=dict)
    """Deferrable work: efficiency by number of accelerators; between points it is interpolated, the largest point is
    the most accelerators of a pool at one time. Absent: speed grows with the number of accelerators."""
    must_serve: bool = False
    unserved_usd_per_unit: NonNegative
    """Penalty for a work unit that is not served."""
    unserved_share_cap: Share | None = None
    """Largest share of the demand over the horizon that may stay unserved; absent: any, at its penalty."""
    promised_share: Share = 0.0
    """Rigid work: share of what is served that is served after any one of the policy's contingencies too; 0: no
    promise."""
    promise_form: Literal["dedicated", "shared", "cold"] = "dedicated"
    """How the promise is kept. dedicated: by standby of its own. shared: by what survives, provisioned for whatever it
    is, held-back capacity included; work without a promise stops. cold: the same, and what on-demand pools with a ramp
    can grow by within ``recovery_minutes``."""
    recovery_minutes: NonNegative = 0.0
    """Time from a failure until what takes over works: what ``cold`` pools may grow in; until then the replay of random
    failures serves only what survives where it runs."""
    latency_after_failure_ms: Positive | None = None
    """Latency objective while something has failed, at least ``latency_objective_ms``; absent: the same objective."""
    availability_objective_share: Share | None = None
    """Share of its demand that is to be served over time with random failures. The replay holds its result against it;
    the plan does not plan for it."""
    throughput: dict[Identifier, Throughput]
    """By SKU; a SKU that is absent cannot serve this workload."""
    latency_objective_ms: Positive | None = None
    """Most milliseconds on every route that is used: round trip + service time, and the queue where one is modelled."""
    latency_statistic: LatencyStatistic = "no_queue"
    """What the objective limits: round trip + service time alone, or the mean or a percentile with its queue."""
    latency_point: LatencyPoint = "request"
    """What is timed: a request (``service_ms``), or the first or last token of an answer (tokens and their rates)."""
    prompt_tokens: Positive | None = None
    """Mean tokens of a prompt; needed where tokens are timed."""
    output_tokens: Positive | None = None
    """Mean tokens of an answer; needed where the last token is timed."""
    max_load_share: Annotated[float, Field(gt=0, le=0.95)] = 0.95
    """Where a queue is modelled: assigned accelerators are at most this busy."""
    mean_latency_cap_ms: Positive | None = None
    """Most milliseconds in the mean over all routes of this workload, queue included, in every period."""
    congestion_usd_per_unit_second: NonNegative = 0.0
    """What a second of latency, queue included, is worth for one work unit: a penalty, no cost."""
    ingress_gb_per_unit: NonNegative = 0.0
    """Data sent from the origin to the pool's site per work unit."""
    egress_gb_per_unit: NonNegative = 0.0
    """Data sent back to the origin per work unit."""
    datasets: tuple[Identifier, ...] = ()
    """What it needs at the site where it runs."""
    result_gb_per_unit: NonNegative = 0.0
    """Results kept at the site where the work is done, per work unit."""
    result_kept_hours: NonNegative = 0.0
    """How long results are kept."""
    backup_sites: tuple[Identifier, ...] = ()
    """Results are also sent to, and kept at, the first of these that is in another failure domain, within residency,
    and offers by itself all of ``required_attributes``; empty: no backup."""
    backup_apart: Apart = "site"
    """What results and their backup must not share; by zone work with results runs only at sites that have one."""
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
    """What the site or the pool must offer, e.g. encryption_at_rest, encryption_in_use, dedicated_tenancy; and every
    site that keeps a backup, by itself, since no pool is used there."""
    required_link_attributes: tuple[Identifier, ...] = ()
    """What every link that its data uses must offer, e.g. encryption_in_transit: to the pool's site, back where it
    sends anything back, and on to a backup."""
    allowed_sites: tuple[Identifier, ...] = ()
    denied_sites: tuple[Identifier, ...] = ()
    route_cost_usd_per_unit: dict[Identifier, NonNegative] = Field(default_factory=dict)
    """By pool: an explicit cost per work unit of that route (e.g. freight, a licence)."""
    model: Text = ""
    """The AI model served or trained, e.g. llama-2-70b; descriptive."""
    demand_source: Text = ""
    demand_date: Date | None = None
    notes: Text = ""
