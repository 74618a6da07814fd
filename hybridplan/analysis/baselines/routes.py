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
    """Busy / assigned that the rule aims at: the load limit, less where mean latency has a cap or a price."""
    queues = data.queues
    load = float(queues.load_limit[route])
    work = data.scenario.workloads[data.routes[route].workload]
    if work.mean_latency_cap_ms is not None:
        left = work.mean_latency_cap_ms - queues.round_trip_ms[route]
        load = min(load, 1.0 - queues.service_ms[route] / left) if left > queues.service_ms[route] else load
    if work.congestion_usd_per_unit_second > 0:
        load = min(load, PRICED_LOAD)
    return load


def take(data: Data, route: int, room: Array, want: Array, load: float) -> Taken:
    """As much of ``want`` (effective accelerators) as fits into ``room`` (accelerators of the pool).

    ``load``: busy / assigned.
    """
    points = data.curves.get(route)
    if points is not None:
        return _curved(points, room, want)
    if route not in data.queues.gangs:
        busy = np.minimum(room * load, want)
        return Taken(busy, busy, busy / load)
    size = data.queues.replica[route]
    most = np.floor(room / size + _ROUNDING) * size
    busy = np.minimum(most * load, want)
    return Taken(busy, busy, np.ceil(busy / load / size - _ROUNDING) * size)


def _curved(points: list[tuple[float, float]], room: Array, want: Array) -> Taken:
    given = np.array([0.0, *(a for a, _ in points)])
    gained = np.array([0.0, *(o for _, o in points)])
    rising = np.concatenate([[True], np.diff(gained) > 0])
    effective = np.minimum(np.interp(np.minimum(room, given[-1]), given, gained), want)
    busy = np.interp(effective, gained[rising], given[rising])
    return Taken(effective, busy, busy)
