"""Commitments, hardware and data in words: see :mod:`estate_plan` for the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import estate_plan
import pytest

from hybridplan.analysis.hardware import expansions
from hybridplan.analysis.sentences import commitments, datasets, hardware, next_step, purchasing
from hybridplan.plan import Plan

PAYBACK, BREAK_EVEN, OVERTURN, REPEATED = "ayback", "reak-even", "overturn", "repeated"


def without_purchases() -> Plan:
    made = estate_plan.plan()
    assert made.tables is not None
    none = made.tables.purchases.assign(quantity=0.0)
    return replace(made, tables=replace(made.tables, purchases=none))


def in_one_week() -> Plan:
    """The same estate with its first quarter alone."""
    document = estate_plan.document()
    horizon = {"blocks": {"q1": document["horizon"]["blocks"]["q1"]}}
    document["workloads"]["train"]["demand_units_per_hour"] = {"q1": [23.0, 8.0]}
    made = estate_plan.plan()
    assert made.tables is not None
    names = ("allocation", "provisioned", "covered", "private_flows")
    first = {name: frame.loc[frame["block"] == "q1"] for name in names for frame in [getattr(made.tables, name)]}
    scenario = estate_plan.scenario(horizon=horizon, workloads=document["workloads"])
    return replace(made, scenario=scenario, tables=replace(made.tables, **first))


def test_how_commitments_are_used() -> None:
    """105,120 + 21,900 + 59,130 = 186,150 USD, of which 29,565 + 6,843.75 + 22,995 = 59,403.75 are not used: 31.9 %."""
    first, steady, *_ = commitments.summary(estate_plan.plan())
    assert first == "Of 186,000 USD of commitments over the year, 59,400 USD (31.9 %) are paid and not used."
    assert steady.startswith("Steady, 4 and 2 more H100 in Cloud base: 71.9 % used; 29,600 USD of 105,000 USD")
    assert "costs 2.78 USD, against 4 USD on demand; it breaks even at a use of 50 %" in steady


def test_advice_on_a_commitment_recommends_whole_nodes() -> None:
    """2 of nodes of 8 are one node; the 6 more cost 6 x 2 x 8,760 = 105,120 USD a year."""
    what, instead, payback, break_even, overturn = commitments.advice(estate_plan.plan())[0]
    assert what.startswith("Commit to 8 more H100 in Cloud base (1 node of 8) under Steady: used 50 % of the time")
    assert "The plan itself takes 2;" in what
    assert "the rest costs 105,000 USD a year. Rounded up it does not pay" in what
    assert instead == "The same hours rented on demand would cost as much."
    assert payback.startswith("Payback: the fee of the whole term is earned after 1 year of 1 year")
    assert break_even == "Break-even: a use of 50 %, by the cheapest price on demand."
    assert "a fee above 2 USD per accelerator-hour, against 2 USD now; or a use below 50 %" in overturn


def test_advice_on_hardware_recommends_whole_nodes() -> None:
    what, cost, payback, break_even, overturn = hardware.advice(estate_plan.plan())[0]
    assert what.startswith("Buy 8 H100 for Own H100, 1 node of 8 (New nodes): 160,000 USD in all")
    assert "The plan itself takes 7.50; the rest of the last node costs at most 2,060 USD over the year." in what
    assert "annuity 5,000 USD, staff 300 USD, space 200 USD, energy 848 USD" in cost
    assert "costs 1.07 USD, against 4 USD on demand and 2.95 USD committed, used as much." in cost
    assert payback.startswith("Payback: 10.7 months, of a life of 4 years")
    assert break_even == "Break-even: a use of 17.2 %, against renting on demand."
    assert "a purchase price above 89,600 USD, against 20,000 USD now; or a use below 17.2 %" in overturn


@pytest.mark.parametrize("plan", [estate_plan.plan(), without_purchases(), in_one_week()])
def test_every_advice_states_payback_break_even_and_what_would_overturn_it(plan: Plan) -> None:
    found = [*commitments.advice(plan), *hardware.advice(plan)]
    assert found
    for lines in found:
        text = " ".join(lines)
        if "would come after the last block" not in text and "not in service" not in text:
            assert PAYBACK in text, text
            assert BREAK_EVEN in text, text
            assert OVERTURN in text, text
    assert all(lines for lines in hardware.line_advice(plan))


def test_advice_on_fewer_than_four_blocks_says_what_it_rests_on() -> None:
    for lines in [*commitments.advice(in_one_week()), *hardware.line_advice(in_one_week())]:
        assert "not in service" in lines[0] or any(REPEATED in line for line in lines), lines
    assert any(REPEATED in line for line in purchasing.decided(in_one_week()))
    for lines in [*commitments.advice(estate_plan.plan()), *hardware.advice(estate_plan.plan())]:
        assert not any(REPEATED in line for line in lines)


def test_bills_are_reconciled_in_words() -> None:
    lines = commitments.bills(estate_plan.plan())
    assert lines[0].startswith("Over whole terms what is billed is what the plan counts:")
    assert any("billed before the plan begins" in line for line in lines)


def test_dates_space_and_power() -> None:
    made = estate_plan.plan()
    assert hardware.dates(made) == [
        "8 H100 come to Own H100 on 6 Apr 2026 (New nodes).",
        "8 H100 in Own H100 go on 6 Jul 2026.",
        "New nodes in Own H100 is at the end of its life on 5 Apr 2030.",
    ]
    assert hardware.room(made) == [
        "Frankfurt: 31 of 40 rack units at most (77.5 %).",
        "Frankfurt: 15.5 of 20 kW of IT power at most (77.5 %).",
    ]


def test_a_private_line_in_words() -> None:
    """It saves what it costs, 17,520 USD a year, at 50 GB an hour."""
    (lines,) = hardware.line_advice(estate_plan.plan())
    assert lines[0].startswith(
        "Take a private line of 2 Gbit/s from Frankfurt to Cloud West: it costs 17,500 USD a year"
    )
    assert lines[1:3] == ["Its cheaper data save 17,500 USD a year.", "Payback: nothing is paid ahead."]
    assert lines[3] == "Break-even: 50 GB per hour in the mean; 50 are planned."
    assert "less than 50 GB per hour in the mean, or a price above 2 USD per hour, against 2 USD now" in lines[4]


def test_data_in_words() -> None:
    lines = datasets.summary(estate_plan.plan())
    assert lines[0] == (
        "Images (900 GB) lives in Frankfurt; copies: Cloud West (chosen by the plan) and Far (planned)."
    )
    assert "The first copy of Images at Cloud West is there after 2 hours; work there that needs it waits" in lines[2]
    assert any(line.startswith("9 GB per hour keep the copy of Images at Far up to date, over") for line in lines)
    assert lines[-1] == "No residency is set for Images: its copies are in DE, IE and US."


def test_what_was_decided_names_purchases() -> None:
    first, second, change, copies, of_copies = purchasing.decided(estate_plan.plan())
    assert change.startswith("For ")
    assert "What would overturn it" in change
    assert of_copies.startswith("What would change this: prices of storage")
    assert first == "The plan commits to 8 more H100 in Cloud base (Steady) and 6 USD more per hour (Savings plan)."
    assert second == (
        "It buys 8 H100 for Own H100 (New nodes) and a private line of 2 Gbit/s from Frankfurt to Cloud West."
    )
    assert copies == "It makes copies: Images at Cloud West."
    assert purchasing.decided(without_purchases())[0].startswith("Nothing is bought or newly committed to")


def test_the_next_step_is_to_look_at_what_would_be_signed() -> None:
    step = next_step(estate_plan.plan(), date(2026, 1, 1))
    assert step.page == "plan"
    assert "Before you sign: the plan buys or commits to" in step.text
    assert "Before you sign" not in next_step(without_purchases(), date(2026, 1, 1)).text


def test_what_is_dearer_than_renting_already_is_not_overturned_by_a_higher_price() -> None:
    """At 200,000 USD each the nodes cost more than the 89,600 at which they pay, and at 3 USD an hour what is
    committed more than the 2 USD that they save: both are there for capacity."""
    document = estate_plan.document()
    document["expansions"]["nodes"]["capex_usd_per_accelerator"] = 200_000.0
    document["commitments"]["steady"]["fee_usd_per_accelerator_hour"] = 3.0
    changed = estate_plan.scenario(expansions=document["expansions"], commitments=document["commitments"])
    made = replace(estate_plan.plan(), scenario=changed)
    for lines in (hardware.advice(made)[0], commitments.advice(made)[0]):
        (overturn,) = [line for line in lines if OVERTURN in line]
        assert overturn == "What would overturn it: nothing in these prices; it is not cheaper than renting."


def test_what_is_switched_off_draws_nothing() -> None:
    """Half used at 1.2 x 0.1 USD a kWh of 1 kW, and off else: 0.12 USD per hour of use and no more; idle ones 0.048."""
    document = estate_plan.document()
    document["pools"]["own"]["can_power_down"] = True
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(pools=document["pools"]))
    (found,) = expansions.expansions(made)
    assert (found.busy_usd_per_hour, found.idle_usd_per_hour) == pytest.approx((0.12, 0.0))


def test_of_a_commitment_that_is_never_in_service_nothing_else_is_said() -> None:
    document = estate_plan.document()["commitments"]
    document["steady"] |= {"starts": "2030-01-01T00:00:00+00:00"}
    document["steady"].pop("ends", None)
    changed = replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments=document))
    assert commitments.advice(changed)[0] == [
        "Steady is not in service in any block that is planned.",
        "What would overturn it: service when a block begins, between 5 Jan 2026 and 5 Oct 2026.",
    ]
