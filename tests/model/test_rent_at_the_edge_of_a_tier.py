"""Where a cap on a provider's share of the rent makes paying more worth it, a quantity still has one price."""

from __future__ import annotations

import pytest
from builders import pool, rigid, scenario

from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus


@pytest.mark.parametrize(("fee", "usd"), [(20.0, 20.0), (30.0, 30.0)])
def test_the_price_from_a_quantity_on_holds_at_that_quantity(fee: float, usd: float) -> None:
    """Ten at b cost 3 USD each below ten, and 2 from ten on; neither provider may have more than 55 % of the rent.

    With 20 USD committed at a both have half. With 30 ten at b would leave a 30 of 50 = 60 %: a trace of the work stays
    unserved, so that the rest costs 3 USD each, and a has half.
    """
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "a": {"kind": "public", "provider": "one", "jurisdiction": "DE"},
        "b": {"kind": "public", "provider": "two", "jurisdiction": "DE"},
    }
    tiers = {"t": {"from_quantity": 10.0, "usd_per_accelerator_hour": 2.0}}
    found = scenario(
        {
            "held": pool("reserved", 0, 0.0, site="a"),
            "rent": pool("on_demand", 10, 3.0, site="b", price_tiers=tiers, tier_form="volume", tier_basis="hour"),
        },
        {"w": rigid([10.0], origin_site="b")},
        sites=sites,
        commitments={"c": {"pool": "held", "accelerators": 1.0, "fee_usd_per_accelerator_hour": fee}},
        policy={"provider_share_cap": 0.55, "provider_share_of": "rented_usd"},
    )
    plan = optimise(found)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.cost_usd["usage"] == pytest.approx(usd, rel=1e-6)
    assert plan.unserved["w"].quantity == pytest.approx(0.0, abs=1e-5)
    assert (plan.unserved["w"].quantity > 0) is (usd == 30.0)
