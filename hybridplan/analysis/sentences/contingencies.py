"""What each failure takes, and which promised work goes on after it, in one sentence each."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.domain.contingency import lost
from hybridplan.plan import Plan

_ROUNDING: Final = 1e-6


def after_each(plan: Plan) -> list[str]:
    """``Loss of Frankfurt takes 3 pools with 160 accelerators and 2 links; 2 promised workloads go on as promised.``"""
    if plan.tables is None or not plan.scenario.policy.contingencies:
        return []
    rows = promises.survival(plan.scenario, plan.tables)
    return [
        _sentence(plan.scenario, key, rows.loc[rows["contingency"] == key])
        for key in plan.scenario.policy.contingencies
    ]


def takes(scenario: Scenario, contingency: str) -> str:
    """What it takes: ``3 pools with 160 accelerators and 2 links``; empty where that is nothing.

    Accelerators as they stand: installed, quota, or committed.
    """
    gone = lost(scenario.policy.contingencies[contingency], scenario)
    parts = []
    if gone.pools:
        count = plural(len(gone.pools), "pool")
        parts.append(say("takes.pools", pools=count, accelerators=_accelerators(scenario, gone.pools)))
    if gone.links:
        parts.append(plural(len(gone.links), "link"))
    copies = sum(
        (data.home_site in gone.sites) + sum(site in gone.sites for site in data.copies)
        for data in scenario.datasets.values()
    )
    if copies:
        parts.append("1 copy of data" if copies == 1 else f"{copies:,} copies of data")
    return fmt.listed(parts)


def _accelerators(scenario: Scenario, pools: frozenset[str]) -> str:
    """``160 accelerators``; units of another name beside them: ``64 accelerators and 512 vCPU``."""
    found: dict[str, float] = {}
    for key, pool in scenario.pools.items():
        if key in pools:
            committed = sum(one.accelerators for one in scenario.commitments.values() if one.pool == key)
            found[pool.unit] = found.get(pool.unit, 0.0) + pool.capacity_accelerators + committed
    return fmt.listed([_some(count, unit) for unit, count in found.items()])


def _some(count: float, unit: str) -> str:
    shown = fmt.count(count)
    return f"{shown} {unit}{'s' if unit == 'accelerator' and shown != '1' else ''}"


def _sentence(scenario: Scenario, contingency: str, rows: pd.DataFrame) -> str:
    failure = labels.contingencies(scenario)[contingency]
    failure = failure[:1].upper() + failure[1:]
    things = takes(scenario, contingency)
    if not things:
        return say("takes.nothing", failure=failure)
    return say("takes.one", failure=failure, things=things, then=_then(scenario, rows))


def _then(scenario: Scenario, rows: pd.DataFrame) -> str:
    """How many promised workloads go on as promised, and which do not."""
    if rows.empty:
        return say("takes.no_promise")
    is_kept = rows["left_share"].astype(float) >= rows["promised_share"].astype(float) - _ROUNDING
    kept, short = int(is_kept.sum()), rows.loc[~is_kept, "workload"].astype(str)
    parts = []
    if kept:
        parts.append(say("takes.go_on", works=plural(kept, "promised workload"), go="goes" if kept == 1 else "go"))
    if len(short):
        names = fmt.shortened(labels.named(short, labels.workloads(scenario)))
        parts.append(say("takes.fall_short", names=names, keep="keeps" if len(short) == 1 else "keep"))
    return ", ".join(parts)
