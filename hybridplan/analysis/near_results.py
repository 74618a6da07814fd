"""What is known of plans near the cheapest: each with its aim, and ranges per pool. Read without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from hybridplan.plan import Plan, SolveStatus

Aim = Literal["least_provider", "most_owned", "fewest_providers", "closest", "least_pool"]
LATE: Final = "late"
"""Outcome of what was not tried, since the time was up."""
CURVED: Final = "curved"
"""Outcome of whole numbers asked of a model with exact cones."""
OWN_RULE: Final = "private_first"
"""The baseline that stands for today's plan where none is given."""
GIVEN: Final = "given"


@dataclass(frozen=True)
class Alternative:
    """The plan that is best in one respect, and of those the cheapest; numbers are None where there is none.

    ``amount`` is audited: busy accelerator-hours over the horizon (least_provider, least_pool, most_owned), providers
    at which anything is provisioned (fewest_providers), or accelerator-hours that run elsewhere or at another time
    than today (closest). ``bound``: no plan within the slack does better.
    """

    aim: Aim
    record: str
    """Provider or pool; empty for the other aims."""
    outcome: str
    """optimal; feasible (the search was stopped early); late; curved; or how the solve failed."""
    optimum_amount: float
    amount: float | None = None
    bound: float | None = None
    more_usd: float | None = None
    """Objective above that of the cheapest plan."""
    more_share: float | None = None
    """The same as a share of what the cheapest plan decides."""
    plan: Plan | None = None


@dataclass(frozen=True)
class PoolRange:
    """Least and most busy accelerator-hours of a pool over all plans within the slack; None where not known.

    ``least`` and ``most`` are reached, ``least_bound`` and ``most_bound`` proven.
    """

    pool: str
    optimum: float
    least: float | None = None
    most: float | None = None
    least_bound: float | None = None
    most_bound: float | None = None


@dataclass(frozen=True)
class Alternatives:
    """Plans within the slack of the cheapest one. Serving less than it does is not allowed to any of them."""

    slack_percent: float
    """Of the objective less its constants."""
    slack_usd: float
    status: SolveStatus
    """How the cheapest plan ended."""
    best: Plan | None = None
    alternatives: tuple[Alternative, ...] = ()
    ranges: tuple[PoolRange, ...] = ()
    today: str = OWN_RULE
    """What counts as today's plan: :data:`OWN_RULE` or :data:`GIVEN`."""
    solves: int = 0
    complete: bool = False
    """False where the time was up before everything was looked at."""

    def table(self) -> pd.DataFrame:
        """One row per alternative, without its plan."""
        names = [name for name in Alternative.__dataclass_fields__ if name != "plan"]
        rows = [[getattr(row, name) for name in names] for row in self.alternatives]
        return pd.DataFrame(rows, columns=names)

    def range_table(self) -> pd.DataFrame:
        """One row per pool, with the fields of :class:`PoolRange`."""
        return pd.DataFrame([vars(row) for row in self.ranges], columns=list(PoolRange.__dataclass_fields__))
