"""Charts of commitments and hardware: a question, units, levels and what is told apart without colour."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from hybridplan.charts import commitments, hardware, theme

CURVE = pd.DataFrame({"from_hour": [0.0, 10.0], "to_hour": [10.0, 40.0], "covered": [8.0, 3.0], "beyond": [4.0, 0.0]})
BLOCKS = pd.DataFrame({"name": ["Winter", "Spring"], "billed": [30.0, 5.0], "effective": [10.0, 10.0]})
STANDING = pd.DataFrame({"name": ["Winter", "Spring"], "kept": [8.0, 0.0], "bought": [0.0, 8.0]})
USE = pd.DataFrame({"use": [0.5, 1.0], "owned": [2.0, 1.0], "on_demand": [4.0, 4.0], "reserved": [math.nan] * 2})

LOOKS = list(theme.THEMES.values())


def names(figure: object) -> list[str]:
    return [trace.name for trace in figure.data]  # type: ignore[attr-defined]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_demand_duration_has_the_commitment_as_a_line(look: theme.Theme) -> None:
    """All 40 hours are drawn to their end, the line stands at its size, break-even at its hours."""
    figure = commitments.demand_duration(
        CURVE, {"now": 6.0, "planned": 8.0}, look, name="Steady <b>", pays_from_hours=20.0
    )
    assert figure.layout.title.text.replace("<br>", " ").endswith("?")
    assert "<b>" not in figure.layout.title.text
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines["Committed now"].y) == [6.0, 6.0]
    assert list(lines["Committed with what is new"].x) == [0.0, 40.0]
    assert list(lines["Used this long, committing is as cheap as renting"].x) == [20.0, 20.0]
    assert lines["Paid by commitments"].fillpattern.shape != lines["Rented beside them"].fillpattern.shape


def test_a_break_even_that_is_never_reached_is_no_line() -> None:
    figure = commitments.demand_duration(CURVE, {"now": 6.0}, theme.LIGHT, name="Steady", pays_from_hours=50.0)
    assert "Used this long, committing is as cheap as renting" not in names(figure)


def test_bills_name_their_unit() -> None:
    figure = commitments.bills(BLOCKS, theme.LIGHT, unit="EUR")
    assert figure.layout.yaxis.title.text == "EUR"
    assert [list(trace.y) for trace in figure.data] == [[30.0, 5.0], [10.0, 10.0]]


def test_cost_of_an_hour_marks_the_plan_and_leaves_out_what_is_not_on_offer() -> None:
    figure = hardware.cost_per_hour(USE, theme.LIGHT, name="New nodes", unit="USD per hour of use", planned=(0.8, 1.25))
    assert names(figure) == ["Bought, all costs", "Rented on demand", "Planned use"]
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (80.0, 1.25)
    assert names(hardware.cost_per_hour(USE, theme.LIGHT, name="n", unit="USD", planned=None))[-1] != "Planned use"


def test_what_stands_is_stacked_by_block() -> None:
    figure = hardware.standing(STANDING, theme.DARK, pool="Own")
    assert figure.layout.barmode == "stack"
    assert [list(trace.y) for trace in figure.data] == [[8.0, 0.0], [0.0, 8.0]]
