"""Rules that give way by an amount in one compiled model: each alone, or all together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hybridplan.analysis.diagnose.attempt import SLACK, Search, apply, holds
from hybridplan.analysis.diagnose.ladders import Slope
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, SolveFailed
from hybridplan.model.elastic import ElasticModel, Relief
from hybridplan.model.one_more import enlarged
from hybridplan.model.possible import essential
from hybridplan.plan import Relaxation

_EXTREME: Final = {"min_provisioned": 0.0, "promise": 0.0, "interruptible_share": 1.0}
"""Furthest value of rules of which the model may find too small a change."""
_AHEAD: Final = 3
"""A rule may take as much time as so many of those that wait."""
_TO_FIND: Final = 0.6
"""Share of the time to find amounts; the rest is for their proof."""
_SHARES: Final = ("interruptible_share", "provider_share", "unserved_cap")


def hopeful(search: Search, model: ElasticModel) -> list[int] | None:
    """Positions of rules that may suffice alone; None where all together do not."""
    if not search.left:
        return None
    try:
        return model.hopeful(search.left)
    except SolveFailed:
        return list(range(len(model.reliefs)))


def single_rules(search: Search, model: ElasticModel, positions: list[int]) -> Iterator[Relaxation]:
    """Every rule that suffices alone, the likeliest first, each in its share of the time that is left."""
    for number, position in enumerate(positions, start=1):
        search.progress(f"Looking for the cause: rule {number} of {len(positions)}")
        mine = search.within(min(_AHEAD / (len(positions) - number + 1), 1.0))
        try:
            found = _single(mine, model, position)
        except SolveFailed:
            search.untried.append(model.reliefs[position].rule)
            continue
        if found is not None:
            yield found


def _single(search: Search, model: ElasticModel, position: int) -> Relaxation | None:
    relief, amounts = model.reliefs[position], model.least([position], search.within(_TO_FIND).left)
    if amounts is None or amounts[position] <= 1e-9 * relief.scale:
        return None
    change = replace(_relaxation(search.scenario, relief, float(amounts[position])), is_least=model.is_least)
    tried = search.tried(change, hint=model.wholes)
    if relief.rule == "capacity" and not holds(tried):
        tried = search.proven(*_exact(change)) or tried
    if relief.rule in _EXTREME and not holds(tried):
        tried = _further(search, change)
    return tried


def _further(search: Search, change: Relaxation) -> Relaxation | None:
    """Where the least change by the model is not enough, as one that first changes nothing: on to the extreme."""
    slope = _slope(change)
    if slope is None:
        return None
    found = search.tried(slope.furthest)
    return slope.least(search) if holds(found) else found


def _slope(change: Relaxation) -> Slope | None:
    """From the least change by the model to the extreme, where that lies further.

    A least number above what is up, or a share of what is served where some may stay unserved.
    """
    short, extreme = change.new_value, _EXTREME.get(change.rule)
    if extreme is None or not isinstance(short, float) or short == extreme:
        return None
    now = short + change.amount if extreme == 0.0 else short - change.amount

    def offer(value: float) -> Relaxation:
        return replace(change, amount=abs(now - value), new_value=value)

    return Slope(offer, enough=extreme, short=short)


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


def mix(search: Search, model: ElasticModel) -> tuple[Relaxation, ...]:
    """One set of changes that suffices together: the least weighted sum of all; empty where there is none in time."""
    changes = _all_amounts(search, search.scenario, model)
    if not changes:
        return ()
    unproven = tuple[Relaxation, ...]()
    for some in (changes, _exact(*changes)):
        tried = search.tried(*some, hint=model.wholes)
        if holds(tried):
            return tuple(replace(change, proven=True) for change in some)
        unproven = unproven or (() if tried is None else tuple(some))
    return _at_extremes(search, changes) or _beside_whole_nodes(search, _exact(*changes)) or unproven


def _at_extremes(search: Search, changes: list[Relaxation]) -> tuple[Relaxation, ...]:
    """Rules of which the model finds too small a change as far as they may go, without what is not needed beside them;
    then each by as little as suffices with the others. Empty where that is not enough.
    """
    slopes = {change.path: slope for change in changes if (slope := _slope(change)) is not None}
    found = {change.path: slopes[change.path].furthest if change.path in slopes else change for change in changes}
    if not slopes or not holds(search.tried(*found.values())):
        return ()
    for path in [path for path in found if path not in slopes]:
        fewer = [change for other, change in found.items() if other != path]
        if holds(search.tried(*fewer)):
            del found[path]
    for done, (path, slope) in enumerate(slopes.items()):
        others = [change for other, change in found.items() if other != path]
        found[path] = slope.least(search.within(1.0 / (len(slopes) - done)), *others)
    return tuple(replace(change, proven=True) for change in found.values())


def _all_amounts(
    search: Search, scenario: Scenario, model: ElasticModel, fixed: frozenset[str] = frozenset()
) -> list[Relaxation]:
    """What gives way, not tried yet; nothing where that is not enough, or time runs out.

    The capacity of pools in ``fixed`` does not.
    """
    if not search.left:
        return []
    reliefs = enumerate(model.reliefs)
    allowed = [place for place, relief in reliefs if relief.rule != "capacity" or relief.record not in fixed]
    try:
        amounts = model.least(allowed, search.within(_TO_FIND).left)
    except SolveFailed:
        return []
    pairs = [] if amounts is None else zip(model.reliefs, amounts.tolist(), strict=True)
    return [
        replace(_relaxation(scenario, relief, amount), is_least=model.is_least)
        for relief, amount in pairs
        if amount > 1e-9 * relief.scale
    ]


def _beside_whole_nodes(search: Search, changes: list[Relaxation]) -> tuple[Relaxation, ...]:
    """Capacity as it is, rounded up to nodes, and anew what must give way beside it: the rest of a node costs too."""
    capacity = [change for change in changes if change.rule == "capacity"]
    if not capacity or not search.left:
        return ()
    try:
        wider = apply(search.scenario, *capacity)
        model = ElasticModel(essential(wider), search.left)
    except (InvalidInput, SolveFailed):
        return ()
    rest = _all_amounts(search, wider, model, frozenset(change.record for change in capacity))
    found = [*capacity, *rest]
    if not holds(search.tried(*found, hint=model.wholes)):
        return ()
    return tuple(replace(change, proven=True) for change in found)


def _exact(*changes: Relaxation) -> list[Relaxation]:
    """Without the margin on capacity, which may fill what another rule leaves, as the racks of a site, to the brim."""

    def lean(change: Relaxation) -> Relaxation:
        value = change.new_value
        if change.rule != "capacity" or not isinstance(value, float):
            return change
        return replace(change, new_value=value / (1.0 + SLACK))

    return [lean(change) for change in changes]
