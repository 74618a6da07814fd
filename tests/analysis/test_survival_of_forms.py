"""What goes on after each failure, for every form of promise, from solved plans."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import promises
from hybridplan.audit import audit
from hybridplan.audit.ledger import open_ledger
from hybridplan.audit.rules.promise import carried
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
    "empty": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}
FAILURES = {
    "here-lost": {"kind": "site", "record": "here"},
    "far-lost": {"kind": "site", "record": "far"},
    "empty-lost": {"kind": "site", "record": "empty"},
}


def solved(form: str, **fields: Any) -> Plan:
    """Ten requests each of two workloads on 20 owned accelerators; a and b promise 80 and 50 %, far is at 3 USD."""
    rented = {"ramp_up_accelerators_per_hour": 10.0} if form == "cold" else {}
    pools = {"own": pool("owned", 20, 1.0), "far": pool("on_demand", 50, 3.0, site="far", **rented)}
    more = {"promise_form": form, **fields}
    works = {
        "a": rigid([10.0], unit="requests", promised_share=0.8, **more),
        "b": rigid([10.0], unit="requests", promised_share=0.5, **more),
        "c": rigid([0.0], unit="requests"),
    }
    plan = optimise(scenario(pools, works, sites=SITES, links=LINKS, policy={"contingencies": FAILURES}))
    assert plan.status is SolveStatus.OPTIMAL
    return plan


def left(plan: Plan) -> pd.Series[float]:
    assert plan.tables is not None
    rows = promises.survival(plan.scenario, plan.tables)
    assert tuple(rows.columns) == promises.SURVIVAL_COLUMNS
    return rows.set_index(["workload", "contingency"])["left_share"]


@pytest.mark.parametrize(
    ("form", "fields", "usd", "of_a"),
    [
        ("dedicated", {}, 20.0 + 3.0 * 13.0, 0.8),
        ("shared", {}, 20.0 + 3.0 * 13.0, 0.8),
        ("cold", {"recovery_minutes": 60.0}, 20.0 + 3.0 * 3.0, 0.8),
        ("cold", {"recovery_minutes": 90.0}, 20.0, 1.0),
    ],
)
def test_what_is_promised_goes_on_in_every_form(form: str, fields: dict[str, Any], usd: float, of_a: float) -> None:
    """8 and 5 in far if here is lost; cold all but the 10 that start within the hour, or none, as 15 do in 1.5.

    These are 2 more than is promised: a, which stands first, has them. All of both goes on where the failure takes no
    route of theirs.
    """
    plan = solved(form, **fields)
    assert plan.objective_usd == pytest.approx(usd)
    found = left(plan)
    assert found["a", "here-lost"] == pytest.approx(of_a)
    assert found["b", "here-lost"] == pytest.approx(0.5)
    for work, share in (("a", 0.8), ("b", 0.5)):
        assert found[work, "far-lost"] >= share - 1e-9
        assert found[work, "empty-lost"] == 1.0
    assert "c" not in found.index.get_level_values("workload")


def test_survival_is_what_the_audit_carries() -> None:
    """10 of 20 units promised at 80 and 50 %: 13 per hour."""
    plan = solved("shared")
    assert plan.tables is not None
    assert audit(plan.scenario, plan.tables).ok
    ledger = open_ledger(plan.scenario, plan.tables)
    assert carried(ledger, "here-lost")[:, 0].tolist() == pytest.approx([8.0, 5.0, 0.0])
