"""Charts that hold two plans against each other: bars that add up, an axis that shows small changes, and Other."""

from __future__ import annotations

import pandas as pd
import pytest

from hybridplan.charts import compare, theme
from hybridplan.charts.series import Key


def bars(values: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"name": list(values), "value": list(values.values())})


def test_bars_lead_from_one_cost_to_the_other() -> None:
    """32 and -12 and +20: 40."""
    fig = compare.waterfall(bars({"Rented": -12.0, "Owned": 20.0}), ("a<b>", "b"), 32.0, theme.LIGHT, unit="USD")
    (trace,) = fig.data
    assert list(trace.x) == pytest.approx([32.0, -12.0, 20.0, 40.0])
    assert trace.measure == ("absolute", "relative", "relative", "total")
    assert trace.y[0] == "a&lt;b&gt;"
    assert fig.layout.xaxis.range is None


def test_small_changes_of_large_costs_are_seen() -> None:
    """From 1,000 by -4 and +2 to 998: the axis shows 996 to 1,000 and some room."""
    fig = compare.waterfall(bars({"Rented": -4.0, "Owned": 2.0}), ("a", "b"), 1000.0, theme.DARK, unit="USD")
    low, high = fig.layout.xaxis.range
    assert 990.0 < low < 996.0
    assert 1000.0 < high < 1002.0
    assert "axis not from 0" in fig.layout.xaxis.title.text.replace("<br>", " ")


def test_what_is_beyond_twelve_bars_is_added_up_and_names_stay_apart() -> None:
    many = {f"Term {n}": 1.0 for n in range(20)}
    fig = compare.waterfall(bars(many), ("same", "same"), 5.0, theme.LIGHT, unit="USD")
    (trace,) = fig.data
    assert len(trace.y) == len(set(trace.y)) == theme.MAX_SERIES + 2
    assert sum(trace.x[1:-1]) == pytest.approx(20.0)
    assert trace.x[-1] == pytest.approx(25.0)


def test_more_and_fewer_stand_on_both_sides_of_nothing() -> None:
    times = [pd.Timestamp("2026-06-01T00:00"), pd.Timestamp("2026-06-01T01:00")]
    table = pd.DataFrame({"time": times[:1] * 2, "series": ["own", "cloud"], "value": [3.0, -3.0]})
    key = Key({"own": "Own", "cloud": "Cloud"}, {"own": "owned", "cloud": "on_demand"})
    fig = compare.over_time(table, times, key, theme.LIGHT, period_hours=1.0, clock="UTC")
    assert {trace.name: list(trace.y) for trace in fig.data} == {"Own": [3.0, 0.0], "Cloud": [-3.0, 0.0]}
    assert fig.layout.barmode == "relative"
