"""Latency of each route against the workload's objective: without a queue, and with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import closed, held, pace

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
    is_wide = _is_wide(pd.concat([table["latency_floor_ms"], table["objective_ms"]]))
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
    _axes(fig, "Latency floor", is_wide, list(labels.values()))
    return fig


def achieved(table: pd.DataFrame, look: theme.Theme) -> go.Figure:
    """One row per route: marks at the median, p95 and what the objective limits, of its worst period; the objective.

    ``table``: name (of the route), p50_ms, p95_ms, achieved_ms, objective_ms (NaN: none), statistic (words).
    """
    labels = [text.label(name) for name in table["name"]]
    tallest = max((text.lines_in(label) for label in labels), default=1)
    height = 230 + len(labels) * (12 + 14 * tallest)
    fig = theme.figure("Is every request fast enough?", look, height=height, key="achieved")
    columns = ["p50_ms", "p95_ms", "achieved_ms", "objective_ms"]
    is_wide = _is_wide(pd.concat([table[column] for column in columns]))
    for column, name, symbol, size, colour in (
        ("p50_ms", "Half of the requests (p50)", "circle-open", 10, look.palette[1]),
        ("p95_ms", "95 of 100 requests (p95)", "diamond-open", 10, look.palette[11]),
        ("achieved_ms", "What the objective limits", "circle", 10, look.palette[0]),
        ("objective_ms", "Objective", "line-ns", 20, look.limit),
    ):
        rows = table.loc[table[column].notna()]
        if rows.empty:
            continue
        fig.add_trace(
            go.Scatter(
                x=_shown(rows[column], is_wide),
                y=[labels[place] for place in table.index.get_indexer(rows.index)],
                customdata=list(zip(rows[column].astype(float), map(text.plain, rows["statistic"]), strict=True)),
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 3, "color": colour}},
                hovertemplate="%{y}<br>%{customdata[0]:,.4~r} ms (objective on: %{customdata[1]})<extra>"
                + name
                + "</extra>",
            )
        )
    _axes(fig, "Latency in the worst period", is_wide, labels)
    return fig


def over_time(
    table: pd.DataFrame, look: theme.Theme, *, name: str, statistic: str, period_hours: float, clock: str
) -> go.Figure:
    """One workload on its slowest route in each period: mean, median, p95 and what its objective limits; the objective.

    ``table``: time (every period), mean_ms, p50_ms, p95_ms, achieved_ms, objective_ms (NaN: nothing runs, or no
    objective). ``statistic``: what the objective limits, in words.
    """
    question = f"How fast is {name}, {pace(period_hours)}?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(5), key=f"latency:{text.plain(name)}")
    lines = (
        ("mean_ms", "Mean", look.palette[5], "solid"),
        ("p50_ms", "Half of the requests (p50)", look.palette[1], "solid"),
        ("p95_ms", "95 of 100 requests (p95)", look.palette[11], "solid"),
        ("achieved_ms", f"What the objective limits ({statistic})", look.palette[0], "solid"),
        ("objective_ms", "Objective", look.limit, "dot"),
    )
    shown = [line for line in lines if table[line[0]].notna().any()]
    if statistic in ("mean", "p50", "p95"):
        shown = [line for line in shown if line[0] != f"{statistic}_ms"]
    for column, label, colour, dash in shown:
        fig.add_trace(
            go.Scatter(
                x=closed(list(table["time"]), period_hours),
                y=held(table[column].astype(float).tolist()),
                name=text.plain(label),
                mode="lines",
                line={"shape": "hv", "width": 2, "color": colour, "dash": dash},
                hovertemplate="%{y:,.4~r} ms",
            )
        )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text="Latency (ms)", rangemode="tozero")
    return fig


def _axes(fig: go.Figure, what: str, is_wide: bool, labels: list[str]) -> None:
    fig.update_layout(hovermode="closest")
    if is_wide:
        title = f"{what} (ms, log scale;<br>less than 1 is shown at 1)"
        fig.update_xaxes(title_text=title, type="log", dtick=1)
    else:
        fig.update_xaxes(title_text=f"{what} (ms)", rangemode="tozero")
    fig.update_yaxes(title_text="", autorange="reversed", type="category", categoryorder="array", categoryarray=labels)


def _is_wide(found: pd.Series[float]) -> bool:
    """True where one linear axis would squeeze most marks into a corner."""
    values = found.astype(float).dropna()
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
