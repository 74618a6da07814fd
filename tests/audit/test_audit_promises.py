"""Promises in the audit: standby is counted, charged and enough after each failure, or the plan is refused.

The estate of audit_cases.py. If home fails, web keeps 2 x (3 + 2 + 1) = 12 of 20 units, then 2 x (4 + 3 + 2) = 18 of
the 28 that are served: 0.6, then 0.642857. With 80 % promised 4 and 4.4 units are missing: 2 and 2.2 accelerators on
standby at od, of which 80 % may be used, so that n is 6.25 and 7.75 there, 2.5 and 2.75 more.

That costs (2.5 + 2.75) x 6 h x 2 USD = 63, and in idle power 5.25 x 6 x 0.5 kW x 1.2 x 100 g x 50 USD/t = 0.0945.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_cases import ESTATE, STARTS, changed, estate, tables

from hybridplan.audit import AuditReport, audit, certify
from hybridplan.audit.axes import Axes
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import Scenario
from hybridplan.model.aligned import ledger as aligned
from hybridplan.model.data import Data
from hybridplan.model.values import Values
from hybridplan.model.values import tables as to_tables
from hybridplan.plan import PlanTables

OBJECTIVE = 395.9295 + 63.0 + 0.0945
HOME = {"home-lost": {"kind": "site", "record": "home"}}


def promising(share: float, failures: dict[str, Any] = HOME, **changes: Any) -> Scenario:
    """The estate, in which web promises a share."""
    works = {**changes.pop("workloads", {}), "web": {"promised_share": share, "interruptible_share_cap": 1.0}}
    return estate(workloads=works, policy={"contingencies": failures}, **changes)


def standing(values: dict[tuple[str, str], list[float]], per: float = 2.0) -> pd.DataFrame:
    """The table of standby: accelerators by workload and pool, and what they can serve."""
    rows = [
        (work, pool, "b", STARTS[t], value, per * value)
        for (work, pool), series in values.items()
        for t, value in enumerate(series)
        if value
    ]
    names = ["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"]
    return pd.DataFrame(rows, columns=names).astype({"period_start": STARTS.dtype})


def ready() -> PlanTables:
    """The plan with its standby."""
    plan = tables(n={"od": [6.25, 7.75]})
    return changed(plan, "standby", standing({("web", "od"): [2.0, 2.2]}))


def judged(scenario: Scenario, plan: PlanTables) -> tuple[set[str], AuditReport]:
    report = audit(scenario, plan)
    failed = report.residuals[~(report.residuals["relative"] <= 1e-6)]
    return set(failed["rule"]), report


@pytest.mark.parametrize(
    ("share", "failures", "expected"),
    [
        (0.6, HOME, set()),
        (0.601, HOME, {"promise"}),
        (0.35714, {"f": {"kind": "provider", "record": "acme"}}, set()),
        (0.3572, {"f": {"kind": "provider", "record": "acme"}}, {"promise"}),
        (0.78571, {"f": {"kind": "spot"}}, set()),
        (0.7858, {"f": {"kind": "spot"}}, {"promise"}),
        (0.6, {**HOME, "g": {"kind": "site", "record": "cloud"}}, {"promise"}),
        (1.0, {}, set()),
    ],
)
def test_what_goes_on_without_standby(share: float, failures: dict[str, Any], expected: set[str]) -> None:
    """acme: own alone, 8 of 20 and 10 of 28 = 0.357143. Spot: 16 of 20 and 22 of 28 = 0.785714."""
    found, _ = judged(promising(share, failures), tables())
    assert found == expected


def test_standby_is_charged_and_counted_but_not_busy() -> None:
    found, report = judged(promising(0.8), ready())
    assert found == set()
    assert report.objective_usd == pytest.approx(OBJECTIVE)
    lines = report.cost_lines.set_index(["term", "workload", "pool"])["usd"]
    assert lines["usage", "web", "od"] == pytest.approx(14 * 6 * 2.0)
    rows = report.quantities.set_index("pool")
    assert rows.loc["od", "busy_accelerator_hours"] == pytest.approx(7 * 6)
    assert rows.loc["od", "provisioned_accelerator_hours"] == pytest.approx(14 * 6)


def test_a_pair_that_only_stands_by_is_a_pair() -> None:
    """nightly out of the way, web stands by on 6 and 2 of its own: enough for half if acme fails, free of charge."""
    scenario = promising(0.5, {"f": {"kind": "provider", "record": "acme"}})
    plan = changed(tables(), "standby", standing({("web", "own"): [1.0, 2.0]}))
    found, report = judged(scenario, plan)
    assert found == set()
    assert report.objective_usd == pytest.approx(395.9295)
    alone = changed(plan, "allocation", plan.allocation[plan.allocation["workload"] == "nightly"])
    ledger = open_ledger(scenario, alone)
    assert "web/own" in ledger.pairs
    assert ledger.per_pool(ledger.standby)[0].tolist() == [1.0, 2.0]


ACME = {"f": {"kind": "provider", "record": "acme"}}


def test_standby_takes_the_room_of_work() -> None:
    """own has 10: 8 work in the second period, so 3 more on standby are one too many."""
    plan = changed(tables(), "standby", standing({("web", "own"): [0.0, 3.0]}))
    assert judged(promising(0.0, ACME), plan)[0] == {"capacity", "promise"}, "and web has promised nothing"
    assert judged(promising(0.1, ACME), plan)[0] == {"capacity"}


def test_standby_is_only_where_it_helps() -> None:
    """own is lost with home, and spot with the spot market; without a failure, or one that hits web, none helps."""
    plan = changed(tables(), "standby", standing({("web", "own"): [1.0, 0.0]}))
    unhit = {"f": {"kind": "group", "pools": ["far"]}}
    more = {"far": {**ESTATE["pools"]["od"], "sku": "another", "price_usd_per_accelerator_hour": 1.0}}
    assert judged(promising(0.1, ACME), plan)[0] == set()
    assert judged(promising(0.1, {**HOME, **ACME}), plan)[0] == set()
    assert judged(promising(0.1, HOME), plan)[0] == {"promise"}
    assert judged(promising(0.1, {}), plan)[0] == {"promise"}
    assert "promise" in judged(promising(0.1, unhit, pools=more), plan)[0]


def test_standby_of_work_that_may_not_run_there_or_promises_nothing() -> None:
    for pair, per in ((("nightly", "own"), 3.0), (("web", "own"), 2.0)):
        scenario = promising(0.1, ACME, workloads={})
        if pair[0] == "web":
            scenario = estate(
                workloads={"web": {"promised_share": 0.1, "denied_sites": ["home"]}}, policy={"contingencies": ACME}
            )
        _, report = judged(scenario, changed(tables(), "standby", standing({pair: [1.0, 0.0]}, per)))
        assert any("standby is kept where it is of no use" in text for text in report.failures), pair


def test_a_link_that_is_too_thin_after_a_failure() -> None:
    """Out of home: 0.5 GB per unit, 16 and 22.4 units after the failure: 8 and 11.2 GB; 0.0248 Gbit/s are 11.16."""
    for gbps, expected in ((0.025, set()), (0.0248, {"promise_bandwidth"})):
        scenario = promising(0.8, links={"out": {"gbps": gbps}})
        found, report = judged(scenario, ready())
        assert found == expected
    assert "promise_bandwidth, out/home-lost" in report.failures[0]


def certificate_of(plan: PlanTables) -> bool:
    report = audit(promising(0.8), plan)
    return certify(report, OBJECTIVE, OBJECTIVE, "weak duality").passed


MUTATIONS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "no row": lambda t: t.iloc[:0],
    "one row less": lambda t: t.iloc[1:],
    "a row twice": lambda t: pd.concat([t, t.iloc[[0]]]),
    "a thousandth less": lambda t: t.assign(accelerators_standby=t["accelerators_standby"] * 0.999),
    "all of it a little less": lambda t: t.assign(
        accelerators_standby=t["accelerators_standby"] * 0.9999, units_per_hour=t["units_per_hour"] * 0.9999
    ),
    "a little more": lambda t: t.assign(
        accelerators_standby=t["accelerators_standby"] * 1.0001, units_per_hour=t["units_per_hour"] * 1.0001
    ),
    "units that it cannot serve": lambda t: t.assign(units_per_hour=t["units_per_hour"] * 1.001),
    "negative": lambda t: t.assign(accelerators_standby=-t["accelerators_standby"]),
    "NaN": lambda t: t.assign(accelerators_standby=float("nan")),
    "infinite": lambda t: t.assign(accelerators_standby=float("inf")),
    "in another pool": lambda t: t.assign(pool="spot"),
    "in a pool that is lost": lambda t: t.assign(pool="own"),
    "in no pool": lambda t: t.assign(pool="none"),
    "of other work": lambda t: t.assign(workload="nightly"),
    "in another block": lambda t: t.assign(block="another"),
    "at another time": lambda t: t.assign(period_start=t["period_start"] + pd.Timedelta("1h")),
    "both in one period": lambda t: t.assign(period_start=STARTS[0]),
    "without a column": lambda t: t.drop(columns="units_per_hour"),
    "text": lambda t: t.assign(accelerators_standby="two"),
    "no table": lambda t: None,
}


def test_the_plan_itself_passes() -> None:
    assert certificate_of(ready())


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_changed_table_of_standby_is_refused(kind: str) -> None:
    plan = ready()
    assert not certificate_of(changed(plan, "standby", MUTATIONS[kind](plan.standby)))


def test_a_plan_without_the_table_has_no_standby() -> None:
    """As plans kept by an earlier version are read."""
    plan = tables()
    assert plan.standby.empty
    assert judged(promising(0.6), replace(plan))[0] == set()


def test_the_words_name_workload_and_failure() -> None:
    """0.7 of 20 are 14, and 12 go on; of 28 19.6, and 18."""
    _, report = judged(promising(0.7), tables())
    assert report.failures[0].startswith("promise, web/home-lost at 2026-01-05 00:00 UTC: less than promised is left")
    assert "off by 2 requests per hour" in report.failures[0]


def test_the_decisions_of_an_answer_are_the_tables_they_become() -> None:
    """The audit without tables, for sweeps, sees the same standby."""
    data = Data(promising(0.8))
    busy = np.repeat(1.0 + np.arange(len(data.routes))[:, None], 2, axis=1)
    pairs = [(pair.workload, pair.pool) for pair in data.promises.pairs]
    standby = np.array([[2.0, 2.2] if pair == ("web", "od") else [0.0, 0.0] for pair in pairs])
    rest = np.zeros_like(data.demand), np.zeros(len(data.windows)), data.capacity
    values = Values(busy, busy, busy, *rest, None, standby)
    direct, read = aligned(data, values, Axes(data.scenario)), open_ledger(data.scenario, to_tables(data, values))
    assert direct.per_pool(direct.standby) == pytest.approx(read.per_pool(read.standby))
    assert direct.per_pool(direct.standby_units) == pytest.approx(read.per_pool(read.standby_units))
    assert direct.load == pytest.approx(read.load)
    assert direct.provisioned == pytest.approx(read.provisioned)
