"""Aims that cost is set against: what a plan reaches, and the scenario that asks for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from hybridplan.analysis import labels
from hybridplan.analysis.objectives import after_failure_ms
from hybridplan.audit.costs.carbon import known_tonnes
from hybridplan.audit.costs.unserved import unserved_by_workload
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.providers import per_provider
from hybridplan.audit.queues import latency_units
from hybridplan.audit.rules.provider_share import rented_usd
from hybridplan.domain import Scenario
from hybridplan.domain.features import has_queue, public_provider
from hybridplan.domain.policy import CarbonCap
from hybridplan.model.routes import RouteIndex
from hybridplan.units import GRAMS_PER_TONNE, MAGNITUDE_MIN

if TYPE_CHECKING:
    from hybridplan.model.levers import LeverName

Aim = Literal[
    "carbon", "provider_share", "latency_objective", "mean_latency", "interruptible_share", "promise", "unserved"
]

_LOOSEST_FACTOR: Final = 2.0
"""Latency objectives are drawn from this many times today's down to the strictest."""
_MIDDLE: Final = 0.5
_BUSIEST: Final = 0.95
"""Largest load of any queue."""
_ROOM: Final = 1.1


@dataclass(frozen=True)
class Measure:
    """An aim: how it is capped, and what an answer reaches."""

    lever: LeverName
    unit: str
    apply: Callable[[Scenario, float, str], Scenario]
    """The scenario under a cap; the text names the workload, where the aim is about one."""
    reached: Callable[[Ledger, str], float] | None
    """None: the cap itself."""
    loosest: Callable[[Scenario, str], float]
    """A cap that the cheapest plan of all keeps; for latency objectives the end of what is drawn."""
    clear: Callable[[Scenario, str], Scenario]
    """The scenario without the cap."""
    records: Callable[[Scenario], list[str]] = lambda scenario: []
    """Workloads that the aim may be about; where there are none it is about all."""
    compiled: float | None = None
    """The cap that the model is compiled with, where a limit is left out at the loosest one."""
    is_time: bool = False
    """Whether the cap is a time, which is never 0."""
    is_lined: bool = False
    """Whether straight lines hold the cap, so that a plan may break it that reaches it exactly."""


def capped(scenario: Scenario, aim: Aim, cap: float | None, of: str = "") -> Scenario:
    """The scenario with this cap in place of its own; None: without one. ``of``: see :attr:`Measure.records`."""
    measure = MEASURES[aim]
    return measure.clear(scenario, of) if cap is None else measure.apply(scenario, cap, of)


def available(scenario: Scenario) -> list[Aim]:
    """The aims that mean something for a scenario, in the order in which they are offered."""
    works, pools, sites = scenario.workloads.values(), scenario.pools.values(), scenario.sites
    emits = any(pool.busy_kw > 0 and sites[pool.site].grid_carbon_g_per_kwh for pool in pools)
    found: dict[Aim, bool] = {
        "latency_objective": any(work.latency_objective_ms is not None for work in works),
        "mean_latency": bool(MEASURES["mean_latency"].records(scenario)),
        "carbon": bool(emits),
        "provider_share": any(public_provider(pool, sites[pool.site]) for pool in pools),
        "interruptible_share": _has_spot(scenario),
        "promise": bool(scenario.policy.contingencies and _promisable(scenario)),
        "unserved": True,
    }
    return [aim for aim, applies in found.items() if applies]


def unit(scenario: Scenario, aim: Aim, of: str) -> str:
    """The unit of the caps."""
    if aim == "latency_objective":
        return "ms" if of else "times today's objectives"
    if aim == "provider_share" and scenario.policy.provider_share_of == "rented_usd":
        return "share of the rent that is paid to the largest public provider"
    return MEASURES[aim].unit


def name(scenario: Scenario, aim: Aim, of: str) -> str:
    """The workload that the aim is about, in words; empty where it is about all."""
    return labels.workloads(scenario)[of] if of else ""


def carbon_tonnes(ledger: Ledger) -> float:
    """Tonnes of CO2 equivalent over the horizon; pools without power or grid carbon count as 0."""
    return known_tonnes(ledger)


def largest_provider_share(ledger: Ledger) -> float:
    """Share of the public provider that carries most, of busy accelerator-hours or of the rent, as the policy says; 0
    where nothing is carried."""
    if ledger.scenario.policy.provider_share_of == "rented_usd":
        by_pool = rented_usd(ledger)
    else:
        by_pool = ledger.busy_by_pool @ ledger.axes.weight_hours
    whole = float(by_pool.sum())
    return max(per_provider(ledger.scenario, by_pool).tolist(), default=0.0) / whole if whole > 0 else 0.0


def largest_unserved_share(ledger: Ledger, _of: str = "") -> float:
    """Share of the demand that is not served, of the workload with the largest one."""
    return max((amount.share for amount in unserved_by_workload(ledger).values()), default=0.0)


def interruptible_share(ledger: Ledger, _of: str = "") -> float:
    """Share of busy accelerator-hours on interruptible pools; 0 where nothing is busy."""
    hours = ledger.busy_by_pool @ ledger.axes.weight_hours
    spot = np.array([pool.purchase_option == "interruptible" for pool in ledger.scenario.pools.values()], dtype=bool)
    return float(hours[spot].sum() / hours.sum()) if hours.sum() > 0 else 0.0


def worst_mean_latency_ms(ledger: Ledger, of: str) -> float:
    """Mean latency of a workload, its queue included, in the period where it is longest; 0 where nothing is served."""
    code = ledger.axes.workloads.index(of)
    with np.errstate(all="ignore"):
        time, units = ledger.per_workload(latency_units(ledger))[code], ledger.per_workload(ledger.served)[code]
    return float(np.max(np.divide(time, units, out=np.zeros_like(time), where=units > 0), initial=0.0))


def _largest_spot_share(ledger: Ledger, _of: str) -> float:
    """Largest share of served units on interruptible pools, over workloads and periods or windows."""
    axes = ledger.axes
    is_spot = np.array([p.purchase_option == "interruptible" for p in ledger.scenario.pools.values()], dtype=bool)
    on_spot = ledger.per_workload(np.where(is_spot[ledger.pair_pool][:, None], ledger.served, 0.0))
    served = ledger.per_workload(ledger.served)
    shares = [_ratio(on_spot[~axes.is_deferrable], served[~axes.is_deferrable])]
    for slot in axes.windows:
        span = slice(slot.first, slot.last)
        spot, whole = ((values[slot.workload, span] @ axes.hours[span]).reshape(1, 1) for values in (on_spot, served))
        shares.append(_ratio(spot, whole))
    return max(shares)


def _ratio(part: np.ndarray, whole: np.ndarray) -> float:
    return float(np.max(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), initial=0.0))


def _statable(cap: float) -> float:
    """0 where the number is smaller than those that a scenario may state."""
    return cap if cap >= MAGNITUDE_MIN else 0.0


def _with_policy(scenario: Scenario, **fields: Any) -> Scenario:
    return scenario.model_copy(update={"policy": scenario.policy.model_copy(update=fields)})


def _with_works(scenario: Scenario, change: Callable[[str], dict[str, Any]]) -> Scenario:
    works = {key: work.model_copy(update=change(key)) for key, work in scenario.workloads.items()}
    return scenario.model_copy(update={"workloads": works})


def _has_spot(scenario: Scenario) -> bool:
    spot = any(pool.purchase_option == "interruptible" for pool in scenario.pools.values())
    return spot and any(work.interruptible for work in scenario.workloads.values())


def _cap_spot(scenario: Scenario, cap: float, _of: str) -> Scenario:
    works = scenario.workloads
    return _with_works(scenario, lambda key: {"interruptible_share_cap": min(works[key].interruptible_share_cap, cap)})


def _objective(scenario: Scenario, cap: float, of: str) -> Scenario:
    """One objective in ms; or all of them, ``cap`` times as long. That after a failure is at least as long."""

    def change(key: str) -> dict[str, Any]:
        work = scenario.workloads[key]
        today = work.latency_objective_ms
        if today is None or (of and of != key):
            return {}
        now = cap if of else cap * today
        after = after_failure_ms(work.latency_after_failure_ms, now)
        return {"latency_objective_ms": now, "latency_after_failure_ms": after}

    return _with_works(scenario, change)


def _loosest_objective(scenario: Scenario, of: str) -> float:
    today = scenario.workloads[of].latency_objective_ms if of else 1.0
    return _LOOSEST_FACTOR * (today or math.nan)


def _mean_cap(scenario: Scenario, cap: float | None, of: str) -> Scenario:
    """Straight lines in place of the curve, so that one compiled model serves all caps."""
    capped = _with_works(scenario, lambda key: {"mean_latency_cap_ms": cap} if key == of else {})
    return capped if cap is None else _with_policy(capped, queue_form="tangents")


def _loosest_mean(scenario: Scenario, of: str) -> float:
    """No route takes longer at the largest load of all."""
    found = [r.round_trip_ms + r.service_ms / (1.0 - _BUSIEST) for r in RouteIndex(scenario).routes if r.workload == of]
    return _ROOM * max(found, default=1.0)


def _loosest_tonnes(scenario: Scenario, _of: str) -> float:
    """Everything that may be provisioned, all of it busy all the time."""
    kilograms = 0.0
    committed = {c.pool: c.accelerators for c in scenario.commitments.values()}
    for key, pool in scenario.pools.items():
        site = scenario.sites[pool.site]
        size = committed.get(key, 0.0) if pool.purchase_option == "reserved" else pool.capacity_accelerators
        power = size * max(pool.busy_kw, pool.idle_kw) * site.pue
        kilograms += power * (site.grid_carbon_g_per_kwh or 0.0) * scenario.horizon.plan_hours
    return _ROOM * kilograms / GRAMS_PER_TONNE or 1.0


def _promisable(scenario: Scenario) -> set[str]:
    """Workloads with a promise; where none has one, all that may have one."""
    works = {key: work for key, work in scenario.workloads.items() if work.flexibility == "rigid"}
    return {key for key, work in works.items() if work.promised_share > 0} or set(works)


def _promise(scenario: Scenario, cap: float, _of: str) -> Scenario:
    chosen = _promisable(scenario)
    return _with_works(scenario, lambda key: {"promised_share": 1.0 - cap} if key in chosen else {})


def _cap_unserved(scenario: Scenario, cap: float | None, _of: str) -> Scenario:
    """What is not served costs nothing here: how much of it there is, is what the cap says."""
    return _with_works(scenario, lambda key: {"unserved_share_cap": cap, "unserved_usd_per_unit": 0.0})


MEASURES: Final[dict[Aim, Measure]] = {
    "latency_objective": Measure(
        "latency_objective",
        "ms",
        _objective,
        None,
        _loosest_objective,
        lambda scenario, of: scenario,
        lambda scenario: [key for key, work in scenario.workloads.items() if work.latency_objective_ms is not None],
        is_time=True,
    ),
    "mean_latency": Measure(
        "mean_latency",
        "ms, mean of the worst hour",
        _mean_cap,
        worst_mean_latency_ms,
        _loosest_mean,
        lambda scenario, of: _mean_cap(scenario, None, of),
        lambda scenario: [
            key for key, work in scenario.workloads.items() if work.flexibility == "rigid" and has_queue(work)
        ],
        is_time=True,
        is_lined=True,
    ),
    "carbon": Measure(
        "carbon_cap",
        "t CO2e over the horizon",
        lambda scenario, cap, of: _with_policy(scenario, carbon_cap=CarbonCap(tonnes=_statable(cap))),
        lambda ledger, of: carbon_tonnes(ledger),
        _loosest_tonnes,
        lambda scenario, of: _with_policy(scenario, carbon_cap=None),
    ),
    "provider_share": Measure(
        "provider_share",
        "share of busy accelerator-hours of the largest public provider",
        lambda scenario, cap, of: _with_policy(scenario, provider_share_cap=cap),
        lambda ledger, of: largest_provider_share(ledger),
        lambda scenario, of: 1.0,
        lambda scenario, of: _with_policy(scenario, provider_share_cap=None),
        compiled=_MIDDLE,
    ),
    "interruptible_share": Measure(
        "interruptible_share",
        "largest share of a workload on interruptible pools",
        _cap_spot,
        _largest_spot_share,
        lambda scenario, of: 1.0,
        lambda scenario, of: scenario,
        compiled=_MIDDLE,
    ),
    "promise": Measure(
        "promise",
        "share of promised work that may stop after a failure",
        _promise,
        None,
        lambda scenario, of: 1.0,
        lambda scenario, of: scenario,
        compiled=_MIDDLE,
    ),
    "unserved": Measure(
        "unserved_cap",
        "largest share of a workload's demand that is not served",
        _cap_unserved,
        largest_unserved_share,
        lambda scenario, of: 1.0,
        lambda scenario, of: _cap_unserved(scenario, None, of),
        compiled=_MIDDLE,
    ),
}
