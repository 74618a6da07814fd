"""The editable tables of workloads, throughput, windows, route costs and blocks."""

from __future__ import annotations

from typing import Final

from hybridplan.ui.editors.attributes import required_of_links, required_of_places
from hybridplan.ui.editors.columns import SCALAR, AutoId, Column, Table

_ID_HINT: Final = "A short id: letters, digits and . _ : > - only."
_TIME_HINT: Final = "2026-06-01T00:00+02:00; without an offset, the time zone of the horizon is taken."

WORKLOADS: Final = Table(
    "workloads",
    "Workloads",
    "workload",
    ("workloads", "*"),
    (
        Column("id", "Id", "key", _ID_HINT),
        Column("name", "Name"),
        Column("kind", "Kind", "choice", options=("training", "inference", "batch", "data")),
        Column(
            "unit",
            "Work unit",
            hint="What demand counts: thousand requests, tokens, accelerator-hours.",
            default="accelerator-hours",
        ),
        Column("origin_site", "Users at site", "choice", "Round trips and transfer count from here.", section="sites"),
        Column(
            "flexibility",
            "Flexibility",
            "choice",
            "rigid: served in its own hour. deferrable: a volume inside a window.",
            ("rigid", "deferrable"),
            default="rigid",
        ),
        Column("must_serve", "Must be served", "flag", "On: no plan may leave any of it unserved.", default=False),
        Column(
            "unserved_usd_per_unit",
            "Penalty if unserved (USD per work unit)",
            "number",
            "Needed. As a rule 10 x the dearest way to serve it.",
        ),
        Column(
            "unserved_share_cap",
            "Most unserved (share, 0 to 1)",
            "share",
            "Of the demand over all that is planned; empty: any, at its penalty.",
            basic=False,
        ),
        Column(
            "promised_share",
            "Promised after a failure (share, 0 to 1)",
            "share",
            "Of what is served, after any one of the failures to survive (Assumptions); rigid work only. How it is "
            "kept: see Promises below.",
            basic=False,
            default=0,
        ),
        Column(
            "latency_objective_ms",
            "Latency objective (ms)",
            "number",
            "At most this, from the users and back; empty: none. What is timed, and the queue: see Latency below.",
        ),
        Column("allowed_jurisdictions", "Residency (jurisdictions)", "list", "Where it may run: DE, NL."),
        Column(
            "required_attributes",
            "Required attributes",
            "list",
            "What the site or the pool must offer: pick, or type others.",
            offered=required_of_places,
        ),
        Column(
            "required_link_attributes",
            "Required of links",
            "list",
            "What every link that its data uses must offer: to the pool, back, and on to a backup.",
            offered=required_of_links,
            basic=False,
        ),
        Column("interruptible", "May be interrupted", "flag", "On: may run on interruptible pools.", default=False),
        Column(
            "interruptible_share_cap",
            "Most on interruptible (share, 0 to 1)",
            "share",
            "Of the units served, per period or window.",
            basic=False,
            default=1,
        ),
        Column(
            "whole_replicas",
            "Whole gangs only",
            "flag",
            "On: accelerators are assigned in whole replicas (replica size: table of throughput), or not at all.",
            basic=False,
            default=False,
        ),
        Column("ingress_gb_per_unit", "Data in (GB per work unit)", "number", basic=False, default=0),
        Column("egress_gb_per_unit", "Data out (GB per work unit)", "number", basic=False, default=0),
        Column("checkpoint_hours", "Checkpoint (hours)", "number", "Time to write one.", basic=False, default=0),
        Column(
            "checkpoint_interval_hours",
            "Checkpoint every (hours)",
            "number",
            "Empty: the interval that loses least.",
            basic=False,
        ),
        Column("restart_hours", "Restart (hours)", "number", basic=False, default=0),
        Column("allowed_sites", "Only at sites", "list", "Empty: any.", basic=False),
        Column("denied_sites", "Never at sites", "list", basic=False),
        Column("model", "AI model", hint="Descriptive, e.g. llama-2-70b.", basic=False),
        Column("demand_source", "Demand source", basic=False),
        Column("demand_date", "Demand date", hint="YYYY-MM-DD", basic=False),
        Column("notes", "Notes", basic=False),
    ),
    new={"throughput": {}},
    elsewhere=(
        "throughput",
        "windows",
        "scaling",
        "route_cost_usd_per_unit",
        "demand_units_per_hour",
        "latency_statistic",
        "latency_point",
        "prompt_tokens",
        "output_tokens",
        "max_load_share",
        "mean_latency_cap_ms",
        "congestion_usd_per_unit_second",
        "parallel_limit_accelerators",
        "one_site",
        "after",
        "after_units_per_unit",
        "datasets",
        "result_gb_per_unit",
        "result_kept_hours",
        "backup_sites",
        "backup_apart",
        "promise_form",
        "recovery_minutes",
        "latency_after_failure_ms",
        "availability_objective_share",
    ),
    repeated=("promised_share",),
)

THROUGHPUT: Final = Table(
    "throughput",
    "Throughput by SKU",
    "throughput",
    ("workloads", "*", "throughput", "*"),
    (
        Column("workload", "Workload", "key", section="workloads"),
        Column("sku", "SKU", "key", "As in the table of pools. A SKU that is absent cannot serve the workload."),
        Column(
            "units_per_accelerator_hour",
            "Throughput (work units per accelerator-hour)",
            "number",
            "In the workload's own work unit.",
        ),
        Column(
            "service_ms",
            "Service time (ms)",
            "number",
            "Mean of one request, no queue, no network; leave at 0 where tokens are timed.",
            default=0,
        ),
        Column(
            "prefill_tokens_per_second",
            "Reads (prompt tokens per second)",
            "number",
            "One request with no queue. Needed where the first or last token is timed.",
            basic=False,
        ),
        Column(
            "decode_tokens_per_second",
            "Writes (output tokens per second)",
            "number",
            "One request with no queue. Needed where the last token is timed.",
            basic=False,
        ),
        Column(
            "accelerators_per_replica",
            "Replica size (accelerators)",
            "number",
            "Work together on one copy: the size of a gang.",
            default=1,
        ),
        Column("is_estimate", "Estimate", "flag", "On: derived, not measured.", default=False),
        Column("source", "Source"),
        Column("as_of", "Date", hint="YYYY-MM-DD"),
    ),
)

WINDOWS: Final = Table(
    "windows",
    "Windows of deferrable work",
    "window",
    ("workloads", "*", "windows", "*"),
    (
        Column("workload", "Workload", "key", section="workloads"),
        Column("window", "Id", "key", "Left empty: numbered."),
        Column("block", "Block", "choice", section="horizon.blocks"),
        Column("start", "Earliest start", "time", _TIME_HINT, width="medium"),
        Column("end", "Latest end", "time", _TIME_HINT, width="medium"),
        Column("volume_units", "Volume (work units per occurrence)", "number"),
    ),
    auto_id=AutoId(prefix="w"),
)

ROUTE_COSTS: Final = Table(
    "route_costs",
    "Extra cost by route",
    "route cost",
    ("workloads", "*", "route_cost_usd_per_unit", "*"),
    (
        Column("workload", "Workload", "key", section="workloads"),
        Column("pool", "Pool", "key", section="pools"),
        Column(SCALAR, "Extra cost (USD per work unit)", "number", "On top of the pool's price, e.g. a licence."),
    ),
)

BLOCKS: Final = Table(
    "blocks",
    "Blocks of the horizon",
    "block",
    ("horizon", "blocks", "*"),
    (
        Column("id", "Id", "key", _ID_HINT),
        Column("label", "Label"),
        Column("start", "Start", "time", _TIME_HINT, width="medium"),
        Column("periods", "Periods (count)", "number", "How many periods; profiles need one value for each."),
        Column("period_hours", "Period length (hours)", "number", default=1),
        Column("weight", "Weight (occurrences)", "number", "How often the block occurs in what is planned.", default=1),
        Column("demand_factor", "Demand factor (x)", "number", "Growth: multiplies demand and volumes.", default=1),
        Column(
            "price_factor", "Price factor (x)", "number", "Multiplies on-demand and interruptible prices.", default=1
        ),
    ),
)
