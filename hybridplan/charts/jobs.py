"""When jobs run, whether they keep behind what they follow, and what more accelerators gain them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from hybridplan.charts import text, theme
from hybridplan.charts.series import Key, capped, ordered

_TALL: Final = 0.8
"""Part of a row that the most accelerators at one time take."""
_MS_PER_SECOND: Final = 1000.0


def timeline(
    work: pd.DataFrame, spans: pd.DataFrame, names: Mapping[str, str], key: Key, look: theme.Theme, *, clock: str
) -> go.Figure:
    """One row per workload: its windows as frames, what runs in them as bars as tall as its accelerators.

    ``work``: workload, pool (ids), start, end (times), assigned (accelerators), gang (0: not in gangs), sorted by time.
    ``spans``: workload, window, start, end, share_done (0 to 1). ``names``: names of the workloads by id, in order.
    """
    rows = [one for one in names if one in set(spans["workload"])]
    labels = [text.label(names[one]) for one in rows]
    shown = capped(work, "pool", "assigned")
    height = 190 + 46 * len(rows) + theme.legend_px(shown["pool"].nunique() + 2)
    fig = theme.figure("When does each job run?", look, height=height, key="jobs")
    place = {one: position for position, one in enumerate(rows)}
    fig.add_trace(_frames(spans, place, look))
    paint = key.colours(look)
    pieces = _pieces(shown, key)
    for pool in ordered([str(one) for one in pieces["pool"].unique()], key):
        mine = pieces.loc[pieces["pool"] == pool]
        pattern = {"shape": key.pattern(pool), "fgcolor": look.background, "fillmode": "overlay", "size": 8}
        marker = {"color": paint.get(pool, look.other), "line": {"width": 0}, "pattern": pattern | {"solidity": 0.15}}
        fig.add_trace(
            go.Bar(
                **_bars(mine["start"], mine["end"]),
                y=[place[one] + centre for one, centre in zip(mine["workload"], mine["centre"], strict=True)],
                width=mine["height"].tolist(),
                customdata=[_words(row) for row in mine.to_dict("records")],
                name=key.name(pool),
                marker=marker,
                hovertemplate="%{customdata}<extra>" + key.name(pool) + "</extra>",
            )
        )
    _left_over(fig, spans, place, look)
    fig.update_layout(barmode="overlay", hovermode="closest", bargap=0)
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", type="date", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(
        title_text="", tickvals=list(range(len(rows))), ticktext=labels, range=[len(rows) - 0.5, -0.5], showgrid=False
    )
    return fig


def progress(table: pd.DataFrame, look: theme.Theme, *, first: str, follower: str, unit: str, clock: str) -> go.Figure:
    """Two lines: what the first job has done, and what the one that follows has taken of it.

    ``table``: time, done, taken (both in ``unit`` of the first).
    """
    question = f"Does {follower} wait for {first}?"
    fig = theme.figure(question, look, height=300 + theme.legend_px(2), key=f"after:{text.plain(follower)}")
    for column, name, colour, dash in (
        ("done", f"Done by {first}", look.palette[0], "solid"),
        ("taken", f"Taken by {follower}", look.palette[1], "dash"),
    ):
        fig.add_trace(
            go.Scatter(
                x=table["time"].tolist(),
                y=table[column].astype(float).tolist(),
                name=text.plain(name),
                mode="lines",
                line={"width": 2, "color": colour, "dash": dash},
                hovertemplate="%{y:,.3~r} " + text.plain(unit),
            )
        )
    fig.update_layout(hovermode="x unified")
    fig.update_xaxes(title_text=f"Time ({text.plain(clock)})", hoverformat="%a %d %b %Y, %H:%M")
    fig.update_yaxes(title_text=text.wrapped(f"{unit} since the start", 34), rangemode="tozero")
    return fig


def gains(
    curves: Mapping[str, Sequence[tuple[float, float]]], used: pd.DataFrame, key: Key, look: theme.Theme, *, name: str
) -> go.Figure:
    """Effective over used accelerators: the curve of each pool, where the plan stands on it, and no loss at all.

    ``used``: pool, busy, effective (one row per period).
    """
    question = f"What do more accelerators gain for {name}?"
    shown = list(curves)[: theme.MAX_SERIES]
    fig = theme.figure(question, look, height=320 + theme.legend_px(len(shown) + 2), key=f"gains:{text.plain(name)}")
    most = max((points[-1][0] for points in curves.values()), default=0.0)
    fig.add_trace(_curve([(0.0, 0.0), (most, most)], "No loss", look.muted, "dot"))
    paint = key.colours(look)
    for pool in shown:
        fig.add_trace(_curve(curves[pool], key.name(pool), paint.get(pool, look.other), "solid"))
    fig.add_trace(
        go.Scatter(
            x=used["busy"].tolist(),
            y=used["effective"].tolist(),
            name="In this plan, one mark a period",
            mode="markers",
            marker={"symbol": "circle-open", "size": 9, "color": look.text, "line": {"width": 2}},
            hovertemplate="%{x:,.3~r} used, %{y:,.3~r} effective<extra></extra>",
        )
    )
    fig.update_layout(hovermode="closest")
    fig.update_xaxes(title_text="Accelerators used", rangemode="tozero")
    fig.update_yaxes(title_text="Effective accelerators", rangemode="tozero")
    return fig


def _curve(points: Sequence[tuple[float, float]], name: str, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        name=name,
        mode="lines",
        line={"width": 2, "color": colour, "dash": dash},
        hovertemplate="%{x:,.3~r} used, %{y:,.3~r} effective",
    )


def _bars(starts: pd.Series[pd.Timestamp], ends: pd.Series[pd.Timestamp]) -> dict[str, Any]:
    """Base and length (milliseconds) of horizontal bars on an axis of dates."""
    length = (ends - starts).dt.total_seconds() * _MS_PER_SECOND
    return {"base": starts.tolist(), "x": length.tolist(), "orientation": "h"}


def _frames(spans: pd.DataFrame, place: Mapping[str, int], look: theme.Theme) -> go.Bar:
    shares = zip(spans["window"], spans["share_done"], strict=True)
    return go.Bar(
        **_bars(spans["start"], spans["end"]),
        y=[place[one] for one in spans["workload"]],
        width=[0.92] * len(spans),
        name="Window",
        marker={"color": theme.TRANSPARENT, "line": {"width": 1, "color": look.muted}},
        customdata=[f"Window {text.plain(window)}: {100 * share:.3g} % done" for window, share in shares],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _left_over(fig: go.Figure, spans: pd.DataFrame, place: Mapping[str, int], look: theme.Theme) -> None:
    """A cross at the end of each window whose work is not all done."""
    rows = spans.loc[spans["share_done"] < 1 - 1e-6]
    if rows.empty:
        return
    fig.add_trace(
        go.Scatter(
            x=rows["end"].tolist(),
            y=[place[one] for one in rows["workload"]],
            customdata=[f"{100 * (1 - share):.3g} % left over" for share in rows["share_done"]],
            name="Not all done",
            mode="markers",
            marker={"symbol": "x", "size": 10, "color": look.limit},
            hovertemplate="%{customdata}<extra></extra>",
        )
    )


def _pieces(work: pd.DataFrame, key: Key) -> pd.DataFrame:
    """Bars: workload, pool, start, end, assigned, gang, and height and centre within the row (it grows downwards).

    Pools stand on each other; neighbours in time that look the same become one bar.
    """
    rank = {pool: position for position, pool in enumerate(ordered([str(one) for one in work["pool"].unique()], key))}
    keys = ["workload", "start", "end", "pool"]
    rows = work.groupby(keys, as_index=False).agg(assigned=("assigned", "sum"), gang=("gang", "max"))
    rows = rows.assign(rank=rows["pool"].map(rank)).sort_values(["workload", "start", "rank"], kind="stable")
    at_once = rows.groupby(["workload", "start"])["assigned"]
    peak = at_once.transform("sum").groupby(rows["workload"]).transform("max")
    height = _TALL * rows["assigned"] / peak
    top = _TALL * at_once.cumsum() / peak
    rows = rows.assign(height=height, centre=_TALL / 2 - top + height / 2)
    rows = rows.sort_values(["workload", "pool", "start"], kind="stable").reset_index(drop=True)
    same = ["workload", "pool", "assigned", "gang", "height", "centre"]
    before = rows.shift()
    is_new = (rows[same] != before[same]).any(axis=1) | (rows["start"] != before["end"])
    return rows.groupby(is_new.cumsum(), as_index=False).agg(
        **{column: (column, "first") for column in (*same, "start")}, end=("end", "last")
    )


def _words(row: Mapping[Any, Any]) -> str:
    """Hover words of one bar: when, how many accelerators, in how many gangs."""
    gangs = f", in gangs of {int(row['gang'])}" if row["gang"] else ""
    return (
        f"{row['start']:%a %d %b, %H:%M} to {row['end']:%a %d %b, %H:%M}<br>{row['assigned']:,.4g} accelerators{gangs}"
    )
