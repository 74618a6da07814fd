"""Blocks must not overlap, and there must be at least one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

_SECONDS_PER_HOUR = 3600.0


def check_horizon(scenario: Scenario) -> Iterator[Issue]:
    """At least one block, of periods that a clock can tell apart; none overlaps another; a known time zone."""
    if not scenario.horizon.blocks:
        yield Issue("horizon.blocks", "there is no block to plan", mend="Add a block with a start and periods.")
    for block_id, block in scenario.horizon.blocks.items():
        if block.period_hours * _SECONDS_PER_HOUR < 1.0:
            yield Issue(
                f"horizon.blocks.{block_id}.period_hours",
                "a period must last at least a second",
                f"{block.period_hours:g}",
                "hours",
                "Check the value and its unit.",
            )
    for (first_id, first), (second_id, second) in pairwise(scenario.horizon.ordered()):
        if second.start < first.end:
            yield Issue(
                f"horizon.blocks.{second_id}.start",
                f"starts before block {first_id} ends ({first.end.isoformat()})",
                second.start.isoformat(),
                mend="Move its start, or shorten the other block.",
            )
    try:
        ZoneInfo(scenario.horizon.time_zone)
    except (KeyError, ValueError, OSError):
        yield Issue(
            "horizon.time_zone",
            "is not a known time zone",
            scenario.horizon.time_zone,
            mend="Use an IANA name such as Europe/Berlin, or UTC.",
        )
