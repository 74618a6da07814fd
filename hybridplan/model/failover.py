"""What stands by, and where work goes after a failure, read from a solved model: no more of either than is promised."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hybridplan.domain.features import rewards_provisioning
from hybridplan.model.boxes import redispatch_limit, standby_limit
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.limits.failover import load_of_rooms
from hybridplan.model.periods import Array
from hybridplan.model.values import Values


def read_standby(decisions: Decisions, data: Data, dust: float) -> Array | None:
    """Standby of every failover pair, (F, T); None where none may be kept."""
    where = data.promises.standby
    if not where.size:
        return None
    standby = np.zeros((len(data.promises.pairs), len(data.periods)))
    standby[where] = _clean(decisions.standby.value, standby_limit(data), dust)
    return standby


def read_redispatch(decisions: Decisions, data: Data, dust: float) -> Array | None:
    """Accelerators assigned after each failure, (M, T); None where no work is placed anew."""
    if not data.promises.moves:
        return None
    found = _clean(decisions.redispatch.value, redispatch_limit(data), dust)
    if data.promises.called is not None:
        found[~data.promises.called] = 0.0
    return found


def _clean(value: Array | None, limit: Array, dust: float) -> Array:
    found: Array = np.clip(np.zeros(limit.shape) if value is None else np.asarray(value, dtype=float), 0.0, limit)
    found[found < dust * limit] = 0.0
    return found


def settle(values: Values, decisions: Decisions, data: Data) -> None:
    """No more standby, and no more work after a failure, than is promised; and provisioned what that takes, or more
    where more pays."""
    if values.standby is not None:
        _drop_idle_standby(values, values.standby, data)
    if values.redispatch is not None:
        _keep_to_the_promise(values, values.redispatch, data)
        values.reserve = _reserve(values, data)
        found = decisions.reserve.value
        if found is not None and rewards_provisioning(data.scenario):
            most = (values.available(data) - values.load(data) / data.usable_share[:, None])[data.reserving]
            values.reserve = np.maximum(values.reserve, np.minimum(np.asarray(found, dtype=float), most))


def _served(values: Values, data: Data) -> Array:
    served: Array = values.effective * data.productivity[:, None]
    return served


def _drop_idle_standby(values: Values, standby: Array, data: Data) -> None:
    """On pools that are always on standby costs nothing, so a solver may keep more of it than any failure needs."""
    promises, served = data.promises, _served(values, data)
    can = promises.units[:, None]
    for k in promises.standby[data.provisioning.always_on[promises.pool[promises.standby]]]:
        needed = np.zeros(len(data.periods))
        mine = [j for j, route in enumerate(data.routes) if route.workload == promises.pairs[k].workload]
        for case in [case for case in promises.cases if not case.is_moved and k in case.survivors]:
            others = case.survivors[case.survivors != k]
            lacks = promises.share[case.workload] * served[mine].sum(axis=0) - served[case.left].sum(axis=0)
            needed = np.maximum(needed, lacks - (can * standby)[others].sum(axis=0))
        standby[k] = np.minimum(standby[k], needed / can[k])


def _keep_to_the_promise(values: Values, redispatch: Array, data: Data) -> None:
    """Room after a failure costs nothing more, so a solver may fill it at will: the promised share is what counts."""
    promises, served = data.promises, _served(values, data)
    for case in [case for case in promises.cases if case.is_moved]:
        moves = [m for m, (one, _) in enumerate(promises.moves) if one is case]
        mine = [k for k, route in enumerate(data.routes) if route.workload == case.workload]
        promise = promises.share[case.workload] * served[mine].sum(axis=0)
        can = promises.units[promises.moving[moves]] @ redispatch[moves]
        redispatch[moves] *= np.divide(promise, can, out=np.zeros_like(can), where=can > 0)


def _reserve(values: Values, data: Data) -> Array:
    """Accelerators that pools of least provisioning need beyond their load, (reserving pools, T)."""
    load = load_of_rooms(values, data)
    needed = np.zeros((len(data.pools), len(data.periods)))
    np.maximum.at(needed, np.array([room.pool for room in data.after_failure.rooms], dtype=np.intp), load)
    least = values.load(data) / data.usable_share[:, None]
    reserve: Array = np.maximum(needed - least, 0.0)[data.reserving]
    return reserve


def kept_after(data: Data) -> npt.NDArray[np.intp]:
    """Routes of work with a dedicated promise in pools to which other work may go after a failure."""
    promises = data.promises
    takers = set(promises.takers.tolist())
    found = [
        k
        for k, route in enumerate(data.routes)
        if route.workload in promises.share and route.workload not in promises.moved and data.route_pool[k] in takers
    ]
    return np.array(found, dtype=np.intp)
