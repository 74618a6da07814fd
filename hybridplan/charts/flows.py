"""What flows from workloads to pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped

_EDGE_PX: Final = 14
"""Room above the first and below the last node."""
_GAP_PX: Final = 24
"""Between two nodes: more than the height of a name, so that the names of thin nodes do not touch."""
_NODE_PX: Final = 26
"""Height of a node in the mean."""
_NAME_WIDTH: Final = 25
"""Characters of a name: both sides fit beside each other on a screen 390 px wide. Hover boxes have it whole."""


def sankey(
    table: pd.DataFrame, workloads: Mapping[str, str], pools: Key, look: theme.Theme, *, question: str, unit: str
) -> go.Figure:
    """Workloads on the left, pools on the right, the width of a band is its value.

    ``table``: workload, pool (ids), value (in ``unit``). Bands take the colour of their pool; beyond twelve workloads
    or pools the smallest are added up.
    """
    rows = capped(capped(table.loc[table["value"] > 0], "workload", "value"), "pool", "value")
    rows = rows.groupby(["workload", "pool"])["value"].sum().reset_index()
    lefts = [key for key in (*workloads, theme.OTHER) if key in set(rows["workload"])]
    rights = [key for key in (*pools.names, theme.OTHER) if key in set(rows["pool"])]
    height = 110 + (_GAP_PX + _NODE_PX) * max(len(lefts), len(rights), 3)
    fig = theme.figure(question, look, height=height, key=f"flows:{unit}")
    paint = pools.colours(look)
    left_of = {key: place for place, key in enumerate(lefts)}
    right_of = {key: len(lefts) + place for place, key in enumerate(rights)}
    names = [workloads.get(key, "Other") for key in lefts] + [pools.names.get(key, "Other") for key in rights]
    fig.add_trace(
        go.Sankey(
            arrangement="snap",
            # The name of a thin node at an edge is taller than the node.
            domain={"y": [_EDGE_PX / height, 1 - _EDGE_PX / height]},
            textfont={"color": look.text, "size": 12, "family": theme.FONT, "shadow": "none"},
            node={
                "label": [text.plain(text.short(name, _NAME_WIDTH)) for name in names],
                "customdata": [text.plain(name) for name in names],
                "color": [look.other] * len(lefts) + [paint.get(key, look.other) for key in rights],
                "pad": _GAP_PX,
                "thickness": 12,
                "line": {"width": 0},
                "hovertemplate": "%{customdata}: %{value:,.3~r} " + text.plain(unit) + "<extra></extra>",
            },
            link={
                "source": [left_of[key] for key in rows["workload"]],
                "target": [right_of[key] for key in rows["pool"]],
                "value": rows["value"].tolist(),
                "color": [_translucent(paint.get(key, look.other)) for key in rows["pool"]],
                "hovertemplate": "%{source.customdata} on %{target.customdata}: %{value:,.3~r} "
                + text.plain(unit)
                + "<extra></extra>",
            },
        )
    )
    return fig


def _translucent(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.4)"
