"""Rules by site as a matrix: a symbol in every cell, so that no colour is needed to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from hybridplan.charts import text, theme

_LEVEL: Final = {"not_asked": 0, "not_met": 1, "met": 2}
_ROW_PX: Final = 26
_HEAD_PX: Final = 7
"""Of one character of a heading."""
_HEADING: Final = 20
"""Characters of a line of a heading, which stands upright: two such lines are as wide as a column on a phone."""


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    states: Sequence[Sequence[str]],
    symbols: Sequence[Sequence[str]],
    details: Sequence[Sequence[str]],
    look: theme.Theme,
    *,
    question: str,
) -> go.Figure:
    """A heat map of symbols: words would not fit a cell on a narrow screen.

    ``states``: met, not_met or not_asked by row and column; ``symbols``: what stands in the cell; ``details``: what the
    hover box adds. Rows and columns must have names of their own.
    """
    names = [text.label(row) for row in rows]
    heads = [text.wrapped(column, _HEADING) for column in columns]
    head_px = _HEAD_PX * max((len(line) for head in heads for line in head.split("<br>")), default=1)
    height = 150 + head_px + sum(_ROW_PX + 13 * (text.lines_in(name) - 1) for name in names)
    fig = theme.figure(question, look, height=height, key=f"coverage:{question}")
    fig.update_layout(margin_t=fig.layout.margin.t + head_px)
    levels = [[_LEVEL[state] for state in row] for row in states]
    fig.add_trace(
        go.Heatmap(
            x=heads,
            y=names,
            z=levels,
            zmin=0,
            zmax=2,
            text=[[text.plain(word) for word in row] for row in symbols],
            customdata=[[text.wrapped(detail, 60) for detail in row] for row in details],
            texttemplate="%{text}",
            textfont={"color": look.text, "size": 16},
            colorscale=_colours(look),
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x}<br>%{customdata}<extra></extra>",
        )
    )
    fig.update_xaxes(title_text="", showgrid=False, side="top", type="category", tickangle=-90)
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False, type="category")
    return fig


def _colours(look: theme.Theme) -> list[tuple[float, str]]:
    """Pale grounds for three levels, so that the words on them keep their contrast."""
    asked = {"light": ("#F9DADD", "#D9EEE2"), "dark": ("#5A1F26", "#17463A")}[look.name]
    nothing = look.background
    third = 1 / 3
    return [
        (0.0, nothing),
        (third, nothing),
        (third, asked[0]),
        (2 * third, asked[0]),
        (2 * third, asked[1]),
        (1.0, asked[1]),
    ]
