"""The matrix of rules by site: symbols beside colours, and names that are no markup."""

from __future__ import annotations

import pytest

from hybridplan.charts import coverage, theme


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_cell_holds_its_symbol_and_names_are_escaped(look: theme.Theme) -> None:
    figure = coverage.matrix(
        ["<b>Chat</b>", "Notes"],
        ["A & B", "Far"],
        [["met", "not_met"], ["not_asked", "met"]],
        [["✓", "✗"], ["–", "✓"]],
        [["Residency: met", "<i>no</i>"], ["not asked", "met"]],
        look,
        question="Which site keeps which rule?",
    )
    (heat,) = figure.data
    assert [list(row) for row in heat.text] == [["✓", "✗"], ["–", "✓"]]
    assert [list(row) for row in heat.z] == [[2, 1], [0, 2]]
    assert (heat.y[0], heat.x[0], heat.customdata[0][1]) == (
        "&lt;b&gt;Chat&lt;/b&gt;",
        "A &amp; B",
        "&lt;i&gt;no&lt;/i&gt;",
    )
