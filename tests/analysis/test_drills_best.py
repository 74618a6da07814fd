"""The best answer to a failure in one hour: what is asked, and that it is never worse for promised work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from builders import deferrable, pool, rigid
from failing_plans import FIRST, LINKS, POOLS, SITES, chat, estate, plan_of

from hybridplan.analysis import drills, studies
from hybridplan.analysis.drills.best_answer import STUDY
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def asked(plan: Plan, failure: str = "fra-lost", hour: int = 0, **options: Any) -> Any:
    return drills.scenario_of_hour(plan, failure, "b", FIRST + timedelta(hours=hour), **options)


def best(plan: Plan, failure: str = "fra-lost", hour: int = 0, **options: Any) -> drills.Drill:
    return drills.reoptimised(plan, failure, "b", FIRST + timedelta(hours=hour), **options)


def served(drill: drills.Drill) -> dict[str, float]:
    return dict(zip(drill.works["workload"], drill.works["served_after"].astype(float), strict=True))


def test_held_back_capacity_and_work_without_a_promise_make_room() -> None:
    """In Berlin 10 are on, 2 of them held back: 6 stand by, 2 do work worth 1 USD. Solved anew, all 10 are lost units
    of 100 USD; stored, 6.
    """
    pools = {**POOLS, "b": pool("owned", 10, 1.0, site="ber", held_back_share=0.2)}
    cheap = rigid([2.0], origin_site="fra", unserved_usd_per_unit=1.0)
    plan = plan_of(
        estate({"w": chat(promised_share=0.6), "o": cheap}, pools=pools),
        [("w", "a", [10.0]), ("o", "b", [2.0])],
        standby=[("w", "b", [6.0])],
    )
    stored = drills.stored(plan, "fra-lost", "b", FIRST)
    assert served(stored) == {"w": 6.0, "o": 0.0}
    found = best(plan)
    assert (found.kind, found.status) == ("best", SolveStatus.OPTIMAL)
    assert served(found) == pytest.approx({"w": 10.0, "o": 0.0})
    assert found.before.equals(stored.before)


def test_promised_work_is_never_served_less_than_by_the_stored_answer() -> None:
    """What has no promise is worth ten times as much, and would take all 8 in Berlin."""
    pools = {**POOLS, "b": pool("owned", 8, 1.0, site="ber")}
    dear = rigid([8.0], origin_site="fra", unserved_usd_per_unit=1000.0)
    plan = plan_of(
        estate({"w": chat(promised_share=0.5), "o": dear}, pools=pools),
        [("w", "a", [10.0]), ("o", "a", [8.0])],
        standby=[("w", "b", [5.0])],
    )
    assert served(best(plan)) == pytest.approx({"w": 5.0, "o": 3.0}, rel=1e-5)


@pytest.mark.parametrize(("rent_more", "units"), [(False, 4.0), (True, 10.0)])
def test_more_is_rented_where_that_is_asked_for(rent_more: bool, units: float) -> None:
    """4 are provisioned in Dublin. A unit that is not served costs 100 USD, one more accelerator 3 USD."""
    pools = {"a": POOLS["a"], "c": POOLS["c"]}
    plan = plan_of(
        estate({"w": chat(promised_share=0.4)}, pools=pools), [("w", "a", [10.0])], standby=[("w", "c", [4.0])]
    )
    found = best(plan, rent_more=rent_more)
    assert served(found)["w"] == pytest.approx(units, rel=1e-5)
    assert found.kind == ("best_rented" if rent_more else "best")
    (made,) = asked(plan, rent_more=rent_more).pools.values()
    assert made.capacity_accelerators == (50.0 if rent_more else 4.0)
    assert made.price_usd_per_accelerator_hour == 0.0
    tiers = [(tier.from_quantity, tier.usd_per_accelerator_hour) for tier in made.price_tiers.values()]
    assert tiers == ([(4.0, 3.0)] if rent_more else [])


def test_what_is_not_worth_its_rent_is_not_rented() -> None:
    pools = {"a": POOLS["a"], "c": POOLS["c"]}
    plan = plan_of(estate({"w": chat(unserved_usd_per_unit=2.0, promised_share=0.0)}, pools=pools), [("w", "a", [9.0])])
    assert served(best(plan, rent_more=True))["w"] == 0.0


def test_the_question_keeps_places_and_takes_away_what_is_lost() -> None:
    """Residency, attributes and interruptible pools stay; links, promises, contingencies, budget and caps go."""
    pools = {**POOLS, "spot": pool("interruptible", 9, 1.0, site="dub", interruptions_per_hour=0.1)}
    work = chat(
        latency_objective_ms=20.0,
        latency_after_failure_ms=35.0,
        allowed_jurisdictions=["DE", "IE"],
        required_attributes=["encryption"],
        interruptible=True,
        interruptible_share_cap=0.5,
    )
    policy = {
        "contingencies": {"cut": {"kind": "link", "record": "fra-ber"}},
        "budget": {"usd": 1e6},
        "carbon_cap": {"tonnes": 1e3},
        "provider_discount_share": {"cloud": 0.1},
    }
    plan = plan_of(estate({"w": work}, pools=pools, policy=policy), [("w", "a", [10.0])], provisioned={"spot": [2.0]})
    found = asked(plan, "cut")
    assert set(found.links) == {"fra-dub"}
    assert {key: one.purchase_option for key, one in found.pools.items()} == {
        "a": "owned",
        "b": "owned",
        "spot": "interruptible",
    }
    assert found.pools["spot"].interruptions_per_hour == 0.1
    made = found.workloads["w"]
    assert (made.latency_objective_ms, made.promised_share, made.interruptible_share_cap) == (35.0, 0.0, 1.0)
    assert (made.allowed_jurisdictions, made.required_attributes) == (("DE", "IE"), ("encryption",))
    assert not found.policy.contingencies
    assert (found.policy.budget, found.policy.carbon_cap) == (None, None)
    assert found.policy.provider_discount_share == {"cloud": 0.1}


def test_deferrable_work_asks_for_what_it_does_as_fast_as_it_does_it() -> None:
    """On 4 accelerators it keeps 75 %: 3 units in that hour, 0.75 of what 4 would do. 2 are left for it: 1.5 units."""
    work = deferrable(3.0, 0, 1, origin_site="fra", scaling={"one": {"accelerators": 4.0, "efficiency_share": 0.75}})
    pools = {**POOLS, "b": pool("owned", 2, 1.0, site="ber")}
    plan = plan_of(estate({"d": work}, pools=pools), [("d", "a", [4.0])])
    assert plan.tables is not None
    plan.tables.allocation["units_per_hour"] = 3.0
    made = asked(plan).workloads["d"]
    assert made.flexibility == "rigid"
    assert made.demand_units_per_hour == {"b": (3.0,)}
    assert made.throughput["gpu"].units_per_accelerator_hour == pytest.approx(0.75)
    assert served(best(plan)) == pytest.approx({"d": 1.5})


@pytest.mark.parametrize(("copies", "units"), [([], 0.0), (["dub"], 5.0)])
def test_work_runs_where_the_plan_has_a_copy_of_its_data(copies: list[str], units: float) -> None:
    sites = {key: {**site, "storage_usd_per_gb_month": 0.01} for key, site in SITES.items()}
    data = {"set": {"home_site": "fra", "size_gb": 1.0, "copies": {"dub": {}, "ber": {}}}}
    made = estate({"w": chat(datasets=["set"], promised_share=0.0)}, sites=sites, datasets=data)
    plan = plan_of(made, [("w", "a", [10.0])], provisioned={"c": [5.0]})
    assert plan.tables is not None
    plan.tables.copies["site"], plan.tables.copies["dataset"] = copies, ["set"] * len(copies)
    assert {key: one.state for key, one in asked(plan).datasets["set"].copies.items()} == dict.fromkeys(
        copies, "present"
    )
    assert served(best(plan))["w"] == pytest.approx(units)


def test_costs_of_routes_to_pools_that_are_lost_are_gone() -> None:
    work = chat(route_cost_usd_per_unit={"a": 1.0, "b": 2.0})
    plan = plan_of(estate({"w": work}), [("w", "a", [10.0])], standby=[("w", "b", [8.0])])
    assert asked(plan).workloads["w"].route_cost_usd_per_unit == {"b": 2.0}


def test_where_nothing_survives_nothing_is_served() -> None:
    plan = plan_of(estate({"w": chat(promised_share=0.0)}, pools={"a": POOLS["a"]}), [("w", "a", [10.0])])
    found = best(plan)
    assert found.status is SolveStatus.OPTIMAL
    assert served(found) == {"w": 0.0}


def test_what_must_be_served_is_served_as_far_as_it_can_be() -> None:
    """It has no penalty, and costs 1 USD per unit to send."""
    links = {**LINKS, "fra-ber": {**LINKS["fra-ber"], "usd_per_gb": 1.0}}
    work = chat(must_serve=True, unserved_usd_per_unit=0.0, ingress_gb_per_unit=1.0, promised_share=0.0)
    pools = {**POOLS, "b": pool("owned", 4, 1.0, site="ber")}
    plan = plan_of(estate({"w": work}, links=links, pools=pools), [("w", "a", [10.0])])
    assert served(best(plan)) == pytest.approx({"w": 4.0})


def test_a_worker_answers_the_question_and_an_answer_to_another_one_is_refused() -> None:
    plan = plan_of(estate({"w": chat([10.0, 5.0])}, periods=2), [("w", "a", [10.0, 5.0])], standby=[("w", "b", [8, 4])])
    solved: Any = studies.run(STUDY, asked(plan, hour=1), {}, time_limit_seconds=20.0)
    assert served(best(plan, hour=1, answer=solved)) == pytest.approx(served(best(plan, hour=1)))
    with pytest.raises(InvalidInput, match="another scenario"):
        best(plan, answer=solved)


@pytest.mark.parametrize("form", ["dedicated", "shared"])
@pytest.mark.parametrize("seed", range(2))
def test_the_best_answer_is_worth_at_least_the_stored_one(seed: int, form: str) -> None:
    """Random demands; in all hours and after all failures, promised work and the value of all work that is served."""
    demands = [[float((7 * seed + 5 * hour + 3 * place) % 11 + 1) for hour in range(2)] for place in range(3)]
    works = {
        "w": chat(demands[0], promise_form=form, promised_share=0.9),
        "v": chat(demands[1], promise_form=form, promised_share=0.5, unserved_usd_per_unit=40.0),
        "o": rigid(demands[2], origin_site="fra"),
    }
    plan = optimise(estate(works, periods=2))
    assert plan.status is SolveStatus.OPTIMAL
    value = {key: work.unserved_usd_per_unit for key, work in plan.scenario.workloads.items()}
    for failure in plan.scenario.policy.contingencies:
        for hour in (0, 1):
            stored = served(drills.stored(plan, failure, "b", FIRST + timedelta(hours=hour)))
            found = served(best(plan, failure, hour))
            assert all(found[key] >= stored[key] - 2e-5 for key in ("w", "v"))
            assert sum(value[k] * found[k] for k in value) >= sum(value[k] * stored[k] for k in value) - 2e-3
