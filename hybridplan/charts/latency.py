"""Latency floor of each route against the workload's objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme

_STATES: Final = (
    ("used", "Used", "circle", 0),
    ("free", "Allowed, not used", "circle-open", 1),
    ("ruled out", "Ruled out", "x-thin-open", 9),
)


def floors(table: pd.DataFrame, workloads: Mapping[str, str], pools: Mapping[str, str], look: theme.Theme) -> go.Figure:
    """One row per workload: a mark per pool at its latency floor, and a bar at the objective.

    ``table``: workload, pool (ids), latency_floor_ms, objective_ms (NaN: none), state (used, free, ruled out). Marks
    differ in shape as well as in colour.
    """
    works = [key for key in workloads if key in set(table["workload"])]
    labels = {key: text.label(workloads[key]) for key in works}
    lines = sum(max(2, text.lines_in(label)) for label in labels.values())
    fig = theme.figure("Which pools are near enough for each workload?", look, height=190 + 19 * lines, key="latency")
    for state, name, symbol, colour in _STATES:
        rows = table.loc[table["state"] == state]
        if rows.empty:
            continue
        fig.add_trace(
            go.Scatter(
                x=rows["latency_floor_ms"].tolist(),
                y=[labels[work] for work in rows["workload"]],
                customdata=[text.plain(pools.get(pool, pool)) for pool in rows["pool"]],
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": 10, "color": _colour(colour, look), "line": {"width": 2}},
                hovertemplate="%{customdata}<br>%{x:,.4~r} ms<extra>" + name + "</extra>",
            )
        )
    goals = table.dropna(subset=["objective_ms"]).drop_duplicates("workload")
    fig.add_trace(
        go.Scatter(
            x=goals["objective_ms"].tolist(),
            y=[labels[work] for work in goals["workload"]],
            name="Objective",
            mode="markers",
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": look.limit}},
            hovertemplate="Objective: %{x:,.4~r} ms<extra></extra>",
        )
    )
    fig.update_layout(hovermode="closest")
    fig.update_xaxes(title_text="Latency floor (ms)", rangemode="tozero")
    fig.update_yaxes(
        title_text="", autorange="reversed", type="category", categoryorder="array", categoryarray=list(labels.values())
    )
    return fig


def _colour(place: int, look: theme.Theme) -> str:
    return look.muted if place >= len(_STATES) else look.palette[place]
