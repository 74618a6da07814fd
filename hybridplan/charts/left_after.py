"""What is left of each workload after failures: after each of them, and hour by hour after one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import pace

_DETAILED_PERIODS: Final = 1000
"""With more periods the hover box gives the share alone."""
_OTHER_FROM: Final[dict[theme.ThemeName, float]] = {"light": 72.0, "dark": 57.0}
"""Per cent from which the other colour of words has more contrast on the shade."""
_HEAD_PX: Final = 6
"""Of one character of such a line."""
_HEAD_WIDTH: Final = 26
"""Characters of a line of a failure's name. Names stand upright: side by side they would run into each other."""


def matrix(
    table: pd.DataFrame,
    workloads: Mapping[str, str],
    failures: Mapping[str, str],
    look: theme.Theme,
    *,
    question: str,
) -> go.Figure:
    """Workload x failure, shaded by what goes on; each cell says it, and what is promised.

    ``table``: workload, contingency (ids), share, promised_share (0 to 1; 0: no promise), is_kept.
    """
    rows = [key for key in workloads if key in set(table["workload"])]
    columns = [key for key in failures if key in set(table["contingency"])]
    grid = table.pivot_table(index="workload", columns="contingency", values="share").reindex(rows)[columns] * 100
    words = {
        (str(one["workload"]), str(one["contingency"])): _cell(
            float(one["share"]), float(one["promised_share"]), bool(one["is_kept"])
        )
        for one in table.to_dict("records")
    }
    names = [text.label(workloads[key]) for key in rows]
    heads = [text.wrapped(failures[key], _HEAD_WIDTH) for key in columns]
    tallest = max((text.lines_in(one) for one in names), default=1)
    longest = max((len(line) for one in heads for line in one.split("<br>")), default=1)
    height = 60 + len(names) * max(46, 12 + 15 * tallest) + _HEAD_PX * longest
    fig = theme.figure(question, look, height=height, key=f"left:{question}")
    fig.update_layout(margin_t=fig.layout.margin.t + _HEAD_PX * longest)
    fig.add_trace(
        go.Heatmap(
            x=heads,
            y=names,
            z=grid.to_numpy(),
            text=[[words[row, column] for column in columns] for row in rows],
            zmin=0,
            zmax=100,
            xgap=3,
            ygap=3,
            colorscale=[list(stop) for stop in look.scale],
            showscale=False,
            hovertemplate="%{y}, %{x}<br>%{text}<extra></extra>",
        )
    )
    fig.add_trace(_written(grid, names, heads, words, look))
    fig.update_xaxes(title_text="", side="top", showgrid=False, type="category", tickangle=-90)
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False, type="category")
    return fig


def _written(
    grid: pd.DataFrame, names: list[str], heads: list[str], words: Mapping[tuple[str, str], str], look: theme.Theme
) -> go.Scatter:
    """The words of the cells, in whichever of two colours can be read on the shade."""
    places = [(r, c) for r in range(len(names)) for c in range(len(heads))]
    limit, shades = _OTHER_FROM[look.name], grid.to_numpy(dtype=float)
    return go.Scatter(
        x=[heads[c] for _, c in places],
        y=[names[r] for r, _ in places],
        text=[words[str(grid.index[r]), str(grid.columns[c])] for r, c in places],
        mode="text",
        textfont={"size": 12, "color": [look.background if shades[r, c] >= limit else look.text for r, c in places]},
        hoverinfo="skip",
        showlegend=False,
    )


def _cell(share: float, promised: float, is_kept: bool) -> str:
    """``100 %``, with what is promised below it, and a mark where that is not kept."""
    if promised <= 0:
        return f"{_percent(share)}"
    broken = "" if is_kept else "✗ "
    return f"{broken}{_percent(share)}<br>≥ {_percent(promised)}"


def _percent(share: float) -> str:
    """Whole per cent; never 100 where it is less, never 0 where it is more."""
    whole = round(share * 100)
    if whole == 100 and share < 1 - 1e-6:
        return "&lt;100 %"
    if whole == 0 and share > 1e-6:
        return "&lt;1 %"
    return f"{whole} %"


def by_hour(
    table: pd.DataFrame,
    workloads: Mapping[str, str],
    look: theme.Theme,
    *,
    question: str,
    period_hours: float,
    clock: str,
) -> go.Figure:
    """Workload x period, shaded by the share of what is served that goes on; blank where nothing is served.

    ``table``: time, workload (id), served, left, promised (units per hour), share (0 to 1; NaN: nothing is served).
    """
    rows = [key for key in workloads if key in set(table["workload"])]
    grid = table.pivot_table(index="workload", columns="time", values="share", dropna=False).reindex(rows)
    names = [text.label(workloads[key]) for key in rows]
    tallest = max((text.lines_in(one) for one in names), default=1)
    height = 190 + len(names) * (10 + 14 * tallest)
    fig = theme.figure(f"{question}, {pace(period_hours)}?", look, height=height, key=f"left-by-hour:{clock}")
    starts: list[pd.Timestamp] = list(pd.DatetimeIndex(grid.columns))
    is_detailed = len(starts) <= _DETAILED_PERIODS
    fig.add_trace(
        go.Heatmap(
            x=[*starts, *(start + pd.Timedelta(hours=period_hours) for start in starts[-1:])],
            y=names,
            z=(grid * 100).to_numpy(),
            text=_details(table, rows) if is_detailed else None,
            zmin=0,
            zmax=100,
            ygap=2,
            hoverongaps=True,
            colorscale=[list(stop) for stop in look.scale],
            hovertemplate="%{y}<br>%{text}<extra></extra>" if is_detailed else "%{y}<br>%{z:.0f} %<extra></extra>",
            colorbar=theme.shades(look, ("0 %", "50 %", "100 % goes on")),
        )
    )
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", showgrid=False)
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False)
    return fig


def _details(table: pd.DataFrame, rows: list[str]) -> list[list[str]]:
    """Words for the hover box of each cell."""
    served, left, promised = (
        table.pivot_table(index="workload", columns="time", values=value, dropna=False).reindex(rows)
        for value in ("served", "left", "promised")
    )
    clocks = [f"{start:%a %d %b, %H:%M}" for start in pd.DatetimeIndex(served.columns)]
    cells = zip(served.to_numpy(), left.to_numpy(), promised.to_numpy(), strict=True)
    return [[f"{when}<br>{_detail(*each)}" for when, *each in zip(clocks, *cell, strict=True)] for cell in cells]


def _detail(served: float, left: float, promised: float) -> str:
    if not served > 0:
        return "nothing is served"
    words = f"{100 * left / served:.0f} % goes on: {left:,.0f} of {served:,.0f} units per hour"
    return f"{words}, {promised:,.0f} promised" if promised > 0 else words
