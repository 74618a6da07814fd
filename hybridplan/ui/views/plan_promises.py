"""Promises on the page of the plan: standby by pool and workload, and what goes on after each failure."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.sentences import promises as promise_sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """Nothing where no work is promised."""
    scenario = plan.scenario
    lines = [*promise_sentences.kept(plan), *promise_sentences.standby(plan)]
    if not lines:
        return
    st.header("After a failure", anchor=False)
    parts.bullets(lines)
    if not promises.promised(scenario):
        return
    st.caption(safe(say("promise.how")))
    rows = promises.survival(scenario, tables)
    rows["name"] = labels.named(rows["workload"], labels.workloads(scenario))
    rows["failure"] = labels.named(rows["contingency"], labels.contingencies(scenario))
    rows["promised"], rows["left"] = rows["promised_share"] * 100, rows["left_share"] * 100
    columns = {
        "name": Column("Workload"),
        "failure": Column("Failure"),
        "promised": Column("Promised (%)", "%.1f", "Of what is served"),
        "left": Column("Goes on (%)", "%.1f", "Of what is served, in the worst period"),
    }
    parts.table(rows, columns, "survival")
    found = promises.standby(scenario, tables)
    if found.empty:
        return
    found["name"] = labels.named(found["workload"], labels.workloads(scenario))
    found["pool_name"] = labels.named(found["pool"], labels.pools(scenario))
    found["rent"] = parts.money_column(found, "rent_usd", scenario.display_currency)
    span = fmt.span(scenario.horizon.plan_hours)
    columns = {
        "name": Column("Workload"),
        "pool_name": Column("Pool"),
        "most": Column("Standby at most (accelerators)", "%.1f"),
        "accelerator_hours": Column("Standby (accelerator-hours)", "%.1f"),
        "rent": Column(f"Rent ({scenario.display_currency.code} for {span})", "localized"),
    }
    parts.table(found, columns, "standby")
