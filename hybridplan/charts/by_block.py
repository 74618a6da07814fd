"""Blocks side by side: what each costs, how full the pools are in it, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, ordered


def costs(table: pd.DataFrame, blocks: Mapping[str, str], look: theme.Theme, *, unit: str) -> go.Figure:
    """One bar per block, stacked by term. ``table``: term, name (of the term), and money per key of ``blocks``."""
    keys = list(blocks)
    fig = _figure("What does each block cost?", look, blocks, len(table), "blocks:cost")
    names = dict(zip(table["term"], table["name"], strict=True))
    paint = theme.colours(names, look)
    shown = capped(table.assign(size=table[keys].max(axis=1)), "term", "size")
    for row in shown.groupby("term", sort=False)[keys].sum().reset_index().to_dict("records"):
        series = str(row["term"])
        values = [float(row[key]) for key in keys]
        colour = paint.get(series, look.other)
        fig.add_trace(_bar(blocks, values, text.plain(names.get(series, "Other")), colour, unit, look))
    fig.update_xaxes(title_text=text.plain(unit))
    return fig


def demanded(table: pd.DataFrame, blocks: Mapping[str, str], key: Key, look: theme.Theme) -> go.Figure:
    """Mean accelerators needed by workload in each block, stacked, and the highest hour of all together as a mark.

    ``table``: block, series (workload id), value (mean accelerators), peak (of the block).
    """
    fig = _figure("How much is asked for in each block?", look, blocks, table["series"].nunique() + 1, "blocks:demand")
    unit = "accelerators"
    rows = capped(table, "series", "value")
    grid = rows.pivot_table(index="block", columns="series", values="value", aggfunc="sum").reindex(list(blocks))
    paint = key.colours(look)
    for series in ordered([str(column) for column in grid.columns], key):
        values = grid[series].fillna(0.0).tolist()
        fig.add_trace(_bar(blocks, values, key.name(series), paint.get(series, look.other), unit, look))
    peaks = table.groupby("block")["peak"].max().reindex(list(blocks))
    fig.add_trace(
        go.Scatter(
            y=[text.label(name) for name in blocks.values()],
            x=peaks.tolist(),
            name="Highest period, all together",
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 18, "color": look.demand, "line": {"width": 3}},
            hovertemplate="%{x:,.3~r} accelerators",
        )
    )
    fig.update_xaxes(title_text="Accelerators needed, mean")
    return fig


def use(table: pd.DataFrame, blocks: Mapping[str, str], key: Key, look: theme.Theme) -> go.Figure:
    """Pool x block, shaded by utilisation, with the figure in each cell; blank where nothing is provisioned.

    ``table``: pool (id), block, utilisation (0 to 1 or NaN). All pools are shown, in the order of the key.
    """
    pools = [pool for pool in key.names if pool in set(table["pool"])]
    grid = table.pivot_table(index="pool", columns="block", values="utilisation", dropna=False)
    shares = (grid.reindex(index=pools, columns=list(blocks)) * 100).to_numpy(dtype=float)
    rows = [text.label(key.names[pool]) for pool in pools]
    columns = [text.label(name) for name in blocks.values()]
    tallest = max((text.lines_in(one) for one in rows), default=1)
    foot = 14 * max((text.lines_in(one) for one in columns), default=1)
    fig = theme.figure(
        "How full is each pool in each block?",
        look,
        height=150 + foot + len(rows) * (12 + 14 * tallest),
        key="blocks:use",
    )
    fig.add_trace(
        go.Heatmap(
            x=columns,
            y=rows,
            z=shares,
            zmin=0,
            zmax=100,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            colorscale=[list(stop) for stop in look.scale],
            hovertemplate="%{y}<br>%{x}<br>%{z:.1f} % busy<extra></extra>",
            showscale=False,
        )
    )
    fig.add_trace(_figures(shares, rows, columns, look))
    fig.update_xaxes(title_text="% busy in the mean; blank: not used", showgrid=False, type="category")
    fig.update_yaxes(title_text="", autorange="reversed", showgrid=False, type="category")
    return fig


def _figures(shares: npt.NDArray[np.float64], rows: list[str], columns: list[str], look: theme.Theme) -> go.Scatter:
    """The figure in each shaded cell, in the colour of the page's text or ground that is easier to read there."""
    cells = [
        (x, y, z) for y, line in zip(rows, shares, strict=True) for x, z in zip(columns, line, strict=True) if z == z
    ]
    return go.Scatter(
        x=[x for x, _, _ in cells],
        y=[y for _, y, _ in cells],
        text=[f"{z:.0f}" for _, _, z in cells],
        mode="text",
        textfont={"color": [_readable(z / 100, look) for _, _, z in cells]},
        hoverinfo="skip",
        showlegend=False,
    )


def _readable(share: float, look: theme.Theme) -> str:
    ground = _light(look.scale, min(max(share, 0.0), 1.0))
    return max((look.text, look.background), key=lambda one: _contrast(_light(((0.0, one),), 0.0), ground))


def _contrast(first: float, second: float) -> float:
    """As WCAG has it, from relative luminances."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _light(scale: Sequence[tuple[float, str]], share: float) -> float:
    """Relative luminance of a colour scale at a place between 0 and 1."""
    places = [place for place, _ in scale]
    parts = [[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for _, colour in scale]
    mixed = [float(np.interp(share, places, [part[i] for part in parts])) for i in range(3)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in mixed]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _figure(question: str, look: theme.Theme, blocks: Mapping[str, str], series: int, key: str) -> go.Figure:
    tallest = max((text.lines_in(text.label(name)) for name in blocks.values()), default=1)
    height = 130 + len(blocks) * (26 + 14 * tallest) + theme.legend_px(min(series, theme.MAX_SERIES))
    fig = theme.figure(question, look, height=height, key=key)
    fig.update_layout(barmode="stack", hovermode="closest", bargap=0.3, legend_traceorder="normal")
    fig.update_yaxes(title_text="", autorange="reversed", type="category")
    return fig


def _bar(
    blocks: Mapping[str, str], values: list[float], name: str, colour: str, unit: str, look: theme.Theme
) -> go.Bar:
    return go.Bar(
        y=[text.label(label) for label in blocks.values()],
        x=values,
        name=name,
        orientation="h",
        marker={"color": colour, "line": {"color": look.background, "width": 1}},
        hovertemplate="%{x:,.3~r} " + text.plain(unit),
    )
