"""What the stored plan does when something fails: in one hour as a drill, and what is left in every hour."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from hybridplan.analysis.drills.records import Drill
from hybridplan.plan import Plan


def stored(
    plan: Plan, contingency_id: str, block_id: str, period_start: datetime, *, keep_unpromised: bool = False
) -> Drill:
    """The hour of the plan that starts at ``period_start`` in this block, when the contingency happens.

    Promised work goes on as the plan has it ready: standby of its own, or the stored failover. Work without a promise,
    and deferrable work, stops; with ``keep_unpromised`` it runs on where it survives, in what promised work leaves of
    its pools and links. Raises :class:`InvalidInput` for a plan without tables and for an unknown contingency or hour.
    """
    raise NotImplementedError


def left_by_hour(plan: Plan, contingency_id: str, *, keep_unpromised: bool = False) -> pd.DataFrame:
    """LEFT_COLUMNS: what is served, and what of it is left after the contingency, in every hour and workload.

    Units per hour; promised: promised_share x served of rigid work; share: left / served, 1 where nothing is served.
    Raises :class:`InvalidInput` as :func:`stored`.
    """
    raise NotImplementedError


def worst_hour(plan: Plan, contingency_id: str) -> tuple[str, datetime]:
    """Block and start of the hour in which most promised work runs on what is lost, by its accelerators; the first of
    equal ones; where none is promised, of any work. Raises :class:`InvalidInput` as :func:`stored`.
    """
    raise NotImplementedError
