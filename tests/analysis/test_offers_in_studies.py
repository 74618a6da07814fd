"""Numbers of offers in sensitivity and comparisons: names, assumptions, causes, and what changes no plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import estate_plan
import pandas as pd
import pytest

from hybridplan.analysis.compare import causes, inputs
from hybridplan.analysis.compare.result import Entrant
from hybridplan.analysis.sensitivity.assumptions import main_assumptions
from hybridplan.analysis.sensitivity.outcomes import outcome_of
from hybridplan.analysis.sensitivity.paths import describe, with_value
from hybridplan.analysis.sensitivity.points import point_of
from hybridplan.analysis.sentences import break_even
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.plan import SHADOW_COLUMNS


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("commitments.steady.max_new_accelerators", "New accelerators on offer under Steady"),
        ("spend_commitments.plan.rates_usd_per_accelerator_hour.rent", "Rate of Cloud rent under Savings plan"),
        ("expansions.nodes.capex_usd_per_accelerator", "Purchase price of New nodes"),
        ("datasets.images.change_gb_per_hour", "Change of Images"),
        ("links.out.private_usd_per_gbps_hour", "Price of the private line from Frankfurt to Cloud West"),
    ],
)
def test_numbers_of_offers_have_names(path: str, label: str) -> None:
    assert describe(estate_plan.scenario(), path).label == label


def test_terms_that_say_when_money_is_billed_are_none_to_try() -> None:
    with pytest.raises(InvalidInput, match="when money is billed"):
        with_value(estate_plan.scenario(), "commitments.steady.term_years", 2.0)
    assert not inputs.matters("commitments.steady.upfront_share")


def test_prices_of_offers_are_main_assumptions() -> None:
    """The fee of what may grow, the rates of a savings plan together, the purchase price; not the fee of what ends."""
    found = {one.label: one.paths for one in main_assumptions(estate_plan.scenario())}
    assert found["Fee of Steady"] == ("commitments.steady.fee_usd_per_accelerator_hour",)
    assert len(found["Rates of Savings plan"]) == 2
    assert found["Purchase price of New nodes"] == ("expansions.nodes.capex_usd_per_accelerator",)
    assert "Fee of Ending" not in found


def test_finance_matters_only_where_a_purchase_has_no_terms_of_its_own() -> None:
    document = estate_plan.document()["expansions"]["nodes"]
    without = {key: value for key, value in document.items() if key != "interest_rate"}
    assert inputs.matters("finance.interest_rate", [estate_plan.scenario(expansions={"nodes": without})])
    assert not inputs.matters("finance.interest_rate", [estate_plan.scenario()])
    assert not inputs.matters("finance.source", [estate_plan.scenario(expansions={"nodes": without})])


@pytest.mark.parametrize(
    ("section", "record", "field", "value", "limit"),
    [
        ("expansions", "nodes", "max_accelerators", 24.0, "bought"),
        ("sites", "fra", "rack_units_limit", 80.0, "site_space"),
        ("sites", "fra", "it_power_limit_kw", 40.0, "site_power"),
        ("commitments", "steady", "max_new_accelerators", 16.0, "new_commitment"),
        ("links", "out", "max_private_gbps", 20.0, "private_line"),
    ],
)
def test_a_larger_offer_is_a_cause_where_its_limit_has_a_price(
    section: str, record: str, field: str, value: float, limit: str
) -> None:
    """The first plan is at the limit and pays 500 USD per unit; the other, with more of it, costs 1,000 USD less."""

    def found(limit_with_price: str) -> bool:
        row = (limit_with_price, record, "", pd.NaT, 500.0, "", 8760.0)
        first = replace(estate_plan.plan(), shadow_prices=pd.DataFrame([row], columns=list(SHADOW_COLUMNS)))
        assert first.objective_usd is not None
        cheaper = replace(
            estate_plan.plan(),
            scenario=_changed(section, record, field, value),
            objective_usd=first.objective_usd - 1000,
        )
        (cause,) = causes.causes(Entrant("first", first), Entrant("other", cheaper))
        return cause.is_cause

    assert found(limit)
    assert not found("capacity")


def test_an_offer_is_an_outcome_that_a_break_even_may_be_about() -> None:
    """The hand-made plan takes 7.5 of New nodes and 2 of Steady; a record that is no offer is refused."""
    scenario, point = estate_plan.scenario(), point_of(estate_plan.plan(), 1.0)
    for record, quantity in (("expansion/nodes", 7.5), ("commitment/steady", 2.0), ("private_line/out", 2.0)):
        outcome = outcome_of(scenario, {"kind": "purchased", "record": record})
        assert outcome.quantity(point) == quantity
        assert outcome.excess(point, None) == pytest.approx(quantity)
    assert break_even.state(
        outcome_of(scenario, {"kind": "purchased", "record": "expansion/nodes"}), scenario, False
    ) == ("none of New nodes is taken")
    with pytest.raises(InvalidInput):
        outcome_of(scenario, {"kind": "purchased", "record": "commitment/ending"})


def _changed(section: str, record: str, field: str, value: float) -> Scenario:
    document: dict[str, Any] = estate_plan.document()[section]
    return estate_plan.scenario(**{section: {**document, record: {**document[record], field: value}}})
