"""Demand before any plan: all workloads on top of each other, and one profile by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, closed, held, ordered, wide


def stacked(table: pd.DataFrame, key: Key, look: theme.Theme, *, period_hours: float, clock: str) -> go.Figure:
    """Accelerators needed by workload, stacked. ``table``: time, series (workload id), value (accelerators)."""
    shown = min(table["series"].nunique(), theme.MAX_SERIES)
    fig = theme.figure("How much is asked for, and when?", look, height=330 + theme.legend_px(shown), key="demand")
    times = sorted(table["time"].unique())
    grid = wide(capped(table, "series", "value"), "time", "series", "value", times)
    paint = key.colours(look)
    for series in ordered([str(column) for column in grid.columns], key):
        values = grid[series].tolist()
        fig.add_trace(
            go.Scatter(
                x=closed(times, period_hours),
                y=held(values),
                name=key.name(series),
                mode="lines",
                stackgroup="workloads",
                line={"shape": "hv", "width": 0.8, "color": paint.get(series, look.other)},
                fillcolor=paint.get(series, look.other),
                hovertemplate="%{y:,.3~r} accelerators",
            )
        )
    _axes(fig, clock, "Accelerators needed")
    return fig


def profile(
    times: Sequence[pd.Timestamp],
    values: Sequence[float],
    look: theme.Theme,
    *,
    question: str,
    unit: str,
    period_hours: float,
    clock: str,
) -> go.Figure:
    """One profile as a step line; a value that is no number leaves a gap."""
    fig = theme.figure(question, look, height=300, key=f"profile:{question}")
    fig.add_trace(
        go.Scatter(
            x=closed(list(times), period_hours),
            y=held(values),
            mode="lines",
            line={"shape": "hv", "width": 1.5, "color": look.palette[0]},
            fill="tozeroy",
            hovertemplate="%{y:,.4~r} " + text.plain(unit) + "<extra></extra>",
        )
    )
    fig.update_layout(showlegend=False)
    _axes(fig, clock, unit)
    return fig


def _axes(fig: go.Figure, clock: str, unit: str) -> None:
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text=text.wrapped(unit, 34), rangemode="tozero")
