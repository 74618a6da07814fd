"""What rules cost: each alone, and the way from the plan with all rules down to that without any."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from hybridplan.charts import text, theme

_BAR_PX = 30


def waterfall(
    labels: Sequence[str],
    money: Sequence[float],
    measures: Sequence[str],
    look: theme.Theme,
    *,
    question: str,
    unit: str,
) -> go.Figure:
    """One bar per label from the first, which is absolute, by changes to the last, which is their total.

    ``measures``: ``absolute``, ``relative`` or ``total`` for each label. Falling bars are savings, rising ones take a
    part of them back. ``unit``: e.g. USD per year.
    """
    names = [text.label(label) for label in labels]
    height = 150 + sum(_BAR_PX + 13 * (text.lines_in(name) - 1) for name in names)
    fig = theme.figure(question, look, height=height, key=f"rules:{question}")
    fig.add_trace(
        go.Waterfall(
            y=names,
            x=list(money),
            measure=list(measures),
            orientation="h",
            decreasing={"marker": {"color": look.palette[2]}},
            increasing={"marker": {"color": look.palette[1]}},
            totals={"marker": {"color": look.palette[0]}},
            connector={"line": {"color": look.muted, "width": 1}},
            hovertemplate="%{y}: %{delta:,.3~r} " + text.plain(unit) + "<extra></extra>",
        )
    )
    fig.update_layout(bargap=0.35, showlegend=False, hovermode="closest")
    fig.update_xaxes(title_text=text.plain(unit), rangemode="tozero")
    fig.update_yaxes(autorange="reversed", title_text="", type="category")
    return fig
