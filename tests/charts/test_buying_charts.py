"""Load-duration curve and gain: bands end with the last hour, lines stand where they belong, the best is marked."""

from __future__ import annotations

import pandas as pd
import pytest

from hybridplan.charts import buying, theme

BANDS = {"owned": "Owned", "reserved": "Committed", "on_demand": "On <b>demand", "interruptible": "Interruptible"}


def table() -> pd.DataFrame:
    """Twelve owned and eight rented for one hour, then ten owned for two."""
    rows = [[0.0, 1.0, 12.0, 0.0, 8.0, 0.0], [1.0, 3.0, 10.0, 0.0, 0.0, 0.0]]
    return pd.DataFrame(rows, columns=["from_hour", "to_hour", *BANDS])


def test_bands_are_drawn_to_the_last_hour() -> None:
    fig = buying.load_duration(table(), BANDS, {"Now": 12.0}, theme.LIGHT, sku="gpu", pays_from_hours=1.5)
    traces = {trace.name: trace for trace in fig.data}
    assert list(traces["Owned"].x) == [0.0, 1.0, 3.0]
    assert list(traces["Owned"].y) == [12.0, 10.0, 10.0]
    assert list(traces["On &lt;b&gt;demand"].y) == [8.0, 0.0, 0.0]
    assert "Committed" not in traces
    assert list(traces["Now"].y) == [12.0, 12.0]
    assert list(fig.data[-1].x) == [1.5, 1.5]


def test_a_line_beyond_the_hours_is_not_drawn() -> None:
    fig = buying.load_duration(table(), BANDS, {}, theme.DARK, sku="gpu", pays_from_hours=4.0)
    assert [trace.name for trace in fig.data] == ["Owned", "On &lt;b&gt;demand"]


def test_the_best_number_is_marked() -> None:
    rows = pd.DataFrame({"count": [0, 10, 20], "value": [0.0, 175.2, 262.8], "price": [0.0, 131.4, 262.8]})
    fig = buying.gain(rows, 10, theme.LIGHT, unit="USD per year")
    assert (list(fig.data[2].x), list(fig.data[2].y)) == ([10], [pytest.approx(175.2)])
