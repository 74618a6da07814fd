"""The tables of a replay, from what was counted run by run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis.drills.going_on import starts
from hybridplan.analysis.drills.random_failures import Events
from hybridplan.analysis.drills.records import (
    REPLAY_EVENT_COLUMNS,
    REPLAY_FAILURE_COLUMNS,
    REPLAY_LOSS_COLUMNS,
    REPLAY_RUN_COLUMNS,
    REPLAY_WORK_COLUMNS,
    Replay,
)
from hybridplan.analysis.drills.timeline import Timeline
from hybridplan.audit.axes import Axes, Floats

MOST_EVENTS: Final = 500
"""Most failures that are listed."""
_SAME: Final = 1e-12
"""An availability that is short of its objective by less meets it."""
_LOW: Final = 5.0
"""Percentile over runs that is shown beside the mean."""


@dataclass(frozen=True)
class Counted:
    """W workloads, R runs, F contingencies."""

    axes: Axes
    line: Timeline
    events: Events
    demand: Floats
    """(W,) units of one run."""
    planned: Floats
    """(W,) units that are served in one run in which nothing fails."""
    lost: Floats
    """(W, R) units."""
    short: Floats
    """(W, R) hours in which less is served than planned."""
    by_failure: Floats
    """(F, W) units over all runs."""


def replay_of(found: Counted, head: Replay) -> Replay:
    """``head`` with its tables."""
    works = list(found.axes.scenario.workloads.values())
    mine = [w for w, work in enumerate(works) if work.flexibility == "rigid" and found.demand[w] > 0]
    rows = [_work(found, head, w) for w in mine]
    table = pd.DataFrame(rows, columns=list(REPLAY_WORK_COLUMNS))
    worst = sorted({int(run) for run, short in zip(table["worst_run"], _is_short(table), strict=True) if short})
    return replace(
        head,
        works=table,
        failures=_failures(found, head),
        losses=_losses(found, head, mine),
        runs_table=_runs(found, head, mine),
        events=_events(found, worst),
    )


def _is_short(table: pd.DataFrame) -> list[bool]:
    pairs = zip(table["worst_availability"], table["planned_availability"], strict=True)
    return [worst < planned for worst, planned in pairs]


def _work(found: Counted, head: Replay, w: int) -> tuple[object, ...]:
    key = found.axes.workloads[w]
    work, demand, planned = found.axes.scenario.workloads[key], float(found.demand[w]), float(found.planned[w])
    served = planned - found.lost[w]
    share, of_planned = served / demand, _of_planned(served, planned)
    goal, worst = work.availability_objective_share, int(np.argmax(found.lost[w]))
    spread = float(share.std(ddof=1)) / head.runs**0.5 if head.runs > 1 else float("nan")
    return (
        key,
        work.unit,
        planned / demand,
        _mean(share),
        float(np.percentile(share, _LOW)),
        spread,
        _mean(of_planned),
        float(np.percentile(of_planned, _LOW)),
        float(found.short[w].mean()) * 60.0 / head.years,
        float("nan") if goal is None else goal,
        float("nan") if goal is None else float((share >= goal - _SAME).mean()),
        work.promised_share,
        worst,
        float(share[worst]),
    )


def _mean(values: Floats) -> float:
    """Of equal values their value, with no digit changed by adding up."""
    first = float(values[0])
    return first + float((values - first).mean())


def _of_planned(served: Floats, planned: float) -> Floats:
    return served / planned if planned > 0 else np.ones_like(served)


def _failures(found: Counted, head: Replay) -> pd.DataFrame:
    events, rows, span = found.events, list[tuple[object, ...]](), head.years * head.runs
    for code, (key, one) in enumerate(found.axes.scenario.policy.contingencies.items()):
        mine = events.contingency == code
        down = float((events.ends - events.begins)[mine].sum())
        per_run = np.bincount(events.run[mine], minlength=head.runs)
        rows.append(
            (key, one.failures_per_year, one.repair_hours, float(mine.sum()) / span, down / span, int(per_run.max()))
        )
    return pd.DataFrame(rows, columns=list(REPLAY_FAILURE_COLUMNS))


def _losses(found: Counted, head: Replay, mine: list[int]) -> pd.DataFrame:
    span = head.years * head.runs
    rows = [
        (key, found.axes.workloads[w], float(found.by_failure[code, w]) / span)
        for code, key in enumerate(found.axes.failures.ids)
        for w in mine
        if found.by_failure[code, w] > 0
    ]
    return pd.DataFrame(rows, columns=list(REPLAY_LOSS_COLUMNS))


def _runs(found: Counted, head: Replay, mine: list[int]) -> pd.DataFrame:
    parts = []
    for w in mine:
        served = found.planned[w] - found.lost[w]
        columns = {
            "run": np.arange(head.runs),
            "workload": found.axes.workloads[w],
            "availability": served / found.demand[w],
            "of_planned": _of_planned(served, float(found.planned[w])),
            "short_minutes": found.short[w] * 60.0 / head.years,
        }
        parts.append(pd.DataFrame(columns, columns=list(REPLAY_RUN_COLUMNS)))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(REPLAY_RUN_COLUMNS))


def _events(found: Counted, runs: list[int]) -> pd.DataFrame:
    events, axes, when = found.events, found.axes, starts(found.axes)
    order = np.lexsort((events.contingency, events.begins, events.run))
    rows = []
    for e in order[np.isin(events.run[order], runs)][:MOST_EVENTS].tolist():
        period = found.line.period_at(float(events.begins[e]))
        hours = float(events.ends[e] - events.begins[e])
        block = axes.blocks[int(axes.block_of[period])][0]
        key = axes.failures.ids[int(events.contingency[e])]
        rows.append((int(events.run[e]), key, float(events.begins[e]), hours, block, when[period]))
    return pd.DataFrame(rows, columns=list(REPLAY_EVENT_COLUMNS))
