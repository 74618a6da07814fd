"""How full each pool is, hour by hour."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key


def heatmap(table: pd.DataFrame, key: Key, look: theme.Theme, *, period_hours: float, clock: str) -> go.Figure:
    """Pool x period, shaded by utilisation; blank where nothing is provisioned.

    ``table``: time, pool (id), busy, base (accelerators), utilisation (0 to 1, NaN where the base is 0). All pools are
    shown, in the order of the key.
    """
    pace = "hour by hour" if period_hours == 1 else "period by period"
    pools = [pool for pool in key.names if pool in set(table["pool"])]
    grid = table.pivot_table(index="pool", columns="time", values="utilisation", dropna=False).reindex(pools)
    busy = table.pivot_table(index="pool", columns="time", values="busy", dropna=False).reindex(pools)
    base = table.pivot_table(index="pool", columns="time", values="base", dropna=False).reindex(pools)
    labels = [text.label(key.names[pool]) for pool in pools]
    tallest = max((text.lines_in(one) for one in labels), default=1)
    height = 190 + len(labels) * (8 + 14 * tallest)
    fig = theme.figure(f"How full is each pool, {pace}?", look, height=height, key="utilisation")
    starts: list[pd.Timestamp] = list(pd.DatetimeIndex(grid.columns))
    clocks = [f"{start:%a %d %b, %H:%M}" for start in starts]
    details = [
        [f"{when}<br>{_detail(b, a)}" for when, b, a in zip(clocks, row, bases, strict=True)]
        for row, bases in zip(busy.to_numpy(), base.to_numpy(), strict=True)
    ]
    fig.add_trace(
        go.Heatmap(
            # Edges, not centres: a cell covers its period, also where there is one period only.
            x=[*starts, *(start + pd.Timedelta(hours=period_hours) for start in starts[-1:])],
            y=labels,
            z=(grid * 100).to_numpy(),
            text=details,
            zmin=0,
            zmax=100,
            xgap=0,
            ygap=2,
            hoverongaps=True,
            colorscale=[list(stop) for stop in look.scale],
            hovertemplate="%{y}<br>%{text}<extra></extra>",
            colorbar={
                "tickvals": [0, 50, 100],
                "ticktext": ["0 %", "50 %", "100 % busy"],
                "tickfont": {"color": look.muted},
                "outlinecolor": look.grid,
                "orientation": "h",
                "thickness": 10,
                "len": 0.8,
                "x": 0.5,
                "xanchor": "center",
                "yref": "container",
                "y": 0,
                "yanchor": "bottom",
            },
        )
    )
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", showgrid=False)
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False)
    return fig


def _detail(busy: float, base: float) -> str:
    if not base > 0:
        return "nothing provisioned"
    return f"{100 * busy / base:.0f} % busy: {busy:,.1f} of {base:,.1f} accelerators"
