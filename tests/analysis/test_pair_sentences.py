"""What pairs of plans say: prices with both totals, what is free, what serves more, and what is not known."""

from __future__ import annotations

from builders import one_site, pool, rigid, scenario

from hybridplan.analysis.sentences import pairs as words
from hybridplan.analysis.with_without import Pair, Pairs, Side
from hybridplan.plan import SolveStatus

HOUR = scenario({"p": pool("on_demand", 1.0, 1.0)}, {"w": rigid([1.0])}, sites=one_site())


def side(usd: float | None, unserved: float = 0.0, status: str = "optimal") -> Side:
    return Side(status, usd, usd, usd, unserved)


def said(code: str, before: Side, after: Side, constant_usd: float = 0.0) -> str:
    found = Pairs(SolveStatus.OPTIMAL, 1.0, (Pair(code, ("w",), before, after),), constant_usd, True)
    (line,) = words.summary(found, HOUR)
    return line


def test_a_price_with_its_share_of_what_can_be_decided() -> None:
    """1,010 less 1,000 USD in an hour: 10, or 87,600 per year; a fifth of the 50 beyond 960 that nothing changes."""
    line = said("residency", side(1_010.0), side(1_000.0), 960.0)
    assert line == (
        "Residency: 10 USD over the hour, or 87,600 USD per year (20 % of what the plan can decide). With: 1,010 USD; "
        "without: 1,000 USD."
    )


def test_totals_show_a_small_difference() -> None:
    assert said("promise", side(57_784.0), side(57_661.0)).endswith("With: 57,784 USD; without: 57,661 USD.")


def test_what_costs_nothing_and_what_serves_more() -> None:
    assert said("latency", side(5.0), side(5.0)).startswith("Latency objectives: costs nothing now.")
    line = said("promise", side(9.0, 0.25), side(5.0))
    assert "this is no bill alone: with it 25 % of a demand stays unserved at most, without it 0 %" in line


def test_what_is_not_known() -> None:
    impossible = side(None, status="infeasible")
    assert said("residency", impossible, side(5.0)) == "Residency: with it there is no plan, without it there is one."
    late = said("residency", side(5.0), side(None, status="no_plan_in_time"))
    assert late == "Residency: not known (no plan in time)."


def test_a_search_that_was_stopped_says_between_what_it_lies() -> None:
    """20 less 10 USD, but the first plan may cost 4 less: between 6 and 10."""
    before = Side("within_gap", 20.0, 16.0, 20.0, 0.0)
    assert said("residency", before, side(10.0)).endswith("Between 6 USD and 10 USD, as far as was proven.")


def test_no_rule_and_no_time() -> None:
    assert words.summary(Pairs(SolveStatus.OPTIMAL, 1.0, complete=True), HOUR) == [
        "There is no residency, no latency objective and no promise here, so there is nothing to compare."
    ]
    found = Pairs(SolveStatus.OPTIMAL, 1.0, (Pair("promise", ("w",), side(5.0)),))
    assert words.summary(found, HOUR)[-1].startswith("The time was up")
