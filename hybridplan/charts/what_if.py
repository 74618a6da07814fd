"""What moved numbers do: to the cost by term, and to what is busy over time. Light, since it follows a slider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import pace

_WIDTH: Final = 48
_SAID_PX: Final = 46
"""Three lines of what is moved."""


def by_term(
    table: pd.DataFrame, names: tuple[str, str], look: theme.Theme, *, question: str, inputs: str, unit: str
) -> go.Figure:
    """For each term a bar as it stands and one with the moved numbers.

    ``table``: name (of the term), before, now (money). ``names``: of the two bars. ``inputs``: what is moved.
    """
    labels = [text.label(str(name)) for name in table["name"]]
    lines = sum(max(2, text.lines_in(label)) for label in labels)
    fig = theme.figure(question, look, height=170 + 20 * lines, key="what-if")
    for column, name, paint, shape in (
        ("before", names[0], look.other, "/"),
        ("now", names[1], look.palette[0], ""),
    ):
        fig.add_trace(
            go.Bar(
                y=labels,
                x=table[column].tolist(),
                name=text.plain(name),
                orientation="h",
                marker={
                    "color": paint,
                    "line": {"color": look.background, "width": 1},
                    "pattern": {"shape": shape, "fgcolor": look.background, "fillmode": "overlay"},
                },
                hovertemplate="%{x:,.3~r} " + text.plain(unit),
            )
        )
    _lay_out(
        fig,
        inputs,
        look,
        barmode="group",
        hovermode="closest",
        bargap=0.3,
        xaxis={"title": {"text": text.plain(unit)}, "rangemode": "tozero"},
        yaxis={"autorange": "reversed"},
    )
    return fig


def busy(
    starts: npt.NDArray[np.str_],
    series: Mapping[str, npt.NDArray[np.float64]],
    names: Mapping[str, str],
    before: npt.NDArray[np.float64],
    look: theme.Theme,
    *,
    inputs: str,
    period_hours: float,
    clock: str,
) -> go.Figure:
    """Busy accelerators by purchase option, stacked, and all of them as it stands as a line.

    ``starts``: (T + 1,) local times of all periods and of the end of the last. ``series``, ``before``: (T,).
    """
    question = f"What is busy, {pace(period_hours)}?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(len(series) + 1), key="what-if-time")
    stacked = [
        _steps(starts, values, text.plain(names[option]), look.palette[theme.OPTION_PLACES[option]], stacked=True)
        for option, values in series.items()
    ]
    fig.add_traces([*stacked, _steps(starts, before, "All, as it stands", look.demand, stacked=False)])
    _lay_out(
        fig,
        inputs,
        look,
        hovermode="x unified",
        xaxis={"title": {"text": f"Time ({text.plain(clock)})"}, "hoverformat": "%a %d %b %Y, %H:%M"},
        yaxis={"title": {"text": "Busy accelerators"}, "rangemode": "tozero"},
    )
    return fig


def _steps(
    starts: npt.NDArray[np.str_], values: npt.NDArray[np.float64], name: str, paint: str, *, stacked: bool
) -> go.Scatter:
    """Accelerators by period, the last one held to its end: an area on top of the others, or a dotted line."""
    look: dict[str, Any] = {"line": {"shape": "hv", "width": 2, "color": paint, "dash": "dot"}}
    if stacked:
        look = {
            "stackgroup": "options",
            "fillcolor": paint,
            "line": {"shape": "hv", "width": 0.8, "color": paint},
        }
    hover = "%{y:,.3~r} accelerators"
    held = np.append(values, values[-1:])
    return go.Scatter(x=starts, y=held, name=name, mode="lines", hovertemplate=hover, **look)


def _lay_out(fig: go.Figure, inputs: str, look: theme.Theme, **options: Any) -> None:
    """All at once, since each update of a layout takes milliseconds. What is moved stands below the question; a figure
    has the same height whatever that is.
    """
    fig.update_layout(
        title_subtitle={"text": text.wrapped(inputs, _WIDTH), "font": {"size": 12, "color": look.muted}},
        height=fig.layout.height + _SAID_PX,
        margin_t=fig.layout.margin.t + _SAID_PX,
        **options,
    )
