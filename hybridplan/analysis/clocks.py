"""Tables of a plan on the clock of its scenario."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import labels
from hybridplan.domain import Scenario


def on_clock(scenario: Scenario, block: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with ``time`` in local time beside ``period_start``."""
    starts = pd.to_datetime(rows["period_start"], utc=True)
    return rows.assign(time=labels.wall_clock(scenario, scenario.horizon.blocks[block], starts))


def clock_of(scenario: Scenario, block: str) -> tuple[float, str]:
    """Length of a block's periods in hours, and the name of its clock."""
    found = scenario.horizon.blocks[block]
    return found.period_hours, labels.clock_name(scenario, found)
