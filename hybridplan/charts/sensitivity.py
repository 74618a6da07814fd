"""Sensitivity: what each assumption moves, and how cost and use of pools follow one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, ordered

_ENDS: Final = (("low", "Lower", 0, ""), ("high", "Higher", 1, "/"))
"""Columns of the table of a tornado, their names, colours and hatching."""
_DASHES: Final = {"owned": "solid", "reserved": "longdash", "on_demand": "dash", "interruptible": "dot"}
_SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star")
_MISSING_AT: Final = 0.03
"""How far from the middle an end without a plan is marked, as a share of the longest bar."""


@dataclass(frozen=True)
class Axes:
    """Words of a chart: its question, and names with units of both axes."""

    question: str
    across: str
    up: str


def tornado(table: pd.DataFrame, look: theme.Theme, *, question: str, axis: str) -> go.Figure:
    """A bar from the plan as it is to each end of every assumption, as the rows stand: the longest first.

    ``table``: label, low, high (changes of money; NaN: no plan), low_text and high_text (the values tried, in words).
    Ends without a plan are crosses beside the middle.
    """
    labels = [text.label(name) for name in table["label"]]
    height = 180 + sum(14 + 15 * text.lines_in(label) for label in labels) + theme.legend_px(3)
    fig = theme.figure(question, look, height=height, key="tornado")
    ends = table[["low", "high"]].astype(float)
    widest = float(ends.abs().max().max()) if ends.notna().to_numpy().any() else 1.0
    for column, name, colour, pattern in _ENDS:
        fig.add_trace(
            go.Bar(
                y=labels,
                x=ends[column].tolist(),
                base=0,
                orientation="h",
                name=name,
                marker={"color": look.palette[colour], "pattern": {"shape": pattern, "size": 6}},
                customdata=[text.plain(words) for words in table[f"{column}_text"]],
                hovertemplate="%{y}<br>%{customdata}: %{x:+,.3~r} " + text.plain(axis) + "<extra>" + name + "</extra>",
            )
        )
    _without_plan(fig, table, labels, (widest or 1.0) * _MISSING_AT, look)
    fig.update_layout(barmode="overlay", bargap=0.35)
    fig.update_xaxes(title_text=text.wrapped(axis, 34), zeroline=True, zerolinecolor=look.text, zerolinewidth=1.5)
    fig.update_yaxes(title_text="", autorange="reversed", type="category")
    return fig


def _without_plan(fig: go.Figure, table: pd.DataFrame, labels: Sequence[str], beside: float, look: theme.Theme) -> None:
    found = [
        (side * beside, labels[place], words)
        for column, side in (("low", -1.0), ("high", 1.0))
        for place, (value, words) in enumerate(zip(table[column], table[f"{column}_text"], strict=True))
        if pd.isna(value)
    ]
    if not found:
        return
    fig.add_trace(
        go.Scatter(
            x=[one[0] for one in found],
            y=[one[1] for one in found],
            customdata=[text.plain(one[2]) for one in found],
            name="No plan",
            mode="markers",
            marker={"symbol": "x", "size": 11, "color": look.limit},
            hovertemplate="%{y}<br>%{customdata}: no plan<extra></extra>",
        )
    )


def curve(
    table: pd.DataFrame,
    look: theme.Theme,
    axes: Axes,
    *,
    now: float | None = None,
    found: float | None = None,
    states: tuple[str, str] = ("", ""),
) -> go.Figure:
    """Money over the values of one number.

    ``table``: value, money (NaN: no plan), holds (True, False or None), by value. ``now``: the value as it is.
    ``found``: the break-even. ``states``: what holds (False, True) in words; points then differ by it.
    """
    solved = table.dropna(subset=["money"])
    entries = 2 + sum(bool(words) for words in states) + (found is not None)
    fig = theme.figure(axes.question, look, height=330 + theme.legend_px(entries), key=f"curve:{axes.across}")
    fig.add_trace(
        go.Scatter(
            x=solved["value"].tolist(),
            y=solved["money"].tolist(),
            name="Cost and penalties",
            mode="lines" if any(states) else "lines+markers",
            line={"color": look.palette[0], "width": 2},
            marker={"size": 9, "color": look.palette[0]},
            hovertemplate=_hover(axes) + "<extra></extra>",
            showlegend=not any(states),
        )
    )
    for holds, symbol, colour in ((False, "circle-open", 1), (True, "circle", 0)):
        rows = solved.loc[solved["holds"].map(lambda one, wanted=holds: one is wanted)] if any(states) else solved[:0]
        if len(rows):
            _points(fig, rows, states[int(holds)], symbol, look.palette[colour], axes)
    _no_plan(fig, table, look)
    for value, name, dash in ((now, "As it is", "dot"), (found, "Break-even", "solid")):
        if value is not None and len(table) and table["value"].min() <= value <= table["value"].max():
            _upright(fig, solved, value, name, dash, look)
    fig.update_xaxes(title_text=text.wrapped(axes.across, 42))
    fig.update_yaxes(title_text=text.wrapped(axes.up, 34))
    return fig


def _hover(axes: Axes) -> str:
    return "%{y:,.4~r} " + text.plain(axes.up) + "<br>%{x:,.4~r} " + text.plain(axes.across)


def _points(fig: go.Figure, rows: pd.DataFrame, name: str, symbol: str, colour: str, axes: Axes) -> None:
    fig.add_trace(
        go.Scatter(
            x=rows["value"].tolist(),
            y=rows["money"].tolist(),
            name=text.wrapped(name, 44),
            mode="markers",
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2.5, "color": colour}},
            hovertemplate=_hover(axes) + "<extra></extra>",
        )
    )


def _no_plan(fig: go.Figure, table: pd.DataFrame, look: theme.Theme) -> None:
    missing = table.loc[table["money"].isna()]
    if missing.empty:
        return
    # A value without a plan has no cost: it lies on the foot of the plot.
    foot = float(table["money"].min()) if table["money"].notna().any() else 0.0
    fig.add_trace(
        go.Scatter(
            x=missing["value"].tolist(),
            y=[foot] * len(missing),
            name="No plan",
            mode="markers",
            marker={"symbol": "x", "size": 11, "color": look.limit},
            hovertemplate="%{x:,.4~r}: no plan<extra></extra>",
        )
    )


def _upright(fig: go.Figure, solved: pd.DataFrame, value: float, name: str, dash: str, look: theme.Theme) -> None:
    """A line at one value, from the foot to the top of the curve."""
    heights = solved["money"].astype(float)
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 1.0)
    fig.add_trace(
        go.Scatter(
            x=[value, value],
            y=[low, high],
            name=name,
            mode="lines",
            line={"color": look.limit if dash == "solid" else look.demand, "width": 2, "dash": dash},
            hovertemplate=f"{name}: %{{x:,.4~r}}<extra></extra>",
        )
    )


def busy(table: pd.DataFrame, key: Key, look: theme.Theme, axes: Axes) -> go.Figure:
    """Busy accelerator-hours of pools over the values of one number: a line each, dashed by purchase option.

    ``table``: value, pool, hours.
    """
    shown = capped(table, "pool", "hours")
    series = ordered(list(dict.fromkeys(shown["pool"])), key)
    fig = theme.figure(axes.question, look, height=330 + theme.legend_px(len(series)), key=f"busy:{axes.across}")
    paint = key.colours(look)
    for place, pool in enumerate(series):
        rows = shown.loc[shown["pool"] == pool].groupby("value", sort=True)["hours"].sum()
        fig.add_trace(
            go.Scatter(
                x=rows.index.tolist(),
                y=rows.tolist(),
                name=key.name(pool),
                mode="lines+markers",
                line={"width": 2, "color": paint[pool], "dash": _DASHES.get(key.options.get(pool, ""), "solid")},
                marker={"symbol": _SYMBOLS[place % len(_SYMBOLS)], "size": 8, "color": paint[pool]},
                hovertemplate="%{y:,.3~r} " + text.plain(axes.up) + "<extra>" + key.name(pool) + "</extra>",
            )
        )
    fig.update_xaxes(title_text=text.wrapped(axes.across, 42))
    fig.update_yaxes(title_text=text.wrapped(axes.up, 34), rangemode="tozero")
    return fig
