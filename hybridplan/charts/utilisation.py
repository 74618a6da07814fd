"""How full each pool is, hour by hour."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, pace

_DETAILED_PERIODS: Final = 1000
"""With more periods the words of every cell would weigh megabytes: then the hover box gives the share alone."""
_BRIEF: Final = "%{y}<br>%{x|%a %d %b %Y}<br>%{z:.0f} % busy<extra></extra>"


def heatmap(table: pd.DataFrame, key: Key, look: theme.Theme, *, period_hours: float, clock: str) -> go.Figure:
    """Pool x period, shaded by utilisation; blank where nothing is provisioned.

    ``table``: time, pool (id), busy, base (accelerators), utilisation (0 to 1, NaN where the base is 0). All pools are
    shown, in the order of the key.
    """
    pools = [pool for pool in key.names if pool in set(table["pool"])]
    grid = table.pivot_table(index="pool", columns="time", values="utilisation", dropna=False).reindex(pools)
    labels = [text.label(key.names[pool]) for pool in pools]
    tallest = max((text.lines_in(one) for one in labels), default=1)
    height = 190 + len(labels) * (8 + 14 * tallest)
    fig = theme.figure(f"How full is each pool, {pace(period_hours)}?", look, height=height, key="utilisation")
    starts: list[pd.Timestamp] = list(pd.DatetimeIndex(grid.columns))
    fig.add_trace(
        go.Heatmap(
            # Edges, not centres: a cell covers its period, also where there is one period only.
            x=[*starts, *(start + pd.Timedelta(hours=period_hours) for start in starts[-1:])],
            y=labels,
            z=(grid * 100).to_numpy(),
            text=_details(table, pools) if len(starts) <= _DETAILED_PERIODS else None,
            zmin=0,
            zmax=100,
            xgap=0,
            ygap=2,
            hoverongaps=True,
            colorscale=[list(stop) for stop in look.scale],
            hovertemplate="%{y}<br>%{text}<extra></extra>" if len(starts) <= _DETAILED_PERIODS else _BRIEF,
            colorbar=theme.shades(look, ("0 %", "50 %", "100 % busy")),
        )
    )
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", showgrid=False)
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False)
    return fig


def _details(table: pd.DataFrame, pools: list[str]) -> list[list[str]]:
    """Words for the hover box of each cell."""
    busy = table.pivot_table(index="pool", columns="time", values="busy", dropna=False).reindex(pools)
    base = table.pivot_table(index="pool", columns="time", values="base", dropna=False).reindex(pools)
    clocks = [f"{start:%a %d %b, %H:%M}" for start in pd.DatetimeIndex(busy.columns)]
    return [
        [f"{when}<br>{_detail(b, a)}" for when, b, a in zip(clocks, row, bases, strict=True)]
        for row, bases in zip(busy.to_numpy(), base.to_numpy(), strict=True)
    ]


def _detail(busy: float, base: float) -> str:
    if not base > 0:
        return "nothing provisioned"
    return f"{100 * busy / base:.0f} % busy: {busy:,.1f} of {base:,.1f} accelerators"
