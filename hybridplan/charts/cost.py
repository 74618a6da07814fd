"""What the plan costs, by term and by pool, beside the simple rules."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped

_DWARFS = 2.0
"""Penalties this many times the largest cost would hide it: they start switched off."""


def by_term(table: pd.DataFrame, plans: Mapping[str, str], look: theme.Theme, *, unit: str) -> go.Figure:
    """One bar per plan, stacked by term.

    ``table``: term, name (of the term), is_penalty, and one column of money per key of ``plans``. ``plans``: their
    names by column. ``unit``: e.g. USD per year. Penalties are hatched, and start hidden where they would dwarf the
    costs (a click on their legend entry shows them).
    """
    keys = list(plans)
    fig = theme.figure(
        "What does the plan cost, and what would simple rules cost?", look, height=240 + 62 * len(keys), key="cost:term"
    )
    names = dict(zip(table["term"], table["name"], strict=True))
    paint = theme.colours(names, look)
    shown = "legendonly" if penalties_dwarf(table, keys) else True
    for row in _capped_terms(table, keys).to_dict("records"):
        series = str(row["term"])
        fig.add_trace(
            go.Bar(
                y=[text.label(plans[key]) for key in keys],
                x=[row[key] for key in keys],
                name=text.plain(names.get(series, "Other")),
                orientation="h",
                visible=shown if row["is_penalty"] else True,
                marker={
                    "color": paint.get(series, look.other),
                    "line": {"color": look.background, "width": 1},
                    "pattern": {
                        "shape": "/" if row["is_penalty"] else "",
                        "fgcolor": look.background,
                        "fillmode": "overlay",
                    },
                },
                hovertemplate="%{x:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(barmode="relative", hovermode="closest", bargap=0.35)
    fig.update_xaxes(title_text=text.plain(unit))
    fig.update_yaxes(autorange="reversed", title_text="")
    return fig


def penalties_dwarf(table: pd.DataFrame, keys: list[str]) -> bool:
    """True where the largest sum of penalties is more than twice the largest sum of costs."""
    is_penalty = table["is_penalty"].astype(bool)
    costs, penalties = table.loc[~is_penalty, keys].sum().max(), table.loc[is_penalty, keys].sum().max()
    return bool(penalties > _DWARFS * costs)


def by_pool(table: pd.DataFrame, plans: Mapping[str, str], key: Key, look: theme.Theme, *, unit: str) -> go.Figure:
    """For each pool one bar per plan.

    ``table``: pool (id), and one column of money per key of ``plans``; the costliest pools stand first, those beyond
    twelve are added up.
    """
    columns = list(plans)
    shown = capped(table.assign(size=table[columns].max(axis=1)), "pool", "size")
    shown = shown.groupby("pool", sort=False)[columns].sum().reset_index()
    fig = theme.figure(
        "Which pools cost how much, against the simple rules?",
        look,
        height=170 + len(shown) * (18 + 15 * len(columns)),
        key="cost:pool",
    )
    paint = dict(zip(columns, look.palette, strict=False))
    for column in columns:
        fig.add_trace(
            go.Bar(
                y=[text.wrapped(key.names.get(str(pool), "Other"), text.LABEL_WIDTH) for pool in shown["pool"]],
                x=shown[column].tolist(),
                name=text.plain(plans[column]),
                orientation="h",
                marker={"color": paint[column], "line": {"color": look.background, "width": 1}},
                hovertemplate="%{x:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(barmode="group", hovermode="closest", bargap=0.25)
    fig.update_xaxes(title_text=text.plain(unit))
    fig.update_yaxes(autorange="reversed", title_text="")
    return fig


def _capped_terms(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    shown = capped(table.assign(size=table[keys].max(axis=1)), "term", "size")
    return shown.groupby(["term", "is_penalty"], sort=False)[keys].sum().reset_index()
