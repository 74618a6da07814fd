"""Blocks must not overlap, and there must be at least one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario


def check_horizon(scenario: Scenario) -> Iterator[Issue]:
    """At least one block; none overlaps another; a known time zone."""
    if not scenario.horizon.blocks:
        yield Issue("horizon.blocks", "there is no block to plan", mend="Add a block with a start and periods.")
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
