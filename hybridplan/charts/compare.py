"""What makes two plans cost differently, and where work runs elsewhere over time."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, ordered, pace, wide

_ZOOM_BELOW: Final = 0.25
"""Changes that are together less than this share of the totals would hardly be seen beside bars from 0."""
_NAME_LENGTH: Final = 60
"""Letters of a scenario's name beside a bar."""


def waterfall(table: pd.DataFrame, ends: tuple[str, str], start: float, look: theme.Theme, *, unit: str) -> go.Figure:
    """From the cost of one plan to that of another, one bar per term.

    ``table``: name (of the term), value (what it adds), in the order of the bars. ``ends``: names of both plans;
    ``start``: cost of the first. Small changes beside large costs are drawn on an axis that does not begin at 0.
    """
    rows = _at_most(table, theme.MAX_SERIES)
    end = start + float(rows["value"].sum())
    # The ends leave room for the bars beside them; the texts have all of their names.
    first, last = (text.short(name, _NAME_LENGTH) for name in ends)
    names = [first, *(str(name) for name in rows["name"]), last]
    labels = _unlike([text.label(name) for name in names])
    lines = max(text.lines_in(label) for label in labels)  # all bars stand equally far apart
    height = 120 + len(labels) * max(30, 4 + 14 * lines)
    fig = theme.figure("What makes the difference in cost?", look, height=height, key="compare:waterfall")
    fig.add_trace(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *["relative"] * len(rows), "total"],
            y=labels,
            x=[start, *rows["value"].tolist(), end],
            increasing={"marker": {"color": look.palette[1]}},
            decreasing={"marker": {"color": look.palette[2]}},
            totals={"marker": {"color": look.other}},
            connector={"line": {"color": look.muted, "width": 1}},
            hovertemplate="%{y}: %{x:,.4~r} " + text.plain(unit) + "<extra></extra>",
        )
    )
    fig.update_layout(showlegend=False, bargap=0.35)
    limits = _limits(start, rows["value"].astype(float))
    from_zero = limits is None
    fig.update_xaxes(title_text=text.wrapped(unit if from_zero else f"{unit}, axis not from 0", 34))
    if limits is not None:
        fig.update_xaxes(range=list(limits))
    fig.update_yaxes(autorange="reversed", title_text="", type="category")
    return fig


def over_time(
    table: pd.DataFrame, times: list[pd.Timestamp], key: Key, look: theme.Theme, *, period_hours: float, clock: str
) -> go.Figure:
    """Busy accelerators more (above 0) or fewer (below) than in the first plan, by pool or workload.

    ``table``: time, series, value; ``times``: start of every period.
    """
    sizes = table.assign(value=table["value"].abs())
    shown = sorted(capped(sizes, "series", "value")["series"].unique())
    kept = table.assign(series=table["series"].where(table["series"].isin(shown), theme.OTHER))
    grid = wide(kept, "time", "series", "value", times)
    question = f"Where does work run that ran elsewhere, {pace(period_hours)}?"
    height = 330 + theme.legend_px(len(grid.columns))
    fig = theme.figure(question, look, height=height, key="compare:time")
    paint = key.colours(look)
    for series in ordered([str(column) for column in grid.columns], key):
        fig.add_trace(
            go.Bar(
                x=list(grid.index),
                y=grid[series].tolist(),
                name=key.name(series),
                offset=0,
                width=period_hours * 3_600_000.0,
                marker={
                    "color": paint.get(series, look.other),
                    "line": {"width": 0},
                    "pattern": {"shape": key.pattern(series), "fgcolor": look.background, "fillmode": "overlay"},
                },
                hovertemplate="%{y:+,.3~r} accelerators",
            )
        )
    fig.update_layout(barmode="relative", bargap=0, hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text="Accelerators more or fewer")
    return fig


def _at_most(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The bars, those beyond ``most`` added up."""
    if len(table) <= most:
        return table
    rest = pd.DataFrame({"name": ["Other"], "value": [float(table["value"].iloc[most - 1 :].sum())]})
    return pd.concat([table.iloc[: most - 1], rest], ignore_index=True)


def _limits(start: float, changes: pd.Series[float]) -> tuple[float, float] | None:
    """Ends of an axis that shows small changes; None where one from 0 shows them."""
    levels = [start, *(start + changes.cumsum()).tolist()]
    low, high = min(levels), max(levels)
    spread = high - low
    if spread <= 0 or low <= 0 or spread >= _ZOOM_BELOW * high:
        return None
    return low - 0.4 * spread, high + 0.1 * spread


def _unlike(labels: list[str]) -> list[str]:
    """Axis labels, no two alike: bars of the same name would be drawn over each other."""
    out = list[str]()
    for label in labels:
        while label in out:
            label += " "
        out.append(label)
    return out
