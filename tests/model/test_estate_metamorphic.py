"""What a change of any estate may do to its least cost, to 1e-7; see estate_changes.py for the changes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, replace
from itertools import pairwise
from math import inf
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from estate_changes import ALL_SIZES, NEVER_LESS, NEVER_MORE, SAME, TWICE, Change, in_units
from estate_costs import least_cost
from estate_failures import Document, resilient_estate
from estate_providers import ProvidersOracle

from hybridplan.analysis.frontier import Aim, available, capped, frontier
from hybridplan.audit import audit
from hybridplan.domain import parse, require
from hybridplan.io import share_link
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

EACH = 3
"""Scenarios of each change here; 60 in a soak."""
CLOSE = 1e-7
WHOLE = 2.1e-6
"""Of two plans with whole numbers each may be 1e-6 above its optimum."""


def estates(name: str, whole: bool = False) -> Iterator[tuple[np.random.Generator, int, Document]]:
    """Draws, seeds and documents of their own for each change."""
    for k in range(400):
        seed = (crc32(name.encode()) + k) % 100_000
        document = resilient_estate(seed, whole=whole)
        document["policy"]["owned_first"] = False
        yield np.random.default_rng([seed, 37]), seed, document


def cost(document: Document, whole: bool) -> float:
    """Infinite where there is no plan."""
    if not whole:
        return least_cost(document)
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (plan.status, plan.certificate)
    return inf if plan.objective_usd is None else plan.objective_usd


def compared(name: str, change: Change, whole: bool, most: int) -> Iterator[tuple[int, float, float]]:
    """Seed, cost before and after, of so many scenarios of which one has a plan."""
    found = 0
    for rng, seed, document in estates(name, whole):
        pair = change(rng, document)
        if pair is None:
            continue
        before, after = (cost(one, whole) for one in pair)
        if before < inf or after < inf:
            found += 1
            yield seed, before, after
        if found == most:
            return
    raise AssertionError(f"{name}: only {found}")


def slack(value: float, whole: bool) -> float:
    return (WHOLE if whole else CLOSE) * abs(value) + 1e-7 if value < inf else 0.0


def holds(name: str, whole: bool, most: int) -> None:
    """The one change of this name, whatever it may do."""
    for kind, changes in (("more", NEVER_MORE), ("less", NEVER_LESS), ("same", SAME), ("twice", TWICE)):
        if name not in changes:
            continue
        for seed, before, after in compared(name, changes[name], whole, most):
            told = (name, seed, before, after)
            if kind == "more":
                assert after <= before + slack(before, whole), told
            elif kind == "less":
                assert after >= before - slack(before, whole), told
            else:
                expected = before if kind == "same" else 2 * before
                assert after == expected or abs(after - expected) <= slack(expected, whole), told


NAMES = [*NEVER_MORE, *NEVER_LESS, *SAME, *TWICE]


@pytest.mark.parametrize("name", NAMES)
def test_cost_moves_as_it_must(name: str) -> None:
    holds(name, False, EACH)
    holds(name, True, 1)


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_cost_moves_as_it_must_many_times(name: str) -> None:
    holds(name, False, 60)
    holds(name, True, 20)


def test_twice_the_capacity_and_the_demand_is_twice_the_plan() -> None:
    """The plan with all its decisions doubled passes the audit of the doubled estate, at twice the cost, and no plan
    of it is cheaper."""
    double, found = in_units((2.0, ALL_SIZES)), 0
    for rng, seed, document in estates("double"):
        pair = double(rng, document)
        assert pair is not None
        before, after = optimise(require(document)), require(pair[1])
        if before.tables is None:
            continue
        keys = {"share"}
        doubled = {one.name: _doubled(getattr(before.tables, one.name), keys) for one in fields(before.tables)}
        report = audit(after, replace(before.tables, **doubled))
        assert report.ok, (seed, report)
        twice = 2 * (before.objective_usd or 0.0)
        assert report.objective_usd == pytest.approx(twice, rel=CLOSE, abs=1e-7), seed
        assert least_cost(pair[1]) == pytest.approx(twice, rel=CLOSE, abs=1e-7), seed
        found += 1
        if found == EACH:
            return
    raise AssertionError(f"only {found} plans")


def _doubled(frame: Any, but: set[str]) -> Any:
    numbers = [column for column in frame.select_dtypes("number").columns if column not in but]
    return frame.assign(**{column: 2 * frame[column] for column in numbers})


def with_demand(document: Document, factor: float) -> Document:
    """In all blocks."""
    changed = deepcopy(document)
    for block in changed["horizon"]["blocks"].values():
        block["demand_factor"] *= factor
    return changed


def test_cost_is_convex_in_demand() -> None:
    bent = 0
    for k, (rng, seed, document) in enumerate(estates("convex")):
        step = float(rng.uniform(0.05, 0.5))
        low, middle, high = (least_cost(with_demand(document, 1 + j * step)) for j in range(3))
        if low == inf and high == inf:
            continue
        assert middle <= (low + high) / 2 + slack(max(low, middle), False), (seed, low, middle, high)
        bent += middle < (low + high) / 2 * (1 - 1e-4)
        if bent >= EACH and k >= 2 * EACH:
            return
    raise AssertionError(f"only {bent} bends")


class Demand:
    """The least cost of an estate over the demand of one workload in the first hour of one block."""

    def __init__(self, document: Document, w: str, b: str) -> None:
        self.document, self.w, self.b = document, w, b
        self.block = document["horizon"]["blocks"][b]
        self.rest = document["workloads"][w]["demand_units_per_hour"][b][1:]

    def asking(self, units: float) -> Document:
        self.document["workloads"][self.w]["demand_units_per_hour"][self.b] = [units, *self.rest]
        return self.document

    def priced(self, units: float) -> tuple[float, float, float]:
        """Units, cost, and what one more unit costs by the price of the limit; infinite where there is no plan."""
        scenario = require(self.asking(units))
        plan = optimise(scenario)
        if plan.objective_usd is None:
            return units, inf, inf
        rows = plan.shadow_prices
        at = scenario.horizon.blocks[self.b].start
        mine = rows["limit"].eq("rigid_demand") & rows["record"].eq(self.w) & rows["period_start"].eq(at)
        return units, plan.objective_usd, float(rows[mine]["usd_per_unit"].sum()) * self.block["demand_factor"]

    def kink(self, least: float, most: float) -> tuple[float, float, float] | None:
        """Where the cost bends: where two tangents meet, once the cost there is theirs; None where it does not."""
        low, high = self.priced(least), self.priced(most)
        for _ in range(8):
            (x, c, s), (z, d, t) = low, high
            if d == inf or c == inf or t - s <= 1e-4 * abs(t):
                return None
            middle = self.priced((c - d + t * z - s * x) / (t - s))
            units, usd, slope = middle
            if usd - (c + s * (units - x)) <= 1e-9 * abs(usd):
                return middle
            low, high = (low, middle) if slope - s > 1e-4 * abs(slope) else (middle, high)
        return None


def test_the_price_of_demand_lies_between_the_differences_at_kinks() -> None:
    """Exactly where one more unit costs more than one less saves, what it is said to cost lies between the two."""
    found = 0
    for rng, seed, document in estates("kinks"):
        works = [w for w, work in document["workloads"].items() if "demand_units_per_hour" in work]
        w, b = str(rng.choice(works)), str(rng.choice(list(document["horizon"]["blocks"])))
        demand = Demand(document, w, b)
        value = document["workloads"][w]["demand_units_per_hour"][b][0]
        bend = demand.kink(0.3 * value, 3.0 * value) if value > 0 else None
        if bend is None:
            continue
        units, usd, slope = bend
        step = 1e-3 * units
        left = (usd - least_cost(demand.asking(units - step))) / step
        right = (least_cost(demand.asking(units + step)) - usd) / step
        near = 2e-7 * abs(usd) / step + 1e-6 * abs(slope)
        assert left - near <= slope <= right + near, (seed, left, slope, right)
        found += right - left > 3 * near
        if found == EACH:
            return
    raise AssertionError(f"only {found} kinks")


def test_whole_numbers_never_cost_less_than_parts_of_them() -> None:
    found = 0
    for _, seed, document in estates("relaxed", whole=True):
        scenario = require(document)
        oracle = ProvidersOracle(scenario)
        oracle.build()
        if not oracle.integer:
            continue
        oracle.integer = set()
        least, plan = oracle.least(), optimise(scenario)
        if plan.objective_usd is None or least is None or plan.certificate is None:
            assert plan.objective_usd is None or least is not None, seed
            continue
        assert plan.objective_usd >= least - slack(least, False), seed
        bound = plan.certificate.relaxation_bound_usd
        assert bound is not None
        assert plan.objective_usd >= bound - slack(bound, False), seed
        found += 1
        if found == EACH:
            return
    raise AssertionError(f"only {found} plans")


def test_a_shared_estate_opens_as_it_was() -> None:
    for seed in range(60):
        scenario = require(resilient_estate(seed))
        document, issues = share_link.unpack(share_link.pack(scenario))
        assert issues == []
        again, _ = parse(document)
        assert again == scenario
        assert again is not None
        assert again.content_hash == scenario.content_hash


@pytest.mark.parametrize("aim", ["carbon", "promise", "provider_share", "latency_objective", "unserved"])
def test_a_frontier_never_rises_and_is_what_single_solves_give(aim: Aim) -> None:
    for _, seed, document in estates(f"frontier {aim}"):
        base = require(document)
        if aim not in available(base):
            continue
        found = frontier(base, aim, points=4, time_limit_seconds=30)
        under = document
        if len(found.points) < 3:
            continue
        if found.serves_all:
            under = {**document, "workloads": {w: {**x, "must_serve": True} for w, x in document["workloads"].items()}}
        known = [(point.cap, point.objective_usd) for point in found.points if point.objective_usd is not None]
        for cap, usd in known:
            alone = optimise(capped(require(under), aim, cap, ""))
            assert alone.objective_usd == pytest.approx(usd, rel=CLOSE, abs=1e-6), (seed, cap)
        assert all(later <= earlier + slack(earlier, False) for (_, earlier), (_, later) in pairwise(known)), seed
        return
    raise AssertionError("no estate has this aim")
