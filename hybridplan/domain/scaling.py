"""Gains from more accelerators: the points of a workload that hold for a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.workload import Workload


def curve(work: Workload, interconnect: str | None) -> list[tuple[float, float]]:
    """(accelerators, accelerators x efficiency) of the points with exactly this interconnect, by accelerators."""
    mine = [point for point in work.scaling.values() if point.interconnect == interconnect]
    return sorted((point.accelerators, point.accelerators * point.efficiency_share) for point in mine)


def curve_on(work: Workload, pool: Pool) -> list[tuple[float, float]]:
    """The points that hold on a pool: those of its interconnect, else those without one; empty: no loss."""
    return curve(work, pool.interconnect) or curve(work, None)
