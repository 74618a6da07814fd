"""Promises: what goes on after each failure, who takes over, what stands by, and what that costs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, plan_promises, resilience_forms
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column
from hybridplan.ui.views.resilience_empty import lacks_failures, lacks_promises
from hybridplan.ui.workspace import Workspace


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    if plan.tables is None or lacks_failures(plan.scenario):
        return
    if lacks_promises(plan.scenario):
        return
    parts.bullets(plan_promises.said(plan))
    st.caption(safe(say("promise.how")))
    _standing_by(plan, plan.tables)
    resilience_forms.show(plan.scenario)


def _standing_by(plan: Plan, tables: PlanTables) -> None:
    """Standby of dedicated promises by workload and pool, and its rent."""
    found = _standby(plan, tables)
    if found.empty:
        return
    st.header("What stands by", anchor=False)
    currency, span = plan.scenario.display_currency, fmt.span(plan.scenario.horizon.plan_hours)
    columns = {
        "name": Column("Workload"),
        "pool_name": Column("Pool"),
        "most": Column("Standby at most (accelerators)", "%.1f"),
        "accelerator_hours": Column("Standby (accelerator-hours)", "%.1f"),
        "rent": Column(f"Rent ({currency.code} for {span})", "localized"),
    }
    parts.table(found, columns, "standby")


@kept
def _standby(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    rows = promises.standby(plan.scenario, tables)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        pool_name=labels.named(rows["pool"], labels.pools(plan.scenario)),
        rent=parts.money_column(rows, "rent_usd", plan.scenario.display_currency),
    )
