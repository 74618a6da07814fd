"""Promises in what people read and take away: words, tables, diagnosis, simple rules, nodes, files, report."""

from __future__ import annotations

import io
import json
import zlib
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis import focus, promises, registry, utilisation
from hybridplan.analysis import limits as limit_tables
from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.rounding import whole_nodes
from hybridplan.analysis.sentences import diagnosis, limits, savings
from hybridplan.analysis.sentences import promises as words
from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.io import exports, plan_document, scenario_file
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus
from hybridplan.report.content import content

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, "usd_per_gb": 1.0}}
FAILURES = {"lost": {"kind": "site", "record": "here"}, "gone": {"kind": "provider", "record": "cloud"}}


def made(share: float = 0.8, far: float = 50.0, failures: Any = FAILURES, **work: Any) -> Scenario:
    """Ten requests on ten owned accelerators; standby to be rented at far, at 3 USD."""
    pools = {"own": pool("owned", 10, 1.0), "far": pool("on_demand", far, 3.0, site="far", accelerators_per_node=8)}
    works = {"w": rigid([10.0], unit="requests", promised_share=share, ingress_gb_per_unit=0.1, **work)}
    return scenario(pools, works, sites=SITES, links=LINKS, policy={"contingencies": failures})


def solved(**fields: Any) -> Plan:
    plan = optimise(made(**fields))
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.tables is not None
    return plan


def test_what_stands_by_and_what_goes_on() -> None:
    """8 on standby, 24 USD. After the loss of the cloud all goes on, after that of Frankfurt 80 %."""
    plan = solved()
    assert words.standby(plan) == ["On standby for w: up to 8 gpu in far, at a rent of 24 USD over the hour."]
    assert words.kept(plan) == [
        "w promises 80 % after a failure: after the loss of Frankfurt, the worst of 2 failures, 80 % of what is served "
        "goes on. What would change this: a promise above 80 %, or two failures at once."
    ]
    assert words.in_short(plan) == ["After any one of 2 failures 1 workload goes on as promised: w."]
    assert plan.tables is not None
    rows = promises.survival(plan.scenario, plan.tables).set_index("contingency")["left_share"]
    assert (rows["lost"], rows["gone"]) == (pytest.approx(0.8), 1.0)


def test_where_nothing_stands_by_or_nothing_can_fail() -> None:
    plan = solved(failures={"gone": FAILURES["gone"]})
    assert words.standby(plan) == ["Nothing has to stand by: what is promised goes on where it runs anyway."]
    assert words.kept(plan) == [
        "w promises 80 % after a failure: after the loss of all that cloud runs 100 % of what is served goes on. "
        "What would change this: only two failures at once, as all of it goes on."
    ]
    alone = solved(failures={})
    assert words.standby(alone) == []
    assert words.kept(alone) == ["w promises 80 % after a failure, but nothing can fail: no contingency is given."]
    assert (words.standby(solved(share=0.0)), words.kept(solved(share=0.0))) == ([], [])


def test_what_one_unit_less_promised_saves() -> None:
    plan = solved()
    rows = limit_tables.binding(plan)
    (row,) = rows[rows["limit"] == "promise"].to_dict("records")
    assert (row["record"], row["usd"]) == ("w/lost", pytest.approx(3.0))
    said = limits.sentence(
        plan, **{key: row[key] for key in ("limit", "record", "usd", "hours", "usd_per_hour", "unit")}
    )
    assert said == (
        "Promising one unit (requests) per hour less of w after the loss of Frankfurt would save 3 USD over the hour."
    )
    assert limits.name(plan, "promise", "w/lost") == "Promise: w, loss of Frankfurt"
    assert limits.name(plan, "promise_bandwidth", "out/lost") == (
        "Bandwidth after a failure: Frankfurt to far, loss of Frankfurt"
    )
    assert (registry.seen_in("promise"), registry.seen_in("promise_bandwidth")) == ("How full", "Flows")


def test_standby_is_needed_but_not_busy() -> None:
    plan = solved()
    assert plan.tables is not None
    rows = utilisation.by_pool(plan.scenario, plan.tables, plan.routes).set_index("pool")
    assert rows.loc["far", "needed_accelerator_hours"] == pytest.approx(8.0)
    assert rows.loc["far", "busy_accelerator_hours"] == 0.0


def test_nodes_are_rounded_up_with_standby_in_them() -> None:
    """9 on standby take two nodes of 8: 7 more at 3 USD."""
    plan = solved(share=0.9)
    rounded = whole_nodes(plan)
    assert rounded is not None
    assert rounded.extra_usd == pytest.approx(21.0)
    rows = rounded.provisioned.set_index("pool")["accelerators_provisioned"]
    assert rows["far"] == 16.0


def test_the_diagnosis_lowers_a_promise_or_adds_what_it_takes() -> None:
    """All must be served, and 5 can stand by: 3 more, or a promise of 50 % in place of 80 %."""
    planted = made(far=5.0, must_serve=True)
    assert optimise(planted).status is SolveStatus.INFEASIBLE
    found = {(change.rule, change.record): change for change in diagnose(planted).alternatives}
    assert {("promise", "w"), ("capacity", "far"), ("must_serve", "w")} <= set(found)
    change = found["promise", "w"]
    assert (change.amount, change.unit, change.proven) == (pytest.approx(0.3, rel=1e-5), "share", True)
    assert change.new_value == pytest.approx(0.5, rel=1e-5)
    assert diagnosis.relaxation(planted, change) == "promise 30 % less of w after a failure (at most 50 %)"
    assert found["capacity", "far"].amount == pytest.approx(3.0, rel=1e-5)
    assert optimise(apply(planted, change)).status.has_plan


def test_the_diagnosis_widens_a_link_for_the_failure() -> None:
    """Standby for 8 requests sends 0.8 GB per hour; the link carries 0.45."""
    document = made(must_serve=True).to_dict()
    document["links"]["out"]["gbps"] = 0.001
    planted = Scenario.model_validate(document)
    found = {(change.rule, change.record): change for change in diagnose(planted).alternatives}
    assert found["link_bandwidth", "out"].amount == pytest.approx(0.8 / 450 - 0.001, rel=1e-5)
    assert found["link_bandwidth", "out"].proven


def test_simple_rules_keep_promises_on_pools_of_their_own_and_say_where_they_cannot() -> None:
    """Private first runs all at home and rents 8 for its loss: 10 + 24. All on demand has nothing but the provider."""
    found = baselines(made())
    assert (found["private_first"].breaks, found["private_first"].objective_usd) == ((), pytest.approx(34.0))
    broken = found["all_on_demand"].breaks
    assert [text.split(" at ")[0] for text in broken] == ["promise, w/gone"]
    assert "less than promised is left after the failure" in savings.broken_limits(made(), broken)
    assert "(w, loss of all that cloud runs)" in savings.broken_limits(made(), broken)
    assert not any(baseline.breaks for baseline in baselines(made(share=0.0)).values())


def test_files_carry_the_standby() -> None:
    plan = solved()
    assert plan.tables is not None
    (row,) = exports.plan_json(plan)["standby"]
    assert (row["workload"], row["pool"], row["accelerators_standby"]) == ("w", "far", pytest.approx(8.0))
    again = plan_document.unpack(plan_document.pack(plan), plan.scenario)
    assert again.tables is not None
    pd.testing.assert_frame_equal(again.tables.standby, plan.tables.standby, check_dtype=False)
    book = exports.plan_excel(plan)
    sheet = pd.read_excel(io.BytesIO(book), sheet_name="Standby", engine="calamine")
    assert sheet["accelerators_standby (accelerators)"].tolist() == pytest.approx([8.0])
    opened, _ = scenario_file.read(book)
    assert opened is not None
    assert opened.content_hash == plan.content_hash


def test_a_plan_kept_by_an_earlier_version_opens_without_standby() -> None:
    plan = solved(share=0.0)
    document = json.loads(zlib.decompress(plan_document.pack(plan)))
    del document["tables"]["standby"]
    again = plan_document.unpack(zlib.compress(json.dumps(document).encode()), plan.scenario)
    assert again.tables is not None
    assert again.tables.standby.empty
    assert audit(plan.scenario, again.tables).ok


def test_standby_is_on_the_bill_of_the_work_that_it_is_for() -> None:
    """10 USD of owned capacity, and 8 accelerators for an hour at 3 USD."""
    rows = focus.rows(solved())
    assert float(rows["EffectiveCost"].astype(float).sum()) == pytest.approx(34.0)
    (rented,) = rows.loc[rows["ChargeCategory"].eq("Usage") & rows["BilledCost"].astype(float).gt(0)].to_dict("records")
    assert float(rented["BilledCost"]) == pytest.approx(24.0)


def test_the_report_says_what_was_promised_and_what_goes_on() -> None:
    found = content(solved(), made_at=datetime(2026, 6, 1, tzinfo=UTC))
    sections = {section.key: section for section in found.evidence}
    assert any("On standby for w" in text for text in sections["failures"].bullets)
    assert [table.key for table in sections["failures"].tables] == ["failures", "survival", "failover"]
    promised = next(table for table in sections["demand"].tables if table.key == "promises")
    assert promised.rows[0][-1] == "80 % after a failure, by standby of its own"
    rules = {row[0]: row[1] for row in sections["policy"].tables[0].rows}
    assert rules["Failure to survive (lost)"] == "loss of Frankfurt"
    plain = content(solved(share=0.0, failures={}), made_at=datetime(2026, 6, 1, tzinfo=UTC))
    sections = {section.key: section for section in plain.evidence}
    assert "failures" not in sections
