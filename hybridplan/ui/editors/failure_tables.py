"""The editable tables of failures to survive, of what work promises after them, and of what using a provider costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hybridplan.ui.editors.columns import SCALAR, Column, Table, picked, view_of
from hybridplan.ui.editors.demand_tables import WORKLOADS
from hybridplan.ui.editors.rows import section


def failing(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What a failure may name: ids of sites and links, names of zones and providers."""
    sites, pools = section(document, "sites").values(), section(document, "pools").values()
    named = [record.get("zone") for record in (*sites, *pools) if isinstance(record, Mapping)]
    named += [site.get("provider") for site in sites if isinstance(site, Mapping)]
    texts = [name for name in named if isinstance(name, str) and name]
    return tuple(dict.fromkeys([*section(document, "sites"), *texts, *section(document, "links")]))


CONTINGENCIES: Final = Table(
    "contingencies",
    "Failures to survive",
    "failure",
    ("policy", "contingencies", "*"),
    (
        Column("id", "Id", "key", "A short id: letters, digits and . _ : > - only."),
        Column("name", "Name", hint="Empty: it is called after what fails.", width="medium"),
        Column(
            "kind",
            "What fails",
            "choice",
            "One failure at a time. A link fails with the link back. Several things that fail together are a group. In "
            "files: site, zone, provider, link, spot, group.",
            ("site", "zone", "provider", "link", "spot", "group"),
            (
                ("site", "a site"),
                ("zone", "a zone"),
                ("provider", "all sites of a provider"),
                ("link", "a link"),
                ("spot", "everything interruptible"),
                ("group", "a group"),
            ),
            width="medium",
        ),
        Column(
            "record",
            "Which",
            "choice",
            "The site, zone, provider or link. Leave it empty for everything interruptible, and for a group.",
            offered=failing,
            width="medium",
        ),
        Column(
            "failures_per_year",
            "Failures (per year)",
            "number",
            "In the mean; one in ten years is 0.1. Only the replay of random failures reads it. 0: never there.",
            default=0,
        ),
        Column(
            "repair_hours",
            "Repaired after (hours, mean)",
            "number",
            "Only the replay of random failures reads it.",
            default=4,
        ),
        Column(
            "sites",
            "Group: sites",
            "list",
            "Groups only: sites that fail, with all there.",
            section="sites",
            width="medium",
        ),
        Column("pools", "Group: pools", "list", "Groups only: pools that fail.", section="pools", width="medium"),
        Column(
            "links",
            "Group: links",
            "list",
            "Groups only: links that fail, with those back.",
            section="links",
            width="medium",
        ),
    ),
)

PROVIDER_PRICES: Final = Table(
    "provider_prices",
    "Price of using a provider at all",
    "provider price",
    ("policy", "provider_fixed_usd_per_hour", "*"),
    (
        Column("provider", "Provider", "key", "Of public or edge sites, as written in the table of sites."),
        Column(
            SCALAR,
            "Price (USD per hour)",
            "number",
            "Support contract, staff, reviews: paid in every hour of the plan once anything is rented from it.",
        ),
    ),
)


def _may_promise(record: Any) -> bool:
    """Rigid work, and other work that has a field of a promise all the same."""
    return isinstance(record, Mapping) and (
        record.get("flexibility", "rigid") != "deferrable" or bool({column.field for column in _PROMISE} & set(record))
    )


_PROMISE: Final = (
    *picked(WORKLOADS, "promised_share"),
    Column(
        "promise_form",
        "Kept by",
        "choice",
        "Standby of its own: always ready, dearest. What survives: idle and held-back capacity is shared, and work "
        "without a promise stops. What survives or starts in time: on-demand pools with a ramp may grow too. In files: "
        "dedicated, shared, cold.",
        ("dedicated", "shared", "cold"),
        (
            ("dedicated", "standby of its own"),
            ("shared", "what survives"),
            ("cold", "what survives, or starts in time"),
        ),
        default="dedicated",
        width="medium",
    ),
    Column(
        "recovery_minutes",
        "Recovers within (minutes)",
        "number",
        "From the failure until what takes over works. On-demand pools with a lead time and a ramp grow in this time.",
        default=0,
    ),
    Column(
        "latency_after_failure_ms",
        "Latency objective after a failure (ms)",
        "number",
        "At least the objective when all is well; empty: the same. Pools that are otherwise too far away may take over",
    ),
    Column(
        "availability_objective_share",
        "To be served over time (share, 0 to 1)",
        "share",
        "With random failures: 0.999 or 99.9%. The replay is held against it; the plan does not plan for it.",
    ),
)

PROMISES: Final = view_of(WORKLOADS, "promises", "Promises after a failure", ("id",), _PROMISE, only=_may_promise)
