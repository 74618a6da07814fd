"""Pools that grow and shrink: every rule on both sides of its limit, against hand arithmetic.

ONE_POOL of audit_tables: four periods of 1 h, pool ``od`` with 20 accelerators at 1 USD, 4 requests per hour of which
one accelerator does one. SECOND_BLOCK adds three periods of 2 h that count three times, and lets the first count twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from audit_tables import SECOND_BLOCK, broken, one_pool, plan_of
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit
from hybridplan.audit.elastic import before, elastic_codes, is_elastic, ready, started, started_lately
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import Scenario

INITIAL = "initial_provisioned_accelerators"


def case(*changes: dict[str, Any], **pool: Any) -> Scenario:
    return one_pool(*changes, {"pools": {"od": pool}})


def report_of(scenario: Scenario, n: Sequence[float], busy: Sequence[float] | None = None) -> AuditReport:
    """Busy 0 unless given: all demand is unserved, which no rule forbids."""
    load = {("web", "od"): busy or [0.0] * len(n)}
    return audit(scenario, plan_of(scenario, load, n={"od": n}))


def rules(n: Sequence[float], busy: Sequence[float] | None = None, *changes: dict[str, Any], **pool: Any) -> set[str]:
    return broken(report_of(case(*changes, **pool), n, busy))


@pytest.mark.parametrize(
    ("pool", "elastic"),
    [
        ({}, False),
        ({INITIAL: 4.0}, False),
        ({"ramp_up_accelerators_per_hour": 9.0}, True),
        ({"ramp_down_accelerators_per_hour": 9.0}, True),
        ({"lead_time_hours": 0.5}, True),
        ({"min_provisioned_accelerators": 1.0}, True),
        ({"min_busy_share": 0.1}, True),
        ({"min_on_hours": 1.0}, True),
        ({"start_usd_per_node": 1.0}, True),
        ({"whole_nodes": True}, True),
        ({"purchase_option": "owned"}, False),
        ({"purchase_option": "owned", "lead_time_hours": 1.0}, False),
        ({"purchase_option": "owned", "whole_nodes": True, "owned_cost": "avoidable"}, False),
        ({"purchase_option": "owned", "can_power_down": True}, True),
        ({"can_power_down": True}, False),
    ],
)
def test_which_pools_decide_n_by_themselves(pool: dict[str, Any], elastic: bool) -> None:
    assert is_elastic(case(**pool).pools["od"]) is elastic


def test_only_elastic_pools_may_provision_more_than_the_load_needs() -> None:
    """4 busy, 5 provisioned: with a minimum of 0.5 it is a decision, without it is not the plan that was solved."""
    assert rules([5.0] * 4, [4.0] * 4) == {"capacity"}
    assert rules([5.0] * 4, [4.0] * 4, **{INITIAL: 5.0}) == {"capacity"}
    assert rules([5.0] * 4, [4.0] * 4, min_provisioned_accelerators=0.5) == set()
    assert rules([20.1] * 4, [4.0] * 4, min_provisioned_accelerators=0.5) == {"capacity"}


def test_all_that_an_elastic_pool_provisions_is_billed() -> None:
    """4 h x 5 accelerators x 1 USD = 20, though 4 are busy."""
    report = report_of(case(min_provisioned_accelerators=0.5), [5.0] * 4, [4.0] * 4)
    assert report.cost_usd["usage"] == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("n", "expected"), [([5.0] * 4, set()), ([5.0, 5.0, 4.99, 5.0], {"provisioning"}), ([6.0] * 4, set())]
)
def test_provisioning_holds_the_load_and_what_is_held_back(n: list[float], expected: set[str]) -> None:
    """4 / (1 - 0.2) = 5."""
    assert rules(n, [4.0] * 4, held_back_share=0.2, min_on_hours=1.0) == expected


@pytest.mark.parametrize(
    ("lead", "n", "expected"),
    [
        (0.0, [1.0, 4.0, 4.0, 1.0], set()),
        (1.0, [4.0, 4.0, 4.0, 1.0], set()),
        (1.0, [3.9, 4.0, 4.0, 1.0], {"provisioning"}),
        (0.5, [3.9, 4.0, 4.0, 1.0], {"provisioning"}),
        (2.0, [4.0, 4.0, 4.0, 4.0], set()),
        (2.0, [4.0, 4.0, 4.0, 3.9], {"provisioning"}),
        (1.5, [4.0, 4.0, 4.0, 3.9], {"provisioning"}),
        (3.0, [4.0, 4.0, 4.0, 4.0], set()),
    ],
)
def test_lead_time(lead: float, n: list[float], expected: set[str]) -> None:
    """Busy 1, 4, 4, 1: with a lead time of an hour (or 0.5, rounded up), 4 must stand in hour 0.

    With two (or 1.5) also in the hour before that, which is hour 3. A minimum time on of 1 h never binds; it makes the
    pool elastic.
    """
    assert rules(n, [1.0, 4.0, 4.0, 1.0], lead_time_hours=lead, min_on_hours=1.0) == expected


@pytest.mark.parametrize(("initial", "expected"), [(4.0, set()), (3.9, {"provisioning"}), (None, {"provisioning"})])
def test_lead_time_looks_at_the_initial_number(initial: float | None, expected: set[str]) -> None:
    """Busy 4 in hour 0, two hours of lead time: the initial 4 stood in both hours before; hour 3 of the block has 0."""
    given = {} if initial is None else {INITIAL: initial}
    assert rules([4.0, 0.0, 0.0, 0.0], [4.0, 0.0, 0.0, 0.0], lead_time_hours=2.0, **given) == expected


@pytest.mark.parametrize(
    ("second", "expected"), [([4.0, 4.0, 4.0], set()), ([4.0, 4.0, 3.0], {"provisioning"}), ([3.0, 4.0, 4.0], set())]
)
def test_lead_time_follows_the_length_of_the_periods(second: list[float], expected: set[str]) -> None:
    """Two hours are two periods of block b and one of block c, where hour 0 follows the last period.

    Busy in c: all of the first period, and 3 of the second. The initial 4 stands before block b only.
    """
    busy = [4.0, 0.0, 0.0, 0.0, second[0], 3.0, 0.0]
    n = [4.0, 0.0, 0.0, 0.0, *second]
    assert rules(n, busy, SECOND_BLOCK, lead_time_hours=2.0, **{INITIAL: 4.0}) == expected


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        ([1.0, 3.0, 2.5, 1.0], set()),
        ([1.0, 3.01, 2.5, 1.0], {"ramp_up"}),
        ([1.0, 3.0, 2.51, 1.0], {"ramp_down"}),
        ([3.0, 3.0, 2.5, 1.0], set()),
        ([3.01, 3.0, 2.5, 1.0], {"ramp_up"}),
        ([1.0, 1.0, 1.0, 2.5], set()),
        ([1.0, 1.0, 1.0, 2.51], {"ramp_down"}),
    ],
)
def test_ramps(n: list[float], expected: set[str]) -> None:
    """Up 2 per hour, down 1.5 per hour; the step from hour 3 to hour 0 counts too."""
    assert rules(n, None, ramp_up_accelerators_per_hour=2.0, ramp_down_accelerators_per_hour=1.5) == expected


@pytest.mark.parametrize(
    ("initial", "n", "expected"),
    [
        (None, [5.0, 4.0, 3.0, 2.0], {"ramp_up"}),
        (3.0, [5.0, 4.0, 3.0, 2.0], set()),
        (2.9, [5.0, 4.0, 3.0, 2.0], {"ramp_up"}),
        (0.0, [2.0, 4.0, 6.0, 8.0], set()),
        (None, [2.0, 4.0, 6.0, 8.0], {"ramp_down"}),
        (9.0, [7.0, 5.0, 3.0, 1.0], set()),
        (9.1, [7.0, 5.0, 3.0, 1.0], {"ramp_down"}),
    ],
)
def test_ramps_start_from_the_initial_number_or_the_blocks_end(
    initial: float | None, n: list[float], expected: set[str]
) -> None:
    """2 per hour both ways: from 2 to 5 round the block is too much, from an initial 3 it is not."""
    given = {} if initial is None else {INITIAL: initial}
    ramps = {"ramp_up_accelerators_per_hour": 2.0, "ramp_down_accelerators_per_hour": 2.0}
    assert rules(n, None, **ramps, **given) == expected


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        ([0.0, 1.0, 2.0, 3.0, 1.0, 3.0, 5.0], set()),
        ([0.0, 1.0, 2.0, 3.0, 1.0, 3.01, 5.0], {"ramp_up"}),
        ([0.0, 1.01, 2.0, 3.0, 1.0, 3.0, 5.0], {"ramp_up"}),
        ([0.0, 1.0, 2.0, 3.0, 9.0, 9.0, 9.0], set()),
        ([0.0, 1.0, 2.0, 3.0, 9.0, 6.9, 6.9], {"ramp_up"}),
    ],
)
def test_ramps_are_per_hour_and_never_cross_a_block(n: list[float], expected: set[str]) -> None:
    """Up 1 per hour: 1 in periods of block b, 2 in those of block c.

    From 3 at the end of b to 9 at the start of c is no ramp; from 6.9 at the end of c to 9 at its start is one of 2.1.
    Down is not limited; block b starts from 0.
    """
    assert rules(n, None, SECOND_BLOCK, ramp_up_accelerators_per_hour=1.0, **{INITIAL: 0.0}) == expected


@pytest.mark.parametrize(("n", "expected"), [(3.0, set()), (2.99, {"min_provisioned"}), (4.0, set())])
def test_min_provisioned(n: float, expected: set[str]) -> None:
    assert rules([3.0, n, 3.0, 3.0], None, min_provisioned_accelerators=3.0) == expected


@pytest.mark.parametrize(("n", "expected"), [(2.0, set()), (1.99, {"min_provisioned"})])
def test_min_provisioned_where_fewer_are_up(n: float, expected: set[str]) -> None:
    """A tenth of 20 is up in hour 1: 2 are the minimum there, 3 elsewhere."""
    up = {"up_share": {"b": [1.0, 0.1, 1.0, 1.0]}}
    assert rules([3.0, n, 3.0, 3.0], None, min_provisioned_accelerators=3.0, **up) == expected


def test_min_provisioned_of_an_avoidable_pool_counts_what_is_installed() -> None:
    """Installed 20, minimum 3: keeping 2 does not make it 2."""
    pool = {"purchase_option": "owned", "owned_cost": "avoidable", "can_power_down": True}
    scenario = case(min_provisioned_accelerators=3.0, **pool)
    for kept, n, expected in ((3.0, 3.0, set()), (2.0, 2.0, {"min_provisioned"})):
        plan = plan_of(scenario, {("web", "od"): [2.0] * 4}, n={"od": [n] * 4}, kept={"od": kept})
        assert broken(audit(scenario, plan)) == expected


@pytest.mark.parametrize(("n", "expected"), [(8.0, set()), (8.01, {"min_busy"}), (4.0, set())])
def test_min_busy(n: float, expected: set[str]) -> None:
    """4 busy are half of 8."""
    assert rules([n] * 4, [4.0] * 4, min_busy_share=0.5) == expected


@pytest.mark.parametrize(
    ("hours", "n", "expected"),
    [
        (2.0, [0.0, 4.0, 4.0, 0.0], set()),
        (2.0, [0.0, 4.0, 3.9, 0.0], {"min_on"}),
        (1.5, [0.0, 4.0, 3.9, 0.0], {"min_on"}),
        (1.0, [0.0, 4.0, 0.0, 0.0], set()),
        (3.0, [0.0, 4.0, 4.0, 3.9], {"min_on"}),
        (3.0, [0.0, 4.0, 4.0, 4.0], set()),
        (2.0, [4.0, 0.0, 0.0, 4.0], set()),
        (2.0, [3.9, 0.0, 0.0, 4.0], {"min_on"}),
        (3.0, [0.0, 2.0, 4.0, 4.0], {"min_on"}),
        (3.0, [2.0, 2.0, 4.0, 4.0], set()),
        (3.0, [1.9, 1.9, 4.0, 4.0], {"min_on"}),
        (3.0, [4.0, 2.0, 4.0, 4.0], set()),
        (4.0, [4.0, 4.0, 4.0, 2.0], set()),
        (4.0, [4.0, 4.0, 4.0, 1.9], {"min_on"}),
    ],
)
def test_min_on(hours: float, n: list[float], expected: set[str]) -> None:
    """What is started stays for 2 h: 4 in hour 1 are 4 in hour 2; from hour 3 the second hour is hour 0 again.

    2, 2, 4, 4 with 3 h: the 2 of hour 2 stay in hours 2, 3 and 0, where there are 2; 1.9, 1.9 starts 2.1 and leaves
    1.9. 4, 4, 4, 2 with 4 h: the 2 of hour 0 stay in hour 3; with 1.9 there, 2.1 are started.
    """
    assert rules(n, None, min_on_hours=hours) == expected


@pytest.mark.parametrize(
    ("initial", "n", "expected"),
    [
        (4.0, [4.0, 0.0, 0.0, 0.0], set()),
        (3.0, [4.0, 0.0, 0.0, 0.0], {"min_on"}),
        (3.0, [4.0, 1.0, 0.0, 0.0], set()),
        (0.0, [0.0, 0.0, 0.0, 4.0], set()),
        (None, [0.0, 0.0, 0.0, 4.0], {"min_on"}),
        (0.0, [0.0, 4.0, 3.0, 4.0], {"min_on"}),
    ],
)
def test_min_on_counts_no_start_before_the_horizon(initial: float | None, n: list[float], expected: set[str]) -> None:
    """2 h. The initial 4 may go at once; 1 more, started in hour 0, stays in hour 1.

    What is started in the last hour goes on after the horizon; without an initial number, that is hour 0.
    """
    given = {} if initial is None else {INITIAL: initial}
    assert rules(n, None, min_on_hours=2.0, **given) == expected


@pytest.mark.parametrize(
    ("second", "expected"), [([0.0, 4.0, 0.0], set()), ([0.0, 4.0, 4.0], set()), ([3.9, 0.0, 4.0], set())]
)
def test_min_on_in_longer_periods(second: list[float], expected: set[str]) -> None:
    """2 h are two periods of block b, one of block c: what starts there may stop in the next period."""
    assert rules([0.0, 4.0, 4.0, 0.0, *second], None, SECOND_BLOCK, min_on_hours=2.0) == expected
    assert rules([0.0, 4.0, 0.0, 0.0, *second], None, SECOND_BLOCK, min_on_hours=2.0) == {"min_on"}


def start_usd(n: Sequence[float], *changes: dict[str, Any], **pool: Any) -> float:
    report = report_of(case(*changes, start_usd_per_node=3.0, accelerators_per_node=4, **pool), n)
    assert report.failures == ()
    found = report.cost_lines.query("term == 'start'")
    assert found["usd"].sum() == report.cost_usd["start"]
    assert set(found["pool"]) <= {"od"}
    assert set(found["workload"]) <= {""}
    return report.cost_usd["start"]


def test_start_is_paid_per_node_and_in_parts() -> None:
    """3 USD per node of 4: from 0 to 4 and from 4 to 6 are 1.5 nodes: 4.5 USD; from 6 back to 0 is free."""
    assert start_usd([0.0, 4.0, 4.0, 6.0]) == pytest.approx(4.5, rel=1e-12)
    assert start_usd([6.0, 6.0, 6.0, 6.0]) == 0.0


def test_start_wraps_or_counts_from_the_initial_number() -> None:
    """8 in hour 0 after 4 in hour 3: one node, 3 USD; after an initial 0: two; after an initial 8: none."""
    n = [8.0, 4.0, 4.0, 4.0]
    assert start_usd(n) == pytest.approx(3.0)
    assert start_usd(n, **{INITIAL: 0.0}) == pytest.approx(6.0)
    assert start_usd(n, **{INITIAL: 8.0}) == 0.0


def test_starts_cost_the_weight_of_the_block_not_its_hours() -> None:
    """Block b: one node from the initial 0, x 2; block c, periods of 2 h: one node round the block, x 3: 5 x 3 USD."""
    n = [4.0, 4.0, 4.0, 4.0, 8.0, 4.0, 4.0]
    assert start_usd(n, SECOND_BLOCK, **{INITIAL: 0.0}) == pytest.approx(15.0, rel=1e-12)


def test_start_is_a_cost_that_a_budget_holds() -> None:
    """n: 4 h x 4.5 on average = 18 USD of usage, + one node from 2 to 8 by halves: 1.5 x 3 = 4.5: 22.5."""
    n = [2.0, 6.0, 8.0, 2.0]
    for usd, expected in ((22.5, set()), (22.49, {"budget"})):
        budget = {"policy": {"budget": {"usd": usd}}}
        pool = {"start_usd_per_node": 3.0, "accelerators_per_node": 4}
        assert rules(n, None, budget, **pool) == expected


def test_a_pool_that_powers_down_draws_no_idle_power() -> None:
    """n 5 of 20, 4 busy: 4 x 1 kW + 1 x 0.5 kW = 4.5 kW x 4 h x 0.1 USD = 1.8; always on: 4 + 8 = 12 kW: 4.8."""
    pool = {
        "purchase_option": "owned",
        "price_includes_energy": False,
        "electricity_usd_per_kwh": 0.1,
        "busy_kw": 1.0,
        "idle_kw": 0.5,
    }
    report = report_of(case(can_power_down=True, **pool), [5.0] * 4, [4.0] * 4)
    assert report.failures == ()
    assert report.cost_usd["energy"] == pytest.approx(1.8, rel=1e-12)
    assert report.quantities["energy_kwh"].tolist() == pytest.approx([18.0])
    assert report.quantities["provisioned_accelerator_hours"].tolist() == [20.0]
    assert report.quantities["available_accelerator_hours"].tolist() == [80.0]
    assert report.cost_usd["owned_fixed"] == pytest.approx(80.0)
    on = report_of(case(**pool), [20.0] * 4, [4.0] * 4)
    assert on.failures == ()
    assert on.cost_usd["energy"] == pytest.approx(4.8, rel=1e-12)
    assert broken(report_of(case(**pool), [5.0] * 4, [4.0] * 4)) == {"capacity"}


def test_the_residual_tells_the_period() -> None:
    """From 1 to 6 in hour 1, of block b: 3 more than the 2 allowed, judged by the largest n."""
    row = report_of(case(ramp_up_accelerators_per_hour=2.0), [4.0, 6.0, 9.0, 8.0]).residuals.iloc[0]
    assert (row["rule"], row["record"], row["unit"]) == ("ramp_up", "od", "accelerators")
    assert (row["violation"], row["scale"]) == (pytest.approx(1.0), pytest.approx(9.0))
    assert row["period_start"].hour == 2


NUMBERS = st.lists(st.floats(0.0, 20.0, allow_subnormal=False), min_size=7, max_size=7)
LIMITS = st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 3.5])


@given(NUMBERS, LIMITS, st.one_of(st.none(), st.just(0.0), st.floats(0.01, 20.0)))
def test_what_stood_before_by_plain_loops(n: list[float], hours: float, initial: float | None) -> None:
    """Before, starts, ready and started lately of any numbers over two blocks, one period at a time."""
    limits = {"lead_time_hours": hours, "min_on_hours": hours, "min_busy_share": 0.1}
    scenario = case(SECOND_BLOCK, **limits, **({} if initial is None else {INITIAL: initial}))
    ledger = open_ledger(scenario, plan_of(scenario, {}, n={"od": n}))
    codes = elastic_codes(ledger)

    def at(block: int, t: int) -> float:
        """n of period t of a block, which may lie before its first."""
        first, size = ((0, 4), (4, 3))[block]
        if t < 0 and block == 0 and initial is not None:
            return initial
        return n[first + t % size]

    def rise(block: int, t: int) -> float:
        if t < 0 and block == 0 and initial is not None:
            return 0.0
        size = (4, 3)[block]
        return max(at(block, t % size) - at(block, t % size - 1), 0.0)

    where = [(0, t) for t in range(4)] + [(1, t) for t in range(3)]
    length = (1.0, 2.0)
    back = [int(np.ceil(hours / length[block])) for block, _ in where]
    assert before(ledger, codes)[0].tolist() == [at(block, t - 1) for block, t in where]
    assert started(ledger, codes)[0].tolist() == [rise(block, t) for block, t in where]
    least = [min(at(block, t - k) for k in range(most + 1)) for (block, t), most in zip(where, back, strict=True)]
    assert ready(ledger, codes)[0].tolist() == least
    lately = [sum(rise(block, t - k) for k in range(most)) for (block, t), most in zip(where, back, strict=True)]
    assert started_lately(ledger, codes)[0].tolist() == pytest.approx(lately, rel=1e-12, abs=1e-12)


@given(st.floats(0.0, 20.0, allow_subnormal=False))
def test_a_pool_that_never_changes_keeps_every_rule_of_change(n: float) -> None:
    limits = {
        "ramp_up_accelerators_per_hour": 1.0,
        "ramp_down_accelerators_per_hour": 1.0,
        "lead_time_hours": 3.0,
        "min_on_hours": 4.0,
        "start_usd_per_node": 1.0,
    }
    report = report_of(case(SECOND_BLOCK, **limits), [n] * 7, [min(n, 4.0)] * 7)
    assert report.failures == ()
    assert report.cost_usd["start"] == 0.0


@given(NUMBERS)
def test_fewer_starts_never_cost_more(n: list[float]) -> None:
    """Holding the largest number of a block in all of its periods starts nothing."""
    scenario = case(SECOND_BLOCK, start_usd_per_node=1.0)
    held = [max(n[:4])] * 4 + [max(n[4:])] * 3
    assert report_of(scenario, held).cost_usd["start"] == 0.0 <= report_of(scenario, n).cost_usd["start"]
