"""Load-duration curves: the year against its typical weeks."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme

_NAMES: Final = {"year": "The year, hour by hour", "weeks": "Typical weeks, each as often as it occurs"}


def load_duration(table: pd.DataFrame, look: theme.Theme, *, unit: str) -> go.Figure:
    """Load of all workloads together, highest first. ``table``: series (year or weeks), from_hour, to_hour, load."""
    question = "How closely do typical weeks follow the year?"
    fig = theme.figure(question, look, height=340 + theme.legend_px(len(_NAMES)), key="weeks:duration")
    styles = {"year": ("solid", look.demand, 1.5), "weeks": ("dash", look.palette[1], 2.5)}
    for series, (dash, colour, width) in styles.items():
        rows = table.loc[table["series"] == series]
        hours = [*rows["from_hour"].tolist(), *rows["to_hour"].tolist()[-1:]]
        loads = rows["load"].tolist()
        fig.add_trace(
            go.Scatter(
                x=hours,
                y=[*loads, *loads[-1:]],
                name=_NAMES[series],
                mode="lines",
                line={"shape": "hv", "width": width, "dash": dash, "color": colour},
                hovertemplate="%{y:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text="Hours, highest load first", hoverformat=",.0f")
    fig.update_yaxes(title_text=text.wrapped(f"All workloads ({unit})", 34), rangemode="tozero")
    return fig
