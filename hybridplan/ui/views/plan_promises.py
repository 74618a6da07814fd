"""Promises on the page of the plan: standby by pool and workload, and what goes on after each failure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.sentences import promises as promise_sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """Nothing where no work is promised."""
    lines = _said(plan)
    if not lines:
        return
    st.header("After a failure", anchor=False)
    parts.bullets(lines)
    if not promises.promised(plan.scenario):
        return
    st.caption(safe(say("promise.how")))
    columns = {
        "name": Column("Workload"),
        "failure": Column("Failure"),
        "promised": Column("Promised (%)", "%.1f", "Of what is served"),
        "left": Column("Goes on (%)", "%.1f", "Of what is served, in the worst period"),
    }
    parts.table(_survival(plan, tables), columns, "survival")
    found = _standby(plan, tables)
    if found.empty:
        return
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
def _said(plan: Plan) -> list[str]:
    return [*promise_sentences.kept(plan), *promise_sentences.standby(plan)]


@kept
def _survival(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    rows = promises.survival(plan.scenario, tables)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        failure=labels.named(rows["contingency"], labels.contingencies(plan.scenario)),
        promised=rows["promised_share"] * 100,
        left=rows["left_share"] * 100,
    )


@kept
def _standby(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    rows = promises.standby(plan.scenario, tables)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        pool_name=labels.named(rows["pool"], labels.pools(plan.scenario)),
        rent=parts.money_column(rows, "rent_usd", plan.scenario.display_currency),
    )
