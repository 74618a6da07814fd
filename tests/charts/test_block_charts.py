"""Charts of blocks: questions, units, a bar or column for each block, no HTML from names."""

from __future__ import annotations

import pandas as pd
import pytest

from hybridplan.charts import by_block, theme
from hybridplan.charts.series import Key

HOSTILE = '<a href="https://example.org">Q1</a>'
BLOCKS = {"q1": HOSTILE, "q2": "Q2"}
KEY = Key({"a": "Pool A", "b": HOSTILE}, {"a": "owned", "b": "on_demand"})


@pytest.fixture(params=[theme.LIGHT, theme.DARK], ids=["light", "dark"])
def look(request: pytest.FixtureRequest) -> theme.Theme:
    found: theme.Theme = request.param
    return found


def test_costs_stack_terms_in_a_bar_for_each_block(look: theme.Theme) -> None:
    table = pd.DataFrame(
        {"term": ["usage", "energy"], "name": ["Rented", "Energy"], "q1": [3.0, 1.0], "q2": [5.0, 2.0]}
    )
    fig = by_block.costs(table, BLOCKS, look, unit="USD per hour")
    assert [list(bar.x) for bar in fig.data] == [[3.0, 5.0], [1.0, 2.0]]
    assert fig.layout.barmode == "stack"
    assert fig.layout.title.text.endswith("?")
    assert fig.layout.xaxis.title.text == "USD per hour"
    assert "<a" not in fig.to_json()


def test_terms_beyond_twelve_are_added_up(look: theme.Theme) -> None:
    table = pd.DataFrame(
        {"term": [f"t{n}" for n in range(15)], "name": [f"Term {n}" for n in range(15)], "q1": 1.0, "q2": 2.0}
    )
    fig = by_block.costs(table, BLOCKS, look, unit="USD")
    assert len(fig.data) == theme.MAX_SERIES
    assert sum(bar.x[1] for bar in fig.data) == 30


def test_demand_shows_the_peak_beside_the_mean(look: theme.Theme) -> None:
    table = pd.DataFrame(
        {"block": ["q1", "q2", "q2"], "series": ["a", "a", "b"], "value": [2.0, 3.0, 1.0], "peak": [4.0, 9.0, 9.0]}
    )
    fig = by_block.demanded(table, BLOCKS, KEY, look)
    bars = {trace.name: list(trace.x) for trace in fig.data if trace.type == "bar"}
    assert bars["Pool A"] == [2.0, 3.0]
    assert list(fig.data[-1].x) == [4.0, 9.0]


def test_use_is_a_shade_with_its_figure(look: theme.Theme) -> None:
    table = pd.DataFrame(
        {"pool": ["a", "a", "b"], "block": ["q1", "q2", "q2"], "utilisation": [0.5, 1.0, float("nan")]}
    )
    fig = by_block.use(table, BLOCKS, KEY, look)
    shades = fig.data[0].z
    assert shades[0].tolist() == [50.0, 100.0]
    assert pd.isna(shades[1]).all()
    assert list(fig.data[1].text) == ["50", "100"]


def test_figures_on_shades_are_readable(look: theme.Theme) -> None:
    """At every share a contrast of 3.5 : 1 or more, as far as one of two colours can give it; one figure per cell."""
    for percent in range(101):
        ground = by_block._light(look.scale, percent / 100)
        ink = by_block._light(((0.0, by_block._readable(percent / 100, look)),), 0.0)
        assert by_block._contrast(ink, ground) > 3.5, percent
