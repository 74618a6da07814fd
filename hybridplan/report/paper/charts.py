"""The charts of a report, drawn from its plan."""

from __future__ import annotations

from reportlab.platypus import Flowable

from hybridplan.plan import Plan
from hybridplan.report.content_parts import Chart
from hybridplan.report.paper import latency_chart, money_chart, time_charts
from hybridplan.report.paper.styles import WIDTH


def drawn(plan: Plan, chart: Chart, width: float = WIDTH) -> Flowable | None:
    """The drawing of a chart; None where the plan has nothing to draw."""
    if plan.tables is None:
        return None
    if chart.key == "cost":
        return money_chart.by_term(plan, width)
    if chart.key == "latency":
        return latency_chart.against_objective(plan, width)
    block = chart.block or next(iter(plan.scenario.horizon.blocks))
    if chart.key == "allocation":
        return time_charts.where_it_runs(plan, plan.tables, block, width)
    if not plan.scenario.pools:
        return None
    return time_charts.how_full(plan, plan.tables, block, width)
