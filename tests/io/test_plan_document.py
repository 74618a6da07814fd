"""A plan packed and unpacked is the same plan; anything else is refused."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis.kept import reopen
from hybridplan.analysis.planner import solve
from hybridplan.domain import Scenario, require
from hybridplan.io.plan_document import UnreadablePlan, pack, unpack
from hybridplan.io.scenario_json import load
from hybridplan.plan import Plan

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
NAMES = ("demo", "whole_nodes", "serving_congestion", "reference_owned_first")


@cache
def solved(name: str) -> Plan:
    return solve(load(SCENARIOS / f"{name}.json"))


def same(one: Any, other: Any) -> None:
    """Equal all the way down; tables by value, type and order."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other)
    elif isinstance(one, Scenario):
        assert one.content_hash == other.content_hash
    elif hasattr(one, "__dataclass_fields__"):
        for part in fields(one):
            same(getattr(one, part.name), getattr(other, part.name))
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            same(one[key], other[key])
    else:
        assert one == other or (one != one and other != other)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_plan_comes_back(name: str) -> None:
    plan = solved(name)
    same(plan, unpack(pack(plan), plan.scenario))


def test_an_impossible_scenario_keeps_its_diagnosis() -> None:
    plan = solve(scenario({"o": pool("owned", 5, 1.0)}, {"w": rigid([9], must_serve=True)}))
    assert plan.diagnosis is not None
    again = unpack(pack(plan), plan.scenario)
    assert again.diagnosis == plan.diagnosis
    assert reopen(pack(plan), plan.scenario) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_plan_is_audited_again(name: str) -> None:
    plan = solved(name)
    again = reopen(pack(plan), plan.scenario)
    assert again is not None
    assert again.objective_usd == plan.objective_usd


def test_a_plan_of_another_scenario_is_refused() -> None:
    plan = solved("demo")
    other = require({**plan.scenario.to_dict(), "name": "another"})
    with pytest.raises(UnreadablePlan):
        unpack(pack(plan), other)
    assert reopen(pack(plan), other) is None


def test_a_changed_table_or_figure_does_not_pass() -> None:
    plan = solved("demo")
    assert plan.tables is not None
    rows = plan.tables.allocation.assign(accelerators_busy=plan.tables.allocation["accelerators_busy"] * 1.001)
    assert reopen(pack(replace(plan, tables=replace(plan.tables, allocation=rows))), plan.scenario) is None
    assert reopen(pack(replace(plan, cost_usd={**plan.cost_usd, "usage": 1.0})), plan.scenario) is None
    assert plan.objective_usd is not None
    assert reopen(pack(replace(plan, objective_usd=plan.objective_usd * 0.99)), plan.scenario) is None
    assert plan.certificate is not None
    better = replace(plan.certificate, bound_usd=plan.objective_usd * 1.01)
    assert reopen(pack(replace(plan, certificate=better)), plan.scenario) is None


def test_damage_is_refused_without_a_traceback() -> None:
    """Cut off, flipped bits, other forms, bombs: never anything but UnreadablePlan, and None on reopening."""
    plan = solved("reference_owned_first")
    data = pack(plan)
    rng = np.random.default_rng(7)
    broken = [data[:cut] for cut in range(0, len(data), max(len(data) // 40, 1))]
    for _ in range(300):
        flipped = bytearray(data)
        flipped[int(rng.integers(len(flipped)))] ^= 1 << int(rng.integers(8))
        broken.append(bytes(flipped))
    document = json.loads(zlib.decompress(data))
    changes: tuple[dict[str, Any], ...] = (
        {"format": 2},
        {"status": "fine"},
        {"tables": 3},
        {"frames": {}},
        {"solver": {"name": 1}},
    )
    for change in changes:
        broken.append(zlib.compress(json.dumps({**document, **change}).encode()))
    broken += [b"", b"{}", zlib.compress(b"[" * 100_000), zlib.compress(b"null")]
    for one in broken:
        if one == data:
            continue
        assert reopen(one, plan.scenario) is None or pack(unpack(one, plan.scenario)) == data


def test_a_plan_kept_before_there_were_commitments_and_copies_opens_again() -> None:
    """Its tables of choices are empty, and its lines of cost are those of the audit, with record and detail."""
    plan = solve(scenario({"o": pool("owned", 5, 1.0)}, {"w": rigid([3])}))
    document = json.loads(zlib.decompress(pack(plan)))
    for tables in (document["tables"], *(row["tables"] for row in document["baselines"].values())):
        for name in ("purchases", "covered", "private_flows", "copies", "syncs"):
            del tables[name]
    lines = document["frames"]["cost_lines"]
    document["frames"]["cost_lines"] = [column for column in lines if column[0] not in ("record", "detail")]
    again = reopen(zlib.compress(json.dumps(document).encode()), plan.scenario)
    assert again is not None
    assert again.tables is not None
    assert again.tables.purchases.empty
    pd.testing.assert_frame_equal(again.cost_lines, plan.cost_lines)
