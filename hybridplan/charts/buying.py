"""The load-duration curve of a SKU with what serves it, and what more accelerators gain."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme


def load_duration(
    table: pd.DataFrame,
    bands: Mapping[str, str],
    levels: Mapping[str, float],
    look: theme.Theme,
    *,
    sku: str,
    pays_from_hours: float | None = None,
) -> go.Figure:
    """Busy accelerators of a SKU, hours ordered by the work that ran, stacked by purchase option.

    ``table``: from_hour, to_hour and one column per key of ``bands`` (their names). ``levels``: accelerators by name,
    drawn as lines. ``pays_from_hours``: hours of use from which owning is cheaper than renting, a dotted line.
    """
    shown = [band for band in bands if float(table[band].sum()) > 0]
    height = 330 + theme.legend_px(len(shown) + len(levels) + 1)
    fig = theme.figure(f"For how many hours is how much {sku} busy?", look, height=height, key=f"buying:{sku}")
    hours = [*table["from_hour"].tolist(), *table["to_hour"].tolist()[-1:]]
    for band in shown:
        paint = look.palette[theme.OPTION_PLACES[band]]
        fig.add_trace(_band(hours, table[band].tolist(), bands[band], paint, theme.PATTERNS[band], look))
    for dash, (name, level) in zip(("solid", "dash", "dot", "dashdot"), levels.items(), strict=False):
        fig.add_trace(_line([hours[0], hours[-1]], [level, level], name, look.limit, dash))
    if pays_from_hours is not None and hours and pays_from_hours <= hours[-1]:
        top = max([float(table[list(bands)].sum(axis=1).max()), *levels.values()])
        name = "Busy this long, owning is as cheap as renting"
        fig.add_trace(_line([pays_from_hours, pays_from_hours], [0.0, top], name, look.demand, "dot"))
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text="Hours of the plan, most work first", hoverformat=",.0f")
    fig.update_yaxes(title_text="Busy accelerators", rangemode="tozero")
    return fig


def _band(
    hours: list[float], values: list[float], name: str, colour: str, pattern: str, look: theme.Theme
) -> go.Scatter:
    return go.Scatter(
        x=hours,
        y=[*values, *values[-1:]],
        name=text.plain(name),
        mode="lines",
        stackgroup="bands",
        line={"shape": "hv", "width": 0.8, "color": colour},
        fillcolor=colour,
        fillpattern={
            "shape": pattern,
            "fgcolor": look.background,
            "fillmode": "overlay",
            "size": 8,
            "solidity": 0.15,
        },
        hovertemplate="%{y:,.3~r} accelerators",
    )


def gain(table: pd.DataFrame, best: int, look: theme.Theme, *, unit: str) -> go.Figure:
    """What more accelerators save and cost a year, by their number, with the best number marked.

    ``table``: count, value and price (per year, in ``unit``), by count.
    """
    fig = theme.figure("What do more accelerators save, and cost?", look, height=380, key="buying:gain")
    counts = table["count"].tolist()
    for column, name, colour, dash in (
        ("value", "They save", look.palette[2], "solid"),
        ("price", "They cost", look.palette[1], "dash"),
    ):
        fig.add_trace(
            go.Scatter(
                x=counts,
                y=table[column].tolist(),
                name=name,
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": dash},
                hovertemplate="%{y:,.3~r} " + text.plain(unit),
            )
        )
    marked = table.loc[table["count"] == best]
    fig.add_trace(
        go.Scatter(
            x=marked["count"].tolist(),
            y=marked["value"].tolist(),
            name="Most is gained",
            mode="markers",
            marker={"symbol": "star", "size": 14, "color": look.demand},
            hovertemplate="%{x:,} more: %{y:,.3~r} " + text.plain(unit),
        )
    )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text="More accelerators", rangemode="tozero")
    fig.update_yaxes(title_text=text.wrapped(unit, 34), rangemode="tozero")
    return fig


def _line(x: list[float], y: list[float], name: str, colour: str, dash: str) -> go.Scatter:
    line = {"color": colour, "width": 2, "dash": dash}
    return go.Scatter(x=x, y=y, name=text.plain(name), mode="lines", line=line, hoverinfo="skip")
