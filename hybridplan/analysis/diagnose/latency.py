"""Latency objectives and caps: the least number of milliseconds by which one of them must give way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hybridplan.analysis.diagnose.attempt import SLACK, Search
from hybridplan.analysis.diagnose.ladders import Ladder, Slope, Steps
from hybridplan.domain import Workload
from hybridplan.domain.features import has_queue
from hybridplan.domain.queue_factors import factor_at
from hybridplan.model.routes import Pair, RouteIndex
from hybridplan.plan import Relaxation


def latency(search: Search) -> Iterator[Ladder]:
    """Objectives, objectives after a failure, and caps on the mean, of each workload."""
    pairs: dict[str, list[Pair]] = {key: [] for key in search.scenario.workloads}
    for pair in RouteIndex(search.scenario).pairs:
        if all(reason.code == "latency" for reason in pair.reasons):
            pairs[pair.workload].append(pair)
    for key, work in search.scenario.workloads.items():
        mine, objective, cap = pairs[key], work.latency_objective_ms, work.mean_latency_cap_ms
        if objective is not None:
            yield from _objective(work, "latency", key, objective, mine)
            if work.promised_share > 0 and search.scenario.policy.contingencies:
                now = work.latency_after_failure_ms or objective
                yield from _objective(work, "latency_after_failure", key, now, mine)
        if cap is not None:
            yield from _between("mean_latency", key, cap, _slowest(work, mine))


def _objective(work: Workload, rule: str, key: str, now: float, pairs: list[Pair]) -> Iterator[Ladder]:
    """With a queue every millisecond frees accelerators; else an objective opens a pair or does not."""
    if has_queue(work) and work.latency_statistic != "no_queue":
        most = max((_longest(work, pair) for pair in pairs), default=0.0) * (1.0 + SLACK)
        yield from _between(rule, key, now, most)
    elif floors := sorted({pair.latency_floor_ms for pair in pairs if pair.latency_floor_ms > now}):
        yield Steps(tuple(_change(rule, key, now, floor) for floor in floors))


def _longest(work: Workload, pair: Pair) -> float:
    """The objective from which on the largest load limits, or the one that opens the pair without a queue, ms."""
    if work.latency_statistic == "no_queue" or not has_queue(work):
        return pair.latency_floor_ms
    stretch = factor_at(work.latency_statistic, work.max_load_share) / (1.0 - work.max_load_share)
    return pair.round_trip_ms + stretch * pair.service_ms


def _slowest(work: Workload, pairs: list[Pair]) -> float:
    """A little above the mean at the largest load on the slowest route, ms."""
    idle = 1.0 - work.max_load_share
    return 1.001 * max((pair.round_trip_ms + pair.service_ms / idle for pair in pairs), default=0.0)


def _between(rule: str, key: str, now: float, most: float) -> Iterator[Ladder]:
    if most > now:
        yield Slope(partial(_change, rule, key, now), enough=most, short=now)


_FIELDS = {
    "latency": "latency_objective_ms",
    "latency_after_failure": "latency_after_failure_ms",
    "mean_latency": "mean_latency_cap_ms",
}


def _change(rule: str, key: str, now: float, value: float) -> Relaxation:
    return Relaxation(rule, key, value - now, "ms", False, f"workloads/{key}/{_FIELDS[rule]}", value)
