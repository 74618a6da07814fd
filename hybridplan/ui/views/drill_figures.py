"""A drill as charts and tables: what runs where before and after the failure."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Drill
from hybridplan.analysis.wording import say
from hybridplan.charts import drills as charts
from hybridplan.charts import flows as flow_chart
from hybridplan.domain import Scenario
from hybridplan.report.figures import pool_key
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column

WORKS: Final = {
    "name": Column("Workload"),
    "unit": Column("Unit"),
    "before": Column("Before (units per hour)", "amount", "Served when nothing has failed"),
    "after": Column("After (units per hour)", "amount", "Served after the failure"),
    "percent": Column("Goes on (%)", "%.1f", "Of what was served before"),
    "verdict": Column("Promise"),
    "latency_before": Column("Latency before (ms)", "localized"),
    "latency_after": Column("Latency after (ms)", "localized"),
    "promised": Column("Promised (units per hour)", "amount", "Empty: no promise"),
    "unserved": Column("Not served after (units per hour)", "amount", "Of the demand"),
}
ROUTES: Final = {
    "name": Column("Workload"),
    "pool_name": Column("Pool"),
    "before": Column("Before (units per hour)", "amount"),
    "after": Column("After (units per hour)", "amount"),
    "ready": Column("Ready after (units per hour)", "amount", "What is kept ready there; more than is served"),
    "accelerators_before": Column("Before (accelerators)", "%.1f"),
    "accelerators_after": Column("After (accelerators)", "%.1f"),
    "latency": Column("Latency (ms)", "localized", "Round trip + service time"),
    "unit": Column("Unit"),
}


def works(scenario: Scenario, drill: Drill) -> pd.DataFrame:
    """Rows of the table WORKS: all that is asked for or under way in this hour."""
    rows = drill.works.loc[(drill.works["demand"] > 0) | (drill.works["served_before"] > 0)].reset_index(drop=True)
    has_promise = rows["promised_units_per_hour"].astype(float) > 0
    return pd.DataFrame(
        {
            "name": labels.named(rows["workload"], labels.workloads(scenario)),
            "before": _filled(rows["served_before"]),
            "after": _filled(rows["served_after"]),
            "percent": (rows["share_after"].astype(float) * 100).where(rows["served_before"].astype(float) > 0),
            "promised": _filled(rows["promised_units_per_hour"]).where(has_promise),
            "verdict": [
                fmt.NO_VALUE if not promised else "kept" if is_kept else "not kept"
                for promised, is_kept in zip(has_promise, rows["kept_promise"], strict=True)
            ],
            "unserved": _filled(rows["unserved_after"]),
            "latency_before": rows["latency_before_ms"].astype(float).map(_tenths),
            "latency_after": rows["latency_after_ms"].astype(float).map(_tenths),
            "unit": rows["unit"],
        }
    )


def routes(scenario: Scenario, drill: Drill) -> pd.DataFrame:
    """Rows of the table ROUTES."""
    keys = ["workload", "pool"]
    rows = drill.before.merge(drill.after, on=keys, how="outer", suffixes=("_before", "_after"))
    floor = rows["latency_floor_ms_before"].astype(float).fillna(rows["latency_floor_ms_after"].astype(float))
    return pd.DataFrame(
        {
            "name": labels.named(rows["workload"], labels.workloads(scenario)),
            "pool_name": labels.named(rows["pool"], labels.pools(scenario)),
            "before": _filled(rows["units_per_hour_before"]),
            "after": _filled(rows["units_per_hour_after"]),
            "ready": _filled(rows["ready_units_per_hour"]),
            "accelerators_before": rows["accelerators_before"].astype(float).fillna(0.0),
            "accelerators_after": rows["accelerators_after"].astype(float).fillna(0.0),
            "latency": floor.map(_tenths),
            "unit": [scenario.workloads[str(key)].unit for key in rows["workload"]],
        }
    )


def _filled(values: pd.Series[float]) -> pd.Series[float]:
    return values.astype(float).fillna(0.0)


def _tenths(milliseconds: float) -> float:
    return round(milliseconds, 1)


def before_and_after(scenario: Scenario, drill: Drill) -> None:
    """What is served before and after, and what runs where, as charts."""
    look = parts.look()
    figure = charts.served(_shares(scenario, drill), look, question="How much of its demand is each workload served?")
    parts.chart(figure, "drill-served", "Work served before and after the failure, by workload")
    names, key = labels.workloads(scenario), pool_key(scenario)
    for table, question, name in (
        (drill.before, "Before: which workload runs on which pool?", "drill-before"),
        (drill.after, "After: which workload runs on which pool?", "drill-after"),
    ):
        rows = table.assign(value=table["accelerators"].astype(float))
        if (rows["value"] > 0).any():
            flow = flow_chart.sankey(rows, names, key, look, question=question, unit="accelerators")
            parts.chart(flow, name, question)


def _shares(scenario: Scenario, drill: Drill) -> pd.DataFrame:
    """Rows of the chart of what is served: shares of the demand, where there is one."""
    rows = drill.works.loc[drill.works["demand"].astype(float) > 0].reset_index(drop=True)
    demand = rows["demand"].astype(float)
    before, after, promised = (
        rows[name].astype(float) for name in ("served_before", "served_after", "promised_units_per_hour")
    )
    return pd.DataFrame(
        {
            "name": labels.named(rows["workload"], labels.workloads(scenario)),
            "before": before / demand,
            "after": after / demand,
            "promised": (promised / demand).where(promised > 0),
            "detail": [
                say("drill.detail", before=fmt.number(one), after=fmt.number(other), unit=str(unit))
                for one, other, unit in zip(before, after, rows["unit"], strict=True)
            ],
        }
    )
