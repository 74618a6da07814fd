"""After a failure shared and cold work is given more than it is promised where there is room that nobody else needs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from hybridplan.model.after_failure import OnLink
from hybridplan.model.data import Data
from hybridplan.model.limits.failover import load_of_rooms
from hybridplan.model.periods import Array
from hybridplan.model.promises import Case
from hybridplan.model.values import Values
from hybridplan.units import gb_per_hour

_DUST: Final = 1e-9
"""Share of what is served that is not worth a row of its own."""


def fill(values: Values, data: Data) -> None:
    """Place more of the work after each failure, up to all that is served before it.

    Promised shares are placed already. What is left of the room goes to the work whose unserved units cost most; each
    first stays where it runs, then goes to the nearest pool. Nothing more is provisioned for it.
    """
    if values.redispatch is not None:
        _Filling(values, values.redispatch, data).run()


class _Filling:
    """Room that is left in pools (R, T) and on links (N, T), taken up move by move."""

    def __init__(self, values: Values, redispatch: Array, data: Data) -> None:
        self._values, self._data, self._assigned = values, data, redispatch
        self._promises = data.promises
        self._served = values.effective * data.productivity[:, None]
        self._in_room = data.after_failure.shares[2] > 0
        self._room = _most(values, data) - load_of_rooms(values, data)
        links = data.after_failure.links
        self._gb = np.array([one.moved for one in links]).reshape(len(links), len(redispatch))
        self._gb = self._gb * self._promises.load_limit[self._promises.moving]
        self._on_link = self._links_left(links)

    def run(self) -> None:
        """Case by case."""
        works = self._data.scenario.workloads

        def worth(case: Case) -> tuple[bool, float]:
            rates = self._promises.rate[case.survivors]
            work = works[case.workload]
            return work.must_serve, work.unserved_usd_per_unit * float(rates.mean() if rates.size else 0.0)

        for case in sorted((case for case in self._promises.cases if case.is_moved), key=worth, reverse=True):
            self._place(case)

    def _place(self, case: Case) -> None:
        promises, moves = self._promises, self._moves(case)
        mine = [k for k, route in enumerate(self._data.routes) if route.workload == case.workload]
        served = self._served[mine].sum(axis=0)
        lacks = served - promises.units[promises.moving[moves]] @ self._assigned[moves]
        lacks[lacks < _DUST * served] = 0.0
        for m in moves:
            pair = int(promises.moving[m])
            here = self._served[promises.route[pair]] if promises.route[pair] >= 0 else np.zeros_like(served)
            lacks = lacks - self._take(m, np.minimum(lacks, here - promises.units[pair] * self._assigned[m]))
        for m in moves:
            lacks = lacks - self._take(m, lacks)

    def _moves(self, case: Case) -> list[int]:
        """Positions of the moves of a case, nearest pool first."""
        promises = self._promises
        is_open = np.ones(len(promises.moves), dtype=bool) if promises.called is None else promises.called
        found = [
            m
            for m, (one, pair) in enumerate(promises.moves)
            if one is case and is_open[m] and promises.share[case.workload] > 0 and self._has_data(pair)
        ]
        return sorted(found, key=lambda m: promises.pairs[promises.moving[m]].round_trip_ms)

    def _has_data(self, pair: int) -> bool:
        chosen = self._values.chosen
        needs = [c for k, c in self._promises.data.needs if k == pair]
        return all(chosen is not None and chosen[c] > 0 for c in needs)

    def _take(self, move: int, units: Array) -> Array:
        """Place up to ``units`` per hour; gives what was placed."""
        pair = int(self._promises.moving[move])
        more = np.maximum(units, 0.0) / self._promises.units[pair]
        more[self._promises.data.closed[pair]] = 0.0
        inside, uses = self._in_room[:, move], self._gb[:, move] > 0
        more = np.minimum(more, np.maximum(self._room[inside].min(axis=0), 0.0))
        if uses.any():
            fits = self._on_link[uses] / self._gb[uses, move][:, None]
            more = np.minimum(more, np.maximum(fits.min(axis=0), 0.0))
        self._assigned[move] += more
        self._room[inside] -= more
        self._on_link[uses] -= self._gb[uses, move][:, None] * more
        placed: Array = more * self._promises.units[pair]
        return placed

    def _links_left(self, links: list[OnLink]) -> Array:
        """GB per hour that each link has left after each failure; (N, T)."""
        data, values, promises = self._data, self._values, self._promises
        if not links:
            return np.zeros((0, len(data.periods)))
        names = [data.traffic.limited[one.link] for one in links]
        bought = dict(
            zip(
                data.private_lines.links,
                np.zeros(0) if values.private_gbps is None else values.private_gbps,
                strict=False,
            )
        )
        most = np.array(
            [
                data.traffic.limit_gb_per_hour[one.link] + gb_per_hour(bought.get(name, 0.0))
                for one, name in zip(links, names, strict=True)
            ]
        )
        used = np.array([one.busy for one in links]) @ values.effective + self._gb @ self._assigned
        if values.standby is not None and promises.standby.size:
            busy = promises.load_limit[promises.standby][:, None] * values.standby[promises.standby]
            used = used + np.array([one.standby for one in links]) @ busy
        known = list(dict.fromkeys(names))
        sync = np.zeros(len(data.datasets.arcs)) if values.sync is None else values.sync
        sent = data.datasets.sent_gb_per_hour(known, sync)[[known.index(name) for name in names]]
        left: Array = most[:, None] - used - sent
        return left


def _most(values: Values, data: Data) -> Array:
    """Accelerators that are there in time in each room; (R, T)."""
    found = data.after_failure.rooms
    n, available = values.provisioned(data), values.available(data)
    most = np.array([n[room.pool] + room.extra for room in found])
    for r, room in enumerate(found):
        if room.extra > 0:
            most[r] = np.minimum(most[r], available[room.pool])
        if data.provisioning.elastic[room.pool]:
            most[r] = np.minimum(most[r], _started(data, n, room.pool) + room.extra)
    return most


def _started(data: Data, n: Array, pool: int) -> Array:
    """Least n within the lead time of each period; (T,)."""
    period, before = data.provisioning.lead_of(pool)
    initial = np.nan_to_num(data.provisioning.field("initial_provisioned_accelerators"))[pool]
    then: npt.NDArray[np.float64] = np.where(before >= 0, n[pool][np.maximum(before, 0)], initial)
    least = np.full(n.shape[1], np.inf)
    np.minimum.at(least, period, then)
    return least
