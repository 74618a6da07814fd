"""Why a scenario is impossible, and which changes would make it possible, joined by *or*."""

from __future__ import annotations

from datetime import datetime
from math import ceil, floor
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.wording import ENGLISH, plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import Diagnosis, Plan, Relaxation

_ROUNDING: Final = 1e-6
"""Relative: what a solver leaves of a whole number."""


def explain(plan: Plan) -> list[str]:
    """The diagnosis as lines: an opening, then one line per change, each with *or* (or *and* in a set)."""
    return changes(plan.scenario, plan.diagnosis)


def changes(scenario: Scenario, found: Diagnosis | None) -> list[str]:
    """As :func:`explain`, for a diagnosis of a scenario."""
    if found is None:
        return [say("diagnosis.unknown")]
    if found.alternatives:
        opening, joint, offered = say("diagnosis.alternatives"), "or", found.alternatives
    elif found.sufficient_set:
        opening, joint, offered = say("diagnosis.set"), "and", found.sufficient_set
    else:
        return [found.message or say("diagnosis.none" if found.withheld else "diagnosis.unknown")]
    lines = [_line(scenario, change, joint if index else "first") for index, change in enumerate(offered)]
    return [opening, *lines]


def withheld(scenario: Scenario, found: Diagnosis | None) -> list[str]:
    """Residency and security rules that stand in the way and are not offered; and that time did not last for all."""
    if found is None:
        return []
    late = [found.message] if found.message and (found.alternatives or found.sufficient_set) else []
    if not found.withheld:
        return late
    names = _owners(scenario)
    parts = [
        say("diagnosis.withheld_one", rule=say(f"rule_of.{rule}"), record=names.get(record, record))
        if record
        else say("diagnosis.withheld_all")
        for rule, record in found.withheld
    ]
    return [say("diagnosis.withheld", rules=fmt.listed(parts, "or")), *late]


def ask() -> str:
    """What the button says that asks for them."""
    return say("diagnosis.ask")


def relaxation(scenario: Scenario, change: Relaxation) -> str:
    """One change in words: ``add 2 nodes of 8 H100 to Frankfurt (12.4 accelerators would do)``."""
    record, other = change.record, change.record.partition("/")[2]
    workload = labels.window_owners(scenario).get(record, record)
    works, sites = labels.workloads(scenario), labels.sites(scenario)
    first = scenario.workloads[workload].after or "" if workload in scenario.workloads else ""
    value = change.new_value if isinstance(change.new_value, int | float) else None
    return say(
        _code(scenario, change),
        amount=fmt.number(change.amount),
        unit=_unit(scenario, workload, change),
        rule=change.rule.replace("_", " "),
        record=record,
        workload=works.get(workload, workload),
        first=works.get(first, first),
        pool=labels.pools(scenario).get(record, record),
        link=labels.links(scenario).get(record, record),
        site=sites.get(other or record, other or record),
        dataset=labels.datasets(scenario).get(record.partition("/")[0], record),
        offer=_offer(scenario, change),
        owner=_owners(scenario).get(record, record),
        nodes=_nodes(scenario, change),
        money=fmt.money(change.amount, scenario.display_currency),
        share=fmt.share(change.amount),
        new_share="" if value is None else f" (at most {_up(value)})",
        least_share="" if value is None else f" (at least {_down(value)})",
        new_promise="" if value is None else f" (at most {_down(value)})",
        new_ms="" if value is None else f" (an objective of {fmt.number(value)} ms)",
        new_cap_ms="" if value is None else f" (a cap of {fmt.number(value)} ms)",
        value="" if value is None else fmt.number(value),
        moment=_moment(scenario, change),
        **_named(scenario, change),
    )


def _code(scenario: Scenario, change: Relaxation) -> str:
    """Which template says it."""
    rule, code = change.rule, f"relax.{change.rule}"
    if f"{code}_dropped" in ENGLISH and not isinstance(change.new_value, tuple):
        return f"{code}_dropped"
    if rule == "provider_share" and scenario.policy.provider_share_of == "rented_usd":
        return "relax.provider_share_usd"
    if rule == "capacity" and change.record in scenario.pools and _is_whole(scenario, change):
        return "relax.capacity_exact"
    return code if code in ENGLISH else "relax.other"


def _owners(scenario: Scenario) -> dict[str, str]:
    """Names of workloads and datasets."""
    return {**labels.datasets(scenario), **labels.workloads(scenario)}


def _offer(scenario: Scenario, change: Relaxation) -> str:
    """The name of what is on offer."""
    names = {
        "expansions": labels.expansions,
        "commitments": labels.commitments,
        "spend_commitments": labels.spend_commitments,
    }
    section = change.path.partition("/")[0]
    return names[section](scenario).get(change.record, change.record) if section in names else change.record


def _named(scenario: Scenario, change: Relaxation) -> dict[str, str]:
    """What is added to a list of jurisdictions, attributes or sites, or taken from it."""
    new = change.new_value if isinstance(change.new_value, tuple) else ()
    now: tuple[str, ...] = ()
    if isinstance(change.new_value, tuple):
        section, key, field = change.path.split("/")
        now = getattr(getattr(scenario, section)[key], field)
    added, removed, sites = [x for x in new if x not in now], [x for x in now if x not in new], labels.sites(scenario)
    return {
        "added": fmt.listed(added),
        "removed": fmt.listed(removed),
        "added_site": fmt.listed([sites.get(one, one) for one in added]),
        "removed_site": fmt.listed([sites.get(one, one) for one in removed]),
    }


def _moment(scenario: Scenario, change: Relaxation) -> str:
    """The new start or end of a window, on the clock that is shown."""
    if change.rule not in ("deadline", "window_start") or not isinstance(change.new_value, str):
        return ""
    return datetime.fromisoformat(change.new_value).astimezone(labels.zone(scenario)).strftime("%Y-%m-%d %H:%M")


def _up(share: float) -> str:
    """The share that suffices, rounded up to a tenth of a percent: what is read is typed."""
    return fmt.share(ceil(share * 1000.0 - 1e-3) / 1000.0)


def _down(share: float) -> str:
    """The share that can be kept, rounded down to a tenth of a percent."""
    return fmt.share(floor(share * 1000.0 + 1e-3) / 1000.0)


def _unit(scenario: Scenario, workload: str, change: Relaxation) -> str:
    """The workload's own unit where work is meant."""
    is_work = change.rule == "must_serve" and workload in scenario.workloads
    return scenario.workloads[workload].unit if is_work else change.unit


def _line(scenario: Scenario, change: Relaxation, joint: str) -> str:
    proof = say("diagnosis.proven" if change.proven else "diagnosis.unproven")
    if not change.is_least:
        proof = f"{proof} {say('diagnosis.less_may_do')}"
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
