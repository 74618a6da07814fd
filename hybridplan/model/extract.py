"""From solved variables to the plan's labelled tables."""

from __future__ import annotations

from itertools import pairwise

import cvxpy as cp
import numpy as np

from hybridplan.domain.features import rewards_provisioning
from hybridplan.model import failover, failover_fill
from hybridplan.model.choices.copies import read_copies
from hybridplan.model.choices.lines import read_lines
from hybridplan.model.choices.purchases import read_sizes
from hybridplan.model.choices.spend import read_spend
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales
from hybridplan.model.limits.provider_share import largest_share
from hybridplan.model.periods import Array
from hybridplan.model.values import Values, tables
from hybridplan.plan import PlanTables

DUST = 1e-9
"""Shares of a box below this are solver dust and become exactly 0."""
DUST_OF_CONES = 1e-7
"""The same for an interior-point answer, which stays a little inside every limit."""


def extract(decisions: Decisions, data: Data) -> PlanTables:
    """Read the values, drop dust, and close the demand balances exactly: unserved = demand - served."""
    values = read(decisions, data)
    failover_fill.fill(values, data)
    return tables(data, values)


def read(decisions: Decisions, data: Data) -> Values:
    """The decisions as clean arrays; after a failure work goes on as far as it is promised to, and no further."""
    dust = DUST_OF_CONES if any(isinstance(rule, cp.SOC) for rule in decisions.definitions) else DUST
    busy = _clean(decisions.busy, data.busy_limit, dust)
    effective = busy.copy()
    curved = sorted(data.curves)
    if curved:
        effective[curved] = _clean(decisions.effective, data.effective_limit, dust)[curved]
    assigned, standby = busy + _spare(decisions, data, busy), failover.read_standby(decisions, data, dust)
    values = Values(
        busy,
        assigned,
        effective,
        np.zeros_like(data.demand),
        np.zeros(len(data.windows)),
        _kept(decisions, data),
        None,
        standby,
        failover.read_redispatch(decisions, data, dust),
        bought=read_sizes(decisions.purchases, data.offers, dust),
    )
    values.elastic = _elastic(decisions, data, values, dust)
    _close_rigid(values, data, decisions, dust)
    _close_windows(values, data, decisions, dust)
    _drop_idle_runs(values, data)
    failover.settle(values, decisions, data)
    _share_out_idle(values, data)
    values.covered, values.new_spend = read_spend(decisions.spend, data.spending, values.provisioned(data), dust)
    values.chosen, values.sync = read_copies(decisions.copies, data, dust)
    values.private_gbps, values.private = read_lines(decisions.lines, data, values.effective, values.sync, dust)
    return values


def _clean(variable: object, upper: Array, dust: float) -> Array:
    value = getattr(variable, "value", None)
    if value is None or upper.size == 0:
        return np.zeros(upper.shape)
    array: Array = np.clip(np.asarray(value, dtype=float).reshape(upper.shape), 0.0, upper)
    array[array < dust * upper] = 0.0
    return array


def _spare(decisions: Decisions, data: Data, busy: Array) -> Array:
    """Spare accelerators of every route: at least what the load limit asks for; none where nothing is busy, unless more
    of what is provisioned pays by itself."""
    spare = np.zeros_like(busy)
    routes = data.queues.spare
    if not routes.size or decisions.spare.value is None:
        return spare
    found = np.maximum(np.asarray(decisions.spare.value, dtype=float), 0.0)
    load = data.queues.load_limit[routes][:, None]
    is_used = (busy[routes] > 0) | rewards_provisioning(data.scenario)
    spare[routes] = np.where(is_used, np.maximum(found, busy[routes] * (1.0 - load) / load), 0.0)
    gangs = data.queues.gangs
    if gangs.size:
        size = data.queues.replica[gangs][:, None]
        whole = np.round((busy[gangs] + spare[gangs]) / size) * size
        spare[gangs] = np.where(busy[gangs] > 0, np.maximum(whole - busy[gangs], 0.0), 0.0)
    return spare


def _kept(decisions: Decisions, data: Data) -> Array:
    kept = np.where(data.avoidable, 0.0, data.capacity)
    if decisions.kept.size:
        kept[data.avoidable] = _clean(decisions.kept, data.capacity[data.avoidable], DUST)
    whole, node = data.provisioning.whole_kept, data.provisioning.node
    kept[whole] = np.round(kept[whole] / node[whole]) * node[whole]
    return kept


def _elastic(decisions: Decisions, data: Data, values: Values, dust: float) -> Array | None:
    """n of elastic pools; dust where nothing runs is 0, else a share of it that must be busy would not be."""
    made, value = data.provisioning, decisions.provisioned.value
    if not made.elastic.any() or value is None:
        return None
    n: Array = np.maximum(np.asarray(value, dtype=float), 0.0)
    load = values.load(data)
    n[n < np.where(load > 0, DUST, dust) * data.capacity[:, None]] = 0.0
    node = made.node[made.whole][:, None]
    n[made.whole] = np.round(n[made.whole] / node) * node
    return n


def _close_rigid(values: Values, data: Data, decisions: Decisions, dust: float) -> None:
    served = np.asarray(data.incidence(data.rigid, "workload", data.productivity) @ values.effective)
    wanted = data.demand
    if dust > DUST and decisions.unserved.size:
        # An interior point serves a hair less than all; what it does not mean to leave is served.
        wanted = data.demand - _clean(decisions.unserved, data.demand / _column(data), dust) * _column(data)
    near = np.where(np.abs(served - wanted) <= 1e-6 * data.demand, wanted, served) if dust > DUST else served
    target = np.minimum(near, data.demand)
    factor = np.where(served > 0, target / np.where(served > 0, served, 1.0), 1.0)
    where = {w: i for i, w in enumerate(data.rigid)}
    for k, route in enumerate(data.routes):
        if route.workload in where:
            by = factor[where[route.workload]]
            values.busy[k] *= by
            values.effective[k] *= by
            values.assigned[k] *= np.maximum(by, 1.0) if k in data.queues.gangs else by
    if values.standby is not None:
        # What is promised is a share of what is served.
        for k, pair in enumerate(data.promises.pairs):
            values.standby[k] *= factor[where[pair.workload]]
    rest = data.demand - target
    values.unserved = np.where(rest > dust * data.demand, rest, 0.0)


def _column(data: Data) -> Array:
    return scales(data, data.rigid)[:, None]


def _close_windows(values: Values, data: Data, decisions: Decisions, dust: float) -> None:
    of_work: dict[str, list[int]] = {row.workload: [] for row in data.windows}
    for k, route in enumerate(data.routes):
        of_work.setdefault(route.workload, []).append(k)
    for v, row in enumerate(data.windows):
        mine = of_work[row.workload]
        straight = [k for k in mine if k not in data.curves]
        span = slice(row.periods.start, row.periods.stop)
        rate = data.productivity[mine][:, None] * data.periods.hours[span]
        served = float(np.sum(rate * values.effective[mine, span]))
        short = row.volume_units - served
        if served > 0 and (short < 0 or (dust > DUST and short <= 1e-6 * row.volume_units)):
            by = row.volume_units / served
            values.effective[mine, span] *= by
            values.busy[straight, span] *= by
            plain = [k for k in straight if k not in data.queues.gangs]
            values.assigned[plain, span] *= by
            short = 0.0
        values.unserved_window[v] = short if short > dust * row.volume_units else 0.0


def _drop_idle_runs(values: Values, data: Data) -> None:
    """Where running costs nothing a solver may keep more accelerators busy than the work of a curve takes.

    Not in pools that must be busy to some share, nor in rented ones where a rule counts on what is rented, since there
    it may be what keeps the rule; nor where the cap on the share of a provider counts on all that is busy.
    """
    policy, busy = data.scenario.policy, values.busy.copy()
    kept = data.provisioning.field("min_busy_share")[data.route_pool] > 0
    of_usd = policy.provider_share_of == "rented_usd"
    if policy.min_providers > 0 or (of_usd and policy.provider_share_cap is not None):
        kept = kept | ~data.option("owned")[data.route_pool]
    for k in [k for k in data.curves if not kept[k]]:
        points = [(0.0, 0.0), *data.curves[k]]
        rising = [points[0], *(b for a, b in pairwise(points) if b[1] > a[1])]
        used, gained = np.array(rising).T
        needed = np.interp(values.effective[k], gained, used)
        busy[k] = np.minimum(values.busy[k], needed)
    cap = None if of_usd else policy.provider_share_cap
    if cap is not None and largest_share(data, busy) > max(cap, largest_share(data, values.busy)):
        return
    values.busy = busy
    for k in data.curves.keys() - set(data.queues.gangs.tolist()):
        if not kept[k]:
            values.assigned[k] = np.minimum(values.assigned[k], busy[k])


def _share_out_idle(values: Values, data: Data) -> None:
    """Idle accelerators of always-on pools cost nothing more, so queued work there gets them, by its load."""
    calm = data.queues.calm
    calm = calm[data.provisioning.always_on[data.route_pool[calm]] & ~np.isin(calm, data.queues.gangs)]
    # What work with standby of its own is given stays with it after a failure: others may need it then.
    calm = calm[~np.isin(calm, failover.kept_after(data))]
    if not calm.size:
        return
    pools = data.incidence(data.pools, "pool")
    idle = values.available(data) * data.usable_share[:, None] - values.load(data)
    load = np.asarray(pools[:, calm] @ values.busy[calm])
    share = np.where(load > 0, np.maximum(idle, 0.0) / np.where(load > 0, load, 1.0), 0.0)
    values.assigned[calm] += values.busy[calm] * share[data.route_pool[calm]]
