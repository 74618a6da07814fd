"""What sliders say: which numbers are moved, and what that changes against the scenario as it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_plan import plan

from hybridplan.analysis.sentences import what_if as say
from hybridplan.analysis.what_if import Moves
from hybridplan.plan import Plan, SolveStatus, Unserved


def dearer() -> Plan:
    """The small plan (136 USD) with 48 USD of rent more, all served, and the carbon it had."""
    base = plan()
    costs = {**base.cost_usd, "usage": base.cost_usd["usage"] + 48.0}
    served = {key: Unserved(0.0, row.unit, 0.0) for key, row in base.unserved.items()}
    return replace(base, cost_usd=costs, unserved=served)


def test_the_inputs_are_all_named_and_the_change_only_where_there_is_one() -> None:
    """The small scenario has no latency objective, no grid carbon and no promise."""
    moves = Moves(demand=1.2)
    scenario = plan().scenario
    assert say.inputs(scenario, moves).startswith("Demand × 1.20, rented prices × 1.00")
    assert say.inputs(scenario, moves).endswith("owned capacity × 1.00.")
    assert say.change(scenario, moves) == "Demand × 1.20"
    assert say.change(scenario, Moves(demand=1.2, owned=0.5)) == "Demand × 1.20 and owned capacity × 0.50"
    assert say.inputs(scenario, Moves()) == "As it stands, nothing is moved."


def test_waiting_names_what_is_wanted_and_what_is_seen() -> None:
    said = say.waiting(plan().scenario, Moves(demand=1.4), Moves())
    assert said.startswith("Working out: Demand × 1.40")
    assert said.endswith("Until it is there you see: As it stands, nothing is moved.")


def test_the_headline_says_how_much_more_or_less_that_is() -> None:
    """136 to 184 USD is 48 more, 35.3 %; back it is 48 of 184, 26.1 % less."""
    assert say.headline(plan(), dearer()).endswith("That is 48 USD (35.3 %) more than as it stands.")
    assert say.headline(dearer(), plan()).endswith("That is 48 USD (26.1 %) less than as it stands.")
    assert "than as it stands" not in say.headline(plan(), plan())


def test_figures_stand_against_those_as_it_stands() -> None:
    cost, unserved, _, busy = say.figures(plan(), dearer())
    assert (cost.value, cost.note) == ("184 USD", "+48 USD, 136 USD as it stands")
    assert (unserved.value, unserved.note.split(",")[0][0]) == ("0 %", "−")
    assert busy.note == "the same as it stands"


@pytest.mark.parametrize(
    ("status", "words"),
    [(SolveStatus.INFEASIBLE, "No plan can meet every rule"), (SolveStatus.NO_PLAN_IN_TIME, "No plan was found")],
)
def test_where_there_is_no_plan_it_says_which_of_the_two(status: SolveStatus, words: str) -> None:
    assert say.no_plan(replace(plan(), status=status)).startswith(words)
