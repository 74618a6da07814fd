"""Charts of rules and of ranges: questions, units, names that hold HTML, and bars where the numbers are."""

from __future__ import annotations

import pandas as pd
import pytest
from test_charts import HOSTILE, texts

from hybridplan.charts import alternatives, rules, theme

LOOKS = list(theme.THEMES.values())


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_waterfall_begins_and_ends_with_whole_bars(look: theme.Theme) -> None:
    fig = rules.waterfall(
        ["With", HOSTILE, "Back", "Without"],
        [10.0, -4.0, 1.0, 7.0],
        ["absolute", "relative", "relative", "total"],
        look,
        question="What is left?",
        unit="USD <b>a</b> week",
    )
    (bars,) = fig.data
    assert list(bars.measure) == ["absolute", "relative", "relative", "total"]
    assert list(bars.x) == [10.0, -4.0, 1.0, 7.0]
    assert fig.layout.title.text == "What is left?"
    assert "USD" in fig.layout.xaxis.title.text
    plain(fig.to_plotly_json())


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_range_reaches_from_least_to_most_with_the_cheapest_plan_in_it(look: theme.Theme) -> None:
    table = pd.DataFrame({"name": [HOSTILE, "b"], "least": [2.0, 0.0], "most": [5.0, 1.0], "optimum": [3.0, 0.0]})
    paint = [look.palette[0], look.palette[1]]
    fig = alternatives.ranges(table, paint, look, question="How busy is each pool?", unit="accelerator-hours")
    bars, marks = fig.data
    assert (list(bars.base), list(bars.x), list(marks.x)) == ([2.0, 0.0], [3.0, 1.0], [3.0, 0.0])
    assert fig.layout.xaxis.title.text == "accelerator-hours"
    plain(fig.to_plotly_json())


def plain(figure: object) -> None:
    """Only line breaks and the empty extra box are ours."""
    for found in texts(figure):
        rest = found.replace("<br>", "").replace("<extra>", "").replace("</extra>", "")
        assert "<" not in rest, found
