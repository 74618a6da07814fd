"""What a rule keeps for promises: standby for dedicated ones, and room after each failure for shared and cold ones."""

from __future__ import annotations

import numpy as np

from hybridplan.analysis.baselines.greedy import Rule
from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.model.promises import Case
from hybridplan.model.values import Values


def keep_promises(data: Data, rule: Rule, values: Values, free: Array) -> Array:
    """Set standby and redispatch of ``values``, as far as the rule's pools allow; the n that all of it takes, (P, T).

    ``free``: accelerators that each pool can still lend (P, T). Pools in the rule's order, then by price; what is
    provisioned already before anything more. Nothing waits for pools to grow, and bandwidth is not looked at.
    """
    if not data.promises.cases:
        return values.provisioned(data)
    kept = _Keeping(data, rule, values)
    kept.stand_by(free.copy())
    needed = kept.go_on()
    if data.promises.moves:
        values.reserve = np.maximum(needed - values.provisioned(data), 0.0)[data.reserving]
    return np.maximum(needed, values.provisioned(data))


class _Keeping:
    """One rule, and the pairs that it may use after a failure, in its order."""

    def __init__(self, data: Data, rule: Rule, values: Values) -> None:
        self._data, self._values, self._promises = data, values, data.promises
        self._served = values.effective * data.productivity[:, None]
        promises, pools = data.promises, data.scenario.pools
        rented = np.where(data.option("on_demand", "interruptible"), data.price, 0.0)[promises.pool] / promises.units
        needs_copy = {pair for pair, _ in promises.data.needs}
        ranked = [
            (rank, float(rented[k]), k)
            for k, pair in enumerate(promises.pairs)
            if k not in needs_copy and (rank := rule(pools[pair.pool].purchase_option)) is not None
        ]
        self._order = [k for *_, k in sorted(ranked)]
        self._open = ~promises.data.closed

    def stand_by(self, free: Array) -> None:
        """Dedicated work: standby for what each failure takes beyond the promise."""
        promises = self._promises
        standby = np.zeros((len(promises.pairs), len(self._data.periods)))
        for case in [case for case in promises.cases if not case.is_moved]:
            lacks = self._promise(case) - self._served[case.left].sum(axis=0)
            lacks -= promises.units[case.survivors] @ standby[case.survivors]
            for k in [k for k in self._order if k in set(case.survivors.tolist())]:
                more = self._take(k, lacks, free[promises.pool[k]])
                standby[k] += more
                free[promises.pool[k]] -= more
                lacks = lacks - more * promises.units[k]
        if promises.standby.size:
            self._values.standby = standby

    def go_on(self) -> Array:
        """Shared and cold work: where it runs after each failure; the n that this takes, (P, T)."""
        promises = self._promises
        provisioned = self._values.provisioned(self._data)
        most = np.maximum(self._values.available(self._data), provisioned)
        redispatch = np.zeros((len(promises.moves), len(self._data.periods)))
        for failure, moves in self._moves().items():
            used = self._going_on(failure)
            mine = {promises.moves[m][0].record: self._promise(promises.moves[m][0]) for m in moves}
            for limit in (provisioned, most):
                for m in moves:
                    case, k = promises.moves[m]
                    more = self._take(k, mine[case.record], limit[promises.pool[k]] - used[promises.pool[k]])
                    redispatch[m] += more
                    used[promises.pool[k]] += more
                    mine[case.record] = mine[case.record] - more * promises.units[k]
            provisioned = np.maximum(provisioned, used)
        if promises.moves:
            self._values.redispatch = redispatch
        return provisioned

    def _moves(self) -> dict[str, list[int]]:
        """Where work may go after each failure, in the order of the rule; nowhere is an empty list."""
        place = {k: position for position, k in enumerate(self._order)}
        found: dict[str, list[int]] = {case.contingency: [] for case, _ in self._promises.moves}
        for m, (case, k) in sorted(enumerate(self._promises.moves), key=lambda item: place.get(item[1][1], -1)):
            if k in place:
                found[case.contingency].append(m)
        return found

    def _going_on(self, failure: str) -> Array:
        """Accelerators of dedicated work that go on after the failure, standby included; (P, T)."""
        promises, values = self._promises, self._values
        used = np.zeros((len(self._data.pools), len(self._data.periods)))
        for work in [work for work in promises.share if work not in promises.moved]:
            left, survivors = promises.surviving(work, failure)
            np.add.at(used, self._data.route_pool[left], values.assigned[left])
            if values.standby is not None:
                np.add.at(used, promises.pool[survivors], values.standby[survivors])
        return used

    def _promise(self, case: Case) -> Array:
        """Work units per hour that must go on."""
        mine = [k for k, route in enumerate(self._data.routes) if route.workload == case.workload]
        promise: Array = self._promises.share[case.workload] * self._served[mine].sum(axis=0)
        return promise

    def _take(self, k: int, wanted: Array, room: Array) -> Array:
        units = self._promises.units[k]
        if units <= 0:
            return np.zeros_like(wanted)
        taken: Array = np.where(self._open[k], np.clip(wanted / units, 0.0, np.maximum(room, 0.0)), 0.0)
        return taken
