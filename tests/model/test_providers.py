"""Fewest and most providers, what one costs, and its share of what is paid: hand-solved, and against every subset.

Ten units of work an hour may run at three providers: ``a`` has 6 accelerators at 1 USD, ``b`` 6 at 2 USD and ``c`` 20
at 4 USD. The cheapest plan is 6 at a and 4 at b: 6 + 8 = 14 USD, of which b is paid 8.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, hour, pool, rigid, scenario
from hand import broken, money, nearly, planned, provisioned, shadow, usd
from provider_oracle import ProviderOracle, tiny_document

from hybridplan.domain import Scenario, require
from hybridplan.domain.features import whole_fields
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.solve import optimise
from hybridplan.model.sweep import Sweep
from hybridplan.plan import Plan, SolveStatus

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    **{key: {"kind": "public", "provider": key, "jurisdiction": "DE"} for key in "abc"},
}
LINKS = {f"to_{key}": {"from_site": "here", "to_site": key, "round_trip_ms": 1.0} for key in "abc"}
THREE = {
    "pa": pool("on_demand", 6, 1.0, site="a"),
    "pb": pool("on_demand", 6, 2.0, site="b"),
    "pc": pool("on_demand", 20, 4.0, site="c"),
}


def fields(policy: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What makes the estate of this module, under a policy."""
    return {"sites": SITES, "links": LINKS, "policy": policy, **more}


def solved(policy: dict[str, Any], pools: dict[str, Any] | None = None, demand: float = 10.0, **more: Any) -> Plan:
    """The plan for the work under this policy."""
    return planned(pools or THREE, {"w": rigid([demand])}, **fields(policy, **more))


def used(plan: Plan) -> dict[str, float]:
    """What is provisioned of each pool of which anything is, in the first period."""
    found = {key: provisioned(plan, key)[0] for key in plan.scenario.pools}
    return {key: n for key, n in found.items() if n != 0.0}


@pytest.mark.parametrize(
    ("most", "total", "expected"),
    [(3, 14.0, {"pa": 6, "pb": 4}), (2, 14.0, {"pa": 6, "pb": 4}), (1, 40.0, {"pc": 10}), (0, 1000.0, {})],
)
def test_the_most_providers_on_both_sides(most: int, total: float, expected: dict[str, float]) -> None:
    """One alone: c does all ten for 40 USD; a or b would leave 4 units at 100 USD. None at all leaves all ten."""
    plan = solved({"max_providers": most})
    assert plan.objective_usd == nearly(total)
    assert used(plan) == nearly(expected)
    assert plan.kind == ("linear" if most == 3 else "mixed_integer")


def test_the_audit_sees_one_provider_too_many() -> None:
    """The cheapest plan uses two: that is one more than one."""
    judge = scenario(THREE, {"w": rigid([10.0])}, **fields({"max_providers": 1}))
    assert broken(solved({}), judge) == {"max_providers"}
    assert broken(solved({"max_providers": 1}), judge) == set()


@pytest.mark.parametrize(
    ("fewest", "hours", "total"), [(2, 1.0, 14.0), (2, 4.0, 14.0), (2, 4.5, 14.5), (3, 1.0, 16.0), (3, 2.0, 18.0)]
)
def test_the_fewest_providers_on_both_sides(fewest: int, hours: float, total: float) -> None:
    """Two are used anyway, b for 4 hours; for 4.5 half an hour moves from a to b for 0.5 USD. For a third one c does
    its least number of hours in place of b, each 4 - 2 = 2 USD dearer."""
    plan = solved({"min_providers": fewest, "provider_counts_from_accelerator_hours": hours})
    assert plan.objective_usd == nearly(total)


def test_what_an_hour_that_a_provider_must_be_used_for_costs() -> None:
    """c must do 1.5 hours: one hour fewer saves 4 - 2 USD. The choice of providers is held."""
    plan = solved({"min_providers": 3, "provider_counts_from_accelerator_hours": 1.5})
    assert used(plan) == nearly({"pa": 6, "pb": 2.5, "pc": 1.5})
    assert shadow(plan, "min_providers", "c") == nearly(2.0)
    assert shadow(plan, "min_providers") == nearly(2.0)


def test_the_audit_sees_a_provider_too_few() -> None:
    """4 hours at b are not 4.5; the cheapest plan has one provider that counts."""
    policy = {"min_providers": 2, "provider_counts_from_accelerator_hours": 4.5}
    judge = scenario(THREE, {"w": rigid([10.0])}, **fields(policy))
    assert broken(solved({}), judge) == {"min_providers"}
    assert broken(solved(policy), judge) == set()


def test_hours_count_over_the_horizon_with_weights() -> None:
    """Two hours, seven times: at 28 hours each of the 14 hours needs 2 of c, 14 x 18 USD in all."""
    policy = {"min_providers": 3, "provider_counts_from_accelerator_hours": 28.0}
    horizon = hour(2, weight=7.0)
    found = usd(THREE, {"w": rigid([10.0, 10.0])}, **fields(policy, horizon=horizon))
    assert found == nearly(14 * 18.0)


@pytest.mark.parametrize(("fee", "total"), [(7.9, 21.9), (8.1, 22.0)])
def test_what_using_a_provider_costs_decides_whether_it_is_used(fee: float, total: float) -> None:
    """Without b: 6 at a and 4 at c are 22 USD, 8 more than with it."""
    plan = solved({"provider_fixed_usd_per_hour": {"b": fee}})
    assert plan.objective_usd == nearly(total)
    assert money(plan).get("provider_fixed", 0.0) == nearly(fee if total < 22.0 else 0.0)


def test_what_using_a_provider_costs_is_paid_in_every_hour_of_the_horizon() -> None:
    """Two hours, seven times, work in the first only: 14 hours at 0.5 USD are 7, and 7 x 14 USD for the work."""
    policy = {"provider_fixed_usd_per_hour": {"a": 0.5}}
    horizon = hour(2, weight=7.0)
    plan = planned(THREE, {"w": rigid([10.0, 0.0])}, **fields(policy, horizon=horizon))
    assert money(plan) == nearly({"usage": 98.0, "provider_fixed": 7.0})
    assert plan.cost_lines.loc[plan.cost_lines["term"] == "provider_fixed", "record"].tolist() == ["a"]


def test_what_using_a_provider_costs_is_part_of_the_budget() -> None:
    """Fees of 3 USD at a and at b: 14 + 6 = 20. 18 USD pay for the fees, 6 units at a and 3 at b (6 USD): one is left
    at 100 USD. Without b they would pay for 3 + 6 + 9, and 2.25 units at c are fewer than 3."""
    policy = {"provider_fixed_usd_per_hour": {"a": 3.0, "b": 3.0}}
    assert solved(policy).objective_usd == nearly(20.0)
    assert solved({**policy, "budget": {"usd": 18.0}}).objective_usd == nearly(118.0)


def test_owned_and_private_capacity_counts_for_no_provider() -> None:
    """Owned at the public site a, and rented at the private one, run where no provider may be used: 4 owned (8 USD
    sunk) and 6 at 3 USD."""
    pools = {
        **THREE,
        "own": pool("owned", 4, 2.0, site="a"),
        "colo": pool("on_demand", 20, 3.0),
    }
    plan = solved({"max_providers": 0}, pools)
    assert plan.objective_usd == nearly(8.0 + 18.0)
    assert used(plan) == nearly({"own": 4, "colo": 6})


def test_what_is_reserved_counts_when_it_runs_and_not_when_it_is_paid() -> None:
    """8 reserved at a for 1.5 USD, 12 USD paid anyway. One provider alone: 8 reserved and 2 more at a, 12 + 2 USD. With
    none all is left, and a is paid all the same. What is committed and idle makes no provider count: 11 hours at one
    there cannot be with ten units of work."""
    pools = {**THREE, "ra": pool("reserved", 0, 0.0, site="a")}
    commitments = {"k": {"pool": "ra", "accelerators": 8.0, "fee_usd_per_accelerator_hour": 1.5}}
    plan = solved({"max_providers": 1}, pools, commitments=commitments)
    assert plan.objective_usd == nearly(14.0)
    assert used(plan) == nearly({"ra": 8, "pa": 2})
    plan = solved({"max_providers": 0}, pools, commitments=commitments)
    assert money(plan) == nearly({"commitment": 12.0, "unserved": 1000.0})
    policy = {"min_providers": 1, "provider_counts_from_accelerator_hours": 11.0}
    assert optimise(scenario(pools, {"w": rigid([10.0])}, **fields(policy, commitments=commitments))).status is (
        SolveStatus.INFEASIBLE
    )


@pytest.mark.parametrize("elastic", [{}, {"ramp_up_accelerators_per_hour": 1e6, "min_on_hours": 1.0}])
def test_dust_uses_no_provider(elastic: dict[str, float]) -> None:
    """Quotas of a million, of which ten are needed: of the others exactly none is provisioned."""
    pools = {key: {**found, "capacity_accelerators": 1e6, **elastic} for key, found in THREE.items()}
    plan = solved({"max_providers": 1}, pools)
    assert plan.objective_usd == nearly(10.0)
    assert used(plan) == nearly({"pa": 10})
    policy = {"provider_fixed_usd_per_hour": {"a": 11.0, "c": 1.0}}
    plan = solved(policy, pools)
    assert money(plan) == nearly({"usage": 20.0})
    assert used(plan) == nearly({"pb": 10})


def test_only_what_asks_for_them_brings_whole_numbers() -> None:
    """A cap that all may keep, and fees of nothing or of who is not there, bring none; the others name their field."""

    def of(policy: dict[str, Any]) -> Scenario:
        return scenario(THREE, {"w": rigid([10.0])}, **fields(policy))

    for policy in ({"max_providers": 3}, {"provider_fixed_usd_per_hour": {"a": 0.0}}, {}):
        assert whole_fields(of(policy)) == []
        assert formulate(Data(of(policy))).kind == "linear"
    asking: tuple[tuple[str, Any], ...] = (
        ("max_providers", 2),
        ("min_providers", 1),
        ("provider_fixed_usd_per_hour", {"b": 1.0}),
    )
    for field, value in asking:
        assert whole_fields(of({field: value})) == [f"policy.{field}"]
        assert formulate(Data(of({field: value}))).kind == "mixed_integer"


@pytest.mark.parametrize("form", ["shared", "dedicated"])
def test_room_for_a_failure_uses_its_provider(form: str) -> None:
    """Ten run at a for 1 USD. b is too far away while all is well, and takes half after the loss of a: 5 are rented
    there for 2.5 USD, and its fee is 1 USD. With one provider nothing can be promised, so that all ten are left."""
    pools = {"pa": pool("on_demand", 50, 1.0, site="a"), "pb": pool("on_demand", 50, 2.5, site="b")}
    late = {"latency_objective_ms": 10.0, "latency_statistic": "no_queue", "latency_after_failure_ms": 50.0}
    work = {"w": rigid([10.0], promised_share=0.5, promise_form=form, **late)}
    links = {**LINKS, "to_b": {**LINKS["to_b"], "round_trip_ms": 20.0}}
    rules = {"contingencies": {"f": {"kind": "site", "record": "a"}}, "provider_fixed_usd_per_hour": {"b": 1.0}}
    for most, total, expected in ((2, 23.5, {"pa": 10, "pb": 5}), (1, 1000.0, {})):
        plan = planned(pools, work, sites=SITES, links=links, policy={**rules, "max_providers": most})
        assert plan.objective_usd == nearly(total)
        assert used(plan) == nearly(expected)


# -- share of what is paid for what is rented ------------------------------------------------------------------------


def shared(cap: float, **more: Any) -> dict[str, Any]:
    """A policy with a cap on the share of a provider in what is paid."""
    return {"provider_share_cap": cap, "provider_share_of": "rented_usd", **more}


@pytest.mark.parametrize(
    ("cap", "total", "price"), [(0.58, 14.0, 0.0), (0.5, 44.0 / 3.0, 2.0 / 3.0), (0.4, 110.0 / 7.0, 5.0 / 7.0)]
)
def test_the_share_of_what_is_paid_on_both_sides(cap: float, total: float, price: float) -> None:
    """b has 8 of 14 USD, 57 %. With z units at c in place of b: 8 - 2 z <= cap (14 + 2 z), and 14 + 2 z USD in all. At
    50 % z = 1 / 3, at 40 % 6 / 7 (a then has 38 %). One USD more for b saves 2 / (2 + 2 cap) USD: 2 / 3 and 5 / 7."""
    plan = solved(shared(cap))
    assert plan.objective_usd == nearly(total)
    assert shadow(plan, "provider_share") == shadow(plan, "provider_share", "b") == nearly(price)
    assert set(plan.shadow_prices.loc[plan.shadow_prices["limit"] == "provider_share", "unit"]) <= {"USD"}


def test_hours_and_usd_are_two_shares() -> None:
    """a has 60 % of the hours and 43 % of the USD, b 40 % and 57 %: a cap of 59 % binds the one, not the other."""
    judged = {of: {**shared(0.59), "provider_share_of": of} for of in ("accelerator_hours", "rented_usd")}
    free = solved({})
    for of, expected in (("accelerator_hours", {"provider_share"}), ("rented_usd", set())):
        assert broken(free, scenario(THREE, {"w": rigid([10.0])}, **fields(judged[of]))) == expected


def test_what_is_rented_at_private_sites_is_part_of_the_whole() -> None:
    """A quarter of the bill q at a, a quarter at b, the rest at the private site for 3 USD a unit: q / 4 + q / 8 + q /
    6 = 13 q / 24 units are ten, q = 240 / 13 USD (4.6 units at a). With a cap of 0 all is private: 30 USD."""
    pools = {**THREE, "colo": pool("on_demand", 20, 3.0)}
    plan = solved(shared(0.25), pools)
    assert plan.objective_usd == nearly(240.0 / 13.0)
    assert solved(shared(0.0), pools).objective_usd == nearly(30.0)


def test_owned_capacity_is_no_part_of_what_is_paid_for_what_is_rented() -> None:
    """5 owned and sunk: the other five at a, which then has all that is paid: 5 + 5 sunk. At 60 % b has 40 %: with y
    USD at b, 5 - y / 2 at a: y / (5 + y / 2) = 0.4, y = 2.5, b 1.25 units, a 3.75: 6.25 USD."""
    pools = {**THREE, "own": pool("owned", 5, 1.0)}
    assert solved({}, pools).objective_usd == nearly(10.0)
    assert solved(shared(0.6), pools).objective_usd == nearly(5.0 + 6.25)


def test_fees_of_commitments_count_old_and_new() -> None:
    """2 reserved at b for 2 USD each, 4 USD paid anyway, and up to 4 more at 1.9 USD. Eight more units: 6 at a (6 USD)
    and 2 new at b (3.8): b has 7.8 of 13.8 USD, 56.5 %. At 50 %: v new units at b and 2 - v at c: 4 + 1.9 v <= 6 + 4
    (2 - v), v = 10 / 5.9; 10 + 1.9 v + 4 (2 - v) = 18 - 2.1 v."""
    pools = {**THREE, "rb": pool("reserved", 0, 0.0, site="b")}
    del pools["pb"]
    commitments = {
        "old": {"pool": "rb", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 2.0},
        "new": {"pool": "rb", "accelerators": 0.0, "fee_usd_per_accelerator_hour": 1.9, "max_new_accelerators": 4.0},
    }
    for cap, total in ((0.57, 13.8), (0.5, 18.0 - 21.0 / 5.9)):
        plan = solved(shared(cap), pools, commitments=commitments)
        assert plan.objective_usd == nearly(total)


def test_one_more_reserved_accelerator_pays_its_fee_into_the_rent_too() -> None:
    """2 reserved at b for 2 USD, 6 at a, z at c: 4 z <= 0.4 (10 + 4 z), z = 5 / 3, and 1 / 3 is left at 100 USD. One
    more reserved serves 1 for 2 USD: 98 USD; its fee makes 0.8 USD of room for c, 1 / 3 unit, 96 / 3 = 32 USD more."""
    pools = {"pa": THREE["pa"], "pc": THREE["pc"], "rb": pool("reserved", 0, 0.0, site="b")}
    old = {"pool": "rb", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 2.0}
    plan = solved(shared(0.4), pools, commitments={"old": old})
    assert plan.objective_usd == nearly(4.0 + 6.0 + 20.0 / 3.0 + 100.0 / 3.0)
    assert shadow(plan, "one_more_accelerator", "rb") == nearly(130.0)
    more = solved(shared(0.4), pools, commitments={"old": {**old, "accelerators": 2.1}})
    assert plan.objective_usd - more.objective_usd == nearly(13.0)


def test_what_is_committed_for_spend_counts_and_what_it_covers_does_not() -> None:
    """3 USD an hour are committed at b, for 1 USD per accelerator: 3 of b are covered. With a at 0.5 USD: 3 for 6 at a,
    3 for what is covered, 2 for one more at b: 8 USD, of which b has 5. At 50 % z of that one are at c: 5 - 2 z <= 0.5
    (8 + 2 z), z = 1 / 3, 8 + 2 z USD."""
    spend = {"s": {"usd_per_hour": 3.0, "rates_usd_per_accelerator_hour": {"pb": 1.0}}}
    pools = {**THREE, "pa": pool("on_demand", 6, 0.5, site="a")}
    for cap, total in ((0.63, 8.0), (0.5, 26.0 / 3.0)):
        assert solved(shared(cap), pools, spend_commitments=spend).objective_usd == nearly(total)


def test_prices_in_tiers_count_as_they_are_paid() -> None:
    """b costs 2 USD for its first two and 3 for more: 6 + 4 + 6 = 16 USD, of which b has 10. At 50 % z of its four are
    at c: 10 - 3 z <= 0.5 (16 + z), z = 4 / 7, 16 + z USD."""
    tiers = {"more": {"from_quantity": 2.0, "usd_per_accelerator_hour": 3.0}}
    pools = {**THREE, "pb": pool("on_demand", 6, 2.0, site="b", price_tiers=tiers, tier_basis="hour")}
    for cap, total in ((0.63, 16.0), (0.5, 16.0 + 4.0 / 7.0)):
        assert solved(shared(cap), pools).objective_usd == nearly(total)


def test_idle_accelerators_that_keep_a_rule_stay_in_the_plan() -> None:
    """Six units run at a for 6 USD, and a job of 2 units at the private site; more than 2 accelerators gain it nothing.
    For a to have two thirds of what is paid, it runs on 6 at 0.5 USD. For c to count from 5 hours on, where it may go
    at 4 USD, it runs on 5 there."""
    work = {"w": rigid([6.0], allowed_sites=["a"]), "j": deferrable(2.0, 0, 1, allowed_sites=["here"])}
    work["j"]["scaling"] = {
        "two": {"accelerators": 2.0, "efficiency_share": 1.0},
        "eight": {"accelerators": 8.0, "efficiency_share": 0.25},
    }
    pools = {**THREE, "colo": pool("on_demand", 20, 0.5)}
    plan = planned(pools, work, **fields(shared(2.0 / 3.0)))
    assert plan.objective_usd == nearly(6.0 + 3.0)
    assert used(plan) == nearly({"pa": 6, "colo": 6})
    work["j"]["allowed_sites"] = ["here", "c"]
    plan = planned(pools, work, **fields({"min_providers": 2, "provider_counts_from_accelerator_hours": 5.0}))
    assert plan.objective_usd == nearly(6.0 + 20.0)
    assert used(plan) == nearly({"pa": 6, "pc": 5})


# -- against every subset --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(0, 30, 10))
def test_no_choice_of_providers_was_missed(start: int) -> None:
    """Every set of providers that may be used, and of those that count, is tried; divisible plans are never dearer."""
    for seed in range(start, start + 10):
        found = require(tiny_document(seed))
        expected, plan = ProviderOracle(found).least(), optimise(found)
        if expected is None:
            assert plan.status is SolveStatus.INFEASIBLE, seed
            continue
        assert plan.status is SolveStatus.OPTIMAL, (seed, plan.status, plan.certificate)
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6), seed
        certificate = plan.certificate
        assert certificate is not None
        if plan.kind == "mixed_integer":
            assert certificate.relaxation_bound_usd is not None
            assert certificate.relaxation_bound_usd <= expected * (1.0 + 1e-9)


@pytest.mark.parametrize("share_of", ["accelerator_hours", "rented_usd"])
def test_two_solvers_and_a_second_formulation_agree_on_shares(share_of: str) -> None:
    """Caps on hours and on USD, with commitments of both kinds, old and new."""
    for seed in range(15):
        found = require(tiny_document(seed, share_of=share_of))
        expected = ProviderOracle(found).least()
        plan, second = optimise(found), optimise(found, solver="clarabel")
        assert plan.status is SolveStatus.OPTIMAL, (seed, plan.status, plan.certificate)
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6), seed
        assert second.objective_usd == pytest.approx(expected, rel=1e-6), seed


@pytest.mark.parametrize("share_of", ["accelerator_hours", "rented_usd"])
def test_a_cap_that_moves_in_a_compiled_model_gives_what_a_new_one_gives(share_of: str) -> None:
    """Compiled at a cap of a half. Commitments that are paid anyway move with it too, and may leave no plan."""
    for seed in range(6):
        document = tiny_document(seed, share_of=share_of)
        document["policy"]["provider_share_cap"] = 0.5
        swept = Sweep(require(document), "provider_share")
        for cap in (0.8, 0.35, 0.15):
            document["policy"]["provider_share_cap"] = cap
            found, single = swept.solve(require(document), cap, 60.0), optimise(require(document))
            assert found.status is single.status, (seed, cap)
            if found.report is None:
                assert single.status is SolveStatus.INFEASIBLE
                continue
            assert found.report.objective_usd == pytest.approx(single.objective_usd, rel=1e-6), (seed, cap)


def test_rules_on_providers_and_promises_of_every_form_hold_together() -> None:
    """Either provider of two may be lost as a whole: every plan passes the audit and is proven, or there is none."""
    for seed in range(12):
        document = tiny_document(seed, share_of="rented_usd" if seed % 2 else None)
        first, second = (("shared", "dedicated"), ("cold", "shared"), ("dedicated", "cold"))[seed % 3]
        for key, form in (("w0", first), ("w1", second)):
            minutes = {"recovery_minutes": 30.0} if form == "cold" else {}
            document["workloads"][key] |= {"promised_share": 0.6, "promise_form": form, **minutes}
        document["policy"]["contingencies"] = {key: {"kind": "provider", "record": key} for key in "ab"}
        plan = optimise(require(document))
        assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (seed, plan.status, plan.certificate)
