"""Sensitivity in words: what matters most, what is broken, where it changes."""

from __future__ import annotations

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis.sensitivity.break_even import break_even
from hybridplan.analysis.sensitivity.field_sweep import field_sweep
from hybridplan.analysis.sensitivity.tornado import tornado
from hybridplan.analysis.sentences import break_even as turning
from hybridplan.analysis.sentences import sensitivity as say
from hybridplan.domain import Scenario

DEMAND = "workloads.w.demand_units_per_hour"
RENT = "pools.rent.price_usd_per_accelerator_hour"


def tight() -> Scenario:
    """11 own accelerators at 1 USD for a demand of 10 that must be served."""
    return scenario({"own": pool("owned", 11, 1.0, name="Our own")}, {"w": rigid([10.0], must_serve=True, name="Chat")})


def rented() -> Scenario:
    """Demand 15: 10 own, sunk, and 5 rented at 4 USD; 10 + 20 = 30 USD."""
    return scenario({"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 20, 4.0)}, {"w": rigid([15.0])})


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.8, "factor, 1 is as it is now", "0.8 times"),
        (1.25, "factor", "1.25 times"),
        (0.125, "share from 0 to 1", "12.5 %"),
        (9.0741, "USD per accelerator-hour", "9.074 USD per accelerator-hour"),
        (1234567.0, "ms", "1,235,000 ms"),
        (0.0000123456, "GB per work unit", "1.235e-05 GB per work unit"),
    ],
)
def test_values_with_their_units(value: float, unit: str, words: str) -> None:
    assert say.amount(value, unit) == words


def test_the_tornado_names_what_matters_most() -> None:
    """Throughput a fifth lower: 18.75 accelerators, 8.75 of them rented, 10 + 35 = 45, 15 more; higher: 12.5, 2.5 of
    them rented, 20, 10 less. Demand: 12 and 18, so 18 and 42, 12 either way.
    """
    lines = say.tornado(tornado(rented()), rented().display_currency)
    assert lines[0] == (
        "Most depends on this: Throughput on gpu. At 0.8 work units per accelerator-hour the plan, solved anew, costs "
        "15 USD more (50 %); at 1.2 work units per accelerator-hour 10 USD less (33.3 %)."
    )
    assert lines[1] == "Next: All demand and Demand of w."


def test_ends_without_a_plan_are_said() -> None:
    lines = say.tornado(tornado(tight()), tight().display_currency)
    assert "All demand: at 1.2 times no plan keeps every rule." in lines
    assert "Capacity of Our own: at 8.8 accelerators no plan keeps every rule." in lines


def test_ends_at_which_work_stays_unserved_are_said() -> None:
    """12 accelerators less than a fifth are 9.6 for a demand of 10: 4 % is not served."""
    of = scenario({"own": pool("owned", 12, 1.0)}, {"w": rigid([10.0])})
    lines = say.tornado(tornado(of), of.display_currency)
    words = "up to 4 % of a workload is not served; its penalty is part of the change."
    assert f"Capacity of own: at 9.6 accelerators {words}" in lines


def test_a_tornado_that_was_cut_short_says_so() -> None:
    found = tornado(rented(), time_limit_seconds=0.0)
    assert say.tornado(found, rented().display_currency) == ["Time was up before the plan as it is was found."]


def test_the_sweep_in_words() -> None:
    """Rent at 1 and 5: 10 + 5 and 10 + 25."""
    lines = say.sweep(field_sweep(rented(), RENT, 1.0, 5.0, count=3), rented())
    assert lines == [
        "Over 1 to 5 USD per accelerator-hour the cost, penalties included, goes from 15 USD to 35 USD.",
        "Every pool works as much at each of these values.",
    ]


def test_pools_that_begin_to_work_and_values_without_a_plan() -> None:
    lines = say.sweep(field_sweep(rented(), DEMAND, 0.5, 1.5, count=3), rented())
    assert "The pools in use change: rent is used from 1." in lines
    lines = say.sweep(field_sweep(tight(), DEMAND, 0.5, 1.5, count=3), tight())
    assert "No plan keeps every rule at 1.5 times." in lines
    lines = say.sweep(field_sweep(tight(), DEMAND, 2.0, 3.0, count=2), tight())
    assert lines[0] == "At no value that was tried is there a plan."


def test_values_that_are_not_valid_say_why() -> None:
    (line, *_) = [
        one for one in say.sweep(field_sweep(tight(), "sites.here.pue", 0.5, 1.0, count=2), tight()) if "0.5" in one
    ]
    assert line.startswith("Not valid: 0.5 facility power / IT power. sites.here.pue")


def test_break_even_in_words() -> None:
    """A demand of 10 is what the own accelerators do: a factor of 10 / 15 = 0.666667. They cost 10 USD."""
    lines = turning.summary(break_even(rented(), DEMAND, 0.1, 2.0, {"kind": "pool_used", "record": "rent"}), rented())
    assert lines[0] == "Break-even at 0.666667 times what it is now."
    assert lines[1] == "Below that, rent is not used; above it, rent is used."
    assert "There the plan costs 10 USD, penalties included." in lines


def test_a_break_even_beyond_which_there_is_no_plan_calls_no_such_side_a_plan() -> None:
    """11 own accelerators carry a demand of 10 up to 1.1 times; beyond it nothing does."""
    lines = turning.summary(break_even(tight(), DEMAND, 0.5, 2.0, {"kind": "possible"}), tight())
    assert lines[:2] == [
        "Break-even at 1.1 times what it is now.",
        "Below that, there is a plan; above it, no plan keeps every rule.",
    ]
    assert "There the plan costs 11 USD, penalties included." in lines
    assert lines[-1].startswith("What holds on both sides is proven; they are ")


def test_no_break_even_in_words() -> None:
    outcome = {"kind": "pool_used", "record": "rent"}
    lines = turning.summary(break_even(rented(), RENT, 1.0, 9.0, outcome), rented())
    assert lines == [
        "No break-even over 1 to 9 USD per accelerator-hour: at all 9 values tried, rent is used.",
        "A change that goes back within 1 USD per accelerator-hour could have been missed.",
    ]
    lines = turning.summary(break_even(tight(), DEMAND, 0.5, 2.0, {"kind": "unserved", "record": "w"}), tight())
    assert "where there is a plan, all of Chat is served; at 5 of 9 values there is no plan" in lines[0]
    lines = turning.summary(break_even(tight(), DEMAND, 1.5, 2.0, {"kind": "unserved", "record": "w"}), tight())
    assert lines == ["No break-even over 1.5 to 2 times: at no value tried is there a plan."]
    found = break_even(rented(), RENT, 1.0, 9.0, outcome, time_limit_seconds=0.0)
    assert turning.summary(found, rented()) == [
        "The time was up before all of 1 to 9 USD per accelerator-hour was looked at."
    ]
