"""What the plan costs, by term and by pool, beside the baselines. Every figure comes from the audit."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.audit import audit
from hybridplan.plan import Baseline, Plan

PLAN_COLUMN: Final = "plan"
_LEAST_USD: Final = 1e-6
"""Below this an amount is rounding."""


def by_term(plan: Plan) -> pd.DataFrame:
    """One row per term that anyone pays: term, is_penalty, plan, and one column per baseline (USD of the horizon)."""
    columns = {PLAN_COLUMN: (plan.cost_usd, plan.penalty_usd)}
    columns |= {name: (row.cost_usd, row.penalty_usd) for name, row in plan.baselines.items()}
    rows = []
    for is_penalty in (False, True):
        terms = dict.fromkeys(term for pair in columns.values() for term in pair[is_penalty])
        for term in terms:
            values = {name: float(pair[is_penalty].get(term, 0.0)) for name, pair in columns.items()}
            if any(values.values()):
                rows.append({"term": term, "is_penalty": is_penalty, **values})
    return pd.DataFrame(rows, columns=["term", "is_penalty", *columns])


def lines_of(plan: Plan) -> dict[str, pd.DataFrame]:
    """Audited cost lines of the plan and of each baseline (the baselines are audited here)."""
    lines = {PLAN_COLUMN: plan.cost_lines}
    for name, row in plan.baselines.items():
        lines[name] = audit(plan.scenario, row.tables).cost_lines
    return lines


def by_pool(lines: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per pool that anyone pays for: pool ("" = not tied to one), one column per plan (USD of the horizon)."""
    columns = {name: frame.groupby("pool")["usd"].sum() for name, frame in lines.items()}
    table = pd.DataFrame(columns).fillna(0.0).astype(float)
    table = table.loc[(table.abs() > _LEAST_USD).any(axis=1)]
    table = table.sort_values(PLAN_COLUMN, ascending=False, kind="stable")
    return table.rename_axis("pool").reset_index()


def by_pool_and_term(lines: pd.DataFrame) -> pd.DataFrame:
    """The plan's own lines as a cross table: pool, one column per term (USD of the horizon), total."""
    table = lines.pivot_table(index="pool", columns="term", values="usd", aggfunc="sum", fill_value=0.0)
    table["total"] = table.sum(axis=1)
    table = table.sort_values("total", ascending=False, kind="stable")
    table.columns.name = None
    return table.rename_axis("pool").reset_index()


def by_workload(lines: pd.DataFrame) -> pd.DataFrame:
    """What the audit ties to each workload: workload ("" = shared by all), usd (of the horizon)."""
    totals = lines.groupby("workload")["usd"].sum()
    return totals.sort_values(ascending=False, kind="stable").reset_index()


def unserved_share(plan_or_baseline: Plan | Baseline) -> float:
    """The largest share of any workload's demand that is not served."""
    return max((row.share for row in plan_or_baseline.unserved.values()), default=0.0)


def against_baselines(plan: Plan) -> pd.DataFrame:
    """One row for the plan and one per baseline.

    Columns: name, objective_usd, cost_usd, penalty_usd, unserved_share (largest over the workloads), breaks (limits
    broken, in words), comparable (same unserved work, nothing broken), saving_usd (baseline less plan; NaN where the
    two cannot be compared).
    """
    rows = [_row(PLAN_COLUMN, plan.objective_usd or 0.0, plan, ())]
    for name, row in plan.baselines.items():
        record = _row(name, row.objective_usd, row, row.breaks)
        record["comparable"] = is_comparable(plan, row)
        if record["comparable"]:
            record["saving_usd"] = row.objective_usd - (plan.objective_usd or 0.0)
        rows.append(record)
    return pd.DataFrame(rows)


def is_comparable(plan: Plan, row: Baseline) -> bool:
    """True where a saving may be claimed: the same work is left unserved, and the rule breaks no limit."""
    if row.breaks:
        return False
    names = {*plan.unserved, *row.unserved}
    return all(_same_unserved(plan, row, name) for name in names)


def _same_unserved(plan: Plan, row: Baseline, workload: str) -> bool:
    mine, other = plan.unserved.get(workload), row.unserved.get(workload)
    first, second = (mine.quantity if mine else 0.0), (other.quantity if other else 0.0)
    share = max(mine.share if mine else 0.0, other.share if other else 0.0)
    return abs(first - second) <= 1e-6 * max(first, second) or share <= 1e-6


def _row(name: str, objective_usd: float, source: Plan | Baseline, breaks: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": name,
        "objective_usd": objective_usd,
        "cost_usd": sum(source.cost_usd.values()),
        "penalty_usd": sum(source.penalty_usd.values()),
        "unserved_share": unserved_share(source),
        "breaks": "; ".join(breaks),
        "comparable": False,
        "saving_usd": float("nan"),
    }
