"""What demo_year says it teaches is true: what to buy, what to commit to, where a copy pays."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from hybridplan.domain import require
from hybridplan.domain.features import curved_fields, whole_fields
from hybridplan.io import catalogue
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

Document = dict[str, Any]


def document() -> Document:
    data: Document = json.loads(catalogue.scenario_paths()["demo_year"].read_text(encoding="utf-8"))
    return copy.deepcopy(data)


@cache
def year() -> Plan:
    return optimise(require(document()))


def usd_of(plan: Plan) -> float:
    assert plan.objective_usd is not None
    return plan.objective_usd


def changed(change: Callable[[Document], object]) -> Plan:
    data = document()
    change(data)
    return optimise(require(data))


def dearer(change: Callable[[Document], object]) -> float:
    """USD a year that the plan costs more after a change."""
    return usd_of(changed(change)) - usd_of(year())


def bought(plan: Plan) -> dict[str, float]:
    assert plan.tables is not None
    rows = plan.tables.purchases
    return dict(zip(rows["record"], rows["quantity"].astype(float), strict=True))


def test_it_is_the_demo_over_four_quarters() -> None:
    """Same sites, pools and links; 4 blocks x 13 weeks = 52 weeks, Monday to Monday in Berlin, growing."""
    demo = json.loads(catalogue.scenario_paths()["demo"].read_text(encoding="utf-8"))
    data = document()
    assert data["pools"] == demo["pools"]
    assert data["links"] == demo["links"]
    scenario = require(data)
    assert scenario.horizon.plan_hours == 52 * 168
    blocks = [block for _, block in scenario.horizon.ordered()]
    assert [block.weight for block in blocks] == [13] * 4
    assert [block.demand_factor for block in blocks] == [1, 1.12, 1.25, 1.4]
    assert [block.label for block in blocks] == [f"Q{n} 2027, typical week" for n in (1, 2, 3, 4)]
    assert {(block.start.weekday(), block.start.hour) for block in blocks} == {(0, 0)}
    assert whole_fields(scenario) == curved_fields(scenario) == []
    for key, work in scenario.workloads.items():
        hourly = demo["workloads"][key].get("demand_units_per_hour", {}).get("week")
        if hourly:
            profiles = list(work.demand_units_per_hour.values())
            assert all(sum(values) * 2 == pytest.approx(sum(hourly)) for values in profiles)
        else:
            assert len(work.windows) == 4 * len(demo["workloads"][key]["windows"])


def test_all_is_served_and_proven() -> None:
    plan = year()
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.kind == "linear"
    assert sum(row.share for row in plan.unserved.values()) <= 1e-9
    assert usd_of(plan) == pytest.approx(3.18e6, rel=0.002)


def test_buy_all_that_the_hall_takes() -> None:
    assert bought(year())["more-h100"] == pytest.approx(48)
    assert year().cost_usd["expansion"] == pytest.approx(0.31e6, rel=0.01)
    assert usd_of(changed(lambda data: data.pop("expansions"))) == pytest.approx(4.33e6, rel=0.002)
    sooner = changed(lambda data: data["expansions"]["more-h100"].update(lead_time_blocks=1))
    assert usd_of(year()) - usd_of(sooner) == pytest.approx(0.27e6, rel=0.03)
    assert bought(sooner)["azure-1y"] == pytest.approx(0, abs=1e-6)
    more = changed(lambda data: data["expansions"]["more-h100"].update(max_accelerators=96))
    assert bought(more)["more-h100"] == pytest.approx(67, abs=0.5)


def test_do_not_renew_the_reservation() -> None:
    assert bought(year())["aws-a100-1y-new"] == 0
    option: Callable[[Document], Document] = lambda data: data["commitments"]["aws-a100-1y-new"]  # noqa: E731
    assert dearer(lambda data: option(data).update(min_new_accelerators=16)) == pytest.approx(109_000, rel=0.01)
    cheap = changed(lambda data: option(data).update(fee_usd_per_accelerator_hour=2.71757 * 2 / 3))
    assert bought(cheap)["aws-a100-1y-new"] == pytest.approx(0, abs=1e-6)
    tables = year().tables
    assert tables is not None
    rows = tables.provisioned.query("pool == 'aws-fra-a100-reserved'")
    busy = rows.groupby("block")["accelerators_busy"].mean()
    assert min(busy["q1"], busy["q2"]) > 0.85 * 16
    assert max(busy["q3"], busy["q4"]) == pytest.approx(0, abs=1e-9)


def test_commit_to_a_part_of_azure() -> None:
    assert bought(year())["azure-1y"] == pytest.approx(36, abs=0.5)
    assert dearer(lambda data: data.pop("spend_commitments")) == pytest.approx(20_000, rel=0.03)
    assert bought(changed(lambda data: data.pop("expansions")))["azure-1y"] == pytest.approx(47, abs=0.5)


def test_the_copy_in_stockholm_pays() -> None:
    """20,000 GB x 0.023 USD x 8,736 / 730 months = 5,505 USD; 20,000 / (450 x 1 Gbit/s) = 44.4 hours to copy."""
    home_only = changed(lambda data: data["datasets"]["eval-corpus"].pop("copies"))
    assert usd_of(home_only) - usd_of(year()) == pytest.approx(122_000, rel=0.02)
    storage = year().cost_usd["storage"] - home_only.cost_usd["storage"]
    assert storage == pytest.approx(20_000 * 0.023 * 52 * 168 / 730)
    tables = year().tables
    assert tables is not None
    rows = tables.allocation.query("workload == 'evaluation' and block == 'q1'")
    away = rows[rows["pool"].str.startswith("aws-sto") & (rows["accelerators_busy"] > 1e-6)]
    first = require(document()).horizon.blocks["q1"].start
    assert (away["period_start"].min() - first).total_seconds() / 3600 >= 46


def test_growth_costs_two_thirds_of_a_million() -> None:
    flat = changed(lambda data: [block.pop("demand_factor", 1) for block in data["horizon"]["blocks"].values()])
    assert usd_of(year()) - usd_of(flat) == pytest.approx(0.65e6, rel=0.01)
