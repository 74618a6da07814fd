"""Why a scenario is impossible, and which changes would make it possible, joined by *or*."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.wording import ENGLISH, plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, Relaxation

_ROUNDING: Final = 1e-6
"""Relative: what a solver leaves of a whole number."""


def explain(plan: Plan) -> list[str]:
    """The diagnosis as lines: an opening, then one line per change, each with *or* (or *and* in a set)."""
    found = plan.diagnosis
    if found is None:
        return [say("diagnosis.unknown")]
    if found.alternatives:
        opening, joint, changes = say("diagnosis.alternatives"), "or", found.alternatives
    elif found.sufficient_set:
        opening, joint, changes = say("diagnosis.set"), "and", found.sufficient_set
    else:
        return [found.message or say("diagnosis.unknown")]
    lines = [_line(plan.scenario, change, joint if index else "first") for index, change in enumerate(changes)]
    return [opening, *lines]


def relaxation(scenario: Scenario, change: Relaxation) -> str:
    """One change in words: ``add 2 nodes of 8 H100 to Frankfurt (12.4 accelerators would do)``."""
    code = f"relax.{change.rule}" if f"relax.{change.rule}" in ENGLISH else "relax.other"
    if change.rule == "capacity" and change.record in scenario.pools and _is_whole(scenario, change):
        code = "relax.capacity_exact"
    workload = labels.window_owners(scenario).get(change.record, change.record)
    new = "" if change.new_value is None else f" (an objective of {fmt.number(change.new_value)} ms)"
    return say(
        code,
        amount=fmt.number(change.amount),
        unit=_unit(scenario, workload, change),
        rule=change.rule.replace("_", " "),
        record=change.record,
        workload=labels.workloads(scenario).get(workload, workload),
        pool=labels.pools(scenario).get(change.record, change.record),
        link=labels.links(scenario).get(change.record, change.record),
        nodes=_nodes(scenario, change),
        money=fmt.money(change.amount, scenario.display_currency),
        share=fmt.share(change.amount),
        new_share=_new_share(change),
        new_promise=_new_promise(change),
        new_ms=new,
    )


def _new_share(change: Relaxation) -> str:
    """The share that suffices, rounded up to a tenth of a percent: what is read is typed."""
    if change.new_value is None:
        return ""
    return f" (at most {fmt.share(ceil(change.new_value * 1000.0 - 1e-3) / 1000.0)})"


def _new_promise(change: Relaxation) -> str:
    """The promise that can be kept, rounded down to a tenth of a percent."""
    if change.new_value is None:
        return ""
    return f" (at most {fmt.share(floor(change.new_value * 1000.0 + 1e-3) / 1000.0)})"


def _unit(scenario: Scenario, workload: str, change: Relaxation) -> str:
    """The workload's own unit where work is meant."""
    is_work = change.rule == "must_serve" and workload in scenario.workloads
    return scenario.workloads[workload].unit if is_work else change.unit


def _line(scenario: Scenario, change: Relaxation, joint: str) -> str:
    proof = say("diagnosis.proven" if change.proven else "diagnosis.unproven")
    return f"{say(f'diagnosis.{joint}', text=relaxation(scenario, change))}. {proof}"


def _nodes(scenario: Scenario, change: Relaxation) -> str:
    """The amount rounded up to whole nodes: nobody can order a fraction of one."""
    pool = scenario.pools.get(change.record)
    if pool is None:
        return f"{fmt.number(change.amount)} {change.unit}"
    size = pool.accelerators_per_node
    nodes = ceil(change.amount / size - 1e-9)
    return _some(nodes, pool.sku) if size == 1 else f"{plural(nodes, 'node')} of {size} {pool.sku}"


def _is_whole(scenario: Scenario, change: Relaxation) -> bool:
    """The amount is a whole number of nodes up to rounding, so that saying both would say it twice."""
    nodes = change.amount / scenario.pools[change.record].accelerators_per_node
    return abs(nodes - round(nodes)) <= _ROUNDING * nodes


def _some(number: int, sku: str) -> str:
    """``50 H100``, but ``50 servers``: a SKU in small letters is an ordinary word."""
    return plural(number, sku) if sku.isalpha() and sku.islower() else f"{number:,} {sku}"
