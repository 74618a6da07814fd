"""Where the work runs over time, against demand."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, closed, held, ordered, pace, wide


def over_time(
    table: pd.DataFrame, demand: pd.DataFrame, key: Key, look: theme.Theme, *, period_hours: float, clock: str
) -> go.Figure:
    """Busy accelerators by pool, stacked, with demand as a line.

    ``table``: time, series (pool id), value (accelerators). ``demand``: time (every period), used, demanded (both in
    accelerators). ``clock``: name of the time zone of ``time``.
    """
    question = f"Where does the work run, {pace(period_hours)}?"
    shown = min(table["series"].nunique(), theme.MAX_SERIES) + 1
    fig = theme.figure(question, look, height=330 + theme.legend_px(shown), key="allocation")
    _stack(fig, table, key, look, list(demand["time"]), period_hours, unit="accelerators")
    _line(fig, demand["time"], demand["demanded"], look, period_hours, unit="accelerators")
    _axes(fig, clock, "Accelerators")
    return fig


def of_workload(
    table: pd.DataFrame,
    demand: pd.DataFrame,
    key: Key,
    look: theme.Theme,
    *,
    name: str,
    unit: str,
    period_hours: float,
    clock: str,
) -> go.Figure:
    """One workload in its own unit by pool, stacked, with its demand as a line.

    ``table``: time, series (pool id), value (units per hour). ``demand``: time (every period), demanded (units per
    hour; NaN throughout for deferrable work, which has no hourly demand: then there is no line).
    """
    shown = min(table["series"].nunique(), theme.MAX_SERIES) + 1
    question = f"Where is {name} served, {pace(period_hours)}?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(shown), key=f"workload:{text.plain(name)}")
    _stack(fig, table, key, look, list(demand["time"]), period_hours, unit=f"{unit} per hour")
    if demand["demanded"].notna().any():
        _line(fig, demand["time"], demand["demanded"], look, period_hours, unit=f"{unit} per hour")
    _axes(fig, clock, f"{unit} per hour")
    return fig


def _stack(
    fig: go.Figure,
    table: pd.DataFrame,
    key: Key,
    look: theme.Theme,
    times: list[pd.Timestamp],
    period_hours: float,
    *,
    unit: str,
) -> None:
    grid = wide(capped(table, "series", "value"), "time", "series", "value", times)
    paint = key.colours(look)
    ends = closed(times, period_hours)
    for series in ordered([str(column) for column in grid.columns], key):
        values = grid[series].tolist()
        fig.add_trace(
            go.Scatter(
                x=ends,
                y=held(values),
                name=key.name(series),
                mode="lines",
                stackgroup="pools",
                line={"shape": "hv", "width": 0.8, "color": paint.get(series, look.other)},
                fillcolor=paint.get(series, look.other),
                fillpattern={
                    "shape": key.pattern(series),
                    "fgcolor": look.background,
                    "fillmode": "overlay",
                    "size": 8,
                    "solidity": 0.15,
                },
                hovertemplate="%{y:,.3~r} " + text.plain(unit),
            )
        )


def _line(
    fig: go.Figure,
    times: pd.Series[pd.Timestamp],
    values: pd.Series[float],
    look: theme.Theme,
    period_hours: float,
    *,
    unit: str,
) -> None:
    numbers = values.tolist()
    fig.add_trace(
        go.Scatter(
            x=closed(list(times), period_hours),
            y=held(numbers),
            name="Demand",
            mode="lines",
            line={"shape": "hv", "width": 2, "color": look.demand, "dash": "dot"},
            hovertemplate="%{y:,.3~r} " + text.plain(unit),
        )
    )


def _axes(fig: go.Figure, clock: str, unit: str) -> None:
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text=text.wrapped(unit, 34), rangemode="tozero")
