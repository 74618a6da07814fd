"""Prices by quantity, by hand: four hours of 8, 8, 8, 8 or 2, 4, 6, 8 accelerators at 4 USD, 3 from 4, 1 from 6."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from audit_tables import one_pool, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit
from hybridplan.audit.tiers import mean_price
from hybridplan.domain import Pool, Scenario

TIERS = {
    "more": {"from_quantity": 4.0, "usd_per_accelerator_hour": 3.0},
    "most": {"from_quantity": 6.0, "usd_per_accelerator_hour": 1.0},
}


def tiered(tiers: dict[str, Any] | None = None, **fields: Any) -> Scenario:
    pool = {"price_usd_per_accelerator_hour": 4.0, "price_tiers": TIERS if tiers is None else tiers, **fields}
    return one_pool(
        {"pools": {"od": pool}, "workloads": {"web": {"demand_units_per_hour": {"b": [2.0, 4.0, 6.0, 8.0]}}}}
    )


def report(scenario: Scenario, busy: list[float] | None = None) -> AuditReport:
    return audit(scenario, plan_of(scenario, {("web", "od"): [2.0, 4.0, 6.0, 8.0] if busy is None else busy}))


def test_graduated_by_the_hour() -> None:
    """2 x 4 = 8; 4 x 4 = 16; 16 + 2 x 3 = 22; 22 + 2 x 1 = 24: 70."""
    found = report(tiered(tier_form="graduated", tier_basis="hour"))
    assert found.failures == ()
    assert found.cost_usd["usage"] == pytest.approx(70.0)


def test_volume_by_the_hour() -> None:
    """At 4 and at 6 the tier is reached: 2 x 4 + 4 x 3 + 6 x 1 + 8 x 1 = 34."""
    found = report(tiered(tier_form="volume", tier_basis="hour"))
    assert found.cost_usd["usage"] == pytest.approx(34.0)


@pytest.mark.parametrize(("busy", "usd"), [(3.999, 4 * 3.999), (4.0, 12.0), (4.0 - 1e-9, 12.0), (4.001, 3 * 4.001)])
def test_a_volume_tier_begins_at_its_quantity(busy: float, usd: float) -> None:
    """What a solver leaves out by rounding has reached it too."""
    found = report(tiered(tier_form="volume", tier_basis="hour"), [busy, 0.0, 0.0, 0.0])
    assert found.cost_usd["usage"] == pytest.approx(usd)


def test_graduated_over_the_horizon() -> None:
    """20 accelerator-hours: 4 x 4 + 2 x 3 + 14 x 1 = 36."""
    assert report(tiered(tier_form="graduated")).cost_usd["usage"] == pytest.approx(36.0)


def test_volume_over_the_horizon() -> None:
    """20 x 1 = 20; of 5 hours 5 x 3 = 15."""
    assert report(tiered(tier_form="volume")).cost_usd["usage"] == pytest.approx(20.0)
    assert report(tiered(tier_form="volume"), [2.0, 3.0, 0.0, 0.0]).cost_usd["usage"] == pytest.approx(15.0)


def test_weights_and_hours_count_towards_the_horizon() -> None:
    """Weight 3, periods of 2 h: 6 x 20 = 120 hours: 4 x 4 + 2 x 3 + 114 = 136."""
    scenario = one_pool(
        {"horizon": {"blocks": {"b": {"weight": 3.0, "period_hours": 2.0}}}},
        {"pools": {"od": {"price_usd_per_accelerator_hour": 4.0, "price_tiers": TIERS}}},
        {"workloads": {"web": {"demand_units_per_hour": {"b": [2.0, 4.0, 6.0, 8.0]}}}},
    )
    assert report(scenario).cost_usd["usage"] == pytest.approx(136.0)


def test_discount_and_price_factor_apply_to_every_tier() -> None:
    """(1 - 0.25) x 70 = 52.5; by the hour a factor of 2 doubles it: 105."""
    fields: dict[str, Any] = {"tier_form": "graduated", "tier_basis": "hour", "discount_share": 0.25}
    assert report(tiered(**fields)).cost_usd["usage"] == pytest.approx(52.5)
    document = {"horizon": {"blocks": {"b": {"price_factor": 2.0}}}, "pools": {"od": {"price_tiers": TIERS, **fields}}}
    price = {"pools": {"od": {"price_usd_per_accelerator_hour": 4.0}}}
    demand = {"workloads": {"web": {"demand_units_per_hour": {"b": [2.0, 4.0, 6.0, 8.0]}}}}
    assert report(one_pool(document, price, demand)).cost_usd["usage"] == pytest.approx(105.0)


def test_rising_prices() -> None:
    """4 x 4 + 4 x 5 = 36 for 8."""
    scenario = tiered({"more": {"from_quantity": 4.0, "usd_per_accelerator_hour": 5.0}}, tier_basis="hour")
    assert report(scenario, [8.0, 0.0, 0.0, 0.0]).cost_usd["usage"] == pytest.approx(36.0)


def test_workloads_pay_the_mean_price_in_proportion() -> None:
    """2 + 6 of 8 at 24 USD: 6 and 18."""
    other = {"kind": "batch", "origin_site": "home", "unserved_usd_per_unit": 1.0}
    work = {"throughput": {"S": {"units_per_accelerator_hour": 1.0}}, "demand_units_per_hour": {"b": [6.0, 0, 0, 0]}}
    pool = {"price_usd_per_accelerator_hour": 4.0, "price_tiers": TIERS, "tier_basis": "hour"}
    web = {"demand_units_per_hour": {"b": [2.0, 0.0, 0.0, 0.0]}}
    scenario = one_pool({"pools": {"od": pool}, "workloads": {"web": web, "etl": other | work}})
    plan = plan_of(scenario, {("web", "od"): [2.0, 0.0, 0.0, 0.0], ("etl", "od"): [6.0, 0.0, 0.0, 0.0]})
    lines = audit(scenario, plan).cost_lines.set_index("workload")["usd"]
    assert lines.to_dict() == pytest.approx({"web": 6.0, "etl": 18.0})


quantity = st.floats(0.01, 50.0)


@given(quantity, quantity)
def test_graduated_cost_never_falls_and_volume_is_at_most_the_base_price(one: float, more: float) -> None:
    graduated = Pool.model_validate_json(_pool_json("graduated"))
    low, high = sorted((one, more))
    cost = mean_price(graduated, np.array([low, high])) * [low, high]
    assert cost[0] <= cost[1] + 1e-12
    volume = mean_price(Pool.model_validate_json(_pool_json("volume")), np.array([low, high]))
    assert (volume <= mean_price(graduated, np.array([low, high])) + 1e-12).all()


def _pool_json(form: str) -> str:
    return tiered(tier_form=form).pools["od"].model_dump_json()
