"""What an hour of use costs on bought hardware against renting, and what stands in each block."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import bars, text, theme


def cost_per_hour(
    table: pd.DataFrame,
    look: theme.Theme,
    *,
    name: str,
    unit: str,
    planned: tuple[float, float] | None,
) -> go.Figure:
    """Cost of an hour of use by how much of the time it is used.

    ``table``: use (share), owned, and on_demand and reserved (NaN: none), in ``unit``. ``planned``: (use, cost) of the
    plan; None where none is bought.
    """
    question = f"From which use on is {name} cheaper than renting?"
    fig = theme.figure(question, look, height=330 + theme.legend_px(4), key=f"ownership:{text.plain(name)}")
    percent = (table["use"].astype(float) * 100).tolist()
    for column, label, option, dash in (
        ("owned", "Bought, all costs", "owned", "solid"),
        ("reserved", "Committed, used as much", "reserved", "dash"),
        ("on_demand", "Rented on demand", "on_demand", "dot"),
    ):
        values = table[column].astype(float)
        if values.notna().any():
            line = {"color": look.palette[theme.OPTION_PLACES[option]], "width": 2, "dash": dash}
            fig.add_trace(
                go.Scatter(
                    x=percent,
                    y=values.tolist(),
                    name=label,
                    mode="lines",
                    line=line,
                    hovertemplate="%{y:,.3~r} " + text.plain(unit),
                )
            )
    if planned is not None:
        fig.add_trace(
            go.Scatter(
                x=[planned[0] * 100],
                y=[planned[1]],
                name="Planned use",
                mode="markers",
                marker={"symbol": "star", "size": 14, "color": look.demand},
                hovertemplate="%{x:.1f} % used: %{y:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text="Used (% of the time)", range=[0, 103], hoverformat=".0f")
    fig.update_yaxes(title_text=text.wrapped(unit, 34), rangemode="tozero")
    return fig


def standing(table: pd.DataFrame, look: theme.Theme, *, pool: str) -> go.Figure:
    """What stands in one pool in each block: kept and bought, stacked. ``table``: name (of the block), kept, bought."""
    question = f"How many accelerators stand in {pool}, block by block?"
    fig = theme.figure(question, look, height=300 + theme.legend_px(2), key=f"standing:{text.plain(pool)}")
    parts = (("kept", "There before", 0, ""), ("bought", "Bought", 2, "/"))
    bars.add_blocks(fig, table, parts, look, "accelerators")
    fig.update_layout(barmode="stack")
    fig.update_yaxes(title_text="Accelerators")
    return fig
