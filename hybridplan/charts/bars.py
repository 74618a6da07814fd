"""Plain bars: values of limits, energy and carbon by pool, and figures of blocks side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme


def ranked(
    labels: Sequence[str],
    values: Sequence[float],
    look: theme.Theme,
    *,
    question: str,
    unit: str,
    colours: Sequence[str] | None = None,
) -> go.Figure:
    """One bar per label, as given, at most twelve: the rest is added up as other. ``unit`` names the axis."""
    names, sizes = [text.label(name) for name in labels], list(values)
    paint = list(colours) if colours is not None else [look.palette[0]] * len(names)
    if len(names) > theme.MAX_SERIES:
        kept = theme.MAX_SERIES - 1
        names, sizes = [*names[:kept], "Other"], [*sizes[:kept], sum(sizes[kept:])]
        paint = [*paint[:kept], look.other]
    tallest = max((text.lines_in(name) for name in names), default=1)
    height = 130 + len(names) * (12 + 14 * tallest)
    fig = theme.figure(question, look, height=height, key=f"bars:{question}")
    fig.add_trace(
        go.Bar(
            y=names,
            x=sizes,
            orientation="h",
            marker={"color": paint},
            hovertemplate="%{y}: %{x:,.3~r} " + text.plain(unit) + "<extra></extra>",
        )
    )
    fig.update_layout(bargap=0.3, showlegend=False)
    fig.update_xaxes(title_text=text.plain(unit), rangemode="tozero")
    fig.update_yaxes(title_text="", autorange="reversed", type="category")
    return fig


def add_blocks(
    fig: go.Figure, table: pd.DataFrame, bars: Sequence[tuple[str, str, int, str]], look: theme.Theme, unit: str
) -> None:
    """Bars over blocks. ``table``: name (of the block) and the columns of ``bars``, in ``unit``; each bar is (column,
    label, place in the palette, pattern).
    """
    names = [text.label(str(name)) for name in table["name"]]
    for column, label, place, pattern in bars:
        fig.add_trace(
            go.Bar(
                x=names,
                y=table[column].astype(float).tolist(),
                name=label,
                marker={
                    "color": look.palette[place],
                    "pattern": {"shape": pattern, "fgcolor": look.background, "fillmode": "overlay"},
                },
                hovertemplate="%{y:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(hovermode="x unified", bargap=0.3)
    fig.update_xaxes(title_text="", type="category")
    fig.update_yaxes(rangemode="tozero")
