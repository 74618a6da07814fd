"""One question for all drills: what goes on when this fails then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hybridplan.analysis.drills.best_answer import reoptimised
from hybridplan.analysis.drills.going_on import stored, worst_hour
from hybridplan.analysis.drills.records import Drill, DrillKind
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan


def drill(
    plan: Plan,
    contingency_id: str,
    moment: datetime | None = None,
    *,
    answer: DrillKind = "stored",
    keep_unpromised: bool = False,
) -> Drill:
    """What goes on when the contingency happens at this moment; by default in the hour that it hurts most.

    ``answer``: what the plan has ready (stored), or the best answer with what is provisioned, or with what more can be
    rented (best_rented), for which the hour is solved again. ``keep_unpromised``: in the stored answer work without a
    promise runs on where it survives. A moment without a zone is UTC. Raises :class:`InvalidInput` for a plan without
    tables, an unknown contingency, and a moment that is not planned.
    """
    block, start = worst_hour(plan, contingency_id) if moment is None else period_at(plan, moment)
    if answer == "stored":
        return stored(plan, contingency_id, block, start, keep_unpromised=keep_unpromised)
    return reoptimised(plan, contingency_id, block, start, rent_more=answer == "best_rented")


def period_at(plan: Plan, moment: datetime) -> tuple[str, datetime]:
    """Block and start of the period in which a moment lies. Raises :class:`InvalidInput` where none does."""
    when = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    for key, block in plan.scenario.horizon.ordered():
        for start in block.starts():
            if start <= when < start + timedelta(hours=block.period_hours):
                return key, start
    mend = "Give a time inside one of the blocks of the horizon."
    raise InvalidInput([Issue("period", "is not planned", when.isoformat(), mend=mend)])
