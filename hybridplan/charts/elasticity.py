"""When capacity is switched on, what it does then, and how much more there is."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import closed, held

_DUST: Final = 1e-6
"""Part of the most that is provisioned below which a layer or a start is rounding."""
_LAYERS: Final = (
    ("busy", "Busy", 0, ""),
    ("waiting", "Assigned, kept free for short queues or gangs", 5, ""),
    ("idle", "On, not assigned", 4, ""),
    ("booting", "Booting, already paid", 1, "/"),
)


def over_time(table: pd.DataFrame, look: theme.Theme, *, period_hours: float, clock: str) -> go.Figure:
    """One pool: what is provisioned, stacked by what it does; what is available; starts.

    ``table``: time (every period), busy, assigned, ready, provisioned, booting, available, in_maintenance, started
    (accelerators).
    """
    question = "When is capacity switched on, and what waits idle?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(7), key="switched")
    times = closed(list(table["time"]), period_hours)
    parts = table.assign(
        waiting=(table["assigned"] - table["busy"]).clip(lower=0.0),
        idle=(table["ready"] - table["assigned"]).clip(lower=0.0),
    )
    for column, name, place, pattern in _LAYERS:
        if column != "busy" and not (parts[column] > _DUST * parts["provisioned"].max()).any():
            continue
        fig.add_trace(
            go.Scatter(
                x=times,
                y=held(parts[column].astype(float).tolist()),
                name=name,
                mode="lines",
                stackgroup="on",
                line={"shape": "hv", "width": 0.8, "color": look.palette[place]},
                fillcolor=look.palette[place],
                fillpattern={
                    "shape": pattern,
                    "fgcolor": look.background,
                    "fillmode": "overlay",
                    "size": 8,
                    "solidity": 0.3,
                },
                hovertemplate="%{y:,.3~r} accelerators",
            )
        )
    _line(fig, times, table["provisioned"], "Provisioned", look.text, "solid")
    _line(fig, times, table["available"], "Available", look.limit, "dot")
    if (table["in_maintenance"] > 0).any():
        whole = table["available"] + table["in_maintenance"]
        _line(fig, times, whole, "Available without maintenance", look.muted, "dash")
    _starts(fig, table, look)
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text="Accelerators", rangemode="tozero")
    return fig


def _line(
    fig: go.Figure, times: list[pd.Timestamp], values: pd.Series[float], name: str, colour: str, dash: str
) -> None:
    fig.add_trace(
        go.Scatter(
            x=times,
            y=held(values.astype(float).tolist()),
            name=name,
            mode="lines",
            line={"shape": "hv", "width": 1.5, "color": colour, "dash": dash},
            hovertemplate="%{y:,.3~r} accelerators",
        )
    )


def _starts(fig: go.Figure, table: pd.DataFrame, look: theme.Theme) -> None:
    """A mark on what is provisioned wherever something is started."""
    rows = table.loc[table["started"] > _DUST * table["provisioned"].max()]
    if rows.empty:
        return
    fig.add_trace(
        go.Scatter(
            x=rows["time"].tolist(),
            y=rows["provisioned"].astype(float).tolist(),
            customdata=rows["started"].astype(float).tolist(),
            name="Starts",
            mode="markers",
            marker={"symbol": "triangle-up", "size": 9, "color": look.text},
            hovertemplate="%{customdata:,.3~r} accelerators started",
        )
    )
