"""Rules on providers in what people read: how many are used, what one is paid, and a frontier of that.

Ten units of work an hour: 50 accelerators of the provider coal cost 2 USD, 50 of green 5 USD.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import caps, registry
from hybridplan.analysis import limits as limit_tables
from hybridplan.analysis.frontier import aims, capped, frontier
from hybridplan.analysis.sensitivity import paths
from hybridplan.analysis.sentences import caps as cap_sentences
from hybridplan.analysis.sentences import frontier as frontier_words
from hybridplan.analysis.sentences import limits, savings
from hybridplan.analysis.sentences.next_step import next_step
from hybridplan.domain import Scenario
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolverRun, SolveStatus

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "green": {"kind": "public", "provider": "green", "jurisdiction": "DE"},
    "coal": {"kind": "public", "provider": "coal", "jurisdiction": "DE"},
}
LINKS = {key: {"from_site": "here", "to_site": key, "round_trip_ms": 1.0} for key in ("green", "coal")}
NO_RUN = SolverRun("HiGHS", "", 0.0, 0.0, 0.0)
HALF = {"provider_share_cap": 0.5, "provider_share_of": "rented_usd"}


def made(policy: dict[str, Any], **fields: Any) -> Scenario:
    """The estate of this module."""
    pools = {"clean": pool("on_demand", 50, 5.0, site="green"), "dirty": pool("on_demand", 50, 2.0, site="coal")}
    return scenario(pools, {"w": rigid([10.0])}, sites=SITES, links=LINKS, policy=policy, **fields)


def solved(policy: dict[str, Any], **fields: Any) -> Plan:
    """Its cheapest plan."""
    plan = optimise(made(policy, **fields))
    assert plan.status is SolveStatus.OPTIMAL
    return plan


def test_the_number_of_providers_is_said_with_its_rule() -> None:
    """All at coal, of which 10 hours; or, where two must have 4 hours, 6 there and 4 at green."""
    assert cap_sentences.number_of_providers(solved({})) == []
    plan = solved({"max_providers": 1})
    assert cap_sentences.number_of_providers(plan) == ["1 provider in use (coal); at most 1 may be."]
    assert caps.used_providers(plan) == {"coal": 10.0}
    plan = solved({"min_providers": 2, "provider_counts_from_accelerator_hours": 4.0})
    words = "2 providers with 4 or more accelerator-hours (coal and green); at least 2 must have as many."
    assert cap_sentences.number_of_providers(plan) == [words]
    assert cap_sentences.number_of_providers(solved({"max_providers": 0})) == ["0 providers in use; at most 0 may be."]


def test_a_simple_rule_that_uses_too_many_is_no_alternative() -> None:
    """A rule of the whole plan is told without a record."""
    text = "max_providers, max_providers: more providers are used than may be; off by 1 providers (0.33 of 3)"
    assert savings.broken_limits(made({}), [text]) == "more providers are used than may be"


def test_an_hour_that_is_only_there_for_the_rule_has_its_price_in_words() -> None:
    """One hour less at green saves 5 - 2 USD."""
    plan = solved({"min_providers": 2, "provider_counts_from_accelerator_hours": 4.0})
    row = limit_tables.binding(plan).iloc[0]
    assert (row["limit"], row["record"], row["usd"]) == ("min_providers", "green", pytest.approx(3.0))
    assert limits.binding(plan)[0] == (
        "green is used only so that enough providers are: one accelerator-hour less there would save 3 USD."
    )
    assert limits.name(plan, "min_providers", "green") == "Fewest providers: green"
    assert registry.name("provider_hours") == "Fewest providers"
    assert registry.seen_in("max_providers") == "Where it runs"


def test_a_share_of_the_rent_is_said_and_priced_per_percent_of_the_rent() -> None:
    """d at coal: 2 d = 0.5 (50 - 3 d), d = 50 / 7, and 200 / 7 USD in all. One USD more for coal: 2 d <= 0.5 (50 - 3 d)
    + 1, d rises by 2 / 7 and 6 / 7 USD are saved; a percent of the rent is 2 / 7 USD, so 12 / 49 USD."""
    plan = solved(HALF)
    assert caps.rented_usd(plan).to_dict() == pytest.approx({"green": 100.0 / 7.0, "coal": 100.0 / 7.0})
    row = limit_tables.binding(plan).iloc[0]
    assert (row["limit"], row["record"], row["unit"]) == ("provider_share", "coal", "% of rent")
    assert row["usd"] == pytest.approx(12.0 / 49.0)
    assert limits.binding(plan)[0].startswith("Provider coal is paid as large a share of all rent as one may be")
    assert "coal may be paid more: one more percent of all rent" in next_step(plan, date(2026, 6, 1)).text
    assert cap_sentences.providers(plan).endswith("is paid 50 % of all rent; one provider may be paid 50 %.")
    nothing = solved({**HALF, "provider_share_cap": 0.0})
    assert cap_sentences.providers(nothing).startswith("Nothing is paid for what is rented at public or edge sites")


def test_a_frontier_of_the_share_of_the_rent_is_that_of_single_solves() -> None:
    """At a cap of c: d = 50 c / (2 + 3 c) at coal, 50 - 3 d USD; no less than half leaves a plan that serves all."""
    base = made(HALF)
    found = frontier(base, "provider_share", points=5)
    points = [point for point in found.points if point.objective_usd is not None]
    assert points[0].cap == pytest.approx(0.5, abs=2e-3)
    assert (points[-1].reached, points[-1].objective_usd) == (pytest.approx(1.0), pytest.approx(20.0))
    for point in points:
        assert point.objective_usd == pytest.approx(50.0 - 150.0 * point.cap / (2.0 + 3.0 * point.cap), rel=1e-6)
        assert point.reached == pytest.approx(point.cap, rel=1e-6)
        assert optimise(capped(base, "provider_share", point.cap)).objective_usd == pytest.approx(point.objective_usd)
    assert "rent" in aims.unit(base, "provider_share", "")
    assert frontier_words.axis(base, "provider_share") == "Largest provider (% of rent paid)"
    hours = made({"provider_share_cap": 0.5})
    assert "busy accelerator-hours" in aims.unit(hours, "provider_share", "")
    assert frontier_words.axis(hours, "provider_share") == "Largest provider (% of busy accelerator-hours)"


@pytest.mark.parametrize("limit", ["failover_capacity", "failover_started"])
def test_room_after_a_failure_is_called_by_its_pool_and_the_failure(limit: str) -> None:
    """Rows are ``contingency/pool``, with the minutes that work may wait."""
    failures = {"lost": {"kind": "site", "record": "green"}}
    plan = Plan(made({"contingencies": failures}), SolveStatus.OPTIMAL, NO_RUN, pd.DataFrame())
    assert limits.name(plan, limit, "lost/dirty/30").endswith("after a failure: dirty, loss of green")
    said = limits.sentence(plan, limit, "lost/dirty/30", 3.0, 1.0, 3.0, "accelerators")
    assert said.startswith("One more gpu ")
    assert said.endswith("in dirty after the loss of green would save 3 USD over the hour.")


def test_fees_of_providers_can_be_tried_before_there_are_any() -> None:
    """What using each would cost stands in the list of numbers, at no value yet."""
    found = {one.path: one for one in paths.numeric_paths(made({}))}
    fee = found["policy.provider_fixed_usd_per_hour.coal"]
    assert (fee.label, fee.value) == ("Fee for using provider coal", None)
    dearer = paths.with_value(made({}), fee.path, 40.0)
    assert optimise(dearer).objective_usd == pytest.approx(50.0)
