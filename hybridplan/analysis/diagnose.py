"""Diagnosis of a scenario without a plan: which single rule, changed by how much, would make it possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TypeGuard

from hybridplan.domain import Scenario, require
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import factor_at
from hybridplan.errors import InvalidInput, SolveFailed
from hybridplan.model.elastic import ElasticModel, Relief
from hybridplan.model.one_more import enlarged
from hybridplan.model.routes import Pair, RouteIndex
from hybridplan.model.solve import optimise
from hybridplan.plan import Diagnosis, Relaxation, SolveStatus

_SLACK = 1e-7
"""Relative margin on an offered change, so that its re-solve does not fail on rounding."""

_RANKS = (
    "latency",
    "min_provisioned",
    "ramp_up",
    "ramp_down",
    "link_bandwidth",
    "site_power",
    "parallel_limit",
    "interruptible_share",
    "capacity",
    "budget",
    "carbon_cap",
    "provider_share",
    "promise",
    "unserved_cap",
    "must_serve",
)
_SHARES = ("interruptible_share", "provider_share", "unserved_cap")


def diagnose(scenario: Scenario, *, seconds: float = 30.0, progress: Callable[[str], None] | None = None) -> Diagnosis:
    """For each hard rule alone its least relaxation in its own unit; where none suffices, one set that does.

    Every offer is proven by a re-solve with the change applied. Residency, required attributes and denied sites are
    never offered. Stops with what it has after ``seconds``, and says so.
    """
    deadline = monotonic() + seconds
    found, mix, finished = list[Relaxation](), tuple[Relaxation, ...](), False
    try:
        model = ElasticModel(scenario, seconds)
    except SolveFailed:
        model = None
    if model is not None:
        found, finished = _single_rules(scenario, model, deadline, progress or (lambda text: None))
    found += _latency(scenario, deadline)
    if model is not None and not any(change.proven for change in found):
        mix = _mix(scenario, model, deadline)
    if finished or model is None:
        return Diagnosis(tuple(sorted(found, key=_order)), mix)
    message = "Not every rule was tried: the time limit was reached." if found or mix else "No cause was found in time."
    return Diagnosis(tuple(sorted(found, key=_order)), mix, message)


def _single_rules(
    scenario: Scenario, model: ElasticModel, deadline: float, progress: Callable[[str], None]
) -> tuple[list[Relaxation], bool]:
    """Every rule that suffices alone, and whether all were tried."""
    found: list[Relaxation] = []
    for position, relief in enumerate(model.reliefs):
        progress(f"Looking for the cause: rule {position + 1} of {len(model.reliefs)}")
        if monotonic() > deadline:
            return found, False
        try:
            amounts = model.least([position], deadline - monotonic())
        except SolveFailed:
            return found, False
        if amounts is None or amounts[position] <= 1e-9 * relief.scale:
            continue
        change = _relaxation(scenario, relief, float(amounts[position]))
        tried = _proven(scenario, deadline, change)
        if relief.rule == "min_provisioned" and not _holds(tried):
            tried = _lower_least(scenario, change, deadline)
        if tried is not None:
            found.append(tried)
    return found, True


def _holds(change: Relaxation | None) -> TypeGuard[Relaxation]:
    """Whether it was proven to suffice."""
    return change is not None and change.proven


def _lower_least(scenario: Scenario, change: Relaxation, deadline: float) -> Relaxation | None:
    """Where fewer are up than the least number, lowering it changes nothing at first: bisection down to none."""
    now = scenario.pools[change.record].min_provisioned_accelerators

    def offer(value: float) -> Relaxation | None:
        return _proven(scenario, deadline, replace(change, amount=now - value, new_value=value))

    return _closest(offer, enough=0.0, short=now - change.amount, tolerance=_SLACK * now, deadline=deadline)


def _closest(
    offer: Callable[[float], Relaxation | None], *, enough: float, short: float, tolerance: float, deadline: float
) -> Relaxation | None:
    """Bisection between a value that should suffice and one that does not, for the proven offer next to ``short``.

    What ``offer(enough)`` gave where that is not proven.
    """
    best = offer(enough)
    if not _holds(best):
        return best
    while abs(enough - short) > tolerance and monotonic() < deadline:
        middle = (enough + short) / 2.0
        tried = offer(middle)
        if _holds(tried):
            best, enough = tried, middle
        else:
            short = middle
    return best


def apply(scenario: Scenario, *changes: Relaxation) -> Scenario:
    """The scenario with these changes made (each a little larger than the least, by 1e-7)."""
    document = scenario.to_dict()
    for change in changes:
        if not change.path:
            continue
        *parents, field = change.path.split("/")
        target = document
        for key in parents:
            target = target.setdefault(key, {})
        target[field] = False if change.rule == "must_serve" else change.new_value
    return require(document)


def _relaxation(scenario: Scenario, relief: Relief, amount: float) -> Relaxation:
    path, now = _field(scenario, relief)
    new_value = None if now is None else (now + amount) * (1.0 + _SLACK)
    if relief.rule == "min_provisioned" and now is not None:
        new_value = max((now - amount) * (1.0 - _SLACK), 0.0)
    if relief.rule == "promise" and now is not None:
        new_value = max(now - amount - _SLACK, 0.0)
    if relief.rule in _SHARES and new_value is not None:
        new_value = min(new_value, 1.0)
    return Relaxation(relief.rule, relief.record, amount, relief.unit, proven=False, path=path, new_value=new_value)


def _field(scenario: Scenario, relief: Relief) -> tuple[str, float | None]:
    """Path of the field to change (parts joined by '/': ids may hold dots), and its value now."""
    record = relief.record
    if relief.rule == "must_serve":
        return f"workloads/{record}/must_serve", None
    if relief.rule == "capacity":
        pool = scenario.pools[record]
        if pool.purchase_option != "reserved":
            return f"pools/{record}/capacity_accelerators", pool.capacity_accelerators
        name = enlarged(scenario, record)
        assert name is not None
        return f"commitments/{name}/accelerators", scenario.commitments[name].accelerators
    if relief.rule in ("ramp_up", "ramp_down", "min_provisioned"):
        per_hour = "" if relief.rule == "min_provisioned" else "_per_hour"
        field = f"{relief.rule}_accelerators{per_hour}"
        return f"pools/{record}/{field}", getattr(scenario.pools[record], field)
    if relief.rule == "parallel_limit":
        limit = scenario.workloads[record].parallel_limit_accelerators
        return f"workloads/{record}/parallel_limit_accelerators", limit
    if relief.rule == "link_bandwidth":
        return f"links/{record}/gbps", scenario.links[record].gbps
    if relief.rule == "site_power":
        return f"sites/{record}/it_power_limit_kw", scenario.sites[record].it_power_limit_kw
    if relief.rule == "interruptible_share":
        return f"workloads/{record}/interruptible_share_cap", scenario.workloads[record].interruptible_share_cap
    if relief.rule == "promise":
        return f"workloads/{record}/promised_share", scenario.workloads[record].promised_share
    if relief.rule == "unserved_cap":
        return f"workloads/{record}/unserved_share_cap", scenario.workloads[record].unserved_share_cap
    policy = scenario.policy
    if relief.rule == "carbon_cap":
        return "policy/carbon_cap/tonnes", policy.carbon_cap.tonnes if policy.carbon_cap else None
    if relief.rule == "provider_share":
        return "policy/provider_share_cap", policy.provider_share_cap
    return "policy/budget/usd", policy.budget.usd if policy.budget else None


def _proven(scenario: Scenario, deadline: float, change: Relaxation, *others: Relaxation) -> Relaxation | None:
    """The change, proven where a re-solve finds a plan before the deadline; None where it shows that there is none."""
    left = deadline - monotonic()
    if left <= 0:
        return change
    try:
        plan = optimise(apply(scenario, change, *others), time_limit_seconds=left)
    except InvalidInput:
        return change
    return None if plan.status is SolveStatus.INFEASIBLE else replace(change, proven=plan.status.has_plan)


def _latency(scenario: Scenario, deadline: float) -> list[Relaxation]:
    """Least latency objective per workload: bisection over what its routes can reach, each tried by a re-solve."""
    blocked: dict[str, set[float]] = {}
    for pair in RouteIndex(scenario).pairs:
        if [reason.code for reason in pair.reasons] == ["latency"]:
            blocked.setdefault(pair.workload, set()).add(pair.latency_floor_ms)
    found = []
    for work_id, work in scenario.workloads.items():
        if monotonic() > deadline:
            break
        if has_queue(work) and work.latency_objective_ms is not None and work.latency_statistic != "no_queue":
            change = _least_queue(scenario, work_id, deadline)
        elif work_id in blocked:
            change = _least_latency(scenario, work_id, sorted(blocked[work_id]), deadline)
        else:
            continue
        if change is not None:
            found.append(change)
    return found


def _least_queue(scenario: Scenario, work_id: str, deadline: float) -> Relaxation | None:
    """With a queue every millisecond frees accelerators, up to the objective at which the largest load limits."""
    now = scenario.workloads[work_id].latency_objective_ms
    pairs = [p for p in RouteIndex(scenario).pairs if p.workload == work_id and _only_late(p)]
    work = scenario.workloads[work_id]
    stretch = factor_at(work.latency_statistic, work.max_load_share) / (1.0 - work.max_load_share)
    most = max((p.round_trip_ms + stretch * p.service_ms for p in pairs), default=0.0)
    if now is None or most <= now:
        return None

    def offer(objective: float) -> Relaxation | None:
        path = f"workloads/{work_id}/latency_objective_ms"
        change = Relaxation("latency", work_id, objective - now, "ms", False, path, objective)
        return _proven(scenario, deadline, change)

    best = _closest(offer, enough=most * (1.0 + _SLACK), short=now, tolerance=_SLACK * now, deadline=deadline)
    return best if _holds(best) else None


def _only_late(pair: Pair) -> bool:
    """Nothing but latency stands against this pair."""
    return all(reason.code == "latency" for reason in pair.reasons)


def _least_latency(scenario: Scenario, work_id: str, floors: list[float], deadline: float) -> Relaxation | None:
    now = scenario.workloads[work_id].latency_objective_ms
    assert now is not None

    def offer(floor: float) -> Relaxation | None:
        path = f"workloads/{work_id}/latency_objective_ms"
        return _proven(scenario, deadline, Relaxation("latency", work_id, floor - now, "ms", False, path, floor))

    best = offer(floors[-1])
    if not _holds(best):
        return None
    low, high = 0, len(floors) - 1
    while low < high:
        middle = (low + high) // 2
        change = offer(floors[middle])
        if _holds(change):
            best, high = change, middle
        else:
            low = middle + 1
    return best


def _mix(scenario: Scenario, model: ElasticModel, deadline: float) -> tuple[Relaxation, ...]:
    """One set of changes that suffices together; empty where there is none, or no time for it."""
    if monotonic() > deadline:
        return ()
    try:
        amounts = model.least(range(len(model.reliefs)), deadline - monotonic())
    except SolveFailed:
        return ()
    if amounts is None:
        return ()
    changes = [
        _relaxation(scenario, relief, float(amount))
        for relief, amount in zip(model.reliefs, amounts, strict=True)
        if amount > 1e-9 * relief.scale
    ]
    if not changes:
        return ()
    tried = _proven(scenario, deadline, *changes)
    if tried is None:
        # Where fewer are up than a least number, a little less of it changes nothing.
        changes = [_without_least(scenario, change) for change in changes]
        tried = _proven(scenario, deadline, *changes)
    return () if tried is None else tuple(replace(change, proven=tried.proven) for change in changes)


def _without_least(scenario: Scenario, change: Relaxation) -> Relaxation:
    if change.rule != "min_provisioned":
        return change
    return replace(change, amount=scenario.pools[change.record].min_provisioned_accelerators, new_value=0.0)


def _order(change: Relaxation) -> tuple[bool, int, str]:
    """Proven first, then rules that cost least to give way, then by record."""
    return (not change.proven, _RANKS.index(change.rule), change.record)
