"""Where each component of the model shows: its name on pages, and the tab of the Plan page where its effect is seen.

The Plan page takes its tabs from here, and its tables of costs and limits point to them.
"""

from __future__ import annotations

from typing import Final, Literal

from hybridplan.analysis import by_block, datasets, elasticity, jobs, labels
from hybridplan.analysis.commitments import holdings
from hybridplan.analysis.hardware import expansions
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario

Tab = Literal[
    "where",
    "cost",
    "blocks",
    "commitments",
    "full",
    "latency",
    "switched",
    "jobs",
    "flows",
    "data",
    "limits",
    "routes",
    "nodes",
    "energy",
]

TABS: Final[dict[Tab, str]] = {
    "where": "Where it runs",
    "cost": "What it costs",
    "blocks": "By block",
    "commitments": "Commitments and hardware",
    "full": "How full",
    "latency": "Latency",
    "switched": "Switched on",
    "jobs": "Jobs",
    "flows": "Flows",
    "data": "Data",
    "limits": "Limits",
    "routes": "Routes",
    "nodes": "Whole nodes",
    "energy": "Energy and carbon",
}
"""Titles of the tabs, in their order."""

SEEN_IN: Final[dict[str, Tab]] = {
    "usage": "cost",
    "owned_fixed": "cost",
    "commitment": "commitments",
    "expansion": "commitments",
    "link_fixed": "flows",
    "storage": "data",
    "energy": "energy",
    "carbon": "energy",
    "transfer": "flows",
    "route": "cost",
    "start": "switched",
    "provider_fixed": "cost",
    "unserved": "where",
    "congestion": "latency",
    "balance": "full",
    "rigid_demand": "where",
    "window_demand": "jobs",
    "must_serve": "where",
    "unserved_cap": "where",
    "latency": "latency",
    "mean_latency": "latency",
    "capacity": "full",
    "provisioning": "switched",
    "ramp_up": "switched",
    "ramp_down": "switched",
    "min_provisioned": "switched",
    "min_busy": "switched",
    "min_on": "switched",
    "kept": "full",
    "new_commitment": "commitments",
    "new_spend": "commitments",
    "covered": "commitments",
    "spend_commitment": "commitments",
    "bought": "commitments",
    "site_space": "commitments",
    "site_power": "commitments",
    "private_line": "commitments",
    "private_flow": "commitments",
    "copies": "data",
    "copy_needed": "data",
    "sync": "data",
    "parallel_limit": "jobs",
    "one_site": "jobs",
    "after": "jobs",
    "scaling": "jobs",
    "link_bandwidth": "flows",
    "interruptible_share": "where",
    "interruptible_share_window": "jobs",
    "budget": "cost",
    "carbon_cap": "energy",
    "provider_share": "where",
    "max_providers": "where",
    "min_providers": "where",
    "provider_hours": "where",
    "promise": "full",
    "promise_bandwidth": "flows",
    "failover_capacity": "full",
    "failover_started": "switched",
    # Sums of the rows of a limit over the horizon.
    "one_more_accelerator": "full",
    "one_more_gbps": "flows",
}
"""Cost terms and limits of the model, by name, and the tab where each is seen."""


_SHARED_NAMES: Final = {"new_spend": "new_commitment", "provider_hours": "min_providers"}
"""Limits that pages call by the name of another one."""


def name(component: str) -> str:
    """What a cost term or a limit is called on pages. Raises KeyError for a component without a name."""
    if component in labels.TERM:
        return labels.TERM[component]
    return say(f"limit_name.{_SHARED_NAMES.get(component, component)}")


def seen_in(component: str) -> str:
    """Title of the tab where a component is seen; that of all limits for one that is not known here."""
    return TABS[SEEN_IN.get(component, "limits")]


def tabs(scenario: Scenario) -> list[Tab]:
    """Tabs with something to show: those of features that do not occur in a scenario are left out."""
    occurs = {
        "blocks": by_block.several(scenario),
        "commitments": holdings.occur(scenario) or expansions.occur(scenario),
        "switched": bool(elasticity.shown_pools(scenario)),
        "jobs": bool(jobs.deferrable(scenario)),
        "data": datasets.occur(scenario),
    }
    return [tab for tab in TABS if occurs.get(tab, True)]
