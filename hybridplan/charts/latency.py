"""Latency floor of each route against the workload's objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme

_WIDE: Final = 10.0
"""A largest value of this many times the median asks for a log axis."""
_LOG_FROM_MS: Final = 1.0
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
    tallest = max((text.lines_in(label) for label in labels.values()), default=1)
    height = 190 + len(works) * (12 + 14 * tallest)
    fig = theme.figure("Which pools are near enough for each workload?", look, height=height, key="latency")
    is_wide = _is_wide(table)
    for state, name, symbol, colour in _STATES:
        rows = table.loc[table["state"] == state]
        if rows.empty:
            continue
        fig.add_trace(
            go.Scatter(
                x=_shown(rows["latency_floor_ms"], is_wide),
                y=[labels[work] for work in rows["workload"]],
                customdata=_details(rows, pools),
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": 10, "color": _colour(colour, look), "line": {"width": 2}},
                hovertemplate="%{customdata[0]}<br>%{customdata[1]:,.4~r} ms<extra>" + name + "</extra>",
            )
        )
    goals = table.dropna(subset=["objective_ms"]).drop_duplicates("workload")
    fig.add_trace(
        go.Scatter(
            x=_shown(goals["objective_ms"], is_wide),
            y=[labels[work] for work in goals["workload"]],
            name="Objective",
            mode="markers",
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": look.limit}},
            hovertemplate="Objective: %{x:,.4~r} ms<extra></extra>",
        )
    )
    fig.update_layout(hovermode="closest")
    if is_wide:
        fig.update_xaxes(title_text="Latency floor (ms, log scale;<br>less than 1 is shown at 1)", type="log", dtick=1)
    else:
        fig.update_xaxes(title_text="Latency floor (ms)", rangemode="tozero")
    fig.update_yaxes(
        title_text="", autorange="reversed", type="category", categoryorder="array", categoryarray=list(labels.values())
    )
    return fig


def _is_wide(table: pd.DataFrame) -> bool:
    """True where one linear axis would squeeze most marks into a corner."""
    values = pd.concat([table["latency_floor_ms"], table["objective_ms"]]).astype(float).dropna()
    return len(values) > 0 and float(values.max()) > _WIDE * max(_LOG_FROM_MS, float(values.median()))


def _shown(values: pd.Series[float], is_wide: bool) -> list[float]:
    """Where the marks stand: a log axis has no 0."""
    numbers = values.astype(float)
    return numbers.clip(lower=_LOG_FROM_MS).tolist() if is_wide else numbers.tolist()


def _details(rows: pd.DataFrame, pools: Mapping[str, str]) -> list[tuple[str, float]]:
    """Pool and true floor of each mark, for the hover box."""
    names = [text.plain(pools.get(pool, pool)) for pool in rows["pool"]]
    return list(zip(names, rows["latency_floor_ms"].astype(float), strict=True))


def _colour(place: int, look: theme.Theme) -> str:
    return look.muted if place >= len(_STATES) else look.palette[place]
