"""The chart of frontiers: lines, marks, axes, and no HTML from names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import frontier, text, theme
from hybridplan.charts.frontier import Colour, Labels

HOSTILE = '<a href="https://example.org">click</a> & <b>bold</b>'
NAN = float("nan")
LOOKS = list(theme.THEMES.values())
LABELS = Labels("What does each tonne less cost?", "CO₂e of the plan (t for the week)", "Cost (USD for the week)")


def table(series: str = "base", unserved: float = 0.0) -> pd.DataFrame:
    """1 t is tried in vain, 2 t cost 90, 3 t cost 40 (knee), 4 t cost 45 (dominated), 6 t cost 30."""
    rows = [
        (0, 1.0, NAN, NAN, NAN, "no_plan", NAN),
        (1, 2.0, 2.0, 90.0, unserved, "", 55.0),
        (2, 3.0, 3.0, 40.0, 0.0, "knee", 60.0),
        (3, 4.0, 4.0, 45.0, 0.0, "dominated", 65.0),
        (4, 6.0, 6.0, 30.0, 0.0, "", 90.0),
    ]
    columns = ["number", "cap", "reached", "money", "unserved_percent", "mark", "provider_share"]
    return pd.DataFrame(rows, columns=columns).assign(series=series)


def drawn(look: theme.Theme = theme.LIGHT, rows: pd.DataFrame | None = None, **options: Any) -> go.Figure:
    names = options.pop("names", {"base": HOSTILE})
    return frontier.curve(table() if rows is None else rows, names, look, labels=LABELS, **options)


def trace(fig: go.Figure, start: str) -> go.Scatter:
    (found,) = [one for one in fig.data if one.name.startswith(start)]
    return found


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_title_asks_and_axes_name_units_without_html_of_names(look: theme.Theme) -> None:
    fig = drawn(look)
    assert fig.layout.title.text == "What does each tonne less cost?"
    assert fig.layout.xaxis.title.text == "CO₂e of the plan (t for the week)"
    assert fig.layout.yaxis.title.text == "Cost (USD for the week)"
    assert "<a" not in fig.to_json()
    assert trace(fig, text.plain(HOSTILE)[:10]).x == (2.0, 3.0, 4.0, 6.0)


def test_points_without_a_plan_are_no_part_of_the_line_and_stand_where_they_were_tried() -> None:
    fig = drawn()
    assert trace(fig, "No plan").x == (1.0,)
    assert trace(fig, "No plan").y == (30.0,)


def test_knee_and_dominated_points_have_shapes_of_their_own() -> None:
    fig = drawn()
    knee, dominated = trace(fig, "Knee"), trace(fig, "Dominated")
    assert (knee.x, knee.y) == ((3.0,), (40.0,))
    assert (dominated.x, dominated.y) == ((4.0,), (45.0,))
    assert knee.marker.symbol != dominated.marker.symbol


def test_today_and_the_end_are_marked_where_they_are_known() -> None:
    fig = drawn(today=(5.0, 33.0), ends={"base": 2.0})
    assert (trace(fig, "Today").x, trace(fig, "Today").y) == ((5.0,), (33.0,))
    assert trace(fig, "Nothing less").x == (2.0,)
    assert not [one for one in drawn().data if one.name in ("Today's plan", "Nothing less is possible")]


def test_two_scenarios_are_told_apart_by_more_than_colour() -> None:
    rows = pd.concat([table(), table("other")], ignore_index=True)
    fig = drawn(rows=rows, names={"base": "Mine", "other": "Theirs"}, ends={"base": 2.0, "other": 2.0})
    mine, theirs = trace(fig, "Mine"), trace(fig, "Theirs")
    assert mine.line.color != theirs.line.color
    assert mine.line.dash != theirs.line.dash
    assert [list(row)[:2] for row in theirs.customdata] == [["other", n] for n in (1, 2, 3, 4)]
    assert sum(one.showlegend is not False for one in fig.data if one.legendgroup == "end") == 1


def test_what_is_not_served_is_a_second_line_only_where_something_is_not() -> None:
    assert not [one for one in drawn().data if one.yaxis == "y2"]
    fig = drawn(rows=table(unserved=12.0))
    second = trace(fig, "Not served")
    assert (second.yaxis, second.y[0]) == ("y2", 12.0)
    assert "%" in fig.layout.yaxis2.title.text


def test_a_third_objective_colours_the_points_on_a_scale_with_its_name() -> None:
    fig = drawn(colour=Colour("provider_share", "Largest provider (%)"))
    line = next(one for one in fig.data if one.mode == "lines+markers")
    assert list(line.marker.color) == [55.0, 60.0, 65.0, 90.0]
    assert "Largest provider" in fig.layout.coloraxis.colorbar.title.text
