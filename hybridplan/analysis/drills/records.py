"""What a drill and a replay find, as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import pandas as pd

from hybridplan.domain.contingency import Lost
from hybridplan.plan import SolveStatus

DrillKind = Literal["stored", "best", "best_rented"]
"""stored: what the plan has ready; best: the best answer with what is provisioned; best_rented: and what more can be
rented."""

ROUTE_COLUMNS: Final = ("workload", "pool", "site", "units_per_hour", "accelerators", "latency_floor_ms")
AFTER_COLUMNS: Final = (*ROUTE_COLUMNS, "ready_units_per_hour", "moved_units")
WORK_COLUMNS: Final = (
    "workload",
    "unit",
    "flexibility",
    "demand",
    "served_before",
    "served_after",
    "promised_units_per_hour",
    "kept_promise",
    "unserved_after",
    "share_after",
    "latency_before_ms",
    "latency_after_ms",
    "moved_units",
)
FAILOVER_COLUMNS: Final = (
    "workload",
    "contingency",
    "promise_form",
    "lost_pools",
    "pool",
    "order",
    "round_trip_ms",
    "most_units_per_hour",
    "most_accelerators",
    "units",
    "block",
    "period_start",
)
LEFT_COLUMNS: Final = ("workload", "block", "period_start", "served", "left", "promised", "share")
REPLAY_WORK_COLUMNS: Final = (
    "workload",
    "unit",
    "planned_availability",
    "availability",
    "availability_p5",
    "standard_error",
    "of_planned",
    "of_planned_p5",
    "short_minutes_per_year",
    "availability_objective_share",
    "runs_that_meet_share",
    "promised_share",
    "worst_run",
    "worst_availability",
)
REPLAY_FAILURE_COLUMNS: Final = (
    "contingency",
    "failures_per_year",
    "repair_hours",
    "failures",
    "hours_down",
    "most_failures",
)
REPLAY_LOSS_COLUMNS: Final = ("contingency", "workload", "units_lost")
REPLAY_EVENT_COLUMNS: Final = ("run", "contingency", "begins_hours", "hours_down", "block", "period_start")
REPLAY_RUN_COLUMNS: Final = ("run", "workload", "availability", "of_planned", "short_minutes")


def empty(columns: tuple[str, ...]) -> pd.DataFrame:
    """A table without rows."""
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Drill:
    """One hour of a plan in which one contingency happens: before, and after.

    - before: ROUTE_COLUMNS, what runs where nothing has failed; units per hour in the workload's own unit,
      accelerators assigned, ``latency_floor_ms`` = round trip + service time.
    - after: AFTER_COLUMNS. ``units_per_hour`` is what serves, never more than is served before; where the plan has
      more ready on the pair it is in ``ready_units_per_hour``, as in the tables of the plan. ``moved_units``: part of
      ``units_per_hour`` that did not run on this pair before.
    - works: WORK_COLUMNS, one row for each workload. demand: of rigid work its own, of deferrable work what is under
      way in the plan. promised: promised_share x (demand - unserved before), 0 without a promise. share_after:
      served_after / served_before, 1 where nothing is served. Latencies are means of the floor over what is served
      (NaN where nothing is). kept_promise is True without a promise.
    """

    kind: DrillKind
    contingency: str
    block: str
    period_start: datetime
    lost: Lost
    """Ids of the sites, pools and links that are lost."""
    before: pd.DataFrame
    after: pd.DataFrame
    works: pd.DataFrame
    status: SolveStatus = SolveStatus.OPTIMAL
    """Of the solve behind a best answer; where it has no plan ``after`` is empty."""


@dataclass(frozen=True)
class Replay:
    """Random failures over many runs of the horizon, repeated to ``years``.

    - works: REPLAY_WORK_COLUMNS, rigid work with demand. availability = units served / units demanded, mean over runs;
      planned_availability: where nothing fails; of_planned: units served / units that the plan serves;
      ``_p5``: 5th percentile over runs; standard_error: of the mean availability. short_minutes_per_year: minutes in a
      year in which less than planned is served. Objective and share of runs NaN where there is no objective.
    - failures: REPLAY_FAILURE_COLUMNS: failures and hours_down are means per year; most_failures: in one run.
    - losses: REPLAY_LOSS_COLUMNS: mean units per year that are not served while it is down; while several are, all
      counts for the one that began first.
    - runs_table: REPLAY_RUN_COLUMNS, each run by itself; short_minutes are per year.
    - events: REPLAY_EVENT_COLUMNS, failures of the runs in which some workload fares worst, by their begin in hours
      since the start of the run; block and period of the plan that is then replayed.
    """

    years: float
    runs: int
    seed: int
    keep_unpromised: bool
    works: pd.DataFrame = field(default_factory=lambda: empty(REPLAY_WORK_COLUMNS))
    failures: pd.DataFrame = field(default_factory=lambda: empty(REPLAY_FAILURE_COLUMNS))
    losses: pd.DataFrame = field(default_factory=lambda: empty(REPLAY_LOSS_COLUMNS))
    runs_table: pd.DataFrame = field(default_factory=lambda: empty(REPLAY_RUN_COLUMNS))
    events: pd.DataFrame = field(default_factory=lambda: empty(REPLAY_EVENT_COLUMNS))
