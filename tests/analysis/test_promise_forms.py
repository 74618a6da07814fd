"""The ladder of promises, what is held ready, and what is left after failures, on an estate solved by hand."""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import promise_ladder
from hybridplan.analysis.left_after import left_after
from hybridplan.analysis.promise_forms import forms, in_form
from hybridplan.analysis.reserve import reserve
from hybridplan.analysis.sentences import promise_forms as words
from hybridplan.analysis.sentences import promises as promise_words
from hybridplan.domain import Scenario, require
from hybridplan.model.ranging import ranges
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, "usd_per_gb": 1.0}}


def made(form: str = "shared", far: float = 50.0, minutes: float = 0.0, **more: Any) -> Scenario:
    """Two services of ten requests on twenty owned accelerators in two halls; either hall may fail, at 3 USD the cloud
    stands in. Each promises all of it.
    """
    pools = {
        "one": pool("owned", 10, 1.0, zone="hall-1"),
        "two": pool("owned", 10, 1.0, zone="hall-2"),
        "far": pool("on_demand", far, 3.0, site="far", **more),
    }
    promise = {"promised_share": 1.0, "promise_form": form, "recovery_minutes": minutes, "ingress_gb_per_unit": 0.1}
    works = {key: rigid([10.0], unit="requests", **promise) for key in ("a", "b")}
    failures = {key: {"kind": "zone", "record": f"hall-{key}"} for key in ("1", "2")}
    return scenario(pools, works, sites=SITES, links=LINKS, policy={"contingencies": failures})


def test_the_ladder_rises_from_none_to_standby_of_its_own() -> None:
    """20 USD are paid for what is owned. Shared: after either hall 10 must come from the cloud, 30 USD. Cold: a ramp of
    8 an hour gives 4 more within 30 minutes, so 6 are rented, 18 USD. Standby of its own: each service runs half in
    each hall, and loses 5, or in one and loses 10 with the other on its own: 10 stand by in either case, 30 USD.
    """
    found = forms(made("cold", minutes=30.0, ramp_up_accelerators_per_hour=8.0))
    extra = {row.form: found.extra_usd(row) for row in found.rows}
    assert extra == pytest.approx({"none": 0.0, "cold": 18.0, "shared": 30.0, "dedicated": 30.0}, abs=1e-6)
    assert [row.is_given for row in found.rows] == [False, True, False, False]
    assert found.complete
    assert found.promises == 4
    none, *others = found.rows
    assert none.objective_usd == pytest.approx(20.0)
    assert none.broken
    assert none.broken >= 2
    assert all(row.broken == 0 for row in others)
    dedicated = found.row("dedicated")
    assert dedicated is not None
    assert dedicated.standby_accelerators == pytest.approx(10.0)


def test_the_pair_and_what_is_assumed_are_said() -> None:
    scenario = made("cold", minutes=30.0, ramp_up_accelerators_per_hour=8.0)
    said = words.summary(forms(scenario), scenario)
    assert said[0].startswith(
        "With the promises as they stand the plan costs 38 USD over the hour, without them 20 USD"
    )
    assert "they cost 18 USD" in said[0]
    assert any(
        "flagged as an assumption: it counts on far being there to rent within 30 minutes" in one for one in said
    )
    assert any(one.startswith("What survives (shared) costs 30 USD more than no promise") for one in said)


def test_a_cold_promise_without_a_ramp_is_said_to_be_a_shared_one() -> None:
    scenario = made("cold", minutes=30.0)
    assert any("Cold is the same as shared here" in one for one in words.summary(forms(scenario), scenario))
    assert promise_words.growing(scenario, ["a", "b"]) == ""


def test_promises_of_several_forms_have_a_row_of_their_own() -> None:
    base = made("shared")
    mixed = {**base.workloads, "b": base.workloads["b"].model_copy(update={"promise_form": "dedicated"})}
    found = forms(base.model_copy(update={"workloads": mixed}))
    assert [row.form for row in found.rows] == ["none", "cold", "shared", "dedicated", "given"]
    given = found.row("given")
    assert given is not None
    assert given.form == "given"


def test_a_form_that_is_impossible_is_said_to_be() -> None:
    """The cloud has 8, and all must be served: after a hall is lost 18 of 20 can go on."""
    base = made("shared", far=8.0)
    works = {key: work.model_copy(update={"must_serve": True}) for key, work in base.workloads.items()}
    scenario = base.model_copy(update={"workloads": works})
    found = forms(scenario)
    shared = found.row("shared")
    assert shared is not None
    assert shared.status == SolveStatus.INFEASIBLE
    assert shared.objective_usd is None
    assert any("What survives (shared): impossible." in one for one in words.summary(found, scenario))


def test_what_is_shed_for_a_promise_is_not_hidden() -> None:
    """The cloud has 8: rather than 20 only 18 are served, 90 % of one or both; unserved work counts as a penalty."""
    scenario = made("shared", far=8.0)
    said = words.summary(forms(scenario), scenario)
    assert any("so this is no bill alone, it counts the penalty for that too." in one for one in said)


def test_without_promises_there_is_nothing_to_price() -> None:
    found = forms(in_form(made(), "none"))
    assert found.rows == ()
    assert words.summary(found, made()) == ["There is no promise to price."]


def test_no_time_leaves_the_rest_untried() -> None:
    found = forms(made(), time_limit_seconds=0.0)
    assert not found.complete
    assert {row.status for row in found.rows} == {promise_ladder.LATE}


def test_a_shared_reserve_is_held_and_rented_in_the_cloud() -> None:
    """10 accelerators are rented for an hour and idle: 30 USD. After either hall the cloud takes over 10."""
    plan = optimise(made("shared"))
    assert plan.tables is not None
    rows = reserve(plan.scenario, plan.tables).set_index("pool")
    assert rows.loc["far", "most_taken_over"] == pytest.approx(10.0)
    assert rows.loc["far", "rent_usd"] == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("tiers", "spend", "usd"),
    [
        ({"t": {"from_quantity": 4.0, "usd_per_accelerator_hour": 2.0}}, {}, 4.0 * 3.0 + 6.0 * 2.0),
        ({}, {"c": {"usd_per_hour": 5.0, "rates_usd_per_accelerator_hour": {"far": 1.0}}}, 5.0 * 1.0 + 5.0 * 3.0),
    ],
)
def test_a_reserve_is_rented_at_what_is_paid_for_it(tiers: dict[str, Any], spend: dict[str, Any], usd: float) -> None:
    """10 idle accelerators: from 4 on at 2 USD; or 5 of them covered by what is committed at 1 USD."""
    base = made("shared", price_tiers=tiers) if tiers else made("shared")
    scenario = require({**base.to_dict(), "spend_commitments": spend})
    plan = optimise(scenario)
    assert plan.tables is not None
    assert reserve(scenario, plan.tables).set_index("pool").loc["far", "rent_usd"] == pytest.approx(usd)


def test_one_more_accelerator_is_room_after_a_failure() -> None:
    """Only the first hall may fail: with one more in the second, one less is rented, 3 USD, and 1 USD is its own cost.
    That holds for 10 more, when nothing is rented any more."""
    document = made("shared").to_dict()
    del document["policy"]["contingencies"]["2"]
    scenario = require(document)
    prices = optimise(scenario).shadow_prices
    (row,) = ranges(scenario, prices[prices["record"] == "two"]).to_dict("records")
    assert (row["usd_per_unit"], row["usd_saved_by_one"]) == (pytest.approx(2.0), pytest.approx(2.0))
    assert row["valid_to_accelerators"] == pytest.approx(20.0)


def test_what_is_left_counts_the_promise_and_the_horizon() -> None:
    plan = optimise(made("shared"))
    rows = left_after(plan)
    assert rows["is_kept"].all()
    assert rows["worst_share"].tolist() == pytest.approx([1.0] * 4)
    assert rows["horizon_share"].tolist() == pytest.approx([1.0] * 4)
    bare = left_after(optimise(in_form(made(), "none")), keep_unpromised=True)
    assert bare.groupby("contingency")["worst_share"].sum().tolist() == pytest.approx([1.0, 1.0])
