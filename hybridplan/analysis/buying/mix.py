"""Base and peak of each SKU: hours ordered by the work that ran, split by purchase option."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.analysis.buying.result import BANDS, MIX_COLUMNS
from hybridplan.plan import Plan

SUMMARY_COLUMNS = ("sku", "purchase_option", "accelerator_hours", "share", "peak_accelerators", "hours_used_share")


def load_duration(plan: Plan | None) -> pd.DataFrame:
    """MIX_COLUMNS: for each SKU that runs, periods by busy accelerators, most first, ``from_hour`` to ``to_hour``.

    Hours are those of the horizon, weights included. Within a period each band is what was busy on pools of that
    purchase option.
    """
    if plan is None or plan.tables is None:
        return pd.DataFrame(columns=list(MIX_COLUMNS))
    rows = plan.tables.provisioned
    pools = plan.scenario.pools
    table = pd.DataFrame(
        {
            "sku": [pools[str(key)].sku for key in rows["pool"]],
            "option": [pools[str(key)].purchase_option for key in rows["pool"]],
            "block": rows["block"],
            "period_start": rows["period_start"],
            "busy": rows["accelerators_busy"].astype(float),
        }
    )
    wide = table.pivot_table(index=["sku", "block", "period_start"], columns="option", values="busy", aggfunc="sum")
    wide = wide.reindex(columns=list(BANDS)).fillna(0.0).reset_index()
    wide["hours"] = frames.weight_hours(plan.scenario, wide)
    wide["total"] = wide[list(BANDS)].sum(axis=1)
    parts = [_ordered(part) for _, part in wide.groupby("sku", sort=False) if float(part["total"].max()) > 0]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(MIX_COLUMNS))


def summary(mix: pd.DataFrame) -> pd.DataFrame:
    """SUMMARY_COLUMNS: by SKU and option what ran, its share of the SKU, its peak, and its share of the time."""
    rows = []
    for sku, part in mix.groupby("sku", sort=False):
        hours = part["to_hour"].astype(float) - part["from_hour"].astype(float)
        whole = float((part[list(BANDS)].sum(axis=1) * hours).sum())
        for option in BANDS:
            busy = part[option].astype(float)
            amount = float((busy * hours).sum())
            if amount > 0:
                used = float(hours[busy > 0].sum() / hours.sum())
                rows.append([sku, option, amount, amount / whole, float(busy.max()), used])
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def _ordered(part: pd.DataFrame) -> pd.DataFrame:
    """Periods of one SKU by what ran; equal ones by the cheaper band first, so that the picture is calm."""
    keys = ["total", *BANDS]
    part = part.sort_values(keys, ascending=[False, *[False] * len(BANDS)], kind="stable")
    ends = part["hours"].cumsum()
    return part.assign(from_hour=ends - part["hours"], to_hour=ends)[list(MIX_COLUMNS)]
