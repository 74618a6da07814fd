"""Charts that follow a slider: both states, what is moved, and no HTML from names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import theme, what_if

HOSTILE = '<a href="https://example.org">click</a> & <b>bold</b>'
LOOKS = list(theme.THEMES.values())
STARTS = np.array(["2026-03-02T00:00:00", "2026-03-02T01:00:00", "2026-03-02T02:00:00"])


def costs(look: theme.Theme = theme.LIGHT, inputs: str = "Demand × 1.20") -> go.Figure:
    table = pd.DataFrame({"name": ["Rented", HOSTILE], "before": [10.0, 5.0], "now": [12.0, 5.0]})
    names = "As it stands", "With these values"
    return what_if.by_term(table, names, look, question="What costs more?", inputs=inputs, unit="USD for the week")


def busy(look: theme.Theme = theme.LIGHT, inputs: str = "Demand × 1.20") -> go.Figure:
    series = {"owned": np.array([4.0, 4.0]), "on_demand": np.array([0.0, 2.0])}
    names = {"owned": "Owned", "on_demand": HOSTILE}
    before = np.array([4.0, 5.0])
    return what_if.busy(STARTS, series, names, before, look, inputs=inputs, period_hours=1, clock="UTC")


@pytest.mark.parametrize("draw", [costs, busy])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_each_asks_a_question_and_names_what_is_moved(
    draw: Callable[[theme.Theme], go.Figure], look: theme.Theme
) -> None:
    fig = draw(look)
    assert fig.layout.title.text.endswith("?")
    assert fig.layout.title.subtitle.text == "Demand × 1.20"


@pytest.mark.parametrize("draw", [costs, busy])
def test_no_name_becomes_html(draw: Callable[[], go.Figure]) -> None:
    assert "<a href" not in draw().to_json()
    assert "<b>" not in draw().to_json()


def test_both_states_stand_beside_each_other() -> None:
    before, now = costs().data
    assert (list(before.x), list(now.x)) == ([10.0, 5.0], [12.0, 5.0])
    assert before.marker.pattern.shape != now.marker.pattern.shape
    assert costs().layout.xaxis.title.text == "USD for the week"


def test_the_last_period_is_drawn_to_its_end() -> None:
    owned, rented, base = busy().data
    assert list(owned.x) == list(STARTS)
    assert list(owned.y) == [4.0, 4.0, 4.0]
    assert list(rented.y) == [0.0, 2.0, 2.0]
    assert list(base.y) == [4.0, 5.0, 5.0]
    assert owned.stackgroup == rented.stackgroup
    assert base.stackgroup is None


def test_what_is_moved_never_changes_the_height() -> None:
    """Otherwise the page would jump under the hand that moves a slider."""
    long = "Demand × 1.20, rented prices × 1.15, latency objectives × 0.80, carbon price 120 USD/t and owned × 1.35"
    assert costs(inputs=long).layout.height == costs().layout.height
    assert busy(inputs=long).layout.height == busy().layout.height
