"""Random failures as a chart and tables."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Replay
from hybridplan.charts import drills as charts
from hybridplan.domain import Scenario
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column

WORKS: Final = {
    "name": Column("Workload"),
    "available": Column("Served of its demand", help="Mean over the runs"),
    "objective": Column("Objective"),
    "meets": Column("Runs that meet it (%)", "%.1f"),
    "low": Column("Served in a bad run", help="One run in twenty is worse"),
    "planned": Column("Served where nothing fails"),
    "short": Column("Less than planned (minutes per year)", "%.0f"),
    "promised": Column("Promised after one failure (%)", "%.1f"),
}
FAILURES: Final = {
    "failure": Column("Failure"),
    "failures": Column("Happened (per year)", "%.2f"),
    "hours_down": Column("Down (hours per year)", "%.1f"),
    "most_failures": Column("Most in one run", "%d"),
}
LOSSES: Final = {
    "failure": Column("Failure"),
    "name": Column("Workload"),
    "units": Column("Not served because of it (units per year)", "amount"),
    "unit": Column("Unit"),
}


def works(scenario: Scenario, found: Replay) -> pd.DataFrame:
    """Rows of the table WORKS; availabilities as text, with as many nines as they have."""
    rows = found.works
    promised = rows["promised_share"].astype(float)
    return pd.DataFrame(
        {
            "name": labels.named(rows["workload"], labels.workloads(scenario)),
            "available": rows["availability"].astype(float).map(fmt.availability),
            "objective": rows["availability_objective_share"].astype(float).map(fmt.availability),
            "meets": rows["runs_that_meet_share"].astype(float) * 100,
            "low": rows["availability_p5"].astype(float).map(fmt.availability),
            "planned": rows["planned_availability"].astype(float).map(fmt.availability),
            "short": rows["short_minutes_per_year"].astype(float),
            "promised": (promised * 100).where(promised > 0),
        }
    )


def failures(scenario: Scenario, found: Replay) -> pd.DataFrame:
    """Rows of the table FAILURES."""
    names = labels.named(found.failures["contingency"], labels.contingencies(scenario))
    return found.failures.assign(failure=names)


def losses(scenario: Scenario, found: Replay) -> pd.DataFrame:
    """Rows of the table LOSSES, the largest of each workload first."""
    rows = found.losses.loc[found.losses["units_lost"].astype(float) > 0]
    rows = rows.sort_values("units_lost", ascending=False, kind="stable")
    return rows.assign(
        failure=labels.named(rows["contingency"], labels.contingencies(scenario)),
        name=labels.named(rows["workload"], labels.workloads(scenario)),
        units=rows["units_lost"].astype(float),
        unit=[scenario.workloads[str(key)].unit for key in rows["workload"]],
    )


def events_columns(scenario: Scenario) -> dict[str, Column]:
    """Columns of the table of events."""
    return {
        "run": Column("Run", "%d"),
        "failure": Column("Failure"),
        "begins": Column("Begins after (hours)", "%.1f", "Since the start of the run"),
        "hours_down": Column("Down (hours)", "%.1f"),
        "block_name": Column("Block"),
        "when": Column(f"Hour of the plan ({labels.zone(scenario).key})"),
    }


def events(scenario: Scenario, found: Replay) -> pd.DataFrame:
    """Rows of the table of events."""
    rows, zone = found.events, labels.zone(scenario)
    return rows.assign(
        failure=labels.named(rows["contingency"], labels.contingencies(scenario)),
        begins=rows["begins_hours"].astype(float),
        block_name=labels.named(rows["block"], labels.blocks(scenario)),
        when=[parts.short_clock(start, zone) for start in rows["period_start"]],
    )


def availability(scenario: Scenario, found: Replay) -> None:
    """Achieved against promised, on an axis that counts nines."""
    rows = found.works
    if rows.empty:
        return
    table = pd.DataFrame(
        {
            "name": labels.named(rows["workload"], labels.workloads(scenario)),
            "availability": rows["availability"].astype(float),
            "low": rows["availability_p5"].astype(float),
            "objective": rows["availability_objective_share"].astype(float),
        }
    )
    figure = charts.availability(table, parts.look(), question="How much of the demand is served over the years?")
    parts.chart(figure, "availability", "Availability of each workload against its objective")
