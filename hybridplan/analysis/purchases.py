"""What a plan buys or commits to, and when that is in service."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hybridplan.domain import Scenario
from hybridplan.domain.service import in_service
from hybridplan.plan import Plan

FEWEST_BLOCKS: Final = 4
"""With fewer blocks the horizon is one stretch of time that is repeated."""
DUST: Final = 1e-6
"""What is bought below this is a solver's rounding."""


def quantities(plan: Plan, kind: str) -> dict[str, float]:
    """What is bought of one kind, by record: accelerators, USD per hour or Gbit/s; records without an option are left
    out, and rounding is 0."""
    if plan.tables is None:
        return {}
    rows = plan.tables.purchases
    found = rows.loc[rows["kind"] == kind, ["record", "quantity"]].itertuples(index=False, name=None)
    return {str(record): float(size) if float(size) > DUST else 0.0 for record, size in found}


def block_hours(scenario: Scenario) -> dict[str, float]:
    """Hours of each block, its weight included, in the order of their start."""
    return {key: one.weight * one.period_hours * one.periods for key, one in scenario.horizon.ordered()}


def hours_between(scenario: Scenario, starts: datetime | None, ends: datetime | None) -> dict[str, float]:
    """Hours in service of something with these dates, by block, 0 where it is not."""
    blocks = scenario.horizon.blocks
    return {
        key: hours if in_service(blocks[key], starts, ends) else 0.0 for key, hours in block_hours(scenario).items()
    }


def is_repeated(scenario: Scenario) -> bool:
    """Whether a year is only a few stretches of time repeated: too little to buy or commit on."""
    return len(scenario.horizon.blocks) < FEWEST_BLOCKS
