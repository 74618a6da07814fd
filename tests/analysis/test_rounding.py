"""Whole nodes by hand."""

from __future__ import annotations

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis.planner import solve


def test_rented_nodes_are_paid_whole() -> None:
    """9 busy on nodes of 8 need 16: 7 more at 2 USD = 14 on 18; distance 14 / 18."""
    plan = solve(scenario({"c": pool("on_demand", 40, 2.0, accelerators_per_node=8)}, {"w": rigid([9])}))
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [2]
    assert plan.whole_nodes.extra_usd == pytest.approx(14.0)
    assert plan.whole_nodes.distance_to_bound == pytest.approx(14 / 18)
    assert plan.whole_nodes.short_periods == 0


def test_quota_that_is_no_multiple_is_short() -> None:
    """9 busy, quota 12 = one node of 8: the second node does not fit."""
    plan = solve(scenario({"c": pool("on_demand", 12, 2.0, accelerators_per_node=8)}, {"w": rigid([9])}))
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [1]
    assert plan.whole_nodes.short_periods == 1


def test_replicas_of_each_workload_are_whole() -> None:
    """3 and 3 busy in replicas of 2: 4 + 4 = 8, 2 more at 5 USD."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 2}}
    plan = solve(
        scenario(
            {"c": pool("on_demand", 40, 5.0)},
            {"v": rigid([3], throughput=through), "w": rigid([3], throughput=through)},
        )
    )
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.extra_usd == pytest.approx(10.0)


def test_sunk_owned_nodes_cost_nothing_more() -> None:
    plan = solve(scenario({"o": pool("owned", 40, 1.0, accelerators_per_node=8)}, {"w": rigid([9])}))
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.extra_usd == 0.0
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [2]


def test_avoidable_owned_nodes_are_kept_whole() -> None:
    """9 kept become 16: 7 more x 1 USD x 2 hours = 14."""
    plan = solve(
        scenario(
            {"o": pool("owned", 40, 1.0, owned_cost="avoidable", accelerators_per_node=8)},
            {"w": rigid([9, 3])},
            periods=2,
        )
    )
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.extra_usd == pytest.approx(14.0)


def test_rounding_replicas_may_use_the_share_held_back() -> None:
    """7 usable of 8: loads 3.5 + 3.5 in replicas of 2 are 4 + 4 = 8 = 7 / 0.875: one node, and it fits."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 2}}
    plan = solve(
        scenario(
            {"o": pool("owned", 8, 1.0, accelerators_per_node=8, held_back_share=0.125)},
            {"v": rigid([3.5], throughput=through), "w": rigid([3.5], throughput=through)},
        )
    )
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [1]
    assert plan.whole_nodes.short_periods == 0
