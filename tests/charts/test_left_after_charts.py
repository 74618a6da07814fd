"""What goes on after failures, as charts: every cell says its share and the promise, and can be read."""

from __future__ import annotations

import pandas as pd
import pytest

from hybridplan.charts import left_after, theme

WORKS = {"chat": "Chat <b>", "notes": "Notes"}
FAILURES = {"dark": "fire in a hall with a very long name of its own"}


def table() -> pd.DataFrame:
    """Chat keeps 40 % of a promised 50 %; of notes, without a promise, all but a rounding goes on."""
    rows = [("chat", "dark", 0.4, 0.5, False), ("notes", "dark", 0.9999, 0.0, True)]
    return pd.DataFrame(rows, columns=["workload", "contingency", "share", "promised_share", "is_kept"])


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_every_cell_says_what_goes_on_and_what_is_promised(look: theme.Theme) -> None:
    fig = left_after.matrix(table(), WORKS, FAILURES, look, question="How much goes on?")
    shades, words = fig.data
    assert shades.z.tolist() == [[pytest.approx(40)], [pytest.approx(99.99)]]
    assert list(words.text) == ["✗ 40 %<br>≥ 50 %", "&lt;100 %"]
    assert list(words.textfont.color) == [look.text, look.background]
    assert shades.y[0] == "Chat &lt;b&gt;"
    assert max(len(line) for line in shades.x[0].split("<br>")) <= 26


def test_hours_in_which_nothing_is_served_are_blank() -> None:
    times = pd.date_range("2026-06-01", periods=2, freq="h")
    rows = {"workload": "chat", "time": times, "served": [10.0, 0.0], "left": [5.0, 0.0], "promised": [5.0, 0.0]}
    frame = pd.DataFrame(rows).assign(share=[0.5, float("nan")])
    fig = left_after.by_hour(frame, WORKS, theme.LIGHT, question="How much", period_hours=1.0, clock="UTC")
    (shades,) = fig.data
    assert shades.z[0][0] == pytest.approx(50)
    assert pd.isna(shades.z[0][1])
    assert shades.text[0][0].endswith("50 % goes on: 5 of 10 units per hour, 5 promised")
    assert shades.text[0][1].endswith("nothing is served")
    assert len(shades.x) == 3
    assert fig.layout.title.text == "How much, hour by hour?"
