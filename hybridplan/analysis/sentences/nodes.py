"""Whole replicas and nodes: what can be ordered, and what rounding up costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.analysis import caps, elasticity, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.domain.features import counts_nodes
from hybridplan.plan import Plan, WholeNodes

_ROUNDING = 1e-6
"""Relative: what a solver may be over a limit."""


def whole_nodes(plan: Plan) -> list[str]:
    """What the plan costs in whole nodes, how far that is from the bound, and where rounding up does not fit."""
    nodes = plan.whole_nodes
    if nodes is None:
        return [say("nodes.none")]
    currency = plan.scenario.display_currency
    decided = [name for key, name in labels.pools(plan.scenario).items() if counts_nodes(plan.scenario.pools[key])]
    if abs(nodes.extra_usd) <= 1e-9 * max(1.0, abs(nodes.objective_usd)):
        lines = [f"{say('nodes.same')} {say('nodes.change.same')}"]
    else:
        extra = fmt.money(nodes.extra_usd, currency)
        line = say(
            "nodes.cost_rest" if decided else "nodes.cost",
            cost=fmt.money(sum(plan.cost_usd.values()) + nodes.extra_usd, currency),
            extra=extra,
            share=fmt.share(max(0.0, nodes.distance_to_bound)),
        )
        lines = [f"{line} {say('nodes.change.cost', extra=extra)}"]
    if decided:
        lines.insert(0, say("nodes.decided", pools=fmt.shortened(decided)))
    # Whatever the plan counts in nodes fits; rounding may not know.
    rows = nodes.provisioned
    known = rows["pool"].map(lambda key: counts_nodes(plan.scenario.pools[str(key)])) & ~rows["fits"].astype(bool)
    short = nodes.short_periods - int(known.sum())
    if short > 0:
        cases = plural(short, "case")
        line = say("nodes.short", count=cases, all=f"{len(nodes.provisioned):,}")
        lines.append(f"{line} {say('nodes.change.short', count=cases)}")
    return [*lines, *_over(plan, nodes)]


def _over(plan: Plan, nodes: WholeNodes) -> list[str]:
    """The limits on sums over the horizon that the plan keeps, but not when it is rounded up."""
    budget, cap, lines = caps.budget_usd(plan), caps.carbon_tonnes(plan), list[str]()
    if budget is not None and (over := sum(plan.cost_usd.values()) + nodes.extra_usd - budget) > _ROUNDING * budget:
        money = fmt.money(over, plan.scenario.display_currency)
        lines.append(f"{say('nodes.over_budget', over=money)} {say('nodes.change.over_budget', over=money)}")
    if cap is not None and (over := caps.emitted_tonnes(plan) + nodes.extra_tonnes - cap) > _ROUNDING * cap:
        tonnes = fmt.number(over)
        lines.append(f"{say('nodes.over_carbon', over=tonnes)} {say('nodes.change.over_carbon', over=tonnes)}")
    return lines


def table(plan: Plan) -> pd.DataFrame:
    """Whole nodes by pool: pool, accelerators_per_node, least_nodes, most_nodes, mean_nodes, short_periods, source.

    source: ``plan`` where the plan itself counts nodes (then these are its own, and all fit), else ``rounded``.
    """
    columns = ["pool", "accelerators_per_node", "least_nodes", "most_nodes", "mean_nodes", "short_periods", "source"]
    if plan.whole_nodes is None:
        return pd.DataFrame(columns=columns)
    rows = plan.whole_nodes.provisioned.assign(short=lambda frame: ~frame["fits"].astype(bool))
    rows = _decided(plan, rows)
    out = rows.groupby("pool", as_index=False, sort=False).agg(
        accelerators_per_node=("accelerators_per_node", "first"),
        least_nodes=("nodes", "min"),
        most_nodes=("nodes", "max"),
        mean_nodes=("nodes", "mean"),
        short_periods=("short", "sum"),
        source=("source", "first"),
    )
    return out[columns]


def _decided(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """The plan's own nodes in place of rounded ones, where it counts them: kept ones of pools that are always on."""
    scenario, out = plan.scenario, rows.assign(source="rounded")
    if plan.tables is None:
        return out
    kept = dict(plan.tables.kept[["pool", "accelerators_kept"]].itertuples(index=False, name=None))
    keys = ["pool", "block", "period_start"]
    on = out[keys].merge(plan.tables.provisioned, on=keys, how="left")["accelerators_provisioned"].astype(float)
    for key, pool in scenario.pools.items():
        if not counts_nodes(pool):
            continue
        mine = (out["pool"] == key).to_numpy()
        number = on.to_numpy()[mine] if elasticity.in_nodes(scenario, key) else float(kept.get(key, 0.0))
        out.loc[mine, "nodes"] = np.rint(number / pool.accelerators_per_node).astype(int)
        out.loc[mine, "short"], out.loc[mine, "source"] = False, "plan"
    return out


def one_more_node(scenario: Scenario, pool_id: str) -> str:
    """``one more node of 8 H100 in fra-private``: nobody can order a part of a node."""
    size = scenario.pools[pool_id].accelerators_per_node
    words = {"sku": labels.accelerator(scenario, pool_id), "pool": labels.pools(scenario)[pool_id]}
    return say("change.one", **words) if size == 1 else say("change.node", size=f"{size:,}", **words)
