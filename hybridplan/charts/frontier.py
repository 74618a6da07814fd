"""Frontiers: cost against a second aim, one line per scenario, with the points that matter marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme

_DASHES: Final = ("solid", "dash")
_MARKS: Final = (
    ("knee", "Knee", "diamond-open", 16),
    ("dominated", "Dominated by another point", "circle-open", 11),
    ("no_plan", "No plan", "x", 11),
)
_NAME_WIDTH: Final = 40
"""Characters of a line of the legend that fit a narrow screen."""


@dataclass(frozen=True)
class Labels:
    """Words of a chart: its question, and names with units of both axes."""

    question: str
    across: str
    money: str


@dataclass(frozen=True)
class Colour:
    """A third objective as colour: its column of the table, and its name with unit."""

    column: str
    title: str


def curve(
    table: pd.DataFrame,
    names: Mapping[str, str],
    look: theme.Theme,
    *,
    labels: Labels,
    today: tuple[float, float] | None = None,
    ends: Mapping[str, float] | None = None,
    colour: Colour | None = None,
) -> go.Figure:
    """One line per scenario.

    ``table``: series (key of ``names``), number (of the point within its series), reached, money (NaN: no plan),
    unserved_percent, mark ("", knee, dominated, no_plan), cap, and the column of ``colour``. ``today``: reached and
    money of the plan as it stands. ``ends``: per series the strictest value that still has a plan. Where the share
    that is not served differs from point to point it is a second line with an axis of its own.
    """
    shown = {series: text.wrapped(name, _NAME_WIDTH) for series, name in names.items()}
    lines = 3 + (2 if colour else 0) + sum(1 + text.lines_in(name) for name in shown.values())
    fig = theme.figure(labels.question, look, height=400 + theme.legend_px(lines), key="frontier")
    paint = dict(zip(names, (look.palette[0], look.palette[1], *look.palette[2:]), strict=False))
    for place, series in enumerate(names):
        rows = table.loc[table["series"] == series]
        _line(fig, rows, shown[series], paint[series], _DASHES[place % 2], look, labels.money, colour)
        _end(fig, rows, (ends or {}).get(series), paint[series])
    _marks(fig, table, look)
    if today is not None:
        _today(fig, today, look, labels.money)
    _second_axis(fig, table, shown, paint)
    fig.update_layout(hovermode="closest", clickmode="event+select")
    fig.update_xaxes(title_text=text.wrapped(labels.across, 42))
    fig.update_yaxes(title_text=text.wrapped(labels.money, 34), selector={"overlaying": None})
    if colour is not None:
        _scale(fig, look, colour)
    return fig


def _line(
    fig: go.Figure,
    rows: pd.DataFrame,
    name: str,
    paint: str,
    dash: str,
    look: theme.Theme,
    money: str,
    colour: Colour | None,
) -> None:
    solved = rows.dropna(subset=["money"])
    marker: dict[str, object] = {"size": 9, "color": paint, "line": {"width": 1, "color": look.background}}
    if colour is not None:
        values = solved[colour.column].astype(float).tolist()
        marker |= {"size": 12, "color": values, "coloraxis": "coloraxis", "line": {"width": 1.5, "color": look.muted}}
    fig.add_trace(
        go.Scatter(
            x=solved["reached"].tolist(),
            y=solved["money"].tolist(),
            customdata=_details(solved, colour),
            name=name,
            mode="lines+markers",
            line={"width": 2, "color": paint, "dash": dash},
            marker=marker,
            hovertemplate="%{y:,.4~r} "
            + text.plain(money)
            + "<br>%{x:,.4~r}"
            + ("<br>" + text.plain(colour.title) + ": %{customdata[2]:,.3~r}" if colour else "")
            + "<extra>"
            + name
            + "</extra>",
        )
    )


def _details(rows: pd.DataFrame, colour: Colour | None) -> list[list[object]]:
    """Series and number of each point, by which a click is understood; then the third objective."""
    third = rows[colour.column].astype(float).tolist() if colour else [0.0] * len(rows)
    return [list(row) for row in zip(rows["series"].tolist(), rows["number"].tolist(), third, strict=True)]


def _end(fig: go.Figure, rows: pd.DataFrame, end: float | None, paint: str) -> None:
    """Where the line ends because no plan reaches less."""
    solved = rows.dropna(subset=["money"])
    if end is None or solved.empty:
        return
    strictest = solved.iloc[0]
    fig.add_trace(
        go.Scatter(
            x=[strictest["reached"]],
            y=[strictest["money"]],
            name="Nothing less is possible",
            mode="markers",
            marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": paint}},
            hoverinfo="skip",
            legendgroup="end",
            showlegend=not any(trace.legendgroup == "end" for trace in fig.data),
        )
    )


def _marks(fig: go.Figure, table: pd.DataFrame, look: theme.Theme) -> None:
    for code, name, symbol, size in _MARKS:
        rows = table.loc[table["mark"] == code]
        if rows.empty:
            continue
        # A point without a plan has no cost: it lies on the foot of the plot, at the limit that was tried.
        heights = rows["money"].fillna(table["money"].min()).tolist()
        fig.add_trace(
            go.Scatter(
                x=rows["reached"].fillna(rows["cap"]).tolist(),
                y=heights,
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": size, "color": look.limit, "line": {"width": 3, "color": look.limit}},
                hoverinfo="skip",
            )
        )


def _today(fig: go.Figure, today: tuple[float, float], look: theme.Theme, money: str) -> None:
    fig.add_trace(
        go.Scatter(
            x=[today[0]],
            y=[today[1]],
            name="Today's plan",
            mode="markers",
            marker={"symbol": "star", "size": 15, "color": look.demand, "line": {"width": 1, "color": look.background}},
            hovertemplate="%{y:,.4~r} " + text.plain(money) + "<br>%{x:,.4~r}<extra>Today's plan</extra>",
        )
    )


def _second_axis(fig: go.Figure, table: pd.DataFrame, names: Mapping[str, str], paint: Mapping[str, str]) -> None:
    """What is not served, where that differs; scenarios that serve all have no such line."""
    for series in names:
        rows = table.loc[(table["series"] == series) & table["money"].notna()]
        if rows.empty or not float(rows["unserved_percent"].max()) > 0:
            continue
        fig.add_trace(
            go.Scatter(
                x=rows["reached"].tolist(),
                y=rows["unserved_percent"].tolist(),
                yaxis="y2",
                name=f"Not served, {names[series]} (right axis)",
                mode="lines",
                line={"width": 2, "color": paint[series], "dash": "dot"},
                hovertemplate="%{y:,.3~r} % not served<extra></extra>",
            )
        )
        fig.update_layout(
            yaxis2={
                "title": {"text": "Not served (%)"},
                "overlaying": "y",
                "side": "right",
                "rangemode": "tozero",
                "tickmode": "auto",
                "showgrid": False,
                "automargin": True,
            }
        )


def _scale(fig: go.Figure, look: theme.Theme, colour: Colour) -> None:
    fig.update_layout(
        coloraxis={
            "colorscale": [list(stop) for stop in look.scale],
            "colorbar": {
                "title": {"text": text.wrapped(colour.title, 24), "side": "right", "font": {"size": 12}},
                "thickness": 10,
                "tickfont": {"color": look.muted, "size": 11},
            },
        },
    )
