"""Failures: what is served before and after one, what is left hour by hour, and availability over the years."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import closed, held, pace

_FEWEST: Final = 1e-9
"""A share that lacks less is whole."""
_MARK: Final = "line-ns-open"
"""A short upright line."""


def served(table: pd.DataFrame, look: theme.Theme, *, question: str) -> go.Figure:
    """Two bars per workload, before and after, as per cent of its demand; what is promised is a mark.

    ``table``: name, before, after, promised (shares of the demand; promised NaN without a promise), and detail (words
    for the hover box), as the rows stand.
    """
    names = [text.label(str(name)) for name in table["name"]]
    height = 150 + sum(26 + 14 * text.lines_in(name) for name in names) + theme.legend_px(3)
    fig = theme.figure(question, look, height=height, key="served")
    details = [text.plain(str(words)) for words in table["detail"]]
    for column, label, place, pattern in (("before", "Before", 0, ""), ("after", "After the failure", 1, "/")):
        fig.add_trace(
            go.Bar(
                y=names,
                x=(table[column].astype(float) * 100).tolist(),
                orientation="h",
                name=label,
                marker={
                    "color": look.palette[place],
                    "pattern": {"shape": pattern, "fgcolor": look.background, "fillmode": "overlay"},
                },
                customdata=details,
                hovertemplate="%{y}<br>%{x:,.3~r} % of the demand<br>%{customdata}<extra>" + label + "</extra>",
            )
        )
    rows = [place for place, share in enumerate(table["promised"].astype(float)) if share > 0]
    if rows:
        shares = (table["promised"].astype(float) * 100).tolist()
        _marks(fig, [shares[row] for row in rows], [names[row] for row in rows], "Promised", look)
    fig.update_layout(barmode="group", bargap=0.3)
    fig.update_xaxes(title_text="Served, per cent of the demand", rangemode="tozero")
    fig.update_yaxes(title_text="", autorange="reversed", type="category")
    return fig


def _marks(fig: go.Figure, across: Sequence[float], names: Sequence[str], label: str, look: theme.Theme) -> None:
    fig.add_trace(
        go.Scatter(
            x=list(across),
            y=list(names),
            name=label,
            mode="markers",
            marker={"symbol": _MARK, "size": 26, "color": look.limit, "line": {"width": 3, "color": look.limit}},
            hovertemplate="%{y}: %{x:,.4~r} % " + label.lower() + "<extra></extra>",
        )
    )


def left(
    table: pd.DataFrame, look: theme.Theme, *, question: str, unit: str, period_hours: float, clock: str
) -> go.Figure:
    """One workload over time: what is served, what of it is left after the failure, and what is promised.

    ``table``: time, served, left, promised (``unit`` per hour), by time.
    """
    asked = f"{question}, {pace(period_hours)}?"
    fig = theme.figure(asked, look, height=320 + theme.legend_px(3), key=f"left:{text.plain(unit)}:{text.plain(clock)}")
    times = closed(table["time"].tolist(), period_hours)
    lines: list[tuple[str, str, str, str, str | None]] = [
        ("served", "Served, nothing failed", look.palette[0], "solid", None),
        ("left", "Left after the failure", look.palette[1], "solid", "tozeroy"),
    ]
    if (table["promised"].astype(float) > 0).any():
        lines.append(("promised", "Promised", look.limit, "dot", None))
    for column, label, colour, dash, fill in lines:
        fig.add_trace(
            go.Scatter(
                x=times,
                y=held(table[column].astype(float).tolist()),
                name=label,
                mode="lines",
                line={"color": colour, "width": 2, "dash": dash, "shape": "hv"},
                fill=fill,
                fillcolor=_faint(colour, 0.35) if fill else None,
                hovertemplate="%{y:,.3~r} " + text.plain(unit) + " per hour",
            )
        )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})")
    fig.update_yaxes(title_text=text.wrapped(f"{unit} per hour", 34), rangemode="tozero")
    return fig


def availability(table: pd.DataFrame, look: theme.Theme, *, question: str) -> go.Figure:
    """Each workload's availability, from a bad run (one in twenty is worse) to the mean, and its objective as a mark.

    The axis counts nines: each step to the right lacks a tenth. ``table``: name, availability, low, objective (shares;
    NaN: no objective).
    """
    names = [text.label(str(name)) for name in table["name"]]
    height = 170 + sum(18 + 14 * text.lines_in(name) for name in names) + theme.legend_px(3)
    fig = theme.figure(question, look, height=height, key="availability")
    mean, low = table["availability"].astype(float).tolist(), table["low"].astype(float).tolist()
    goals = table["objective"].astype(float).tolist()
    rows = [row for row, goal in enumerate(goals) if goal > 0]
    whole = _whole_at([*mean, *low, *(goals[row] for row in rows)])
    fig.add_trace(
        go.Scatter(
            x=[lack for pair in zip(low, mean, strict=True) for lack in (*(_lacks(s, whole) for s in pair), None)],
            y=[name for name in names for _ in range(3)],
            name="From a bad run (one in twenty is worse) to the mean",
            mode="lines",
            line={"width": 6, "color": _faint(look.palette[0], 0.55)},
            hoverinfo="skip",
        )
    )
    words = [[nines(share), nines(bad)] for share, bad in zip(mean, low, strict=True)]
    point = {"size": 13, "color": look.palette[0], "line": {"width": 1, "color": look.background}}
    hover = "%{y}: %{customdata[0]} in the mean, %{customdata[1]} in a bad run<extra></extra>"
    across = [_lacks(share, whole) for share in mean]
    fig.add_trace(_points(across, names, "Mean", point, words, hover))
    if rows:
        mark = {"symbol": _MARK, "size": 24, "color": look.limit, "line": {"width": 3, "color": look.limit}}
        across = [_lacks(goals[row], whole) for row in rows]
        hover = "%{y}: %{customdata} asked for<extra></extra>"
        asked = [nines(goals[row]) for row in rows]
        fig.add_trace(_points(across, [names[row] for row in rows], "Objective", mark, asked, hover))
    _nines_axis(fig, max(_lacks(share, whole) for share in [*low, *mean, 0.99]), whole)
    fig.update_yaxes(title_text="", autorange="reversed", type="category")
    return fig


def _points(
    across: list[float], names: list[str], label: str, marker: dict[str, Any], words: list[Any], hover: str
) -> go.Scatter:
    return go.Scatter(
        x=across, y=names, name=label, mode="markers", marker=marker, customdata=words, hovertemplate=hover
    )


def _whole_at(shares: Sequence[float]) -> float:
    """What lacks where 100 % is drawn: a step beyond the most nines that there are."""
    lacking = [1.0 - share for share in shares if 1.0 - share > _FEWEST]
    return 10.0 ** (floor(log10(min(lacking, default=0.01)) + 1e-9) - 1)


def _nines_axis(fig: go.Figure, most: float, least: float) -> None:
    """Logarithmic in what lacks, with the best on the right."""
    last = round(log10(least))
    first = min(ceil(log10(most) - 1e-9), 0)
    labels = [nines(1.0 - 10.0**power) for power in range(last + 1, first + 1)]
    fig.update_xaxes(
        title_text="Share of the demand that is served",
        type="log",
        range=[first + 0.15, last - 0.15],
        tickmode="array",
        tickvals=[10.0**power for power in range(last, first + 1)],
        ticktext=["100 %", *labels],
    )


def nines(share: float) -> str:
    """``99 %``, ``99.953 %``: two digits of what lacks."""
    lacks = (1.0 - share) * 100.0
    if lacks <= _FEWEST * 100.0:
        return "100 %"
    places = max(1 - floor(log10(lacks) + 1e-9), 0)
    digits = f"{share * 100.0:.{places}f}"
    return f"{digits.rstrip('0').rstrip('.') if places else digits} %"


def _lacks(share: float, least: float) -> float:
    return min(max(1.0 - share, least), 1.0)


def _faint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
