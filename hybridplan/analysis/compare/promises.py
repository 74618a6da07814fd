"""What each entrant promises for after a failure, what its worst failure leaves, and what being ready is rented for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from hybridplan.analysis import promises
from hybridplan.analysis.compare.result import PROMISE_COLUMNS, Entrant
from hybridplan.analysis.reserve import reserve
from hybridplan.plan import Plan

_SLACK: Final = 1e-6
"""Share of what is served by which a promise may be missed: the audit's tolerance on it."""


def table(entrants: Sequence[Entrant]) -> pd.DataFrame:
    """PROMISE_COLUMNS: one row per entrant with a plan and workload that it promises to go on with."""
    rows = [row for entrant in entrants for row in _of(entrant)]
    return pd.DataFrame(rows, columns=list(PROMISE_COLUMNS))


def _of(entrant: Entrant) -> list[dict[str, Any]]:
    plan = entrant.plan
    if plan.tables is None or not promises.promised(plan.scenario):
        return []
    left, out = promises.survival(plan.scenario, plan.tables), []
    for key, share in promises.promised(plan.scenario).items():
        worst = left.loc[left["workload"] == key].sort_values("left_share", kind="stable").iloc[0]
        form, least = plan.scenario.workloads[key].promise_form, float(worst["left_share"])
        row = {"name": entrant.name, "workload": key, "promise_form": form, "promised_share": share}
        out.append(row | {"left_share": least, "contingency": worst["contingency"], "is_kept": least >= share - _SLACK})
    return out


def standby_usd(plan: Plan) -> float:
    """Rent over the horizon of what stands by for one workload alone."""
    return 0.0 if plan.tables is None else float(promises.standby(plan.scenario, plan.tables)["rent_usd"].sum())


def beyond_usd(plan: Plan) -> float:
    """Rent over the horizon of what is on beyond its load: for promises kept by what survives, or by slow ramps."""
    return 0.0 if plan.tables is None else float(reserve(plan.scenario, plan.tables)["rent_usd"].sum())
