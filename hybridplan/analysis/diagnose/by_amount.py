"""Rules that give way by an amount in one compiled model: each alone, or all together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hybridplan.analysis.diagnose.attempt import SLACK, Search, closest, holds
from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.elastic import ElasticModel, Relief
from hybridplan.model.one_more import enlarged
from hybridplan.model.periods import Array
from hybridplan.plan import Relaxation

_EXTREME: Final = {"min_provisioned": 0.0, "promise": 0.0, "interruptible_share": 1.0}
"""Furthest value of rules of which the model may find too small a change."""
_SHARES: Final = ("interruptible_share", "provider_share", "unserved_cap")


def all_together(search: Search, model: ElasticModel) -> Array | None:
    """Amounts by which all rules together must give way; None where that is not enough, or time runs out."""
    if not search.left:
        return None
    try:
        return model.least(range(len(model.reliefs)), search.left)
    except SolveFailed:
        return None


def single_rules(search: Search, model: ElasticModel) -> Iterator[Relaxation]:
    """Every rule that suffices alone, right after :func:`all_together` found that all do.

    Raises :class:`hybridplan.errors.SolveFailed` where time runs out.
    """
    scenario, hopeful = search.scenario, model.hopeful()
    for number, position in enumerate(hopeful, start=1):
        search.progress(f"Looking for the cause: rule {number} of {len(hopeful)}")
        if not search.left:
            return
        relief = model.reliefs[position]
        amounts = model.least([position], search.left)
        if amounts is None or amounts[position] <= 1e-9 * relief.scale:
            continue
        change = _relaxation(scenario, relief, float(amounts[position]))
        tried = search.tried(change)
        if relief.rule in _EXTREME and not holds(tried):
            tried = _further(search, change)
        if tried is not None:
            yield tried


def _further(search: Search, change: Relaxation) -> Relaxation | None:
    """Where the least change by the model is not enough, as one that first changes nothing: bisection to the extreme.

    A least number above what is up, or a share of what is served where some may stay unserved.
    """
    short, extreme = change.new_value, _EXTREME[change.rule]
    if not isinstance(short, float) or short == extreme:
        return None
    now = short + change.amount if extreme == 0.0 else short - change.amount

    def offer(value: float) -> Relaxation:
        return replace(change, amount=abs(now - value), new_value=value)

    return closest(search, offer, enough=extreme, short=short)


def _relaxation(scenario: Scenario, relief: Relief, amount: float) -> Relaxation:
    path, now = _field(scenario, relief)
    new_value = None if now is None else (now + amount) * (1.0 + SLACK)
    if relief.rule == "min_provisioned" and now is not None:
        new_value = max((now - amount) * (1.0 - SLACK), 0.0)
    if relief.rule == "promise" and now is not None:
        new_value = max(now - amount - SLACK, 0.0)
    if relief.rule in _SHARES and new_value is not None:
        new_value = min(new_value, 1.0)
    return Relaxation(relief.rule, relief.record, amount, relief.unit, proven=False, path=path, new_value=new_value)


_FIELDS: Final = {
    "must_serve": ("workloads", "must_serve"),
    "unserved_cap": ("workloads", "unserved_share_cap"),
    "parallel_limit": ("workloads", "parallel_limit_accelerators"),
    "interruptible_share": ("workloads", "interruptible_share_cap"),
    "promise": ("workloads", "promised_share"),
    "capacity": ("pools", "capacity_accelerators"),
    "min_provisioned": ("pools", "min_provisioned_accelerators"),
    "ramp_up": ("pools", "ramp_up_accelerators_per_hour"),
    "ramp_down": ("pools", "ramp_down_accelerators_per_hour"),
    "link_bandwidth": ("links", "gbps"),
    "site_power": ("sites", "it_power_limit_kw"),
    "site_space": ("sites", "rack_units_limit"),
}
"""Section and field of each rule of a record."""


def _field(scenario: Scenario, relief: Relief) -> tuple[str, float | None]:
    """Path of the field to change (parts joined by '/': ids may hold dots), and its value now; None: it is dropped."""
    rule, record, policy = relief.rule, relief.record, scenario.policy
    if rule == "budget":
        return "policy/budget/usd", policy.budget.usd if policy.budget else None
    if rule == "carbon_cap":
        return "policy/carbon_cap/tonnes", policy.carbon_cap.tonnes if policy.carbon_cap else None
    if rule == "provider_share":
        return "policy/provider_share_cap", policy.provider_share_cap
    if rule == "capacity" and scenario.pools[record].purchase_option == "reserved":
        name = enlarged(scenario, record)
        assert name is not None
        return f"commitments/{name}/accelerators", scenario.commitments[name].accelerators
    section, field = _FIELDS[rule]
    now = None if rule == "must_serve" else getattr(getattr(scenario, section)[record], field)
    return f"{section}/{record}/{field}", now


def mix(search: Search, model: ElasticModel, amounts: Array) -> tuple[Relaxation, ...]:
    """One set of changes that suffices together, from :func:`all_together`; empty where a new solve refutes it."""
    changes = [
        _relaxation(search.scenario, relief, float(amount))
        for relief, amount in zip(model.reliefs, amounts, strict=True)
        if amount > 1e-9 * relief.scale
    ]
    if not changes:
        return ()
    tried = search.tried(*changes)
    if tried is None:
        # Where fewer are up than a least number, a little less of it changes nothing.
        changes = [_without_least(search.scenario, change) for change in changes]
        tried = search.tried(*changes)
    return () if tried is None else tuple(replace(change, proven=tried.proven) for change in changes)


def _without_least(scenario: Scenario, change: Relaxation) -> Relaxation:
    if change.rule != "min_provisioned":
        return change
    return replace(change, amount=scenario.pools[change.record].min_provisioned_accelerators, new_value=0.0)
