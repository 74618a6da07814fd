"""Who takes over after each failure, and what stands by for that."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import drills, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column

_FORMS = {"dedicated": "standby of its own", "shared": "what survives", "cold": "what survives, or starts in time"}


def takes_over(plan: Plan) -> None:
    """The failover table: who takes over for whom, in what order, and how much."""
    st.header("Who takes over", anchor=False)
    rows = _failover(plan)
    if rows.empty:
        parts.paragraph("Nobody has to: no failure takes anything from promised work.")
        return
    columns = {
        "name": Column("Workload"),
        "failure": Column("After the"),
        "order": Column("Order", "%d", "The shortest round trip from the users first, then the lower price"),
        "pool_name": Column("Takes over"),
        "round_trip_ms": Column("Round trip (ms)", "%.1f"),
        "most_units_per_hour": Column("Most taken over (units per hour)", "localized"),
        "unit": Column("Unit"),
        "most_accelerators": Column("Most (accelerators)", "%.1f"),
        "when": Column(f"That is at ({labels.zone(plan.scenario).key})"),
        "lost": Column("Lost to the failure"),
        "form": Column("Kept by"),
    }
    parts.table(rows, columns, "failover")


@kept
def _failover(plan: Plan) -> pd.DataFrame:
    rows, scenario = drills.failover_table(plan), plan.scenario
    pools, zone = labels.pools(scenario), labels.zone(scenario)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(scenario)),
        failure=labels.named(rows["contingency"], labels.contingencies(scenario)),
        lost=[fmt.listed(labels.named(str(ids).split(", "), pools)) for ids in rows["lost_pools"]],
        pool_name=labels.named(rows["pool"], pools),
        form=labels.named(rows["promise_form"], _FORMS),
        unit=[scenario.workloads[str(key)].unit for key in rows["workload"]],
        most_units_per_hour=rows["most_units_per_hour"]
        .astype(float)
        .map(lambda units: fmt.round_significant(units, 4)),
        when=[parts.short_clock(start, zone) for start in rows["period_start"]],
    )


def stands_by(plan: Plan, tables: PlanTables) -> None:
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
