"""Balance: the price of uneven use, by hand on the plan of audit_cases.

Owned and committed pools: own with 10 installed, busy 4 and 8; res with 4 committed, busy 1 and 2. g h = 6 in each of
the two periods. Rented pools do not count.
"""

from __future__ import annotations

import pytest
from audit_cases import estate, tables
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit
from hybridplan.plan import PlanTables


def report_of(form: str, weight: float = 5.0, plan: PlanTables | None = None, **changes: object) -> AuditReport:
    balance = {"form": form, "weight_usd_per_hour": weight}
    return audit(estate(policy={"balance": balance}, **changes), plan or tables())


def lines(report: AuditReport) -> dict[tuple[str, str], float]:
    found = report.cost_lines.query("term == 'balance'")
    return {(w, p): usd for w, p, usd in found[["workload", "pool", "usd"]].itertuples(index=False)}


def test_the_fullest_pool_is_charged() -> None:
    """Period 0: 4 / 10 = 0.4 and 1 / 4 = 0.25; period 1: 0.8 and 0.5. 6 x 5 x (0.4 + 0.8) = 36 USD, of no one pool."""
    report = report_of("largest")
    assert report.failures == ()
    assert report.penalty_usd["balance"] == pytest.approx(36.0, rel=1e-12)
    assert lines(report) == pytest.approx({("", ""): 36.0})


def test_squares_are_charged_by_pool() -> None:
    """own: (16 + 64) / 10 = 8; res: (1 + 4) / 4 = 1.25; x 6 x 5: 240 and 37.5."""
    report = report_of("squared")
    assert report.penalty_usd["balance"] == pytest.approx(277.5, rel=1e-12)
    assert lines(report) == pytest.approx({("", "own"): 240.0, ("", "res"): 37.5})


def test_it_is_a_penalty() -> None:
    """Costs stay at 266.9295 (test_audit_costs); the objective rises from 395.9295 by 36; a budget leaves it out."""
    report = audit(
        estate(policy={"balance": {"weight_usd_per_hour": 5.0}, "budget": {"usd": 266.93}}),
        tables(),
    )
    assert report.failures == ()
    assert sum(report.cost_usd.values()) == pytest.approx(266.9295, rel=1e-12)
    assert report.objective_usd == pytest.approx(431.9295, rel=1e-12)
    assert report.constant_usd == pytest.approx(96.0, rel=1e-12)


def test_installed_counts_whatever_is_kept_or_up() -> None:
    """8 of 10 kept, or half up in period 0: the same 0.4 and 0.8 of what is installed."""
    kept = tables(kept=8.0, n={"own": [8.0, 8.0]}, available={"own": [8.0, 8.0]})
    report = report_of("largest", plan=kept, pools={"own": {"owned_cost": "avoidable"}})
    assert report.failures == ()
    assert report.penalty_usd["balance"] == pytest.approx(36.0)
    half = tables(n={"own": [5.0, 10.0]}, available={"own": [5.0, 10.0]})
    report = report_of("largest", plan=half, pools={"own": {"up_share": {"b": [0.5, 1.0]}}})
    assert report.failures == ()
    assert report.penalty_usd["balance"] == pytest.approx(36.0)


def test_a_pool_without_capacity_does_not_count() -> None:
    """res without a commitment, and its work undone; own alone is charged."""
    plan = tables(
        busy={("web", "res"): [0.0, 0.0], ("web", "own"): [5.0, 7.0]},
        n={"res": [0.0, 0.0]},
        available={"res": [0.0, 0.0]},
    )
    report = report_of("squared", plan=plan, commitments={"c": None})
    assert report.failures == ()
    assert report.penalty_usd["balance"] == pytest.approx(6 * 5 * (2.5 + 10.0))


@given(st.floats(0.0, 10.0, allow_subnormal=False), st.floats(0.0, 4.0, allow_subnormal=False))
def test_the_fullest_pool_is_never_below_the_mean_and_even_use_costs_least(own: float, res: float) -> None:
    """Of the same work, use in proportion to what is installed has the least of either form."""
    even = (own + res) / 14.0
    spread = {("nightly", "own"): [0.0, 0.0], ("nightly", "spot"): [0.0, 0.0]}
    for form in ("largest", "squared"):
        one, two = (
            report_of(form, plan=tables(busy=spread | {("web", "own"): [a, a], ("web", "res"): [b, b]}))
            for a, b in ((own, res), (10.0 * even, 4.0 * even))
        )
        assert two.penalty_usd["balance"] <= one.penalty_usd["balance"] * (1 + 1e-9) + 1e-12
