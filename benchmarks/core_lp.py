"""Cost against carbon on the linear model of the reference week: 25 caps, ours and two other ways to write it.

All solve the same 25 caps in the same order, from the loosest to the strictest, in this process, with HiGHS on one
thread and our tolerances; all objectives must agree to 1e-6, and three of them with a solve of ours from nothing.
Wall time counts from the inputs to the last objective:

- ours: from the scenario to 25 answers, each with audit and certificate (:class:`hybridplan.model.sweep.Sweep`).
- CVXPY: one vectorised problem, the cap its parameter, ``problem.solve`` for each point. The arrays are given, so that
  reading the scenario does not count, and nothing is checked. ``warm_start`` is off: CVXPY hands over the last point
  without its basis, by which HiGHS takes several times as long here.
- linopy: one model, the right side changed, HiGHS kept between solves (``track_updates``), which is the quickest that
  linopy has. The arrays are given, nothing is checked, and no solution is written back. Left out where linopy is not
  installed (``make bench`` installs it).

The others are run twice. *As stated*: assigned accelerators are columns, and latency a row for each route and period.
*Reduced*: what our solver finds by itself is done by hand. No accelerator is worth assigning beyond what latency asks
for, so each assigned one is written as busy / largest load, and these rows and columns go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

import cvxpy as cp
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from benchmarks import reference_week
from hybridplan.analysis.frontier import capped, frontier
from hybridplan.domain import Scenario, require
from hybridplan.model.data import Data
from hybridplan.model.linear import HIGHS_OPTIONS
from hybridplan.model.solve import optimise
from hybridplan.model.sweep import Sweep
from hybridplan.plan import SolveStatus
from hybridplan.settings import SOLVE_SECONDS

POINTS = 25
KG_PER_TONNE = 1000.0
AGREE = 1e-6
GRID_G_PER_KWH = {"DE": 380.0, "FR": 60.0, "IE": 290.0}
BUSY_KW = {"H100": 0.9, "A100": 0.55, "L40S": 0.45}
IDLE_SHARE = 0.25
"""Round figures: carbon has to differ between sites and accelerators, no more."""

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


def scenario() -> Scenario:
    """The reference week with the carbon of its grids and the power of its accelerators."""
    document = reference_week.scenario().to_dict()
    for site in document["sites"].values():
        site["grid_carbon_g_per_kwh"] = GRID_G_PER_KWH[site["jurisdiction"]]
    for pool in document["pools"].values():
        pool["busy_kw"] = BUSY_KW[pool["sku"]]
        pool["idle_kw"] = IDLE_SHARE * pool["busy_kw"]
    return require(document)


@dataclass(frozen=True)
class Core:
    """The linear model as plain arrays: K routes, T hours, W workloads, P pools, L links, A pools with ``avoidable``
    cost. Rates are for one hour, of what is kept for all of them.
    """

    work: Positions
    """(K,), as all up to ``kg_assigned``."""
    pool: Positions
    link: Positions
    """The way back to where the work comes from; -1: it never left."""
    spot: npt.NDArray[np.bool_]
    units: Array
    """Work units per busy accelerator."""
    load: Array
    """Largest busy / assigned."""
    gb: Array
    """Per busy accelerator."""
    usd_busy: Array
    usd_assigned: Array
    kg_busy: Array
    kg_assigned: Array
    demand: Array
    """(W, T)."""
    usd_unserved: Array
    """(W,), as ``spot_share``."""
    spot_share: Array
    avoidable: Positions
    """(A,), as the two of what is kept."""
    usd_kept: Array
    kg_kept: Array
    capacity: Array
    """(P,), as ``usable``: the share of it that is lent to work."""
    usable: Array
    link_gb: Array
    """(L,)."""
    usd_always: float
    kg_always: float


def core(week: Scenario) -> Core:
    """Arrays of a week of hours without more features than the reference week has."""
    data = Data(week)
    works, hours = [week.workloads[w] for w in data.rigid], float(len(data.periods))
    ways = [data.traffic.gb_per_unit(route) for route in data.routes]
    assert np.all(data.periods.weight_hours == 1.0)
    assert all(len(way) <= 1 for way in ways)
    kg, pool = KG_PER_TONNE * data.carbon_per_kwh(), data.route_pool
    rented = data.option("on_demand", "interruptible")
    per_assigned = np.where(rented, 1.0 / data.usable_share, 0.0)
    sunk = data.option("owned") & ~data.avoidable
    return Core(
        work=np.array([data.rigid.index(route.workload) for route in data.routes], dtype=np.intp),
        pool=pool,
        link=np.array([data.traffic.limited.index(way[0][0]) if way else -1 for way in ways], dtype=np.intp),
        spot=data.route_interruptible,
        units=data.productivity,
        load=data.queues.load_limit,
        gb=np.array([way[0][1] if way else 0.0 for way in ways]) * data.productivity,
        usd_busy=data.traffic.usd_per_unit * data.productivity,
        usd_assigned=(per_assigned * data.price)[pool],
        kg_busy=(kg * (data.busy_kw - data.idle_kw))[pool],
        kg_assigned=(kg * data.idle_kw * per_assigned)[pool],
        demand=data.demand,
        usd_unserved=np.array([work.unserved_usd_per_unit for work in works]),
        spot_share=np.array([work.interruptible_share_cap for work in works]),
        avoidable=np.flatnonzero(data.avoidable),
        usd_kept=hours * data.price[data.avoidable],
        kg_kept=hours * (kg * data.idle_kw)[data.avoidable],
        capacity=data.capacity,
        usable=data.usable_share,
        link_gb=data.traffic.limit_gb_per_hour,
        usd_always=hours * float(data.price[sunk] @ data.capacity[sunk]),
        kg_always=hours * float((kg * data.idle_kw)[sunk] @ data.capacity[sunk]),
    )


def ours(week: Scenario, caps: list[float]) -> list[float]:
    """Objectives in USD under caps in tonnes, each proven."""
    sweep, found = Sweep(capped(week, "carbon", caps[0]), "carbon_cap"), []
    for cap in caps:
        swept = sweep.solve(capped(week, "carbon", cap), cap, SOLVE_SECONDS.read())
        assert swept.status is SolveStatus.OPTIMAL
        assert swept.report is not None
        found.append(swept.report.objective_usd)
    return found


def with_cvxpy(core: Core, caps: list[float], *, reduced: bool) -> list[float]:
    """The same by a loop over one CVXPY problem."""
    cap = cp.Parameter()
    problem, found = _cvxpy_problem(core, cap, reduced), []
    for tonnes in caps:
        cap.value = KG_PER_TONNE * tonnes
        problem.solve(solver=cp.HIGHS, warm_start=False, highs_options=dict(HIGHS_OPTIONS))
        found.append(float(problem.value))
    return found


def _cvxpy_problem(core: Core, cap: cp.Parameter, reduced: bool) -> cp.Problem:
    def add_up(groups: Positions, count: int, values: Array) -> sp.csr_array:
        (routes,) = np.nonzero(groups >= 0)
        return sp.csr_array((values[routes], (groups[routes], routes)), shape=(count, len(groups)))

    (routes, hours), works, pools = (len(core.work), core.demand.shape[1]), len(core.demand), len(core.capacity)
    busy = cp.Variable((routes, hours), bounds=[0, None])
    unserved = cp.Variable(core.demand.shape, bounds=[0, None])
    kept = cp.Variable(len(core.avoidable), bounds=[0, core.capacity[core.avoidable]])
    need = cp.multiply(1.0 / core.load[:, None], busy)
    assigned = need if reduced else cp.Variable((routes, hours), bounds=[0, None])
    fixed = core.usable * core.capacity
    fixed[core.avoidable] = 0.0
    lend = sp.csr_array(np.diag(core.usable)[:, core.avoidable])
    some = np.unique(core.work[core.spot & (core.spot_share[core.work] < 1)])
    share = core.spot_share[some][:, None]
    rules = [
        add_up(core.work, works, core.units) @ busy + unserved == core.demand,
        add_up(core.pool, pools, np.ones(routes)) @ assigned <= cp.reshape(fixed + lend @ kept, (pools, 1), order="C"),
        add_up(core.link, len(core.link_gb), core.gb) @ busy <= core.link_gb[:, None],
        add_up(core.work, works, core.units * core.spot)[some] @ busy
        <= cp.multiply(share, core.demand[some] - unserved[some]),
        core.kg_busy @ cp.sum(busy, axis=1) + core.kg_assigned @ cp.sum(assigned, axis=1) + core.kg_kept @ kept
        <= cap - core.kg_always,
    ]
    if not reduced:
        rules.append(busy <= cp.multiply(core.load[:, None], assigned))
    hourly = core.usd_busy @ cp.sum(busy, axis=1) + core.usd_assigned @ cp.sum(assigned, axis=1)
    penalty = core.usd_unserved @ cp.sum(unserved, axis=1)
    return cp.Problem(cp.Minimize(hourly + penalty + core.usd_kept @ kept + core.usd_always), rules)


def with_linopy(core: Core, caps: list[float], *, reduced: bool) -> list[float]:
    """The same by a linopy model whose HiGHS instance is kept."""
    model, found = _linopy_model(core, reduced), []
    options = {**HIGHS_OPTIONS, "log_to_console": False}
    named = import_module("linopy.solvers").Solver.from_name
    solver = named("highs", model, io_api="direct", options=options, track_updates=True)
    for tonnes in caps:
        model.constraints["carbon_cap"].update(rhs=KG_PER_TONNE * tonnes - core.kg_always)
        result = solver.solve(model, disallow_rebuild=True)
        assert result.status.is_ok, result.status
        found.append(float(result.solution.objective) + core.usd_always)
    solver.close()
    return found


def _along(dim: str, values: npt.NDArray[Any], at: Positions | None = None, name: str | None = None) -> Any:
    """The values as a labelled array for linopy; ``at``: positions that they belong to."""
    labels = np.arange(len(values)) if at is None else at
    return import_module("xarray").DataArray(values, dims=dim, coords={dim: labels}, name=name)


def _linopy_model(core: Core, reduced: bool) -> Any:
    """The right side of ``carbon_cap`` is still to be set."""
    model, owned = import_module("linopy").Model(), core.avoidable
    routes, works, hours = (np.arange(count) for count in (len(core.work), *core.demand.shape))
    busy = model.add_variables(lower=0, coords=[routes, hours], dims=["route", "hour"], name="busy")
    unserved = model.add_variables(lower=0, coords=[works, hours], dims=["work", "hour"], name="unserved")
    kept = model.add_variables(lower=0, upper=_along("pool", core.capacity[owned], owned), name="kept")
    assigned = _along("route", 1.0 / core.load) * busy
    if not reduced:
        assigned = 1 * model.add_variables(lower=0, coords=[routes, hours], dims=["route", "hour"], name="assigned")
        model.add_constraints(busy - _along("route", core.load) * assigned <= 0, name="latency")

    def add_up(term: Any, to: str, groups: Positions, at: Positions) -> Any:
        return term.sel(route=at).groupby(_along("route", groups[at], at, to)).sum()

    def over_week(of_busy: Array, of_assigned: Array, of_kept: Array) -> Any:
        hourly = (_along("route", of_busy) * busy).sum() + (_along("route", of_assigned) * assigned).sum()
        return hourly + (_along("pool", of_kept, owned) * kept).sum()

    units = _along("route", core.units) * busy
    demand = import_module("xarray").DataArray(core.demand, {"work": works, "hour": hours}, ("work", "hour"))
    model.add_constraints(add_up(units, "work", core.work, routes) + unserved == demand, name="demand")
    used, fixed = add_up(assigned, "pool", core.pool, routes), np.setdiff1d(core.pool, owned)
    lent = _along("pool", (core.usable * core.capacity)[fixed], fixed)
    model.add_constraints(used.sel(pool=fixed) <= lent, name="capacity")
    model.add_constraints(used.sel(pool=owned) - _along("pool", core.usable[owned], owned) * kept <= 0, name="lent")
    away = np.flatnonzero(core.link >= 0)
    ways = np.unique(core.link[away])
    traffic = add_up(_along("route", core.gb) * busy, "link", core.link, away)
    model.add_constraints(traffic <= _along("link", core.link_gb[ways], ways), name="bandwidth")
    spot = np.flatnonzero(core.spot & (core.spot_share[core.work] < 1))
    some = np.unique(core.work[spot])
    share = _along("work", core.spot_share[some], some)
    on_spot = add_up(units, "work", core.work, spot) + share * unserved.sel(work=some)
    model.add_constraints(on_spot <= share * demand.sel(work=some), name="spot")
    model.add_constraints(over_week(core.kg_busy, core.kg_assigned, core.kg_kept) <= 0, name="carbon_cap")
    penalty = (_along("work", core.usd_unserved) * unserved).sum()
    model.add_objective(over_week(core.usd_busy, core.usd_assigned, core.usd_kept) + penalty)
    return model


def measure() -> dict[str, float]:
    """``core_*_ratio``: seconds of the other way / ours; ``reduced``: with the latency rows taken out by hand.

    Ours is timed before each of the others; its median counts.
    """
    week = scenario()
    ends = frontier(week, "carbon", points=2).points
    caps = np.linspace(ends[-1].cap, ends[0].cap, POINTS).tolist()
    usd = ours(week, caps)  # what is loaded once is loaded now
    for k in (0, POINTS // 2, POINTS - 1):
        _agree([optimise(capped(week, "carbon", caps[k])).objective_usd or 0.0], [usd[k]], "a solve from nothing")
    own, others, arrays = [], {}, core(week)
    for name, way in _others().items():
        way(arrays, caps[:1], reduced=True)
        for form in ("", "_reduced"):
            own.append(_timed(partial(ours, week, caps))[0])
            others[name + form], found = _timed(partial(way, arrays, caps, reduced=bool(form)))
            _agree(found, usd, name + form)
    ratios = {f"core_{name}_ratio": seconds / median(own) for name, seconds in others.items()}
    return {**ratios, "core_ours_s": median(own), **{f"core_{name}_s": seconds for name, seconds in others.items()}}


def _others() -> dict[str, Callable[..., list[float]]]:
    if find_spec("linopy") is not None:
        return {"cvxpy": with_cvxpy, "linopy": with_linopy}
    print("linopy is not installed, so there is no core_linopy_ratio: run make bench")
    return {"cvxpy": with_cvxpy}


def _timed(solve: Callable[[], list[float]]) -> tuple[float, list[float]]:
    began = perf_counter()
    found = solve()
    return perf_counter() - began, found


def _agree(found: list[float], usd: list[float], name: str) -> None:
    np.testing.assert_allclose(found, usd, rtol=AGREE, err_msg=name)
