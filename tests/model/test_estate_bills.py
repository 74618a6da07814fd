"""Bills of random estates: every dollar of the audit once, and the cash of commitments is their cost."""

from __future__ import annotations

import pytest
from estate_scenarios import random_estate
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hybridplan.analysis import focus
from hybridplan.domain import require
from hybridplan.model.solve import optimise


@settings(max_examples=8)
@given(st.integers(0, 100_000))
def test_sums_of_estates_are_the_audits_money_by_term(seed: int) -> None:
    """Over the horizon the cash of each commitment is its cost, as no term is named."""
    plan = optimise(require(random_estate(seed)))
    assume(plan.status.has_plan)
    frame = focus.rows(plan)
    found = frame.groupby("x_Term")["EffectiveCost"].sum().to_dict()
    scale = max(sum(plan.cost_usd.values()), 1e-6)
    for term, usd in plan.cost_usd.items():
        assert found.get(term, 0.0) == pytest.approx(usd, rel=1e-9, abs=1e-12 * scale), (seed, term)
    keys = ["CommitmentDiscountId", "CommitmentDiscountCategory"]
    paid = frame.groupby(keys)[["BilledCost", "EffectiveCost"]].sum()
    assert paid["BilledCost"].to_numpy() == pytest.approx(paid["EffectiveCost"].to_numpy(), rel=1e-9)
