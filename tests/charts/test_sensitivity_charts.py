"""Charts of sensitivity: bars from the plan both ways, ends without a plan as crosses, the break-even as a line."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import sensitivity, theme
from hybridplan.charts.sensitivity import Axes
from hybridplan.charts.series import Key

HOSTILE = '<a href="https://example.org">click</a>'
AXES = Axes("What does it cost?", "Price (USD)", "USD over the week")
NAN = float("nan")


def bars() -> pd.DataFrame:
    rows = [
        ("A long name of an assumption that goes over lines", -5.0, 8.0, "0.8 times", "1.2 times"),
        (HOSTILE, NAN, 2.0, "80 ms", "120 ms"),
        ("Nothing", 0.0, 0.0, "1", "2"),
    ]
    return pd.DataFrame(rows, columns=["label", "low", "high", "low_text", "high_text"])


def trace(fig: go.Figure, name: str) -> go.Scatter:
    (found,) = [one for one in fig.data if one.name == name]
    return found


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=lambda look: look.name)
def test_bars_go_both_ways_and_names_are_no_markup(look: theme.Theme) -> None:
    fig = sensitivity.tornado(bars(), look, question="Which moves the cost most?", axis="Change (USD)")
    assert trace(fig, "Lower").x[0] == -5.0
    assert trace(fig, "Higher").x[0] == 8.0
    assert all("<a" not in str(label) for label in trace(fig, "Lower").y)
    assert fig.layout.yaxis.autorange == "reversed"
    assert max(len(line) for label in trace(fig, "Lower").y for line in label.split("<br>")) <= 30


def test_an_end_without_a_plan_is_a_cross_on_its_side() -> None:
    cross = trace(sensitivity.tornado(bars(), theme.LIGHT, question="?", axis="USD"), "No plan")
    assert len(cross.x) == 1
    assert cross.x[0] < 0


def test_a_tornado_of_nothing_but_ends_without_a_plan_can_be_drawn() -> None:
    table = bars().assign(low=NAN, high=NAN)
    assert len(trace(sensitivity.tornado(table, theme.LIGHT, question="?", axis="USD"), "No plan").x) == 6


def test_the_curve_marks_today_the_break_even_and_values_without_a_plan() -> None:
    table = pd.DataFrame({"value": [1.0, 2.0, 3.0], "money": [10.0, 20.0, NAN], "holds": [False, True, None]})
    fig = sensitivity.curve(table, theme.LIGHT, AXES, now=1.5, found=1.8, states=("Not used", "Used"))
    assert list(trace(fig, "As it is").x) == [1.5, 1.5]
    assert list(trace(fig, "Break-even").x) == [1.8, 1.8]
    assert list(trace(fig, "No plan").x) == [3.0]
    assert list(trace(fig, "Not used").x) == [1.0]
    assert list(trace(fig, "Used").x) == [2.0]


def test_a_value_outside_the_range_is_not_drawn() -> None:
    table = pd.DataFrame({"value": [1.0, 2.0], "money": [10.0, 20.0], "holds": [None, None]})
    fig = sensitivity.curve(table, theme.LIGHT, AXES, now=9.0)
    assert [one.name for one in fig.data] == ["Cost and penalties"]


def test_pools_are_told_apart_by_more_than_colour() -> None:
    rows = [(value, pool, hours) for value in (1.0, 2.0) for pool, hours in (("a", value), ("c", 3.0))]
    table = pd.DataFrame(rows, columns=["value", "pool", "hours"])
    key = Key({"a": "Own", "c": HOSTILE}, {"a": "owned", "c": "on_demand"})
    fig = sensitivity.busy(table, key, theme.DARK, AXES)
    assert [one.name for one in fig.data] == ["Own", key.name("c")]
    assert list(fig.data[0].y) == [1.0, 2.0]
    assert len({one.line.dash for one in fig.data}) == len({one.marker.symbol for one in fig.data}) == 2
    assert "<a" not in str(fig.data[1].name)


def test_at_most_twelve_lines() -> None:
    names = {f"p{n}": f"pool {n}" for n in range(20)}
    table = pd.DataFrame([(1.0, pool, 1.0 + n) for n, pool in enumerate(names)], columns=["value", "pool", "hours"])
    assert len(sensitivity.busy(table, Key(names), theme.LIGHT, AXES).data) == theme.MAX_SERIES
