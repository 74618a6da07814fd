"""Plain horizontal bars: values of limits, energy and carbon by pool."""

from __future__ import annotations

from collections.abc import Sequence

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
