"""Every changed table of redispatch is refused, for a shared and for a cold promise; and what is not changed passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from audit_cases import changed
from failover_cases import failing, moving

from hybridplan.audit import audit, certify
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables

COLD = {
    "workloads": {"web": {"promise_form": "cold", "recovery_minutes": 30.0}},
    "pools": {"west": {"ramp_up_accelerators_per_hour": 4.0, "lead_time_hours": 0.25}},
}
FORMS: dict[str, tuple[Scenario, list[float]]] = {
    "shared": (failing(), [2.0, 3.6]),
    "cold": (failing(COLD), [2.6, 2.6]),
}
"""n in west: the least for 2 and 3.6; or 1 less than the largest, which boots in time."""


def passes(form: str, change: Callable[[PlanTables], PlanTables] = lambda plan: plan) -> bool:
    scenario, n = FORMS[form]
    plan = moving(scenario, n={"west": n})
    usd = 20.0 + 45.0 + 3.0 * sum(n)
    return certify(audit(scenario, change(plan)), usd, usd, "weak duality").passed


def scaled(factor: float, *columns: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda t: t.assign(**{column: t[column] * factor for column in columns})


def moved(**values: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The rows in the west say something else."""
    return lambda t: t.assign(**{name: t[name].where(t["pool"] != "west", value) for name, value in values.items()})


BOTH = "accelerators_assigned", "units_per_hour"
MUTATIONS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "no row": lambda t: t.iloc[:0],
    "one row less": lambda t: t.iloc[1:],
    "a row twice": lambda t: pd.concat([t, t.iloc[[0]]]),
    "a thousandth less": scaled(0.999, *BOTH),
    "a cell a thousandth less": lambda t: pd.concat([t.iloc[:-1], scaled(0.999, *BOTH)(t.iloc[[-1]])]),
    "a thousandth more": scaled(1.001, *BOTH),
    "fewer accelerators": scaled(0.999, "accelerators_assigned"),
    "units that they cannot serve": scaled(1.001, "units_per_hour"),
    "negative": scaled(-1.0, *BOTH),
    "one negative cell": lambda t: pd.concat([t, scaled(-1e-3, *BOTH)(t.iloc[[0]]).assign(workload="core")]),
    "NaN accelerators": lambda t: t.assign(accelerators_assigned=float("nan")),
    "NaN units": lambda t: t.assign(units_per_hour=float("nan")),
    "one NaN": lambda t: t.assign(accelerators_assigned=t["accelerators_assigned"].where(t["pool"] != "own")),
    "infinite": lambda t: t.assign(accelerators_assigned=float("inf")),
    "in a pool that is lost": moved(pool="east"),
    "out of residency": moved(pool="far"),
    "on capacity that can be taken away": moved(pool="spot"),
    "in no pool": moved(pool="none"),
    "of dedicated work": moved(workload="core"),
    "of work without a promise": moved(workload="side"),
    "of no work": moved(workload="none"),
    "after no failure": lambda t: t.assign(contingency="none"),
    "after a failure without an id": lambda t: t.assign(contingency=None),
    "in another block": lambda t: t.assign(block="another"),
    "at another time": lambda t: t.assign(period_start=t["period_start"] + pd.Timedelta("30min")),
    "both in one period": lambda t: t.assign(period_start=t["period_start"].min()),
    "pools exchanged": lambda t: t.assign(pool=t["pool"].map({"own": "west", "west": "own"})),
    "without a column": lambda t: t.drop(columns="contingency"),
    "text": lambda t: t.assign(accelerators_assigned="two"),
    "no table": lambda t: None,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_plan_itself_passes(form: str) -> None:
    assert passes(form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_changed_table_of_redispatch_is_refused(kind: str, form: str) -> None:
    assert not passes(form, lambda plan: changed(plan, "redispatch", MUTATIONS[kind](plan.redispatch)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("factor", [0.999, 0.99999])
def test_less_room_than_is_needed_is_refused(form: str, factor: float) -> None:
    """Also where the cost is told right: n of the west a little less."""
    scenario, n = FORMS[form]
    report = audit(scenario, moving(scenario, n={"west": [factor * value for value in n]}))
    assert report.worst_rule == {"shared": "failover_capacity", "cold": "failover_started"}[form] or not report.ok
    assert not report.ok


def test_rows_that_name_nothing_known_are_faults_in_words() -> None:
    scenario = failing()
    plan = moving(scenario)
    report = audit(scenario, changed(plan, "redispatch", plan.redispatch.assign(contingency="lost")))
    assert any("contingency 'lost' is not a known contingency (4 rows)" in text for text in report.failures)
    again = changed(plan, "redispatch", pd.concat([plan.redispatch, plan.redispatch.iloc[[0]]]))
    texts = audit(scenario, again).failures
    assert any("more than one row for the same contingency, workload, pool and period" in text for text in texts)


def test_the_words_name_workload_pool_and_failure() -> None:
    """0.9 of 10 are 9, and 8 are placed; 0.9 of 12 are 10.8, and 9.6."""
    scenario = failing({"workloads": {"web": {"promised_share": 0.9}}})
    (said,) = audit(scenario, moving(scenario)).failures
    assert said.startswith("promise, web/east-lost at 2026-01-05 01:00 UTC: less than promised is left")
    assert "off by 1.2 requests per hour" in said
    tight = audit(failing(), moving(failing(), n={"west": [2.0, 3.0]})).failures
    assert tight[0].startswith("failover_capacity, west/east-lost at 2026-01-05 01:00 UTC: more must run in the pool")
    assert "off by 0.6 accelerators" in tight[0]


def test_a_plan_without_the_table_places_nothing_anew() -> None:
    """As plans kept by an earlier version are read: nothing where nothing is shared, and a broken promise else."""
    dedicated = failing({"workloads": {"web": {"promised_share": 0.0}}})
    plan = moving(dedicated, moved={key: [0.0, 0.0] for key in (("east-lost", "web", p) for p in ("own", "west"))})
    assert plan.redispatch.empty
    ledger = open_ledger(dedicated, plan)
    assert ledger.redispatched.shape == (0, 2)
    assert {text.split(",")[0] for text in audit(dedicated, plan).failures} == {"capacity"}, "n of the west is for web"
