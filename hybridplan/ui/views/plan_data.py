"""Section of the Plan page about data: copies and who uses them, their ways, results and backups."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import datasets, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import datasets as sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import parts, purchase_figures
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """What occurs of it."""
    parts.bullets(_summary(plan))
    if plan.scenario.datasets:
        figure = purchase_figures.copy_cost(plan, tables, parts.look())
        if figure is not None:
            parts.chart(figure, "copy-cost", "Storage and data of each copy")
        _copies(plan, tables)
        _ways(plan, tables)
    _results(plan, tables)


@kept
def _summary(plan: Plan) -> list[str]:
    return sentences.summary(plan)


def _copies(plan: Plan, tables: PlanTables) -> None:
    st.header("Copies", anchor=False)
    works, money = labels.workloads(plan.scenario), plan.scenario.display_currency
    rows = datasets.copies(plan, tables)
    rows = rows.assign(
        what=[say(f"copy.{state}") for state in rows["state"]],
        used_by=[fmt.listed(labels.named(keys, works)) or fmt.NO_VALUE for keys in rows["works"]],
        storage=parts.money_column(rows, "storage_usd", money),
        allowed=["yes" if one else "no" for one in rows["is_allowed"]],
    )
    columns = {
        "name": Column("Dataset"),
        "site_name": Column("Site"),
        "what": Column("Copy"),
        "size_gb": Column("Size (GB)", "localized"),
        "storage": Column(f"Storage ({_unit(plan)})", "money"),
        "first_copy_hours": Column("There after (hours)", "%.1f", "Time of the first copy, from the start of the plan"),
        "change_gb_per_hour": Column("Sync (GB per hour)", "%.4g"),
        "used_by": Column("Used by"),
        "accelerator_hours": Column("Work there (accelerator-hours)", "%.1f"),
        "jurisdiction": Column("Law"),
        "allowed": Column("Allowed there"),
    }
    parts.table(rows, columns, "copies")


def _ways(plan: Plan, tables: PlanTables) -> None:
    rows = datasets.ways(plan, tables)
    if rows.empty:
        return
    st.header("Ways of the data", anchor=False)
    money = plan.scenario.display_currency
    rows = rows.assign(
        percent=rows["share"] * 100,
        link_percent=rows["of_link"] * 100,
        change=parts.money_column(rows, "change_usd", money),
        first=parts.money_column(rows, "first_usd", money),
    )
    columns = {
        "name": Column("Dataset"),
        "site_name": Column("Copy at"),
        "link_name": Column("Link"),
        "percent": Column("Of its data (%)", "%.1f"),
        "gb_per_hour": Column("Changes (GB per hour)", "%.4g"),
        "link_percent": Column("Of the link (%)", "%.2f"),
        "change": Column(f"Changes ({_unit(plan)})", "money"),
        "first": Column(f"First copy ({money.code}, once)", "money"),
    }
    parts.table(rows, columns, "ways-of-data")


def _results(plan: Plan, tables: PlanTables) -> None:
    rows = datasets.results(plan, tables)
    if rows.empty:
        return
    st.header("Results", anchor=False)
    names = labels.sites(plan.scenario)
    rows = rows.assign(
        site_name=labels.named(rows["site"], names),
        backup_name=[names.get(str(site), fmt.NO_VALUE) for site in rows["backup"]],
        laws=[fmt.listed(list(dict.fromkeys(found))) for found in rows["jurisdictions"]],
        storage=parts.money_column(rows, "storage_usd", plan.scenario.display_currency),
    )
    columns = {
        "name": Column("Workload"),
        "site_name": Column("Results at"),
        "backup_name": Column("Backup at"),
        "gb": Column("Made (GB)", "%.4g"),
        "kept_gb": Column("Kept in the mean (GB)", "%.4g"),
        "backup_gb_per_hour": Column("To the backup (GB per hour)", "%.4g"),
        "storage": Column(f"Storage ({_unit(plan)})", "money"),
        "laws": Column("Law"),
    }
    parts.table(rows, columns, "results")


def _unit(plan: Plan) -> str:
    return f"{plan.scenario.display_currency.code} for {fmt.span(plan.scenario.horizon.plan_hours)}"
