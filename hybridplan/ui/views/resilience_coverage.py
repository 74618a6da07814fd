"""Rules by site: where each workload and dataset may be, what the plan puts there, and that nothing lies outside."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import coverage, labels
from hybridplan.analysis.coverage import Cell, Grid
from hybridplan.analysis.sentences import coverage as words
from hybridplan.charts import coverage as chart
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Workspace

_ALL: Final = "All of them"


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    parts.paragraph("Which site keeps which rule, and does anything lie where it must not?")
    cells = _cells(plan)
    if all(cell.state == "not_asked" for cell in cells):
        parts.paragraph(words.none())
    else:
        (st.success if _nothing_outside(plan) else st.error)(safe(words.verdict(plan)), icon=":material/rule:")
        _matrix(plan.scenario, cells)
        st.header("What stays where", anchor=False)
        parts.bullets(_stays(plan))
    _placed(plan)
    st.caption(safe(words.how()))


@kept
def _cells(plan: Plan) -> list[Cell]:
    return coverage.matrix(plan.scenario, plan.tables)


@kept
def _nothing_outside(plan: Plan) -> bool:
    return coverage.outside(plan).empty


@kept
def _stays(plan: Plan) -> list[str]:
    return words.stays(plan)


@kept
def _where(plan: Plan) -> pd.DataFrame:
    return coverage.where(plan)


def _matrix(scenario: Scenario, cells: list[Cell]) -> None:
    """The rules of one record by site, or all records by site."""
    sites, every = list(scenario.sites), coverage.by_record(cells, list(scenario.sites))
    names = {words.row_name(scenario, row): row for row in every.rows}
    chosen = st.selectbox("Workload or dataset", [_ALL, *names], key="coverage-record", persist_state="session")
    row = names.get(chosen or "")
    if row is None:
        grid, question = every, "Which site keeps all rules of each?"
        mine = cells
    else:
        kind, record = row.split("/", 1)
        grid, question = coverage.by_rule(cells, sites, kind, record), f"Which site keeps which rule of {chosen}?"
        mine = [cell for cell in cells if (cell.kind, cell.record) == (kind, record)]
    _draw(scenario, grid, question)
    _table(scenario, [cell for cell in mine if cell.state != "not_asked"])


def _draw(scenario: Scenario, grid: Grid, question: str) -> None:
    figure = chart.matrix(
        [words.row_name(scenario, row) for row in grid.rows],
        list(labels.sites(scenario).values()),
        grid.states,
        [[words.SYMBOL[state] for state in states] for states in grid.states],
        [[words.details(scenario, found) for found in cells] for cells in grid.cells],
        parts.look(),
        question=question,
    )
    parts.chart(figure, "coverage", "Rules by site: met, not met or not asked")
    st.caption(
        "✓ met, ✗ not met, – not asked; point at a cell to read which. Where a rule is not met, none of that work runs "
        "and no copy stands. Sites that only keep backups of results are held to the rules on backups."
    )


def _table(scenario: Scenario, cells: list[Cell]) -> None:
    """Every rule that is asked, at every site."""
    records = {"workload": labels.workloads(scenario), "dataset": labels.datasets(scenario)}
    places = labels.sites(scenario)
    rows = pd.DataFrame(
        [
            (
                records[cell.kind][cell.record],
                words.rule(cell),
                places[cell.site],
                f"{words.SYMBOL[cell.state]} {words.state(cell)}",
                words.detail(scenario, cell),
            )
            for cell in cells
        ],
        columns=["record", "rule", "site", "state", "detail"],
    )
    columns = {
        "record": Column("Workload or dataset"),
        "rule": Column("Rule"),
        "site": Column("Site"),
        "state": Column("Kept"),
        "detail": Column("Detail"),
    }
    parts.table(rows, columns, "rules-by-site")


def _placed(plan: Plan) -> None:
    """Amounts by site and role; nothing but 0 is shown as 0."""
    st.header("What lies where", anchor=False)
    scenario, rows = plan.scenario, _where(plan).copy()
    records = {**labels.datasets(scenario), **labels.workloads(scenario)}
    rows["name"], rows["place"] = (
        labels.named(rows["record"], records),
        labels.named(rows["site"], labels.sites(scenario)),
    )
    rows["jurisdiction"] = [scenario.sites[str(site)].jurisdiction for site in rows["site"]]
    columns = {"name": Column("Workload or dataset"), "place": Column("Site"), "jurisdiction": Column("Jurisdiction")}
    for roles in coverage.ROLES.values():
        for role in roles:
            if rows[role].any() or role in ("runs", "standby", "redispatch"):
                rows[role] = rows[role].astype(float)
                columns[role] = Column(f"{words.role(role)} ({coverage.UNITS[role]})", "amount")
    parts.table(rows, columns, "placed-by-site")
