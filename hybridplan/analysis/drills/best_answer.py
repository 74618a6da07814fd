"""The best answer to a failure in one hour: the same question, asked of the optimiser for that hour alone."""

from __future__ import annotations

from datetime import datetime

from hybridplan.analysis.drills.records import Drill
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

STUDY = "drill"
"""Study that answers :func:`scenario_of_hour` in a worker; its result is the ``answer`` of :func:`reoptimised`."""


def scenario_of_hour(
    plan: Plan, contingency_id: str, block_id: str, period_start: datetime, *, rent_more: bool = False
) -> Scenario:
    """The hour after the failure as a scenario of one period.

    Pools are those that survive, with what is provisioned then (held-back share released) at no price; with
    ``rent_more`` on-demand and interruptible pools up to their quota that is up, at their price. Links that are lost
    are gone. Latency objectives are those after a failure. Deferrable work asks for what it does in that hour.
    Promises, contingencies, budget and caps are gone; residency, attributes and chosen copies stay.
    Raises :class:`InvalidInput` as :func:`~hybridplan.analysis.drills.going_on.stored`.
    """
    raise NotImplementedError


def reoptimised(
    plan: Plan,
    contingency_id: str,
    block_id: str,
    period_start: datetime,
    *,
    rent_more: bool = False,
    answer: Plan | None = None,
) -> Drill:
    """The best answer for that hour. ``answer``: plan of :func:`scenario_of_hour`; solved here where there is none.

    Raises :class:`InvalidInput` as :func:`~hybridplan.analysis.drills.going_on.stored`.
    """
    raise NotImplementedError
