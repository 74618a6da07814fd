"""Ranges of pools over all plans that cost little more than the cheapest."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme

_BAR_PX = 34
_LINE_PX = 14


def ranges(table: pd.DataFrame, colours: Sequence[str], look: theme.Theme, *, question: str, unit: str) -> go.Figure:
    """A bar from the least to the most for each pool, with a mark where the cheapest plan stands.

    ``table``: name, least, most, optimum, in ``unit``; ``colours``: one for each row.
    """
    names = [text.label(str(name)) for name in table["name"]]
    tallest = max((text.lines_in(name) for name in names), default=1)  # all bars stand equally far apart
    height = 190 + len(names) * max(_BAR_PX, 6 + _LINE_PX * tallest)
    fig = theme.figure(question, look, height=height, key="near:ranges")
    least, most, best = (table[column].astype(float).tolist() for column in ("least", "most", "optimum"))
    what = text.plain(unit)
    fig.add_trace(
        go.Bar(
            y=names,
            base=least,
            x=[high - low for low, high in zip(least, most, strict=True)],
            customdata=list(zip(least, most, strict=True)),
            orientation="h",
            name="From least to most",
            marker={"color": list(colours), "opacity": 0.75, "line": {"color": look.muted, "width": 1}},
            hovertemplate="%{y}: %{customdata[0]:,.3~r} to %{customdata[1]:,.3~r} " + what + "<extra></extra>",
            showlegend=False,
        )
    )
    fig.add_trace(
        go.Scatter(
            y=names,
            x=best,
            mode="markers",
            name="Cheapest plan",
            marker={
                "symbol": "diamond",
                "size": 11,
                "color": look.demand,
                "line": {"color": look.background, "width": 1.5},
            },
            hovertemplate="%{y}: %{x:,.3~r} " + what + "<extra>Cheapest plan</extra>",
        )
    )
    fig.update_layout(bargap=0.4, hovermode="closest", showlegend=True)
    fig.update_xaxes(title_text=what, rangemode="tozero")
    fig.update_yaxes(autorange="reversed", title_text="", type="category")
    return fig
