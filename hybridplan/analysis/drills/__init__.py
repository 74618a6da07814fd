"""Drills: what a plan does when something fails, in one hour, in every hour, and over years of random failures.

Nothing here needs a solver but :func:`reoptimised`, which loads it when it is called without an answer.
"""

from hybridplan.analysis.drills.best_answer import reoptimised, scenario_of_hour
from hybridplan.analysis.drills.going_on import left_by_hour, stored, worst_hour
from hybridplan.analysis.drills.records import Drill, DrillKind, Replay
from hybridplan.analysis.drills.replaying import replay, replay_options
from hybridplan.analysis.drills.taking_over import failover_table

__all__ = [
    "Drill",
    "DrillKind",
    "Replay",
    "failover_table",
    "left_by_hour",
    "reoptimised",
    "replay",
    "replay_options",
    "scenario_of_hour",
    "stored",
    "worst_hour",
]
