"""Greedy rules by hand."""

from __future__ import annotations

import pytest
from builders import deferrable, pool, rigid, scenario

from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.planner import solve


def test_the_reference_estate() -> None:
    """Avoidable 0.5 at home, 0.3 outside, demand 150: all rented 45; home first 100 x 0.5 + 50 x 0.3 = 65."""
    found = baselines(
        scenario(
            {"own": pool("owned", 100, 0.5, owned_cost="avoidable"), "cloud": pool("on_demand", 200, 0.3)},
            {"w": rigid([150])},
        )
    )
    assert found["all_on_demand"].objective_usd == pytest.approx(45.0)
    assert found["private_first"].objective_usd == pytest.approx(65.0)


def test_sunk_cost_is_charged_in_every_row() -> None:
    """100 x 0.5 sunk = 50, all rented 150 x 0.3 = 45: 95."""
    found = baselines(
        scenario({"own": pool("owned", 100, 0.5), "cloud": pool("on_demand", 200, 0.3)}, {"w": rigid([150])})
    )
    assert found["all_on_demand"].objective_usd == pytest.approx(95.0)


def test_dearer_unserved_work_goes_first() -> None:
    """10 owned; 8 of the important work, then 2 of the other 8: 6 unserved x 5 = 30."""
    found = baselines(
        scenario(
            {"own": pool("owned", 10, 0.0)},
            {"low": rigid([8], unserved_usd_per_unit=5.0), "high": rigid([8], unserved_usd_per_unit=50.0)},
        )
    )
    assert found["private_first"].unserved["low"].quantity == pytest.approx(6.0)
    assert found["private_first"].penalty_usd["unserved"] == pytest.approx(30.0)


def test_must_serve_goes_before_dearer_work() -> None:
    found = baselines(
        scenario(
            {"own": pool("owned", 10, 0.0)},
            {
                "must": rigid([8], unserved_usd_per_unit=5.0, must_serve=True),
                "dear": rigid([8], unserved_usd_per_unit=50.0),
            },
        )
    )
    assert found["private_first"].unserved["must"].quantity == 0.0


def test_deferrable_work_runs_as_early_as_it_fits() -> None:
    """Hours with 4, 10, 10 free: 12 units take 4 + 8 + 0."""
    baseline = baselines(
        scenario({"own": pool("owned", 10, 0.0)}, {"r": rigid([6, 0, 0]), "d": deferrable(12, 0, 3)}, periods=3)
    )["private_first"]
    rows = baseline.tables.allocation
    mine = rows[rows["workload"] == "d"].sort_values("period_start")
    assert mine["accelerators_busy"].tolist() == pytest.approx([4, 8])


def test_the_spot_share_is_respected_and_no_rule_of_the_plan_is_broken() -> None:
    """Private first takes the cheapest allowed: 3 of 10 on spot at 1, 7 at 4: 31."""
    baseline = baselines(
        scenario(
            {"spot": pool("interruptible", 50, 1.0), "od": pool("on_demand", 50, 4.0)},
            {"w": rigid([10], interruptible=True, interruptible_share_cap=0.3)},
        )
    )["private_first"]
    assert baseline.objective_usd == pytest.approx(31.0)
    assert baseline.breaks == ()


def test_a_broken_budget_is_named() -> None:
    baseline = baselines(
        scenario({"od": pool("on_demand", 50, 4.0)}, {"w": rigid([10])}, policy={"budget": {"usd": 20}})
    )["all_on_demand"]
    assert baseline.objective_usd == pytest.approx(40.0)
    assert any("budget" in text for text in baseline.breaks)


def test_paying_others_more_than_must_be_breaks_owned_first() -> None:
    """Least to others is 50 x 0.3 = 15; renting all pays 45, home first 15."""
    planned = solve(
        scenario(
            {"own": pool("owned", 100, 0.5, owned_cost="avoidable"), "cloud": pool("on_demand", 200, 0.3)},
            {"w": rigid([150])},
            policy={"owned_first": True},
        )
    )
    assert any("owned_first" in text for text in planned.baselines["all_on_demand"].breaks)
    assert planned.baselines["private_first"].breaks == ()
