"""Whole replicas and nodes: what can be ordered, and what rounding up costs."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan


def whole_nodes(plan: Plan) -> list[str]:
    """What the plan costs in whole nodes, how far that is from the bound, and where rounding up does not fit."""
    nodes = plan.whole_nodes
    if nodes is None:
        return [say("nodes.none")]
    currency = plan.scenario.display_currency
    if abs(nodes.extra_usd) <= 1e-9 * max(1.0, abs(nodes.objective_usd)):
        lines = [say("nodes.same")]
    else:
        lines = [
            say(
                "nodes.cost",
                cost=fmt.money(sum(plan.cost_usd.values()) + nodes.extra_usd, currency),
                extra=fmt.money(nodes.extra_usd, currency),
                share=fmt.share(max(0.0, nodes.distance_to_bound)),
            )
        ]
    if nodes.short_periods:
        every = f"{len(nodes.provisioned):,}"
        lines.append(say("nodes.short", count=plural(nodes.short_periods, "case"), all=every))
    return lines


def table(plan: Plan) -> pd.DataFrame:
    """Whole nodes by pool: pool, accelerators_per_node, least_nodes, most_nodes, mean_nodes, short_periods."""
    columns = ["pool", "accelerators_per_node", "least_nodes", "most_nodes", "mean_nodes", "short_periods"]
    if plan.whole_nodes is None:
        return pd.DataFrame(columns=columns)
    rows = plan.whole_nodes.provisioned.assign(short=lambda frame: ~frame["fits"].astype(bool))
    out = rows.groupby("pool", as_index=False, sort=False).agg(
        accelerators_per_node=("accelerators_per_node", "first"),
        least_nodes=("nodes", "min"),
        most_nodes=("nodes", "max"),
        mean_nodes=("nodes", "mean"),
        short_periods=("short", "sum"),
    )
    return out[columns]


def one_more_node(scenario: Scenario, pool_id: str) -> str:
    """``one more node of 8 H100 in fra-private``: nobody can order a part of a node."""
    size = scenario.pools[pool_id].accelerators_per_node
    words = {"sku": labels.accelerator(scenario, pool_id), "pool": labels.pools(scenario)[pool_id]}
    return say("change.one", **words) if size == 1 else say("change.node", size=f"{size:,}", **words)
