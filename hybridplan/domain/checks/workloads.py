"""Workloads: demand, windows, routes that can exist at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from hybridplan.domain.horizon import Horizon
from hybridplan.domain.periods import periods_in_window
from hybridplan.domain.prices import dearest_unit_price_usd
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload


def check_workloads(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every workload that concern more than one field."""
    if not scenario.workloads:
        yield Issue("workloads", "there is no workload to plan for", mend="Add a workload.", severity="warning")
    skus = {pool.sku for pool in scenario.pools.values()}
    for work_id, work in scenario.workloads.items():
        here = f"workloads.{work_id}"
        yield from (_rigid if work.flexibility == "rigid" else _deferrable)(here, work, scenario.horizon)
        if not skus & set(work.throughput):
            yield Issue(
                f"{here}.throughput",
                "names no SKU of any pool, so nothing can serve this workload",
                ", ".join(work.throughput) or "empty",
                "work units per accelerator-hour",
                f"Add one of {', '.join(sorted(skus)[:8]) or 'the SKUs of your pools'}.",
                "warning",
            )
        both = set(work.allowed_sites) & set(work.denied_sites)
        if both:
            yield Issue(
                f"{here}.denied_sites",
                "is also in allowed_sites",
                ", ".join(sorted(both)),
                mend="Remove it from one of the two.",
            )
        yield from _unserved_price(here, work, scenario)


def _rigid(here: str, work: Workload, horizon: Horizon) -> Iterator[Issue]:
    if work.windows:
        yield Issue(
            f"{here}.windows",
            "rigid work has no windows",
            f"{len(work.windows)} windows",
            mend="Set flexibility to deferrable, or remove the windows.",
        )
    if work.parallel_limit_accelerators is not None:
        yield Issue(
            f"{here}.parallel_limit_accelerators",
            "is for deferrable work only",
            f"{work.parallel_limit_accelerators:g}",
            "accelerators",
            "Remove it.",
        )
    for block_id, block in horizon.blocks.items():
        path = f"{here}.demand_units_per_hour.{block_id}"
        profile = work.demand_units_per_hour.get(block_id)
        if profile is None:
            yield Issue(
                path,
                "there is no demand for this block",
                unit="work units per hour",
                mend=f"Give {block.periods} values (0 where there is none).",
            )
        elif len(profile) != block.periods:
            yield Issue(
                path,
                f"must have one value per period ({block.periods})",
                f"{len(profile)} values",
                "work units per hour",
                "Give one value per period; choose how to repeat or pad on import.",
            )


def _deferrable(here: str, work: Workload, horizon: Horizon) -> Iterator[Issue]:
    if work.demand_units_per_hour:
        yield Issue(
            f"{here}.demand_units_per_hour",
            "deferrable work has windows, no hourly demand",
            mend="Set flexibility to rigid, or remove the hourly demand.",
        )
    if not work.windows:
        yield Issue(f"{here}.windows", "deferrable work needs at least one window", mend="Add a window with a volume.")
    for window_id, window in work.windows.items():
        block = horizon.blocks.get(window.block)
        path = f"{here}.windows.{window_id}"
        if window.end <= window.start:
            yield Issue(f"{path}.end", "must be after the start", window.end.isoformat(), mend="Correct the times.")
        elif block is not None and (window.start < block.start or window.end > block.end):
            yield Issue(
                path,
                f"must lie inside block {window.block} ({block.start.isoformat()} to {block.end.isoformat()})",
                f"{window.start.isoformat()} to {window.end.isoformat()}",
                mend="Shorten the window: no window crosses a block.",
            )
        elif block is not None and not periods_in_window(block, window.start, window.end):
            yield Issue(
                path,
                "no period lies wholly inside this window",
                f"{window.start.isoformat()} to {window.end.isoformat()}",
                mend=f"Make it at least {block.period_hours:g} hours long.",
            )
    ordered = sorted(work.windows.items(), key=lambda item: item[1].start)
    for (first_id, first), (second_id, second) in pairwise(ordered):
        if first.block == second.block and second.start < first.end:
            yield Issue(
                f"{here}.windows.{second_id}.start",
                f"overlaps window {first_id}",
                second.start.isoformat(),
                mend="Windows of one workload must not overlap.",
            )


def _unserved_price(here: str, work: Workload, scenario: Scenario) -> Iterator[Issue]:
    if work.must_serve and work.unserved_share_cap is not None:
        yield Issue(
            f"{here}.unserved_share_cap",
            "has no effect: this work must be served",
            f"{work.unserved_share_cap:g}",
            "share from 0 to 1",
            "Remove it, or let part of the work stay unserved.",
            "warning",
        )
    dearest = dearest_unit_price_usd(scenario, work)
    if dearest is not None and not work.must_serve and work.unserved_usd_per_unit < dearest:
        yield Issue(
            f"{here}.unserved_usd_per_unit",
            f"is below the dearest way to serve it ({dearest:.4g} USD per unit), so the plan may shed it on purpose"
            + ("" if work.unserved_share_cap is None else f", up to its cap ({100 * work.unserved_share_cap:.4g} %)"),
            f"{work.unserved_usd_per_unit:g}",
            "USD per work unit",
            f"Suggested: {10 * dearest:.3g} (10 x the dearest route).",
            "warning",
        )
