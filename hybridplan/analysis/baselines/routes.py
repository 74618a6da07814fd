"""What a route takes from its pool for some work: spare accelerators of queues, whole gangs, shrinking gains."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.periods import Array

PRICED_LOAD: Final = 0.7
"""How busy a rule keeps accelerators of work whose latency has a price: autoscalers' usual target."""
_ROUNDING: Final = 1e-9


class Taken(NamedTuple):
    """Accelerators of one route over some periods."""

    effective: Array
    busy: Array
    assigned: Array


def target_load(data: Data, route: int) -> float:
    """Busy / assigned that the rule aims at: the load limit, less where mean latency has a cap or a price.

    0 where the route alone cannot keep the cap: the rule does not use it.
    """
    queues = data.queues
    load = float(queues.load_limit[route])
    work = data.scenario.workloads[data.routes[route].workload]
    if work.mean_latency_cap_ms is not None:
        left = work.mean_latency_cap_ms - queues.round_trip_ms[route]
        load = min(load, 1.0 - queues.service_ms[route] / left) if left > queues.service_ms[route] else 0.0
    if work.congestion_usd_per_unit_second > 0:
        load = min(load, PRICED_LOAD)
    return load


def take(data: Data, route: int, room: Array, want: Array, load: float) -> Taken:
    """As much of ``want`` (effective accelerators) as fits into ``room`` (accelerators of the pool).

    ``load``: busy / assigned.
    """
    if load <= 0:
        nothing = np.zeros_like(want)
        return Taken(nothing, nothing, nothing)
    size = data.queues.replica[route] if route in data.queues.gangs else 0.0
    most = np.floor(room / size + _ROUNDING) * size if size else room
    points = data.curves.get(route)
    if points is None:
        effective = busy = np.minimum(most * load, want)
    else:
        effective, busy = _curved(points, most * load, want)
    assigned = np.ceil(busy / load / size - _ROUNDING) * size if size else busy / load
    return Taken(effective, busy, assigned)


def _curved(points: list[tuple[float, float]], most: Array, want: Array) -> tuple[Array, Array]:
    """Effective and busy accelerators with shrinking gains."""
    given = np.array([0.0, *(a for a, _ in points)])
    gained = np.array([0.0, *(o for _, o in points)])
    rising = np.concatenate([[True], np.diff(gained) > 0])
    effective = np.minimum(np.interp(np.minimum(most, given[-1]), given, gained), want)
    return effective, np.interp(effective, gained[rising], given[rising])
