"""Who takes over after each failure, and what stands by for that."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import drills, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.analysis.reserve import reserve
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
        "most_units_per_hour": Column("Most taken over (units per hour)", "amount"),
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
        most_units_per_hour=rows["most_units_per_hour"].astype(float),
        when=[parts.short_clock(start, zone) for start in rows["period_start"]],
    )


def stands_by(plan: Plan, tables: PlanTables) -> None:
    """What is ready for failures: standby of its own by workload, and what pools take over; with rent."""
    standby, held = _standby(plan, tables), _reserve(plan, tables)
    if standby.empty and held.empty:
        return
    st.header("What is held ready, and its rent", anchor=False)
    rent = f"({plan.scenario.display_currency.code} for {fmt.span(plan.scenario.horizon.plan_hours)})"
    if not standby.empty:
        columns = {
            "name": Column("Workload"),
            "pool_name": Column("Pool"),
            "most": Column("Standby at most (accelerators)", "%.1f"),
            "accelerator_hours": Column("Standby (accelerator-hours)", "%.1f"),
            "rent": Column(f"Rent {rent}", "money"),
        }
        parts.table(standby, columns, "standby")
    columns = {
        "pool_name": Column("Pool"),
        "most_taken_over": Column("Takes over at most (accelerators)", "%.1f", "For promised work, standby included"),
        "rent": Column(
            f"Rent beyond its load {rent}",
            "money",
            "Rented pools: what is neither assigned, nor on standby, nor held back. It is there for failures, or since "
            "the pool cannot grow and shrink at once.",
        ),
        "failure": Column("Most after the"),
        "when": Column(f"At ({labels.zone(plan.scenario).key})"),
    }
    if not held.empty:
        parts.table(held, columns, "held-ready")


@kept
def _reserve(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    rows, zone = reserve(plan.scenario, tables), labels.zone(plan.scenario)
    failures = {**labels.contingencies(plan.scenario), "": fmt.NO_VALUE}
    return rows.assign(
        pool_name=labels.named(rows["pool"], labels.pools(plan.scenario)),
        failure=labels.named(rows["contingency"], failures),
        when=[parts.short_clock(start, zone) for start in rows["period_start"]],
        rent=parts.money_column(rows, "rent_usd", plan.scenario.display_currency),
    )


@kept
def _standby(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    rows = promises.standby(plan.scenario, tables)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        pool_name=labels.named(rows["pool"], labels.pools(plan.scenario)),
        rent=parts.money_column(rows, "rent_usd", plan.scenario.display_currency),
    )
