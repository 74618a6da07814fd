"""Use, cover, effective price, break-even and bills of commitments, by hand: see :mod:`estate_plan`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import estate_plan
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.analysis.commitments import advice, billing, duration, holdings, use
from hybridplan.plan import Plan


def rows(plan: Plan) -> dict[tuple[str, str], dict[Any, Any]]:
    found = use.by_commitment(plan).to_dict("records")
    return {(row["kind"], row["record"]): row for row in found}


def test_a_commitment_for_capacity() -> None:
    """Steady: 6 are used 0.71875 of the time (see the plan's lines), 6 x 8,760 x 0.71875 = 37,777.5 accelerator-hours.

    Fee 105,120 / 37,777.5 = 2.7826 USD per used hour, against 4 on demand: break-even at 2 / 4 = 50 %. It pays for
    37,777.5 of what runs on base and rent: base (11 + 11 + 9 + 9) x 1,095 = 43,800, rent 20 x 1,095 = 21,900.
    """
    row = rows(estate_plan.plan())["commitment", "steady"]
    assert (row["existing"], row["new"], row["service_hours"]) == (4.0, 2.0, 8760.0)
    assert row["utilisation"] == pytest.approx(0.71875)
    assert row["used_accelerator_hours"] == pytest.approx(37777.5)
    assert (row["usd"], row["unused_usd"]) == pytest.approx((105120.0, 29565.0))
    assert row["usd_per_used_hour"] == pytest.approx(105120 / 37777.5)
    assert row["break_even_utilisation"] == pytest.approx(0.5)
    assert row["coverage"] == pytest.approx(37777.5 / 65700)
    assert row["value_usd"] == pytest.approx(4 * 37777.5)


def test_what_is_new_is_used_after_what_was_held() -> None:
    """Without its 2 new ones the pool has 6 in q1 and q2, 4 later: the new 2 are busy at each peak (8, 6) and at no
    trough (3): half of the time. They cost 2 x 2 x 8,760 = 35,040 and replace 2 x 4,380 x 4 = 35,040 on demand."""
    row = rows(estate_plan.plan())["commitment", "steady"]
    assert row["new_utilisation"] == pytest.approx(0.5)
    assert (row["new_usd"], row["new_value_usd"]) == pytest.approx((35040.0, 35040.0))


def test_a_commitment_that_ends_counts_only_the_hours_of_its_service() -> None:
    """Ending: q1 and q2, used at 8 of 8 and 3 of 8: 0.6875 of 2 x 4,380."""
    row = rows(estate_plan.plan())["commitment", "ending"]
    assert row["service_hours"] == 4380.0
    assert row["utilisation"] == pytest.approx(0.6875)
    assert row["used_accelerator_hours"] == pytest.approx(6022.5)
    assert row["break_even_utilisation"] == pytest.approx(0.625)


def test_a_spend_commitment() -> None:
    """Used 9 and 2 of 9 USD: 11 / 18. It covers 2 + 1.7 + 1 = 4.7 an hour pair of rent and other, which would have cost
    2 x 4 + 1.7 x 3 + 1 x 3 = 16.1 USD: so 11 / 16.1 is its break-even. Of 3,285 pairs that is 15,439.5 hours.

    Rent and other run 4 + 4, 6 + 4, 6 + 4 in the pairs of q2 to q4: 28 x 1,095 = 30,660 accelerator-hours.
    """
    row = rows(estate_plan.plan())["spend_commitment", "plan"]
    assert row["utilisation"] == pytest.approx(11 / 18)
    assert row["used_accelerator_hours"] == pytest.approx(4.7 * 3285)
    assert row["value_usd"] == pytest.approx(16.1 * 3285)
    assert row["break_even_utilisation"] == pytest.approx(11 / 16.1)
    assert row["coverage"] == pytest.approx(4.7 * 3285 / 30660)
    assert (row["usd"], row["unused_usd"]) == pytest.approx((59130.0, 22995.0))


def test_one_id_in_both_sections_is_not_added_up() -> None:
    """A commitment for capacity and a spend commitment may share their id: each has its own lines."""
    made = estate_plan.plan()
    lines = made.cost_lines.assign(record=made.cost_lines["record"].replace("plan", "steady"))
    document = estate_plan.document()["spend_commitments"]
    shared = replace(
        made, scenario=estate_plan.scenario(spend_commitments={"steady": document["plan"]}), cost_lines=lines
    )
    found = rows(shared)
    assert found["commitment", "steady"]["usd"] == pytest.approx(105120.0)
    assert found["spend_commitment", "steady"]["usd"] == pytest.approx(59130.0)


def test_half_upfront_is_billed_at_the_start_and_the_rest_by_the_hour() -> None:
    """Steady's 2 new ones: 35,040 for its year, 17,520 at once in q1 and 4,380 in each quarter; effective 8,760 in
    each. Its 4 old ones have no start date: their 35,040 upfront lie before the horizon."""
    found = billing.schedule(estate_plan.plan())
    new = found.loc[(found["record"] == "steady") & (found["part"] == "new")].set_index("phase")
    assert new["billed_usd"].to_dict() == pytest.approx({"q1": 21900.0, "q2": 4380.0, "q3": 4380.0, "q4": 4380.0})
    assert new["effective_usd"].tolist() == pytest.approx([8760.0] * 4)
    old = found.loc[(found["record"] == "steady") & (found["part"] == "existing")].set_index("phase")
    assert old["billed_usd"]["before"] == pytest.approx(35040.0)
    assert old["billed_usd"]["q1"] == pytest.approx(8760.0)


def test_what_of_a_term_lies_after_the_horizon_is_billed_there() -> None:
    """The savings plan runs three years, 26,280 hours, of which 6,570 are planned: 19,710 follow, at 6 USD an hour."""
    found = billing.schedule(estate_plan.plan())
    new = found.loc[(found["record"] == "plan") & (found["part"] == "new")].set_index("phase")
    assert new["billed_usd"]["after"] == pytest.approx(19710 * 6.0)
    assert new["upfront_usd"].sum() == 0.0


def test_blocks_add_up_to_what_the_plan_counts() -> None:
    """Effective cost of all commitments within the horizon is the fee that the audit has."""
    made = estate_plan.plan()
    found = billing.by_block(made.scenario, billing.schedule(made))
    assert found["block"].tolist() == ["q1", "q2", "q3", "q4"]
    assert found["effective_usd"].sum() == pytest.approx(made.cost_usd["commitment"])


@settings(max_examples=40)
@given(
    term=st.integers(1, 500).map(lambda n: n / 100),
    upfront=st.integers(0, 100).map(lambda n: n / 100),
    months=st.integers(-30, 11),
    existing=st.integers(0, 50).map(float),
)
def test_billed_and_effective_are_the_same_over_whole_terms(
    term: float, upfront: float, months: int, existing: float
) -> None:
    """Whatever the term, however it is paid, and whether it began before the horizon or begins within it."""
    made, document = estate_plan.plan(), estate_plan.document()["commitments"]
    start = pd.Timestamp("2026-01-01T00:00:00Z") + pd.DateOffset(months=months)
    terms = {"term_years": term, "upfront_share": upfront, "accelerators": existing, "starts": start.isoformat()}
    changed = replace(
        made, scenario=estate_plan.scenario(commitments=document | {"steady": document["steady"] | terms})
    )
    found = billing.reconcile(billing.schedule(changed))
    assert (found["difference_usd"].abs() <= 1e-9 * found["effective_usd"].abs().clip(lower=1.0)).all()


def test_a_term_that_ends_within_the_horizon_is_followed_by_another() -> None:
    """Half a year, all upfront: 2 new ones are billed 2 x 2 x 4,380 = 17,520 in q1 and again in q3."""
    document = estate_plan.document()["commitments"]
    changed = {"steady": document["steady"] | {"term_years": 0.5, "upfront_share": 1.0}}
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments=document | changed))
    found = billing.schedule(made)
    new = found.loc[(found["record"] == "steady") & (found["part"] == "new")].set_index("phase")
    assert new["billed_usd"].to_dict() == pytest.approx({"q1": 17520.0, "q2": 0.0, "q3": 17520.0, "q4": 0.0})


def test_what_ends_within_the_horizon_is_counted_back_from_its_end() -> None:
    """Ending runs a year, all upfront, until q3: 4,380 of its 8,760 hours are planned, so 4,380 lie before, and its
    43,800 USD were billed there."""
    document = estate_plan.document()["commitments"]
    terms = {"term_years": 1.0, "upfront_share": 1.0, "starts": "2025-01-01T00:00:00Z"}
    changed = {"ending": document["ending"] | terms}
    found = billing.schedule(replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments=document | changed)))
    ending = found.loc[found["record"] == "ending"].set_index("phase")
    assert ending["hours"].to_dict() == {"before": 4380.0, "q1": 2190.0, "q2": 2190.0}
    assert ending["billed_usd"].to_dict() == {"before": 43800.0, "q1": 0.0, "q2": 0.0}


def test_an_upfront_part_without_a_term_is_left_out() -> None:
    document = estate_plan.document()["commitments"]
    unknown = {"steady": document["steady"] | {"term_years": None}}
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments=document | unknown))
    assert set(billing.schedule(made)["record"]) == {"ending", "plan"}


def test_the_curve_of_demand_has_all_hours_and_what_is_covered() -> None:
    """Base and rent: 12 in each peak of q1, q2, q3 and q4 (8 + 4, 6 + 6), 3 in each trough; covered 8, 6 and 3."""
    made = estate_plan.plan()
    assert made.tables is not None
    (steady, *_) = holdings.holdings(made)
    found = duration.curve(made, made.tables, steady)
    assert found["to_hour"].iloc[-1] == pytest.approx(8760.0)
    assert found["covered"].tolist() == pytest.approx([8.0, 8.0, 6.0, 6.0, 3.0, 3.0, 3.0, 3.0])
    assert found["beyond"].tolist() == pytest.approx([4.0, 4.0, 6.0, 6.0, 0.0, 0.0, 0.0, 0.0])
    assert duration.levels(made, steady) == {"now": 6.0, "planned": 8.0}


def test_what_would_overturn_a_new_commitment() -> None:
    """Steady's new part just pays: fee and price avoided are 35,040 both, so any dearer fee than 2 USD overturns it,
    and it has earned its one year after exactly that year."""
    found = {one.holding.record: one for one in advice.advice(estate_plan.plan())}
    steady = found["steady"]
    assert steady.net_usd_per_year == pytest.approx(0.0, abs=1e-6)
    assert steady.fee_to_overturn_usd == pytest.approx(2.0)
    assert steady.pays_after_years == pytest.approx(1.0)
    assert steady.break_even_utilisation == pytest.approx(0.5)


def test_none_committed_says_at_which_fee_a_first_one_pays() -> None:
    """H100 are rented there in every peak, half of the time, at 4 USD: below 2 USD a first one would pay."""
    made = estate_plan.plan()
    assert made.tables is not None
    bought = made.tables.purchases
    none = bought.assign(quantity=bought["quantity"].where(bought["record"] != "steady", 0.0))
    found = advice.advice(replace(made, tables=replace(made.tables, purchases=none)))
    assert found[0].holding.new == 0.0
    assert found[0].fee_to_overturn_usd == pytest.approx(2.0)


def test_a_plan_without_commitments_has_no_rows() -> None:
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments={}, spend_commitments={}))
    assert use.by_commitment(made).empty
    assert billing.schedule(made).empty
    assert advice.advice(made) == ()


def test_what_cannot_be_rented_on_demand_has_no_value_in_place_of_none() -> None:
    """Without H100 on demand nobody can say what the hours of Steady would cost there."""
    document = estate_plan.document()
    document["pools"]["rent"]["sku"] = "A100"
    row = rows(replace(estate_plan.plan(), scenario=estate_plan.scenario(pools=document["pools"])))
    steady = row["commitment", "steady"]
    assert math.isnan(steady["value_usd"])
    assert math.isnan(steady["new_value_usd"])
    assert math.isnan(steady["break_even_utilisation"])


def test_what_is_held_back_of_older_ones_cannot_take_the_place_of_new_ones() -> None:
    """Half is held back: the 6 others of 8 can take 3 of the load, the 4 of 6 in q3 and q4 can take 2.

    So the 2 new ones are needed in each peak, and 1 of them in the troughs of 3 in q3 and q4: (4 x 2 + 2 x 1) / 16.
    """
    document = estate_plan.document()
    document["pools"]["base"]["held_back_share"] = 0.5
    row = rows(replace(estate_plan.plan(), scenario=estate_plan.scenario(pools=document["pools"])))
    assert row["commitment", "steady"]["new_utilisation"] == pytest.approx(10 / 16)


def test_what_ended_before_the_plan_is_billed_nothing_any_more() -> None:
    document = estate_plan.document()
    document["commitments"]["steady"] |= {"ends": "2025-07-01T00:00:00+00:00"}
    document["commitments"]["steady"].pop("starts", None)
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(commitments=document["commitments"]))
    assert "steady" not in set(billing.schedule(made)["record"])
