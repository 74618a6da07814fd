"""A cap on unserved work in what people read: value, use, diagnosis, simple rules, report, forms and editor."""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import limits as limit_tables
from hybridplan.analysis import registry
from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.sentences import caps, diagnosis, limits, savings
from hybridplan.domain import Scenario
from hybridplan.io.forms import FORMS
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus
from hybridplan.ui.editors.demand_tables import WORKLOADS


def made(size: float, **fields: Any) -> Scenario:
    """Ten units on so many rented accelerators at 2 USD."""
    return scenario({"c": pool("on_demand", size, 2.0)}, {"w": rigid([10.0], unit="requests", **fields)})


def solved(size: float, **fields: Any) -> Plan:
    plan = optimise(made(size, **fields))
    assert plan.status is SolveStatus.OPTIMAL
    return plan


def test_what_one_more_unit_left_saves_is_said_in_its_unit() -> None:
    plan = solved(50, unserved_usd_per_unit=0.0, unserved_share_cap=0.4)
    (row,) = limit_tables.binding(plan).to_dict("records")
    assert (row["limit"], row["record"], row["usd"]) == ("unserved_cap", "w", pytest.approx(2.0))
    assert limits.binding(plan) == [
        "Being allowed to leave one more unit (requests) of w unserved would save 2 USD over the hour."
    ]
    assert limits.name(plan, "unserved_cap", "w") == "Cap on unserved work: w"
    assert registry.seen_in("unserved_cap") == "Where it runs"


def test_what_the_plan_leaves_of_what_it_may() -> None:
    assert caps.unserved(solved(9, unserved_share_cap=0.25)) == ["10 % of w is not served; 25 % may stay unserved."]
    assert caps.unserved(solved(50, unserved_share_cap=0.25)) == ["All of w is served; 25 % might stay unserved."]
    assert caps.unserved(solved(50)) == []
    assert caps.unserved(solved(50, unserved_share_cap=0.25, must_serve=True)) == []


def test_the_diagnosis_offers_a_larger_share() -> None:
    """4 of 10 fit, so 60 % are left; 10 % may be: 50 % more, or 5 accelerators."""
    planted = made(4, unserved_share_cap=0.1)
    found = {(change.rule, change.record): change for change in diagnose(planted).alternatives}
    assert set(found) == {("unserved_cap", "w"), ("capacity", "c")}
    change = found["unserved_cap", "w"]
    assert (change.amount, change.unit, change.proven) == (pytest.approx(0.5, rel=1e-6), "share", True)
    assert diagnosis.relaxation(planted, change) == "let 50 % more of w stay unserved (at most 60 %)"
    assert found["capacity", "c"].amount == pytest.approx(5.0, rel=1e-6)
    assert optimise(apply(planted, change)).status.has_plan


def test_a_simple_rule_that_leaves_more_says_so() -> None:
    """Nothing is rented on demand, so `all on demand` leaves everything."""
    pools = {"o": pool("owned", 10, 0.0)}
    planned = scenario(pools, {"w": rigid([10.0], unserved_share_cap=0.1)})
    found = baselines(planned)
    assert {text.split(",")[0] for text in found["all_on_demand"].breaks} == {"unserved_cap"}
    assert "unserved" in savings.broken_limits(planned, found["all_on_demand"].breaks)
    assert not found["private_first"].breaks


def test_forms_and_the_editor_carry_the_field() -> None:
    form = next(form for form in FORMS if form.name == "workloads")
    (column,) = [column for column in form.columns if column.name == "unserved_share_cap"]
    assert (column.kind, column.required, column.default) == ("number", False, None)
    assert column.write(0.05) == "0.05"
    (edited,) = [column for column in WORKLOADS.columns if column.field == "unserved_share_cap"]
    assert edited.kind == "share"
