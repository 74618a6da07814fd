"""What is bought, its cost against renting, what comes and goes, and private lines: see :mod:`estate_plan`."""

from __future__ import annotations

from dataclasses import replace

import estate_plan
import pytest

from hybridplan.analysis.hardware import expansions, lines, sites, timeline


def test_number_and_whole_nodes() -> None:
    """7.5 of nodes of 8: one node of 8; half an accelerator more costs 0.5 x 5,500 / 8,760 x 6,570 = 2,062.50."""
    (found,) = expansions.expansions(estate_plan.plan())
    assert (found.accelerators, found.whole, found.node, found.arrives) == (7.5, 8, 8, "q2")
    assert found.rounding_usd == pytest.approx(2062.5)
    assert found.usd == pytest.approx(30937.5)


def test_use_of_the_new_ones_beyond_what_stood_there() -> None:
    """q2: 8 stand there, load 15.5 and 4: the new 7.5 are busy in the peak. q3, q4: nothing else stands there, 7.5 and
    4. Use (7.5 + 0 + 7.5 + 4 + 7.5 + 4) / (6 x 7.5) = 30.5 / 45."""
    (found,) = expansions.expansions(estate_plan.plan())
    assert found.utilisation == pytest.approx(30.5 / 45)


def test_yearly_cost_and_cost_per_hour_of_use() -> None:
    """5,000 + 300 + 200 a year, 0.62785 an hour. Energy busy 1 x 1.2 x 0.1 = 0.12, idle 0.048 an hour.

    At 30.5 / 45: (0.62785 + 0.048 x 14.5 / 45) / (30.5 / 45) + 0.12 = 1.06917 USD per hour, against 4 on demand and 2
    committed. Break-even: (0.62785 + 0.048) / (4 - 0.12 + 0.048) = 0.172059.
    """
    (found,) = expansions.expansions(estate_plan.plan())
    assert (found.annuity_usd, found.staff_usd, found.space_usd) == pytest.approx((5000.0, 300.0, 200.0))
    fixed = 5500 / 8760
    assert found.usd_per_used_hour == pytest.approx((fixed + 0.048 * 14.5 / 45) * 45 / 30.5 + 0.12)
    assert (found.on_demand_usd, found.reserved_usd) == (4.0, 2.0)
    assert found.break_even_utilisation == pytest.approx((fixed + 0.048) / 3.928)
    assert found.at(found.break_even_utilisation) == pytest.approx(4.0)


def test_payback_and_the_price_that_overturns_it() -> None:
    """Rent saved 4 x 8,760 x 30.5 / 45 = 23,749.33 a year; energy 8,760 x (0.12 x 30.5 + 0.048 x 14.5) / 45 = 847.97.

    20,000 / (23,749.33 - 500 - 847.97) = 0.8928 years. A price of (23,749.33 - 500 - 847.97) x 4 = 89,605.45 would make
    the annuity what is left.
    """
    (found,) = expansions.expansions(estate_plan.plan())
    value, energy = 4 * 8760 * 30.5 / 45, 8760 * (0.12 * 30.5 + 0.048 * 14.5) / 45
    assert found.energy_usd == pytest.approx(energy)
    assert found.payback_years == pytest.approx(20000 / (value - 500 - energy))
    assert found.pays_below_usd == pytest.approx((value - 500 - energy) * 4)


def test_nothing_bought_has_no_use_and_no_payback() -> None:
    made = estate_plan.plan()
    assert made.tables is not None
    none = made.tables.purchases.assign(quantity=0.0)
    (found,) = expansions.expansions(replace(made, tables=replace(made.tables, purchases=none)))
    assert (found.accelerators, found.whole, found.rounding_usd) == (0.0, 0, 0.0)
    assert found.payback_years is None
    assert found.break_even_utilisation == pytest.approx((5500 / 8760 + 0.048) / 3.928)


def test_without_a_price_on_demand_nothing_is_compared() -> None:
    document = estate_plan.document()
    document["pools"]["rent"]["sku"] = "B200"
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(pools=document["pools"]))
    (found,) = expansions.expansions(made)
    assert found.payback_years is None
    assert found.pays_below_usd is None


def test_what_stands_by_block() -> None:
    """8 old ones until q3, 7.5 new ones from q2 on: 8, 15.5, 7.5, 7.5."""
    made = estate_plan.plan()
    assert made.tables is not None
    rows = timeline.by_block(made, made.tables).set_index("block")
    assert rows["kept"].to_dict() == {"q1": 8.0, "q2": 8.0, "q3": 0.0, "q4": 0.0}
    assert rows["bought"].to_dict() == {"q1": 0.0, "q2": 7.5, "q3": 7.5, "q4": 7.5}
    assert rows["retired"].to_dict() == {"q1": 0.0, "q2": 0.0, "q3": 8.0, "q4": 8.0}


def test_dates_of_arrival_retirement_and_refresh() -> None:
    """One node comes on 6 April 2026, what was there goes on 6 July, and 4 x 365 days after April it is due again."""
    made = estate_plan.plan()
    assert made.tables is not None
    rows = timeline.events(made, made.tables)
    assert rows["event"].tolist() == ["arrives", "retires", "refresh"]
    assert [f"{day:%Y-%m-%d}" for day in rows["date"]] == ["2026-04-06", "2026-07-06", "2030-04-05"]
    assert rows["accelerators"].tolist() == [8.0, 8.0, 8.0]


def test_space_and_power_against_the_limits_of_a_site() -> None:
    """q2 has 15.5 x 2 = 31 of 40 rack units; its peak draws 15.5 of 20 kW (all busy)."""
    made = estate_plan.plan()
    assert made.tables is not None
    (row,) = sites.by_site(made, made.tables).to_dict("records")
    assert (row["space_used"], row["space_share"]) == pytest.approx((31.0, 0.775))
    assert (row["power_kw"], row["power_share"]) == pytest.approx((15.5, 0.775))


def test_a_private_line_against_what_it_saves() -> None:
    """2 Gbit/s: 2 x 0.5 + 1 = 2 USD an hour, 17,520 a year. 100 GB in each peak: 438,000 GB, 0.04 USD cheaper each:
    17,520 saved. It pays from 2 / 0.04 = 50 GB an hour; its peak takes 100 of 900 GB an hour."""
    made = estate_plan.plan()
    assert made.tables is not None
    (row,) = lines.by_link(made, made.tables).to_dict("records")
    assert (row["usd"], row["saved_usd"], row["net_usd"]) == pytest.approx((17520.0, 17520.0, 0.0))
    assert row["break_even_gb_per_hour"] == pytest.approx(50.0)
    assert row["peak_share"] == pytest.approx(100 / 900)


def test_whole_nodes_are_rounded_down_where_racks_are_full() -> None:
    """A whole node takes 32 rack units with what is there, one half more than there are: none in place of 7.5.

    What these gain against renting is 7.5 x (23,749.33 - 5,500 - 847.97) a year for 6,570 of 8,760 hours.
    """
    document = estate_plan.document()
    document["sites"]["fra"]["rack_units_limit"] = 31.5
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(sites=document["sites"]))
    (found,) = expansions.expansions(made)
    gained = 7.5 * (found.value_usd - 5500 - found.energy_usd) * 0.75
    assert found.whole == 0
    assert found.rounding_usd == pytest.approx(gained)


def test_whole_nodes_are_rounded_down_where_no_more_is_on_offer() -> None:
    document = estate_plan.document()
    document["pools"]["own"]["accelerators_per_node"] = 5
    document["expansions"]["nodes"]["max_accelerators"] = 9.0
    changed = estate_plan.scenario(pools=document["pools"], expansions=document["expansions"])
    (found,) = expansions.expansions(replace(estate_plan.plan(), scenario=changed))
    assert found.whole == 5


def test_a_site_without_pools_draws_nothing() -> None:
    """Neither are there pools anywhere, nor rows of them."""
    made = estate_plan.plan()
    assert made.tables is not None
    none: dict[str, dict[str, str]] = {name: {} for name in ("pools", "commitments", "spend_commitments", "expansions")}
    tables = replace(made.tables, provisioned=made.tables.provisioned.iloc[:0], kept=made.tables.kept.iloc[:0])
    (row,) = sites.by_site(replace(made, scenario=estate_plan.scenario(**none)), tables).to_dict("records")
    assert (row["space_used"], row["power_kw"]) == (0.0, 0.0)
