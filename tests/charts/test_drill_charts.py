"""Charts of drills and replays: questions, units, marks, nines, and no HTML from names."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import drills, theme

HOSTILE = '<a href="https://example.org">click</a>'
NAN = float("nan")
LOOKS = list(theme.THEMES.values())


def served(look: theme.Theme) -> go.Figure:
    rows = [(HOSTILE, 1.0, 0.8, 0.75, HOSTILE), ("batch", 1.0, 0.0, NAN, "stops")]
    table = pd.DataFrame(rows, columns=["name", "before", "after", "promised", "detail"])
    return drills.served(table, look, question="What goes on?")


def left(look: theme.Theme) -> go.Figure:
    times = pd.date_range("2026-06-01", periods=2, freq="h")
    table = pd.DataFrame({"time": times, "served": [10.0, 5.0], "left": [8.0, 4.0], "promised": [7.5, 3.75]})
    return drills.left(table, look, question="What is left", unit=HOSTILE, period_hours=1.0, clock="UTC")


def availability(look: theme.Theme) -> go.Figure:
    rows = [(HOSTILE, 0.9995, 0.999, 0.9999), ("search", 1.0, 1.0, NAN)]
    table = pd.DataFrame(rows, columns=["name", "availability", "low", "objective"])
    return drills.availability(table, look, question="How much is served over years?")


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("draw", [served, left, availability])
def test_names_are_text_and_the_title_asks(draw: Callable[[theme.Theme], go.Figure], look: theme.Theme) -> None:
    fig = draw(look)
    assert fig.layout.title.text.endswith("?")
    assert "<a" not in fig.to_json().replace("\\u003c", "<")
    assert all(trace.name for trace in fig.data)


def test_bars_are_shares_of_the_demand_and_a_promise_is_a_mark_where_there_is_one() -> None:
    before, after, mark = served(theme.LIGHT).data
    assert list(before.x) == [100.0, 100.0]
    assert list(after.x) == [80.0, 0.0]
    assert list(mark.x) == [75.0]
    assert (before.marker.color, after.marker.color) == (theme.LIGHT.palette[0], theme.LIGHT.palette[1])
    assert after.marker.pattern.shape


def test_what_is_left_is_held_to_the_end_of_the_last_hour() -> None:
    all_, rest, promise = left(theme.DARK).data
    assert (list(all_.y), list(rest.y), list(promise.y)) == ([10.0, 5.0, 5.0], [8.0, 4.0, 4.0], [7.5, 3.75, 3.75])
    assert promise.line.color == theme.DARK.limit


def test_the_axis_counts_nines_with_the_best_on_the_right() -> None:
    """From 99.9 % in a bad run to 99.99 % as the objective; 100 % is drawn a step beyond that."""
    fig = availability(theme.LIGHT)
    spans, means, goals = fig.data
    assert list(spans.x)[:3] == [pytest.approx(1e-3), pytest.approx(5e-4), None]
    assert list(means.x) == [pytest.approx(5e-4), pytest.approx(1e-5)]
    assert list(goals.x) == [pytest.approx(1e-4)]
    assert fig.layout.xaxis.type == "log"
    assert fig.layout.xaxis.range[0] > fig.layout.xaxis.range[1]
    assert list(fig.layout.xaxis.ticktext) == ["100 %", "99.99 %", "99.9 %", "99 %"]
    assert means.customdata[0][0] == "99.95 %"


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100 %"), (0.0, "0 %"), (0.5, "50 %"), (0.97, "97 %"), (0.99962, "99.962 %"), (0.9999995, "99.99995 %")],
)
def test_availabilities_are_written_with_their_nines(share: float, text: str) -> None:
    assert drills.nines(share) == text
