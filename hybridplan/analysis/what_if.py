"""What if: the same scenario with a few of its numbers moved together, as a row of sliders moves them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hybridplan.analysis.objectives import after_failure_ms
from hybridplan.domain import Scenario, require
from hybridplan.plan import Plan

if TYPE_CHECKING:
    from hybridplan.model.warm import WarmPlanner

_KEPT: Final = threading.local()
"""The planner of each thread: what it keeps must not be shared."""


@dataclass(frozen=True)
class Moves:
    """By how much the numbers of a scenario are moved; as made, by nothing.

    Factors multiply what stands in the scenario, so that a factor of 1 leaves it as it is.
    """

    demand: float = 1.0
    """Factor on all demand and all volumes, by the ``demand_factor`` of each block."""
    rented_prices: float = 1.0
    """Factor on the prices of what is rented by the hour, by the ``price_factor`` of each block; fees stay."""
    latency: float = 1.0
    """Factor on the latency objective of every workload that has one; that after a failure is at least as long."""
    carbon_usd_per_tonne: float | None = None
    """Carbon price in place of that of the scenario; None: that of the scenario."""
    owned: float = 1.0
    """Factor on the accelerators of owned pools; what one costs per hour stays."""
    promise: float = 0.0
    """Added to the share that every workload with a promise keeps after a failure; the sum stays within 0 and 1."""

    @property
    def is_neutral(self) -> bool:
        """True where nothing is moved."""
        return self == Moves()


def movable(scenario: Scenario) -> list[str]:
    """Fields of :class:`Moves` that change something in this scenario, in their order."""
    pools, works = scenario.pools.values(), scenario.workloads.values()
    changes = {
        "demand": True,
        "rented_prices": any(pool.purchase_option in ("on_demand", "interruptible") for pool in pools),
        "latency": any(work.latency_objective_ms is not None for work in works),
        "carbon_usd_per_tonne": any(site.grid_carbon_g_per_kwh for site in scenario.sites.values()),
        "owned": any(pool.purchase_option == "owned" for pool in pools),
        "promise": bool(scenario.policy.contingencies) and any(work.promised_share > 0 for work in works),
    }
    return [field for field, does in changes.items() if does]


def moved(scenario: Scenario, moves: Moves) -> Scenario:
    """The scenario with its numbers moved. Raises :class:`InvalidInput` where that leaves no valid one."""
    document = scenario.to_dict()
    for key, block in scenario.horizon.blocks.items():
        _scale(document["horizon"]["blocks"][key], "demand_factor", block.demand_factor, moves.demand)
        _scale(document["horizon"]["blocks"][key], "price_factor", block.price_factor, moves.rented_prices)
    for key, pool in scenario.pools.items():
        if pool.purchase_option == "owned":
            _scale(document["pools"][key], "capacity_accelerators", pool.capacity_accelerators, moves.owned)
    for key, work in scenario.workloads.items():
        if work.latency_objective_ms is not None:
            _scale(document["workloads"][key], "latency_objective_ms", work.latency_objective_ms, moves.latency)
            if after := after_failure_ms(
                work.latency_after_failure_ms, _tidy(work.latency_objective_ms * moves.latency)
            ):
                document["workloads"][key]["latency_after_failure_ms"] = after
        if work.promised_share > 0 and moves.promise:
            share = min(max(work.promised_share + moves.promise, 0.0), 1.0)
            document["workloads"][key]["promised_share"] = _tidy(share)
    if moves.carbon_usd_per_tonne is not None:
        document.setdefault("policy", {})["carbon_usd_per_tonne"] = moves.carbon_usd_per_tonne
    return require(document)


def what_if(scenario: Scenario, *, time_limit_seconds: float | None = None) -> Plan:
    """The cheapest plan with its certificate; no shadow prices, baselines or diagnosis, which no slider shows.

    Starts from what the last call in the same thread left, so that a small move takes a fraction of a solve.
    """
    from hybridplan.model.warm import WarmPlanner  # pages move numbers too, and need no solver for that

    planner: WarmPlanner = getattr(_KEPT, "planner", None) or WarmPlanner()
    _KEPT.planner = None  # what an exception leaves behind is not kept
    plan = planner.plan(scenario, time_limit_seconds=time_limit_seconds, priced=False)
    _KEPT.planner = planner
    return plan


def _scale(record: dict[str, Any], field: str, value: float, factor: float) -> None:
    if factor != 1.0:
        record[field] = _tidy(value * factor)


def _tidy(value: float) -> float:
    """Without the dust of a product of decimals, which editors would show."""
    return float(f"{value:.12g}")
