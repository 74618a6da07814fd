"""Which pairs of workload and pool are ruled out, and why."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sentences.ruled_out import by_pair
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan

REASONS: Final = {
    "residency": "Residency: the site's jurisdiction is not allowed",
    "attributes": "A required attribute is missing",
    "link_attributes": "A link lacks a required attribute",
    "not_allowed_site": "The site is not among the allowed sites",
    "denied_site": "The site is denied",
    "no_link": "No link between the users and the site",
    "no_dataset": "The data that it needs is not, and may not be, at the site",
    "no_backup": "No backup of its results from the site: none is apart, keeps the rules and has a link",
    "no_throughput": "No throughput is known on this SKU",
    "not_interruptible": "The work must not be interrupted",
    "overhead": "Interruptions would lose all the time",
    "latency": "Too slow or too far away for the latency objective",
}


def reason(code: str) -> str:
    """A reason code in words."""
    return REASONS.get(code, code.replace("_", " ").capitalize())


def ruled_out(plan: Plan) -> pd.DataFrame:
    """Pairs that are ruled out: workload, pool, reason, detail: a sentence on why and what would change it."""
    rows = plan.routes.loc[~plan.routes["eligible"].astype(bool)]
    out = rows[["workload", "pool", "reason", "detail"]].copy()
    said = by_pair(plan.scenario)
    keys = zip(out["workload"].astype(str), out["pool"].astype(str), out["detail"].astype(str), strict=True)
    out["detail"] = [said.get((work, pool), detail) for work, pool, detail in keys]
    out["reason"] = [reason(str(code)) for code in out["reason"]]
    return out.reset_index(drop=True)


def summary(plan: Plan) -> list[str]:
    """How many pairs are allowed and used, the reasons by frequency, and workloads without any route."""
    routes = plan.routes
    used = 0 if plan.tables is None else len(plan.tables.allocation[["workload", "pool"]].drop_duplicates())
    open_pairs = int(routes["eligible"].astype(bool).sum())
    lines = [say("routes.count", open=f"{open_pairs:,}", all=f"{len(routes):,}", used=f"{used:,}")]
    out = ruled_out(plan)
    counts = out["reason"].value_counts()
    lines += [say("routes.reason", reason=str(text), count=plural(int(n), "pair")) for text, n in counts.items()]
    names = labels.workloads(plan.scenario)
    for key in plan.scenario.workloads:
        mine = routes.loc[routes["workload"] == key]
        if len(mine) and not mine["eligible"].any():
            reasons = list(dict.fromkeys(reason(str(code)).lower() for code in mine["reason"]))
            lines.append(say("routes.no_route", workload=names[key], reasons=fmt.shortened(reasons)))
    return lines
