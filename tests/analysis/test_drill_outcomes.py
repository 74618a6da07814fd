"""The outcome of a drill in words, and what would change it."""

from __future__ import annotations

from builders import deferrable, rigid
from failing_plans import FIRST, chat, estate, plan_of

from hybridplan.analysis import drills
from hybridplan.analysis.sentences import outcomes
from hybridplan.plan import Plan, SolveStatus


def mixed(share: float = 0.8, standby: float = 8.0) -> Plan:
    """Chat in Frankfurt with standby in Dublin; search in Berlin; a batch and a training without a promise."""
    works = {
        "w": chat(name="Chat", promised_share=share),
        "s": chat([3.0], name="Search", promised_share=1.0),
        "o": rigid([2.0], origin_site="fra", name="Batch"),
        "d": deferrable(2.0, 0, 1, origin_site="fra", name="Training"),
    }
    return plan_of(
        estate(works),
        [("w", "a", [10.0]), ("s", "b", [3.0]), ("o", "a", [2.0]), ("d", "a", [2.0])],
        standby=[("w", "c", [standby])],
    )


def drilled(plan: Plan, failure: str = "fra-lost") -> drills.Drill:
    return drills.stored(plan, failure, "b", FIRST)


def test_one_sentence_says_what_moves_what_stays_and_what_stops() -> None:
    plan = mixed()
    assert outcomes.headline(plan.scenario, drilled(plan)) == (
        "Mon 01 Jun 2026, 00:00, after the loss of Frankfurt: 80 % of Chat goes on from Dublin (30 ms instead of "
        "0 ms); Search goes on as before; Batch and Training stop."
    )
    full = mixed(1.0, 10.0)
    assert "Chat goes on fully from Dublin (30 ms instead of 0 ms)" in outcomes.headline(full.scenario, drilled(full))


def test_where_nothing_runs_nothing_is_lost() -> None:
    plan = plan_of(estate({"w": chat([0.0])}), [])
    assert outcomes.headline(plan.scenario, drilled(plan)) == (
        "Mon 01 Jun 2026, 00:00: nothing runs, so the loss of Frankfurt takes nothing."
    )


def test_what_would_change_it() -> None:
    """Room for 12 of chat and batch is in Berlin; renting serves the rest. A plan that keeps all needs no word."""
    plan = mixed()
    stored = drilled(plan)
    best = drills.reoptimised(plan, "fra-lost", "b", FIRST)
    said = outcomes.changes(plan.scenario, stored, best)
    assert said[:3] == [
        "A promise of more than 80 % would let more of Chat go on.",
        "A promise for Batch would let it go on; it has none.",
        "Training can wait: what is missed may be done after the failure, inside the same window.",
    ]
    assert said[3] == (
        "Solved anew with what survives, more is served: 100 % of Chat in place of 80 %, 100 % of Batch in place of "
        "0 % and 100 % of Training in place of 0 %."
    )
    assert outcomes.changes(plan.scenario, best, rented=best) == []
    assert outcomes.changes(plan.scenario, stored, stored, stored)[3:] == [
        "Solved anew with what survives, no more is served.",
        "Renting more at once serves no more.",
    ]
    search = plan_of(estate({"s": chat([3.0])}), [("s", "b", [3.0])])
    assert outcomes.changes(search.scenario, drilled(search)) == []


def test_without_an_answer_that_is_said() -> None:
    plan = mixed()
    lost = drills.Drill(
        "best",
        "fra-lost",
        "b",
        FIRST,
        drilled(plan).lost,
        *(drilled(plan).before,) * 2,
        drilled(plan).works,
        SolveStatus.NO_PLAN_IN_TIME,
    )
    assert outcomes.headline(plan.scenario, lost) == "No answer was found for this hour."
    assert outcomes.changes(plan.scenario, lost) == []
