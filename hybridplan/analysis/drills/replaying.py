"""Random failures replayed over a plan: how available work is, over many runs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from math import inf, isfinite
from time import monotonic
from typing import Any, Final

import numpy as np

from hybridplan.analysis.drills.being_down import Losses
from hybridplan.analysis.drills.carrying import opened
from hybridplan.analysis.drills.overlapping import Times, times_by_state
from hybridplan.analysis.drills.random_failures import Events, draw
from hybridplan.analysis.drills.records import Replay
from hybridplan.analysis.drills.replay_tables import Counted, replay_of
from hybridplan.analysis.drills.timeline import Timeline, timeline
from hybridplan.audit.axes import Floats
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.plan_document import pack, unpack
from hybridplan.plan import Plan
from hybridplan.units import HOURS_PER_YEAR, MINUTES_PER_HOUR

STUDY = "replay"
"""Study that replays in a worker, with the options of :func:`replay_options`; the scenario is that of the plan."""

MOST_YEARS: Final = 100.0
MOST_RUNS: Final = 100_000


def replay(plan: Plan, *, years: float = 1.0, runs: int = 1000, seed: int = 1, keep_unpromised: bool = False) -> Replay:
    """Fail and repair everything at random, ``runs`` times over ``years``, and count what is served.

    Each contingency with failures_per_year > 0 is up for an exponential time with mean 8,760 / failures_per_year hours
    and then down for one with mean repair_hours, independent of the others. The plan's blocks follow each other, each
    as often as its weight says, again and again. Equal arguments give an equal result. Raises :class:`InvalidInput`
    for a plan without tables and for years, runs or a seed out of range.
    """
    require(years, runs, seed)
    events = draw(plan.scenario, years * HOURS_PER_YEAR, runs, seed)
    return replayed(plan, events, years=years, runs=runs, seed=seed, keep_unpromised=keep_unpromised)


def replayed(
    plan: Plan,
    events: Events,
    *,
    years: float,
    runs: int = 1,
    seed: int = 0,
    keep_unpromised: bool = False,
    deadline: float = inf,
) -> Replay:
    """The same with failures as they are given.

    While nothing is down work runs as planned. While one contingency is down the plan's failover serves, but for the
    first recovery minutes of a workload only what survives where it runs. While several are down, the failover of the
    one that began first serves, less what the others take; when it is repaired, that of the next. ``deadline``: of
    ``time.monotonic``; raises :class:`InvalidInput` where counting takes longer.
    """
    ledger = opened(plan)
    line = timeline(ledger.axes)
    losses = Losses(ledger, line, keep_unpromised)
    lost, short, by_failure = _count(losses, events, runs, deadline)
    served = ledger.per_workload(ledger.served)
    whole = years * HOURS_PER_YEAR
    demand, planned = _over(line, ledger.axes.demand, whole), _over(line, served, whole)
    counted = Counted(ledger.axes, line, events, demand, planned, lost, short, by_failure)
    return replay_of(counted, Replay(years, runs, seed, keep_unpromised))


def _count(losses: Losses, events: Events, runs: int, deadline: float) -> tuple[Floats, Floats, Floats]:
    """(W, R) units that are lost, (W, R) hours in which any are, and (F, W) units by contingency over all runs."""
    scenario, line = losses.ledger.scenario, losses.line
    works = list(scenario.workloads.values())
    lost, short = np.zeros((len(works), runs)), np.zeros((len(works), runs))
    by_failure = np.zeros((len(scenario.policy.contingencies), len(works)))
    for state, times in times_by_state(events).items():
        if monotonic() > deadline:
            raise InvalidInput([Issue("runs", "take longer than there is time", mend="Ask for fewer runs or years.")])
        early, late = losses.of(state)
        for w, work in enumerate(works):
            middle = np.clip(times.since + work.recovery_minutes / MINUTES_PER_HOUR, times.begins, times.ends)
            units = _passed(line, times, middle, early.units[w], late.units[w])
            hours = _passed(line, times, middle, early.short[w], late.short[w])
            lost[w] += np.bincount(times.run, weights=units, minlength=runs)
            short[w] += np.bincount(times.run, weights=hours, minlength=runs)
            by_failure[state[0], w] += float(units.sum())
    return lost, short, by_failure


def _passed(line: Timeline, times: Times, middle: Floats, early: Floats, late: Floats) -> Floats:
    """(S,) what adds up from the begin of each time to its middle by ``early``, and from there to its end by ``late``.

    Both are added up along the line.
    """
    first = line.until(early, middle) - line.until(early, times.begins)
    found: Floats = first + line.until(late, times.ends) - line.until(late, middle)
    return np.maximum(found, 0.0)


def _over(line: Timeline, rates: Floats, hours: float) -> Floats:
    """(W,) what rates (W, T) add up to in so many hours."""
    return np.array([float(line.until(line.added_up(row), np.array([hours]))[0]) for row in np.nan_to_num(rates)])


def replay_options(
    plan: Plan, *, years: float = 1.0, runs: int = 1000, seed: int = 1, keep_unpromised: bool = False
) -> dict[str, Any]:
    """Options of the study ``replay`` for this plan: plain JSON values, the packed plan among them."""
    packed = b64encode(pack(plan)).decode("ascii")
    return {"packed_plan": packed, "years": years, "runs": runs, "seed": seed, "keep_unpromised": keep_unpromised}


def study(
    scenario: Scenario,
    *,
    packed_plan: str,
    years: float = 1.0,
    runs: int = 1000,
    seed: int = 1,
    keep_unpromised: bool = False,
    time_limit_seconds: float | None = None,
) -> Replay:
    """:func:`replay` of the plan of this scenario that was packed by :func:`replay_options`."""
    deadline = inf if time_limit_seconds is None else monotonic() + time_limit_seconds
    require(years, runs, seed)
    plan = unpack(b64decode(packed_plan), scenario)
    events = draw(scenario, years * HOURS_PER_YEAR, runs, seed)
    return replayed(plan, events, years=years, runs=runs, seed=seed, keep_unpromised=keep_unpromised, deadline=deadline)


def require(years: float, runs: int, seed: int) -> None:
    """Raises :class:`InvalidInput` for years, runs or a seed that are out of range."""
    faults = []
    if not (isfinite(years) and 0 < years <= MOST_YEARS):
        faults.append(Issue("years", f"must be above 0 and at most {MOST_YEARS:g}", f"{years:g}", "years"))
    if not 1 <= runs <= MOST_RUNS:
        faults.append(Issue("runs", f"must be from 1 to {MOST_RUNS:,}", str(runs)))
    if not 0 <= seed < 2**63:
        faults.append(Issue("seed", "must be a whole number from 0 to 2^63 - 1", str(seed)))
    if faults:
        raise InvalidInput(faults)
