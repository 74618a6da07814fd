"""What a commitment can pay for by hours of demand, and when commitments are billed against when they count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import bars, text, theme

_LEVELS: Final = {"now": ("Committed now", "dash"), "planned": ("Committed with what is new", "solid")}


def demand_duration(
    table: pd.DataFrame,
    levels: Mapping[str, float],
    look: theme.Theme,
    *,
    name: str,
    pays_from_hours: float | None = None,
) -> go.Figure:
    """Accelerators that run in the pools that a commitment can pay for, hours ordered by how many, most first.

    ``table``: from_hour, to_hour, covered, beyond. ``levels``: accelerators by ``now`` and ``planned``, as lines.
    ``pays_from_hours``: hours of use from which committing is as cheap as renting, a dotted line.
    """
    question = f"How much can {name} pay for, and for how many hours?"
    height = 330 + theme.legend_px(3 + len(levels))
    fig = theme.figure(question, look, height=height, key=f"duration:{text.plain(name)}")
    hours = [*table["from_hour"].tolist(), *table["to_hour"].tolist()[-1:]]
    bands = (("covered", "Paid by commitments", "reserved"), ("beyond", "Rented beside them", "on_demand"))
    for column, label, option in bands:
        values = table[column].astype(float).tolist()
        if any(value > 0 for value in values):
            fig.add_trace(_band(hours, values, label, option, look))
    for code, level in levels.items():
        label, dash = _LEVELS[code]
        fig.add_trace(_line([hours[0], hours[-1]], [level, level], label, look.text, dash))
    if pays_from_hours is not None and hours and 0 < pays_from_hours <= hours[-1]:
        top = max([float((table["covered"] + table["beyond"]).max()), *levels.values()])
        words = "Used this long, committing is as cheap as renting"
        fig.add_trace(_line([pays_from_hours, pays_from_hours], [0.0, top], words, look.demand, "dot"))
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text="Hours in service, most work first", hoverformat=",.0f")
    fig.update_yaxes(title_text="Accelerators", rangemode="tozero")
    return fig


def bills(table: pd.DataFrame, look: theme.Theme, *, unit: str) -> go.Figure:
    """What is billed and what is counted, by block. ``table``: name (of the block), billed, effective, in ``unit``."""
    question = "When are commitments billed, and when do they count?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(2), key="bills")
    parts = (("billed", "Billed in the block", 1, "/"), ("effective", "Counted in the block", 0, ""))
    bars.add_blocks(fig, table, parts, look, unit)
    fig.update_layout(barmode="group")
    fig.update_yaxes(title_text=text.wrapped(unit, 34))
    return fig


def _band(hours: list[float], values: list[float], name: str, option: str, look: theme.Theme) -> go.Scatter:
    colour = look.palette[theme.OPTION_PLACES[option]]
    return go.Scatter(
        x=hours,
        y=[*values, *values[-1:]],
        name=name,
        mode="lines",
        stackgroup="bands",
        line={"shape": "hv", "width": 0.8, "color": colour},
        fillcolor=colour,
        fillpattern={
            "shape": theme.PATTERNS[option],
            "fgcolor": look.background,
            "fillmode": "overlay",
            "size": 8,
            "solidity": 0.15,
        },
        hovertemplate="%{y:,.3~r} accelerators",
    )


def _line(x: list[float], y: list[float], name: str, colour: str, dash: str) -> go.Scatter:
    line = {"color": colour, "width": 2, "dash": dash}
    return go.Scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip")
