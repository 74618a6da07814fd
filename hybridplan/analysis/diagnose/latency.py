"""Latency objectives and caps: the least number of milliseconds by which one of them must give way."""

from __future__ import annotations

from collections.abc import Iterator

from hybridplan.analysis.diagnose.attempt import SLACK, Search, closest, fewest, holds
from hybridplan.domain import Workload
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import factor_at
from hybridplan.model.routes import Pair, RouteIndex
from hybridplan.plan import Relaxation


def latency(search: Search) -> Iterator[Relaxation]:
    """Objectives, objectives after a failure, and caps on the mean, of each workload."""
    pairs: dict[str, list[Pair]] = {key: [] for key in search.scenario.workloads}
    for pair in RouteIndex(search.scenario).pairs:
        if all(reason.code == "latency" for reason in pair.reasons):
            pairs[pair.workload].append(pair)
    for key, work in search.scenario.workloads.items():
        if key in search.hopeless:
            continue
        mine, objective = pairs[key], work.latency_objective_ms
        if objective is not None:
            yield from _objective(search, "latency", key, objective, mine)
            if work.promised_share > 0 and search.scenario.policy.contingencies:
                now = work.latency_after_failure_ms or objective
                yield from _objective(search, "latency_after_failure", key, now, mine)
        if work.mean_latency_cap_ms is not None:
            yield from _mean(search, key, work.mean_latency_cap_ms, mine)


def furthest(search: Search) -> Iterator[Relaxation]:
    """Each objective or cap raised to where it limits nothing more."""
    pairs = [pair for pair in RouteIndex(search.scenario).pairs if all(r.code == "latency" for r in pair.reasons)]
    for key, work in search.scenario.workloads.items():
        mine, now, cap = [p for p in pairs if p.workload == key], work.latency_objective_ms, work.mean_latency_cap_ms
        most = max((_longest(work, pair) for pair in mine), default=0.0) * (1.0 + SLACK)
        if now is not None and most > now:
            yield _change("latency", key, now, most)
        slowest = _slowest(work, mine)
        if cap is not None and slowest > cap:
            yield _change("mean_latency", key, cap, slowest)


def _objective(search: Search, rule: str, key: str, now: float, pairs: list[Pair]) -> Iterator[Relaxation]:
    """With a queue every millisecond frees accelerators; else an objective opens a pair or does not."""
    work = search.scenario.workloads[key]
    if has_queue(work) and work.latency_statistic != "no_queue":
        most = max((_longest(work, pair) for pair in pairs), default=0.0) * (1.0 + SLACK)
        found = _between(search, rule, key, now, most)
    else:
        floors = sorted({pair.latency_floor_ms for pair in pairs if pair.latency_floor_ms > now})
        found = fewest(search, [_change(rule, key, now, floor) for floor in floors])
    if holds(found):
        yield found


def _longest(work: Workload, pair: Pair) -> float:
    """The objective from which on the largest load limits, or the one that opens the pair without a queue, ms."""
    if work.latency_statistic == "no_queue" or not has_queue(work):
        return pair.latency_floor_ms
    stretch = factor_at(work.latency_statistic, work.max_load_share) / (1.0 - work.max_load_share)
    return pair.round_trip_ms + stretch * pair.service_ms


def _mean(search: Search, key: str, now: float, pairs: list[Pair]) -> Iterator[Relaxation]:
    found = _between(search, "mean_latency", key, now, _slowest(search.scenario.workloads[key], pairs))
    if holds(found):
        yield found


def _slowest(work: Workload, pairs: list[Pair]) -> float:
    """A little above the mean at the largest load on the slowest route, ms."""
    idle = 1.0 - work.max_load_share
    return 1.001 * max((pair.round_trip_ms + pair.service_ms / idle for pair in pairs), default=0.0)


def _between(search: Search, rule: str, key: str, now: float, most: float) -> Relaxation | None:
    if most <= now:
        return None
    return closest(search, lambda value: _change(rule, key, now, value), enough=most, short=now)


_FIELDS = {
    "latency": "latency_objective_ms",
    "latency_after_failure": "latency_after_failure_ms",
    "mean_latency": "mean_latency_cap_ms",
}


def _change(rule: str, key: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, key, value - now, "ms", False, f"workloads/{key}/{_FIELDS[rule]}", value)
