"""Jobs: gangs, one site, work that follows other work, and gains from more accelerators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from hybridplan.domain.scaling import curve
from hybridplan.errors import Issue
from hybridplan.units import MAGNITUDE_MIN

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

_ROUNDING = 1e-9


def check_jobs(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every workload that concern how its jobs run."""
    for work_id, work in scenario.workloads.items():
        here = f"workloads.{work_id}"
        if work.flexibility == "rigid":
            yield from _rigid(here, work)
        if work.after is not None:
            yield from _after(here, work_id, work, scenario)
        yield from _scaling(here, work)
        yield from _gangs(here, work)


def _rigid(here: str, work: Workload) -> Iterator[Issue]:
    for field, is_set in (("one_site", work.one_site), ("after", work.after), ("scaling", work.scaling)):
        if is_set:
            value = str(work.after) if field == "after" else ""
            yield Issue(
                f"{here}.{field}",
                "is for deferrable work only",
                value,
                mend="Remove it, or set flexibility to deferrable.",
            )


def _after(here: str, work_id: str, work: Workload, scenario: Scenario) -> Iterator[Issue]:
    path = f"{here}.after"
    first = scenario.workloads.get(work.after or "")
    if first is None:
        mend = "Add the workload, or correct the id."
        yield Issue(path, "there is no workload with this id", str(work.after), mend=mend)
        return
    seen, step = {work_id}, work.after
    while step is not None and step in scenario.workloads:
        if step in seen:
            yield Issue(path, "goes round in a circle", str(work.after), mend="Let one of these workloads come first.")
            return
        seen.add(step)
        step = scenario.workloads[step].after
    ready = {window.block for window in first.windows.values()} | set(first.demand_units_per_hour)
    for window_id, window in work.windows.items():
        if window.block not in ready:
            yield Issue(
                f"{here}.windows.{window_id}.block",
                f"{work.after} does no work in this block, so nothing can follow it",
                window.block,
                mend=f"Give {work.after} a window there, or move this one.",
            )
        block = scenario.horizon.blocks.get(window.block)
        if block is not None and block.periods == 1:
            yield Issue(
                f"{here}.windows.{window_id}.block",
                f"has one period, so nothing can follow {work.after} in it and this work is never done",
                window.block,
                mend="Use a block of more periods.",
                severity="warning",
            )


def _gangs(here: str, work: Workload) -> Iterator[Issue]:
    """A limit below the smallest gang leaves all of the work undone."""
    sizes = [throughput.accelerators_per_replica for throughput in work.throughput.values()]
    limit = work.parallel_limit_accelerators
    if work.whole_replicas and limit is not None and sizes and limit < min(sizes):
        yield Issue(
            f"{here}.parallel_limit_accelerators",
            f"is below the smallest gang ({min(sizes)}), so none of this work can ever run",
            f"{limit:g}",
            "accelerators",
            "Raise it, or set whole_replicas to false.",
            "warning",
        )


def _scaling(here: str, work: Workload) -> Iterator[Issue]:
    for interconnect in dict.fromkeys(point.interconnect for point in work.scaling.values()):
        points = curve(work, interconnect)
        kind = interconnect or "no interconnect"
        if len({accelerators for accelerators, _ in points}) < len(points):
            mend = "Keep one point for each number of accelerators."
            yield Issue(f"{here}.scaling", f"two points for {kind} have the same number of accelerators", mend=mend)
            continue
        smallest = min(gained / accelerators for accelerators, gained in points)
        if smallest < MAGNITUDE_MIN:
            message, mend = f"an efficiency ({kind}) is below {MAGNITUDE_MIN:g}", "Write 0.9 for 90 %."
            yield Issue(f"{here}.scaling", message, f"{smallest:g}", "share from 0 to 1", mend)
            continue
        slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise([(0.0, 0.0), *points])]
        for (before, after), (accelerators, _) in zip(pairwise(slopes), points[1:], strict=True):
            if after > before * (1 + _ROUNDING) or after < -_ROUNDING * before:
                worse = "more accelerators would do less" if after < 0 else "each further accelerator would gain more"
                yield Issue(
                    f"{here}.scaling",
                    f"up to {accelerators:g} accelerators ({kind}) {worse} than those before",
                    mend="Let gains shrink but never turn into losses; for a least number use whole_replicas.",
                )
