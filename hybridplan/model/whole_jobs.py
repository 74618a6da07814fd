"""Gangs, jobs that stay at one site, and how far a workload has got."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes, variable, whole_variable


@dataclass(frozen=True)
class WholeJobs:
    """Variables of jobs; an empty one is a constant.

    ``sites`` (choices,): 1 where a window's work runs at a site; ``choices`` names (window position, site).
    ``done`` (workloads in a chain, T): units since the start of the block, in the workload's unit scale.
    """

    sites: cp.Expression
    choices: tuple[tuple[int, str], ...]
    done: cp.Expression
    chained: tuple[str, ...]
    definitions: tuple[cp.Constraint, ...]


def build_whole_jobs(
    data: Data, busy: cp.Expression, spare: cp.Expression, effective: cp.Expression, made: Wholes
) -> WholeJobs:
    """Variables and the rows that define them."""
    rules = _gangs(data, busy, spare, made)
    choices = _choices(data)
    sites = whole_variable(made, "sites", np.ones(len(choices)))
    rules += _only_chosen(data, busy, sites, choices, made)
    chained = tuple(dict.fromkeys(w for pair in chain(data) for w in pair))
    done = variable("done", _most_done(data, chained))
    if chained:
        rules.append(_progress(data, effective, done, chained))
    return WholeJobs(sites, choices, done, chained, tuple(rules))


def chain(data: Data) -> list[tuple[str, str]]:
    """(follower, the workload that it follows)."""
    return [(w, work.after) for w, work in data.scenario.workloads.items() if work.after is not None]


def _gangs(data: Data, busy: cp.Expression, spare: cp.Expression, made: Wholes) -> list[cp.Constraint]:
    """a = accelerators_per_replica x a whole number."""
    routes = data.queues.gangs
    if not routes.size:
        return []
    size = data.queues.replica[routes]
    limit = data.usable[data.route_pool[routes]]
    if data.roomy:
        limit = np.maximum(limit, 2.0 * data.busy_limit[routes] + size[:, None])
    replicas = whole_variable(made, "replicas", np.floor(limit / size[:, None] + 1e-9))
    assigned = busy[routes] + spare[data.queues.spare_of(routes)]
    return [assigned == sp.diags_array(size) @ replicas]


def _choices(data: Data) -> tuple[tuple[int, str], ...]:
    works, pools = data.scenario.workloads, data.scenario.pools
    found = []
    for v, row in enumerate(data.windows):
        if works[row.workload].one_site:
            sites = [pools[route.pool].site for route in data.routes if route.workload == row.workload]
            found += [(v, site) for site in dict.fromkeys(sites)]
    return tuple(found)


def _only_chosen(
    data: Data, busy: cp.Expression, sites: cp.Expression, choices: tuple[tuple[int, str], ...], made: Wholes
) -> list[cp.Constraint]:
    """y[k, t] <= its limit where the site of k is chosen for the window of t, else 0."""
    # With the choice fixed the limit must not bind, or it would take the dual of a real row.
    limit, slack = data.busy_limit, 2.0 if made.is_fixed else 1.0
    cells, rows, values = list[int](), list[int](), list[float]()
    for c, (v, site) in enumerate(choices):
        window = data.windows[v]
        for k, route in enumerate(data.routes):
            if route.workload == window.workload and data.scenario.pools[route.pool].site == site:
                cells += [k + len(data.routes) * t for t in window.periods]
                rows += [c] * len(window.periods)
                values += [float(x) * slack for x in limit[k, window.periods.start : window.periods.stop]]
    if not cells:
        return []
    index = np.arange(len(cells))
    pick = sp.csr_array((np.ones(len(cells)), (index, cells)), shape=(len(cells), busy.size))
    most = sp.csr_array((values, (index, rows)), shape=(len(cells), len(choices)))
    return [pick @ cp.vec(busy, order="F") <= most @ sites]


def _most_done(data: Data, chained: tuple[str, ...]) -> Array:
    """Units of each workload over a block, in its unit scale; (chained, T)."""
    most = np.zeros((len(chained), len(data.periods)))
    for i, work_id in enumerate(chained):
        if work_id in data.rigid:
            units = data.demand[data.rigid.index(work_id)] * data.periods.hours
        else:
            units = np.zeros(len(data.periods))
            for row in data.windows:
                if row.workload == work_id:
                    units[row.periods.start] += row.volume_units
        for block in dict.fromkeys(data.periods.block):
            inside = data.periods.block == block
            most[i, inside] = units[inside].sum() / data.unit_scale[work_id]
    return most


def _progress(data: Data, effective: cp.Expression, done: cp.Expression, chained: tuple[str, ...]) -> cp.Constraint:
    """done[t] = done[t - 1] + h e x, from 0 at the start of each block."""
    periods = len(data.periods)
    first = np.zeros(periods, dtype=bool)
    first[list(data.periods.first.values())] = True
    keep = np.where(first[1:], 0.0, 1.0)
    shift = sp.csr_array((keep, (np.arange(periods - 1), np.arange(1, periods))), shape=(periods, periods))
    scale = np.array([data.unit_scale[w] for w in chained])
    units = sp.diags_array(1.0 / scale) @ data.incidence(list(chained), "workload", data.productivity)
    step = (units @ effective) @ sp.diags_array(data.periods.hours)
    return done - done @ shift == step
