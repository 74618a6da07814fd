"""A plan of several blocks, and typical weeks, in words."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import by_block, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.typical_weeks import ALL, TypicalWeeks
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables

_ALIKE = 1e-6
"""Relative difference below which two blocks cost the same."""
_ROUNDING = 1e-6
"""Share below which unserved work is rounding."""
_PEAK_MATTERS = 0.01


def summary(plan: Plan, tables: PlanTables) -> list[str]:
    """What the blocks cover, which is the dearest, how demand grows, and where most is unserved."""
    rows, names = by_block.summary(plan, tables), labels.blocks(plan.scenario)
    span, currency = fmt.span(plan.scenario.horizon.plan_hours), plan.scenario.display_currency
    found = [say("blocks.covered", span=span, count=str(len(rows)))]
    ordered = rows.sort_values("usd_per_hour", kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    if most["usd_per_hour"] - least["usd_per_hour"] <= _ALIKE * abs(most["usd_per_hour"]):
        found.append(say("blocks.alike", usd=fmt.money(float(most["usd_per_hour"]), currency)))
    else:
        found.append(
            say(
                "blocks.dearest",
                block=names[str(most["block"])],
                cheapest=names[str(least["block"])],
                most=fmt.money(float(most["usd_per_hour"]), currency),
                least=fmt.money(float(least["usd_per_hour"]), currency),
            )
        )
    return [*found, *_growth(plan, names), *_unserved(plan, tables, names)]


def _growth(plan: Plan, names: dict[str, str]) -> list[str]:
    rows = by_block.demanded(plan.scenario)
    means = {str(key): float(part["mean"].sum()) for key, part in rows.groupby("block", sort=False)}
    if len(means) < 2:
        return []
    (first, *_, last), levels = means, list(means.values())
    if levels[0] <= 0 or abs(levels[-1] / levels[0] - 1) <= _ALIKE:
        return []
    return [say("blocks.growth", first=names[first], last=names[last], share=fmt.share(levels[-1] / levels[0]))]


def _unserved(plan: Plan, tables: PlanTables, names: dict[str, str]) -> list[str]:
    rows = by_block.unserved(plan.scenario, tables)
    rows = rows.loc[rows["share"] > _ROUNDING].sort_values("share", ascending=False, kind="stable")
    if rows.empty:
        return []
    worst = rows.iloc[0]
    work, share = labels.workloads(plan.scenario)[str(worst["workload"])], fmt.share(float(worst["share"]))
    return [say("blocks.unserved", block=names[str(worst["block"])], share=share, workload=work)]


def found_weeks(weeks: TypicalWeeks, names: dict[str, str], zone: str) -> list[str]:
    """What typical weeks stand for, and what they get wrong. ``names``: of the workloads."""
    row = weeks.errors.loc[weeks.errors["workload"] == ALL].iloc[0]
    hours = f"{weeks.year_hours:,}"
    year = say("weeks.year", first=fmt.day(weeks.year_start.date()), last=fmt.day(weeks.year_end.date()))
    error = {
        "peak": _peak(float(row["peak_error_share"])),
        "mean": fmt.share(float(row["curve_mean_error_share"])),
        "most": fmt.share(float(row["curve_max_error_share"])),
    }
    found = [say("weeks.found", count=str(len(weeks.weeks)), hours=hours, year=year), say("weeks.error", **error)]
    if row["peak_error_share"] < -_PEAK_MATTERS and not weeks.peak_outside:
        found.append(say("weeks.peak_lost"))
    if weeks.peak_outside:
        found.append(say("weeks.outside"))
    if weeks.averaged:
        found.append(say("weeks.averaged", names=fmt.shortened([names.get(key, key) for key in weeks.averaged])))
    return [*found, say("weeks.local", zone=zone), say("weeks.kept")]


def _peak(share: float) -> str:
    if abs(share) < _ALIKE:
        return say("weeks.peak_same")
    return say("weeks.peak_lower" if share < 0 else "weeks.peak_higher", share=fmt.share(abs(share)))


def named_errors(weeks: TypicalWeeks, names: dict[str, str], units: dict[str, str]) -> pd.DataFrame:
    """The table of errors with ``name`` and ``unit`` (per hour) of each workload; all together come last."""
    rows = weeks.errors.copy()
    rows["name"] = ["All together" if key == ALL else names.get(str(key), str(key)) for key in rows["workload"]]
    rows["unit"] = [
        weeks.unit if key == ALL else f"{units.get(str(key), 'units')} per hour" for key in rows["workload"]
    ]
    return rows
